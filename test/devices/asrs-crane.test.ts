import { expect, test } from 'vitest';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { readYaml } from '../../src/config/yaml-file.ts';
import {
  DeviceTimeoutError,
  DeviceUnavailableError,
  InvariantError,
} from '../../src/domain/errors.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { CraneCommand, CraneOutput } from '../../src/ports/crane.ts';
import { claim, claimed, output, ring, started, transfer } from '../lib/crane-run.ts';
import { pass } from '../lib/fake-registers.ts';

test('the golden claim frame, then the golden mission frame', async () => {
  const { clock, plc, crane } = started();
  await pass(clock, 300);
  expect(plc.written).toEqual([]);
  crane.drive(output({ enable: false, eventAck: 5, command: transfer }));
  await pass(clock, 10);
  crane.drive(output({ eventAck: 5, command: transfer }));
  await pass(clock, 10);
  const zeros = (n: number) => new Array<number>(n).fill(0);
  // By hand from the register contract; CRC by an independent program.
  const head = [0x0100, 0x0102, 0x0304, 1];
  const who = [0, 7, 0xa1b2, 0xc3d4, 1, 2];
  expect(plc.written).toEqual([
    {
      address: 1000,
      words: [...head, 1, ...who, 0, 0, 5, 0, 0, 0, 40, ...zeros(32), 0x4ffb, 1],
    },
    {
      address: 1000,
      words: [
        ...[...head, 2, ...who, 1, 0, 5, 0, 0, 0, 41, 1, 0, 41, 1],
        ...[3, 1, 0, 0, 1, 12, 5, 1, 1, 4464, 0, 0, 24, 0],
        ...[...zeros(14), 0x31e3, 2],
      ],
    },
  ]);
});

test.each<[CraneCommand, object]>([
  [
    { seq: 41, command: 'deposit', lhd: 1, to: 'A01-R-002-03-1' as LocationId, loadHandle: 9 },
    {
      ...{ command: 'deposit', missionId: 41, lhd: 1, loadHandle: 9, fromKind: 'lhd', fromBay: 1 },
      ...{ toKind: 'rackRight', toBay: 2, toLevel: 3, toDepth: 1 },
    },
  ],
  [
    { ...transfer, from: 'A01-LHD' as LocationId, to: 'A01-PD-OUT' as LocationId },
    { command: 'transfer', fromKind: 'lhd', fromBay: 1, toKind: 'station', toBay: 2, toLevel: 0 },
  ],
  [
    { seq: 41, command: 'cancel', missionId: 39 },
    { command: 'cancel', missionId: 39, lhd: 0, fromKind: 'none', toKind: 'none' },
  ],
  [
    { seq: 41, command: 'resetFault' },
    { command: 'resetFault', missionId: 0, lhd: 0 },
  ],
  [
    { seq: 41, command: 'resync', eventHead: 17 },
    { command: 'resync', missionId: 17, eventAck: 30 },
  ],
])('the command %j reaches the registers', async (command, registers) => {
  const { plc } = await claimed({ command, eventAck: 30 });
  expect(plc.frames.at(-1)).toMatchObject({ seq: 41, ...registers });
});

test('nothing is said or written before the core has judged the first reading', async () => {
  const { clock, plc, types } = started();
  plc.show({ eventHead: 3, events: ring(3), seqAnswered: 40, answer: 'accepted' });
  await pass(clock, 1500);
  plc.show({ state: 'faulted', eventHead: 4, events: ring(4) });
  await pass(clock, 1500);
  expect(types()).toEqual(['connected']);
  expect(plc.written).toEqual([]);
});

test('a claim is read back before anything but snapshots is told, and no command goes out', async () => {
  const { clock, plc, crane, types } = started();
  plc.takes = false;
  plc.show({ eventHead: 2, events: ring(2), seqAnswered: 41, answer: 'accepted' });
  await pass(clock, 200);
  crane.drive(output({ command: transfer }));
  await pass(clock, 1200);
  expect(types()).toEqual(['connected']);
  plc.takes = true;
  await pass(clock, 600);
  expect(types()).toEqual(['connected', 'claimed']);
  expect(plc.frames.every(({ command, seq }) => command === 'none' && seq === 40)).toBe(true);
  crane.drive(output({ command: transfer }));
  await pass(clock, 20);
  expect(plc.frames.at(-1)).toMatchObject({ command: 'transfer', seq: 41 });
  expect(types()).toEqual([...['connected', 'claimed', 'accepted 41', 'event 1', 'event 2']]);
});

