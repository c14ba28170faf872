import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LoadUnit } from '../../src/domain/books.ts';
import { noteStay } from '../../src/domain/class-books.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { defaultWeights } from '../../src/domain/putaway-score.ts';
import { type AisleOffer, Slotting } from '../../src/domain/slotting.ts';
import { cellCode, Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, loadUnit, sku, stock } from '../lib/demo.ts';
import { siteOf } from '../lib/several-aisles.ts';

/** Few cells, so that full and free, low and high, front and rear meet all the time. */
const low = { levels: [1, 1], heightMaxMm: 200, massMaxKg: 20 } as const;
const site = siteOf(3, { aisle: { bays: 2, levels: 2, depths: 2, cellClasses: [low] } });
const topology = new Topology(site);
const cells = site.aisles.flatMap(({ aisle, bays, levels, depths }) =>
  Array.from({ length: bays * levels * depths * 2 }, (_, n) =>
    cellCode(aisle, {
      side: n % 2 === 0 ? 'L' : 'R',
      bay: (Math.floor(n / 2) % bays) + 1,
      level: (Math.floor(n / 2 / bays) % levels) + 1,
      depth: Math.floor(n / 2 / bays / levels) + 1,
    }),
  ),
);
const offers: readonly AisleOffer[] = site.aisles.map((aisle) => ({
  aisle,
  pd: at(`${aisle.aisle}-PD-IN`),
}));
const aisleAt = (location: LocationId) => {
  const place = topology.placeOf(location);
  if (place.kind !== 'cell') throw new Error(`${location} is no cell`);
  return place;
};

const units = fc.record({
  heightMm: fc.constantFrom(150, 320, undefined),
  massKg: fc.constantFrom(10, 35, undefined),
  sku: fc.constantFrom('A', 'B', 'C', undefined),
  expiry: fc.constantFrom('2027-01-01', '2027-02-01', undefined),
});
const steps = fc.oneof(
  { weight: 4, arbitrary: fc.record({ act: fc.constant('store' as const), unit: units }) },
  fc.record({
    act: fc.constantFrom('arrive' as const, 'leave' as const, 'lock' as const, 'unlock' as const),
    of: fc.nat(),
  }),
);
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;

/** What a cell may not be when something is sent to it, told from the books alone. */
function whyRefused(warehouse: Warehouse, unit: LoadUnit, to: LocationId): string | undefined {
  const { aisle, cell } = aisleAt(to);
  const isLow = cell.level === 1;
  if (isLow && !((unit.heightMm ?? 320) <= 200 && (unit.massKg ?? 35) <= 20)) return 'size';
  if (['in', 'both'].includes(warehouse.tables.lock.get(to)?.lock ?? '')) return 'locked';
  if (warehouse.countAt(to) > 0) return 'occupied';
  if (warehouse.tables.reservation.has(to)) return 'reserved';
  const other = cellCode(aisle.aisle, { ...cell, depth: 3 - cell.depth });
  if (warehouse.tables.reservation.has(other)) return 'its lane is promised';
  if (cell.depth === 2) return warehouse.countAt(other) > 0 ? 'behind another' : undefined;
  const isRearFree = warehouse.countAt(other) === 0 && !warehouse.tables.lock.has(other);
  return isRearFree ? 'it closes a free cell' : undefined;
}

class History {
  readonly warehouse: Warehouse;
  readonly slotting: Slotting;
  #stored = 0;

  /** @param classes  storage classes, from demand that differs a lot; SKU C is wanted by nobody yet */
  constructor(classes = 1) {
    const slotting = { weights: defaultWeights, classes };
    const at = new Topology({ ...site, slotting });
    this.warehouse = new Warehouse(at);
    this.slotting = new Slotting(at);
    for (const [name, intervalMs] of Object.entries({ A: 60_000, B: 600_000_000 })) {
      const demand = { intervalMs, intervals: 3, lastAtMs: 0 };
      const row = { sku: sku(name), unit: 'pcs', strategy: 'fefo', demand, record: {} } as const;
      this.warehouse.tables.sku.load(row);
    }
    for (let i = 0; classes > 1 && i < 256; i++) {
      noteStay(this.warehouse, 60_000 * 2 ** (i % 14), classes);
    }
  }

