import { expect, test } from 'vitest';
import type { PlantModel } from '../../simulators/plant-model.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { ConveyorClient } from '../lib/sim-conveyor-client.ts';
import { failConveyor } from '../lib/sim-faults.ts';
import { CraneClient, mission, newModel } from '../lib/sim-plant.ts';

const id = 'conveyor-1' as DeviceId;
const at = (location: string) => location as LocationId;
const bring = (lpn: string) => ({ lpn, massKg: 12.5, heightMm: 310 });

function ready(setup: Parameters<typeof newModel>[0] = {}) {
  const model = newModel(setup);
  const client = new ConveyorClient(model);
  client.link();
  return { model, client };
}

function pass(model: PlantModel, client: ConveyorClient, simMs: number, realMs = 10): void {
  client.link();
  model.advance({ realMs, simMs });
}

function fault(model: PlantModel, name: string, isOn = true, place = {}): void {
  const conveyor = model.conveyors.get(id);
  if (conveyor === undefined) throw new Error('no conveyor');
  failConveyor(conveyor, name, isOn, model.now, place);
  model.settle();
}

const locationOf = (model: PlantModel, tote: string) =>
  model.world.truth().totes.find((row) => row.id === tote)?.location;

/** A tote that stands at the identification point, scanned. */
function scanned(setup = {}) {
  const { model, client } = ready(setup);
  model.people.feed(bring('LPN-1'), 0);
  pass(model, client, 5_000);
  return { model, client };
}

test('a tote at the identification point is measured, and the scanner there reads its code', () => {
  const { model, client } = scanned();
  expect(client.point(1)).toMatchObject({
    scanHead: 1,
    arrivedCount: 1,
    state: 'waitingForAnswer',
    scans: [{ scanSeq: 1, readResult: 'arrivalOnly', heightMm: 310, massG: 12_500, code: '' }],
  });
  expect(client.linkStatus().news[0]).toEqual({ scanHeadLow: 1, confirmHeadLow: 0 });
  expect(model.takeReads()).toEqual([{ scanner: 'scan-1', code: 'LPN-1' }]);
});

test('PLC and scanner tell of a tote in an order that varies by seed', () => {
  const firstIsPlc = [1, 2, 3, 4, 5, 6, 7, 8].map((seed) => {
    const { model, client } = ready({ seed });
    model.people.feed(bring('LPN-1'), 0);
    pass(model, client, 2 * 1_400 - 1);
    while (client.point(1).scanHead === 0 && model.takeReads().length === 0) {
      pass(model, client, 1, 0);
    }
    return client.point(1).scanHead === 1;
  });
  expect(new Set(firstIsPlc)).toEqual(new Set([true, false]));
});

test('an answered load leaves by its exit and is confirmed when it has', () => {
  const { model, client } = scanned();
  client.answer(1, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 77 }]);
  expect(client.point(1).scans[0]?.answerState).toBe('taken');
  expect(client.point(1).confirmHead).toBe(0);
  pass(model, client, 1_400);
  expect(client.point(1)).toMatchObject({
    departedCount: 1,
    confirmations: [
      { confirmSeq: 1, confirmScanSeq: 1, confirmHandle: 77, outcome: 'asAnswered', exitTaken: 1 },
    ],
  });
  expect(locationOf(model, 'T1')).toBe('A01-PD-IN');
});

test('the first answer wins: a duplicate is ignored, another exit is a conflict, once', () => {
  const { model, client } = scanned();
  const first = { answerScanSeq: 1, answerExit: 1, answerHandle: 77 };
  client.answer(1, [first]);
  client.answer(1, [first]);
  expect(client.point(1).conflictCount).toBe(0);
  client.answer(1, [{ ...first, answerExit: 2 }]);
  client.answer(1, [{ ...first, answerExit: 2 }]);
  expect(client.point(1).conflictCount).toBe(1);
  pass(model, client, 1_400);
  expect(locationOf(model, 'T1')).toBe('A01-PD-IN');
});

test('an answer goes to the load of its scan, never to the next one', () => {
  const { model, client } = scanned();
  client.answer(1, [{ answerScanSeq: 2, answerExit: 1, answerHandle: 0 }]);
  pass(model, client, 10_000);
  expect(client.point(1)).toMatchObject({ state: 'waitingForAnswer', departedCount: 0 });
});

test('without enable answers do not count; they come again when it is back', () => {
  const { model, client } = scanned();
  const answer = { answerScanSeq: 1, answerExit: 1, answerHandle: 7 };
  client.link({ enable: false });
  client.answer(1, [answer]);
  model.advance({ realMs: 10, simMs: 5_000 });
  expect(client.point(1)).toMatchObject({ state: 'waitingForAnswer', departedCount: 0 });
  client.link();
  client.answer(1, [answer]);
  expect(client.point(1).scans[0]?.answerState).toBe('taken');
});

test.each([
  ['restarted', { bootIdEcho: 5 }],
  ['otherController', { claimNonce: 8 }],
  ['staleEpoch', { epoch: 0 }],
  ['deviceNumber', { pointNumber: 2 }],
])('an answers frame ignored as %s answers nothing', (reason, wrong) => {
  const { client } = scanned();
  client.answer(1, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 0 }], wrong);
  expect(client.point(1)).toMatchObject({ ignoredCount: 1, ignoredReason: reason });
  expect(client.point(1).scans[0]?.answerState).toBe('waiting');
});

