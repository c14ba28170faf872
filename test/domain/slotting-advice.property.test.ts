import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoadUnit, SkuRecord } from '../../src/domain/books.ts';
import { noteStay } from '../../src/domain/class-books.ts';
import { defaultWeights } from '../../src/domain/putaway-score.ts';
import { whyNotReachable } from '../../src/domain/reachability.ts';
import { Slotting, travelMs } from '../../src/domain/slotting.ts';
import {
  type AdvisedMove,
  adviceRound,
  advisedMovesMax,
  slottingAdvice,
  whyNoAdvice,
} from '../../src/domain/slotting-advice.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, demoSite, id, loadUnit, sku, stock } from '../lib/demo.ts';
import { siteOf } from '../lib/several-aisles.ts';

const minuteMs = 60_000;
const nowMs = 1_000_000 * minuteMs;
/** Each SKU is wanted so often; of the last nobody knows. */
const intervals: readonly (readonly [string, number])[] = [
  ['FAST', 10 * minuteMs],
  ['MEDIUM', 1_000 * minuteMs],
  ['SLOW', 60_000 * minuteMs],
];
const signals = { everyS: 60 } as never;
const siteWith = (depths: number, more = {}) =>
  new Topology({
    ...siteOf(2, {
      aisle: { bays: 7, levels: 3, depths },
      slotting: { weights: defaultWeights, classes: 3 },
    }),
    ...{ signals, ...more },
  });
const topologies = [siteWith(1), siteWith(2)];

const cellsOf = (topology: Topology): readonly string[] =>
  topology.site.aisles.flatMap(({ aisle, bays, levels, depths }) =>
    ['L', 'R'].flatMap((side) =>
      Array.from({ length: bays * levels * depths }, (_, i) => {
        const [bay, level, depth] = [
          Math.floor(i / (levels * depths)) + 1,
          (Math.floor(i / depths) % levels) + 1,
          (i % depths) + 1,
        ];
        return `${aisle}-${side}-00${bay}-0${level}-${depth}`;
      }),
    ),
  );

interface Stand {
  readonly sku: string;
  readonly cell: number;
  readonly isPromised: boolean;
  readonly isLocked: boolean;
}

function stocked(topology: Topology, stands: readonly Stand[]) {
  const warehouse = new Warehouse(topology);
  for (const [name, intervalMs] of intervals) {
    const demand = { intervalMs, intervals: 16, lastAtMs: nowMs };
    const record = {
      sku: sku(name),
      unit: 'pcs',
      strategy: 'nearest',
      demand,
      record: {},
    } as const;
    warehouse.tables.sku.put(record satisfies SkuRecord);
  }
  for (let i = 0; i < 256; i++) noteStay(warehouse, (intervals[i % 3]?.[1] ?? 0) * 4, 3);
  const cells = cellsOf(topology);
  for (const [i, { sku: name, cell, isPromised, isLocked }] of stands.entries()) {
    const place = at(cells[cell % cells.length] ?? '');
    if (warehouse.countAt(place) > 0) continue;
    const more = { lines: [stock(name, 1)], ...(isPromised && { order: 'SO-1' as never }) };
    warehouse.tables.loadUnit.put(loadUnit(`T-${i}`, place, more));
    if (isLocked) warehouse.tables.lock.put({ location: place, lock: 'both' } as never);
  }
  return warehouse;
}

const unitsOf = (warehouse: Warehouse, name: string): readonly LoadUnit[] =>
  warehouse.withSku(sku(name)).filter((unit) => unit.order === undefined);

/** What all SKUs are advised, the most wanted first. */
function advise(warehouse: Warehouse, slotting: Slotting) {
  const round = adviceRound();
  return intervals.flatMap(([name]) => {
    const seen = { units: unitsOf(warehouse, name), nowMs, round };
    const found = slottingAdvice(slotting, warehouse, sku(name), seen);
    return found === undefined ? [] : [{ name, ...found }];
  });
}