  unit({
    heightMm,
    massKg,
    sku: name,
    expiry,
  }: typeof units extends fc.Arbitrary<infer T> ? T : never) {
    const lines = name === undefined ? [] : [stock(name, 1, { expiry })];
    return loadUnit(`T-${++this.#stored}`, at('IN-01'), { heightMm, massKg, lines });
  }

  take(step: Step): void {
    const { tables } = this.warehouse;
    if (step.act === 'store') {
      const unit = this.unit(step.unit);
      const { chosen } = this.slotting.chooseAisle(this.warehouse, unit, offers);
      if (chosen === undefined) return;
      tables.loadUnit.put(unit);
      tables.reservation.put({ location: chosen.location, loadUnit: unit.loadUnit });
      return;
    }
    if (step.act === 'arrive') return this.#arrive(step.of);
    const location = cells[step.of % cells.length] as LocationId;
    const [there] = this.warehouse.at(location);
    if (step.act === 'lock') tables.lock.put({ location, lock: 'both', reason: 'test' });
    if (step.act === 'unlock') tables.lock.remove(location);
    if (step.act === 'leave' && there !== undefined) tables.loadUnit.remove(there.loadUnit);
  }

  /** One of those under way stands before its crane, which takes it to the best cell of then. */
  #arrive(of: number): void {
    const { reservation, loadUnit: table } = this.warehouse.tables;
    const promised = [...reservation.values()];
    const { location, loadUnit: name } = promised[of % Math.max(1, promised.length)] ?? {};
    const unit = name && this.warehouse.loadUnit(name);
    if (location === undefined || unit === undefined) return;
    reservation.remove(location);
    const { aisle } = aisleAt(location);
    const { chosen } = this.slotting.assignLocation(this.warehouse, unit, aisle);
    const isKept = whyRefused(this.warehouse, unit, location) === undefined;
    if (isKept) expect(chosen, 'the room that was kept is gone').toBeDefined();
    if (chosen === undefined) return;
    expect(whyRefused(this.warehouse, unit, chosen)).toBeUndefined();
    table.put({ ...unit, place: chosen });
  }
}

const histories = fc.array(steps, { minLength: 5, maxLength: 60 });

