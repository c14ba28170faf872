import { beforeEach, describe, expect, test } from 'vitest';
import { allocate } from '../../src/domain/allocation.ts';
import type { LoadUnit, Order, OrderLine, Strategy } from '../../src/domain/books.ts';
import type { OrderId, WorkflowId } from '../../src/domain/ids.ts';
import { whyNotReachable } from '../../src/domain/reachability.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, cell, demoTopology, id, loadUnit, sku, stock } from '../lib/demo.ts';
import { line, order } from '../lib/orders.ts';

const dayIn = (days: number) => `2026-11-${22 + days}`;
const around = { dayIn, whyStopped: () => undefined };
let warehouse: Warehouse;
beforeEach(() => {
  warehouse = new Warehouse(demoTopology);
});
const put = (...units: LoadUnit[]) => {
  for (const unit of units) warehouse.tables.loadUnit.put(unit);
};
const ask = (wish: Order) => allocate(warehouse, wish, around);
const chosenFor = (wish: Order) => ask(wish).loadUnits;

describe('the order in which stock goes', () => {
  const lot = (name: string, bay: number, receivedNo: number, expiry?: string) =>
    loadUnit(name, cell(bay), { receivedNo, lines: [stock('A', 1, { expiry })] });
  test.each<[Strategy, string[]]>([
    ['fefo', ['T-3', 'T-1', 'T-4', 'T-2']],
    ['fifo', ['T-1', 'T-2', 'T-3', 'T-4']],
    ['lifo', ['T-4', 'T-3', 'T-2', 'T-1']],
    ['nearest', ['T-4', 'T-2', 'T-3', 'T-1']],
  ])('%s', (strategy, expected) => {
    put(
      lot('T-2', 3, 2),
      lot('T-4', 2, 4, '2026-12-31'),
      lot('T-1', 9, 1, '2026-12-31'),
      lot('T-3', 5, 3, '2026-12-01'),
    );
    expect(chosenFor(order([line('A', 4)], { strategy }))).toEqual(expected);
  });

  test('is that of the SKU when the order says none, and FIFO when neither does', () => {
    put(lot('T-1', 1, 1), lot('T-2', 2, 2));
    expect(chosenFor(order([line('A', 1)]))).toEqual(['T-1']);
    const record = { sku: sku('A'), unit: 'pcs', strategy: 'lifo', record: {} } as const;
    warehouse.tables.sku.put(record);
    expect(chosenFor(order([line('A', 1)]))).toEqual(['T-2']);
  });
});

describe('what may go', () => {
  const one = (more: Parameters<typeof stock>[2]) =>
    put(loadUnit('T-1', cell(1), { lines: [stock('A', 9, more)] }));
  test.each<[string, Parameters<typeof stock>[2], Partial<OrderLine>, boolean]>([
    ['expired yesterday', { expiry: '2026-11-21' }, {}, false],
    ['expires today', { expiry: '2026-11-22' }, {}, true],
    [
      'expired, whatever early day the order allows',
      { expiry: '2026-11-21' },
      { expiry: '2026-01-01' },
      false,
    ],
    [
      'expires before the day that the order allows',
      { expiry: '2026-11-25' },
      { expiry: '2026-11-26' },
      false,
    ],
    ['says no day, and the order wants one', {}, { expiry: '2026-11-26' }, false],
    ['of another lot', { lot: 'L1' }, { lot: 'L2' }, false],
    ['of any lot', { lot: 'L1' }, {}, true],
    ['blocked', { stockStatus: 'blocked' }, {}, false],
    [
      'blocked, and the order wants what is blocked',
      { stockStatus: 'blocked' },
      { stockStatus: 'blocked' },
      true,
    ],
  ])('%s', (_, held, wanted, expected) => {
    one(held);
    expect(chosenFor(order([line('A', 1, wanted)])).length > 0).toBe(expected);
  });

  test('not what has less shelf life left than its SKU must have at retrieval', () => {
    const record = { sku: sku('A'), unit: 'pcs', strategy: 'fefo', record: {} } as const;
    warehouse.tables.sku.put({ ...record, minRemainingDays: 3 });
    put(
      loadUnit('T-1', cell(1), { lines: [stock('A', 9, { expiry: '2026-11-24' })] }),
      loadUnit('T-2', cell(2), { lines: [stock('A', 9, { expiry: '2026-11-25' })] }),
    );
    expect(chosenFor(order([line('A', 1)]))).toEqual(['T-2']);
  });
});

