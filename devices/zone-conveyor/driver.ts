import type { DeviceId } from '../../src/domain/ids.ts';
import type { Conveyor, ConveyorFact, ConveyorOutput } from '../../src/ports/conveyor.ts';
import { bind, type Codec } from '../lib/codec.ts';
import { LinkedDevice, type LinkLife } from '../lib/linked-device.ts';
import { ModbusDevice, type PlcOptions } from '../lib/modbus-device.ts';
import { isSameClaim, timingOf, Wakeup } from '../lib/plc.ts';
import { piecesOf, planLimitsOf } from '../lib/poll-pieces.ts';
import { PollPlan } from '../lib/poll-plan.ts';
import { exceptionOf, type Modbus } from '../transport/modbus.ts';
import {
  outputsOf,
  type ZoneInputs,
  type ZoneOutputs,
  zoneFields,
  zoneNames,
  zonesOfInputs,
  zonesOfOutputs,
} from './fields.ts';
import { interpretZone, numbersOf, wantedOf, type ZoneTold } from './interpret.ts';

const timings = ['pollZoneMs', 'requestLimitMs', 'repeatMs'] as const;
const noSuchRegister = 2;
/** The module has no start that it tells of, and no era: its counts go on, or jump. */
const era = 1;

export interface ZoneConveyorOptions extends PlcOptions {
  /** Gets every fact at once, in order. May call `drive`. */
  readonly report: (fact: ConveyorFact) => void;
  /** Instead of the times of the interface file. */
  readonly timing?: Partial<Readonly<Record<(typeof timings)[number], number>>> | undefined;
}

/** All that one connection knows. */
interface Link {
  readonly modbus: Modbus;
  readonly plan: PollPlan;
  /** Registers of the inputs, as read last. */
  readonly words: number[];
  written: readonly [ZoneOutputs, ZoneOutputs];
  /** An unanswered release is written again then. */
  repeatDueMs: number;
  isJudged: boolean;
}

/**
 * A conveyor module of two zones with registers of its own, in the place of a conveyor PLC: its zones are
 * decision points 1 and 2 with one exit each. It knows no claim, so that one controller only may command it.
 */
export class ZoneConveyor extends LinkedDevice implements Conveyor {
  readonly id: DeviceId;
  readonly #options: ZoneConveyorOptions;
  readonly #timing: Readonly<Record<(typeof timings)[number], number>>;
  readonly #device: ModbusDevice;
  readonly #wakeup: Wakeup;
  readonly #inputs: Codec<typeof zoneFields.inputs>;
  readonly #outputs: Codec<typeof zoneFields.outputs>;
  readonly #facts = { arrivals: 0, departures: 0, gaps: 0, releases: 0 };
  readonly #told = new Map<number, ZoneTold>();
  #output: ConveyorOutput | undefined;
  #link: Link | undefined;
  /** Why nothing is written, as told last. */
  #misconfigured: string | undefined;

