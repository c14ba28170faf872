import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { StockLine } from '../../src/domain/books.ts';
import { isSameGoods, qtyOf, withQty } from '../../src/domain/stock-lines.ts';
import { sku } from '../lib/demo.ts';

const goods = fc.record({
  sku: fc.constantFrom(sku('A'), sku('B')),
  lot: fc.constantFrom(undefined, 'L1'),
  expiry: fc.constantFrom(undefined, '2030-01-01'),
  stockStatus: fc.constantFrom<StockLine['stockStatus']>('available', 'blocked'),
});
const lines = fc.array(
  fc.tuple(goods, fc.integer({ min: 1, max: 9 })).map(([what, qty]) => ({ ...what, qty })),
  { maxLength: 6 },
);

test('a quantity that was set is the one that is there, and no other goods have changed', () => {
  fc.assert(
    fc.property(lines, goods, fc.nat(9), (before, what, qty) => {
      const after = withQty(before, what, qty);
      expect(qtyOf(after, what)).toBe(qty);
      const others = (list: readonly StockLine[]) =>
        list.filter((line) => !isSameGoods(line, what));
      expect(others(after)).toEqual(others(before));
      expect(after.every((line) => line.qty > 0)).toBe(true);
    }),
  );
});
