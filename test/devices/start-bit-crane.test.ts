import { afterEach, describe, expect, test } from 'vitest';
import { startBitCrane } from '../../devices/start-bit-crane/index.ts';
import { DeviceTimeoutError } from '../../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import type { CraneCommand, CraneFact, CraneOutput } from '../../src/ports/crane.ts';
import { demoTopology } from '../lib/fake-crane.ts';
import { FakeRegisters, pass } from '../lib/fake-registers.ts';
import { readStartBitInterface } from '../lib/interfaces.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { silent } from '../lib/silent-log.ts';

const id = 'crane-1' as DeviceId;
const claim = { epoch: 7, nonce: 1 };
const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0)) await end();
});

const autoRemote = 4;
const [busy, done, loaded] = [1, 2, 8];
/** Where the demo site has A01-L-012-05-1. */
const { xMm, yMm } = demoTopology.positionOf('A01-L-012-05-1' as LocationId);

function started(topology = demoTopology) {
  const clock = new ManualClock();
  const plc = new FakeRegisters();
  const facts: CraneFact[] = [];
  const bugs: unknown[] = [];
  const crane = startBitCrane.open({
    ...{ id, topology, clock, log: silent, random: { u32: () => 0 } },
    file: readStartBitInterface(),
    settings: { host: '', port: 502, unit: 1, interface: 'x', deviceNumber: 1 },
    onBug: (error) => bugs.push(error),
    connect: plc.connect,
    report: (fact) => facts.push(fact),
  });
  /** The status block, by hand: mode, flags, faultCode, travelMm, hoistMm. */
  const show = (flags: number, at = { xMm: 0, yMm: 0 }, mode = autoRemote) =>
    plc.set(200, [mode, flags, 0, 0, at.xMm, 0, at.yMm]);
  show(0);
  crane.start();
  endings.push(() => crane.stop());
  const output = (own: Partial<CraneOutput> = {}): CraneOutput => ({
    ...{ claim, enable: true, eventAck: 0, seqHighest: 0, command: undefined },
    ...own,
  });
  const types = () => facts.map((fact) => ('because' in fact ? fact.because : fact.type));
  return { clock, plc, facts, bugs, crane, show, output, types };
}

/** Claimed, looked at by a person and released by command 1. */
async function released() {
  const run = started();
  await pass(run.clock, 300);
  run.crane.drive(run.output({ enable: false }));
  await pass(run.clock, 300);
  run.crane.drive(
    run.output({ seqHighest: 1, command: { seq: 1, command: 'resync', eventHead: 1 } }),
  );
  await pass(run.clock, 300);
  expect(run.types()).toEqual([
    'connected',
    'claimed',
    'crane.answered',
    'crane.changed',
    'claimed',
  ]);
  run.crane.drive(run.output({ seqHighest: 1 }));
  await pass(run.clock, 300);
  run.facts.length = 0;
  return run;
}

const transfer = {
  seq: 2,
  command: 'transfer',
  lhd: 1,
  loadHandle: 70_000,
  from: 'A01-PD-IN' as LocationId,
  to: 'A01-L-012-05-1' as LocationId,
} as const satisfies CraneCommand;

describe('a mission of a crane that keeps no numbers', () => {
  test('the golden start, and the same block with the start taken back', async () => {
    const { clock, crane, plc, show, output } = await released();
    crane.drive(output({ command: transfer }));
    await pass(clock, 100);
    // start, transfer, station 1, rackLeft 12/5/1: written by hand from the interface file.
    const start = [1, 1, 3, 1, 0, 0, 1, 12, 5, 1];
    expect(plc.written).toEqual([{ address: 100, words: start }]);
    show(busy);
    await pass(clock, 300);
    expect(plc.written.slice(1)).toEqual([{ address: 100, words: start.with(0, 0) }]);
  });

  test('is picked by the sensor, and ended by two readings at its destination', async () => {
    const { clock, crane, facts, show, output } = await released();
    crane.drive(output({ command: transfer }));
    await pass(clock, 100);
    show(busy);
    await pass(clock, 100);
    show(busy | loaded);
    await pass(clock, 100);
    show(done, { xMm, yMm });
    await pass(clock, 200);
    const events = facts.flatMap((fact) => (fact.type === 'crane.event' ? [fact.event] : []));
    expect(events).toMatchObject([
      { eventSeq: 1, type: 'picked', missionId: 2, place: 'A01-LHD' },
      { eventSeq: 2, type: 'ended', result: 'done', place: transfer.to, isInferred: false },
    ]);
  });

  test('whose load no reading saw is booked as inferred, not as sensed', async () => {
    const { clock, crane, facts, show, output } = await released();
    crane.drive(output({ command: transfer }));
    await pass(clock, 100);
    show(busy);
    await pass(clock, 100);
    show(done, { xMm, yMm });
    await pass(clock, 200);
    expect(facts).toContainEqual(
      expect.objectContaining({
        event: expect.objectContaining({ type: 'ended', isInferred: true }),
      }),
    );
  });

  test('done that is left over from the mission before proves nothing', async () => {
    const run = await released();
    const { clock, crane, facts, show, output } = run;
    show(done, { xMm, yMm });
    await pass(clock, 300);
    crane.drive(output({ command: transfer }));
    await pass(clock, 1000);
    expect(facts.filter(({ type }) => type === 'crane.event')).toEqual([]);
  });
});