test('a load without an answer in time leaves by the default exit as late', () => {
  const { model, client } = scanned({ answerLimitMs: { 'conveyor-1': { 1: 200 } } });
  pass(model, client, 0, 190);
  expect(client.point(1).lateCount).toBe(0);
  pass(model, client, 0, 10);
  client.answer(1, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 7 }]);
  pass(model, client, 1_400);
  expect(client.point(1)).toMatchObject({
    lateCount: 1,
    confirmations: [{ outcome: 'late', exitTaken: 2, confirmHandle: 0 }],
  });
  expect(locationOf(model, 'T1')).toBe('REJECT-01');
});

test('while Craneway is away a point with a limit uses its default exit as notEnabled', () => {
  const { model, client } = scanned({ answerLimitMs: { 'conveyor-1': { 1: 5_000 } } });
  model.advance({ realMs: 5_000, simMs: 0 });
  model.advance({ realMs: 0, simMs: 1_400 });
  expect(client.point(1).confirmations[0]).toMatchObject({ outcome: 'notEnabled', exitTaken: 2 });
});

test.each([
  ['exitFull', 'exitFull'],
  ['exitDown', 'exitDown'],
] as const)('with %s the answered load takes the default exit', (name, outcome) => {
  const { model, client } = scanned();
  fault(model, name, true, { point: 1, exit: 1 });
  client.answer(1, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 7 }]);
  pass(model, client, 1_400);
  expect(client.point(1).confirmations[0]).toMatchObject({
    outcome,
    exitTaken: 2,
    confirmHandle: 7,
  });
});

test('an exit that Craneway closed is not used', () => {
  const { model, client } = scanned();
  client.answer(1, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 7 }], { exitsClosed: 1 });
  pass(model, client, 1_400);
  expect(client.point(1).confirmations[0]).toMatchObject({ outcome: 'exitDown', exitTaken: 2 });
});

test('a jammed load stays, is confirmed as jammed, and is scanned anew when it is freed', () => {
  const { model, client } = scanned();
  fault(model, 'jam', true, { point: 1 });
  client.answer(1, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 7 }]);
  pass(model, client, 20_000);
  expect(client.point(1)).toMatchObject({
    state: 'jam',
    confirmations: [{ confirmScanSeq: 1, outcome: 'jammed', exitTaken: 0 }],
  });
  fault(model, 'jam', false, { point: 1 });
  pass(model, client, 1_000);
  expect(client.point(1)).toMatchObject({ scanHead: 2, arrivedCount: 1, departedCount: 0 });
});

test('after a restart the tracking is void and the load is scanned anew', () => {
  const { model, client } = scanned();
  fault(model, 'plcRestart');
  expect(client.point(1).confirmations[0]).toMatchObject({
    confirmScanSeq: 0,
    outcome: 'restarted',
    exitTaken: 0,
  });
  expect(client.linkStatus()).toMatchObject({ counterEra: 1_700_000_000, enabled: false });
  model.advance({ realMs: 10, simMs: 1_000 });
  expect(client.point(1)).toMatchObject({ scanHead: 2, arrivedCount: 1 });
});

test('with its memory lost the PLC counts from 0 in a new era', () => {
  const { model, client } = scanned();
  fault(model, 'memoryLost');
  model.advance({ realMs: 10, simMs: 1_000 });
  const { bootId, counterEra, epochAccepted } = client.linkStatus();
  expect([counterEra, epochAccepted]).toEqual([bootId, 0]);
  expect(client.point(1)).toMatchObject({ scanHead: 1, confirmHead: 1 });
});

test('a tote at the P&D end is told, and confirmed when the crane has taken it', () => {
  const { model, client } = ready();
  const crane = new CraneClient(model);
  model.people.bring(bring('LPN-1'), at('A01-PD-IN'), 0);
  pass(model, client, 5_000);
  expect(client.point(3).scans[0]).toMatchObject({ readResult: 'arrivalOnly', code: '', massG: 0 });
  client.answer(3, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 9 }]);
  pass(model, client, 60_000);
  expect(client.point(3)).toMatchObject({ state: 'running', confirmHead: 0 });
  crane.send();
  crane.send(mission(1, 'transfer', 'PD-IN', 'R3/2/1'));
  crane.runToEnd();
  expect(client.point(3).confirmations).toEqual([
    { confirmSeq: 1, confirmScanSeq: 1, confirmHandle: 9, outcome: 'asAnswered', exitTaken: 1 },
  ]);
  expect(locationOf(model, 'T1')).toBe('A01-R-003-02-1');
});

test('a tote that a person takes from a point is confirmed as vanished', () => {
  const { model, client } = scanned();
  model.people.takeAway(at('IN-01'), 'T1', 0);
  model.settle();
  expect(client.point(1).confirmations[0]).toMatchObject({ outcome: 'vanished', exitTaken: 0 });
});

test('a tote that a person carried off while it moved arrives where the person put it', () => {
  const { model, client } = scanned();
  client.answer(1, [{ answerScanSeq: 1, answerExit: 1, answerHandle: 7 }]);
  pass(model, client, 700);
  model.people.carry('T1', at('PICK-01'), model.now.simMs);
  pass(model, client, 5_000);
  expect(locationOf(model, 'T1')).toBe('PICK-01');
  expect(client.point(1).confirmations).toMatchObject([{ outcome: 'vanished', exitTaken: 0 }]);
});

test('what is wrong with a tote shows in what is measured and read', () => {
  const { model, client } = ready();
  for (const name of ['noRead', 'overweight', 'tooHigh'] as const) fault(model, name);
  model.people.feed(bring('LPN-1'), 0);
  pass(model, client, 5_000);
  expect(model.takeReads()).toEqual([{ scanner: 'scan-1', code: undefined }]);
  expect(client.point(1).scans[0]).toMatchObject({ heightMm: 1_000, massG: 100_000 });
});