const wayS = (warehouse: Warehouse, { place }: LoadUnit): number => {
  const found = warehouse.topology.placeOf(place);
  if (found.kind !== 'cell') throw new Error(`${place} is no cell`);
  return travelMs(found.aisle, found.cell.bay, found.cell.level) / 1000;
};

/** Seconds that all retrievals of a day need one way, if each load unit of a SKU is as likely wanted: from the places alone. */
const daysWayS = (warehouse: Warehouse): number =>
  intervals.reduce((sum, [name, intervalMs]) => {
    const units = unitsOf(warehouse, name);
    if (units.length === 0) return sum;
    const ways = units.reduce((all, unit) => all + wayS(warehouse, unit), 0);
    return sum + ((86_400_000 / intervalMs) * ways) / units.length;
  }, 0);

function make(warehouse: Warehouse, { loadUnit: moved, from, to }: AdvisedMove): void {
  const unit = warehouse.loadUnit(moved);
  if (unit === undefined) throw new Error(`${moved} is not there`);
  expect([unit.place, warehouse.countAt(to)]).toEqual([from, 0]);
  for (const place of [from, to]) {
    const front = warehouse.topology.frontOf(place);
    if (front !== undefined) expect(warehouse.countAt(front)).toBe(0);
  }
  warehouse.tables.loadUnit.put({ ...unit, place: to });
}

const anyStock = fc.array(
  fc.record({
    sku: fc.constantFrom('FAST', 'FAST', 'MEDIUM', 'SLOW', 'UNKNOWN'),
    cell: fc.nat({ max: 167 }),
    isPromised: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
    isLocked: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  }),
  { minLength: 10, maxLength: 110 },
);

test('whatever stands where, each move gains, takes only what can be reached, and is in the way of no other one, in whatever order', () => {
  let moved = 0;
  fc.assert(
    fc.property(
      fc.constantFrom(...topologies),
      anyStock,
      fc.boolean(),
      (topology, stands, isBackward) => {
        const warehouse = stocked(topology, stands);
        const all = advise(warehouse, new Slotting(topology)).flatMap(({ moves }) => moves);
        for (const { loadUnit: name, gainMs, nearerMs, costMs } of all) {
          expect(Math.min(gainMs, nearerMs, costMs)).toBeGreaterThan(0);
          const unit = warehouse.loadUnit(id(name)) as LoadUnit;
          expect(whyNotReachable(warehouse, unit)).toBeUndefined();
          expect(warehouse.tables.lock.has(unit.place)).toBe(false);
        }
        for (const move of isBackward ? all.toReversed() : all) make(warehouse, move);
        moved += all.length;
      },
    ),
    { numRuns: 150 },
  );
  expect(moved).toBeGreaterThan(300);
});

test('the gain of all SKUs is what the ways of a day become shorter by, and once all moves are made nothing is left to gain', () => {
  let rounds = 0;
  fc.assert(
    fc.property(anyStock, (stands) => {
      const [topology] = topologies as [Topology];
      const warehouse = stocked(topology, stands);
      const slotting = new Slotting(topology);
      for (let round = 0; ; round++) {
        const found = advise(warehouse, slotting);
        if (found.length === 0) return;
        expect(round).toBeLessThan(20);
        const before = daysWayS(warehouse);
        for (const { moves } of found) for (const move of moves) make(warehouse, move);
        const gain = found.reduce((sum, { advice }) => sum + advice.gainSPerDay, 0);
        // Each is told to a tenth of a second.
        expect(Math.abs(before - daysWayS(warehouse) - gain)).toBeLessThan(0.16);
        rounds++;
      }
    }),
    { numRuns: 100 },
  );
  expect(rounds).toBeGreaterThan(100);
});

