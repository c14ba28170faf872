import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noteStay } from '../../src/domain/class-books.ts';
import { defaultWeights } from '../../src/domain/putaway-score.ts';
import type { Aisle, Site } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { cellCode, Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, loadUnit, sku, stock } from '../lib/demo.ts';
import { siteOf } from '../lib/several-aisles.ts';

describe('several aisles', () => {
  const wide = siteOf(4, { aisle: { bays: 5, levels: 5 } });
  const wideOffers = wide.aisles.map((aisle: Aisle) => ({
    aisle,
    pd: at(`${aisle.aisle}-PD-IN`),
  }));
  /**
   * Stores as many, and counts them by aisle.
   *
   * @param elsewhere  load units that all aisles but the first hold before
   */
  function storedBy(names: readonly string[], elsewhere = 0): number[] {
    const warehouse = new Warehouse(new Topology(wide));
    for (const { aisle } of wide.aisles.slice(1)) {
      for (let bay = 1; bay <= elsewhere; bay++) {
        const place = cellCode(aisle, { side: 'L', bay, level: 1, depth: 1 });
        warehouse.tables.loadUnit.put(loadUnit(`${aisle}-${bay}`, place));
      }
    }
    const slotting = new Slotting(warehouse.topology);
    const counts = wide.aisles.map(() => 0);
    names.forEach((name, i) => {
      const unit = loadUnit(`T-${i}`, at('IN-01'), { lines: [stock(name, 1)] });
      const { chosen } = slotting.chooseAisle(warehouse, unit, wideOffers);
      const aisle = wideOffers.findIndex(({ pd }) => pd === chosen?.pd);
      counts[aisle] = (counts[aisle] ?? 0) + 1;
      if (chosen) warehouse.tables.loadUnit.put({ ...unit, place: chosen.location });
    });
    return counts;
  }
  const spread = (counts: readonly number[]) => Math.max(...counts) - Math.min(...counts);

  test('where all is equal they fill alike: never more than two load units apart', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), (count) => {
        const counts = storedBy(Array.from({ length: count }, (_, i) => `SKU-${i}`));
        expect(spread(counts)).toBeLessThanOrEqual(2);
      }),
      { numRuns: 20 },
    );
  });

  test('the load units of one SKU are spread over them, though one aisle is emptier than the others', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), (count) => {
        const counts = storedBy(
          Array.from({ length: count }, () => 'A'),
          5,
        );
        expect(counts.filter((one) => one > 0)).toHaveLength(count);
      }),
    );
  });
});

/** Three classes: A is in the first, B in the last, and nobody has wanted C yet. */
function classesOf(site: Site) {
  const topology = new Topology({ ...site, slotting: { weights: defaultWeights, classes: 3 } });
  const warehouse = new Warehouse(topology);
  for (const [name, intervalMs] of Object.entries({ A: 60_000, B: 600_000_000 })) {
    const demand = { intervalMs, intervals: 3, lastAtMs: 0 };
    const row = { sku: sku(name), unit: 'pcs', strategy: 'fefo', demand, record: {} } as const;
    warehouse.tables.sku.load(row);
  }
  for (let i = 0; i < 256; i++) noteStay(warehouse, 60_000 * 2 ** (i % 14), 3);
  return { warehouse, slotting: new Slotting(topology) };
}

test('the last free cell is found by every class, wherever it is', () => {
  const small = siteOf(1, { aisle: { bays: 3, levels: 3 } });
  const all = [1, 2, 3].flatMap((bay) =>
    [1, 2, 3].flatMap((level) =>
      (['L', 'R'] as const).map((side) => cellCode('A01', { side, bay, level, depth: 1 })),
    ),
  );
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.constantFrom('A', 'B', 'C'), (free, name) => {
      const { warehouse, slotting } = classesOf(small);
      for (const [i, place] of all.entries()) {
        if (place !== free) warehouse.tables.loadUnit.put(loadUnit(`X-${i}`, place));
      }
      const unit = loadUnit('T-1', at('IN-01'), { lines: [stock(name, 1)] });
      const [aisle] = small.aisles;
      if (aisle === undefined) throw new Error('no aisle');
      expect(slotting.assignLocation(warehouse, unit, aisle).chosen).toBe(free);
    }),
  );
});
