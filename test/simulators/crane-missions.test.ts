import fc from 'fast-check';
import { expect, test } from 'vitest';
import { advanceMotion, motionDueMs } from '../../simulators/asrs-crane/missions.ts';
import { axisTravelledMm } from '../../simulators/asrs-crane/motion.ts';
import type { PlantModel } from '../../simulators/plant-model.ts';
import { axisTravelMs, craneTravelMs } from '../../src/domain/crane-kinematics.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import { failCrane } from '../lib/sim-faults.ts';
import { CraneClient, mission, newModel, type Place } from '../lib/sim-plant.ts';
import { smallSite } from '../lib/sim-site.ts';

const tote = { lpn: 'LPN-1', massKg: 10, heightMm: 300 };
const at = (location: string) => location as LocationId;
const [aisle] = smallSite.aisles;
const transfer = mission(1, 'transfer', 'L5/2/1', 'R9/4/1');

function ready(location = 'A01-L-005-02-1') {
  const model = newModel();
  model.people.bring(tote, at(location), 0);
  const crane = new CraneClient(model);
  crane.send();
  return { model, crane };
}

const craneOf = (model: PlantModel) => {
  const crane = model.cranes.get('crane-1' as DeviceId);
  if (crane === undefined) throw new Error('no crane');
  return crane;
};

const where = (model: PlantModel) => model.world.truth().totes.map(({ location }) => location);

test('an axis never goes back on its way and ends it in the time of the closed form', () => {
  fc.assert(
    fc.property(
      fc.double({ min: 1, max: 60_000, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      (distanceMm, a, b) => {
        const axis = { speedMmPerS: 4000, accelMmPerS2: 2000 };
        const wholeMs = axisTravelMs(distanceMm, axis);
        const [early, late] = [Math.min(a, b), Math.max(a, b)].map((part) =>
          axisTravelledMm(distanceMm, axis, part * wholeMs),
        ) as [number, number];
        expect(early).toBeLessThanOrEqual(late + 1e-6);
        expect(late).toBeLessThanOrEqual(distanceMm + 1e-6);
        expect(axisTravelledMm(distanceMm, axis, wholeMs / 2)).toBeCloseTo(distanceMm / 2, 3);
        expect(axisTravelledMm(distanceMm, axis, wholeMs)).toBe(distanceMm);
      },
    ),
  );
});

test('a transfer takes two travels and two strokes, to the millisecond', () => {
  if (aisle === undefined) throw new Error('no aisle');
  const topology = new Topology(smallSite);
  const [from, to] = [at('A01-L-005-02-1'), at('A01-R-009-04-1')].map((location) =>
    topology.positionOf(location),
  ) as [{ xMm: number; yMm: number }, { xMm: number; yMm: number }];
  const { model, crane } = ready();
  const { kinematics } = aisle;
  const expectedMs =
    craneTravelMs({ xMm: 0, yMm: 0 }, from, kinematics) +
    craneTravelMs(from, to, kinematics) +
    2 * kinematics.transferMs;
  crane.send(transfer);
  model.advance({ realMs: 10, simMs: expectedMs - 0.01 });
  expect(crane.status().phase).toBe('retracting');
  model.advance({ realMs: 10, simMs: 0.02 });
  expect(crane.status()).toMatchObject({
    activeMissionId: 0,
    lastMissionId: 1,
    lastResult: 'done',
    lastKind: 'rackRight',
    lastBay: 9,
    lastLevel: 4,
    travelMm: to.xMm,
    hoistMm: to.yMm,
  });
  expect(crane.status().events.map(({ eventType }) => eventType)).toEqual(['picked', 'ended']);
});

test('a command written again and again moves once', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(4_000), { minLength: 1, maxLength: 30 }), (pauses) => {
      const { model, crane } = ready();
      for (const simMs of pauses) {
        crane.send({ ...transfer, eventAck: crane.status().eventHead });
        model.advance({ realMs: 20, simMs });
      }
      crane.runToEnd();
      crane.send({ ...transfer, eventAck: crane.status().eventHead });
      model.advance({ realMs: 20, simMs: 60_000 });
      expect(model.world.executions()).toEqual([
        { crane: 'crane-1', missionId: 1, starts: 1, picks: 1, deposits: 1 },
      ]);
      expect(model.world.truth().violations).toEqual([]);
    }),
    { numRuns: 30 },
  );
});

