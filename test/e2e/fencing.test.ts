import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { craneFrames } from '../../simulators/dst/oracle/registers.ts';
import { backUp } from '../../src/cli/backup-file.ts';
import { pause } from '../../src/ports/clock.ts';
import { ControllerProcess } from '../lib/controller-process.ts';
import { type KillSite, removeSite, stablePort, startKillSite } from '../lib/kill-site.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { buildPreload } from '../power/preload.ts';
import { Observer } from './observer.ts';

// Two real controllers on one plant, and one whose books are older than its machines. Each test goes on where
// the one before has ended.
const limits = { timeout: 120_000 };
const observer = new Observer();
let site: KillSite;
let library: ReturnType<typeof buildPreload>;
let other: ControllerProcess;
let otherUrl: string;
let url: string;

beforeAll(async () => {
  library = buildPreload('harm.c');
  site = await startKillSite({
    ...{ seed: 12, speed: 20, harmLibrary: library.path },
    frame: (seen) => observer.frame(seen),
  });
  const { folder, siteFile } = site;
  const httpPort = await stablePort();
  url = `http://127.0.0.1:${site.httpPort}/api/v1`;
  otherUrl = `http://127.0.0.1:${httpPort}/api/v1`;
  other = new ControllerProcess({
    ...{ siteFile, httpPort, mqttPort: 0, logFile: join(folder, 'other.log') },
    dataFolder: join(folder, 'other'),
  });
  site.controller.spawn();
  await site.controller.runs();
  await site.workload.start();
  await works(2);
  // Of a site at work, as the README tells people to make it; work goes on after it.
  mkdirSync(join(folder, 'backup'));
  const target = join(folder, 'backup', 'ledger.db');
  await backUp({ dataFolder: site.dataFolder, target, clock, rest: () => {} });
  expect(await site.controller.stop()).toBe(0);
  site.controller.spawn();
  await site.controller.runs();
  await works(2);
}, limits.timeout);
afterAll(async () => {
  await other.kill();
  await site.controller.stop();
  await site.stop();
  removeSite(site);
  library.remove();
});

interface Question {
  readonly discrepancy: number;
  readonly code: string;
  readonly device?: string;
  readonly text: string;
}

const puts = () =>
  site.simulated.plant.executionLog().reduce((sum, { deposits }) => sum + deposits, 0);

/** Waits until the crane has put down so many more totes; no deadline but that of the test. */
async function works(totes: number): Promise<void> {
  const before = puts();
  while (puts() < before + totes) await pause(clock, 10);
}

/** Waits for the question; no deadline but that of the test. */
async function asked(at: string, code: string, device: string): Promise<Question> {
  for (;;) {
    const answer = await fetch(`${at}/discrepancies?state=open`);
    const { items } = (await answer.json()) as { items: readonly Question[] };
    const found = items.find((each) => each.code === code && each.device === device);
    if (found !== undefined) return found;
    await pause(clock, 50);
  }
}

async function answers(at: string, question: Question, resolution: string): Promise<void> {
  const answer = await fetch(`${at}/discrepancies/${question.discrepancy}/resolve`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'craneway-operator': 'op-2',
      'idempotency-key': `${question.discrepancy}-${resolution}`,
    },
    body: JSON.stringify({ resolution }),
  });
  expect(answer.ok, await answer.text()).toBe(true);
}

/** Frames that a controller has written to each PLC since its start. */
async function writesOf(at: string): Promise<Record<string, number>> {
  const answer = await fetch(`${at}/devices`);
  const { items } = (await answer.json()) as {
    items: readonly { device: string; counters: { writes?: number } }[];
  };
  const plcs = items.filter(({ counters }) => counters.writes !== undefined);
  return Object.fromEntries(plcs.map(({ device, counters }) => [device, counters.writes ?? 0]));
}

/** Epochs under which frames have left for the crane, in order, each stretch once. */
function epochs(): number[] {
  const all = craneFrames(site.site, observer.frames).map(({ said }) => said.epoch);
  return all.filter((epoch, i) => epoch !== all[i - 1]);
}

test(
  'a second controller with books of its own gets no machine, says why, and disturbs nothing',
  limits,
  async () => {
    expect(epochs()).toEqual([1, 2]);
    other.spawn();
    await other.runs();
    const { text } = await asked(otherUrl, 'FOREIGN_CONTROLLER', 'crane-1');
    expect(text).toMatch(
      /^crane-1: it .*Nothing is sent to it\. Find the other controller and stop it/,
    );
    await asked(otherUrl, 'FOREIGN_CONTROLLER', 'conveyor-1');
    await works(2);
    expect(epochs()).toEqual([1, 2]);
    expect(await writesOf(otherUrl)).toEqual({ 'crane-1': 0, 'conveyor-1': 0 });
  },
);

test(
  'a person who takes over a crane that still works for another one is asked again',
  limits,
  async () => {
    await answers(otherUrl, await asked(otherUrl, 'FOREIGN_CONTROLLER', 'crane-1'), 'takeOver');
    await asked(otherUrl, 'RESTART_DUE', 'crane-1');
    await works(1);
    await other.stop();
    other.spawn();
    await other.runs();
    const { text } = await asked(otherUrl, 'FOREIGN_CONTROLLER', 'crane-1');
    expect(text).toMatch(/^crane-1: it was sent mission \d+, and these books end at \d+\./);
    await works(1);
    expect(epochs()).toEqual([1, 2]);
  },
);

test(
  'a controller that has stood still while another one took over commands nothing when it wakes, and says so',
  limits,
  async () => {
    let known: ReadonlySet<string>;
    process.kill(site.controller.pid, 'SIGSTOP');
    try {
      await answers(otherUrl, await asked(otherUrl, 'FOREIGN_CONTROLLER', 'crane-1'), 'takeOver');
      // Its epoch is the higher one already.
      while (epochs().at(-1) !== 3) await pause(clock, 10);
      known = observer.commandsSent(site);
    } finally {
      process.kill(site.controller.pid, 'SIGCONT');
    }
    const { text } = await asked(url, 'FOREIGN_CONTROLLER', 'crane-1');
    expect(text).toMatch(/^crane-1: it .*Nothing is sent to it/);
    expect(observer.commandsSent(site)).toEqual(known);
    expect(epochs().at(-1)).toBe(3);
  },
);

test(
  'an old backup over a live site moves nothing before a person has answered, and lists what it lacks',
  limits,
  async () => {
    await other.kill();
    expect(await site.controller.stop()).toBe(0);
    rmSync(site.dataFolder, { recursive: true });
    cpSync(join(site.folder, 'backup'), site.dataFolder, { recursive: true });
    const from = observer.frames.length;
    site.controller.spawn();
    await site.controller.runs();
    const question = await asked(url, 'FOREIGN_CONTROLLER', 'crane-1');
    const numbers = /it was sent mission (\d+), and these books end at (\d+)/.exec(question.text);
    expect(Number(numbers?.[1]), question.text).toBeGreaterThan(Number(numbers?.[2]));
    await answers(url, question, 'takeOver');
    const answer = await fetch(`${url}/why/crane-1`);
    const { items } = (await answer.json()) as { items: readonly { text: string }[] };
    const lacked = `missions ${Number(numbers?.[2]) + 1} to ${numbers?.[1]} and events`;
    expect(items.map(({ text }) => text).join('\n')).toContain(lacked);
    const sent = craneFrames(site.site, observer.frames.slice(from));
    expect(sent.filter(({ said }) => said.command !== 'none')).toEqual([]);
  },
);
