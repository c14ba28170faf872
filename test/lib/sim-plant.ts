import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import {
  type CraneCommandBlock,
  craneFields,
  craneGroups,
} from '../../devices/asrs-crane/fields.ts';
import { conveyorFields, conveyorGroups } from '../../devices/conveyor/fields.ts';
import { bind } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { PlantModel, type PlantSetup } from '../../simulators/plant-model.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { smallSite } from './sim-site.ts';

const read = (name: string) =>
  parse(
    readFileSync(new URL(`../../config/interfaces/${name}.yaml`, import.meta.url), 'utf8'),
  ) as InterfaceFile;

export const interfaces = {
  crane: read('crane-block-v1'),
  conveyor: read('conveyor-point-v1'),
};

export const craneWire = {
  command: bind(interfaces.crane, 'command', craneFields.command),
  status: bind(interfaces.crane, 'status', craneFields.status, craneGroups.status),
};

export const conveyorWire = {
  link: bind(interfaces.conveyor, 'link', conveyorFields.link),
  linkStatus: bind(
    interfaces.conveyor,
    'linkStatus',
    conveyorFields.linkStatus,
    conveyorGroups.linkStatus,
  ),
  answers: bind(interfaces.conveyor, 'answers', conveyorFields.answers, conveyorGroups.answers),
  point: bind(interfaces.conveyor, 'point', conveyorFields.point, conveyorGroups.point),
};

const bootId = 1_700_000_000;

export const newModel = (
  setup: Partial<PlantSetup> = {},
  parts?: ReadonlyMap<string, unknown>,
): PlantModel =>
  new PlantModel(
    { site: smallSite, interfaces, seed: 1, utcS: bootId, craneMemory: 'commissioned', ...setup },
    parts,
  );

const noCommand: CraneCommandBlock = {
  mapVersion: 0x0100,
  wordOrderTest: 0x01020304,
  deviceNumber: 1,
  life: 1,
  epoch: 1,
  claimNonce: 7,
  bootIdEcho: bootId,
  enable: true,
  selfTest: false,
  eventAck: 0,
  utcS: 0,
  seq: 0,
  command: 'none',
  missionId: 0,
  lhd: 0,
  fromKind: 'none',
  fromBay: 0,
  fromLevel: 0,
  fromDepth: 0,
  toKind: 'none',
  toBay: 0,
  toLevel: 0,
  toDepth: 0,
  loadHandle: 0,
  loadType: 0,
  heightClass: 0,
  massKg: 0,
  verifyCode: false,
  probeDestination: false,
  sourceMayBeEmpty: false,
  loadCode: '',
  commit: 1,
};

/** A frame of the controller with epoch 1 that says nothing but `fields`. */
export const craneFrame = (fields: Partial<CraneCommandBlock>): CraneCommandBlock => ({
  ...noCommand,
  ...fields,
});

export type Place = `${'L' | 'R'}${number}/${number}/${number}` | 'PD-IN' | 'PD-OUT' | 'LHD';

function place(side: 'from' | 'to', text: Place): Record<string, string | number> {
  const [kind, bay, level, depth] = wirePlace(text);
  return {
    [`${side}Kind`]: kind,
    [`${side}Bay`]: bay,
    [`${side}Level`]: level,
    [`${side}Depth`]: depth,
  };
}

function wirePlace(text: Place): [string, number, number, number] {
  if (text === 'PD-IN') return ['station', 1, 0, 0];
  if (text === 'PD-OUT') return ['station', 2, 0, 0];
  if (text === 'LHD') return ['lhd', 1, 0, 0];
  const [bay = 0, level = 0, depth = 0] = text.slice(1).split('/').map(Number);
  return [text.startsWith('L') ? 'rackLeft' : 'rackRight', bay, level, depth];
}

/** Registers of a command that starts a mission. */
export const mission = (
  seq: number,
  command: 'transfer' | 'pick' | 'deposit' | 'move' | 'check' | 'home',
  from: Place,
  to: Place,
): Partial<CraneCommandBlock> => ({
  seq,
  missionId: seq,
  command,
  lhd: 1,
  loadHandle: 4711,
  ...place('from', from),
  ...place('to', to),
});

export const destination = (to: Place): Partial<CraneCommandBlock> => place('to', to);

/** A controller of one crane, at the registers: life goes on by itself, all else is the test's. */
export class CraneClient {
  readonly #model: PlantModel;
  #life = 0;
  /** What every frame says until it is changed. */
  levels: Partial<CraneCommandBlock> = {};

  constructor(model: PlantModel) {
    this.#model = model;
  }

  status() {
    this.#model.prepare();
    this.#model.show();
    const { base, length } = craneWire.status;
    return craneWire.status.decode([...this.registers.subarray(base, base + length)]);
  }

  get registers(): Uint16Array {
    return this.#device.registers;
  }

  get #device() {
    const device = this.#model.devices.get('crane-1' as DeviceId);
    if (device === undefined) throw new Error('the plant has no crane');
    return device;
  }

  /** Writes one frame with the next life. */
  send(fields: Partial<CraneCommandBlock> = {}): void {
    this.#life += 1;
    this.write(this.words({ ...fields }));
  }

  words(fields: Partial<CraneCommandBlock>): number[] {
    const life = fields.life ?? this.#life & 0xffff;
    return craneWire.command.encode(craneFrame({ ...this.levels, life, commit: life, ...fields }));
  }

  write(words: readonly number[]): void {
    const { base, length } = craneWire.command;
    this.registers.set(words, base);
    this.#device.written(base, length, this.#model.now);
    this.#model.settle();
  }

  /** Lets time pass as a living controller does: acknowledging every event. */
  run(simMs: number): void {
    this.send({ eventAck: this.status().eventHead });
    this.#model.advance({ realMs: 100, simMs });
    this.send({ eventAck: this.status().eventHead });
  }

  /** Until the mission in hand has ended. @returns simulated time that took */
  runToEnd(): number {
    const startMs = this.#model.now.simMs;
    for (let step = 0; step < 1_000 && this.status().activeMissionId !== 0; step++) {
      const dueMs = this.#model.simDueMs();
      const inMs = Number.isFinite(dueMs) ? dueMs - this.#model.now.simMs : 100;
      this.run(Math.max(inMs, 0));
    }
    return this.#model.now.simMs - startMs;
  }
}