  constructor(options: ZoneConveyorOptions) {
    const { id: device, file, clock } = options;
    super();
    this.id = device;
    this.#options = options;
    this.#timing = timingOf(file, timings, options.timing);
    this.#wakeup = new Wakeup(clock);
    this.#inputs = bind(file, 'inputs', zoneFields.inputs);
    this.#outputs = bind(file, 'outputs', zoneFields.outputs);
    this.#device = new ModbusDevice(options, {
      kind: 'conveyor',
      headBlock: undefined,
      requestLimitMs: this.#timing.requestLimitMs,
      serve: (modbus, signal, proved) => this.#serve(modbus, signal, proved),
      onOffline: (reason) => this.#report({ device, type: 'conveyor.offline', reason }),
      counters: () => this.#facts,
    });
  }

  protected override get link(): LinkLife {
    return this.#device;
  }

  drive(output: ConveyorOutput): void {
    const before = this.#output?.claim;
    this.#output = output;
    const link = this.#link;
    if (link === undefined) return;
    if (output.claim === undefined) link.isJudged = false;
    else if (!link.isJudged || !isSameClaim(before, output.claim)) {
      link.isJudged = true;
      this.#snapshot(output.claim);
    }
    this.#wakeup.ring();
  }

  async #serve(modbus: Modbus, signal: AbortSignal, proved: () => void): Promise<void> {
    const { file, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    const pieces = piecesOf(file, 'inputs', this.#timing.pollZoneMs);
    const link: Link = {
      modbus,
      plan: new PollPlan(pieces, planLimitsOf(file), nowMs),
      words: new Array<number>(this.#inputs.length).fill(0),
      // What stands there may have been written by the controller before this one.
      written: await this.#readOutputs(modbus, signal),
      ...{ repeatDueMs: nowMs, isJudged: false },
    };
    await this.#readInputs(link, signal);
    proved();
    this.#misconfigured = undefined;
    this.#device.say('two zones');
    this.#told.clear();
    this.#link = link;
    try {
      this.#snapshot(undefined);
      while (!signal.aborted) await this.#step(link, signal);
    } finally {
      this.#link = undefined;
    }
  }

  async #readOutputs(modbus: Modbus, signal: AbortSignal) {
    const { base, length } = this.#outputs;
    return zonesOfOutputs(this.#outputs.decode(await modbus.readHolding(base, length, signal)));
  }

  /** All that is due. A register that does not exist is left out and read as 0. */
  async #readInputs({ modbus, plan, words }: Link, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      const nowMs = clock.monotonicMs();
      const read = plan.due(nowMs);
      if (read === undefined) return;
      plan.asked(read, nowMs);
      try {
        const got = await modbus.readHolding(read.address, read.words, signal);
        for (const [i, word] of got.entries()) words[read.address - this.#inputs.base + i] = word;
      } catch (error) {
        if (exceptionOf(error) !== noSuchRegister) throw error;
        const missing = plan.refused(read, nowMs);
        if (missing === undefined) continue;
        this.#misconfigure(
          `register ${missing.address} does not exist, where ${missing.name} should be: check the bases in the interface file`,
        );
        throw error;
      }
    }
  }

  #misconfigure(reason: string): void {
    this.#device.say(reason);
    if (reason === this.#misconfigured) return;
    this.#misconfigured = reason;
    this.#report({ device: this.id, type: 'conveyor.misconfigured', reason });
  }

  async #step(link: Link, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    if (this.#isOpen(link)) {
      const zones = zonesOfInputs(this.#inputs.decode(link.words));
      this.#tell(zones);
      if (await this.#writeWanted(link, zones, signal)) return;
    }
    await this.#wakeup.wait(link.plan.dueMs() - clock.monotonicMs(), signal);
    await this.#readInputs(link, signal);
  }

  #isOpen({ isJudged }: Link): boolean {
    return isJudged && this.#output?.enable === true;
  }

  #tell(zones: readonly ZoneInputs[]): void {
    const { clock } = this.#options;
    for (const [i, zone] of zones.entries()) {
      const point = i + 1;
      const output = this.#output?.points.get(point);
      if (output === undefined) continue;
      const nowMs = clock.monotonicMs();
      const reading = { device: this.id, point, era, zone, output, nowMs };
      const { facts, told } = interpretZone(this.#told.get(point), reading);
      // Before the facts, as each may be answered with `drive` at once.
      this.#told.set(point, told);
      for (const fact of facts) this.#report(fact);
    }
  }

  /**
   * First handles and levels, then release numbers: a handle is applied at the release.
   *
   * @returns whether something was written
   */
  async #writeWanted(link: Link, zones: readonly ZoneInputs[], signal: AbortSignal) {
    const [one, two] = link.written;
    const [up, down] = [this.#wantedOf(zones[0], one, 1), this.#wantedOf(zones[1], two, 2)];
    const wanted = [up.outputs, down.outputs] as const;
    const prepared = [
      { ...up.outputs, release: one.release },
      { ...down.outputs, release: two.release },
    ] as const;
    if (!isSame(prepared, link.written)) return await this.#write(link, prepared, signal);
    const nowMs = this.#options.clock.monotonicMs();
    const isRepeated = (up.isReleasing || down.isReleasing) && nowMs >= link.repeatDueMs;
    if (isSame(wanted, link.written) && !isRepeated) return false;
    link.repeatDueMs = nowMs + this.#timing.repeatMs;
    this.#facts.releases++;
    return await this.#write(link, wanted, signal);
  }

  #wantedOf(zone: ZoneInputs | undefined, written: ZoneOutputs, point: number) {
    const output = this.#output?.points.get(point);
    const told = this.#told.get(point);
    if (zone === undefined || output === undefined || told === undefined) {
      return { outputs: written, isReleasing: false };
    }
    const { arrived } = numbersOf(zone, told.confirmSeq);
    return wantedOf(zone, written, { output, arrived });
  }

  async #write(link: Link, zones: readonly [ZoneOutputs, ZoneOutputs], signal: AbortSignal) {
    await link.modbus.writeHolding(
      this.#outputs.base,
      this.#outputs.encode(outputsOf(zones)),
      signal,
    );
    link.written = zones;
    return true;
  }

  /** @param claim  undefined: nobody's, as the module knows none; the core's own is in force when it may make it */
  #snapshot(claim: ConveyorOutput['claim']): void {
    this.#report({
      ...{ device: this.id, type: 'conveyor.snapshot' },
      because: claim === undefined ? 'connected' : 'claimed',
      snapshot: {
        ...{ bootId: era, counterEra: era, mode: 'autoRemote', retentiveOk: true, enabled: true },
        ...{ claim: claim ?? { epoch: 0, nonce: 0 }, pointCount: zoneNames.length },
      },
    });
  }

  #report(fact: ConveyorFact): void {
    if (fact.type === 'conveyor.scanned') this.#facts.arrivals++;
    if (fact.type === 'conveyor.confirmed') this.#facts.departures++;
    if (fact.type === 'conveyor.gap') this.#facts.gaps++;
    this.#options.report(fact);
  }
}

const isSame = (a: readonly ZoneOutputs[], b: readonly ZoneOutputs[]): boolean =>
  a.every(
    (zone, i) =>
      zone.setHandle === b[i]?.setHandle &&
      zone.accumulate === b[i]?.accumulate &&
      zone.release === b[i]?.release,
  );
