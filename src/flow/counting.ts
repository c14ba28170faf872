import { isFinal } from '../domain/books.ts';
import type { LoadUnitId, OrderId, WorkflowId } from '../domain/ids.ts';
import { type Goods, isSameGoods, qtyOf } from '../domain/stock-lines.ts';
import type { Work } from './work.ts';

/** Chooses what is counted next in a load unit; `count.next`, `count.none` or `order.cancel` follows. */
export function chooseCount(
  work: Work,
  workflow: WorkflowId,
  asked: { order?: OrderId | undefined; loadUnit: LoadUnitId; done: readonly Goods[] },
): void {
  const { order, loadUnit, done } = asked;
  // Canceled or failed while it was on its way: nobody wants to know any more.
  const row = order === undefined ? undefined : work.warehouse.tables.order.get(order);
  const isUnwanted = row !== undefined && (row.status === 'canceling' || isFinal(row.status));
  if (isUnwanted) return work.send(workflow, { type: 'order.cancel' });
  const { lines } = work.unit(loadUnit);
  const line = lines.find((stock) => !done.some((other) => isSameGoods(other, stock)));
  if (line === undefined) return work.send(workflow, { type: 'count.none' });
  const { qty: _, ...goods } = line;
  const booked = qtyOf(lines, goods);
  work.send(workflow, { type: 'count.next', goods, booked } as never);
}

/** A load unit has been counted, or as much of it as the order wants. */
export function endCount(
  work: Work,
  { order: id, loadUnit }: { order: OrderId; loadUnit: LoadUnitId },
): void {
  const order = work.warehouse.tables.order.get(id);
  if (order === undefined) return;
  const open = order.open.filter((other) => other !== loadUnit);
  // It has failed without it: what has ended stays so.
  if (isFinal(order.status)) return work.warehouse.tables.order.put({ ...order, open });
  const toCount = (order.toCount ?? []).filter((other) => other !== loadUnit);
  const isCanceled = order.status === 'canceling';
  const isOver = open.length === 0 && (isCanceled || toCount.length === 0);
  const status = isOver ? (isCanceled ? 'canceled' : 'completed') : order.status;
  work.editOrder(id, { open, toCount, status, ...(isOver && { reasons: [] }) });
  work.isAllocationDue = true;
}
