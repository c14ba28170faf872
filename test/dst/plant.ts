import { craneFaults } from '../../simulators/asrs-crane/faults.ts';
import type { Crane } from '../../simulators/asrs-crane/model.ts';
import { conveyorFaults } from '../../simulators/conveyor/faults.ts';
import type { Conveyor, ScannerRead } from '../../simulators/conveyor/model.ts';
import { stickLabel, triggerScanner } from '../../simulators/conveyor/run.ts';
import type { Happened, TakenSeen } from '../../simulators/dst/evidence.ts';
import { type Access, PlcWire } from '../../simulators/dst/plc-wire.ts';
import type { Pace } from '../../simulators/dst/schedule.ts';
import type { Fault, Faults } from '../../simulators/lib/fault.ts';
import type { PlantInterfaces } from '../../simulators/lib/plant-interfaces.ts';
import type { PlcDevice } from '../../simulators/lib/plc-device.ts';
import type { Moment } from '../../simulators/lib/plc-link.ts';
import { PlcView } from '../../simulators/lib/plc-view.ts';
import { PlantModel } from '../../simulators/plant-model.ts';
import type { Handled, NewTote, People } from '../../simulators/world/people.ts';
import type { SiteFiles } from '../../src/cli/site-files.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { Site } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';

interface DstPlantOptions {
  readonly site: Site;
  /** By the names under which the site knows them. */
  readonly interfaces: SiteFiles['interfaces'];
  readonly clock: Clock;
  readonly random: Random;
  readonly pace: Pace;
  readonly seen: (device: DeviceId, access: Access, generation: number) => void;
  readonly taken: (frame: Omit<TakenSeen, keyof Happened>) => void;
}

const hairMs = 0.001;

/** The steel and the PLCs of a site in virtual time, each PLC behind its cable. */
export class DstPlant {
  readonly model: PlantModel;
  readonly wires = new Map<DeviceId, PlcWire>();
  readonly faults = new Map<DeviceId, Faults>();
  readonly #clock: Clock;
  readonly #speed: number;
  readonly #files: PlantInterfaces;
  #lastMs = 0;
  #dueMs = Number.NaN;
  #cancel: () => void = () => {};
  onRead: (read: ScannerRead) => void = () => {};

  constructor(options: DstPlantOptions) {
    const { site, clock, random, pace } = options;
    this.#files = plantInterfacesOf(options);
    this.#clock = clock;
    this.#speed = pace.machineSpeed;
    this.model = new PlantModel({
      ...{
        site,
        interfaces: this.#files,
        seed: random.u32(),
        utcS: Math.floor(clock.nowMs() / 1000),
      },
      ...{ craneMemory: 'commissioned', stationWaitMs: 10_000 },
    });
    for (const [id, device] of this.model.devices) this.#addPlc(id, device, options);
    this.#plan();
  }

  /** Brings the plant up to now, and looks when it has to be looked at again. */
  pass(): void {
    const nowMs = this.#clock.monotonicMs();
    const realMs = nowMs - this.#lastMs;
    this.#lastMs = nowMs;
    if (realMs > 0) this.model.advance({ realMs, simMs: realMs * this.#speed });
  }

  /** Something from outside changes it. */
  act<T>(change: (now: Moment) => T): T {
    this.pass();
    const result = change(this.model.now);
    this.model.settle();
    this.#happened();
    return result;
  }

  handle = (deed: (people: People, simMs: number) => Handled): Handled =>
    this.act(({ simMs }) => deed(this.model.people, simMs));

  feed = (tote: NewTote, at: LocationId): Handled =>
    this.handle((people, simMs) => people.feed(tote, simMs, at));

  trigger(scanner: DeviceId): void {
    this.#atPoints('scanner', scanner, (conveyor, point, simMs) =>
      triggerScanner(conveyor, point, simMs),
    );
  }

  label(printer: DeviceId, sscc: string): void {
    this.#atPoints('printer', printer, (conveyor, point, simMs) =>
      stickLabel(conveyor, point, `00${sscc}`, simMs),
    );
  }

