import { timeText } from '../contract/time.ts';
import { allocate, lacksSomething } from '../domain/allocation.ts';
import { isFinal, type LoadUnit, type Order, type Reason } from '../domain/books.ts';
import type { LoadUnitId, LocationId, OrderId, WorkflowId } from '../domain/ids.ts';
import { lockText } from '../domain/locks.ts';
import { blockerOf } from '../domain/reachability.ts';
import type { Aisle } from '../domain/site.ts';
import type { Surroundings } from '../domain/surroundings.ts';
import { byUrgency, takeTurns } from '../domain/urgency.ts';
import { whyDown } from './dispatch.ts';
import { advanceOrder, isAllocated } from './order-kinds.ts';
import type { Runner } from './runner.ts';
import { join, leaveToOthers } from './sharing.ts';
import { stationWorkOf } from './station-steps.ts';
import type { Work } from './work.ts';

/** Orders that a decision looks at before it lets the next cause through. */
const ordersPerPassMax = 200;

/** Promises load units to the orders that wait, the most urgent first, and starts their retrieval. */
export function allocateOrders(work: Work, runner: Runner): void {
  const { warehouse, nowMs } = work;
  const { agingMs } = work.parts.topology.site.limits;
  const around = { dayIn: dayFrom(nowMs) };
  const waiting = [...warehouse.openOrders()]
    .filter((order) => mayStart(order, nowMs) || isBeingMoved(order))
    .filter((order) => !isAllocated(order) || lacksSomething(warehouse, order, around))
    .sort(byUrgency({ nowMs, agingMs }));
  const before = work.isAllocationDue ? { ...work.round, left: waiting.length } : work.round;
  work.isAllocationDue = false;
  const { orders, round } = takeTurns(waiting, ordersPerPassMax, before);
  work.round = round;
  for (const order of orders) allocateOne(work, runner, order);
}

/** When an order that may not start yet may; undefined: none waits for a time. */
export function nextStartMs(work: Work): number | undefined {
  const times = [...work.warehouse.openOrders()]
    .map(({ notBeforeMs }) => notBeforeMs ?? 0)
    .filter((atMs) => atMs > work.nowMs);
  return times.length === 0 ? undefined : Math.min(...times);
}

/** It has begun: held or canceled, it is seen to its end. */
const isBeingMoved = ({ kind, open }: Order): boolean => kind === 'relocation' && open.length > 0;

export function mayStart({ status, hold, notBeforeMs = 0 }: Order, nowMs: number): boolean {
  return (status === 'queued' || status === 'active') && !hold && notBeforeMs <= nowMs;
}

/** Says which day it is that many days from now, UTC. */
export const dayFrom =
  (nowMs: number) =>
  (days: number): string =>
    timeText(nowMs + days * 86_400_000).slice(0, 10);

/** What allocation needs besides the books. */
export function surroundings(work: Pick<Work, 'warehouse' | 'parts' | 'nowMs'>): Surroundings {
  const cranes = new Map<string, string | undefined>();
  return {
    dayIn: dayFrom(work.nowMs),
    whyStopped(name) {
      const aisle = work.parts.topology.site.aisles.find(({ aisle }) => aisle === name);
      if (aisle === undefined || cranes.has(name)) return cranes.get(name);
      const why = whyDown(work, aisle);
      cranes.set(name, why && `${aisle.crane}: ${why}`);
      return cranes.get(name);
    },
  };
}

function allocateOne(work: Work, runner: Runner, order: Order): void {
  const fetch = (of: Order, loadUnit: LoadUnitId) => start(work, runner, of, loadUnit);
  if (waitsForStation(work, order)) return;
  if (advanceOrder(work, runner, order, fetch)) return;
  const wanted = allocate(work.warehouse, order, surroundings(work));
  const { loadUnits, reasons, isCovered: isEnough, notes = [] } = wanted;
  const chosen = loadUnits.filter((loadUnit) => start(work, runner, order, loadUnit));
  const isShort = !isEnough && order.ifShort === 'partial' && order.wanted === undefined;
  const open = [...order.open, ...chosen];
  if (isShort && open.length === 0) {
    work.editOrder(order.order, { status: 'completed', reasons });
    return;
  }
  if (chosen.length === 0 && sameReasons(reasons, order.reasons)) return;
  const status = open.length > 0 ? 'active' : 'queued';
  const promised = [...new Set([...order.loadUnits, ...chosen])];
  work.editOrder(order.order, { open, loadUnits: promised, status, reasons });
  for (const { detail } of reasons) work.explain(`${order.order} waits: ${detail}.`, order.order);
  for (const note of notes) work.explain(note, order.order);
}

