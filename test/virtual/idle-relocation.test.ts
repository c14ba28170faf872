import { expect, test } from 'vitest';
import type { Day } from '../../simulators/virtual/day.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { defaultWeights } from '../../src/domain/putaway-score.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { runDay } from '../../src/virtual/run-day.ts';
import { silent } from '../lib/silent-log.ts';
import { busyDay } from '../lib/virtual-day.ts';

const timeout = 240_000;
const shift = (rate: number) => Array.from({ length: 24 }, (_, hour) => (hour < 3 ? rate : 0));

/** A shift, a night in which the crane has nothing to do, and the morning after it; the aisle is double-deep. */
async function nightAndDay(relocationsPerHour: number) {
  const files = readSiteFiles('demo');
  const site = {
    ...files.site,
    aisles: files.site.aisles.map((aisle) => ({ ...aisle, depths: 2 })),
    slotting: { weights: defaultWeights, classes: 3 },
    idleWork: { checks: false, relocationsPerHour, relocationGainMs: 2_000 },
  };
  const day: Day = {
    ...busyDay,
    stock: { fillPercent: 75, skus: 60, busiest20Percent: 80 },
    arrivals: { perHour: shift(50), fillMaxPercent: 90, unlabeledPercent: 0, oddPercent: 0 },
    orders: { ...busyDay.orders, perHour: shift(45) },
    limits: { waitMaxMin: 120, restMaxMin: 120 },
  };
  const result = await runDay({
    ...{ day, files: { ...files, site }, hours: 26, random: seededRandom(3), log: silent },
  });
  const moved = result.site.flow.warehouse.counter('idleRelocation');
  return { findings: result.findings, late: result.figures.orders.lateShare, moved };
}

test('what a crane moves by itself in a night gets nothing lost, and no order comes late for it', {
  timeout,
}, async () => {
  const { findings, late, moved } = await nightAndDay(60);
  expect([findings, late]).toEqual([[], 0]);
  expect(moved).toBeGreaterThan(30);
});
