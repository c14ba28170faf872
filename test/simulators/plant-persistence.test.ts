import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { PlantModel } from '../../simulators/plant-model.ts';
import { openPartStore, type PartStore } from '../../simulators/world/store.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import { answersFrame, linkFrame } from '../lib/sim-conveyor-client.ts';
import { failConveyor, failCrane } from '../lib/sim-faults.ts';
import { conveyorWire, craneFrame, craneWire, mission, newModel } from '../lib/sim-plant.ts';

const at = (location: string) => location as LocationId;

/** A plant that writes every step down, as the one behind the sockets does. */
function step(model: PlantModel, store: PartStore, change: () => void): void {
  change();
  model.settle();
  model.prepare();
  model.takeReads();
  store.save(model.takeChanges());
  model.show();
}

function write(model: PlantModel, device: string, base: number, words: readonly number[]): void {
  const plc = model.devices.get(device as DeviceId);
  plc?.registers.set(words, base);
  plc?.written(base, words.length, model.now);
}

type Action = readonly [kind: 'feed' | 'crane' | 'answer' | 'fault' | 'time', argument: number];

function act(model: PlantModel, [kind, argument]: Action, life: number): void {
  const plc = model.cranes.get('crane-1' as DeviceId)?.state.plc;
  const conveyor = model.conveyors.get('conveyor-1' as DeviceId);
  const crane = model.cranes.get('crane-1' as DeviceId);
  if (plc === undefined || conveyor === undefined || crane === undefined) return;
  const bootIdEcho = plc.bootId;
  const head = { bootIdEcho, eventAck: plc.eventHead, life, commit: life };
  const { link } = conveyor.state;
  const frame = linkFrame(life, { bootIdEcho: link.bootId });
  write(model, 'conveyor-1', conveyorWire.link.base, conveyorWire.link.encode(frame));
  write(model, 'crane-1', craneWire.command.base, craneWire.command.encode(craneFrame(head)));
  if (kind === 'feed') model.people.feed({ massKg: argument, heightMm: 300 }, model.now.simMs);
  if (kind === 'crane') {
    const places = ['PD-IN', 'L1/1/1', 'L2/2/1', 'R3/3/1'] as const;
    const [from = 'PD-IN', to = 'L1/1/1'] = [places[argument % 4], places[1 + (argument % 3)]];
    const seq = plc.seqAnswered + 1;
    const words = craneWire.command.encode(
      craneFrame({
        ...mission(seq, 'transfer', from, to),
        ...head,
        life: life + 1,
        commit: life + 1,
      }),
    );
    write(model, 'crane-1', craneWire.command.base, words);
  }
  if (kind === 'answer') {
    for (const { number, load } of conveyor.state.points) {
      const answer = { answerScanSeq: load?.scanSeq ?? 0, answerExit: 1, answerHandle: argument };
      const words = conveyorWire.answers.encode(
        answersFrame(number, life, [answer], { bootIdEcho: link.bootId }),
      );
      write(model, 'conveyor-1', conveyorWire.answers.at(number), words);
    }
  }
  if (kind === 'fault') {
    const kinds = ['binFull', 'binEmpty', 'plcRestart', 'driveFault'] as const;
    failCrane(crane, kinds[argument % 4] ?? 'binFull', true, model.now);
    if (argument % 4 === 2) failConveyor(conveyor, 'plcRestart', true, model.now, {});
  }
  if (kind === 'time') model.advance({ realMs: 20, simMs: argument * 40 });
}

/** Everything but the snapshot numbers: a new process publishes anew. */
const pictureOf = (model: PlantModel) =>
  JSON.parse(
    JSON.stringify({
      now: model.now,
      truth: model.world.truth(),
      executions: model.world.executions(),
      devices: [...model.devices.values()].map(({ state }) => state),
    }),
    (key, value) => (key === 'guard' ? undefined : value),
  );

const sorted = (picture: ReturnType<typeof pictureOf>) => {
  picture.truth.totes.sort((a: { id: string }, b: { id: string }) => a.id.localeCompare(b.id));
  picture.executions.sort(
    (a: { missionId: number }, b: { missionId: number }) => a.missionId - b.missionId,
  );
  return picture;
};

const actions = fc.array(
  fc.tuple(
    fc.constantFrom<Action[0]>('feed', 'crane', 'answer', 'fault', 'time', 'time', 'time'),
    fc.nat(250),
  ),
  { minLength: 20, maxLength: 80 },
);

test('a plant killed at any moment goes on from its folder as if it had never been killed', () => {
  fc.assert(
    fc.property(actions, fc.array(fc.nat(79), { maxLength: 5 }), (history, kills) => {
      const folder = mkdtempSync(join(tmpdir(), 'plant-'));
      const whole = newModel();
      const nothing: PartStore = { load: () => new Map(), save() {}, close() {} };
      let store = openPartStore(folder);
      let killed = newModel({}, store.load());
      try {
        step(whole, nothing, () => {});
        step(killed, store, () => {});
        history.forEach((action, index) => {
          if (kills.includes(index)) {
            store.close();
            store = openPartStore(folder);
            killed = newModel({ seed: 999, utcS: whole.now.utcS }, store.load());
            killed.prepare();
            killed.show();
          }
          // Bounded so that the picture is complete at each step: time is kept with what happens.
          step(whole, nothing, () => act(whole, action, 2 * index + 1));
          step(killed, store, () => act(killed, action, 2 * index + 1));
          expect(sorted(pictureOf(killed))).toEqual(sorted(pictureOf(whole)));
        });
        expect(killed.world.truth().violations).toEqual([]);
      } finally {
        store.close();
        rmSync(folder, { recursive: true });
      }
    }),
    { numRuns: 25 },
  );
});

test('a part that was taken away does not come back', () => {
  const folder = mkdtempSync(join(tmpdir(), 'plant-'));
  const store = openPartStore(folder);
  store.save(
    new Map([
      ['tote/T1', '{"id":"T1"}'],
      ['world', '{}'],
    ]),
  );
  store.save(new Map([['tote/T1', undefined]]));
  store.close();
  const again = openPartStore(folder);
  expect([...again.load().keys()]).toEqual(['world']);
  again.close();
  rmSync(folder, { recursive: true });
});

test('what a person puts down is in the folder before anything else happens', () => {
  const model = newModel();
  model.people.bring({ massKg: 1, heightMm: 1 }, at('A01-L-001-01-1'), 0);
  expect(model.takeChanges().get('tote/T1')).toContain('A01-L-001-01-1');
});