  #atPoints(
    what: 'scanner' | 'printer',
    device: DeviceId,
    deed: (...args: Parameters<typeof triggerScanner>) => void,
  ): void {
    this.act(({ simMs }) => {
      for (const conveyor of this.model.conveyors.values()) {
        for (const point of conveyor.setup.points.values()) {
          if (point[what] === device) deed(conveyor, point.point, simMs);
        }
      }
    });
  }

  #happened(): void {
    for (const read of this.model.takeReads()) this.onRead(read);
    this.#plan();
  }

  #plan(): void {
    const { realMs, simMs } = this.model.now;
    const delayMs = Math.min(this.model.simDueMs() - simMs, Number.MAX_SAFE_INTEGER) / this.#speed;
    const realDelayMs = this.model.realDueMs() - realMs;
    // A hair later than computed, or rounding would let it stand before its time for ever.
    const waitMs = Math.max(hairMs, Math.min(delayMs, realDelayMs) + hairMs);
    const dueMs = this.#clock.monotonicMs() + waitMs;
    // Most of what happens changes nothing of what is due next.
    if (Math.abs(dueMs - this.#dueMs) < hairMs / 2) return;
    this.#cancel();
    this.#dueMs = dueMs;
    this.#cancel = this.#clock.after(waitMs, () => {
      this.#dueMs = Number.NaN;
      this.pass();
      this.#happened();
    });
  }

  #addPlc(id: DeviceId, device: PlcDevice, options: DstPlantOptions): void {
    const { clock, random, pace, seen, taken } = options;
    const [crane, conveyor] = [this.model.cranes.get(id), this.model.conveyors.get(id)];
    const file = crane === undefined ? this.#files.conveyor : this.#files.crane;
    const tracesOf = crane ? tracesOfCrane(crane) : conveyor && tracesOfConveyor(conveyor);
    const view = new PlcView(device, file, (address, count) => {
      const before = tracesOf?.();
      device.written(address, count, this.model.now);
      if (before === undefined || before.traces === tracesOf?.().traces) return;
      const words = [...device.registers.subarray(address, address + count)];
      taken({ device: id, address, words, accepted: before.accepted });
    });
    const bank = view.bank();
    /** Of a conveyor only the block that is about to be read costs its encoding. */
    const publish = (address?: number) => {
      this.pass();
      device.prepare(this.model.now, address);
      device.show();
      this.#happened();
    };
    const wire = new PlcWire({
      ...{ clock, random, wayMs: pace.wayMs },
      seen: (access, generation) => seen(id, access, generation),
      bank: {
        ...bank,
        read: (address, words) => {
          publish(address);
          return bank.read?.(address, words) ?? [];
        },
        onWrite: (address, words) => {
          this.pass();
          bank.onWrite?.(address, words);
          this.model.settle();
          this.#happened();
        },
      },
    });
    this.wires.set(id, wire);
    const act = (change: (now: Moment) => void) => this.act(change);
    const restarting = (change: (now: Moment) => void) => {
      this.act(change);
      wire.reset();
    };
    this.faults.set(id, {
      ...(crane && craneFaults(crane, act, restarting)),
      ...(conveyor && conveyorFaults(conveyor, act, restarting)),
      ...standing(
        view.faults(() => wire.reset()),
        publish,
      ),
    });
  }
}

interface Traces {
  readonly accepted: number;
  readonly traces: string;
}

/** What changes in the memory of a PLC by a frame that it acts on, and by nothing else that comes with a write. */
const tracesOfCrane =
  ({ state: { plc } }: Crane) =>
  (): Traces => ({
    accepted: plc.epochAccepted,
    traces: `${plc.epochAccepted} ${plc.isLifeKnown} ${plc.lifeEcho}`,
  });

const tracesOfConveyor =
  ({ state: { link, points } }: Conveyor) =>
  (): Traces => ({
    accepted: link.epochAccepted,
    traces: points.reduce(
      (text, { isFrameKnown, frameEcho }) => `${text} ${isFrameKnown} ${frameEcho}`,
      `${link.epochAccepted} ${link.isLifeKnown} ${link.lifeEcho}`,
    ),
  });

/** A program that stops leaves every block as it has shown it last, and a real one shows all of them in each cycle. */
function standing(faults: Faults, publish: () => void): Faults {
  const { frozenLife } = faults;
  invariant(frozenLife !== undefined, 'the program of any PLC may stand');
  const set: Fault['set'] = (isOn, values) => {
    if (isOn) publish();
    frozenLife.set(isOn, values);
  };
  return { ...faults, frozenLife: { ...frozenLife, set } };
}

function plantInterfacesOf({ site, interfaces }: DstPlantOptions): PlantInterfaces {
  const fileOf = (type: 'asrs-crane' | 'conveyor') => {
    const device = site.devices.find((each) => each.type === type);
    const file = device && 'interface' in device.settings && device.settings.interface;
    const read = file ? interfaces.get(file) : undefined;
    invariant(read !== undefined, `the site has a file for its ${type}`);
    return read;
  };
  return { crane: fileOf('asrs-crane'), conveyor: fileOf('conveyor') };
}