describe('nothing goes', () => {
  test.each<[string, Partial<LoadUnit>, string]>([
    ['promised to another order', { order: 'SO-2' as OrderId }, 'LOAD_UNIT_BUSY'],
    ['under way', { workflow: 'putaway/1' as WorkflowId }, 'LOAD_UNIT_BUSY'],
    ['announced only', { status: 'announced' }, 'LOAD_UNIT_BUSY'],
    ['to be clarified', { status: 'clarification' }, 'LOAD_UNIT_BUSY'],
    ['missing', { status: 'missing' }, 'LOAD_UNIT_MISSING'],
    ['not where the books have it, perhaps', { confidence: 'disputed' }, 'LOAD_UNIT_MISSING'],
    ['at a workstation', { place: at('PICK-01') }, 'LOAD_UNIT_BUSY'],
    ['on the crane', { place: at('A01-LHD') }, 'LOAD_UNIT_BUSY'],
  ])('that is %s', (_, more, code) => {
    const unit = loadUnit('T-1', cell(1), { lines: [stock('A', 9)], ...more });
    put(unit);
    expect(whyNotReachable(warehouse, unit)).toMatchObject({ code });
    expect(ask(order([line('A', 1)]))).toMatchObject({ loadUnits: [], isCovered: false });
    expect(ask(order([], { wanted: id('T-1') }))).toMatchObject({
      loadUnits: [],
      reasons: [{ code }],
    });
  });

  test.each<['in' | 'out' | 'both', boolean]>([
    ['in', true],
    ['out', false],
    ['both', false],
  ])('out of a cell that is locked for %s, may it go: %s', (lock, isReachable) => {
    const unit = loadUnit('T-1', cell(1), { lines: [stock('A', 9)] });
    put(unit);
    warehouse.tables.lock.put({ location: cell(1), lock, reason: 'binEmpty' });
    expect(whyNotReachable(warehouse, unit) === undefined).toBe(isReachable);
    expect(ask(order([line('A', 1)])).isCovered).toBe(isReachable);
  });
});

describe('how much goes', () => {
  const units = (...quantities: number[]) =>
    put(
      ...quantities.map((qty, i) =>
        loadUnit(`T-${i + 1}`, cell(i + 1), { receivedNo: i, lines: [stock('A', qty)] }),
      ),
    );

  test('whole load units until it is covered, and not one more', () => {
    units(4, 4, 4);
    expect(ask(order([line('A', 5)]))).toEqual({
      loadUnits: ['T-1', 'T-2'],
      reasons: [],
      isCovered: true,
    });
  });

  test('short says how much of what can be reached', () => {
    units(4, 4);
    expect(ask(order([line('A', 10)]))).toEqual({
      loadUnits: ['T-1', 'T-2'],
      reasons: [{ code: 'STOCK_SHORT', detail: '8 of 10 A can be reached' }],
      short: [line('A', 10)],
      isCovered: false,
    });
  });

  test('what has been delivered and what is on its way counts', () => {
    units(4, 4, 4);
    put(loadUnit('T-1', cell(1), { order: 'SO-1' as OrderId, lines: [stock('A', 4)] }));
    const wish = order([line('A', 10, { qtyDone: 2 })], { open: [id('T-1')] });
    expect(chosenFor(wish)).toEqual(['T-2']);
  });

  test('no quantity counts for two lines of the same SKU', () => {
    units(6, 6);
    const two = [line('A', 5, { line: 1 }), line('A', 5, { line: 2 })];
    expect(chosenFor(order(two))).toEqual(['T-1', 'T-2']);
    put(loadUnit('T-1', cell(1), { order: 'SO-1' as OrderId, lines: [stock('A', 6)] }));
    expect(chosenFor(order(two, { open: [id('T-1')] }))).toEqual(['T-2']);
  });

  test('a load unit that carries two of the wanted SKUs is sent once', () => {
    put(loadUnit('T-1', cell(1), { lines: [stock('A', 1), stock('B', 1)] }));
    put(loadUnit('T-2', cell(2), { receivedNo: 1, lines: [stock('B', 5)] }));
    expect(chosenFor(order([line('A', 1), line('B', 2)]))).toEqual(['T-1', 'T-2']);
  });

  test('FEFO looks at the lot that is wanted, not at what else is on the load unit', () => {
    const lots = (a: string, b: string) => [
      stock('A', 1, { lot: 'L1', expiry: a }),
      stock('A', 1, { lot: 'L2', expiry: b }),
    ];
    put(loadUnit('T-1', cell(1), { lines: lots('2026-11-23', '2027-02-01') }));
    put(loadUnit('T-2', cell(2), { lines: lots('2026-11-24', '2027-01-01') }));
    const wish = order([line('A', 1, { lot: 'L2' })], { strategy: 'fefo' });
    expect(chosenFor(wish)).toEqual(['T-2']);
  });
});

describe('the one load unit that is wanted', () => {
  const wish = order([], { wanted: id('T-1') });
  test('is sent whatever it carries', () => {
    put(loadUnit('T-1', cell(1)));
    expect(ask(wish)).toEqual({ loadUnits: ['T-1'], reasons: [], isCovered: true });
  });
  test('is not sent twice', () => {
    put(loadUnit('T-1', cell(1), { order: 'SO-1' as OrderId }));
    expect(ask({ ...wish, open: [id('T-1')] })).toMatchObject({ loadUnits: [], isCovered: true });
  });
  test('and is unknown', () => {
    expect(ask(wish)).toMatchObject({ loadUnits: [], isCovered: false });
  });
});
