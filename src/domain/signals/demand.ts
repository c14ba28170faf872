import type { Sku } from '../ids.ts';
import type { Spread } from './formulas.ts';

/** Days that are kept; a window is no longer than this. */
export const demandDaysMax = 120;

/** What orders have taken of a SKU, day by day, UTC. */
export interface DemandBook {
  readonly sku: Sku;
  /** Days since 1970 of the last entry. */
  readonly lastDay: number;
  /** Base units, the oldest day first, without gaps; the last is that of `lastDay`. */
  readonly qty: readonly number[];
  /** How often something was taken, of the same days. */
  readonly times: readonly number[];
}

/** Demand of a window of whole days, today left out. */
export interface Demand extends Spread {
  /** Days that it was reckoned from; 0: nothing is known yet. */
  readonly days: number;
  readonly times: number;
}

/** @param day  days since 1970; never before the last one: a clock that was set back counts on that one */
export function noteDemand(
  book: DemandBook | undefined,
  taken: {
    readonly sku: Sku;
    readonly day: number;
    readonly qty: number;
  },
): DemandBook {
  const { sku, qty } = taken;
  const { lastDay, qty: before, times } = book ?? { lastDay: taken.day, qty: [0], times: [0] };
  const day = Math.max(taken.day, lastDay);
  const gap = Array.from({ length: Math.min(day - lastDay, demandDaysMax) }, () => 0);
  const extended = [...before, ...gap].slice(-demandDaysMax);
  const counts = [...times, ...gap].slice(-demandDaysMax);
  extended.push((extended.pop() ?? 0) + qty);
  counts.push((counts.pop() ?? 0) + 1);
  return { sku, lastDay: day, qty: extended, times: counts };
}

/** Mean and deviation (of the population) for the last whole days, at most `windowDays` of them. */
export function demandOf(book: DemandBook | undefined, today: number, windowDays: number): Demand {
  if (book === undefined) return { days: 0, times: 0, mean: 0, deviation: 0 };
  const firstDay = book.lastDay - book.qty.length + 1;
  const from = Math.max(firstDay, today - windowDays);
  const days = Math.max(0, today - from);
  const of = (values: readonly number[]) =>
    Array.from({ length: days }, (_, i) => values[from + i - firstDay] ?? 0);
  const [qty, times] = [of(book.qty), of(book.times)];
  if (days === 0) return { days, times: 0, mean: 0, deviation: 0 };
  const mean = sum(qty) / days;
  const deviation = Math.sqrt(sum(qty.map((one) => (one - mean) ** 2)) / days);
  return { days, times: sum(times), mean, deviation };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
