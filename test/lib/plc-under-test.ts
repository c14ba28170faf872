import { runAcceptance } from '../../devices/asrs-crane/acceptance/run.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import type { ModbusLine } from '../../devices/transport/modbus.ts';
import { connectModbusTcp } from '../../devices/transport/modbus-tcp.ts';
import { craneBank, mistakenFile, type PlcMistake } from '../../simulators/asrs-crane/broken.ts';
import { changeMode, restart } from '../../simulators/asrs-crane/power.ts';
import { ModbusServer, type RegisterBank } from '../../simulators/lib/modbus-server.ts';
import type { Mode } from '../../simulators/lib/plc-link.ts';
import { PlantModel } from '../../simulators/plant-model.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { readConveyorInterface, readCraneInterface } from './interfaces.ts';
import { RunningClock } from './running-clock.ts';
import { craneWire } from './sim-plant.ts';
import { smallSite } from './sim-site.ts';
import { systemClock } from './system-clock.ts';

/** As it is, but for limits that a test has no time for, or that a loaded machine misses. */
const fileWith = (lifeLostMs: number): InterfaceFile => ({
  ...readCraneInterface(),
  timing: readCraneInterface().timing.map((row) => ({
    ...row,
    default: { lifeLostMs, plcAnswerMs: 400 }[row.name] ?? row.default,
  })),
});
const craneFile = fileWith(500);
const id = 'crane-1' as DeviceId;
/** Where the load of the test stands, and free places beside it. */
const loaded = 'A01-L-008-04-1' as LocationId;
const place = (bay: number) => ({ kind: 'rackLeft', bay, level: 4, depth: 1 });
const { signal } = new AbortController();
/** Machines move faster than real, communication does not. */
const speed = 20;

interface Options {
  readonly mistake?: PlcMistake;
  readonly mode?: Mode;
  readonly memory?: 'new' | 'commissioned';
  /** Instead of the one that tests have time for. */
  readonly lifeLostMs?: number;
  readonly lhd2?: LocationId;
  readonly clock?: Clock;
}

const siteOf = (lhd2: LocationId | undefined) => ({
  ...smallSite,
  aisles: smallSite.aisles.map((aisle) => ({ ...aisle, lhd2 })),
});

/** A crane's PLC on a bench: right, or with one mistake. */
export class PlcUnderTest {
  readonly bank: RegisterBank;
  /** Every command block written, in order. */
  readonly written: (readonly number[])[] = [];
  readonly #model: PlantModel;
  readonly #clock: Clock;
  #lastMs: number;

  constructor({
    mistake,
    mode = 'autoRemote',
    memory = 'commissioned',
    lifeLostMs = 500,
    lhd2,
    clock = systemClock,
  }: Options = {}) {
    this.#clock = clock;
    this.#lastMs = clock.monotonicMs();
    const file = mistakenFile(fileWith(lifeLostMs), mistake);
    const interfaces = { crane: file, conveyor: readConveyorInterface() };
    this.#model = new PlantModel({
      ...{ site: siteOf(lhd2), interfaces, seed: 1, utcS: 1_700_000_000 },
      ...{ craneMemory: memory, alone: id },
    });
    const device = this.#model.devices.get(id);
    if (device === undefined) throw new Error('the bench has no crane');
    const pass = () => this.#pass();
    const bank = craneBank({
      ...{ crane: this.#crane, device, file, mistake, clock, pass },
      now: () => this.#model.now,
    });
    const { base, length } = craneWire.command;
    this.bank = {
      ...bank,
      onWrite: (address, words) => {
        this.written.push([...bank.image.subarray(base, base + length)]);
        bank.onWrite?.(address, words);
      },
    };
    this.#model.people.bring({ lpn: 'TEST', massKg: 1, heightMm: 100 }, loaded, 0);
    this.turn(mode);
    this.#crane.state.at = { xMm: 3000, yMm: 800 };
  }

  turn(mode: Mode): void {
    this.#pass();
    changeMode(this.#crane, mode, this.#model.now.simMs);
  }

  powerCycle(memory: 'whole' | 'lost'): void {
    this.#pass();
    restart(this.#crane, memory, this.#model.now);
  }

  get #crane() {
    const crane = this.#model.cranes.get(id);
    if (crane === undefined) throw new Error('the bench has no crane');
    return crane;
  }

  #pass(): void {
    const realMs = this.#clock.monotonicMs() - this.#lastMs;
    this.#lastMs += realMs;
    this.#model.advance({ realMs, simMs: realMs * speed });
  }
}

/** What a person at the bench does when asked. */
export function handsOf(plc: PlcUnderTest): (instruction: string) => Promise<boolean> {
  return async (instruction) => {
    if (instruction.startsWith('Turn the mode switch to')) plc.turn('autoRemote');
    else if (instruction.startsWith('Turn the mode switch away')) plc.turn('manual');
    else if (instruction.startsWith('Switch the PLC off')) plc.powerCycle('whole');
    else if (instruction.startsWith('Clear the retentive')) plc.powerCycle('lost');
    return true;
  };
}

export async function withServer<T>(
  plc: PlcUnderTest,
  use: (port: number) => Promise<T>,
): Promise<T> {
  const server = new ModbusServer({ units: { 1: plc.bank } });
  try {
    return await use(await server.listen(0));
  } finally {
    await server.close();
  }
}

/** A PLC and a client in one process, on a time of their own: a test is over before it has begun. */
export function onBench(options: Omit<Options, 'clock'> = {}) {
  const clock = new RunningClock();
  const plc = new PlcUnderTest({ ...options, clock });
  return {
    plc,
    run: (own: Omit<Run, 'connect' | 'clock'> = {}) =>
      accept({ ...own, ...benchLine(plc.bank, clock) }),
  };
}

/** Registers behind no wire: each request takes a millisecond. */
export function benchLine(bank: RegisterBank, clock: RunningClock) {
  const connect = async (): Promise<ModbusLine> => ({
    async readHolding(address, words) {
      clock.advance(1);
      return Array.from(bank.read?.(address, words) ?? bank.image.slice(address, address + words));
    },
    async writeHolding(address, words) {
      clock.advance(1);
      bank.image.set(words, address);
      bank.onWrite?.(address, words.length);
    },
    close: () => {},
  });
  return { connect, clock };
}

interface Run {
  readonly clock?: Clock;
  readonly connect: (signal: AbortSignal) => Promise<ModbusLine>;
  readonly mayMove?: boolean;
  readonly ask?: (instruction: string) => Promise<boolean>;
  readonly reads?: number;
}

export const accept = ({
  connect,
  clock = systemClock,
  mayMove = false,
  ask = async () => false,
  reads = 100,
}: Run) =>
  runAcceptance({
    ...{ file: craneFile, connect, clock, signal, reads, mayMove, ask },
    random: { u32: () => 0x5eed_1234 },
    target: 'bench',
    moveTo: mayMove ? { kind: 'rackLeft', bay: 9, level: 4, depth: 1 } : undefined,
    loads: mayMove ? [place(8), place(7), place(6)] : undefined,
    motionLimitMs: 10_000,
    onResult: () => {},
  });

export const overTcp = (port: number) => (ending: AbortSignal) =>
  connectModbusTcp({
    ...{ host: '127.0.0.1', port, unit: 1, clock: systemClock, signal: ending },
    ...{ connectLimitMs: 1000, requestLimitMs: 1000 },
  });
