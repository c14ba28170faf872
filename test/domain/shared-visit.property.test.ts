import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allocate, lacksSomething } from '../../src/domain/allocation.ts';
import type { LoadUnit, Order } from '../../src/domain/books.ts';
import type { LoadUnitId, OrderId, WorkflowId } from '../../src/domain/ids.ts';
import { leftFor, mayPick, promisedIn, takersOf } from '../../src/domain/shared-visit.ts';
import { nextPick } from '../../src/domain/station-step.ts';
import { qtyOf, withQty } from '../../src/domain/stock-lines.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, loadUnit, stock } from '../lib/demo.ts';
import { line, order } from '../lib/orders.ts';
import { smallSite } from '../lib/sim-site.ts';

const topology = new Topology(smallSite);
const around = { dayIn: () => '2026-11-22', whyStopped: () => undefined };
const cells = [1, 2, 3, 4].map((bay) => at(`A01-L-00${bay}-01-1`));
const days = ['2026-11-21', '2026-11-23', '2026-11-24', undefined];
const name = fc.constantFrom('A', 'B');
const lot = fc.constantFrom('L1', undefined, undefined);

const lines = fc.array(
  fc.record({ name, qty: fc.integer({ min: 1, max: 9 }), lot, expiry: fc.constantFrom(...days) }),
  { minLength: 1, maxLength: 3 },
);
const units = fc.array(lines, { minLength: 2, maxLength: cells.length }).map((all) =>
  all.map((of, i) =>
    loadUnit(`T-${i + 1}`, cells[i] ?? at('OUTSIDE'), {
      receivedNo: i + 1,
      lines: of.map(({ name: sku, qty, ...more }) => stock(sku, qty, more)),
    }),
  ),
);
const orders = fc.array(
  fc.record({
    // Two lines of one order for the same SKU may vie for the same lot: a person is then asked for what is at hand.
    wants: fc.uniqueArray(fc.record({ name, qty: fc.integer({ min: 1, max: 6 }), lot }), {
      minLength: 1,
      maxLength: 2,
      selector: (wish) => wish.name,
    }),
    strategy: fc.constantFrom(
      'fefo' as const,
      'fifo' as const,
      'lifo' as const,
      'nearest' as const,
    ),
    split: fc.constantFrom('inOrder' as const, 'fewest' as const),
  }),
  { minLength: 2, maxLength: 8 },
);
type Wanted = Parameters<Parameters<(typeof orders)['map']>[0]>[0][number];

const orderRow = ({ wants, ...more }: Wanted, i: number): Order =>
  order(
    wants.map(({ name: sku, qty, ...rest }) => line(sku, qty, rest)),
    { ...more, order: `PK-${i + 1}` as OrderId, no: i + 1, kind: 'pick' },
  );

/** Promises what allocation has found, as the flow does. */
function promise(books: Warehouse, row: Order): void {
  const { loadUnits } = allocate(books, row, around);
  for (const id of loadUnits) {
    const unit = books.loadUnit(id) as LoadUnit;
    const takers = [...takersOf(unit), row.order];
    const workflow = unit.workflow ?? (`retrieval/${row.order}/${id}/1` as WorkflowId);
    const alsoFor = takers.slice(1);
    books.tables.loadUnit.put({ ...unit, workflow, order: takers[0], alsoFor });
  }
  const status = loadUnits.length > 0 ? 'active' : 'queued';
  books.tables.order.put({ ...row, open: loadUnits, loadUnits, status });
}

/** A load unit is picked from, by each of its orders in turn. */
function visit(books: Warehouse, id: LoadUnitId): void {
  const fits = mayPick(books, around);
  for (const taker of takersOf(books.loadUnit(id) as LoadUnit)) {
    for (;;) {
      const unit = books.loadUnit(id) as LoadUnit;
      const row = books.tables.order.get(taker) as Order;
      const pick = nextPick(row, unit, fits);
      if (pick === undefined) break;
      const { goods, qty, index } = pick;
      const left = withQty(unit.lines, goods, qtyOf(unit.lines, goods) - qty);
      books.tables.loadUnit.put({ ...unit, lines: left });
      const done = row.lines.map((of, i) =>
        i === index ? { ...of, qtyDone: of.qtyDone + qty } : of,
      );
      books.tables.order.put({ ...row, lines: done });
    }
  }
}

const sum = (of: readonly number[]) => of.reduce((a, b) => a + b, 0);

/** What is promised and what is left are what there is. */
function expectKept(books: Warehouse, unit: LoadUnit): void {
  const promised = promisedIn(books, unit, around);
  const left = leftFor(books, unit, undefined, around).lines;
  expect(promised.every((qty, i) => qty >= 0 && qty <= (unit.lines[i]?.qty ?? 0))).toBe(true);
  expect(sum(promised) + sum(left.map(({ qty }) => qty))).toBe(
    sum(unit.lines.map(({ qty }) => qty)),
  );
}

test('no quantity is promised twice: whichever load unit comes first, every order gets there what it was promised', () => {
  let [shared, covered] = [0, 0];
  fc.assert(
    fc.property(units, orders, fc.array(fc.nat(99), { maxLength: 4 }), (stocked, wanted, turns) => {
      const books = new Warehouse(topology);
      for (const unit of stocked) books.tables.loadUnit.put(unit);
      for (const [i, wish] of wanted.entries()) promise(books, orderRow(wish, i));
      const rows = [...books.tables.order.values()];
      const sure = rows.filter((row) => !lacksSomething(books, row, around));
      const all = [...books.tables.loadUnit.values()];
      for (const unit of all) expectKept(books, unit);
      shared += all.filter(({ alsoFor = [] }) => alsoFor.length > 0).length;
      const queue = all.map(({ loadUnit: id }) => id);
      for (const turn of turns) queue.push(...queue.splice(turn % queue.length, 1));
      for (const id of queue) visit(books, id);
      for (const { order: id } of sure) {
        const { lines: done } = books.tables.order.get(id) as Order;
        expect(
          done.map(({ qty, qtyDone }) => qty - qtyDone),
          id,
        ).toEqual(done.map(() => 0));
      }
      covered += sure.length;
    }),
    { numRuns: 300 },
  );
  expect(shared).toBeGreaterThan(100);
  expect(covered).toBeGreaterThan(300);
});
