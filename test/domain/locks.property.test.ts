import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { allocate } from '../../src/domain/allocation.ts';
import type { LoadUnit, Order } from '../../src/domain/books.ts';
import type { HostId, LocationId, OrderId } from '../../src/domain/ids.ts';
import type { PartLock, Way } from '../../src/domain/locks.ts';
import { whyNotFetchable } from '../../src/domain/reachability.ts';
import { cellsOf, partOf } from '../../src/domain/site-part.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { cellCode, Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, loadUnit, sku, stock } from '../lib/demo.ts';
import { siteOf } from '../lib/several-aisles.ts';

/** Two aisles in one area and one by itself; few cells, so that locks overlap all the time. */
const base = siteOf(3, { aisle: { bays: 3, levels: 2, depths: 2 } });
const site = { ...base, areas: [{ area: 'COLD', aisles: ['A01', 'A02'], places: [] }] };
const topology = new Topology(site);
const cells = site.aisles.flatMap(({ aisle, bays, levels, depths }) =>
  (['L', 'R'] as const).flatMap((side) =>
    Array.from({ length: bays * levels * depths }, (_, n) =>
      cellCode(aisle, {
        side,
        bay: (n % bays) + 1,
        level: (Math.floor(n / bays) % levels) + 1,
        depth: Math.floor(n / bays / levels) + 1,
      }),
    ),
  ),
);
const offers = site.aisles.map((aisle) => ({ aisle, pd: at(`${aisle.aisle}-PD-IN`) }));
const surroundings = { dayIn: () => '2026-01-01', whyStopped: () => undefined };

const aisle = fc.constantFrom('A01', 'A02', 'A03');
const range = fc
  .tuple(
    aisle,
    fc.constantFrom('L', 'R', 'LR'),
    fc.integer({ min: 1, max: 3 }),
    fc.nat(2),
    fc.nat(2),
  )
  .map(([name, side, first, more, level]) => {
    const bays = `${first}..${Math.min(3, first + more)}`;
    return level === 0 ? `${name}-${side}-${bays}` : `${name}-${side}-${bays}-${level}`;
  });
const parts = fc.oneof(fc.constant('COLD'), aisle, range, fc.constantFrom(...cells));
const locks = fc.record({
  part: parts,
  lock: fc.constantFrom<PartLock['lock'] | 'none'>('in', 'out', 'both', 'none'),
});
const steps = fc.oneof(
  { weight: 2, arbitrary: locks },
  fc.record({ store: fc.constantFrom('A', 'B') }),
  fc.record({ leave: fc.nat() }),
);
type Step = typeof steps extends fc.Arbitrary<infer T> ? T : never;
const histories = fc.array(steps, { minLength: 3, maxLength: 50 });

class Books {
  readonly warehouse = new Warehouse(topology);
  readonly slotting = new Slotting(topology);
  #stored = 0;

  constructor() {
    for (const name of ['A', 'B']) {
      const row = { sku: sku(name), unit: 'pcs', strategy: 'fifo', record: {} } as const;
      this.warehouse.tables.sku.load(row);
    }
  }

  unit(name = 'A'): LoadUnit {
    return loadUnit(`T-${++this.#stored}`, at('IN-01'), { lines: [stock(name, 1)] });
  }

  lock(part: string, lock: PartLock['lock'] | 'none'): void {
    const { partLock } = this.warehouse.tables;
    const { code } = partOf(topology, part) ?? { code: part };
    const row = { part: code, reason: 'test', by: 'operator/anna', atMs: 0 };
    if (lock === 'none') partLock.remove(code);
    else partLock.put({ ...row, lock });
  }

  take(step: Step): void {
    if ('part' in step) return this.lock(step.part, step.lock);
    const { loadUnit: units } = this.warehouse.tables;
    if ('store' in step) {
      const unit = this.unit(step.store);
      const to = this.choose(unit);
      if (to !== undefined) units.put({ ...unit, place: to });
      return;
    }
    const [there] = this.warehouse.at(cells[step.leave % cells.length] as LocationId);
    if (there !== undefined) units.remove(there.loadUnit);
  }

  choose(unit: LoadUnit): LocationId | undefined {
    return this.slotting.chooseAisle(this.warehouse, unit, offers).chosen?.location;
  }

  get rows(): readonly PartLock[] {
    return [...this.warehouse.tables.partLock.values()];
  }

  /** The same, read from the rows as a start does. */
  restarted(): Books {
    const other = new Books();
    for (const row of this.warehouse.tables.loadUnit.values()) {
      other.warehouse.tables.loadUnit.load(row);
    }
    for (const row of this.rows) other.warehouse.tables.partLock.load(row);
    return other;
  }
}

/** By walking through every lock and every cell of it: slow, and told from the rows alone. */
function isLocked(rows: readonly PartLock[], cell: LocationId, way: Way): boolean {
  return rows.some(({ part: code, lock }) => {
    if (lock !== way && lock !== 'both') return false;
    const part = partOf(topology, code);
    if (part?.kind === 'area') return part.area.aisles.some((name) => cell.startsWith(`${name}-`));
    if (part?.kind === 'aisle') return cell.startsWith(`${part.aisle.aisle}-`);
    return part !== undefined && [...cellsOf(part)].includes(cell);
  });
}

