import { expect, test } from 'vitest';
import type { CraneCommandBlock } from '../../devices/asrs-crane/fields.ts';
import type { PlantModel } from '../../simulators/plant-model.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { CraneClient, craneWire, destination, mission, newModel } from '../lib/sim-plant.ts';

const tote = { lpn: 'LPN-1', massKg: 10, heightMm: 300 };
const cell = 'A01-L-005-02-1' as LocationId;

function ready(): { model: PlantModel; crane: CraneClient } {
  const model = newModel();
  model.people.bring(tote, cell, 0);
  const crane = new CraneClient(model);
  crane.send();
  return { model, crane };
}

test('a claim and enable make the crane ready', () => {
  const { crane } = ready();
  expect(crane.status()).toMatchObject({
    epochAccepted: 1,
    nonceAccepted: 7,
    enabled: true,
    ready: true,
    lifeEcho: 1,
    standstill: true,
  });
});

const ignored: [string, Partial<CraneCommandBlock>][] = [
  ['mapVersion', { mapVersion: 0x0200 }],
  ['wordOrder', { wordOrderTest: 0x03040102 }],
  ['deviceNumber', { deviceNumber: 2 }],
  ['restarted', { bootIdEcho: 1 }],
  ['staleEpoch', { epoch: 4 }],
  ['staleEpoch', { epoch: 0 }],
  ['otherController', { claimNonce: 8 }],
  ['lateFrame', { life: 1, commit: 1 }],
];

test.each(ignored)(
  'a frame ignored as %s takes nothing and is counted once: %o',
  (reason, wrong) => {
    const { crane } = ready();
    crane.levels = { epoch: 5 };
    crane.send();
    crane.send();
    const before = crane.status();
    crane.send({ ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), eventAck: 0, ...wrong });
    crane.write(
      crane.words({ ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), eventAck: 0, ...wrong }),
    );
    expect(crane.status()).toMatchObject({
      ignoredCount: 1,
      ignoredReason: reason,
      seqAnswered: 0,
      activeMissionId: 0,
      lifeEcho: before.lifeEcho,
    });
  },
);

test('the frame taken already is neither taken again nor counted', () => {
  const { crane } = ready();
  crane.write(crane.words({ life: 1, commit: 1, enable: false }));
  expect(crane.status()).toMatchObject({ ignoredCount: 0, enabled: true });
});

test('a frame in two writes is not acted on before it is complete, and counted when it stays so', () => {
  const { model, crane } = ready();
  const words = crane.words({ ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), life: 9, commit: 9 });
  const before = [...crane.registers.subarray(craneWire.command.base, craneWire.command.base + 52)];
  crane.write([...words.slice(0, 30), ...before.slice(30)]);
  expect(crane.status()).toMatchObject({ activeMissionId: 0, ignoredCount: 0 });
  crane.write(words);
  expect(crane.status()).toMatchObject({ seqAnswered: 1, answer: 'accepted', ignoredCount: 0 });
  model.advance({ realMs: 1000, simMs: 0 });
  expect(crane.status().ignoredCount).toBe(0);
  crane.write([...words.slice(0, 50), 0, 0]);
  model.advance({ realMs: 199, simMs: 0 });
  expect(crane.status().ignoredCount).toBe(0);
  model.advance({ realMs: 2, simMs: 0 });
  expect(crane.status()).toMatchObject({ ignoredCount: 1, ignoredReason: 'crc' });
});

test.each([
  ['whose commit is not its life', { commit: 8 }, 0],
  ['whose CRC is wrong', { commit: 9 }, 1],
])('a frame %s is not acted on', (_, fields, wrongBit) => {
  const { crane } = ready();
  const words = crane.words({ ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), life: 9, ...fields });
  crane.write(words.with(50, (words[50] ?? 0) ^ wrongBit));
  expect(crane.status()).toMatchObject({ seqAnswered: 0, activeMissionId: 0, lifeEcho: 1 });
});

test('a higher epoch is adopted with any life and clears enabled of its predecessor', () => {
  const { crane } = ready();
  crane.write(crane.words({ epoch: 2, claimNonce: 99, life: 1, commit: 1, enable: false }));
  expect(crane.status()).toMatchObject({ epochAccepted: 2, nonceAccepted: 99, enabled: false });
});

const refused: [string, Partial<CraneCommandBlock>, ((model: PlantModel) => void)?][] = [
  ['notEnabled', { ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), enable: false }],
  [
    'unknownCommand',
    { ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), command: 'code-7' as 'none' },
  ],
  ['missionIdInvalid', { ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), missionId: 2 }],
  ['noSuchLhd', { ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), lhd: 2 }],
  ['outOfRange', mission(1, 'transfer', 'L5/2/1', 'L11/2/1')],
  ['outOfRange', mission(1, 'transfer', 'L5/2/1', 'R5/6/1')],
  ['outOfRange', mission(1, 'transfer', 'L5/2/3', 'L6/2/1')],
  ['outOfRange', mission(1, 'transfer', 'PD-OUT', 'L6/2/1')],
  ['outOfRange', mission(1, 'transfer', 'L5/2/1', 'PD-IN')],
  ['outOfRange', mission(1, 'deposit', 'LHD', 'LHD')],
  ['lhdEmpty', mission(1, 'deposit', 'LHD', 'L6/2/1')],
  ['loadNotAllowed', { ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), massKg: 36 }],
  ['loadNotAllowed', { ...mission(1, 'transfer', 'L5/2/1', 'L6/2/1'), loadType: 2 }],
  ['stationNotReady', mission(1, 'transfer', 'PD-IN', 'L6/2/1')],
  ['missionUnknown', { seq: 2, command: 'cancel', missionId: 1 }],
  ['missionUnknown', { seq: 2, command: 'changeDestination', missionId: 1 }],
  ['alreadySynchronized', { seq: 1, command: 'resync' }],
];

