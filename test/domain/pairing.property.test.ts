import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Position } from '../../src/domain/crane-kinematics.ts';
import { chooseDualCycle } from '../../src/domain/dual-cycle.ts';
import {
  type Block,
  betweenOf,
  chainsCost,
  costsOf,
  nearestNeighbor,
  pairBlock,
} from '../../src/domain/pairing.ts';
import { exactCostMs } from '../bench/exact-pairing.ts';

const start = { xMm: 0, yMm: 0 };
const travelMs = (a: Position, b: Position) =>
  Math.max(Math.abs(a.xMm - b.xMm), Math.abs(a.yMm - b.yMm));
// Few places, so that distances are equal and places meet.
const place = fc.record({ xMm: fc.nat(12), yMm: fc.nat(12) });
const blockOf = (retrievalsMax: number) =>
  fc.record({
    start: fc.constant(start),
    retrievals: fc.array(place, { minLength: 1, maxLength: retrievalsMax }),
    cells: fc.array(place, { minLength: 1, maxLength: 6 }),
    travelMs: fc.constant(travelMs),
  });

test('a pairing brings every retrieval once and stores each time into a cell that is free in its turn', () => {
  fc.assert(
    fc.property(blockOf(12), fc.constantFrom(1, 10), (block, betweenWeight) => {
      const { pairs } = pairBlock({ ...block, betweenWeight });
      const free = new Set(block.cells.map((_, i) => `open ${i}`));
      for (const { retrieval, cell } of pairs) {
        expect(free.delete('open' in cell ? `open ${cell.open}` : `left ${cell.leftBy}`)).toBe(
          true,
        );
        free.add(`left ${retrieval}`);
      }
      const brought = pairs.map(({ retrieval }) => retrieval).toSorted((a, b) => a - b);
      expect(brought).toEqual([...block.retrievals.keys()]);
    }),
  );
});

test('a pairing costs what its pairs cost, not less than the bound, and not more than nearest neighbor', () => {
  fc.assert(
    fc.property(blockOf(12), (block) => {
      const { pairs, costMs, boundMs } = pairBlock(block);
      const spent = pairs.map(({ retrieval, cell }) => {
        const to = block.retrievals[retrieval] as Position;
        const by = 'open' in cell ? block.cells[cell.open] : block.retrievals[cell.leftBy];
        return travelMs(start, by as Position) + travelMs(by as Position, to);
      });
      expect(spent.reduce((sum, ms) => sum + ms, 0)).toBe(costMs);
      expect(costMs).toBeGreaterThanOrEqual(boundMs);
      const [open, between] = [block.cells.length, betweenOf(block)];
      const nearest = chainsCost(costsOf(block, between), open, nearestNeighbor(between, open));
      expect(costMs).toBeLessThanOrEqual(nearest);
    }),
  );
});

test('small blocks are paired at most a sixth above the optimum that trying everything finds, mostly at it', () => {
  let [optimal, all] = [0, 0];
  fc.assert(
    fc.property(blockOf(5), (block) => {
      const [least, { costMs, boundMs }] = [exactCostMs(block), pairBlock(block)];
      expect(boundMs).toBeLessThanOrEqual(least);
      expect(costMs).toBeGreaterThanOrEqual(least);
      expect(costMs).toBeLessThanOrEqual((least * 7) / 6);
      all++;
      if (costMs === least) optimal++;
    }),
  );
  expect(optimal / all).toBeGreaterThan(0.9);
});

test('retrievals that would wait for each other in a circle do not: one of them gets a free cell', () => {
  const at = (xMm: number): Position => ({ xMm, yMm: 0 });
  const block: Block = { start, cells: [at(0)], retrievals: [at(50), at(51)], travelMs };
  const { pairs, costMs, boundMs } = pairBlock(block);
  expect(pairs).toEqual([
    { retrieval: 0, cell: { open: 0 } },
    { retrieval: 1, cell: { leftBy: 0 } },
  ]);
  expect([costMs, boundMs]).toEqual([101, 102 - 1]);
});

test('a dual cycle loses at most two seconds against the best, and is then that of the most urgent', () => {
  const spread = (block: Omit<Block, 'travelMs'>): Block => ({
    ...block,
    travelMs: (a, b) => 700 * travelMs(a, b),
  });
  fc.assert(
    fc.property(blockOf(8), (given) => {
      const block = spread(given);
      const chosen = chooseDualCycle(block);
      if (chosen === undefined) throw new Error('there is a cell and a retrieval');
      const lost = block.retrievals.map((to) =>
        Math.min(
          ...block.cells.map(
            (cell) =>
              block.travelMs(start, cell) + block.travelMs(cell, to) - block.travelMs(start, to),
          ),
        ),
      );
      // The pairing chooses cells for all; the one in hand must not pay for more than that.
      expect(chosen.lostMs).toBeGreaterThanOrEqual(Math.min(...lost));
      if (chosen.retrieval === 0) return;
      const alone = chooseDualCycle({ ...block, retrievals: block.retrievals.slice(0, 1) });
      expect(alone?.retrieval).toBe(0);
    }),
  );
});

test.each([
  ['no free cell', { cells: [], retrievals: [start] }],
  ['no retrieval', { cells: [start], retrievals: [] }],
])('with %s there is no dual cycle', (_, block) => {
  expect(chooseDualCycle({ start, travelMs, ...block })).toBeUndefined();
});
