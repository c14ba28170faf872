import { craneFaults } from '../../simulators/asrs-crane/faults.ts';
import { conveyorFaults } from '../../simulators/conveyor/faults.ts';
import type { ScannerRead } from '../../simulators/conveyor/model.ts';
import { stickLabel, triggerScanner } from '../../simulators/conveyor/run.ts';
import type { Faults } from '../../simulators/lib/fault.ts';
import type { Moment, PlcLink } from '../../simulators/lib/plc-link.ts';
import { PlantModel, type PlantSetup } from '../../simulators/plant-model.ts';
import type { Handled, NewTote, People } from '../../simulators/world/people.ts';
import type { DeviceId, LocationId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';

/** Shorter waits only come of rounding. */
const delayMinMs = 0.001;

interface Driver {
  readonly id: string;
  noticed(): void;
}

/** Communication of a controller that is there: its watchdog never bites. */
const fedForever = Number.MAX_SAFE_INTEGER;

/**
 * The machines of a site and the steel between them on virtual time: no wire, no registers, no polling.
 * Time passes from one thing that happens to the next.
 */
export class VirtualPlant {
  readonly model: PlantModel;
  readonly #clock: Clock;
  readonly #startMs: number;
  readonly #drivers = new Map<string, Driver>();
  #cancel: () => void = () => {};
  /** SSCCs of the labels that have come out at stations. */
  readonly tableLabels = new Set<string>();
  /** Told what each fixed scanner has read. */
  onRead: (read: ScannerRead) => void = () => {};
  /** Called after everything that has happened. */
  onStep: () => void = () => {};

  constructor(clock: Clock, setup: Omit<PlantSetup, 'utcS' | 'craneMemory'>) {
    this.#clock = clock;
    this.#startMs = clock.monotonicMs();
    const utcS = Math.floor(clock.nowMs() / 1000);
    this.model = new PlantModel({ ...setup, utcS, craneMemory: 'commissioned' });
  }

  get simMs(): number {
    return this.model.now.simMs;
  }

  /** Drivers look at their machines after everything that happens from now on. */
  start(drivers: readonly Driver[]): void {
    for (const driver of drivers) this.#drivers.set(driver.id, driver);
    this.act(() => {});
  }

  /**
   * Changes something from outside: the plant is brought up to now before, and looked at afterwards.
   *
   * @param device  the one that alone is changed
   */
  act<T>(change: (now: Moment) => T, device?: DeviceId): T {
    this.#pass();
    const result = change(this.model.now);
    this.model.settle(device);
    this.#happened();
    return result;
  }

  /** What a person does with the hands. */
  handle(deed: (people: People, simMs: number) => Handled): Handled {
    return this.act(({ simMs }) => deed(this.model.people, simMs));
  }

  /** Puts a tote from outside onto the first zone of an infeed. */
  feed = (tote: NewTote, at: LocationId): Handled =>
    this.handle((people, simMs) => people.feed(tote, simMs, at));

  /** The controller asks a fixed scanner for one more read. */
  trigger(scanner: DeviceId): void {
    this.act(({ simMs }) => {
      for (const { conveyor, point } of this.#pointsWith('scanner', scanner)) {
        triggerScanner(conveyor, point, simMs);
      }
    });
  }

  /** A label came out: the applicator sticks it on what stands there, or it lies on the table of a station. */
  label(printer: DeviceId, sscc: string): void {
    const points = this.#pointsWith('printer', printer);
    if (points.length === 0) {
      this.tableLabels.add(sscc);
      return;
    }
    this.act(({ simMs }) => {
      for (const { conveyor, point } of points) stickLabel(conveyor, point, `00${sscc}`, simMs);
    });
  }

  /** A controller that is connected feeds the watchdog all the time. */
  keepController(link: PlcLink): void {
    link.frameAtMs = fedForever;
    // Nobody looks at its life without a wire.
    link.lifeDueMs = fedForever;
  }

  /** It is gone: the watchdog bites after its time. */
  missController(link: PlcLink): void {
    link.frameAtMs = this.model.now.realMs;
    this.#clock.after(this.#watchdogMs() + 1, () => this.act(() => {}));
  }

  /** What can be made to go wrong with its machines. */
  faults(device: DeviceId): Faults {
    const [crane, conveyor] = [this.model.cranes.get(device), this.model.conveyors.get(device)];
    const act = (change: (now: Moment) => void) => this.act(change);
    return {
      ...(crane && craneFaults(crane, act, act)),
      ...(conveyor && conveyorFaults(conveyor, act, act)),
    };
  }

  #watchdogMs(): number {
    const machines = [...this.model.cranes.values(), ...this.model.conveyors.values()];
    return Math.max(...machines.map(({ setup }) => setup.rules.lifeLostMs));
  }

  #pointsWith(what: 'scanner' | 'printer', device: DeviceId) {
    return [...this.model.conveyors.values()].flatMap((conveyor) =>
      [...conveyor.setup.points.values()]
        .filter((point) => point[what] === device)
        .map(({ point }) => ({ conveyor, point })),
    );
  }

  #pass(): void {
    const elapsedMs = this.#clock.monotonicMs() - this.#startMs - this.model.now.simMs;
    if (elapsedMs > 0) this.model.advance({ realMs: elapsedMs, simMs: elapsedMs });
  }

  #happened(): void {
    for (const read of this.model.takeReads()) this.onRead(read);
    for (const { device } of this.model.takeBusy()) this.#drivers.get(device)?.noticed();
    this.onStep();
    this.#cancel();
    const dueMs = this.model.simDueMs();
    if (!Number.isFinite(dueMs)) return;
    const delayMs = Math.max(delayMinMs, dueMs - this.model.now.simMs);
    this.#cancel = this.#clock.after(delayMs, () => {
      this.#pass();
      this.#happened();
    });
  }
}
