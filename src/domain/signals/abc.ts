import type { Sku } from '../ids.ts';

export type AbcClass = 'A' | 'B' | 'C';

/** Where classes end, as shares of all movements, and how far a SKU has to be beyond it to leave its class. */
export interface AbcBounds {
  readonly a: number;
  readonly b: number;
  readonly hysteresis: number;
}

/**
 * Ranks SKUs by how often they are taken: A are those that make the first 80 % of all movements, B those
 * up to 95 %, C the rest and all that is never taken. A SKU leaves the class that it has only when it is
 * beyond the bound by the hysteresis, so that it does not flip.
 *
 * @param before  the classes that SKUs have; absent: none yet
 */
export function abcClasses(
  times: ReadonlyMap<Sku, number>,
  before: (sku: Sku) => AbcClass | undefined,
  bounds: AbcBounds,
): Map<Sku, AbcClass> {
  const ranked = [...times].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  const total = ranked.reduce((sum, [, count]) => sum + count, 0);
  let sum = 0;
  return new Map(
    ranked.map(([sku, count]) => {
      const share = total === 0 ? 1 : sum / total;
      sum += count;
      return [sku, count === 0 ? 'C' : classAt(share, before(sku), bounds)];
    }),
  );
}

/** @param share  of all movements, made by those that are taken more often */
export function classAt(
  share: number,
  before: AbcClass | undefined,
  { a, b, hysteresis }: AbcBounds,
): AbcClass {
  const shift = (isInside: boolean) =>
    before === undefined ? 0 : isInside ? hysteresis : -hysteresis;
  if (share < a + shift(before === 'A')) return 'A';
  return share < b + shift(before !== 'C') ? 'B' : 'C';
}
