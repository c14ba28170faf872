import type { LoadUnit, Strategy } from './books.ts';
import type { Sku } from './ids.ts';

/**
 * What speaks against a location, each from 0 (nothing) to about 1; the location with the smallest
 * weighted sum is taken.
 *
 * Of a cell: `distance` from where its storage class begins, as a share of the aisle; `lane`, how likely
 * it is that what stands behind it is wanted first; `height`, how much larger than needed it is;
 * `empty`, how near it is, for load units without stock. Of an aisle: `fill`, its share of cells that are taken or
 * promised; `work`, what waits for its crane; `redundancy`, its share of the load units of the same SKU.
 */
export type PutawayTerm = 'distance' | 'lane' | 'height' | 'empty' | 'fill' | 'work' | 'redundancy';
export type PutawayTerms = Readonly<Partial<Record<PutawayTerm, number>>>;
export type PutawayWeights = Readonly<Record<PutawayTerm, number>>;

export const defaultWeights: PutawayWeights = {
  distance: 1,
  // A dig-out costs a way there and back and four transfers: more than the longest way.
  lane: 1.5,
  height: 0.5,
  empty: 0,
  fill: 1,
  work: 0.5,
  redundancy: 0.5,
};

/** So much waiting work of one crane counts as 1. */
const workMax = 20;

export const workTerm = (waiting: number): number => waiting / workMax;

/** The weighted sum of what speaks against a location, ≥ 0. */
export function costOf(terms: PutawayTerms, weights: PutawayWeights): number {
  let sum = 0;
  for (const [term, value] of Object.entries(terms)) sum += weights[term as PutawayTerm] * value;
  return sum;
}

/** `distance 0.12, lane 0.5`: what counted, without what is 0. */
export const termsInWords = (terms: PutawayTerms, weights: PutawayWeights): string =>
  Object.entries(terms)
    .filter(([term, value]) => value * weights[term as PutawayTerm] > 0)
    .map(([term, value]) => `${term} ${value.toFixed(2)}`)
    .join(', ') || 'nothing speaks against it';

/** SKU of the first line of a load unit, by which lanes and aisles are shared out; undefined when it is empty. */
export const mainSkuOf = ({ lines }: LoadUnit): Sku | undefined => lines[0]?.sku;

/**
 * How likely it is that the load unit behind is wanted before one in front of it, 0 to 1.
 *
 * Of one SKU the rule of retrieval says it: with LIFO and nearest the one in front goes first; with FEFO
 * the one that expires first; with FIFO the older one, which is the one behind. Of different SKUs it
 * follows from when they are expected to leave, t and u from now: t² / (t² + u²); 0.5 where nobody knows.
 *
 * @param leavesInMs  when each is expected to leave, from now, milliseconds; undefined: unknown
 */
export function digRisk(
  front: LoadUnit,
  rear: LoadUnit,
  {
    strategy,
    leavesInMs,
  }: {
    readonly strategy: Strategy;
    readonly leavesInMs: (unit: LoadUnit) => number | undefined;
  },
): number {
  const [sku, other] = [mainSkuOf(front), mainSkuOf(rear)];
  // Empty ones are all alike and wait until they are needed: nothing is to stand behind them.
  if (other === undefined) return 0;
  if (sku === undefined) return 1;
  if (sku === other) return sameSkuRisk(front, rear, strategy);
  const [soon, late] = [leavesInMs(front), leavesInMs(rear)];
  if (soon === undefined || late === undefined) return 0.5;
  if (soon === 0 && late === 0) return 0.5;
  return soon ** 2 / (soon ** 2 + late ** 2);
}

function sameSkuRisk(front: LoadUnit, rear: LoadUnit, strategy: Strategy): number {
  if (strategy === 'lifo' || strategy === 'nearest') return 0;
  const [first, second] = [front.lines[0]?.expiry, rear.lines[0]?.expiry];
  if (strategy === 'fifo' || first === undefined || second === undefined) return 1;
  // Of the same day either may go, and the one in front costs nothing.
  return first <= second ? 0 : 1;
}
