import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate } from '../../src/domain/allocation.ts';
import type { LoadUnit, Order } from '../../src/domain/books.ts';
import type { LocationId, OrderId } from '../../src/domain/ids.ts';
import { whyNotReachable } from '../../src/domain/reachability.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, id, loadUnit, stock } from '../lib/demo.ts';
import { line, order } from '../lib/orders.ts';
import { smallSite } from '../lib/sim-site.ts';

const topology = new Topology(smallSite);
const around = { dayIn: () => '2026-11-22', whyStopped: () => undefined };
const cells = [1, 2, 3].flatMap((bay) => [1, 2].map((depth) => at(`A01-L-00${bay}-01-${depth}`)));
const places: LocationId[] = [...cells, at('A01-PD-OUT'), at('OUTSIDE')];
const names = ['T-1', 'T-2', 'T-3', 'T-4'];
const handles = new Map(names.map((name, i) => [name, i + 1]));
const days = ['2026-11-21', '2026-11-23', '2026-11-24', undefined];

const row = fc
  .record({
    name: fc.constantFrom(...names),
    place: fc.constantFrom(...places),
    receivedNo: fc.nat(3),
    lines: fc.array(
      fc.record({
        name: fc.constantFrom('A', 'B'),
        qty: fc.integer({ min: 1, max: 4 }),
        lot: fc.constantFrom('L1', undefined),
        expiry: fc.constantFrom(...days),
        stockStatus: fc.constantFrom('available' as const, 'blocked' as const),
      }),
      { maxLength: 2 },
    ),
    isPromised: fc.boolean(),
    status: fc.constantFrom('present' as const, 'present' as const, 'missing' as const),
  })
  .map(
    ({ name, place, lines, isPromised, ...more }): LoadUnit => ({
      ...loadUnit(name, place, more),
      handle: handles.get(name) ?? 0,
      lines: lines.map(({ name: of, qty, ...rest }) => stock(of, qty, rest)),
      order: isPromised ? ('SO-9' as OrderId) : undefined,
    }),
  );

const change = fc.oneof(
  row.map((unit) => (books: Warehouse) => books.tables.loadUnit.put(unit)),
  fc
    .constantFrom(...names)
    .map((name) => (books: Warehouse) => books.tables.loadUnit.remove(id(name))),
  fc.constantFrom(...cells).map((location) => (books: Warehouse) => {
    if (books.tables.lock.has(location)) books.tables.lock.remove(location);
    else books.tables.lock.put({ location, lock: 'both', reason: 'test' });
  }),
);

const wishes: Order[] = (['fefo', 'fifo', 'lifo', 'nearest'] as const).flatMap((strategy) =>
  (['inOrder', 'fewest'] as const).flatMap((split) => [
    order([line('A', 5)], { strategy, split }),
    order([line('A', 3, { lot: 'L1' }), line('B', 2, { expiry: '2026-11-24' })], {
      strategy,
      split,
    }),
  ]),
);

test('what an order gets follows from the books alone, not from how they came to be', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 25 }), (changes) => {
      const books = new Warehouse(topology);
      for (const apply of changes) {
        // Asked in between, so that every ranking is there and has to follow.
        for (const wish of wishes) allocate(books, wish, around);
        apply(books);
      }
      const anew = new Warehouse(topology);
      for (const unit of books.tables.loadUnit.values()) anew.tables.loadUnit.load(unit);
      for (const lock of books.tables.lock.values()) anew.tables.lock.load(lock);
      for (const wish of wishes) {
        expect(allocate(books, wish, around)).toEqual(allocate(anew, wish, around));
      }
    }),
    { numRuns: 150 },
  );
});

test('nothing is given out that cannot be reached, does not fit or is not needed; short only when there is no more', () => {
  fc.assert(
    fc.property(fc.array(row, { maxLength: 12 }), fc.nat(wishes.length - 1), (rows, i) => {
      const books = new Warehouse(topology);
      for (const unit of rows) books.tables.loadUnit.put(unit);
      const { sku, qty } = line('A', 5);
      const wish = { ...(wishes[i] as Order), lines: [line('A', 5)] };
      const { loadUnits, isCovered } = allocate(books, wish, around);
      const fitting = (unit: LoadUnit | undefined) =>
        (unit?.lines ?? [])
          .filter((of) => of.sku === sku && of.stockStatus === 'available')
          .filter(({ expiry = '9999' }) => expiry >= '2026-11-22')
          .reduce((sum, of) => sum + of.qty, 0);
      const given = loadUnits.map((loadUnit) => books.loadUnit(loadUnit) as LoadUnit);
      for (const unit of given) expect(whyNotReachable(books, unit)).toBeUndefined();
      const quantities = given.map(fitting);
      expect(Math.min(1, ...quantities)).toBe(1);
      const sum = quantities.reduce((a, b) => a + b, 0);
      expect(sum - (quantities.at(-1) ?? 0)).toBeLessThan(qty);
      const all = [...books.tables.loadUnit.values()]
        .filter((unit) => whyNotReachable(books, unit) === undefined)
        .reduce((total, unit) => total + fitting(unit), 0);
      expect(isCovered).toBe(all >= qty);
      if (!isCovered) expect(sum).toBe(all);
    }),
  );
});

test('the fewest load units is never more than any other choice would need', () => {
  const quantities = fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(quantities, fc.integer({ min: 1, max: 30 }), (held, wanted) => {
      const books = new Warehouse(topology);
      held.forEach((qty, i) => {
        books.tables.loadUnit.put(
          loadUnit(`T-${i}`, at(`A01-R-00${i + 1}-01-1`), {
            receivedNo: i,
            lines: [stock('A', qty)],
          }),
        );
      });
      const { loadUnits, isCovered } = allocate(
        books,
        order([line('A', wanted)], { split: 'fewest' }),
        around,
      );
      const subsets = Array.from({ length: 2 ** held.length }, (_, bits) =>
        held.filter((__, i) => (bits >> i) & 1),
      ).filter((some) => some.reduce((a, b) => a + b, 0) >= wanted);
      expect(isCovered).toBe(subsets.length > 0);
      const least = isCovered ? Math.min(...subsets.map((some) => some.length)) : held.length;
      expect(loadUnits).toHaveLength(least);
    }),
  );
});
