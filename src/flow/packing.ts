import { isFinal, type LoadUnit, type Order } from '../domain/books.ts';
import { ValueError } from '../domain/errors.ts';
import type { LoadUnitId, LocationId, OrderId, WorkflowId } from '../domain/ids.ts';
import type { Station } from '../domain/site.ts';
import { qtyOf, withQty } from '../domain/stock-lines.ts';
import { newSscc, queueLabel, whyNotNow } from './labels.ts';
import type { Runner } from './runner.ts';
import { tellGoods } from './telling.ts';
import type { Work } from './work.ts';

/** The tote of a pick order that has ended is closed, unless a pack order waits for it. */
export function closeTotes(work: Work, runner: Runner): void {
  for (const id of work.ended.splice(0)) {
    const order = work.warehouse.tables.order.get(id);
    if (order?.kind !== 'pick' || order.station === undefined) continue;
    for (const target of order.targets ?? []) closeTote(work, runner, order, target);
  }
}

function closeTote(work: Work, runner: Runner, order: Order, target: LoadUnitId): void {
  const unit = work.unit(target);
  if (unit.order !== order.order || unit.workflow !== undefined) return;
  if (unit.lines.length === 0) {
    work.edit(target, { order: undefined });
    return work.explain(`${target} is empty and free again.`, target, order.order);
  }
  const pack = packerOf(work, order.order);
  if (pack !== undefined) {
    work.isAllocationDue = true;
    return work.explain(`${target} waits to be packed for ${pack.order}.`, target, pack.order);
  }
  startPack(work, runner, order, { sources: [], target, mayKeep: true });
}

const packerOf = (work: Work, order: OrderId): Order | undefined =>
  [...work.warehouse.openOrders()].find(
    ({ kind, packs }) => kind === 'pack' && packs?.orders.includes(order),
  );

/** Begins a pack order once all that it packs has been picked. */
export function startPackOrder(work: Work, runner: Runner, order: Order): void {
  if (order.status !== 'queued') return;
  const { orders = [], loadUnits = [] } = order.packs ?? {};
  const waiting = orders.filter((id) => !isFinal(statusOf(work, id)));
  if (waiting.length > 0) {
    const detail = `${waiting.join(', ')} ${waiting.length === 1 ? 'is' : 'are'} not picked yet`;
    return wait(work, order, { code: 'NOT_BEFORE', detail });
  }
  const totes = orders.flatMap((id) => work.warehouse.tables.order.get(id)?.targets ?? []);
  const all = [...new Set([...totes, ...loadUnits])].map((id) => work.unit(id));
  const busy = all.find((unit) => whyNotPacked(work, unit) !== undefined);
  const why = busy && whyNotPacked(work, busy);
  if (why !== undefined) return wait(work, order, { code: 'LOAD_UNIT_BUSY', detail: why });
  const sources = all.filter(({ lines }) => lines.length > 0).map(({ loadUnit }) => loadUnit);
  if (sources.length === 0) {
    const reasons = [{ code: 'STOCK_SHORT', detail: 'nothing is in what it packs' }];
    work.editOrder(order.order, { status: 'failed', reasons });
    return;
  }
  work.editOrder(order.order, { status: 'active', reasons: [], loadUnits: sources, open: sources });
  startPack(work, runner, order, { sources, target: undefined, mayKeep: false });
}

function wait(work: Work, order: Order, reason: { code: string; detail: string }): void {
  if (JSON.stringify(order.reasons) === JSON.stringify([reason])) return;
  work.editOrder(order.order, { reasons: [reason] });
  work.explain(`${order.order} waits: ${reason.detail}.`, order.order);
}

const statusOf = (work: Work, id: OrderId) =>
  work.warehouse.tables.order.get(id)?.status ?? 'failed';

/** People carry it from one station to another; what is in a rack or under way has to be fetched first. */
function whyNotPacked(work: Work, unit: LoadUnit): string | undefined {
  const { loadUnit, place, workflow, status } = unit;
  if (workflow !== undefined) return `${loadUnit} is under way`;
  if (status !== 'present') return `${loadUnit} is ${status}`;
  const isHere = work.parts.topology.placeOf(place).kind === 'station';
  return isHere ? undefined : `${loadUnit} is at ${place}: order it to a station first`;
}

interface Packing {
  readonly sources: readonly LoadUnitId[];
  readonly target: LoadUnitId | undefined;
  readonly mayKeep: boolean;
}

function startPack(work: Work, runner: Runner, order: Order, packing: Packing): void {
  const { order: id, station, targetWanted: wanted } = order;
  const { sources, target } = packing;
  const what = target ?? 'all';
  const workflow = `pack/${id}/${what}/${work.warehouse.next('pack')}` as WorkflowId;
  for (const loadUnit of target === undefined ? sources : [target]) {
    work.edit(loadUnit, { workflow, order: id });
  }
  const hasPrinter = printerOf(work, order) !== undefined;
  runner.start(work, 'pack@1', workflow, { ...packing, order: id, station, wanted, hasPrinter });
}

function stationOf({ parts }: Pick<Work, 'parts'>, location: LocationId): Station | undefined {
  const place = parts.topology.find(location);
  return place?.kind === 'station' ? place.station : undefined;
}

