import { craneFaults } from '../../simulators/asrs-crane/faults.ts';
import type { Crane } from '../../simulators/asrs-crane/model.ts';
import { conveyorFaults } from '../../simulators/conveyor/faults.ts';
import type { Conveyor } from '../../simulators/conveyor/model.ts';
import type { FrameSeen } from '../../simulators/dst/evidence.ts';
import type { Faults } from '../../simulators/lib/fault.ts';
import type { PlcDevice } from '../../simulators/lib/plc-device.ts';
import { PlcView } from '../../simulators/lib/plc-view.ts';
import { PlantModel } from '../../simulators/plant-model.ts';
import { DeviceUnavailableError, invariant } from '../../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { Site } from '../../src/domain/site.ts';
import { demoSite } from './demo.ts';
import { readConveyorInterface, readCraneInterface } from './interfaces.ts';
import { ManualClock } from './manual-clock.ts';

export const floorFiles = { crane: readCraneInterface(), conveyor: readConveyorInterface() };
/** Machines move faster than real, communication does not. */
const speed = 60;
/** Time of one step of the plant: no phase of a mission is shorter. */
const stepMs = 4;

export const crane1 = 'crane-1' as DeviceId;
export const conveyor1 = 'conveyor-1' as DeviceId;

/** A double-deep aisle of 36 cells whose crane reads license plates; everything else as in the demo site. */
export const floorSite: Site = {
  ...demoSite,
  aisles: demoSite.aisles.map((aisle) => ({
    ...aisle,
    ...{ bays: 3, levels: 3, depths: 2, checks: { code: 'lpn', probeDestination: false } },
  })),
  limits: {
    ...demoSite.limits,
    ...{ missionLimitMs: 40_000, conveyorLimitMs: 40_000, labelLimitMs: 1_000, readLimitMs: 300 },
  },
};

/** A simulated PLC in this process, as its driver and its faults reach it. */
interface FloorPlc {
  readonly device: PlcDevice;
  readonly view: PlcView;
  /** As the simulators offer them, by name. */
  readonly faults: Faults;
  /** The cable is pulled. */
  isCut: boolean;
  /** Frames arrive and are not looked at yet. */
  isDeaf: boolean;
  /** Connections of an older one are gone. */
  generation: number;
}

/** One access to the registers of a PLC, where it leaves the controller or has come back to it. */
export type FloorAccess = Pick<FrameSeen, 'device' | 'connection' | 'kind' | 'address' | 'words'>;

/** A plant behind its registers, in this process and on a clock that the test moves. */
export class FloorPlant {
  readonly clock = new ManualClock();
  readonly model: PlantModel;
  /** While it holds, motion stands still, by magic; communication goes on. */
  frozenWhile: () => boolean = () => false;
  /** Told of every access, before what is written arrives. */
  onAccess: (access: FloorAccess) => void = () => {};
  /** Told after what was written has arrived, and before the controller hears that it has. */
  onArrived: () => void = () => {};
  readonly #plcs: ReadonlyMap<DeviceId, FloorPlc>;
  #lastMs = 0;
  #connections = 0;

  constructor(site: Site) {
    this.model = new PlantModel({
      ...{ site, interfaces: floorFiles, seed: 1, utcS: 1_700_000_000 },
      ...{ craneMemory: 'commissioned', stationWaitMs: 10_000 },
    });
    this.#plcs = new Map(
      [...this.model.devices].map(([device, plc]) => [device, this.#plcOf(device, plc)]),
    );
  }

  get plcs(): Iterable<FloorPlc> {
    return this.#plcs.values();
  }

  get crane(): Crane {
    const found = this.model.cranes.get(crane1);
    invariant(found !== undefined, 'the site has a crane');
    return found;
  }

  get conveyor(): Conveyor {
    const found = this.model.conveyors.get(conveyor1);
    invariant(found !== undefined, 'the site has a conveyor');
    return found;
  }

  plc(device: DeviceId): FloorPlc {
    const found = this.#plcs.get(device);
    invariant(found !== undefined, `${device} is a PLC of the site`);
    return found;
  }

  /** Switches a fault of the simulators. */
  fault(device: DeviceId, name: string, isOn = true, values: Record<string, number> = {}): void {
    const fault = this.plc(device).faults[name];
    invariant(fault !== undefined, `${device} has a fault ${name}`);
    fault.set(isOn, values);
  }

  /** The cable of a PLC is pulled, or put in again. */
  cut(device: DeviceId, isCut: boolean): void {
    const plc = this.plc(device);
    plc.isCut = isCut;
    plc.generation++;
  }

  /** People act on the steel. */
  byHand<T>(act: (people: PlantModel['people'], simMs: number) => T): T {
    this.pass();
    const done = act(this.model.people, this.model.now.simMs);
    this.model.settle();
    return done;
  }

  /** Where a tote is in steel, by what can be read on it. */
  where(lpn: string): LocationId | undefined {
    return this.model.world.truth().totes.find(({ codes }) => codes.includes(lpn))?.location;
  }

  /** Brings the plant up to now. */
  pass(): void {
    const nowMs = this.clock.monotonicMs();
    let leftMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    while (leftMs > 0) {
      const realMs = Math.min(leftMs, stepMs);
      this.model.advance({ realMs, simMs: this.frozenWhile() ? 0 : realMs * speed });
      leftMs -= realMs;
    }
  }

  /** Whether anything is under way by itself. */
  isMoving(): boolean {
    return !this.frozenWhile() && Number.isFinite(this.model.simDueMs());
  }

  /** A line to the registers of a PLC, without a wire. */
  connect(device: DeviceId) {
    const plc = this.plc(device);
    const bank = plc.view.bank();
    return async () => {
      const { generation } = plc;
      const connection = ++this.#connections;
      const check = () => {
        const isGone = plc.isCut || generation !== plc.generation;
        if (isGone) throw new DeviceUnavailableError('The cable is pulled');
      };
      check();
      return {
        readHolding: async (address: number, words: number) => {
          check();
          this.pass();
          this.model.prepare();
          this.model.show();
          const read = Array.from(bank.read?.(address, words) ?? []);
          this.onAccess({ device, connection, kind: 'read', address, words: read });
          return read;
        },
        writeHolding: async (address: number, words: readonly number[]) => {
          check();
          this.onAccess({ device, connection, kind: 'write', address, words: [...words] });
          if (plc.isDeaf) return;
          this.pass();
          plc.device.registers.set(words, address);
          bank.onWrite?.(address, words.length);
          this.model.settle();
          this.onArrived();
        },
        close() {},
      };
    };
  }

  #plcOf(id: DeviceId, device: PlcDevice): FloorPlc {
    const [crane, conveyor] = [this.model.cranes.get(id), this.model.conveyors.get(id)];
    const view = new PlcView(
      device,
      crane === undefined ? floorFiles.conveyor : floorFiles.crane,
      (address, words) => device.written(address, words, this.model.now),
    );
    const act = (change: (now: PlantModel['now']) => void) => {
      this.byHand(() => change(this.model.now));
    };
    const drop = () => {
      plc.generation++;
    };
    const restarting = (change: (now: PlantModel['now']) => void) => {
      act(change);
      drop();
    };
    const plc: FloorPlc = {
      ...{ device, view, isCut: false, isDeaf: false, generation: 0 },
      faults: {
        ...(crane && craneFaults(crane, act, restarting)),
        ...(conveyor && conveyorFaults(conveyor, act, restarting)),
        ...view.faults(drop),
      },
    };
    return plc;
  }
}
