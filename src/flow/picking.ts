import type { LoadUnit, Order, OrderStatus } from '../domain/books.ts';
import type { LoadUnitId, OrderId, WorkflowId } from '../domain/ids.ts';
import { mayPick } from '../domain/shared-visit.ts';
import { nextPick, type Pick } from '../domain/station-step.ts';
import { type Goods, qtyOf, withQty } from '../domain/stock-lines.ts';
import { dayFrom } from './orders.ts';
import { leave, leaveToOthers } from './sharing.ts';
import { tellGoods } from './telling.ts';
import type { Work } from './work.ts';

/**
 * Chooses what is taken next from a load unit: `pick.next` follows; `order.next` where the order has all that it gets
 * from it, and another one takes from it in the same visit; else `pick.none`.
 */
export function choosePick(
  work: Work,
  workflow: WorkflowId,
  { order: id, loadUnit }: { order: OrderId; loadUnit: LoadUnitId },
): void {
  const order = work.warehouse.tables.order.get(id);
  const unit = work.unit(loadUnit);
  const pick = order?.status === 'active' ? pickFrom(work, order, unit) : undefined;
  if (order === undefined || pick === undefined) {
    const [next] = unit.order === id ? (unit.alsoFor ?? []) : [];
    return work.send(
      workflow,
      (next === undefined ? { type: 'pick.none' } : { type: 'order.next', order: next }) as never,
    );
  }
  const target = order.targets?.at(-1);
  const { targetWanted: wanted } = order;
  work.send(workflow, { type: 'pick.next', pick, target, wanted } as never);
}

function pickFrom(work: Work, order: Order, unit: LoadUnit): Pick | undefined {
  return nextPick(order, unit, mayPick(work.warehouse, { dayIn: dayFrom(work.nowMs) }));
}

/** What takes the articles of an order from now on; the desk has seen to it that it may. */
export function takeTarget(
  work: Work,
  { order: id, target }: { order: OrderId; target: LoadUnitId },
): void {
  const order = work.warehouse.tables.order.get(id);
  if (order === undefined) return;
  work.edit(target, { order: id });
  work.editOrder(id, { targets: [...(order.targets ?? []), target] });
  work.explain(`${target} takes what is picked for ${id}.`, id, target);
}

export function bookPick(
  work: Work,
  picked: { order: OrderId; loadUnit: LoadUnitId; target: LoadUnitId; pick: Pick; qty: number },
): void {
  const { order: id, loadUnit, target, pick, qty } = picked;
  const order = work.warehouse.tables.order.get(id);
  if (order === undefined || qty === 0) return;
  const { goods, index } = pick;
  // A person has them in hand, whatever the books say: what is too much for them was found.
  const booked = qtyOf(work.unit(loadUnit).lines, goods);
  if (booked < qty) adjustGoods(work, 'counted', { loadUnit, goods, qty, order: id });
  moveGoods(work, { loadUnit, target, goods, qty });
  const unit = work.unit(loadUnit);
  const { line } = order.lines[index] ?? {};
  tellGoods(work, 'picked', unit, {
    ...{ order: id, toLoadUnit: target, from: unit.place, to: unit.place },
    lines: [{ ...goods, qty, ...(line !== undefined && { line }) }],
  });
  const lines = order.lines.map((each, i) =>
    i === index ? { ...each, qtyDone: each.qtyDone + qty } : each,
  );
  work.editOrder(id, { lines });
  work.explain(`${qty} x ${goods.sku} went from ${loadUnit} into ${target}.`, id, loadUnit, target);
}

/** Goods change from one load unit to another one; none is lost and none is made. */
function moveGoods(
  work: Work,
  moved: { loadUnit: LoadUnitId; target: LoadUnitId; goods: Goods; qty: number },
): void {
  const { loadUnit, target, goods, qty } = moved;
  const source = work.unit(loadUnit);
  const left = qtyOf(source.lines, goods) - qty;
  work.edit(loadUnit, { lines: withQty(source.lines, goods, left) });
  const taker = work.unit(target);
  work.edit(target, { lines: withQty(taker.lines, goods, qtyOf(taker.lines, goods) + qty) });
}