test('without enable the stroke is finished, then the crane stands until enable is back', () => {
  const { model, crane } = ready();
  crane.send(transfer);
  while (crane.status().phase !== 'picking') crane.run(50);
  crane.levels = { enable: false };
  crane.send();
  expect(crane.status()).toMatchObject({ standstill: false, enabled: false, state: 'held' });
  crane.run(10_000);
  expect(crane.status()).toMatchObject({ phase: 'carrying', standstill: true, lhd1Loaded: true });
  const { travelMm } = crane.status();
  crane.run(60_000);
  expect(crane.status().travelMm).toBe(travelMm);
  crane.levels = {};
  crane.runToEnd();
  expect(where(model)).toEqual(['A01-R-009-04-1']);
});

test('a controller that falls silent for lifeLostMs stops the crane on its way', () => {
  const { model, crane } = ready();
  crane.send(transfer);
  model.advance({ realMs: 2_999, simMs: 100 });
  expect(crane.status().standstill).toBe(false);
  model.advance({ realMs: 1, simMs: 10 });
  expect(crane.status()).toMatchObject({ enabled: false, standstill: true, state: 'held' });
});

const aborts: [string, string, Place, (model: PlantModel) => void, string][] = [
  ['binFull', 'lhd', 'L5/2/1', (m) => failCrane(craneOf(m), 'binFull', true, m.now), 'A01-LHD'],
  ['binEmpty', 'none', 'L5/2/1', (m) => failCrane(craneOf(m), 'binEmpty', true, m.now), 'MISSING'],
  [
    'frontBlocked',
    'rackLeft',
    'L5/2/2',
    (m) => {
      m.people.carry('T1', at('A01-L-005-02-2'), 0);
      m.people.bring(tote, at('A01-L-005-02-1'), 0);
    },
    'A01-L-005-02-2',
  ],
];

test.each(aborts)(
  '%s ends the mission with the load where it is: %s',
  (result, kind, from, prepare, place) => {
    const { model, crane } = ready();
    prepare(model);
    crane.send(mission(1, 'transfer', from, 'R9/4/1'));
    crane.runToEnd();
    expect(crane.status()).toMatchObject({ lastResult: result, lastKind: kind, lastMissionId: 1 });
    expect(model.world.tote('T1')?.spot).toBe(place);
  },
);

test('a foreign tote in the destination keeps the load on the LHD, and another cell takes it', () => {
  const { model, crane } = ready();
  failCrane(craneOf(model), 'binFull', true, model.now);
  crane.send(transfer);
  crane.runToEnd();
  expect(crane.status()).toMatchObject({ toProbed: true, toOccupied: true, lhd1Load: 4711 });
  crane.send(mission(2, 'deposit', 'LHD', 'R8/4/1'));
  crane.runToEnd();
  expect(crane.status()).toMatchObject({ lastResult: 'done', lhd1Load: 0 });
  expect(where(model).sort()).toEqual(['A01-R-008-04-1', 'A01-R-009-04-1']);
  expect(model.world.truth().violations).toEqual([]);
});

test('a full station is waited for, then the mission ends with its load on the LHD', () => {
  const { model, crane } = ready();
  // The divert waits for an answer that never comes.
  model.people.bring(tote, at('A01-PD-OUT'), 0);
  model.advance({ realMs: 10, simMs: 5_000 });
  model.people.bring(tote, at('A01-PD-OUT'), 0);
  crane.send(mission(1, 'transfer', 'L5/2/1', 'PD-OUT'));
  expect(crane.runToEnd()).toBeGreaterThan(60_000);
  expect(crane.status()).toMatchObject({ lastResult: 'stationTimeout', lastKind: 'lhd' });
});

test('a wait at a station ends also where the sum of its times is rounded', () => {
  const { model, crane } = ready();
  model.people.bring(tote, at('A01-PD-OUT'), 0);
  model.advance({ realMs: 10, simMs: 5_000 });
  model.people.bring(tote, at('A01-PD-OUT'), 0);
  crane.send(mission(1, 'transfer', 'L5/2/1', 'PD-OUT'));
  const { state } = craneOf(model);
  const waitMs = 60_000;
  model.advance({ realMs: 20, simMs: 30_000 });
  const since = Array.from({ length: 1000 }, (_, i) => 60_000 + i / 7).find(
    (ms) => ms + waitMs - ms < waitMs,
  );
  if (since === undefined || state.waitingSinceMs === undefined) throw new Error('no wait');
  state.waitingSinceMs = since;
  expect(motionDueMs(craneOf(model))).toBe(since + waitMs);
  advanceMotion(craneOf(model), since + waitMs);
  expect(state.waitingSinceMs).toBeUndefined();
});