/** Nothing is sent to a station that is locked; what is on its way there waits on the conveyors. */
function waitsForStation(work: Work, order: Order): boolean {
  const { station, kind } = order;
  const lock = station && work.warehouse.locks.onPlace(station, 'in');
  if (!station || !lock || !(isAllocated(order) || kind === 'count')) return false;
  const reasons = [{ code: 'LOCKED', detail: lockText(station, lock) }];
  if (!sameReasons(reasons, order.reasons)) work.editOrder(order.order, { reasons });
  return true;
}

const sameReasons = (a: readonly Reason[], b: readonly Reason[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);

function start(work: Work, runner: Runner, order: Order, loadUnit: LoadUnitId): boolean {
  const unit = work.unit(loadUnit);
  const { station } = order;
  if (unit.order !== undefined) {
    join(work, order, loadUnit);
    return true;
  }
  const aisle = aisleOf(work, unit.place);
  const pd = aisle && station && work.parts.topology.pdOutTo(aisle, station);
  if (aisle === undefined || pd === undefined || station === undefined) return false;
  const workflow =
    `retrieval/${order.order}/${loadUnit}/${work.warehouse.next('retrieval')}` as WorkflowId;
  work.edit(loadUnit, { workflow, order: order.order });
  runner.start(work, 'retrieval@1', workflow, {
    order: order.order,
    loadUnit,
    from: unit.place,
    lhd: aisle.lhd,
    pd,
    station,
    conveyorLimitMs: work.parts.topology.site.limits.conveyorLimitMs,
  });
  work.explain(
    `${loadUnit} at ${unit.place} is promised to ${order.order}: ${why(order, unit)}${blockedBy(work, unit)}.`,
    loadUnit,
    order.order,
  );
  return true;
}

function why(order: Order, unit: LoadUnit): string {
  if (order.kind === 'count') return 'it is to be counted';
  if (order.wanted !== undefined) return 'it is the one that was asked for';
  const expiry = unit.lines.find((line) => line.expiry !== undefined)?.expiry;
  if (order.split === 'fewest') return 'as few load units as possible';
  return `the first by ${order.strategy ?? 'the rule of its SKU'}${expiry ? `, expires ${expiry}` : ''}`;
}

function blockedBy(work: Work, unit: LoadUnit): string {
  const blocker = blockerOf(work.warehouse, unit);
  return blocker === undefined ? '' : `; ${blocker.loadUnit} stands before it`;
}

function aisleOf(work: Work, place: LocationId): Aisle | undefined {
  const at = work.parts.topology.placeOf(place);
  return at.kind === 'cell' ? at.aisle : undefined;
}

/** What a person does with it at a station comes before where it goes afterwards. */
function whoWorksOn({ warehouse }: Work, workflow: WorkflowId): WorkflowId {
  const atStation = stationWorkOf(workflow);
  return warehouse.tables.workflow.has(atStation) ? atStation : workflow;
}

/**
 * Cancels: at once what has not begun; else each load unit is called back as far as that is possible, but for those that
 * others still take from.
 */
export function cancelOrder(work: Work, order: Order): Order {
  if (isFinal(order.status)) return order;
  const open = order.open.filter((loadUnit) => !leaveToOthers(work, order.order, loadUnit));
  if (open.length === 0)
    return work.editOrder(order.order, { status: 'canceled', open, reasons: [] });
  const canceling = work.editOrder(order.order, { status: 'canceling', open, reasons: [] });
  callBack(work, canceling);
  return canceling;
}

function callBack(work: Work, { order, open }: Order): void {
  for (const loadUnit of open) {
    const { workflow } = work.unit(loadUnit);
    if (workflow === undefined) continue;
    work.send(whoWorksOn(work, workflow), { type: 'order.cancel', order } as never);
  }
}

/** A person has decided that it ends without what it lacks: nothing more is brought for it. */
export function failOrder(work: Work, id: OrderId): void {
  const order = work.warehouse.tables.order.get(id);
  if (order === undefined || isFinal(order.status)) return;
  const open = order.open.filter((loadUnit) => !leaveToOthers(work, id, loadUnit));
  callBack(work, work.editOrder(id, { status: 'failed', open }));
}
