import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { Conveyor, ConveyorFact, ConveyorOutput } from '../../src/ports/conveyor.ts';
import { bind, type Codec } from '../lib/codec.ts';
import { contractOf } from '../lib/interface-file.ts';
import { LinkedDevice, type LinkLife } from '../lib/linked-device.ts';
import { ModbusDevice, type PlcOptions } from '../lib/modbus-device.ts';
import {
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
import { EraWatch } from './era-watch.ts';
import { FactCounts } from './fact-counts.ts';
import { conveyorFields, conveyorGroups, type LinkStatusBlock } from './fields.ts';
import { answersFrame, linkFrame, wishIn } from './frame.ts';
import { interpretLink, isOpen, type LinkTold } from './interpret.ts';
import { type Point, Points } from './points.ts';

const timings = [
  'pollLinkMs',
  'eagerMs',
  'pollPointMs',
  'framePeriodMs',
  'requestLimitMs',
  'lifeLostMs',
] as const;

export interface ConveyorOptions extends PlcOptions {
  /** Gets every fact at once, in order. May call `drive`. */
  readonly report: (fact: ConveyorFact) => void;
  /** Instead of the times of the interface file. */
  readonly timing?: Partial<Readonly<Record<(typeof timings)[number], number>>> | undefined;
}

/** Before an eager reading after one that took no time: that clock is not a real one. */
const eagerGapMs = 1;

/** All that one connection knows, apart from the points. */
interface Link {
  readonly modbus: Modbus;
  watch: LifeWatch;
  /** Last reading believed. */
  status: LinkStatusBlock | undefined;
  told: LinkTold | undefined;
  /** What the frames said last. */
  sent: Pick<ConveyorOutput, 'claim' | 'enable'> | undefined;
  frameDueMs: number;
  pollDueMs: number;
  /** Loads are on the move: until then their news are looked for as often as the PLC answers. */
  eagerUntilMs: number;
}

/**
 * A conveyor PLC with up to 32 decision points. Holds no order state: the frames repeat what `drive`
 * was told last. One request at a time; a frame that waits goes before a reading that waits.
 */
export class ConveyorPlc extends LinkedDevice implements Conveyor {
  readonly id: DeviceId;
  readonly #options: ConveyorOptions;
  readonly #timing: Readonly<Record<(typeof timings)[number], number>>;
  readonly #device: ModbusDevice;
  readonly #wakeup: Wakeup;
  readonly #head: Codec<typeof headFields>;
  readonly #linkStatus: Codec<typeof conveyorFields.linkStatus, typeof conveyorGroups.linkStatus>;
  readonly #link: Codec<typeof conveyorFields.link>;
  readonly #point: Codec<typeof conveyorFields.point, typeof conveyorGroups.point>;
  readonly #answers: Codec<typeof conveyorFields.answers, typeof conveyorGroups.answers>;
  readonly #points: Points;
  readonly #counts = new FactCounts();
  readonly #eras = new EraWatch();
  #output: ConveyorOutput | undefined;
  /** Goes on over connections: the PLC takes only frames newer than the last one. */
  #life = 0;
  #connection: Link | undefined;
  /** Why nothing is written, as told last. */
  #misconfigured: string | undefined;

  constructor(options: ConveyorOptions) {
    const { id: device, file, clock } = options;
    super();
    this.id = device;
    this.#options = options;
    this.#timing = timingOf(file, timings, options.timing);
    this.#points = new Points(device, this.#timing);
    this.#wakeup = new Wakeup(clock);
    const { link, linkStatus, answers, point } = conveyorFields;
    this.#head = bind(file, 'linkStatus', headFields);
    this.#linkStatus = bind(file, 'linkStatus', linkStatus, conveyorGroups.linkStatus);
    this.#link = bind(file, 'link', link);
    this.#point = bind(file, 'point', point, conveyorGroups.point);
    this.#answers = bind(file, 'answers', answers, conveyorGroups.answers);
    this.#device = new ModbusDevice(options, {
      kind: 'conveyor',
      headBlock: 'linkStatus',
      requestLimitMs: this.#timing.requestLimitMs,
      serve: (modbus, signal, proved) => this.#serve(modbus, signal, proved),
      onOffline: (reason) => {
        this.#misconfigured = undefined;
        this.#report({ device, type: 'conveyor.offline', reason });
      },
      counters: () => this.#counts.counters,
    });
  }

  protected override get link(): LinkLife {
    return this.#device;
  }

  drive(output: ConveyorOutput): void {
    this.#output = output;
    const link = this.#connection;
    if (link === undefined) return;
    if (link.told !== undefined) link.told = { ...link.told, isAwaited: false };
    const { claim, enable } = link.sent ?? {};
    if (enable !== output.enable || !isSameClaim(claim, output.claim)) link.frameDueMs = 0;
    if (link.status !== undefined && isOpen(link.told, output)) {
      this.#points.want({ outputs: output.points, status: link.status });
    }
    this.#wakeup.ring();
  }

  async #serve(modbus: Modbus, signal: AbortSignal, proved: () => void): Promise<void> {
    const link: Link = {
      modbus,
      watch: this.#newWatch(),
      ...{ status: undefined, told: undefined, sent: undefined },
      ...{ frameDueMs: 0, pollDueMs: 0, eagerUntilMs: 0 },
    };
    this.#connection = link;
    this.#points.forget();
    try {
      while (!signal.aborted) await this.#step(link, signal, proved);
    } finally {
      this.#connection = undefined;
    }
  }

  /** One request, the most urgent one, or a pause until there is one. */
  async #step(link: Link, signal: AbortSignal, proved: () => void): Promise<void> {
    const nowMs = this.#options.clock.monotonicMs();
    link.watch.check();
    const frameDueMs = this.#mayWrite(link) ? link.frameDueMs : Number.POSITIVE_INFINITY;
    if (frameDueMs <= nowMs) return await this.#writeLink(link, signal);
    if (isOpen(link.told, this.#output)) {
      const answered = this.#points.nextToAnswer();
      if (answered !== undefined) return await this.#writeAnswers(link, answered, signal);
      const point = this.#points.nextToRead();
      if (point !== undefined) return await this.#readPoint(link, point, signal);
    }
    if (link.pollDueMs <= nowMs) return await this.#poll(link, signal, proved);
    await this.#wakeup.wait(Math.min(frameDueMs, link.pollDueMs) - nowMs, signal);
  }

  /** Not before the core has judged this start of the PLC: an old answer must not reach a new start. */
  #mayWrite({ told }: Link): boolean {
    if (this.#output?.claim === undefined || told === undefined) return false;
    return !told.isAwaited || told.because === 'claimed';
  }

  async #writeLink(link: Link, signal: AbortSignal): Promise<void> {
    const { clock, file, settings } = this.#options;
    const { claim, enable = false } = this.#output ?? {};
    invariant(
      claim !== undefined && link.status !== undefined,
      'a frame needs a claim and a reading',
    );
    this.#life = nextCount(this.#life);
    const frame = linkFrame(
      { claim, bootId: link.status.bootId },
      {
        ...{ ...contractOf(file), deviceNumber: settings.deviceNumber },
        ...{ life: this.#life, enable, utcS: utcS(clock.nowMs()) },
      },
    );
    link.sent = { claim, enable };
    link.frameDueMs = clock.monotonicMs() + this.#timing.framePeriodMs;
    await link.modbus.writeHolding(this.#link.base, this.#link.encode(frame), signal);
  }

  async #writeAnswers(link: Link, point: Point, signal: AbortSignal): Promise<void> {
    const { claim, points } = this.#output ?? {};
    const wanted = points?.get(point.number);
    if (wanted === undefined) return this.#points.drop(point);
    invariant(claim !== undefined && link.status !== undefined, 'an answer needs a claim');
    const output = wishIn(link.status.counterEra, wanted);
    const frame = this.#points.frameFor(point, output, this.#options.clock.monotonicMs());
    const head = { claim, bootId: link.status.bootId };
    const block = answersFrame(head, { pointNumber: point.number, frame }, output);
    const words = this.#answers.encode(block);
    await link.modbus.writeHolding(this.#answers.at(point.number), words, signal);
  }

  async #readPoint(link: Link, point: Point, signal: AbortSignal): Promise<void> {
    const base = this.#point.at(point.number);
    const words = await link.modbus.readHolding(base, this.#point.length, signal);
    const { status } = link;
    // What `drive` has asked for meanwhile may be another claim: then this proves nothing.
    if (status === undefined || !isOpen(link.told, this.#output)) return;
    const wanted = this.#output?.points.get(point.number);
    const output = wanted && wishIn(status.counterEra, wanted);
    const now = { era: status.counterEra, output, nowMs: this.#options.clock.monotonicMs() };
    const taken = this.#point.isWhole(words)
      ? this.#points.take(point, this.#point.decode(words), now)
      : undefined;
    if (taken === undefined) {
      this.#device.counters.torn++;
      return this.#points.torn(point);
    }
    if ('facts' in taken) {
      this.#eras.isFine(point);
      for (const fact of taken.facts) this.#report(fact);
    } else if (this.#eras.isWrong(point, status, taken.wentBack)) {
      this.#misconfigure(link, taken.wentBack);
    } else link.pollDueMs = 0;
  }

  async #poll(link: Link, signal: AbortSignal, proved: () => void): Promise<void> {
    const { clock, file, settings } = this.#options;
    const { pollLinkMs, eagerMs } = this.#timing;
    const startedMs = clock.monotonicMs();
    link.pollDueMs = startedMs + pollLinkMs;
    const { base, length } = this.#linkStatus;
    const words = await link.modbus.readHolding(base, length, signal);
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
    link.status = status;
    if (!link.watch.moves) return;
    const wrong = this.#eras.reason(status);
    if (wrong !== undefined) return this.#misconfigure(link, wrong);
    proved();
    this.#misconfigured = undefined;
    this.#device.say(`${status.mode}, ${status.pointCount} decision points`);
    this.#tell(link, status);
    if (!isOpen(link.told, this.#output)) return;
    if (this.#points.heed({ status, nowMs })) link.eagerUntilMs = nowMs + eagerMs;
    if (nowMs >= link.eagerUntilMs) return;
    link.pollDueMs = Math.min(link.pollDueMs, nowMs > startedMs ? nowMs : nowMs + eagerGapMs);
  }

  /** @returns undefined for a reading across an update, or one older than a reading before */
  #believe({ status: last }: Link, words: readonly number[]): LinkStatusBlock | undefined {
    if (!this.#linkStatus.isWhole(words)) return undefined;
    const status = this.#linkStatus.decode(words);
    if (last?.bootId !== status.bootId) return status;
    return isOlder(status.guardA, last.guardA) ? undefined : status;
  }

  #tell(link: Link, status: LinkStatusBlock): void {
    const { fact, told } = interpretLink(this.id, link.told, status, this.#output);
    link.told = told;
    if (fact === undefined) return;
    // Whatever comes next goes out at once.
    link.sent = undefined;
    if (told.because === 'claimed') this.#points.unsay();
    else this.#points.forget();
    this.#report(fact);
  }

  #misconfigure(link: Link, reason: string): void {
    link.pollDueMs = this.#options.clock.monotonicMs() + this.#timing.framePeriodMs;
    link.status = undefined;
    link.told = undefined;
    // Whose life it is, is not known either.
    link.watch = this.#newWatch();
    this.#device.say(reason);
    if (reason === this.#misconfigured) return;
    this.#misconfigured = reason;
    this.#report({ device: this.id, type: 'conveyor.misconfigured', reason });
  }

  #newWatch(): LifeWatch {
    return new LifeWatch(this.#timing.lifeLostMs, this.#options.clock.monotonicMs());
  }

  #report(fact: ConveyorFact): void {
    this.#counts.count(fact);
    this.#options.report(fact);
  }
}
