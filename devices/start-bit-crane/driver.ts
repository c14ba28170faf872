import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { lhdsOf, type Topology } from '../../src/domain/topology.ts';
import type { Crane, CraneFact, CraneOutput } from '../../src/ports/crane.ts';
import { bind, type Codec } from '../lib/codec.ts';
import { fromRegisters, onLhd, toRegisters, wirePlace } from '../lib/crane-place.ts';
import { codesOf, type InterfaceFile } from '../lib/interface-file.ts';
import { LinkedDevice, type LinkLife } from '../lib/linked-device.ts';
import { ModbusDevice, type PlcOptions } from '../lib/modbus-device.ts';
import { timingOf, Wakeup } from '../lib/plc.ts';
import type { Modbus } from '../transport/modbus.ts';
import { countingFields, countsCommands, startBitFields } from './fields.ts';
import { interpret } from './interpret.ts';
import {
  type Memory,
  nothingKnown,
  type Reading,
  type SingleMission,
  type StartBitWire,
} from './memory.ts';

const timings = [
  'pollActiveMs',
  'pollIdleMs',
  'requestLimitMs',
  'startLimitMs',
  'lifeLostMs',
  'positionMm',
] as const;

export interface StartBitCraneOptions extends PlcOptions {
  readonly topology: Topology;
  /** Gets every fact at once, in order. May call `drive`. */
  readonly report: (fact: CraneFact) => void;
  /** Instead of the times of the interface file. */
  readonly timing?: Partial<Readonly<Record<(typeof timings)[number], number>>> | undefined;
}

interface Blocks {
  readonly command: Codec<typeof startBitFields.command & typeof countingFields.command>;
  readonly status: Codec<typeof startBitFields.status & typeof countingFields.status>;
}

/** The fields of a PLC that counts its commands are read and written where the file has them. */
function blocksOf(file: InterfaceFile): Blocks {
  const more = countsCommands(file) ? countingFields : { command: {}, status: {} };
  const command = bind(file, 'command', { ...startBitFields.command, ...more.command });
  const status = bind(file, 'status', { ...startBitFields.status, ...more.status });
  return { command, status } as Blocks;
}

/**
 * A stacker crane whose PLC knows a start bit, busy, done, a fault and sensors, and no number. What the crane
 * block asks the PLC to count is counted here, in memory: so it proves nothing about what another process, or
 * nobody, has seen. One controller only may command it.
 */
export class StartBitCrane extends LinkedDevice implements Crane {
  readonly id: DeviceId;
  readonly #options: StartBitCraneOptions;
  readonly #wire: StartBitWire;
  readonly #timing: Readonly<Record<(typeof timings)[number], number>>;
  readonly #device: ModbusDevice;
  readonly #wakeup: Wakeup;
  readonly #blocks: Blocks;
  readonly #counters = { events: 0, starts: 0, doubts: 0 };
  /** Goes on over connections: a short loss of the link is none of the crane's. */
  #memory: Memory = nothingKnown;
  #output: CraneOutput | undefined;
  #isRung = false;
  #misconfigured: string | undefined;

