import type { LoadUnit, Order } from '../domain/books.ts';
import type { LoadUnitId, OrderId } from '../domain/ids.ts';
import { takersOf } from '../domain/shared-visit.ts';
import { carryOf } from './moves.ts';
import { stationWorkOf } from './station-steps.ts';
import type { Work } from './work.ts';

/** One more order takes from a load unit that is under way to its station anyway. */
export function join(work: Work, { order, station }: Order, loadUnit: LoadUnitId): void {
  const before = work.unit(loadUnit);
  const takers = takersOf(before);
  const unit = work.edit(loadUnit, { alsoFor: [...takers.slice(1), order] });
  hurry(work, unit);
  const text = `${loadUnit} goes to ${station} for ${takers.join(', ')} anyway: ${order} takes from it in the same visit, after them.`;
  work.explain(text, loadUnit, order);
}

/** What waits for the crane waits as urgently as the most urgent order that it is for. */
export function hurry(work: Work, unit: LoadUnit): void {
  const { request } = work.warehouse.tables;
  const waiting = unit.workflow && request.get(carryOf(unit.workflow));
  if (waiting) request.put({ ...waiting, ...urgencyOf(work, unit) });
}

/** How urgently a load unit is wanted: as its most urgent order wants it. */
export function urgencyOf(
  { warehouse }: Work,
  unit: LoadUnit,
): { readonly priority: number; readonly dueAtMs: number | undefined } {
  const orders = takersOf(unit).flatMap((id) => warehouse.tables.order.get(id) ?? []);
  const due = orders.flatMap(({ dueAtMs }) => dueAtMs ?? []);
  return {
    priority: orders.length === 0 ? 5 : Math.max(...orders.map(({ priority }) => priority)),
    dueAtMs: due.length === 0 ? undefined : Math.min(...due),
  };
}

/** An order takes nothing more from a load unit; what is under way for others as well, is theirs from now on. */
export function leave(work: Work, order: OrderId, loadUnit: LoadUnitId): void {
  const unit = work.unit(loadUnit);
  const [next, ...more] = takersOf(unit).filter((taker) => taker !== order);
  if (next === undefined) return;
  work.edit(loadUnit, { order: next, alsoFor: more.length > 0 ? more : undefined });
  if (next === unit.order || unit.workflow === undefined) return;
  work.send(unit.workflow, { type: 'order.passedOn', order: next } as never);
  work.explain(`${loadUnit} is for ${next} now, no more for ${order}.`, loadUnit, order, next);
}

/**
 * An order leaves a load unit that others still want, unless a person is picking from it for that very order.
 *
 * @returns whether it has: where nobody else wants it, it has to be seen to what becomes of it
 */
export function leaveToOthers(work: Work, order: OrderId, loadUnit: LoadUnitId): boolean {
  const unit = work.unit(loadUnit);
  const takers = takersOf(unit);
  if (takers.length < 2 || !takers.includes(order)) return false;
  const working = unit.workflow && stationWorkOf(unit.workflow);
  const isAtWork = working !== undefined && work.warehouse.tables.workflow.has(working);
  if (isAtWork && unit.order === order) return false;
  leave(work, order, loadUnit);
  return true;
}
