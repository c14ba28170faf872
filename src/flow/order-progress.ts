import {
  isFinal,
  type LoadUnit,
  type Order,
  type OrderLine,
  type OrderStatus,
} from '../domain/books.ts';
import type { LoadUnitId, OrderId, WorkflowId } from '../domain/ids.ts';
import { whyLockedIn } from '../domain/reachability.ts';
import { lineFits } from '../domain/stock-lines.ts';
import type { Runner } from './runner.ts';
import { stationWorkOf } from './station-steps.ts';
import type { Work } from './work.ts';

/** A load unit has been confirmed at the station: its lines count for the order, or a person works on it. */
export function deliver(
  work: Work,
  runner: Runner,
  workflow: WorkflowId,
  { order: id, loadUnit }: { order: OrderId; loadUnit: LoadUnitId },
): void {
  const order = work.warehouse.tables.order.get(id);
  if (order === undefined) return;
  const { station } = order;
  const input = { parent: workflow, order: id, loadUnit, station };
  if (order.kind === 'pick') {
    return runner.start(work, 'pick@1', stationWorkOf(workflow), input);
  }
  if (order.kind === 'count') {
    const { countTolerancePercent: tolerancePercent = 0 } = work.parts.topology.site.limits;
    const counting = { ...input, tolerancePercent };
    return runner.start(work, 'count@1', stationWorkOf(workflow), counting);
  }
  const unit = work.unit(loadUnit);
  const lines = order.wanted === undefined ? count(order.lines, unit) : order.lines;
  const open = order.open.filter((other) => other !== loadUnit);
  const status = statusAfter(order, lines, open);
  work.editOrder(id, { lines, open, status, ...(status === 'completed' ? { reasons: [] } : {}) });
  work.isAllocationDue = true;
}

interface Loss {
  readonly order: OrderId;
  readonly loadUnit: LoadUnitId;
  readonly because: 'missing' | 'diverted' | 'canceled' | 'clarification';
}

/** The order does not get a load unit that it was promised, and neither do those that were to take from it as well. */
export function giveUp(work: Work, loss: Loss): void {
  const { alsoFor = [] } = work.unit(loss.loadUnit);
  if (alsoFor.length > 0) work.edit(loss.loadUnit, { alsoFor: undefined });
  for (const order of new Set([loss.order, ...alsoFor])) loseOne(work, { ...loss, order });
}

function loseOne(work: Work, loss: Loss): void {
  const order = work.warehouse.tables.order.get(loss.order);
  if (order === undefined) return;
  const open = order.open.filter((other) => other !== loss.loadUnit);
  // It has failed without it: what has ended stays so.
  if (isFinal(order.status)) return work.warehouse.tables.order.put({ ...order, open });
  if (order.status === 'canceling') {
    const status = open.length === 0 ? 'canceled' : 'canceling';
    work.editOrder(loss.order, { open, status });
    return;
  }
  const code = loss.because === 'missing' ? 'LOAD_UNIT_MISSING' : 'LOAD_UNIT_BUSY';
  // Nobody has canceled the order: the load unit was locked in before anything had begun.
  const held =
    loss.because === 'canceled' ? whyLockedIn(work.warehouse, work.unit(loss.loadUnit)) : undefined;
  const reasons = [held ?? { code, detail: `${loss.loadUnit}: ${loss.because}` }];
  const isAboutIt = held === undefined && (order.wanted !== undefined || order.kind === 'count');
  const status = isAboutIt ? 'needsOperator' : 'queued';
  work.editOrder(loss.order, { open, reasons, status: open.length > 0 ? 'active' : status });
  if (isAboutIt) askAboutOrder(work, order, loss.loadUnit);
  work.isAllocationDue = true;
}

function askAboutOrder(work: Work, order: Order, loadUnit: LoadUnitId): void {
  work.raise({
    code: 'ORDER_STUCK',
    text: `${order.order} wants ${order.wanted ?? loadUnit}, which did not arrive.`,
    order: order.order,
    resolutions: [
      { resolution: 'retry', text: 'Try again with the same load unit.', needs: [] },
      { resolution: 'fail', text: 'The order fails.', needs: [] },
    ],
  });
}

/** Fills the lines of an order, first line first, from one load unit; no quantity counts twice. */
function count(lines: readonly OrderLine[], unit: LoadUnit): OrderLine[] {
  const left = unit.lines.map(({ qty }) => qty);
  return lines.map((line) => {
    let taken = 0;
    unit.lines.forEach((stock, i) => {
      if (!lineFits(line, stock, '')) return;
      // Whole load units are delivered: the last line that fits takes what is over as well.
      const take = Math.min(left[i] ?? 0, Math.max(0, line.qty - line.qtyDone - taken));
      left[i] = (left[i] ?? 0) - take;
      taken += take;
    });
    return { ...line, qtyDone: line.qtyDone + taken };
  });
}

function statusAfter(
  order: Order,
  lines: readonly OrderLine[],
  open: readonly LoadUnitId[],
): OrderStatus {
  const isDone = order.wanted !== undefined || lines.every((line) => line.qtyDone >= line.qty);
  if (isDone && open.length === 0) return 'completed';
  if (order.status === 'canceling') return open.length === 0 ? 'completed' : 'canceling';
  return 'active';
}