test('a crane that holds my claim already goes on without another one', async () => {
  const { clock, plc, types } = started({ answer: () => output({ command: transfer }) });
  plc.show({ epochAccepted: claim.epoch, nonceAccepted: claim.nonce });
  await pass(clock, 200);
  expect(types()).toEqual(['connected', 'crane.changed']);
  expect(plc.frames.at(0)).toMatchObject({ command: 'transfer', seq: 41 });
});

test('a claim of somebody else is judged anew, and the command leaves the frames', async () => {
  const { clock, plc, types, facts } = await claimed({ command: transfer });
  plc.takes = false;
  plc.show({ epochAccepted: 9, nonceAccepted: 1, eventHead: 1, events: ring(1) });
  await pass(clock, 600);
  expect(types()).toEqual(['connected']);
  expect(facts).toMatchObject([{ snapshot: { claim: { epoch: 9, nonce: 1 } } }]);
  expect(plc.frames.at(-1)).toMatchObject({ command: 'none' });
});

test('after a restart of the PLC nothing is written until the core has judged it', async () => {
  let answer: CraneOutput | undefined = output({ command: transfer });
  const { clock, plc, crane, types } = started({ answer: () => answer });
  await pass(clock, 400);
  answer = undefined;
  plc.show({ bootId: 0x10003 });
  await pass(clock, 600);
  expect(types()).toEqual(['connected', 'claimed', 'restarted']);
  const writes = plc.written.length;
  await pass(clock, 1000);
  expect(plc.written).toHaveLength(writes);
  crane.drive(output({ claim: { epoch: 8, nonce: 3 } }));
  await pass(clock, 100);
  expect(plc.frames.at(-1)).toMatchObject({ bootIdEcho: 0x10003, epoch: 8, command: 'none' });
  expect(types().at(-1)).toBe('claimed');
});

test.each(['emergencyStop', 'manual', 'autoLocal'] as const)(
  'no mission goes to a crane in %s, nor before it is known what has happened until it was back',
  async (mode) => {
    const { clock, plc, crane } = await claimed();
    plc.show({ mode });
    await pass(clock, 600);
    crane.drive(output({ command: transfer }));
    await pass(clock, 600);
    expect(plc.frames.map(({ command }) => command)).not.toContain('transfer');
    // What moves nothing is said in every mode.
    crane.drive(output({ command: { seq: 41, command: 'resetFault' } }));
    await pass(clock, 600);
    expect(plc.frames.at(-1)).toMatchObject({ command: 'resetFault' });
    crane.drive(output({ command: transfer }));
    plc.show({ mode: 'autoRemote', eventHead: 2, events: ring(2) });
    await pass(clock, 600);
    expect(plc.frames.map(({ command }) => command)).not.toContain('transfer');
    crane.drive(output({ command: transfer, eventAck: 2 }));
    await pass(clock, 600);
    expect(plc.frames.at(-1)).toMatchObject({ command: 'transfer', seq: 41 });
  },
);

test('frames are repeated with the same command and a higher life, also when reads are torn', async () => {
  const { clock, plc } = await claimed({ command: transfer });
  const before = plc.written.length;
  plc.torn = 1_000_000;
  await pass(clock, 1600);
  const frames = plc.frames.slice(before);
  expect(frames.length).toBeGreaterThanOrEqual(3);
  for (const [i, frame] of frames.entries()) {
    expect({ ...frame, utcS: 0 }).toEqual({
      ...{ ...frames[0], utcS: 0 },
      ...{ life: (frames[0]?.life ?? 0) + i, commit: (frames[0]?.life ?? 0) + i },
    });
  }
});

