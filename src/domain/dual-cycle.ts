import type { Position } from './crane-kinematics.ts';
import { type Block, pairBlock } from './pairing.ts';

/** A cell that is filled on the way to a retrieval. */
export interface DualCycle {
  /** Index among the retrievals of the block. */
  readonly retrieval: number;
  /** Index among its cells. */
  readonly cell: number;
  /** What the cycle takes longer than the way to the retrieval alone. */
  readonly lostMs: number;
}

/** Ways that differ by less are equal: then it goes by urgency. */
const equalMs = 2_000;
/** Found in the steady state of the bench: with less, cells near the station are used up and stay so. */
const betweenWeight = 10;

/**
 * Where to store what the crane takes over, and which retrieval it then brings.
 *
 * All retrievals of the block are paired with cells as if each were to follow a putaway. Of those
 * that could be first, it is the most urgent that costs no more than the best one.
 *
 * @returns undefined when there is no cell or no retrieval
 */
export function chooseDualCycle(block: Omit<Block, 'betweenWeight'>): DualCycle | undefined {
  const { start, cells, retrievals, travelMs } = block;
  if (cells.length === 0 || retrievals.length === 0) return undefined;
  const first = pairBlock({ ...block, betweenWeight }).pairs.flatMap(({ retrieval, cell }) => {
    if (!('open' in cell)) return [];
    const [at, to] = [cells[cell.open] as Position, retrievals[retrieval] as Position];
    const lostMs = travelMs(start, at) + travelMs(at, to) - travelMs(start, to);
    return [{ retrieval, cell: cell.open, lostMs }];
  });
  const least = Math.min(...first.map(({ lostMs }) => lostMs));
  return first
    .filter(({ lostMs }) => lostMs <= least + equalMs)
    .toSorted((a, b) => a.retrieval - b.retrieval)[0];
}
