import { assign } from './assignment.ts';
import type { Position } from './crane-kinematics.ts';
import { improve } from './pairing-improve.ts';

/**
 * Retrievals that wait, and cells that are free: each crane cycle stores into one cell and then brings
 * one retrieval, and the cell that it leaves is free from then on.
 */
export interface Block {
  /** Where the crane takes over what it stores. */
  readonly start: Position;
  /** Where the retrievals stand, the most urgent first. At least one. */
  readonly retrievals: readonly Position[];
  /** Cells that are free now. At least one. */
  readonly cells: readonly Position[];
  /** Time between two positions, ≥ 0. */
  readonly travelMs: (from: Position, to: Position) => number;
  /**
   * How many times the way from cell to retrieval counts, against the way to the cell; ≥ 1, and 1
   * where it is left out: least travel for this block. More keeps the free cells where they are,
   * as one opens near the one that is filled, and blocks to come need less travel.
   */
  readonly betweenWeight?: number;
}

/** One dual command cycle. */
export interface Pair {
  /** Index of the retrieval in the block. */
  readonly retrieval: number;
  /** Index of a cell that is free now, or else of the retrieval whose cell it is, which comes before. */
  readonly cell: { readonly open: number } | { readonly leftBy: number };
}

export interface Pairing {
  /** Every retrieval once, in an order in which each cell is free in its turn; of those that may be next, the most urgent. */
  readonly pairs: readonly Pair[];
  /** Time for all ways from the start to the cells, and from the cells to the retrievals, these by their weight; milliseconds. */
  readonly costMs: number;
  /** No pairing costs less; it is the least assignment of cells to retrievals, in whatever order. */
  readonly boundMs: number;
}

/**
 * Costs by row and column: `[retrieval][cell]`, the free cells first and then those that the
 * retrievals leave; Infinity for a retrieval and its own cell.
 */
export type Costs = readonly Float64Array[];

/**
 * The retrievals by the free cell that begins each chain: a retrieval stores into the cell of the one
 * before it. As a chain has a beginning, no retrieval waits for itself.
 */
export type Chains = readonly (readonly number[])[];

/**
 * Pairs retrievals with cells, close to the least travel for the whole block.
 *
 * An assignment gives each retrieval the cell that is best for all of them. Where retrievals wait for
 * each other in a circle, the circle is cut and put into a chain where it costs least. What comes
 * out, and what taking the nearest pair again and again gives, is then improved by moving parts of
 * chains; the better of the two counts, so the result is never worse than by nearest neighbor.
 *
 * Source: M.-H. Han, L. F. McGinnis, J. S. Shieh, J. A. White, On sequencing retrievals in an
 * automated storage/retrieval system, IIE Transactions 19 (1987); H. F. Lee, S. K. Schaefer,
 * Retrieval sequencing for unit-load automated storage and retrieval systems with multiple
 * openings, IJPR 34 (1996), for the assignment and the merging of its circles.
 */
export function pairBlock(block: Block): Pairing {
  const open = block.cells.length;
  const between = betweenOf(block);
  const costs = costsOf(block, between);
  const { columns, cost: boundMs } = assign(costs);
  const merged = improve(costs, open, merge(costs, open, columns));
  const nearest = improve(costs, open, nearestNeighbor(between, open));
  const best =
    chainsCost(costs, open, merged) <= chainsCost(costs, open, nearest) ? merged : nearest;
  return { pairs: inOrder(best), costMs: chainsCost(costs, open, best), boundMs };
}

/** Time from each cell to each retrieval, as `Costs`. */
export const betweenOf = ({ retrievals, cells, travelMs }: Block): Costs =>
  retrievals.map((to, row) => {
    const from = [...cells, ...retrievals];
    const own = cells.length + row;
    return Float64Array.from(from, (cell, column) =>
      column === own ? Number.POSITIVE_INFINITY : travelMs(cell, to),
    );
  });

