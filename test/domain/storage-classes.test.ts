import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { noteStay, planOf } from '../../src/domain/class-books.ts';
import {
  costOfClasses,
  type Demand,
  displacement,
  expectedStayMs,
  learn,
  planClasses,
  regionOf,
  renewPlan,
  stayBin,
  stayBins,
} from '../../src/domain/storage-classes.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { demoTopology } from '../lib/demo.ts';

const hourMs = 3_600_000;

/** Arrivals when the busiest 20 % of the stock make p % of the demand: up to j it makes j^(2s/(s+1)). */
function arrivalsOf(p: number): number[] {
  const s = Math.log(p / 100) / Math.log(0.2);
  const arrivals = new Array<number>(stayBins).fill(0);
  const units = 20_000;
  const upTo = (share: number) => share ** ((2 * s) / (s + 1));
  for (let i = 0; i < units; i++) {
    const rate = units * (upTo((i + 1) / units) - upTo(i / units));
    const bin = stayBin((1_000 * hourMs) / rate);
    arrivals[bin] = (arrivals[bin] ?? 0) + rate;
  }
  return arrivals;
}

describe('the boundaries of classes', () => {
  // Hausman, Schwarz & Graves 1976: travel saved in percent, and the best radii as parts of the longest
  // way. The optimum is flat, and the bins of stay are a fourth root of 2 apart.
  test.each([
    [40, 7.7, [0.485]],
    [60, 18.1, [0.407]],
    [80, 35.9, [0.285]],
    [40, 9.5, [0.31, 0.639]],
    [60, 22.4, [0.234, 0.574]],
    [80, 43.8, [0.134, 0.47]],
  ])(
    'are those that are published for a demand of 20/%i, and save %d %%: %j',
    (p, saved, radii) => {
      const arrivals = arrivalsOf(p);
      const { bins, shares } = planClasses(arrivals, radii.length + 1);
      expect(shares).toHaveLength(radii.length);
      for (const [i, radius] of radii.entries()) {
        expect(Math.abs(Math.sqrt(shares[i] ?? 0) - radius)).toBeLessThan(0.05);
      }
      const random = 2 / 3;
      expect(Math.abs(100 * (1 - costOfClasses(arrivals, bins) / random) - saved)).toBeLessThan(
        0.5,
      );
    },
  );

  const few = fc.array(fc.nat({ max: 50 }), { minLength: 3, maxLength: 12 });

  test('have no more travel than any others', () => {
    fc.assert(
      fc.property(few, fc.integer({ min: 1, max: 3 }), (arrivals, classes) => {
        fc.pre(arrivals.some((count) => count > 0));
        const { bins } = planClasses(arrivals, classes);
        const least = costOfClasses(arrivals, bins);
        for (let first = 0; first < arrivals.length && classes > 1; first++) {
          for (let second = first; second < arrivals.length && bins.length > 1; second++) {
            expect(costOfClasses(arrivals, [first, second])).toBeGreaterThanOrEqual(least - 1e-9);
          }
          expect(costOfClasses(arrivals, [first])).toBeGreaterThanOrEqual(
            (bins.length > 1 ? 0 : least) - 1e-9,
          );
        }
      }),
    );
  });
});

describe('classes that are in force', () => {
  test('stay as they are while the demand only wavers, and move when it has changed', () => {
    const before = planClasses(arrivalsOf(60), 3);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.9, max: 1.1, noNaN: true }), {
          minLength: stayBins,
          maxLength: stayBins,
        }),
        (noise) => {
          const wavering = arrivalsOf(60).map((count, bin) => count * (noise[bin] ?? 1));
          expect(renewPlan(wavering, 3, before).bins).toEqual(before.bins);
        },
      ),
      { numRuns: 20 },
    );
    const changed = arrivalsOf(80).map((_, bin, all) => all[bin + 12] ?? 0);
    expect(renewPlan(changed, 3, before).bins).not.toEqual(before.bins);
  });

  test('divide every aisle without a gap, the fast in front, and the unknown is in the middle', () => {
    const plan = planClasses(arrivalsOf(80), 3);
    const stays = [hourMs, 300 * hourMs, 20_000 * hourMs];
    const regions = stays.map((stayMs) => regionOf(plan, stayMs));
    expect(regions.map(({ ofClass }) => ofClass)).toEqual([0, 1, 2]);
    const all = [0, 1, 2].map((i) => [plan.shares[i - 1] ?? 0, plan.shares[i] ?? 1]);
    expect(regionOf(plan, undefined)).toMatchObject({
      ofClass: 1,
      from: all[1]?.[0],
      to: all[1]?.[1],
    });
    expect([all[0]?.[0], all[2]?.[1]]).toEqual([0, 1]);
  });
});

test('a full region spills over to the nearest cell outward, and inward only after that', () => {
  const region = { from: 0.2, to: 0.5 };
  const order = [0.2, 0.49, 0.5, 0.1, 0.9, 0];
  const costs = order.map((share) => displacement(share, region));
  expect(costs).toEqual(costs.toSorted((a, b) => a - b));
  // Twice as dear as the same way outward.
  expect(displacement(0.1, region)).toBeCloseTo(displacement(0.7, region));
});

describe('the demand of a SKU', () => {
  test('is unknown until two of its load units were wanted', () => {
    const once = learn(undefined, 5 * hourMs);
    expect(expectedStayMs(once, 3)).toBeUndefined();
    expect(expectedStayMs(learn(once, 7 * hourMs), 3)).toBe(8 * hourMs);
  });

  test('is the mean of its intervals, and follows a change within as many as it rests on', () => {
    let demand: Demand | undefined;
    for (let i = 0; i < 40; i++) demand = learn(demand, i * hourMs);
    expect(demand?.intervalMs).toBeCloseTo(hourMs);
    const from = demand?.lastAtMs ?? 0;
    for (let i = 1; i <= 48; i++) demand = learn(demand, from + i * 10 * hourMs);
    expect((demand?.intervalMs ?? 0) / hourMs).toBeGreaterThan(9);
  });
});

test('classes come from putaways of known stay, and whoever reads the books anew has the same', () => {
  const warehouse = new Warehouse(demoTopology);
  for (let i = 0; i < 255; i++) noteStay(warehouse, (1 + (i % 40)) * hourMs, 3);
  expect(planOf(warehouse)).toBeUndefined();
  noteStay(warehouse, hourMs, 3);
  const plan = planOf(warehouse);
  expect(plan?.bins).toHaveLength(2);
  const anew = new Warehouse(demoTopology);
  for (const row of warehouse.tables.counter.values()) anew.tables.counter.load(row);
  expect(planOf(anew)).toEqual(plan);
});
