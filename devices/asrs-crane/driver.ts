import { startsMission } from '../../src/domain/crane-command.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { lhdsOf, type Topology } from '../../src/domain/topology.ts';
import type { Crane, CraneFact, CraneOutput } from '../../src/ports/crane.ts';
import { bind, type Codec } from '../lib/codec.ts';
import { bitsOf, codesOf, contractOf } from '../lib/interface-file.ts';
import { LinkedDevice, type LinkLife } from '../lib/linked-device.ts';
import { ModbusDevice, type PlcOptions } from '../lib/modbus-device.ts';
import {
  countsFrom,
  headFields,
  headProblem,
  isOlder,
  isSameClaim,
  LifeWatch,
  nextCount,
  rereadMs,
  timingOf,
  utcS,
  Wakeup,
} from '../lib/plc.ts';
import type { Modbus } from '../transport/modbus.ts';
import { type CraneStatusBlock, craneFields, craneGroups } from './fields.ts';
import { frameOf } from './frame.ts';
import { type CraneWire, interpret, type Told } from './interpret.ts';

const timings = [
  'pollActiveMs',
  'pollIdleMs',
  'framePeriodMs',
  'requestLimitMs',
  'lifeLostMs',
] as const;

export interface CraneOptions extends PlcOptions {
  readonly topology: Topology;
  /** Gets every fact at once, in order. May call `drive`. */
  readonly report: (fact: CraneFact) => void;
  /** Instead of the times of the interface file. */
  readonly timing?: Partial<Readonly<Record<(typeof timings)[number], number>>> | undefined;
}

/** All that one connection knows. */
interface Link {
  readonly modbus: Modbus;
  watch: LifeWatch;
  /** Last reading believed. */
  status: CraneStatusBlock | undefined;
  /** It is in automatic, and the core has booked all that happened since it last was not. */
  mayMove: boolean;
  told: Told | undefined;
  /** `life` of the first frame with enable 0 written since the last `drive`. */
  heldFrom: number | undefined;
  frameDueMs: number;
  pollDueMs: number;
}

/**
 * A stacker crane behind a PLC that speaks the crane block, version 1. Holds no order state: the
 * frames repeat what `drive` was told last, and the facts are what the registers say.
 */
export class AsrsCrane extends LinkedDevice implements Crane {
  readonly id: DeviceId;
  readonly #options: CraneOptions;
  readonly #wire: CraneWire;
  readonly #timing: Readonly<Record<(typeof timings)[number], number>>;
  readonly #device: ModbusDevice;
  readonly #wakeup: Wakeup;
  readonly #head: Codec<typeof headFields>;
  readonly #status: Codec<typeof craneFields.status, typeof craneGroups.status>;
  readonly #command: Codec<typeof craneFields.command>;
  #output: CraneOutput | undefined;
  #drives = 0;
  /** Goes on over connections: the PLC takes only frames newer than the last one. */
  #life = 0;
  #events = 0;
  #link: Link | undefined;
  /** Why nothing is written, as told last. */
  #misconfigured: string | undefined;

  constructor(options: CraneOptions) {
    const { id: device, topology, file, clock } = options;
    const aisle = topology.aisleOfCrane(device);
    invariant(aisle !== undefined, `${device} is the crane of no aisle`);
    super();
    this.id = device;
    this.#options = options;
    const [results, modes] = [codesOf(file, 'result'), codesOf(file, 'mode')];
    const sensorBits = bitsOf(file, 'sensors');
    this.#wire = { device, topology, aisle, results, modes, sensorBits };
    this.#timing = timingOf(file, timings, options.timing);
    this.#wakeup = new Wakeup(clock);
    this.#head = bind(file, 'status', headFields);
    this.#status = bind(file, 'status', craneFields.status, craneGroups.status);
    this.#command = bind(file, 'command', craneFields.command);
    this.#device = new ModbusDevice(options, {
      kind: 'crane',
      headBlock: 'status',
      requestLimitMs: this.#timing.requestLimitMs,
      serve: (modbus, signal, proved) => this.#serve(modbus, signal, proved),
      onOffline: (reason) => {
        this.#misconfigured = undefined;
        this.#report({ device, type: 'crane.offline', reason });
      },
      counters: () => ({ events: this.#events }),
    });
  }

