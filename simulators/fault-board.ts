import { ValueError } from '../src/domain/errors.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import { checkedValues, type Fault, type FaultParameter, type Faults } from './lib/fault.ts';

export type DeviceKind = 'crane' | 'conveyor' | 'scanner' | 'printer' | 'host' | 'broker';

/** A fault as it is switched. */
export interface Switch {
  readonly on: boolean;
  /** Over by itself after this long, real time; left out: until it is switched off. */
  readonly forMs?: number | undefined;
  readonly values?: Readonly<Record<string, number | undefined>>;
}

/** A fault as people see it. */
export interface FaultView {
  readonly fault: string;
  readonly doc: string;
  readonly on: boolean;
  /** It happens when it is switched on, and has no off. */
  readonly isMoment: boolean;
  readonly parameters: Readonly<Record<string, FaultParameter>>;
}

export interface DeviceFaults {
  readonly device: string;
  readonly kind: DeviceKind;
  readonly faults: readonly FaultView[];
}

const forMsMax = 3_600_000;

/** Every device of a simulated site with all that can be made to go wrong with it. */
export class FaultBoard {
  readonly #devices = new Map<string, { readonly kind: DeviceKind; faults: Faults }>();
  readonly #ends = new Map<Fault, () => void>();
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Adds faults of a device; those that it has already stay. */
  add(device: string, kind: DeviceKind, faults: Faults): void {
    const known = this.#devices.get(device);
    this.#devices.set(device, { kind, faults: { ...known?.faults, ...faults } });
  }

  /** @throws {ValueError} when there is no such device */
  list(device?: string): readonly DeviceFaults[] {
    const ids = device === undefined ? [...this.#devices.keys()] : [device];
    return ids.map((id) => {
      const { kind, faults } = this.#deviceOf(id);
      return { device: id, kind, faults: Object.entries(faults).map(viewOf) };
    });
  }

  /**
   * What is wrong with a switch, if anything: in what, and a sentence.
   *
   * @returns undefined when `set` would take it
   */
  problemOf(
    device: string,
    name: string,
    { forMs, values = {} }: Omit<Switch, 'on'>,
  ): { readonly key: 'device' | 'fault' | 'forS' | 'with'; readonly message: string } | undefined {
    const known = this.#devices.get(device);
    if (known === undefined) {
      return { key: 'device', message: noSuch('device', device, [...this.#devices.keys()]) };
    }
    const fault = known.faults[name];
    if (fault === undefined || !Object.hasOwn(known.faults, name)) {
      const names = Object.keys(known.faults);
      return { key: 'fault', message: noSuch(`fault of ${device}`, name, names) };
    }
    if (forMs !== undefined && fault.isMoment === true) {
      return { key: 'forS', message: `${name} happens in a moment and has no end` };
    }
    if (forMs !== undefined && !(forMs > 0 && forMs <= forMsMax)) {
      return { key: 'forS', message: `A fault lasts up to ${forMsMax / 60_000} minutes` };
    }
    try {
      checkedValues(name, fault, values);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      return { key: 'with', message: error.message };
    }
    return undefined;
  }

  /**
   * Switches a fault on or off. Off is harmless where it is off.
   *
   * @throws {ValueError} when there is no such device or fault, or a value is not allowed
   */
  set(device: string, name: string, { on, forMs, values = {} }: Switch): FaultView {
    const problem = this.problemOf(device, name, { forMs, values });
    if (problem !== undefined) throw new ValueError(problem.message);
    const fault = this.#faultOf(device, name);
    this.#ends.get(fault)?.();
    this.#ends.delete(fault);
    fault.set(on, checkedValues(name, fault, values));
    this.#log.info({ device, fault: name, on, forMs, ...values }, 'Fault switched');
    if (on && forMs !== undefined) {
      const off = () => this.set(device, name, { on: false, values });
      this.#ends.set(fault, this.#clock.after(forMs, off));
    }
    return viewOf([name, fault]);
  }

  /**
   * Switches everything off: all of the site, of one device, or one fault.
   *
   * @returns how many were on
   * @throws {ValueError} when there is no such device or fault
   */
  clear(device?: string, name?: string): number {
    let cleared = 0;
    for (const { device: id, faults } of this.list(device)) {
      if (name !== undefined) this.#faultOf(id, name);
      for (const { fault, on } of faults) {
        if (!on || (name !== undefined && fault !== name)) continue;
        this.set(id, fault, { on: false });
        cleared++;
      }
    }
    return cleared;
  }

  /** Takes back every switching off that is still to come. */
  close(): void {
    for (const cancel of this.#ends.values()) cancel();
    this.#ends.clear();
  }

  #deviceOf(device: string) {
    const known = this.#devices.get(device);
    if (known === undefined) {
      throw new ValueError(noSuch('device', device, [...this.#devices.keys()]));
    }
    return known;
  }

  #faultOf(device: string, name: string): Fault {
    const { faults } = this.#deviceOf(device);
    const fault = Object.hasOwn(faults, name) ? faults[name] : undefined;
    if (fault === undefined) {
      throw new ValueError(noSuch(`fault of ${device}`, name, Object.keys(faults)));
    }
    return fault;
  }
}

const noSuch = (what: string, name: string, known: readonly string[]): string =>
  `There is no ${what} ${name}; there are ${known.join(', ')}`;

const viewOf = ([fault, { doc, isMoment = false, parameters = {}, isOn }]: [
  string,
  Fault,
]): FaultView => ({ fault, doc, on: isOn(), isMoment, parameters });
