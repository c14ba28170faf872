import { expect, test } from 'vitest';
import type { FaultSeen } from '../../simulators/dst/evidence.ts';
import type { Schedule } from '../../simulators/dst/schedule.ts';
import { Coverage } from './coverage.ts';
import { sometimes } from './expected-facts.ts';
import { kindOf, runTwice } from './run.ts';
import type { SimulatedSite } from './simulated-site.ts';

const calm: Schedule = { seed: 1, faultsMs: 20_000, manner: 'calm', swarm: {}, events: [] };

test('a run is judged by every invariant but that of sign-in, which there is none of', async () => {
  const { wrong, notJudged } = await runTwice(calm);
  expect(wrong).toEqual([]);
  expect(Object.keys(notJudged)).toEqual(['I21']);
});

test.each([
  [
    'an event that is not what the host was told',
    'I7',
    (running: SimulatedSite) => {
      running.db.exec('DROP TRIGGER outbox_update');
      running.db.exec("UPDATE outbox SET name = 'other' WHERE sequence = 1");
    },
  ],
  [
    'timers that nobody takes back',
    'I17',
    ({ kernel }: SimulatedSite) => {
      for (let i = 0; i <= 100_000; i++) kernel.after(1e9, () => {});
    },
  ],
  [
    'a decision that hangs on the wall clock',
    'I22',
    ({ wall, workload }: SimulatedSite) => {
      if (wall.offsetMs > 0) workload.close();
    },
  ],
  [
    'books in memory that are not those on disk',
    'I23',
    ({ db }: SimulatedSite) => {
      db.exec("UPDATE load_unit SET body = json_set(body, '$.massKg', 99)");
    },
  ],
] as const)('a run with %s breaks %s', async (_what, invariant, plant) => {
  const { wrong } = await runTwice(calm, (running) => {
    running.kernel.after(8_000, () => plant(running));
  });
  expect(wrong.map(kindOf)).toContain(invariant);
});

const fault = (kind: string, ...during: string[]): FaultSeen => ({
  ...{ step: 1, atMs: 0, generation: 1, target: 'site', kind, during },
});

test('facts that no run has met are told, and there are at least eighty to be met', () => {
  const coverage = new Coverage();
  expect(new Set(sometimes).size).toBeGreaterThanOrEqual(80);
  expect(coverage.unhit).toEqual(sometimes);
  coverage.add({ [String(sometimes[0])]: 1 }, []);
  expect(coverage.unhit).toEqual(sometimes.slice(1));
});

test('a fault that never comes in a phase where chance should bring it is told', () => {
  const coverage = new Coverage();
  const often = (made: FaultSeen) => Array.from({ length: 100 }, () => made);
  coverage.add({}, [
    ...often(fault('cut', 'carry.queued')),
    ...often(fault('cut', 'carry.underway')),
    ...often(fault('crash', 'carry.queued')),
    // Too rare for anything to be expected of it.
    fault('stall', 'carry.queued'),
  ]);
  expect(coverage.missed).toEqual(['crash × carry.underway']);
  coverage.add({}, [fault('crash', 'carry.underway')]);
  expect(coverage.missed).toEqual([]);
});