test.each([
  ['a timeout', new DeviceTimeoutError('No reply in time')],
  ['a lost connection', new DeviceUnavailableError('Connection was lost')],
])('after %s the same seq is written again with the same content', async (_name, error) => {
  const run = started({ answer: () => output({ command: transfer }) });
  const { clock, plc, types } = run;
  await pass(clock, 200);
  plc.writeError = error;
  run.crane.drive(output({ command: transfer }));
  await pass(clock, 20);
  plc.writeError = undefined;
  await pass(clock, 1500);
  const missions = plc.frames.filter(({ command }) => command === 'transfer');
  expect(missions.length).toBeGreaterThanOrEqual(3);
  const still = { life: 0, commit: 0, utcS: 0 };
  for (const mission of missions) {
    expect({ ...mission, ...still }).toEqual({ ...missions[0], ...still });
  }
  expect(types().filter((type) => type === 'crane.offline')).toHaveLength(1);
  expect(types().filter((type) => type === 'connected')).toHaveLength(2);
  expect(run.crane.status().link).toMatchObject({ errors: 1, reconnects: 1 });
});

test.each([
  [{ wordOrderTest: 0x03040102 }, 'wordOrderTest reads 0x03040102 instead of 0x01020304'],
  [{ mapVersion: 0x0200 }, 'mapVersion reads 0x0200 instead of 0x0100'],
  [{ deviceNumber: 2 }, 'deviceNumber reads 2 instead of 1'],
])('a PLC that shows %j is not written to, told once, and recovers', async (wrong, reason) => {
  const { clock, plc, facts, types } = started({ answer: () => output() });
  const right = plc.status;
  plc.show(wrong);
  await pass(clock, 5000);
  expect(types()).toEqual(['crane.misconfigured']);
  expect(facts).toMatchObject([{ reason: expect.stringContaining(reason) }]);
  expect(plc.written).toEqual([]);
  plc.status = right;
  await pass(clock, 1500);
  expect(types().slice(1, 3)).toEqual(['connected', 'claimed']);
});

test('a PLC whose life stands still is offline; from its block nothing is concluded', async () => {
  const { clock, plc, crane, types } = started({ answer: () => output() });
  plc.lives = false;
  await pass(clock, 20_000, 20);
  expect(types()).toEqual(['crane.offline']);
  expect(plc.written).toEqual([]);
  expect(crane.status()).toMatchObject({
    availability: 'offline',
    detail: 'The control task of the PLC stands still',
  });
  plc.lives = true;
  await pass(clock, 8000, 20);
  expect(types().slice(0, 3)).toEqual(['crane.offline', 'connected', 'claimed']);
});

test('it is said once that it is gone, and once that it is back', async () => {
  const { clock, plc, types } = started({
    answer: () => output(),
    prepare(plc) {
      plc.connectError = new DeviceUnavailableError('Cannot connect');
    },
  });
  await pass(clock, 20_000, 20);
  expect(types()).toEqual(['crane.offline']);
  plc.connectError = undefined;
  await pass(clock, 6000, 20);
  expect(types().filter((type) => type === 'connected')).toHaveLength(1);
  plc.readError = new DeviceTimeoutError('No reply in time');
  await pass(clock, 20_000, 20);
  expect(types().filter((type) => type === 'crane.offline')).toHaveLength(2);
});

test('nothing is written after stop', async () => {
  const { clock, plc, crane } = await claimed({ command: transfer });
  await crane.stop();
  const writes = plc.written.length;
  crane.drive(output());
  await pass(clock, 5000);
  expect(plc.written).toHaveLength(writes);
  expect(crane.status()).toMatchObject({ availability: 'offline', detail: 'stopped' });
});

test('a mission to a place of no crane is our own bug, and nothing is written', async () => {
  const { clock, plc, crane, bugs } = await claimed();
  const writes = plc.written.length;
  crane.drive(output({ command: { ...transfer, to: 'PICK-01' as LocationId } }));
  await pass(clock, 100);
  expect(bugs).toEqual([expect.any(InvariantError)]);
  expect(plc.written).toHaveLength(writes);
});

test('settings get their defaults, and nothing that the driver does not know', () => {
  const read = (text: string) => readYaml('site.yaml', text, asrsCrane.settings);
  expect(read('{ host: crane-1, interface: crane-block-v1, deviceNumber: 3 }')).toEqual({
    ...{ protocol: 'tcp', host: 'crane-1', port: 502, unit: 1 },
    ...{ interface: 'crane-block-v1', deviceNumber: 3 },
  });
  expect(() => read('{ host: x, interface: y, deviceNumber: 0, color: red }')).toThrow('site.yaml');
});
