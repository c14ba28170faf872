import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { SkuRecord } from '../../src/domain/books.ts';
import { noteStay } from '../../src/domain/class-books.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { type Improvement, improve } from '../../src/domain/layout-care.ts';
import { defaultWeights } from '../../src/domain/putaway-score.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, id, loadUnit, sku, stock } from '../lib/demo.ts';
import { siteOf } from '../lib/several-aisles.ts';

const topology = new Topology(
  siteOf(1, {
    aisle: { bays: 6, levels: 3, depths: 2 },
    slotting: { weights: defaultWeights, classes: 3 },
  }),
);
const [aisle] = topology.site.aisles;
if (aisle === undefined) throw new Error('no aisle');
const minuteMs = 60_000;
/** Each SKU is wanted so often. */
const intervals: readonly [string, number][] = [
  ['FAST', minuteMs],
  ['MEDIUM', 300 * minuteMs],
  ['SLOW', 60_000 * minuteMs],
];
const lanes = ['L', 'R'].flatMap((side) =>
  [1, 2, 3, 4, 5, 6].flatMap((bay) => [1, 2, 3].map((level) => `A01-${side}-00${bay}-0${level}`)),
);
type Lane = { readonly front?: string | undefined; readonly rear?: string | undefined };

/** An aisle in which each lane holds what the list says, by SKU. */
function stocked(contents: readonly Lane[]) {
  const warehouse = new Warehouse(topology);
  for (const [name, intervalMs] of intervals) {
    const demand = { intervalMs, intervals: 16, lastAtMs: 0 };
    const record = { sku: sku(name), unit: 'pcs', strategy: 'fifo', demand, record: {} } as const;
    warehouse.tables.sku.put(record satisfies SkuRecord);
  }
  for (let i = 0; i < 256; i++) noteStay(warehouse, intervals[i % 3]?.[1] ?? 0, 3);
  const put = (name: string | undefined, place: string) => {
    if (name === undefined) return;
    const more = { lines: [stock(name, 1)] };
    warehouse.tables.loadUnit.put(loadUnit(`${name} at ${place}`, at(place), more));
  };
  for (const [i, { front, rear }] of contents.entries()) {
    put(rear, `${lanes[i]}-2`);
    put(front, `${lanes[i]}-1`);
  }
  const slotting = new Slotting(topology);
  const next = () => improve(slotting, warehouse, aisle as never, { after: 0, count: 1_000 }).found;
  return { warehouse, improve: next };
}

const move = (warehouse: Warehouse, { loadUnit: moved, to }: Improvement) => {
  const unit = warehouse.loadUnit(moved);
  if (unit !== undefined) warehouse.tables.loadUnit.put({ ...unit, place: to });
};
const empty: Lane[] = lanes.map(() => ({}));
const lane = (name: string) => lanes.indexOf(name);

describe('what stands badly is found', () => {
  test('what is wanted soon and is far away, while nearer cells stand empty', () => {
    const { improve } = stocked(empty.with(lane('A01-L-006-03'), { rear: 'FAST' }));
    expect(improve()).toMatchObject({ from: 'A01-L-006-03-2', to: 'A01-L-001-01-2' });
    expect(improve()?.why).toContain('it is wanted soon, and A01-L-001-01-2 is');
  });

  test('not what is seldom wanted, however far away it is', () => {
    const { improve } = stocked(empty.with(lane('A01-L-006-03'), { rear: 'SLOW' }));
    expect(improve()).toBeUndefined();
  });

  test('what stands before something that is wanted first', () => {
    const { improve } = stocked(empty.with(lane('A01-L-001-01'), { front: 'SLOW', rear: 'FAST' }));
    expect(improve()?.from).toBe('A01-L-001-01-1');
    expect(improve()?.why).toContain('digging');
  });

  test('what keeps an empty cell closed', () => {
    const { improve } = stocked(empty.with(lane('A01-R-003-02'), { front: 'SLOW' }));
    expect(improve()).toMatchObject({ from: 'A01-R-003-02-1', to: 'A01-R-003-02-2' });
  });

  test('what could share a lane with the same SKU, where few lanes are empty', () => {
    const full: Lane[] = lanes.map(() => ({ front: 'SLOW', rear: 'SLOW' }));
    const two = full
      .with(lane('A01-L-001-01'), { rear: 'MEDIUM' })
      .with(lane('A01-L-006-03'), { rear: 'MEDIUM' });
    const { warehouse, improve } = stocked(two);
    const record = warehouse.tables.sku.get(sku('MEDIUM'));
    if (record !== undefined) warehouse.tables.sku.put({ ...record, strategy: 'lifo' });
    expect(improve()).toMatchObject({ from: 'A01-L-006-03-2', to: 'A01-L-001-01-1' });
  });
});

test.each<[string, (warehouse: Warehouse, place: LocationId) => void]>([
  ['is closed', (w, location) => w.tables.lock.put({ location, lock: 'out', reason: 'test' })],
  [
    'is promised to an order',
    (w, place) => {
      const [unit] = w.at(place);
      if (unit !== undefined) w.tables.loadUnit.put({ ...unit, order: 'SO-1' as never });
    },
  ],
  [
    'is in question',
    (w, place) => {
      const [unit] = w.at(place);
      if (unit !== undefined) w.tables.loadUnit.put({ ...unit, confidence: 'disputed' });
    },
  ],
])('what %s is left where it is', (_, changed) => {
  const { warehouse, improve } = stocked(empty.with(lane('A01-L-006-03'), { rear: 'FAST' }));
  changed(warehouse, at('A01-L-006-03-2'));
  expect(improve()).toBeUndefined();
});

test('whatever stands where, each move goes into a cell that can take it and gains something, and they come to an end', () => {
  const name = fc.option(fc.constantFrom('FAST', 'MEDIUM', 'SLOW'), { nil: undefined });
  const contents = fc.array(fc.record({ front: name, rear: name }), {
    minLength: lanes.length,
    maxLength: lanes.length,
  });
  fc.assert(
    fc.property(contents, (drawn) => {
      const { warehouse, improve } = stocked(drawn);
      const before = warehouse.tables.loadUnit.size;
      let moves = 0;
      for (let found = improve(); found !== undefined; found = improve()) {
        expect(found.gainMs).toBeGreaterThan(0);
        expect(warehouse.countAt(found.to)).toBe(0);
        for (const cell of [found.from, found.to]) {
          const front = topology.frontOf(cell);
          const there = front === undefined ? [] : warehouse.at(front);
          expect(there.filter(({ loadUnit: other }) => other !== found.loadUnit)).toEqual([]);
        }
        move(warehouse, found);
        expect(++moves).toBeLessThan(3 * lanes.length);
      }
      expect(warehouse.tables.loadUnit.size).toBe(before);
    }),
    { numRuns: 60 },
  );
});

test('a load unit that no order wants may be moved, one that an order wants may not', () => {
  const { warehouse, improve } = stocked(empty.with(lane('A01-L-006-03'), { rear: 'FAST' }));
  expect(improve()?.loadUnit).toBe('FAST at A01-L-006-03-2');
  const wanted = {
    order: 'SO-1',
    status: 'queued',
    no: 1,
    lines: [],
    wanted: id('FAST at A01-L-006-03-2'),
  };
  warehouse.tables.order.put(wanted as never);
  expect(improve()).toBeUndefined();
});
