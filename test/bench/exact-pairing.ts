import { type Block, betweenOf, costsOf } from '../../src/domain/pairing.ts';

/** The least travel of a block by trying every order and every cell, cut off where it can only get worse. */
export function exactCostMs(block: Block): number {
  const costs = costsOf(block, betweenOf(block));
  const least = costs.map((row) => Math.min(...row));
  let best = Number.POSITIVE_INFINITY;
  const tryNext = (left: readonly number[], free: readonly number[], spent: number): void => {
    const atLeast = left.reduce((sum, row) => sum + (least[row] as number), spent);
    if (atLeast >= best) return;
    if (left.length === 0) best = spent;
    for (const row of left) {
      for (const cell of free) {
        const cost = costs[row]?.[cell] as number;
        const opened = [...free.filter((other) => other !== cell), block.cells.length + row];
        tryNext(
          left.filter((other) => other !== row),
          opened,
          spent + cost,
        );
      }
    }
  };
  tryNext([...block.retrievals.keys()], [...block.cells.keys()], 0);
  return best;
}