/** Which printer labels what an order packs, and with what; undefined: it goes without a label. */
function printerOf(work: Work, { station, label }: Order) {
  const { printer, labelTemplate } = (station && stationOf(work, station)) || {};
  const template = label?.template ?? labelTemplate;
  return printer === undefined || template === undefined ? undefined : { printer, template };
}

export function holdTarget(
  work: Work,
  workflow: WorkflowId,
  { order: id, target }: { order: OrderId; target: LoadUnitId },
): void {
  work.edit(target, { workflow, order: id });
  const order = work.warehouse.tables.order.get(id);
  if (order === undefined) return;
  // It is open until the end: who cancels then learns that it is too late.
  const open = [...new Set([...order.open, target])];
  work.editOrder(id, { open, targets: [...(order.targets ?? []), target] });
}

/** Everything in a load unit has gone into another one; the empty one is free again. */
export function bookPack(
  work: Work,
  packed: { order: OrderId; loadUnit: LoadUnitId; target: LoadUnitId },
): void {
  const { order: id, loadUnit, target } = packed;
  const order = work.warehouse.tables.order.get(id);
  const station = order?.station;
  if (order === undefined || station === undefined) return;
  const { lines } = work.unit(loadUnit);
  const taker = work.unit(target);
  const together = lines.reduce<readonly LoadUnit['lines'][number][]>(
    (sum, { qty, ...goods }) => withQty(sum, goods, qtyOf(sum, goods) + qty),
    taker.lines,
  );
  work.edit(target, { lines: together });
  const source = work.edit(loadUnit, { lines: [], workflow: undefined, order: undefined });
  tellGoods(work, 'packed', source, {
    ...{ from: station, to: station, toLoadUnit: target, order: id, lines },
  });
  work.editOrder(id, { open: order.open.filter((other) => other !== loadUnit) });
  work.explain(`All of ${loadUnit} went into ${target}.`, id, loadUnit, target);
}

/** A label for what is closed at a station; `label.queued` and its verdict follow, or `label.notTaken`. */
export function printAtStation(
  work: Work,
  workflow: WorkflowId,
  { order: id, loadUnit }: { order: OrderId; loadUnit: LoadUnitId },
): void {
  const order = work.warehouse.tables.order.get(id);
  const how = order && printerOf(work, order);
  if (order === undefined || how === undefined) {
    return work.send(workflow, { type: 'label.notTaken', why: 'no printer is here' } as never);
  }
  const { printer, template } = how;
  const refuse = (why: string) => work.send(workflow, { type: 'label.notTaken', why } as never);
  const why = whyNotNow(work, printer);
  if (why !== undefined) return refuse(why);
  const unit = work.unit(loadUnit);
  const earlier = [...work.warehouse.tables.label.values()].filter(
    (row) => row.loadUnit === loadUnit && row.workflow === workflow,
  );
  const sscc = unit.sscc ?? earlier.at(-1)?.sscc ?? newSscc(work);
  const copy = earlier.length + 1;
  const fields = { ...contentFields(work, unit), ...order.label?.fields, sscc, order: id };
  const marked = copy > 1 ? { ...fields, reprint: `COPY ${copy}` } : fields;
  try {
    const zpl = work.parts.renderLabel(template, marked);
    const row = { printer, template, workflow, loadUnit, sscc, zpl, copy };
    const label = queueLabel(work, row);
    work.send(workflow, { type: 'label.queued', label, sscc } as never);
  } catch (error) {
    // What is in the load unit decides whether it fits: a person has to hear of it, and nothing stops.
    if (!(error instanceof ValueError)) throw error;
    refuse(`${template} cannot be filled: ${error.message}`);
  }
}

/** What a label can say of a load unit; what is in it only where that is one thing. */
export function contentFields(work: Work, unit: LoadUnit): Readonly<Record<string, string>> {
  const { loadUnit, lines } = unit;
  const [line] = lines;
  if (line === undefined || lines.length > 1) return { loadUnit };
  const { sku, qty, lot, expiry } = line;
  const record = work.warehouse.tables.sku.get(sku)?.record as { gtin?: string } | undefined;
  return {
    ...{ loadUnit, sku, quantity: String(qty) },
    ...(lot !== undefined && { lot }),
    ...(record?.gtin !== undefined && { gtin: record.gtin.padStart(14, '0') }),
    // YYMMDD, as in GS1 element strings.
    ...(expiry !== undefined && { expiry: expiry.slice(2).replaceAll('-', '') }),
  };
}

/** Whatever a pack holds is free for others. */
export function letGoAll(
  work: Work,
  workflow: WorkflowId,
  { order: id }: { order: OrderId },
): void {
  const order = work.warehouse.tables.order.get(id);
  for (const loadUnit of [...(order?.targets ?? []), ...(order?.open ?? [])]) {
    if (work.unit(loadUnit).workflow !== workflow) continue;
    work.edit(loadUnit, { workflow: undefined, order: undefined });
  }
  work.isAllocationDue = true;
}

export function endPack(
  work: Work,
  { order: id, isPacked }: { order: OrderId; isPacked: boolean },
): void {
  const order = work.warehouse.tables.order.get(id);
  if (order?.kind !== 'pack') return;
  const status = isPacked ? 'completed' : 'canceled';
  work.editOrder(id, { open: [], status, reasons: [] });
}
