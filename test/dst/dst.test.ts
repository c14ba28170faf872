import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { queryObjects } from 'node:v8';
import { describe, expect, test } from 'vitest';
import { chanceOf } from '../../simulators/dst/chance.ts';
import type { Schedule } from '../../simulators/dst/schedule.ts';
import { kindOf, runSchedule, scheduleOf } from './run.ts';
import { shrink } from './shrink.ts';
import { SimulatedSite } from './simulated-site.ts';

const minuteMs = 60_000;
const folder = 'simulators/dst/regressions';

const calm = (seed: number, more: Partial<Schedule> = {}): Schedule => ({
  ...{ seed, faultsMs: minuteMs, manner: 'calm', swarm: {}, events: [] },
  ...more,
});

/** One run in a process of its own. */
function hashOf(...args: string[]): string {
  const run = spawnSync(process.execPath, ['test/dst/simulate.ts', ...args], { encoding: 'utf8' });
  return JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '{}').hash;
}

describe('a simulated site', () => {
  test('without faults stores and retrieves, and every invariant holds', async () => {
    const { wrong, missions, hash } = await runSchedule(calm(1));
    expect(wrong).toEqual([]);
    expect(missions).toBeGreaterThan(0);
    expect((await runSchedule(calm(3))).hash).not.toBe(hash);
  });

  test('is the same to the last byte in two processes', () => {
    const args = ['--seeds', '1', '--minutes', '1', '--no-shrink', '--seed'];
    const first = hashOf(...args, '5');
    expect(first).toMatch(/^[0-9a-f]{64}$/);
    expect(hashOf(...args, '5')).toBe(first);
  }, 120_000);

  test('is let go of when its run is over: a batch of thousands fits into memory', async () => {
    const crash = { atMs: 800, kind: 'controller.crash', target: 'site', args: { downMs: 50 } };
    const sitesAfter = async (runs: number) => {
      for (let seed = 1; seed <= runs; seed++) {
        const { site } = await runSchedule(calm(seed, { faultsMs: 1_000, events: [crash] }));
        site.db.close();
      }
      return queryObjects(SimulatedSite, { format: 'count' });
    };
    const before = await sitesAfter(1);
    expect(await sitesAfter(4)).toBeLessThanOrEqual(before + 1);
  });

  test.each([
    ['random', () => Math['random']()],
    ['new Date()', () => new globalThis['Date']()],
    ['hrtime', () => globalThis.process['hrtime']()],
  ] as const)('ends at once where code calls %s', async (name, read) => {
    const { wrong } = await runSchedule(calm(1, { faultsMs: 1_000 }), (running) => {
      running.kernel.after(500, () => void read());
    });
    expect(wrong[0]).toContain(`${name} was called in a simulated run`);
    expect(read).not.toThrow();
  });

  test('a controller that is killed before or after any call goes on, and nothing is lost or doubled', async () => {
    const args = { calls: 3, downMs: 400, lingerMs: 300 };
    const events = Array.from({ length: 12 }, (_, i) => ({
      ...{ atMs: 3_000 + i * 4_500, kind: 'controller.crashAtCall', target: 'site' },
      args: { ...args, isAfter: i % 2, calls: 1 + ((i * 7) % 20) },
    }));
    const { wrong, crashes } = await runSchedule(calm(2, { events }));
    expect(wrong).toEqual([]);
    expect(crashes).toBe(12);
  });

  test('a bug that moves a tote behind the back of everybody is found', async () => {
    const { wrong } = await runSchedule(calm(1), (running) => {
      running.kernel.after(40_000, () => {
        running.db.exec('DROP TRIGGER IF EXISTS movement_update');
        running.db.exec("UPDATE movement SET load_unit = 'S-2' WHERE load_unit = 'S-1'");
      });
    });
    expect(wrong.length).toBeGreaterThan(0);
  });
});

describe('a schedule', () => {
  test('of a seed is always the same', () => {
    expect(scheduleOf(7, minuteMs)).toEqual(scheduleOf(7, minuteMs));
  });

  test('with more faults than a run may have keeps some of all of its time, and says of how many', () => {
    const { events, drawn } = scheduleOf(6, 60 * minuteMs);
    expect(events.length).toBe(400);
    expect(drawn).toBeGreaterThan(400);
    const quarters = [0, 1, 2, 3].map(
      (at) => events.filter(({ atMs }) => Math.floor(atMs / (15 * minuteMs)) === at).length,
    );
    expect(Math.min(...quarters)).toBeGreaterThan(70);
  });

  test('shrinks to the faults that a failure needs', async () => {
    const random = chanceOf(1, 'shrink');
    const events = Array.from({ length: 40 }, (_, atMs) => ({
      ...{ atMs, kind: 'wire.reset', target: 'crane-1' },
      args: { drawn: random.u32() },
    }));
    const fails = async ({ events: left }: Schedule) =>
      [11, 30].every((atMs) => left.some((event) => event.atMs === atMs));
    const small = await shrink(calm(1, { events }), fails, 300);
    expect(small.schedule.events.map(({ atMs }) => atMs)).toEqual([11, 30]);
    expect(small.runs).toBeLessThanOrEqual(300);
  });
});

describe('a schedule that is kept, one that once failed or one written by hand, holds', () => {
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

  test('there are some', () => expect(files.length).toBeGreaterThan(0));

  test.each(files)('%s', async (name) => {
    const schedule = JSON.parse(readFileSync(`${folder}/${name}`, 'utf8')) as Schedule;
    const { wrong } = await runSchedule(schedule);
    expect(wrong.map(kindOf)).toEqual([]);
  });
});
