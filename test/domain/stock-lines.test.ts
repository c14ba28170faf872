import { expect, test } from 'vitest';
import type { OrderLine, StockLine } from '../../src/domain/books.ts';
import { isSameGoods, lineFits } from '../../src/domain/stock-lines.ts';
import { sku } from '../lib/demo.ts';

const day = '2030-06-01';
const goods = { sku: sku('A'), lot: 'L1', expiry: day, stockStatus: 'available' } as const;
const stock: StockLine = { ...goods, qty: 5 };
const wanted: OrderLine = { sku: sku('A'), qty: 1, stockStatus: 'available', qtyDone: 0 };

test.each([
  ['another article', { sku: sku('B') }],
  ['another lot', { lot: 'L2' }],
  ['another day', { expiry: '2030-06-02' }],
  ['another status', { stockStatus: 'blocked' }],
] as const)('%s alone makes other goods', (_, other) => {
  expect([isSameGoods(goods, { ...goods }), isSameGoods(goods, { ...goods, ...other })]).toEqual([
    ...[true, false],
  ]);
});

test.each<[string, Partial<OrderLine>, boolean]>([
  ['whatever lot and day', {}, true],
  ['its lot', { lot: 'L1' }, true],
  ['its very day at the earliest', { expiry: day }, true],
  ['another article', { sku: sku('B') }, false],
  ['another status', { stockStatus: 'blocked' }, false],
  ['another lot', { lot: 'L2' }, false],
  ['a later day', { expiry: '2030-06-02' }, false],
])('of stock, an order that wants %s may have some: %o', (_, line, fits) => {
  expect(lineFits({ ...wanted, ...line }, stock, day)).toBe(fits);
});

test('what has expired is for no order, and what never does only for one that names no day', () => {
  expect(lineFits(wanted, stock, '2030-06-02')).toBe(false);
  const lasting = { ...stock, expiry: undefined };
  expect(lineFits(wanted, lasting, day)).toBe(true);
  expect(lineFits({ ...wanted, expiry: day }, lasting, day)).toBe(false);
});
