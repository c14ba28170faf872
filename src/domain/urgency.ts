import type { Order } from './books.ts';

const priorityMax = 9;

/** How much longer than others an order has waited decides as well: nobody waits for ever. */
export interface Aging {
  readonly nowMs: number;
  /** Waiting so long counts as one priority more. */
  readonly agingMs: number;
}

/**
 * Compares orders by urgency: the higher priority first, waiting included; then the earlier due
 * time; then the one that came first.
 *
 * An order that says no due time is due when it would have reached the highest priority from the
 * lowest. So there is a bound: from its due time on, and after `(9 − priority) · agingMs` of waiting, no
 * order goes before it that was accepted later than that.
 */
export function byUrgency(aging: Aging): (a: Order, b: Order) => number {
  const ranks = new Map<Order, readonly number[]>();
  const rank = (order: Order) => {
    const known = ranks.get(order) ?? rankOf(order, aging);
    ranks.set(order, known);
    return known;
  };
  return (a, b) => {
    const [of, other] = [rank(a), rank(b)];
    return of.map((key, i) => key - (other[i] as number)).find((by) => by !== 0) ?? 0;
  };
}

function rankOf(order: Order, { nowMs, agingMs }: Aging): readonly number[] {
  const sinceMs = waitsSinceMs(order);
  const aged = Math.floor(Math.max(0, nowMs - sinceMs) / agingMs);
  const dueMs = order.dueAtMs ?? sinceMs + priorityMax * agingMs;
  // Who comes late cannot have been due before: else a late order of long ago would always go first.
  return [-Math.min(priorityMax, order.priority + aged), Math.max(dueMs, sinceMs), order.no];
}

/** Books of older versions do not say when an order was accepted: those are the oldest. */
const waitsSinceMs = ({ acceptedAtMs = 0, notBeforeMs = 0 }: Order): number =>
  Math.max(acceptedAtMs, notBeforeMs);

/** How far the orders that wait have been looked through. */
export interface Round {
  /** Number of the last order that had its turn. */
  readonly afterNo: number;
  /** Orders that are still to have one. */
  readonly left: number;
}

export const roundOver: Round = { afterNo: 0, left: 0 };

/**
 * The orders that one pass looks at: the most urgent ones every time, and as many others in turn, so
 * that each is looked at within `2 · waiting.length / max` passes, whatever the others wait for.
 *
 * @param waiting  the most urgent first
 * @param max      even, ≥ 2
 */
export function takeTurns(
  waiting: readonly Order[],
  max: number,
  { afterNo, left }: Round,
): { readonly orders: readonly Order[]; readonly round: Round } {
  if (waiting.length <= max) return { orders: waiting, round: roundOver };
  const urgent = waiting.slice(0, max / 2);
  const others = waiting.slice(max / 2).sort((a, b) => a.no - b.no);
  const later = others.filter(({ no }) => no > afterNo);
  const inTurn = [...later, ...others].slice(0, Math.min(max / 2, left));
  const isChosen = new Set([...urgent, ...inTurn]);
  return {
    orders: waiting.filter((order) => isChosen.has(order)),
    round: { afterNo: inTurn.at(-1)?.no ?? afterNo, left: left - inTurn.length },
  };
}
