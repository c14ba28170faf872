import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import type { Fault, Faults } from './fault.ts';
import { counted, level, moment, strikes, timesOf, timesParameter } from './fault.ts';
import type { RegisterBank } from './modbus-server.ts';
import type { PlcDevice } from './plc-device.ts';
import type { Moment } from './plc-link.ts';

/** A version that no interface file of ours has. */
const foreignMapVersion = 0x7f00;

/** Exceptions that PLCs and gateways answer with, besides those of wrong requests. */
const exceptionMin = 1;
const exceptionMax = 11;
const deviceBusy = 6;

/**
 * The registers of a PLC as its communication processor shows them. It goes on answering when the
 * program stands, and it may copy a block in the midst of an update.
 */
export class PlcView {
  readonly #device: PlcDevice;
  readonly #versionAt: readonly number[];
  readonly #written: (address: number, words: number) => void;
  /** All registers as they were when the program stopped. */
  #frozen: Uint16Array | undefined;
  readonly #torn = { times: 0 };
  readonly #exceptions = { times: 0 };
  #exception = deviceBusy;
  #isOtherMap = false;
  /** Each block as it was read last, by its address. */
  readonly #before = new Map<number, Uint16Array>();

  /** @param written  tells the program of a write, unless it stands */
  constructor(
    device: PlcDevice,
    file: InterfaceFile,
    written: (address: number, words: number) => void,
  ) {
    this.#device = device;
    this.#written = written;
    this.#versionAt = file.blocks
      .filter(({ writer }) => writer === 'plc')
      .flatMap(({ base, fields }) =>
        fields.filter(({ name }) => name === 'mapVersion').map(({ offset }) => base + offset),
      );
  }

  bank(): RegisterBank {
    const { registers: image, readable, writable } = this.#device;
    return {
      ...{ image, readable, writable },
      exception: () => (strikes(this.#exceptions) ? this.#exception : undefined),
      read: (address, words) => this.#read(address, words),
      onWrite: (address, words) => {
        if (this.#frozen === undefined) this.#written(address, words);
      },
    };
  }

  /** @param dropped  ends the connections, as loading a program does */
  faults(dropped: () => void): Faults {
    return {
      frozenLife: level(
        'The program stands, as in STOP: old data is shown, nothing is looked at.',
        () => this.#frozen !== undefined,
        (isOn) => {
          this.#frozen = isOn ? this.#device.registers.slice() : undefined;
        },
      ),
      tornReads: counted('Every reading of a block mixes two updates.', this.#torn),
      otherMapVersion: level(
        'A program with another register map was loaded.',
        () => this.#isOtherMap,
        (isOn) => {
          this.#isOtherMap = isOn;
          dropped();
        },
      ),
      exception: this.#exceptionFault(),
    };
  }

  #exceptionFault(): Fault {
    return {
      doc: 'Requests are answered by an exception: 2 address, 6 busy, 11 gateway target.',
      parameters: {
        code: {
          doc: 'of the exception',
          min: exceptionMin,
          max: exceptionMax,
          default: deviceBusy,
        },
        times: timesParameter,
      },
      isOn: () => this.#exceptions.times > 0,
      set: (isOn, { code = deviceBusy, ...values }) => {
        this.#exception = code;
        this.#exceptions.times = isOn ? timesOf(values) : 0;
      },
    };
  }

  #read(address: number, words: number): ArrayLike<number> {
    const image = this.#frozen ?? this.#device.registers;
    const now = image.slice(address, address + words);
    if (this.#isOtherMap) {
      for (const at of this.#versionAt) {
        if (at >= address && at < address + words) now[at - address] = foreignMapVersion;
      }
    }
    const before = this.#before.get(address);
    this.#before.set(address, now);
    if (this.#torn.times <= 0 || before?.length !== words) return now;
    if (now.every((word, at) => word === before[at]) || !strikes(this.#torn)) return now;
    const middle = words >> 1;
    return now.map((word, at) => (at < middle ? word : (before[at] as number)));
  }
}

/** Its program and its memory. */
export function restartFaults(restart: (memory: 'whole' | 'lost') => void): Faults {
  return {
    plcRestart: moment('The PLC restarts with its memory whole.', () => restart('whole')),
    memoryLost: moment('The PLC restarts with an empty memory.', () => restart('lost')),
  };
}

/** Changes a device: the plant is brought up to now before, and is written down and shown afterwards. */
export type Act = (change: (now: Moment) => void) => void;