describe('what is told of a SKU', () => {
  const [topology] = topologies as [Topology];
  const stand = (name: string, cell: number) => ({
    sku: name,
    cell,
    isPromised: false,
    isLocked: false,
  });

  test('is how many of its load units stand outside of its region, and what it costs to bring them there', () => {
    // Two at the far end of the first aisle, one at the near.
    const warehouse = stocked(topology, [stand('FAST', 20), stand('FAST', 19), stand('FAST', 0)]);
    const [found] = advise(warehouse, new Slotting(topology));
    expect(found).toMatchObject({ name: 'FAST' });
    const { advice } = found ?? {};
    expect(advice).toMatchObject({ storageClass: 1, takenPerDay: 144, loadUnits: 3, moves: 2 });
    const saved = (advice?.travelNowS ?? 0) - (advice?.travelThenS ?? 0);
    expect(Math.abs(saved * 144 - (advice?.gainSPerDay ?? 0))).toBeLessThan(144 * 0.1);
    // Three are gone within half an hour: so soon nothing is paid back.
    expect(advice?.daysToPayBack).toBeUndefined();
  });

  test('is that it is wanted less, once nobody has wanted it for longer than usual', () => {
    const warehouse = stocked(topology, [stand('FAST', 20), stand('FAST', 19)]);
    const record = warehouse.tables.sku.get(sku('FAST')) as SkuRecord;
    const demand = { intervalMs: 10 * minuteMs, intervals: 16, lastAtMs: nowMs - 1_440 * minuteMs };
    warehouse.tables.sku.put({ ...record, demand });
    expect(advise(warehouse, new Slotting(topology))[0]?.advice.takenPerDay).toBe(1);
  });

  test('is nothing where no demand is known, or all stands in its region', () => {
    expect(advise(stocked(topology, [stand('UNKNOWN', 20)]), new Slotting(topology))).toEqual([]);
    expect(advise(stocked(topology, [stand('FAST', 0)]), new Slotting(topology))).toEqual([]);
  });

  test('is bounded: no more moves than a round has left, and those for what is wanted most', () => {
    const warehouse = stocked(topology, [stand('FAST', 20), stand('FAST', 19), stand('FAST', 18)]);
    const round = { ...adviceRound(), left: 1 };
    const seen = { units: unitsOf(warehouse, 'FAST'), nowMs, round };
    const found = slottingAdvice(new Slotting(topology), warehouse, sku('FAST'), seen);
    expect([found?.moves.length, round.left, adviceRound().left]).toEqual([1, 0, advisedMovesMax]);
  });
});

test('nothing is to leave a cell before which another one is to be put', () => {
  // Only the highest level takes large ones, and only one cell of it is free: before a small one, which would go lower.
  const cellClasses = [{ levels: [1, 2], heightMaxMm: 100, massMaxKg: 35 }] as const;
  const slotting = { weights: defaultWeights, classes: 3 };
  const aisle = { bays: 7, levels: 3, depths: 2, cellClasses };
  const topology = new Topology({ ...siteOf(1, { aisle, slotting }), signals });
  const warehouse = stocked(topology, []);
  const put = (name: string, place: string, heightMm: number) => {
    const more = { lines: [stock(name, 1)], heightMm };
    warehouse.tables.loadUnit.put(loadUnit(`T-${place}`, at(place), more));
  };
  for (const place of cellsOf(topology)) {
    const [, side, bay, level, depth] = place.split('-');
    if (level !== '03' || (side === 'L' && bay === '006')) continue;
    if (side === 'R' && bay === '007') {
      if (depth === '2') put('FAST', place, 300);
    } else put('UNKNOWN', place, 300);
  }
  put('MEDIUM', 'A01-L-006-03-2', 50);
  const found = advise(warehouse, new Slotting(topology)).flatMap(({ moves }) => moves);
  expect(found).toMatchObject([{ loadUnit: 'T-A01-R-007-03-2', to: 'A01-L-006-03-1' }]);
});

test('why nothing can be advised is said', () => {
  const why = (more: object) => whyNoAdvice(new Warehouse(siteWith(1, more)));
  expect(why({ signals: undefined })).toContain('no signals');
  expect(why({ slotting: demoSite.slotting })).toContain('no storage classes (slotting');
  expect(why({})).toContain('256 putaways');
  expect(whyNoAdvice(stocked(topologies[0] as Topology, []))).toBeUndefined();
});
