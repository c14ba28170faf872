import { beforeEach, describe, expect, test } from 'vitest';
import { allocate } from '../../src/domain/allocation.ts';
import type { LoadUnit, Order } from '../../src/domain/books.ts';
import type { DeviceId, LocationId, OrderId } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, cell, demoTopology, id, loadUnit, sku, stock } from '../lib/demo.ts';
import { line, order } from '../lib/orders.ts';
import { smallSite } from '../lib/sim-site.ts';

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

describe('what stands in the way', () => {
  const topology = new Topology(smallSite);
  const [front, rear, free] = ['1-01-1', '1-01-2', '2-01-1'].map((end) => at(`A01-L-00${end}`));
  const expiring = (name: string, place: LocationId | undefined, receivedNo: number) =>
    loadUnit(name, place as LocationId, {
      receivedNo,
      lines: [stock('A', 1, { expiry: '2026-12-31' })],
    });
  const wish = order([line('A', 1)], { strategy: 'fefo' });
  beforeEach(() => {
    warehouse = new Warehouse(topology);
    put(expiring('T-1', rear, 1), expiring('T-3', free, 3));
  });

  test('of what expires on one day, that goes first which nothing stands before', () => {
    expect(chosenFor(wish)).toEqual(['T-1']);
    put(loadUnit('T-2', front as LocationId));
    expect(chosenFor(wish)).toEqual(['T-3']);
    warehouse.tables.loadUnit.remove(id('T-2'));
    expect(chosenFor(wish)).toEqual(['T-1']);
  });

  test('the nearest is the one that is there soonest, moving away included', () => {
    const nearest = { ...wish, strategy: 'nearest' } as const;
    put(expiring('T-1', at('A01-L-001-01-2'), 1));
    expect(chosenFor(nearest)).toEqual(['T-1']);
    put(loadUnit('T-2', front as LocationId));
    expect(chosenFor(nearest)).toEqual(['T-3']);
  });

  test('a lock is said, and so is what it keeps back', () => {
    warehouse.tables.lock.put({ location: rear as LocationId, lock: 'both', reason: 'binEmpty' });
    const { loadUnits, notes } = ask({ ...wish, lines: [line('A', 2)] });
    expect(loadUnits).toEqual(['T-3']);
    expect(notes).toEqual([
      'Passed over: A01-L-001-01-2 is locked: binEmpty.',
      'Not to be had of A: 1 locked.',
    ]);
  });

  test('when it is short, the rest is accounted for by number', () => {
    put(
      loadUnit('T-1', rear as LocationId, { order: 'SO-9' as OrderId, lines: [stock('A', 3)] }),
      loadUnit('T-4', at('A01-L-003-01-1'), { lines: [stock('A', 4, { stockStatus: 'blocked' })] }),
      loadUnit('T-5', at('A01-L-004-01-1'), { lines: [stock('A', 5, { expiry: '2026-11-01' })] }),
      loadUnit('T-6', at('OUTSIDE'), { status: 'announced', lines: [stock('A', 6)] }),
      loadUnit('T-7', at('MISSING'), { status: 'missing', lines: [stock('A', 7)] }),
    );
    const { reasons, notes } = ask({ ...wish, lines: [line('A', 9)] });
    expect(reasons).toEqual([{ code: 'STOCK_SHORT', detail: '1 of 9 A can be reached' }]);
    expect(notes?.at(-1)).toBe(
      'Not to be had of A: 6 announced, 7 missing or in question, 3 promised, under way or behind what may not be moved, 5 that expire before 2026-11-22, 4 with status blocked.',
    );
  });
});

describe('an aisle whose crane does not work', () => {
  const second = { ...(smallSite.aisles[0] as Aisle), aisle: 'A02', crane: 'crane-2' as DeviceId };
  const aisles = [smallSite.aisles[0] as Aisle, { ...second, lhd: at('A02-LHD'), stations: [] }];
  const whyStopped = (aisle: string) => (aisle === 'A01' ? 'crane-1: its link is cut' : undefined);
  const askWith = (wish: Order) => allocate(warehouse, wish, { dayIn, whyStopped });
  beforeEach(() => {
    warehouse = new Warehouse(new Topology({ ...smallSite, aisles }));
    put(
      loadUnit('T-1', at('A01-L-001-01-1'), { receivedNo: 1, lines: [stock('A', 5)] }),
      loadUnit('T-2', at('A02-L-001-01-1'), { receivedNo: 2, lines: [stock('A', 5)] }),
    );
  });

  test.each<Partial<Order>>([{ strategy: 'fifo' }, { split: 'fewest' }])(
    'is asked last, and that is said: %j',
    (more) => {
      expect(askWith(order([line('A', 5)], more))).toEqual({
        loadUnits: ['T-2'],
        reasons: [],
        isCovered: true,
        notes: ['A01 is left out: crane-1: its link is cut.'],
      });
      expect(askWith(order([line('A', 6)], more))).toMatchObject({
        loadUnits: ['T-2', 'T-1'],
        isCovered: true,
        notes: ['A01 comes last: crane-1: its link is cut.'],
      });
    },
  );
});

describe('fewest load units', () => {
  const held = (...quantities: number[]) =>
    put(
      ...quantities.map((qty, i) =>
        loadUnit(`T-${i + 1}`, cell(i + 1), { receivedNo: i, lines: [stock('A', qty)] }),
      ),
    );
  const fewest = (qty: number) => chosenFor(order([line('A', qty)], { split: 'fewest' }));

  test('one that is enough by itself, the smallest of them, the oldest of equals', () => {
    held(2, 9, 6, 6);
    expect(fewest(5)).toEqual(['T-3']);
  });
  test('the largest, and at the end one that leaves as little as possible', () => {
    held(2, 9, 6, 3);
    expect(fewest(11)).toEqual(['T-2', 'T-1']);
  });
  test('is what the SKU says, where the order says nothing', () => {
    held(2, 9);
    const record = { sku: sku('A'), unit: 'pcs', strategy: 'fifo', record: {} } as const;
    warehouse.tables.sku.put({ ...record, split: 'fewest' });
    expect(chosenFor(order([line('A', 3)]))).toEqual(['T-2']);
    expect(chosenFor(order([line('A', 3)], { split: 'inOrder' }))).toEqual(['T-1', 'T-2']);
  });
});
