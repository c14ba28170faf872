import { describe, expect, test } from 'vitest';
import { type AcceptanceReport, isAccepted } from '../../devices/asrs-crane/acceptance/report.ts';
import { craneFields } from '../../devices/asrs-crane/fields.ts';
import { bind } from '../../devices/lib/codec.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { readCraneInterface } from '../lib/interfaces.ts';
import {
  accept,
  benchLine,
  handsOf,
  onBench,
  overTcp,
  PlcUnderTest,
  withServer,
} from '../lib/plc-under-test.ts';
import { RunningClock } from '../lib/running-clock.ts';
import { craneWire } from '../lib/sim-plant.ts';
import { StubPlc } from '../lib/structured-text/stub-plc.ts';

// Codes that no PLC knows are written too.
const readable = bind(readCraneInterface(), 'command', {
  ...craneFields.command,
  command: 'open',
});
const defectsOf = ({ results }: AcceptanceReport) => [
  ...new Set(results.flatMap(({ findings }) => findings.map(({ defect }) => defect))),
];
const outcomes = ({ results }: AcceptanceReport, outcome: string) =>
  results.filter((result) => result.outcome === outcome).map(({ title }) => title);

test('a right PLC passes every check that needs neither hands nor motion', async () => {
  const report = await onBench().run({ reads: 1000 });
  expect(defectsOf(report)).toEqual([]);
  expect(isAccepted(report)).toBe(true);
  expect(outcomes(report, 'passed').length).toBeGreaterThan(20);
  expect(outcomes(report, 'notRun')).toEqual(
    expect.arrayContaining([
      'no mixed test pattern is taken for whole',
      'restart: a new bootId, all retentive fields kept, the start told as an event',
    ]),
  );
  expect(report.timings.map(({ name }) => name)).toContain('frame to lifeEcho');
});

test('a right PLC passes over TCP', { timeout: 60_000 }, async () => {
  const plc = new PlcUnderTest();
  const report = await withServer(plc, (port) => accept({ connect: overTcp(port) }));
  expect(defectsOf(report)).toEqual([]);
  expect(isAccepted(report)).toBe(true);
});

test('without leave to move, no frame names a place or a motion without one', async () => {
  const { plc, run } = onBench();
  await run();
  const frames = plc.written.map((words) => readable.decode(words));
  expect(frames.length).toBeGreaterThan(50);
  expect(frames.filter(({ command }) => command === 'home')).toEqual([]);
  for (const { fromKind, toKind } of frames) expect([fromKind, toKind]).toEqual(['none', 'none']);
});

test('a PLC fresh from its programmer is synchronized first', async () => {
  const report = await onBench({ memory: 'new' }).run();
  expect(defectsOf(report)).toEqual([]);
  expect(outcomes(report, 'passed')).toContain('resync after a loss of memory');
});

test('a PLC that runs our stub passes all that is handshake', async () => {
  const clock = new RunningClock();
  const stub = new StubPlc();
  const image = new Uint16Array(0x1_0000);
  const { command, status } = craneWire;
  let scannedAtMs = 0;
  const scan = () => {
    const elapsedMs = clock.monotonicMs() - scannedAtMs;
    if (elapsedMs < scanMs) return;
    scannedAtMs += elapsedMs;
    const words = image.subarray(command.base, command.base + command.length);
    stub.command.splice(0, command.length, ...words);
    stub.run({}, elapsedMs);
    image.set(stub.status, status.base);
  };
  const bank = {
    image,
    read(address: number, words: number) {
      scan();
      return image.subarray(address, address + words);
    },
  };
  stub.run();
  image.set(stub.status, status.base);
  const report = await accept({ ...benchLine(bank, clock), reads: 50 });
  // Range, standstill and motion are the places that the stub leaves to the machine.
  const handshake = report.results.filter(({ point }) => point <= 5 || point === 8);
  expect(handshake.flatMap(({ findings }) => findings)).toEqual([]);
  expect(handshake.filter(({ outcome }) => outcome === 'passed').length).toBeGreaterThan(14);
});

const scanMs = 10;

test('with hands and motion a right PLC passes all there is', async () => {
  const { plc, run } = onBench({ mode: 'manual', memory: 'new' });
  const report = await run({ mayMove: true, ask: handsOf(plc) });
  expect(defectsOf(report)).toEqual([]);
  expect(outcomes(report, 'notRun')).toEqual([]);
  expect([...new Set(report.results.map(({ point }) => point))]).toEqual(
    Array.from({ length: 13 }, (_, i) => i + 1),
  );
});

test('a change that is accepted while the load is put down already is named as such', async () => {
  const report = await onBench({ mistake: 'changeTooLate' }).run({ mayMove: true });
  expect(defectsOf(report).toSorted()).toEqual(['DESTINATION_IGNORED', 'REJECT_WRONG']);
});

test('a PLC with two load handling devices passes when it is right, and not when it knows only one', async () => {
  const lhd2 = 'A01-LHD-2' as LocationId;
  const report = await onBench({ lhd2 }).run({ mayMove: true });
  expect(defectsOf(report)).toEqual([]);
  const one = await onBench({ lhd2, mistake: 'oneLhdOnly' }).run();
  expect(defectsOf(one)).toEqual(['LHD_WRONG']);
});

describe('the exact defect is named of a PLC with', () => {
  test.each([
    ['wordOrder', 'WORD_ORDER', {}],
    ['mapVersion', 'MAP_VERSION', {}],
    ['frozenLife', 'LIFE_FROZEN', {}],
    ['crcSwapped', 'CRC_WRONG', {}],
    ['crcUnchecked', 'CRC_UNCHECKED', {}],
    ['halfFrame', 'HALF_FRAME_TAKEN', {}],
    ['epochUnchecked', 'EPOCH_IGNORED', {}],
    ['nonceUnchecked', 'NONCE_IGNORED', {}],
    ['bootIdUnchecked', 'BOOT_ID_IGNORED', {}],
    ['lifeUnchecked', 'LATE_FRAME_TAKEN', {}],
    ['sequenceUnchecked', 'SEQUENCE_IGNORED', {}],
    ['duplicateRun', 'DUPLICATE_REEXECUTED', {}],
    ['tornSnapshot', 'SNAPSHOT_TORN', {}],
    ['tornSnapshot', 'SNAPSHOT_TORN', { mode: 'manual' }],
    ['noSelfTest', 'SELF_TEST_MISSING', { mode: 'manual' }],
    ['slowAnswer', 'ANSWER_SLOW', {}],
    ['noWatchdog', 'HOLD_MISSING', {}],
    ['resultAfterPhase', 'RESULT_AFTER_PHASE', { mayMove: true }],
    ['eventsLost', 'EVENT_LOST', { mayMove: true }],
    ['changeIgnored', 'DESTINATION_IGNORED', { mayMove: true }],
    ['checkBlind', 'CHECK_BLIND', { mayMove: true }],
  ] as const)('%s: %s (%o)', async (mistake, defect, { mode, mayMove }: Bench) => {
    const { run } = onBench({ mistake, ...(mode === undefined ? {} : { mode }) });
    const report = await run({ mayMove: mayMove === true });
    expect(defectsOf(report)).toEqual([defect]);
    expect(isAccepted(report)).toBe(false);
  });
});

interface Bench {
  readonly mode?: 'manual';
  readonly mayMove?: true;
}
