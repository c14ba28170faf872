import { invariant } from '../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../src/domain/ids.ts';
import type { Site, SiteDevice } from '../src/domain/site.ts';
import { type Crane, type CraneState, newCrane } from './asrs-crane/model.ts';
import { craneDevice, eventCodes } from './asrs-crane/server.ts';
import {
  type Conveyor,
  type ConveyorSetup,
  type ConveyorState,
  newConveyor,
  type ScannerRead,
} from './conveyor/model.ts';
import { conveyorDevice } from './conveyor/server.ts';
import { interfaceOf, type PlantInterfaces } from './lib/plant-interfaces.ts';
import type { PlcDevice } from './lib/plc-device.ts';
import { linkRules, type Moment, noLink } from './lib/plc-link.ts';
import { newStartBit } from './start-bit-crane/model.ts';
import { startBitDevice } from './start-bit-crane/server.ts';
import { craneFloor } from './world/floor.ts';
import { type Lane, lanesOf } from './world/layout.ts';
import { People } from './world/people.ts';
import { World } from './world/world.ts';
import { zoneDevice } from './zone-conveyor/line.ts';

export interface PlantSetup {
  readonly site: Site;
  readonly interfaces: PlantInterfaces;
  /** Chance of a plant that starts anew. */
  readonly seed: number;
  /** First bootId of PLCs that start anew; Unix seconds. */
  readonly utcS: number;
  /**
   * Memory of cranes that start anew. `new`, the default: as after loading the program, so that
   * the controller has to claim and to resync. `commissioned`: whole, but never claimed.
   */
  readonly craneMemory?: 'new' | 'commissioned' | undefined;
  /** How long a crane waits before a full station, simulated. Default 60 000. */
  readonly stationWaitMs?: number | undefined;
  /** Real time a load waits for its answer, by device and point; 0 or absent: until it comes. */
  readonly answerLimitMs?: Readonly<Record<string, Readonly<Record<number, number>>>> | undefined;
  /** Only this device, with neighbors that always give and take. */
  readonly alone?: DeviceId | undefined;
}

/** One zone: 700 mm at 500 mm/s. */
const zoneMs = 1_400;
/** More steps than this in one go are a bug that would never end. */
const stepsMax = 1_000_000;

type Parts = ReadonlyMap<string, unknown>;

/**
 * A whole site as it would run by itself, without sockets, files or clocks: cranes, conveyors and
 * the world between them. Time passes only by `advance`, so the same plant runs in tests and behind
 * real protocols.
 */
export class PlantModel {
  readonly world = new World();
  readonly lanes: ReadonlyMap<LocationId, Lane>;
  readonly people: People;
  readonly cranes = new Map<DeviceId, Crane>();
  readonly conveyors = new Map<DeviceId, Conveyor>();
  readonly devices = new Map<DeviceId, PlcDevice>();
  #now: Moment;
  #reads: ScannerRead[] = [];
  #order: { conveyors: PlcDevice[]; cranes: PlcDevice[] } | undefined;
  /** Devices that something from outside has changed. */
  readonly #touched = new Set<PlcDevice>();
  /** How often the world had changed at the last turn of each device. */
  readonly #seen = new Map<PlcDevice, number>();
  readonly #busy = new Set<PlcDevice>();
  /** As they were saved last, by name. */
  readonly #saved = new Map<string, string>();

  /** @param parts  what an earlier plant of the same site has given by `takeChanges` */
  constructor(setup: PlantSetup, parts: Parts = new Map()) {
    const { site, alone } = setup;
    this.world.load(parts);
    this.lanes = lanesOf(site);
    const infeed = site.stations.find(({ kind }) => kind === 'infeed')?.location;
    this.people = new People(this.world, this.lanes, infeed);
    this.#now = { realMs: 0, simMs: 0, ...(parts.get('plant') as object), utcS: setup.utcS };
    for (const device of site.devices) {
      if (alone !== undefined && device.device !== alone) continue;
      if (device.type === 'asrs-crane') this.#addCrane(setup, device, parts);
      if (device.type === 'conveyor') this.#addConveyor(setup, device, parts);
    }
  }

  get now(): Moment {
    return this.#now;
  }