/** The books follow what a person has counted; the difference is told as a gain or a loss. */
export function bookCount(
  work: Work,
  count: { order?: OrderId | undefined; loadUnit: LoadUnitId; goods: Goods; counted: number },
): void {
  const { order, loadUnit, counted } = count;
  const row = order === undefined ? undefined : work.warehouse.tables.order.get(order);
  const unit = work.unit(loadUnit);
  const goods = row?.kind === 'pick' ? asBooked(unit, count.goods) : count.goods;
  const booked = qtyOf(unit.lines, goods);
  const what = `${counted} x ${goods.sku} were counted in ${loadUnit}, ${booked} were booked.`;
  work.explain(what, order, loadUnit);
  adjustGoods(work, 'counted', { loadUnit, goods, qty: counted, order });
  if (row?.kind !== 'count') return;
  work.editOrder(row.order, { lines: [...row.lines, { ...goods, qty: booked, qtyDone: counted }] });
}

/** Who counts what is left of a pick sees no stock status: it is what a host has made of it meanwhile. */
function asBooked({ lines }: LoadUnit, goods: Goods): Goods {
  if (qtyOf(lines, goods) > 0) return goods;
  const line = lines.find(({ stockStatus }) => qtyOf(lines, { ...goods, stockStatus }) > 0);
  return line === undefined ? goods : { ...goods, stockStatus: line.stockStatus };
}

/** Sets how much of some goods a load unit holds, and tells the hosts of the difference. */
export function adjustGoods(
  work: Work,
  kind: 'counted' | 'adjusted',
  set: {
    readonly loadUnit: LoadUnitId;
    readonly goods: Goods;
    /** What there is, ≥ 0. */
    readonly qty: number;
    readonly order?: OrderId | undefined;
    readonly why?: string | undefined;
  },
): void {
  const { loadUnit, goods, qty, order, why } = set;
  const unit = work.unit(loadUnit);
  const gain = qty - qtyOf(unit.lines, goods);
  if (gain === 0) return;
  const changed = work.edit(loadUnit, { lines: withQty(unit.lines, goods, qty) });
  const [from, to] = gain > 0 ? ['ADJUSTMENT', unit.toldPlace] : [unit.toldPlace, 'ADJUSTMENT'];
  const lines = [{ ...goods, qty: Math.abs(gain) }];
  tellGoods(work, kind, changed, { from, to, lines, order, why });
  work.isAllocationDue = true;
}

/** Changes the stock status of some goods in a load unit, and tells the hosts. */
export function restateGoods(
  work: Work,
  set: {
    readonly loadUnit: LoadUnitId;
    readonly goods: Goods;
    readonly stockStatus: Goods['stockStatus'];
    readonly why: string;
  },
): void {
  const { loadUnit, goods, stockStatus, why } = set;
  const unit = work.unit(loadUnit);
  const qty = qtyOf(unit.lines, goods);
  if (qty === 0 || goods.stockStatus === stockStatus) return;
  const now = { ...goods, stockStatus };
  const without = withQty(unit.lines, goods, 0);
  const lines = withQty(without, now, qtyOf(without, now) + qty);
  const changed = work.edit(loadUnit, { lines });
  tellGoods(work, 'adjusted', changed, {
    ...{ from: unit.toldPlace, to: unit.toldPlace, why },
    lines: [{ ...now, qty, fromStatus: goods.stockStatus }],
  });
  work.explain(`${qty} x ${goods.sku} in ${loadUnit} are ${stockStatus}: ${why}.`, loadUnit);
  work.isAllocationDue = true;
}

/** A load unit has given all that the order takes from it, and is for the next one that takes from it. */
export function endPick(
  work: Work,
  { order: id, loadUnit }: { order: OrderId; loadUnit: LoadUnitId },
): void {
  const order = work.warehouse.tables.order.get(id);
  if (order === undefined) return;
  leave(work, id, loadUnit);
  const isDone = order.lines.every((line) => line.qtyDone >= line.qty);
  // What it was to take elsewhere it needs no more: nobody comes to it in vain.
  const open = order.open.filter(
    (other) => other !== loadUnit && !(isDone && leaveToOthers(work, id, other)),
  );
  const status = statusAfter(order, open);
  work.editOrder(id, { open, status, ...(status === 'active' ? {} : { reasons: [] }) });
  work.isAllocationDue = true;
}

function statusAfter({ lines, status }: Order, open: readonly LoadUnitId[]): OrderStatus {
  if (open.length > 0) return status;
  if (lines.every((line) => line.qtyDone >= line.qty)) return 'completed';
  return status === 'canceling' ? 'canceled' : 'active';
}