test('a drive fault ends the mission and is latched until resetFault', () => {
  const { model, crane } = ready();
  crane.send(transfer);
  crane.run(100);
  failCrane(craneOf(model), 'driveFault', true, model.now);
  expect(crane.status()).toMatchObject({
    lastResult: 'driveFault',
    lastKind: 'rackLeft',
    state: 'faulted',
    faultLatched: true,
  });
  crane.send(mission(2, 'transfer', 'L5/2/1', 'R9/4/1'));
  expect(crane.status().answer).toBe('faultLatched');
  crane.send({ seq: 3, command: 'resetFault' });
  expect(crane.status()).toMatchObject({ answer: 'accepted', state: 'idle', faultCode: 0 });
});

const interruptions = ['modeManual', 'plcRestart', 'memoryLost', 'driveFault'] as const;

test('an interruption at any moment leaves the load where the PLC says, and nothing resumes', () => {
  fc.assert(
    fc.property(fc.nat(16_000), fc.constantFrom(...interruptions), (simMs, fault) => {
      const { model, crane } = ready();
      crane.send(transfer);
      model.advance({ realMs: 20, simMs });
      const wasActive = crane.status().activeMissionId !== 0;
      failCrane(craneOf(model), fault, true, model.now);
      const status = crane.status();
      expect(status.activeMissionId).toBe(0);
      const [location] = where(model);
      expect(status.lhd1Load !== 0).toBe(location === 'A01-LHD');
      if (wasActive && fault !== 'memoryLost') {
        const names = { lhd: 'A01-LHD', rackLeft: 'A01-L-005-02-1', rackRight: 'A01-R-009-04-1' };
        expect(names[status.lastKind as 'lhd']).toBe(location);
        expect(status.events.some(({ eventType }) => eventType === 'picked')).toBe(
          location !== 'A01-L-005-02-1',
        );
      }
      crane.levels = { bootIdEcho: status.bootId };
      crane.run(60_000);
      expect(where(model)).toEqual([location]);
    }),
    { numRuns: 60 },
  );
});

test('after somebody turned the mode switch nothing is enabled before that event is acknowledged', () => {
  const { model, crane } = ready();
  failCrane(craneOf(model), 'modeManual', true, model.now);
  failCrane(craneOf(model), 'modeManual', false, model.now);
  crane.send({ eventAck: 1 });
  expect(crane.status()).toMatchObject({ mode: 'autoRemote', enabled: false, eventHead: 2 });
  crane.send({ eventAck: 2 });
  expect(crane.status().enabled).toBe(true);
});

test('a restart with whole memory keeps all numbers, takes a new bootId and tells of itself', () => {
  const { model, crane } = ready();
  crane.send(transfer);
  crane.run(100);
  const before = crane.status();
  failCrane(craneOf(model), 'plcRestart', true, model.now);
  expect(crane.status()).toMatchObject({
    bootId: before.bootId + 1,
    epochAccepted: 1,
    seqAnswered: 1,
    answer: 'accepted',
    lastResult: 'restarted',
    eventHead: 2,
    enabled: false,
  });
});

test('the test pattern is published outside of autoRemote only, new each time', () => {
  const { model, crane } = ready();
  const pattern = () => {
    crane.send({ selfTest: true });
    model.prepare();
    model.show();
    return [...crane.registers.subarray(2000, 2125)];
  };
  expect(pattern()[50]).not.toBe(((pattern()[0] ?? 0) + 50) & 0xffff);
  failCrane(craneOf(model), 'modeManual', true, model.now);
  const [first, second] = [pattern(), pattern()];
  expect(first[0]).not.toBe(second[0]);
  for (const words of [first, second]) {
    expect(words.slice(1, 124)).toEqual(
      Array.from({ length: 123 }, (_, i) => ((words[0] ?? 0) + i + 1) & 0xffff),
    );
  }
});
