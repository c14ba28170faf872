import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assign } from '../../src/domain/assignment.ts';

const rowsOf = (...rows: number[][]) => rows.map((row) => Float64Array.from(row));
const never = Number.POSITIVE_INFINITY;

/** By trying everything. */
function leastCost(costs: readonly Float64Array[], used: readonly number[] = []): number {
  const row = costs[used.length];
  if (row === undefined) return 0;
  const choices = [...row.keys()].filter((column) => !used.includes(column));
  return Math.min(
    ...choices.map((column) => (row[column] as number) + leastCost(costs, [...used, column])),
    never,
  );
}

const cost = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: 0, max: 9 }) }, fc.constant(never));
const matrix = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 0, max: 2 }))
  .chain(([rows, more]) =>
    fc.array(fc.array(cost, { minLength: rows + more, maxLength: rows + more }), {
      minLength: rows,
      maxLength: rows,
    }),
  );

test('every row gets a column of its own at the least cost of all, or it is said that there is none', () => {
  let impossible = 0;
  fc.assert(
    fc.property(matrix, (rows) => {
      const costs = rowsOf(...rows);
      const least = leastCost(costs);
      if (least === never) {
        impossible++;
        expect(() => assign(costs)).toThrow('no column is left');
        return;
      }
      const { columns, cost: found } = assign(costs);
      const picked = columns.map((column, row) => costs[row]?.[column] ?? Number.NaN);
      expect(new Set(columns).size).toBe(rows.length);
      expect([found, picked.reduce((sum, one) => sum + one, 0)]).toEqual([least, least]);
    }),
    { numRuns: 1_000 },
  );
  expect(impossible).toBeGreaterThan(10);
});

test('costs that are no whole numbers, and far apart, are as good', () => {
  expect(assign(rowsOf([1e9 + 0.5, 1e9], [1e-3, 2e-3]))).toEqual({
    columns: [1, 0],
    cost: 1e9 + 1e-3,
  });
});

test('nothing to assign costs nothing', () => {
  expect(assign([])).toEqual({ columns: [], cost: 0 });
});

test('fewer columns than rows are refused', () => {
  expect(() => assign(rowsOf([1], [2]))).toThrow('an assignment needs a column for each row');
});
