import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tally } from '../../simulators/tally.ts';
import { booksOf, type Demo, finish, startDemo, stopDemo } from '../../src/cli/demo-site.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import { silent } from '../lib/silent-log.ts';

// The demo site with every device on its real protocol, its people and its host. One fault at a
// time is switched on in the midst of work, seen by the controller, settled by the people, and
// at the end steel, host and ledger agree.
const limitMs = 60_000;
let folder: string;
let demo: Demo;
const fatal: unknown[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'faults-'));
  const quiet = { fatal: (error: unknown) => fatal.push(error) };
  demo = await startDemo(
    { speed: 40, seed: 3, httpPort: 0, mqttPort: 0, controlPort: 0 },
    folder,
    silent,
    quiet,
  );
  await demo.workload.start();
  await until('four totes are stored', () => count('putaway') >= 4);
});
afterEach(async () => {
  demo.workload.close();
  await stopDemo(demo);
  rmSync(folder, { recursive: true });
});

const events = () => booksOf(demo.craneway).events;
const count = (kind: string) =>
  events().filter(({ data }) => (data as { kind?: string }).kind === kind).length;
const questions = () => demo.craneway.reader.discrepancies('all');
const wasAsked = (code: string) => questions().some((question) => question.code === code);

async function until(what: string, holds: () => boolean): Promise<void> {
  const startedMs = clock.monotonicMs();
  while (!holds()) {
    if (clock.monotonicMs() - startedMs > limitMs) throw new Error(`not in time: ${what}`);
    await pause(clock, 50);
  }
}

/** Work goes on after the fault, and at the end the three witnesses agree. */
async function endsWell(): Promise<void> {
  const storedBefore = count('putaway');
  await until('work goes on', () => count('putaway') >= storedBefore + 3);
  demo.workload.close();
  await finish(demo, { isEnding: () => false });
  const { findings, ok } = tally(demo.simulated.plant, demo.host, booksOf(demo.craneway));
  expect({ findings, ok, fatal }).toEqual({ findings: [], ok: true, fatal: [] });
}

const plantFaults: readonly [string, string, string][] = [
  ['binFull', 'crane-1', 'BIN_FULL'],
  ['binEmpty', 'crane-1', 'BIN_EMPTY'],
  ['driveFault', 'crane-1', 'CRANE_FAULT'],
  ['jam', 'conveyor-1', 'CONVEYOR_JAM'],
  ['noRead', 'conveyor-1', 'REJECTED'],
  ['unknownCode', 'conveyor-1', 'REJECTED'],
  ['overweight', 'conveyor-1', 'REJECTED'],
  ['tooHigh', 'conveyor-1', 'REJECTED'],
];

test.each(plantFaults)(
  '%s at %s asks a person (%s) and stops no other work',
  async (fault, device, code) => {
    demo.simulated.plant.fault(device, fault, true);
    await until(`${code} is asked`, () => wasAsked(code));
    demo.simulated.plant.fault(device, fault, false);
    await endsWell();
  },
  120_000,
);

const silentFaults: readonly [string, string][] = [
  ['linkCut', 'crane-1'],
  ['linkCut', 'conveyor-1'],
  ['plcRestart', 'crane-1'],
];

test.each(silentFaults)(
  '%s at %s is read out afterwards and asks nobody',
  async (fault, device) => {
    demo.simulated.plant.fault(device, fault, true);
    await pause(clock, 1_500);
    demo.simulated.plant.fault(device, fault, false);
    await endsWell();
  },
  120_000,
);

test('after somebody has operated the crane by hand it waits for a person, then goes on', async () => {
  demo.simulated.plant.fault('crane-1', 'modeManual', true);
  await pause(clock, 1_000);
  expect(demo.craneway.reader.devices().find(({ device }) => device === 'crane-1')?.state).not.toBe(
    'ready',
  );
  demo.simulated.plant.fault('crane-1', 'modeManual', false);
  await until('a person is asked', () => wasAsked('CRANE_DOUBT'));
  await endsWell();
}, 120_000);

test('without labels a tote goes to the reject lane and says why; with new ones printing goes on', async () => {
  const printer = demo.simulated.printers.get('printer-1');
  printer?.setLabelsLeft(0);
  await until('the printer is asked about', () => wasAsked('PRINTER_FAULT'));
  await until('a tote is refused for it', () =>
    questions().some(({ code, text }) => code === 'REJECTED' && text.includes('printer-1')),
  );
  printer?.setLabelsLeft(500);
  await endsWell();
}, 120_000);

test('while the host is away work goes on, and afterwards it gets every event in order', async () => {
  demo.host.online(false);
  const storedBefore = count('putaway');
  await until('a tote is stored meanwhile', () => count('putaway') > storedBefore);
  expect(demo.host.ackThrough()).toBeLessThan(demo.craneway.ledger.lastSequence());
  demo.host.online(true);
  await endsWell();
}, 120_000);