  constructor(options: StartBitCraneOptions) {
    const { id: device, topology, file, clock } = options;
    const aisle = topology.aisleOfCrane(device);
    invariant(aisle !== undefined, `${device} is the crane of no aisle`);
    super();
    this.id = device;
    this.#options = options;
    this.#timing = timingOf(file, timings, options.timing);
    this.#wakeup = new Wakeup(clock);
    this.#blocks = blocksOf(file);
    const { command } = this.#blocks;
    const { startLimitMs, lifeLostMs, positionMm } = this.#timing;
    this.#wire = {
      ...{ device, topology, aisle, results: codesOf(file, 'result') },
      ...{ startLimitMs, lifeLostMs, positionMm },
      encode: (mission, start) => this.#encode(mission, start),
      isStart: (words) => command.decode(words).start,
    };
    this.#device = new ModbusDevice(options, {
      kind: 'crane',
      headBlock: undefined,
      requestLimitMs: this.#timing.requestLimitMs,
      serve: (modbus, signal, proved) => this.#serve(modbus, signal, proved),
      onOffline: (reason) => {
        this.#misconfigured = undefined;
        this.#options.report({ device, type: 'crane.offline', reason });
      },
      counters: () => this.#counters,
    });
  }

  protected override get link(): LinkLife {
    return this.#device;
  }

  drive(output: CraneOutput): void {
    this.#output = output;
    this.#isRung = true;
    const { told } = this.#memory;
    this.#memory = { ...this.#memory, told: { ...told, isAwaited: false } };
    this.#wakeup.ring();
  }

  async #serve(modbus: Modbus, signal: AbortSignal, proved: () => void): Promise<void> {
    let isFirst = true;
    while (!signal.aborted) {
      const startedMs = this.#options.clock.monotonicMs();
      this.#isRung = false;
      if (await this.#look(modbus, { isFirst, signal, proved })) isFirst = false;
      const { pollActiveMs, pollIdleMs } = this.#timing;
      const periodMs = this.#isActive() ? pollActiveMs : pollIdleMs;
      const leftMs = startedMs + periodMs - this.#options.clock.monotonicMs();
      if (!this.#isRung) await this.#wakeup.wait(leftMs, signal);
    }
  }

  /** One reading of both blocks, and what follows from it. @returns whether it could be understood */
  async #look(
    modbus: Modbus,
    { isFirst, signal, proved }: { isFirst: boolean; signal: AbortSignal; proved: () => void },
  ): Promise<boolean> {
    const { command, status } = this.#blocks;
    const registers = await modbus.readHolding(command.base, command.length, signal);
    const words = await modbus.readHolding(status.base, status.length, signal);
    const problem = this.#problem();
    if (problem !== undefined) {
      this.#misconfigure(problem);
      return false;
    }
    const nowMs = this.#options.clock.monotonicMs();
    const reading = { status: status.decode(words), registers, output: this.#output, nowMs };
    proved();
    this.#misconfigured = undefined;
    await this.#step(modbus, { ...reading, isFirst }, signal);
    return true;
  }

  async #step(modbus: Modbus, reading: Reading, signal: AbortSignal): Promise<void> {
    const { memory, facts, write } = interpret(this.#memory, reading, this.#wire);
    const isStart = memory.job !== undefined && memory.job.seq !== this.#memory.job?.seq;
    this.#counters.doubts = memory.doubts;
    // Before the facts, as each may be answered with `drive` at once; and before the write, whose answer may be lost.
    this.#memory = memory;
    const { mode, busy } = reading.status;
    this.#device.say(memory.doubt ?? `${busy ? 'busy' : 'idle'} in ${mode}`);
    for (const fact of facts) {
      if (fact.type === 'crane.event') this.#counters.events++;
      this.#options.report(fact);
    }
    if (write === undefined) return;
    if (isStart) this.#counters.starts++;
    await modbus.writeHolding(this.#blocks.command.base, write, signal);
    this.#isRung = true;
  }

  #encode(mission: SingleMission, start: boolean) {
    const { topology, aisle } = this.#wire;
    const from =
      mission.command === 'transfer' ? wirePlace(topology, aisle, mission.from) : onLhd(1);
    const values = {
      ...{ start, command: mission.command, ...fromRegisters(from) },
      ...toRegisters(wirePlace(topology, aisle, mission.to)),
      seq: mission.seq,
    };
    return this.#blocks.command.encode(values);
  }

  /** A device that nobody knows of would be moved around loaded; such a PLC tells of one only. */
  #problem(): string | undefined {
    const count = lhdsOf(this.#wire.aisle).length;
    return count === 1
      ? undefined
      : `the site file has ${count} load handling devices on it, and its PLC tells of one: name one only`;
  }

  #misconfigure(reason: string): void {
    this.#device.say(reason);
    if (reason === this.#misconfigured) return;
    this.#misconfigured = reason;
    this.#options.report({ device: this.id, type: 'crane.misconfigured', reason });
  }

  /** Whether something is expected to change soon. */
  #isActive(): boolean {
    const { job, doubt, takeBack, told } = this.#memory;
    return job !== undefined || doubt !== undefined || takeBack !== undefined || told.isAwaited;
  }
}