  protected override get link(): LinkLife {
    return this.#device;
  }

  drive(output: CraneOutput): void {
    this.#output = output;
    this.#drives++;
    const link = this.#link;
    if (link === undefined) return;
    if (link.told !== undefined) link.told = { ...link.told, isAwaited: false };
    link.heldFrom = undefined;
    link.frameDueMs = 0;
    link.pollDueMs = 0;
    this.#wakeup.ring();
  }

  async #serve(modbus: Modbus, signal: AbortSignal, proved: () => void): Promise<void> {
    const link: Link = {
      modbus,
      watch: this.#newWatch(),
      ...{ status: undefined, told: undefined, heldFrom: undefined },
      // The first reading is judged by the core, with all its events, before anything is written.
      ...{ mayMove: true, frameDueMs: 0, pollDueMs: 0 },
    };
    this.#link = link;
    try {
      while (!signal.aborted) await this.#step(link, signal, proved);
    } finally {
      this.#link = undefined;
    }
  }

  /** One request, the most urgent one, or a pause until there is one. */
  async #step(link: Link, signal: AbortSignal, proved: () => void): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    link.watch.check();
    const frameDueMs = this.#mayWrite(link) ? link.frameDueMs : Number.POSITIVE_INFINITY;
    if (frameDueMs <= nowMs) return await this.#write(link, signal);
    if (link.pollDueMs <= nowMs) return await this.#poll(link, signal, proved);
    await this.#wakeup.wait(Math.min(frameDueMs, link.pollDueMs) - nowMs, signal);
  }

  /** Not before the core has judged this start of the PLC: an old command must not reach a new start. */
  #mayWrite({ told }: Link): boolean {
    if (this.#output?.claim === undefined || told === undefined) return false;
    return !told.isAwaited || told.because === 'claimed';
  }

  async #write(link: Link, signal: AbortSignal): Promise<void> {
    const { clock, file, settings } = this.#options;
    const { status, told } = link;
    const output = this.#output;
    invariant(
      output !== undefined && status !== undefined,
      'a frame needs an output and a reading',
    );
    this.#life = nextCount(this.#life);
    const { mapVersion, wordOrderTest } = contractOf(file);
    const head = {
      ...{ mapVersion, wordOrderTest, deviceNumber: settings.deviceNumber },
      ...{ life: this.#life, bootId: status.bootId, utcS: utcS(clock.nowMs()) },
    };
    const isOurs = told?.isAwaited === false && isSameClaim(output.claim, told.claim);
    const isMotion = output.command !== undefined && startsMission(output.command);
    const mayCommand = isOurs && (link.mayMove || !isMotion);
    const frame = frameOf(output, head, this.#wire, mayCommand);
    if (frame === undefined) return;
    const drives = this.#drives;
    link.frameDueMs = clock.monotonicMs() + this.#timing.framePeriodMs;
    await link.modbus.writeHolding(this.#command.base, this.#command.encode(frame), signal);
    if (drives === this.#drives && !output.enable) link.heldFrom ??= frame.life;
  }

  async #poll(link: Link, signal: AbortSignal, proved: () => void): Promise<void> {
    const { clock, file, settings } = this.#options;
    const { pollActiveMs, pollIdleMs } = this.#timing;
    const startedMs = clock.monotonicMs();
    // Set before waiting: a call of `drive` meanwhile asks for another one.
    link.pollDueMs = startedMs + pollActiveMs;
    const words = await link.modbus.readHolding(this.#status.base, this.#status.length, signal);
    const problem = headProblem(this.#head.decode(words), file, settings.deviceNumber);
    if (problem !== undefined) return this.#misconfigure(link, problem);
    const status = this.#believe(link, words);
    const nowMs = clock.monotonicMs();
    link.watch.see({ life: status?.life, askedMs: startedMs, nowMs });
    if (status === undefined) {
      this.#device.counters.torn++;
      link.pollDueMs = Math.min(link.pollDueMs, nowMs + rereadMs);
      return;
    }
    const miscount = this.#miscount(status);
    if (miscount !== undefined) return this.#misconfigure(link, miscount);
    link.status = status;
    link.mayMove =
      status.mode === 'autoRemote' &&
      (link.mayMove || status.eventHead <= (this.#output?.eventAck ?? 0));
    if (!link.watch.moves) return;
    proved();
    this.#tell(link, status);
    if (!this.#isActive(link)) link.pollDueMs = link.pollDueMs === 0 ? 0 : startedMs + pollIdleMs;
  }

  /** @returns undefined for a reading across an update, or one older than a reading before */
  #believe({ status: last }: Link, words: readonly number[]): CraneStatusBlock | undefined {
    if (!this.#status.isWhole(words)) return undefined;
    const status = this.#status.decode(words);
    if (last?.bootId !== status.bootId) return status;
    return isOlder(status.guardA, last.guardA) ? undefined : status;
  }

  /** A device that nobody knows of would be moved around loaded. */
  #miscount({ lhdCount }: CraneStatusBlock): string | undefined {
    const expected = lhdsOf(this.#wire.aisle).length;
    if (lhdCount === expected) return undefined;
    return `lhdCount reads ${lhdCount} instead of ${expected}: name each load handling device of the aisle in the site file`;
  }

  #tell(link: Link, status: CraneStatusBlock): void {
    const reading = {
      ...{ status, held: this.#isHeld(link, status), output: this.#output },
      nowMs: this.#options.clock.monotonicMs(),
    };
    const { facts, told } = interpret(link.told, reading, this.#wire);
    // Before the facts, as each may be answered with `drive` at once.
    link.told = told;
    this.#misconfigured = undefined;
    this.#device.say(`${status.state} in ${status.mode}`);
    for (const fact of facts) this.#report(fact);
  }

  #isHeld({ told, heldFrom }: Link, status: CraneStatusBlock): boolean {
    const { bootId, enabled, standstill, lifeEcho, epochAccepted, nonceAccepted } = status;
    const claim = { epoch: epochAccepted, nonce: nonceAccepted };
    if (heldFrom === undefined || told?.bootId !== bootId) return false;
    if (enabled || !standstill || !isSameClaim(this.#output?.claim, claim)) return false;
    return countsFrom(heldFrom, lifeEcho) <= countsFrom(heldFrom, this.#life);
  }

  /** Whether something is expected to change soon. */
  #isActive({ status, told }: Link): boolean {
    const output = this.#output;
    if (status === undefined || status.activeMissionId !== 0) return true;
    if (output === undefined || told === undefined || told.isAwaited) return false;
    if (output.command !== undefined) return true;
    if (output.claim === undefined) return false;
    return !isSameClaim(output.claim, told.claim) || (!output.enable && !told.held);
  }

  #misconfigure(link: Link, reason: string): void {
    link.pollDueMs = this.#options.clock.monotonicMs() + this.#timing.pollIdleMs;
    link.status = undefined;
    link.told = undefined;
    // Whose life it is, is not known either.
    link.watch = this.#newWatch();
    this.#device.say(reason);
    if (reason === this.#misconfigured) return;
    this.#misconfigured = reason;
    this.#report({ device: this.id, type: 'crane.misconfigured', reason });
  }

  #newWatch(): LifeWatch {
    return new LifeWatch(this.#timing.lifeLostMs, this.#options.clock.monotonicMs());
  }

  #report(fact: CraneFact): void {
    if (fact.type === 'crane.event') this.#events++;
    this.#options.report(fact);
  }
}