describe('over any history of putaways, retrievals and locks', () => {
  test('no cell is chosen that refuses, none while one that fits is free, and always with reasons, whatever the classes', () => {
    fc.assert(
      fc.property(histories, units, fc.constantFrom(1, 3), (history, next, classes) => {
        const books = new History(classes);
        for (const step of history) {
          books.take(step);
        }
        const unit = books.unit(next);
        const { chosen, reasons } = books.slotting.chooseAisle(books.warehouse, unit, offers);
        const open = cells.filter((to) => whyRefused(books.warehouse, unit, to) === undefined);
        if (chosen === undefined) expect(open).toEqual([]);
        else expect(open).toContain(chosen.location);
        expect(reasons.length).toBeGreaterThan(0);
        for (const aisle of site.aisles) {
          const own = books.slotting.assignLocation(books.warehouse, unit, aisle);
          const isOpen = open.some((to) => aisleAt(to).aisle.aisle === aisle.aisle);
          expect([own.chosen !== undefined, own.reasons.length > 0]).toEqual([isOpen, true]);
        }
      }),
      { numRuns: 200 },
    );
  });

  test('no cell is promised twice, and what is on its way always finds room in its aisle', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const books = new History();
        for (const step of history) {
          books.take(step);
          for (const cell of cells) {
            expect(books.warehouse.countAt(cell)).toBeLessThanOrEqual(1);
          }
        }
      }),
      { numRuns: 200 },
    );
  });

  test('the same books lead to the same choice for the same reasons, however they came to be', () => {
    fc.assert(
      fc.property(histories, units, (history, next) => {
        const books = new History();
        for (const step of history) books.take(step);
        const unit = books.unit(next);
        const anew = new Warehouse(topology);
        for (const name of ['sku', 'loadUnit', 'reservation', 'lock'] as const) {
          const rows = [...books.warehouse.tables[name].values()].reverse();
          for (const row of rows) anew.tables[name].load(row as never);
        }
        const again = new Slotting(topology).chooseAisle(anew, unit, offers);
        expect(books.slotting.chooseAisle(books.warehouse, unit, offers)).toEqual(again);
      }),
      { numRuns: 200 },
    );
  });

  test('an aisle that is down gets nothing, and the reasons say why', () => {
    fc.assert(
      fc.property(histories, units, fc.nat({ max: 2 }), (history, next, down) => {
        const books = new History();
        for (const step of history) books.take(step);
        const refused = `crane-${down + 1} is off`;
        const some = offers.map((offer, i) => (i === down ? { ...offer, refused } : offer));
        const { chosen, reasons } = books.slotting.chooseAisle(
          books.warehouse,
          books.unit(next),
          some,
        );
        if (chosen !== undefined) expect(chosen.pd).not.toBe(offers[down]?.pd);
        expect(reasons.some(({ detail }) => detail.includes(refused))).toBe(true);
      }),
    );
  });
});

/** Bay and level: the same way for the crane. */
const faceOf = (location: LocationId) => location.slice(6, 12);

test('a cell next to a place is as free as any, and as good as the best but for the way', () => {
  let found = 0;
  fc.assert(
    fc.property(histories, units, fc.nat(), (history, next, of) => {
      const books = new History();
      for (const step of history) books.take(step);
      const { warehouse, slotting } = books;
      const unit = books.unit(next);
      const place = cells[of % cells.length] as LocationId;
      const { aisle } = aisleAt(place);
      const near = slotting.near(warehouse, unit, aisle, { place, count: 3 });
      expect(near.map((to) => whyRefused(warehouse, unit, to))).toEqual(near.map(() => undefined));
      expect(new Set(near).size).toBe(near.length);
      const [nearest] = near;
      if (nearest === undefined) return;
      found++;
      const except = [nearest];
      expect(slotting.near(warehouse, unit, aisle, { place, count: 3, except })).not.toContain(
        nearest,
      );
      if (near.includes(place)) expect(faceOf(nearest)).toBe(faceOf(place));
    }),
    { numRuns: 200 },
  );
  expect(found).toBeGreaterThan(50);
});

test('a load unit of the same SKU and day is put before another one, where the first out keeps no one waiting', () => {
  const warehouse = new Warehouse(topology);
  const slotting = new Slotting(topology);
  warehouse.tables.sku.put({ sku: sku('A'), unit: 'pcs', strategy: 'fefo', record: {} });
  const rear = at('A01-L-001-02-2');
  const with2 = (name: string, expiry: string, place = at('IN-01')) =>
    loadUnit(name, place, { heightMm: 320, massKg: 10, lines: [stock('A', 1, { expiry })] });
  warehouse.tables.loadUnit.put(with2('T-1', '2027-02-01', rear));
  const [aisle] = site.aisles;
  if (aisle === undefined) throw new Error('no aisle');
  const choose = (expiry: string) =>
    slotting.assignLocation(warehouse, with2('T-2', expiry), aisle).chosen;
  expect(choose('2027-02-01')).toBe('A01-L-001-02-1');
  expect(choose('2027-01-31')).toBe('A01-L-001-02-1');
  expect(choose('2027-02-02')).toBe('A01-R-001-02-2');
});