describe('what such a crane cannot do', () => {
  test.each([
    [{ seq: 3, command: 'home' }, 'unknownCommand'],
    [{ seq: 3, command: 'resetFault' }, 'unknownCommand'],
    [{ seq: 3, command: 'cancel', missionId: 2 }, 'missionUnknown'],
    [{ seq: 3, command: 'resync', eventHead: 1 }, 'alreadySynchronized'],
    [{ seq: 3, command: 'deposit', lhd: 1, loadHandle: 1, to: transfer.to }, 'lhdEmpty'],
  ] as const)('is answered in its place, and nothing is written: %o', async (command, answer) => {
    const { clock, crane, plc, facts, output } = await released();
    crane.drive(output({ command }));
    await pass(clock, 100);
    expect(facts).toContainEqual({ device: id, type: 'crane.answered', seq: 3, answer });
    expect(plc.written).toEqual([]);
  });

  test('a mission cannot be canceled once it was started', async () => {
    const { clock, crane, facts, output } = await released();
    crane.drive(output({ command: transfer }));
    await pass(clock, 100);
    crane.drive(output({ command: { seq: 3, command: 'cancel', missionId: 2 } }));
    await pass(clock, 100);
    expect(facts).toContainEqual({ device: id, type: 'crane.answered', seq: 3, answer: 'tooLate' });
  });
});

describe('the link to a crane that keeps no numbers', () => {
  test('nothing is written before the core has judged the first reading, nor without a claim', async () => {
    const { clock, crane, plc, output, types } = started();
    await pass(clock, 1000);
    expect(types()).toEqual(['connected']);
    crane.drive(output({ claim: undefined, command: transfer }));
    await pass(clock, 1000);
    expect(plc.written).toEqual([]);
  });

  test('it is said once that it is gone, and once that it is back', async () => {
    const { clock, plc, types } = await released();
    plc.readError = new DeviceTimeoutError('gone');
    await pass(clock, 20_000, 50);
    expect(types()).toEqual(['crane.offline']);
    plc.readError = undefined;
    await pass(clock, 60_000, 50);
    expect(types()).toEqual(['crane.offline', 'connected']);
  });

  test('two load handling devices on the site file: nothing is written, and the fix is named', async () => {
    const { site } = demoTopology;
    const aisles = site.aisles.map((aisle) => ({ ...aisle, lhd2: 'A01-LHD2' as LocationId }));
    const { clock, facts, plc } = started(new Topology({ ...site, aisles }));
    await pass(clock, 1000);
    expect(facts).toMatchObject([
      { type: 'crane.misconfigured', reason: expect.stringContaining('name one only') },
    ]);
    expect(plc.written).toEqual([]);
  });

  test('a mode that the interface file does not list breaks the connection', async () => {
    const { clock, show, types } = await released();
    show(0, { xMm: 0, yMm: 0 }, 77);
    await pass(clock, 1000);
    expect(types()).toEqual(['crane.offline']);
  });

  test('nothing is written after stop', async () => {
    const { clock, crane, plc, output, bugs } = await released();
    await Promise.all([crane.stop(), pass(clock, 100)]);
    crane.drive(output({ command: transfer }));
    await pass(clock, 1000);
    expect([plc.written, bugs]).toEqual([[], []]);
  });
});