const wish = (qty: number): Order => ({
  ...{ order: 'SO-1' as OrderId, host: 'wms' as HostId, kind: 'retrieval', content: '', no: 1 },
  ...{ station: at('PICK-01'), wanted: undefined, priority: 5, hold: false, createdAtMs: 0 },
  ...{ ifShort: 'wait', status: 'queued', revision: 1, loadUnits: [], open: [], reasons: [] },
  ...{ changedAtMs: 0, dueAtMs: undefined },
  lines: [{ sku: sku('A'), qty, qtyDone: 0, stockStatus: 'available' }],
});

describe('over any history of locks, putaways and retrievals', () => {
  test('a cell takes or gives nothing exactly while it, a range around it, its aisle or its area is locked that way', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const books = new Books();
        for (const step of history) books.take(step);
        for (const cell of cells) {
          for (const way of ['in', 'out'] as const) {
            const found = books.warehouse.locks.on(cell, way) !== undefined;
            expect(found, `${cell} ${way}`).toBe(isLocked(books.rows, cell, way));
          }
        }
      }),
    );
  });

  test('nothing is stored in a cell that any part around it locks, and a free cell is found where none does', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const books = new Books();
        for (const step of history) books.take(step);
        const chosen = books.choose(books.unit());
        if (chosen !== undefined) expect(isLocked(books.rows, chosen, 'in')).toBe(false);
        const isOpen = (cell: LocationId) =>
          books.warehouse.countAt(cell) === 0 && !isLocked(books.rows, cell, 'in');
        const rear = (cell: LocationId) => cell.endsWith('-2');
        const front = (cell: LocationId) => `${cell.slice(0, -1)}1` as LocationId;
        const best = cells.some(
          (cell) => rear(cell) && isOpen(cell) && books.warehouse.countAt(front(cell)) === 0,
        );
        if (best) expect(chosen).toBeDefined();
      }),
    );
  });

  test('nothing is given out of a cell that any part around it locks, and nothing is called reachable there', () => {
    fc.assert(
      fc.property(histories, fc.integer({ min: 1, max: 12 }), (history, qty) => {
        const books = new Books();
        for (const step of history) books.take(step);
        const { warehouse } = books;
        const { loadUnits } = allocate(warehouse, wish(qty), surroundings);
        for (const name of loadUnits) {
          const place = warehouse.loadUnit(name)?.place as LocationId;
          expect(isLocked(books.rows, place, 'out'), place).toBe(false);
        }
        const units = warehouse.withSku(sku('A'));
        const reachable = units.filter(
          (unit) => whyNotFetchable(warehouse, unit, () => undefined) === undefined,
        );
        const open = units.filter(({ place }) => !isLocked(books.rows, place, 'out'));
        expect(reachable.length).toBeLessThanOrEqual(open.length);
        expect(loadUnits.length).toBe(Math.min(qty, reachable.length));
      }),
    );
  });
});

describe('over any history of them', () => {
  test('after a restart every choice is the same', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const books = new Books();
        for (const step of history) books.take(step);
        const again = books.restarted();
        expect(again.choose(again.unit())).toBe(books.choose(books.unit()));
        expect(allocate(again.warehouse, wish(3), surroundings)).toEqual(
          allocate(books.warehouse, wish(3), surroundings),
        );
      }),
    );
  });

  test('once everything is unlocked it is as if nothing had ever been locked', () => {
    fc.assert(
      fc.property(histories, (history) => {
        const books = new Books();
        for (const step of history) books.take(step);
        for (const { part } of books.rows) books.lock(part, 'none');
        const fresh = books.restarted();
        expect(fresh.rows).toEqual([]);
        expect(books.choose(books.unit())).toBe(fresh.choose(fresh.unit()));
        expect(allocate(books.warehouse, wish(9), surroundings)).toEqual(
          allocate(fresh.warehouse, wish(9), surroundings),
        );
      }),
    );
  });
});

test.each([
  ['A01-L-3', 'A01-L-003'],
  ['A01-L-1..3', 'A01-L'],
  ['A01-LR', 'A01'],
  ['A01-LR-001..003-01..02', 'A01'],
  ['A01-R-2..3-2', 'A01-R-002..003-02'],
  ['COLD', 'COLD'],
  ['conveyor-1/1/2', 'conveyor-1/1/2'],
])('%s is named %s in one way only', (text, code) => {
  expect(partOf(topology, text)?.code).toBe(code);
});

test.each([
  'A09',
  'A01-X',
  'A01-L-3..2',
  'A01-L-0',
  'A01-L-4',
  'A01-L-1-3',
  'A01-LHD',
  'MISSING',
  'conveyor-1/1/9',
  '',
])('%j is nothing that can be locked', (text) => {
  expect(partOf(topology, text)).toBeUndefined();
});