/** Time from the start by a cell to a retrieval. */
export function costsOf(block: Block, between: Costs): Costs {
  const { start, retrievals, cells, travelMs, betweenWeight = 1 } = block;
  const there = [...cells, ...retrievals].map((cell) => travelMs(start, cell));
  return between.map((row) =>
    row.map((ms, column) => ms * betweenWeight + (there[column] as number)),
  );
}

export const chainsCost = (costs: Costs, open: number, chains: Chains): number =>
  chains.reduce(
    (sum, chain, first) =>
      chain.reduce((all, row, at) => {
        const column = at === 0 ? first : open + (chain[at - 1] as number);
        return all + (costs[row]?.[column] ?? 0);
      }, sum),
    0,
  );

/** The chains and circles of an assignment; every circle goes into a chain, cut where that costs least. */
export function merge(costs: Costs, open: number, columns: readonly number[]): Chains {
  const next = new Map(columns.map((column, row) => [column, row]));
  const left = new Set(columns.keys());
  const follow = (from: number): number[] => {
    const chain: number[] = [];
    for (let row = next.get(from); row !== undefined && left.delete(row); ) {
      chain.push(row);
      row = next.get(open + row);
    }
    return chain;
  };
  const chains = Array.from({ length: open }, (_, first) => follow(first));
  for (const row of left) {
    left.delete(row);
    putIn(costs, open, chains, [row, ...follow(open + row)]);
  }
  return chains;
}

function putIn(costs: Costs, open: number, chains: number[][], circle: readonly number[]): void {
  const arc = (column: number, row: number | undefined) =>
    row === undefined ? 0 : (costs[row]?.[column] ?? 0);
  let best = { ms: Number.POSITIVE_INFINITY, chain: 0, at: 0, cut: 0 };
  for (const [cut, first] of circle.entries()) {
    const last = circle.at(cut - 1) as number;
    for (const [chain, rows] of chains.entries()) {
      for (let at = 0; at <= rows.length; at++) {
        const before = at === 0 ? chain : open + (rows[at - 1] as number);
        const ms =
          arc(before, first) +
          arc(open + last, rows[at]) -
          arc(before, rows[at]) -
          arc(open + last, first);
        if (ms < best.ms) best = { ms, chain, at, cut };
      }
    }
  }
  chains[best.chain]?.splice(best.at, 0, ...circle.slice(best.cut), ...circle.slice(0, best.cut));
}

/** Takes the cell and the retrieval that are nearest to each other, again and again. */
export function nearestNeighbor(distances: Costs, open: number): Chains {
  const chains = Array.from({ length: open }, (): number[] => []);
  const left = new Set(distances.keys());
  while (left.size > 0) {
    let best = { ms: Number.POSITIVE_INFINITY, chain: 0, row: 0 };
    for (const [chain, rows] of chains.entries()) {
      const last = rows.at(-1);
      const column = last === undefined ? chain : open + last;
      for (const row of left) {
        const ms = distances[row]?.[column] ?? Number.POSITIVE_INFINITY;
        if (ms < best.ms) best = { ms, chain, row };
      }
    }
    chains[best.chain]?.push(best.row);
    left.delete(best.row);
  }
  return chains;
}

/** Chains as one sequence: of their next ones always the one with the lowest number. */
function inOrder(chains: Chains): Pair[] {
  const at = chains.map(() => 0);
  const pairs: Pair[] = [];
  for (;;) {
    const heads = chains.map((chain, i) => chain[at[i] as number] ?? Number.POSITIVE_INFINITY);
    const retrieval = Math.min(...heads);
    if (retrieval === Number.POSITIVE_INFINITY) return pairs;
    const chain = heads.indexOf(retrieval);
    const position = at[chain] as number;
    const before = chains[chain]?.[position - 1];
    pairs.push({ retrieval, cell: before === undefined ? { open: chain } : { leftBy: before } });
    at[chain] = position + 1;
  }
}