test.each(refused)(
  'a command refused as %s moves nothing and uses up its seq: %o',
  (reject, fields) => {
    const { model, crane } = ready();
    crane.send(fields);
    expect(crane.status()).toMatchObject({
      answer: reject,
      seqAnswered: fields.seq,
      activeMissionId: 0,
    });
    model.advance({ realMs: 100, simMs: 60_000 });
    expect(model.world.executions()).toEqual([]);
  },
);

test('a seq answered once is never answered again, so that a reject is not overwritten', () => {
  const { crane } = ready();
  crane.send({ ...mission(3, 'transfer', 'L5/2/1', 'L11/2/1') });
  crane.send({ ...mission(3, 'transfer', 'L5/2/1', 'L6/2/1') });
  crane.send({ ...mission(2, 'transfer', 'L5/2/1', 'L6/2/1') });
  expect(crane.status()).toMatchObject({
    answer: 'outOfRange',
    seqAnswered: 3,
    activeMissionId: 0,
  });
});

test('while a mission is in hand another one is refused as busy', () => {
  const { crane } = ready();
  crane.send(mission(1, 'transfer', 'L5/2/1', 'L6/2/1'));
  crane.send(mission(2, 'transfer', 'L6/2/1', 'L5/2/1'));
  expect(crane.status()).toMatchObject({ answer: 'busy', seqAnswered: 2, activeMissionId: 1 });
});

test('with fewer than three free event slots missions are refused', () => {
  const { model, crane } = ready();
  crane.send(mission(1, 'transfer', 'L5/2/1', 'L6/2/1'));
  model.advance({ realMs: 100, simMs: 60_000 });
  crane.send({ ...mission(2, 'check', 'L6/2/1', 'LHD') });
  model.advance({ realMs: 100, simMs: 60_000 });
  crane.send({ ...mission(3, 'check', 'L6/2/1', 'LHD') });
  expect(crane.status()).toMatchObject({ answer: 'eventBufferFull', eventBufferHigh: true });
  crane.levels = { eventAck: 3 };
  crane.send({ ...mission(4, 'check', 'L6/2/1', 'LHD') });
  expect(crane.status()).toMatchObject({ answer: 'accepted' });
});

test('an eventAck above eventHead is not taken, and none ever goes down', () => {
  const { model, crane } = ready();
  crane.send(mission(1, 'transfer', 'L5/2/1', 'L6/2/1'));
  model.advance({ realMs: 100, simMs: 60_000 });
  crane.send({ eventAck: 3 });
  expect(crane.status().eventAcked).toBe(0);
  crane.send({ eventAck: 2 });
  crane.send({ eventAck: 1 });
  expect(crane.status().eventAcked).toBe(2);
});

test('a crane without whole memory takes no command but resync, which sets its numbers', () => {
  const model = newModel({ craneMemory: 'new' });
  const crane = new CraneClient(model);
  crane.send(mission(5, 'home', 'LHD', 'LHD'));
  expect(crane.status()).toMatchObject({
    seqAnswered: 0,
    ignoredReason: 'notSynchronized',
    retentiveOk: false,
  });
  crane.send({ seq: 6, command: 'resync', missionId: 1, eventAck: 70 });
  expect(crane.status()).toMatchObject({ answer: 'handledSince', retentiveOk: false });
  crane.send({ seq: 7, command: 'resync', missionId: 0, eventAck: 70 });
  expect(crane.status()).toMatchObject({
    answer: 'accepted',
    seqAnswered: 7,
    eventHead: 70,
    retentiveOk: true,
  });
});

test('cancel and changeDestination hit their mission until its deposit has begun', () => {
  const { model, crane } = ready();
  crane.send(mission(1, 'transfer', 'L5/2/1', 'L6/2/1'));
  crane.send({ seq: 2, command: 'changeDestination', missionId: 1, ...destination('R9/1/1') });
  expect(crane.status().answer).toBe('accepted');
  while (crane.status().phase !== 'depositing') crane.run(100);
  crane.send({ seq: 3, command: 'cancel', missionId: 1 });
  expect(crane.status().answer).toBe('tooLate');
  crane.runToEnd();
  crane.send({ seq: 4, command: 'cancel', missionId: 1 });
  expect(crane.status()).toMatchObject({ answer: 'missionEnded', lastResult: 'done' });
  expect(model.world.at('A01-R-009-01-1' as LocationId)?.lpn).toBe('LPN-1');
});
