import fc from 'fast-check';
import { beforeEach, expect, test } from 'vitest';
import { craneTravelMs } from '../../src/domain/crane-kinematics.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { cellCode, Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, cell, demoAisle, demoSite, id, loadUnit } from '../lib/demo.ts';

/** Few cells, so that what is taken and what is free meet. */
const aisle = { ...demoAisle, bays: 2, levels: 2 };
const topology = new Topology({ ...demoSite, aisles: [aisle] });
const cells = [1, 2].flatMap((bay) =>
  [1, 2].flatMap((level) =>
    (['L', 'R'] as const).map((side) => cellCode('A01', { side, bay, level, depth: 1 })),
  ),
);
const station = demoAisle.stations[0] ?? { xMm: 0, yMm: 0 };
const travelMs = (place: LocationId) =>
  craneTravelMs(station, topology.positionOf(place), aisle.kinematics);

const tote = loadUnit('T-new', at('IN-01'));
let warehouse: Warehouse;
let slotting: Slotting;
beforeEach(() => {
  warehouse = new Warehouse(topology);
  slotting = new Slotting(topology);
});
const choose = (unit = tote, except: readonly LocationId[] = []) =>
  slotting.assignLocation(warehouse, unit, aisle, except);

const take = {
  occupied: (location: LocationId) =>
    warehouse.tables.loadUnit.put(loadUnit(location.slice(4), location)),
  reserved: (location: LocationId) =>
    warehouse.tables.reservation.put({ location, loadUnit: id('T-other') }),
  locked: (location: LocationId) =>
    warehouse.tables.lock.put({ location, lock: 'both', reason: 'binFull' }),
  except: () => {},
};
type Taken = keyof typeof take;
const ways = fc.option(fc.constantFrom<Taken>('occupied', 'reserved', 'locked', 'except'));

test('a location is never occupied, reserved, locked or just found full, and no free one is nearer', () => {
  fc.assert(
    fc.property(fc.array(ways, { minLength: 8, maxLength: 8 }), (taken) => {
      warehouse = new Warehouse(topology);
      const except: LocationId[] = [];
      const free = cells.filter((location, i) => {
        const way = taken[i] ?? undefined;
        if (way === undefined) return true;
        take[way](location);
        if (way === 'except') except.push(location);
        return false;
      });
      const { chosen, reasons } = choose(tote, except);
      const nearestMs = Math.min(...free.map(travelMs));
      if (chosen === undefined) expect(free).toEqual([]);
      else expect([free.includes(chosen), travelMs(chosen)]).toEqual([true, nearestMs]);
      expect(reasons.length).toBeGreaterThan(0);
    }),
  );
});

const release = {
  occupied: (location: LocationId) => warehouse.tables.loadUnit.remove(id(location.slice(4))),
  reserved: (location: LocationId) => warehouse.tables.reservation.remove(location),
  locked: (location: LocationId) => warehouse.tables.lock.remove(location),
};
const steps = fc.record({
  cell: fc.integer({ min: 0, max: cells.length - 1 }),
  way: fc.constantFrom('occupied', 'reserved', 'locked'),
  isTaken: fc.boolean(),
});

test('whatever has been taken and given back before, the choice is that of books read anew', () => {
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 40 }), (history) => {
      warehouse = new Warehouse(topology);
      for (const { cell: index, way, isTaken } of history) {
        const location = cells[index] as LocationId;
        if (isTaken) take[way](location);
        else release[way](location);
        const anew = new Slotting(topology).assignLocation(warehouse, tote, aisle);
        expect(choose()).toEqual(anew);
      }
    }),
  );
});

test('an empty aisle gives the cell next to the station, and the reason says how far it is', () => {
  expect(choose()).toEqual({
    chosen: cell(1, 1),
    reasons: [
      {
        code: 'NEAREST',
        detail: 'A01-L-001-01-1 is the nearest free cell of A01, 1.6 s from its P&D station',
      },
    ],
  });
});

test('the reasons say which nearer cells were skipped, and why', () => {
  take.occupied(cell(1, 1));
  take.reserved(cell(1, 1, 'R'));
  take.locked(cell(1, 2));
  expect(choose().reasons).toContainEqual({
    code: 'NEARER_CELLS',
    detail: 'nearer cells: 1 occupied, 1 reserved, 1 locked',
  });
});

test('when nothing is free the reason counts what is in the way', () => {
  for (const location of cells.slice(0, 6)) take.occupied(location);
  for (const location of cells.slice(6)) take.locked(location);
  expect(choose()).toEqual({
    chosen: undefined,
    reasons: [
      { code: 'NO_LOCATION', detail: 'no free cell in A01: 6 occupied, 0 reserved, 2 locked' },
    ],
  });
});

test('a cell that is locked for going out still takes load units in', () => {
  warehouse.tables.lock.put({ location: cell(1, 1), lock: 'out', reason: 'count' });
  expect(choose().chosen).toBe(cell(1, 1));
  warehouse.tables.lock.put({ location: cell(1, 1), lock: 'in', reason: 'count' });
  expect(choose().chosen).not.toBe(cell(1, 1));
});

test.each([
  [{ heightMm: 321 }, '321 mm high, 320 mm fit'],
  [{ massKg: 35.1 }, '35.1 kg, 35 kg are allowed'],
])('what does not fit is told so and gets nothing: %j', (measures, detail) => {
  expect(choose({ ...tote, ...measures })).toEqual({
    chosen: undefined,
    reasons: [{ code: 'CHECK_FAILED', detail }],
  });
});

test.each([{ heightMm: 320, massKg: 35 }, {}])('what just fits is stored: %j', (measures) => {
  expect(choose({ ...tote, ...measures }).chosen).toBe(cell(1, 1));
});