  /** Lets time pass. Everything happens at its own simulated time, in order. */
  advance(elapsedMs: { readonly realMs: number; readonly simMs: number }, utcS = this.#now.utcS) {
    const realMs = this.#now.realMs + elapsedMs.realMs;
    const untilMs = this.#now.simMs + elapsedMs.simMs;
    this.#now = { realMs, simMs: this.#now.simMs, utcS };
    for (const device of this.devices.values()) {
      if (device.realDueMs() > realMs) continue;
      device.watch(this.#now);
      this.#touched.add(device);
    }
    this.#run();
    let steps = 0;
    for (let dueMs = this.simDueMs(); dueMs <= untilMs; dueMs = this.simDueMs()) {
      invariant(++steps < stepsMax, 'the plant does not come to rest');
      this.#now = { realMs, simMs: Math.max(dueMs, this.#now.simMs), utcS };
      this.#run();
    }
    this.#now = { realMs, simMs: untilMs, utcS };
    this.#run();
  }

  /**
   * What a change from outside leads to at once: a person, a fault, a label.
   *
   * @param id  the one device that was changed, where no tote was; absent: it may be any
   */
  settle(id?: DeviceId): void {
    const only = id === undefined ? undefined : this.devices.get(id);
    for (const device of only ? [only] : this.devices.values()) this.#touched.add(device);
    this.#run();
  }

  /** The devices that had anything to do since the last call. */
  takeBusy(): readonly PlcDevice[] {
    const busy = [...this.#busy];
    this.#busy.clear();
    return busy;
  }

  /** Simulated time of the next thing that happens by itself. */
  simDueMs(): number {
    let dueMs = Number.POSITIVE_INFINITY;
    for (const device of this.devices.values()) dueMs = Math.min(dueMs, device.simDueMs());
    return dueMs;
  }

  /** Real time of the next thing that communication asks for. */
  realDueMs(): number {
    return Math.min(...[...this.devices.values()].map((device) => device.realDueMs()));
  }

  /** What the scanners at the decision points have read since the last call. */
  takeReads(): readonly ScannerRead[] {
    const reads = this.#reads;
    this.#reads = [];
    return reads;
  }

  /** Makes ready what the PLCs publish; `show` makes it readable. */
  prepare(): void {
    for (const device of this.devices.values()) device.prepare(this.#now);
  }

  show(): void {
    for (const device of this.devices.values()) device.show();
  }

  /** The parts that differ from what was taken before, as JSON; undefined: gone. */
  takeChanges(): Map<string, string | undefined> {
    const changes = new Map<string, string | undefined>();
    for (const [name, state] of this.world.takeChanges()) {
      changes.set(name, state === undefined ? undefined : JSON.stringify(state));
    }
    for (const { device, state } of this.devices.values()) {
      this.#addChange(changes, `device/${device}`, state);
    }
    // Time alone is no change; it is kept together with whatever happened at it.
    const { realMs, simMs } = this.#now;
    if (changes.size > 0) changes.set('plant', JSON.stringify({ realMs, simMs }));
    return changes;
  }

  #addChange(changes: Map<string, string | undefined>, name: string, state: object): void {
    const text = JSON.stringify(state);
    if (this.#saved.get(name) === text) return;
    this.#saved.set(name, text);
    changes.set(name, text);
  }

  // A belt may free what a crane waits for, and a crane what a belt waits for.
  #run(): void {
    const { conveyors, cranes } = this.#inOrder();
    for (const device of conveyors) this.#runOne(device);
    for (const device of cranes) this.#runOne(device);
    for (const device of conveyors) this.#runOne(device);
  }

  /** Nothing is asked of a device that has nothing due and around which nothing has moved since its last turn. */
  #runOne(device: PlcDevice): void {
    const { changes } = this.world;
    const isConcerned = this.#touched.delete(device) || this.#seen.get(device) !== changes;
    if (!isConcerned && device.simDueMs() > this.#now.simMs) return;
    this.#seen.set(device, changes);
    this.#busy.add(device);
    device.run(this.#now);
  }

  #inOrder() {
    this.#order ??= {
      conveyors: [...this.conveyors.keys()].flatMap((id) => this.devices.get(id) ?? []),
      cranes: [...this.cranes.keys()].flatMap((id) => this.devices.get(id) ?? []),
    };
    return this.#order;
  }

  #addCrane(setup: PlantSetup, device: SiteDevice & { type: 'asrs-crane' }, parts: Parts): void {
    const { site, interfaces, utcS, craneMemory = 'new', stationWaitMs = 60_000, alone } = setup;
    const aisle = site.aisles.find(({ crane }) => crane === device.device);
    if (aisle === undefined) return;
    const saved = parts.get(`device/${device.device}`) as CraneState | undefined;
    const file = interfaceOf(interfaces, device);
    const isOld = file.meta.device === 'startBitCrane';
    const crane: Crane = {
      setup: {
        device: device.device,
        aisle,
        loadTypes: new Set(site.loadUnitTypes.map(({ number }) => number)),
        heightClasses: new Set(site.heightClasses.map(({ number }) => number)),
        rules: isOld ? noLink : linkRules(file, device.settings.deviceNumber),
        stationWaitMs,
        ...eventCodes(file),
      },
      state: saved ?? newCrane(utcS, craneMemory),
      floor: craneFloor(this.world, this.lanes, { aisle, isAlone: alone !== undefined }),
    };
    this.cranes.set(device.device, crane);
    if (isOld) crane.state.startBit ??= newStartBit();
    const { startBit } = crane.state;
    const plc =
      startBit === undefined ? craneDevice(crane, file) : startBitDevice({ crane, startBit }, file);
    this.devices.set(device.device, plc);
  }

  #addConveyor(setup: PlantSetup, device: SiteDevice & { type: 'conveyor' }, parts: Parts): void {
    const { site, interfaces, utcS, seed, answerLimitMs = {}, alone } = setup;
    const points = site.points.filter((point) => point.device === device.device);
    if (points.length === 0) return;
    const file = interfaceOf(interfaces, device);
    const isModule = file.meta.device === 'zoneConveyor';
    const limits = Object.entries(answerLimitMs[device.device] ?? {});
    const conveyorSetup: ConveyorSetup = {
      device: device.device,
      lanes: this.lanes,
      points: new Map(points.map((point) => [point.point, point])),
      rules: isModule ? noLink : linkRules(file, device.settings.deviceNumber),
      zoneMs,
      answerLimitMs: new Map(limits.map(([point, limitMs]) => [Number(point), limitMs])),
      discardsAtExits: alone !== undefined,
    };
    const saved = parts.get(`device/${device.device}`) as ConveyorState | undefined;
    const conveyor: Conveyor = {
      setup: conveyorSetup,
      state: saved ?? newConveyor(conveyorSetup, utcS, seed),
      world: this.world,
      conveyors: this.conveyors,
    };
    this.conveyors.set(device.device, conveyor);
    const keep = (reads: readonly ScannerRead[]) => this.#reads.push(...reads);
    const make = isModule ? zoneDevice : conveyorDevice;
    this.devices.set(device.device, make(conveyor, file, keep));
  }
}
