import { allocate } from '../domain/allocation.ts';
import type { LoadUnit, Order } from '../domain/books.ts';
import { whyWanted } from '../domain/cross-dock.ts';
import type { DeviceId, LoadUnitId, WorkflowId } from '../domain/ids.ts';
import { lockText } from '../domain/locks.ts';
import { byUrgency } from '../domain/urgency.ts';
import { whyNotAdmitted } from './admission.ts';
import { openRoutes } from './closures.ts';
import { pointOf } from './identify.ts';
import { isAllocated } from './order-kinds.ts';
import { mayStart, surroundings } from './orders.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** Orders for what it carries that are looked at for one load unit, the most urgent first. */
const ordersMax = 200;

interface Wish {
  readonly loadUnit: LoadUnitId;
  /** It has waited before, and why has been told. */
  readonly isRepeated: boolean;
}

/**
 * Gives a load unit at its identification point to the most urgent order that no rack can serve, when its station can
 * take it now. It never waits for that here, in the way of all that comes behind it: else it is stored.
 *
 * @returns whether an order gets it; `unit.wanted` follows then
 */
export function crossDock(work: Work, runner: Runner, workflow: WorkflowId, wish: Wish): boolean {
  const { warehouse, parts, nowMs } = work;
  const { crossDock: isOn, limits } = parts.topology.site;
  if (!isOn) return false;
  const unit = work.unit(wish.loadUnit);
  const around = surroundings(work);
  const orders = [...warehouse.openOrders()]
    .filter((order) => isAllocated(order) && mayStart(order, nowMs) && mayWant(order, unit))
    .sort(byUrgency({ nowMs, agingMs: limits.agingMs }));
  const tell = (text: string, order?: Order) => {
    if (!wish.isRepeated) work.explain(text, unit.loadUnit, order?.order);
  };
  for (const order of orders.slice(0, ordersMax)) {
    const why = whyWanted(warehouse, order, unit, around);
    if (why === undefined) continue;
    const not = whyNotNow(work, unit, order);
    if (not === undefined) {
      give(work, runner, workflow, { unit, order, why });
      return true;
    }
    tell(`${unit.loadUnit} does not go from ${unit.place} to ${order.order}: ${not}.`, order);
  }
  if (orders.length > ordersMax) {
    tell(
      `${ordersMax} of ${orders.length} orders for what ${unit.loadUnit} carries were looked at.`,
    );
  }
  return false;
}

/** Cheap, and never false for an order that wants it. */
const mayWant = ({ wanted, lines }: Order, { loadUnit, lines: stock }: LoadUnit): boolean =>
  wanted === undefined
    ? lines.some(({ sku }) => stock.some((line) => line.sku === sku))
    : wanted === loadUnit;

/** Why it cannot set out for the station of an order at once; undefined: it can. */
function whyNotNow(work: Work, unit: LoadUnit, { station }: Order): string | undefined {
  const { warehouse } = work;
  if (station === undefined) return 'it names no station';
  const stored = warehouse
    .ordersFor(unit.loadUnit)
    .find(({ kind, hold }) => (kind === 'putaway' || kind === 'relocation') && !hold);
  if (stored !== undefined) return `${stored.order} wants it in a rack`;
  const lock = warehouse.locks.onPlace(station, 'in');
  if (lock !== undefined) return lockText(station, lock);
  if (openRoutes(work).to(station).costFrom(unit.place) === undefined) {
    return `no way from there to ${station} is open`;
  }
  return whyNotAdmitted(work, unit.place, station);
}

function give(
  work: Work,
  runner: Runner,
  induct: WorkflowId,
  { unit, order, why }: { readonly unit: LoadUnit; readonly order: Order; readonly why: string },
): void {
  const found = pointOf(work, induct);
  const { station } = order;
  if (found === undefined || station === undefined) return;
  const { loadUnit, place } = unit;
  const { device, point } = found.point;
  const at = { device, point, scanSeq: found.scanSeq };
  const workflow =
    `retrieval/${order.order}/${loadUnit}/${work.warehouse.next('retrieval')}` as WorkflowId;
  work.edit(loadUnit, { workflow, order: order.order });
  handOver(work, at, workflow);
  promise(work, order, loadUnit);
  const text = `${loadUnit} goes from ${place} to ${station} for ${order.order}, not into a rack: ${why}.`;
  work.explain(text, loadUnit, order.order);
  const { conveyorLimitMs } = work.parts.topology.site.limits;
  const places = { from: place, lhd: place, pd: place, station };
  const input = { order: order.order, loadUnit, ...places, at, conveyorLimitMs };
  runner.start(work, 'retrieval@1', workflow, input);
  work.send(induct, { type: 'unit.wanted' });
}

/** What the point tells of this load is for its retrieval from now on. */
function handOver(
  work: Work,
  { device, point, scanSeq }: { device: DeviceId; point: number; scanSeq: number },
  workflow: WorkflowId,
): void {
  const book = work.warehouse.pointBook(device, point);
  const open = book.open.map((load) => (load.scanSeq === scanSeq ? { ...load, workflow } : load));
  work.warehouse.tables.point.put({ ...book, open });
}

/** What is still short after it is reported anew; a rack may cover the rest. */
function promise(work: Work, order: Order, loadUnit: LoadUnitId): void {
  const open = [...order.open, loadUnit];
  const loadUnits = [...new Set([...order.loadUnits, loadUnit])];
  const { reasons } = allocate(work.warehouse, { ...order, open }, surroundings(work));
  work.editOrder(order.order, { open, loadUnits, status: 'active', reasons });
  work.isAllocationDue = true;
}
