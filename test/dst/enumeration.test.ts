import { expect, test } from 'vitest';
import {
  type CrashPoint,
  countCalls,
  crashAt,
  nameOf,
  pointsOf,
} from '../lib/crash-enumeration.ts';
import { play, type Scenario, scenarios } from '../lib/floor-scenarios.ts';

/** One pair of so many, and one point of so many on a second wall clock; `npm run enumerate` runs them all. */
const [pairsPerSlice, pointsPerClock] = [59, 47];
/** A pick for two orders makes the calls of one for one, and some more: one of so many points. */
const pointsPerSlice = ({ name }: Scenario) => (name === 'sharedPick' ? 3 : 1);

/** @returns how often it has died */
async function survives(scenario: Scenario, point: CrashPoint, isTwice = false): Promise<number> {
  const { at, wrong } = await crashAt(scenario, point, isTwice);
  if (wrong.length === 0) return at.length;
  const how = `npm run enumerate -- --at ${nameOf(point)} ${scenario.name}`;
  throw new Error(`${how} dies ${at.join(', then ')}: ${wrong.join('; ')}`);
}

test('two orders that are picked together share one visit when nothing goes wrong', async () => {
  const shared = scenarios.find(({ name }) => name === 'sharedPick') as Scenario;
  const { rig } = await play(shared);
  const brought = rig.db.prepare("SELECT load_unit FROM movement WHERE to_id = 'A01-PD-OUT'").all();
  expect(brought.map((row) => row['load_unit'])).toEqual(['T-1']);
});

test.each(scenarios)(
  'a controller that dies before or after any call of a $name loses and doubles nothing',
  { timeout: 120_000 },
  async (scenario) => {
    const calls = await countCalls(scenario);
    expect(calls).toBeGreaterThan(50);
    for (const point of pointsOf(calls, false)) {
      if (point.call % pointsPerSlice(scenario) !== 0) continue;
      await survives(scenario, point, point.call % pointsPerClock === 0);
    }
  },
);

test.each(scenarios)(
  'nor does one that dies once more while it takes up a $name again',
  { timeout: 120_000 },
  async (scenario) => {
    const calls = await countCalls(scenario);
    const slice = [...pointsOf(calls, true)].filter((_, i) => i % pairsPerSlice === 0);
    let deaths = 0;
    for (const point of slice) deaths += await survives(scenario, point);
    // A crash in the last calls of the work leaves none for the second one.
    expect(deaths).toBeGreaterThan(2 * slice.length - 2);
  },
);
