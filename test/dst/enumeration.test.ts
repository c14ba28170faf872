import { expect, test } from 'vitest';
import {
  type CrashPoint,
  countCalls,
  crashAt,
  nameOf,
  pointsOf,
} from '../lib/crash-enumeration.ts';
import { type Scenario, scenarios } from '../lib/floor-scenarios.ts';

/** One pair of so many; `npm run enumerate` runs them all. */
const pairsPerSlice = 23;

async function survives(scenario: Scenario, point: CrashPoint): Promise<void> {
  const { at, wrong } = await crashAt(scenario, point);
  if (wrong.length === 0) return;
  const how = `npm run enumerate -- --at ${nameOf(point)} ${scenario.name}`;
  throw new Error(`${how} dies ${at.join(', then ')}: ${wrong.join('; ')}`);
}

test.each(scenarios)(
  'a controller that dies before or after any call of a $name loses and doubles nothing',
  { timeout: 120_000 },
  async (scenario) => {
    const calls = await countCalls(scenario);
    expect(calls).toBeGreaterThan(50);
    for (const point of pointsOf(calls, false)) await survives(scenario, point);
  },
);

test.each(scenarios)(
  'nor does one that dies once more while it takes up a $name again',
  { timeout: 120_000 },
  async (scenario) => {
    const calls = await countCalls(scenario);
    const slice = [...pointsOf(calls, true)].filter((_, i) => i % pairsPerSlice === 0);
    for (const point of slice) await survives(scenario, point);
  },
);
