import {
  DeviceTimeoutError,
  DeviceUnavailableError,
  isDeviceError,
} from '../../src/domain/errors.ts';
import type { PrinterSettings } from '../../src/domain/site.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { PrinterFact, PrinterFault } from '../../src/ports/printer.ts';
import type { Traffic } from '../lib/traffic.ts';
import type { Link } from '../transport/link.ts';
import type { Answers } from './answer-reader.ts';
import { Asking } from './asking.ts';
import { transmitMs, writeBytesMax } from './connection.ts';
import { type HostStatus, noReprint, prefixReset, type Question } from './fields.ts';
import { faultsOf, type Identity, isFinished, spoilers } from './interpret.ts';

/** Between two questions while a label is being printed. */
const jobStatusEveryMs = 100;
/** One answer could be older than the label itself; printers read labels and questions at their own pace. */
const finishedAnswersNeeded = 2;
/** How often its odometer is read after a label until it has risen. */
const odometerReadsMax = 10;
/** A question that the firmware does not know is asked again after so long: the printer may be another one. */
const askAgainMs = 600_000;

/** How the printer is, as it says itself. */
export interface Health {
  /** Undefined: no answer. */
  readonly status: HostStatus | undefined;
  readonly faults: readonly PrinterFault[];
  /** What the names of the faults do not say. */
  readonly detail: string | undefined;
}

/** Questions that a printer did not answer, and when it may be asked again. Outlives connections. */
export type Mute = Map<Question, number>;

/** What became of a label: what the printer has shown of it, or why that leaves it in doubt. */
export type Outcome =
  | Omit<Extract<PrinterFact, { type: 'printer.printed' }>, 'device' | 'type' | 'jobId'>
  | { readonly doubt: string };

/** Nothing is wrong, and nothing waits in the printer. */
export const isGood = ({ status, faults }: Health): boolean =>
  isFinished(status) && faults.length === 0;

export interface SessionOptions {
  readonly link: Link;
  readonly settings: PrinterSettings;
  readonly clock: Clock;
  readonly mute: Mute;
  readonly traffic: Traffic;
  /** Gets every look at the printer. */
  readonly onHealth: (health: Health) => void;
}

/** One connection at work: looks at the printer and prints on it, one thing at a time. */
export class Session {
  readonly #options: SessionOptions;
  readonly #end = new AbortController();
  readonly #asking: Asking;
  #identity: Identity | undefined;
  #warnings: readonly string[] = [];
  #isIdentified = false;

  constructor(options: SessionOptions) {
    const { link, settings, clock, traffic } = options;
    const { replyLimitMs } = settings;
    this.#options = options;
    const closed = (reason: Error | undefined) =>
      this.end(reason ?? new DeviceUnavailableError('Connection closed'));
    link.closed.then(closed, closed);
    this.#asking = new Asking(link, this.#end, { clock, replyLimitMs, traffic });
  }

  /** Aborted with the reason why the connection is of no more use. */
  get ended(): AbortSignal {
    return this.#end.signal;
  }

  get lateAnswers(): number {
    return this.#asking.lateAnswers;
  }

  /** Who it is and what it warns of, for people. */
  get about(): string {
    const { model, firmware } = this.#identity ?? {};
    return [model && `${model} ${firmware}`, ...this.#warnings].filter(Boolean).join(', ');
  }

  end(reason: Error): void {
    this.#end.abort(reason);
  }

  /** Asks the printer how it is. @throws when the connection has ended */
  async look(): Promise<Health> {
    const status = await this.#asking.ask('status');
    // Who does not even answer this is asked no more.
    const health = status === undefined ? unheard : await this.#lookCloser(status);
    this.#options.onHealth(health);
    return health;
  }

  async #lookCloser(status: HostStatus): Promise<Health> {
    if (!this.#isIdentified) {
      this.#identity = await this.#askIfKnown('identity');
      this.#isIdentified = true;
    }
    const extended = await this.#askIfKnown('extended');
    this.#warnings = extended?.warnings ?? [];
    const wrong = whyMisconfigured(this.#identity, this.#options.settings.dotsPerMm);
    const faults = [...faultsOf(status), ...(extended?.faults ?? [])];
    const bits = extended?.unknownBits;
    return {
      status,
      faults: [
        ...new Set<PrinterFault>([...faults, ...(wrong ? (['misconfigured'] as const) : [])]),
      ],
      detail: wrong ?? (bits && `~HQES shows the error bits ${bits}: see the printer's display`),
    };
  }

  /** @returns undefined where the printer does not answer this, now or ever */
  async #askIfKnown<Q extends Question>(question: Q): Promise<Answers[Q] | undefined> {
    const { mute, clock } = this.#options;
    if ((mute.get(question) ?? 0) > clock.monotonicMs()) return undefined;
    const value = await this.#asking.ask(question);
    if (value === undefined || value === 'none') {
      mute.set(question, clock.monotonicMs() + askAgainMs);
    }
    return value;
  }

  /**
   * Prints one label and waits until the printer has finished it.
   *
   * @param before  its odometer, where it has one
   * @throws {DeviceUnavailableError} when no byte was sent
   * @throws every other device error: a label may have come out
   */
  async print(zpl: string, before: number | undefined): Promise<Outcome> {
    await this.#write(Buffer.from(withPrologue(zpl), 'ascii'));
    if (!this.#options.settings.answers) return { proof: 'sent' };
    try {
      const interrupted = await this.#finished();
      if (interrupted.length > 0) {
        const remark = `${interrupted.join(', ')} while it was printed: it may be spoiled`;
        return { proof: 'sent', remark };
      }
      return before === undefined ? { proof: 'accepted' } : await this.#counted(before);
    } catch (error) {
      throw asUnknown(error);
    }
  }

  /** @returns the faults in which the label may have been spoiled */
  async #finished(): Promise<readonly PrinterFault[]> {
    const interrupted = new Set<PrinterFault>();
    for (let finished = 0; finished < finishedAnswersNeeded; ) {
      const health = await this.look();
      for (const fault of spoilers(health.faults)) interrupted.add(fault);
      finished = isGood(health) ? finished + 1 : 0;
      if (finished < finishedAnswersNeeded) await this.#pause(jobStatusEveryMs);
    }
    return [...interrupted];
  }

  async #counted(before: number): Promise<Outcome> {
    let after: number | undefined;
    for (let reads = 0; reads < odometerReadsMax; reads += 1) {
      after = await this.odometer();
      if (after !== before) break;
      await this.#pause(jobStatusEveryMs);
    }
    if (after === before) {
      return { doubt: 'the printer says that it is done, and its odometer has counted no label' };
    }
    if (after === before + 1) return { proof: 'counted' };
    const remark =
      after === undefined
        ? 'its odometer does not answer any more'
        : `its odometer went from ${before} to ${after}`;
    return { proof: 'accepted', remark };
  }

  /** Labels that it has printed in its life; undefined where it does not say. */
  async odometer(): Promise<number | undefined> {
    if (!this.#options.settings.answers) return undefined;
    const value = await this.#askIfKnown('odometer');
    return value === 'none' ? undefined : value;
  }

  async #write(bytes: Buffer): Promise<void> {
    const { link, settings, clock } = this.#options;
    for (let from = 0; from < bytes.length; from += writeBytesMax) {
      try {
        await link.write(bytes.subarray(from, from + writeBytesMax), this.ended);
      } catch (error) {
        throw from === 0 ? error : asUnknown(error);
      }
    }
    const { connection } = settings;
    if (settings.answers || connection.kind !== 'serial') return;
    // Nothing tells when the line has them; until then, closing it would cut the label.
    await pause(clock, transmitMs(bytes.length, connection.baudRate), this.ended);
  }

  async #pause(delayMs: number): Promise<void> {
    await pause(this.#options.clock, delayMs, this.ended);
    this.ended.throwIfAborted();
  }
}

const unheard: Health = {
  status: undefined,
  faults: faultsOf(undefined),
  detail:
    'it is off, in a fault in which old printers are silent, or another computer prints on it',
};

/** Each label says for itself what happens to it in a fault: the printer may have been replaced meanwhile. */
const withPrologue = (zpl: string) => `${prefixReset}${zpl.replace('^XA', `^XA${noReprint}`)}`;

function whyMisconfigured(identity: Identity | undefined, dotsPerMm: number): string | undefined {
  if (identity === undefined || identity.dotsPerMm === dotsPerMm) return undefined;
  const has = `${identity.model} has ${identity.dotsPerMm} dots per mm`;
  return `${has}, the site file says ${dotsPerMm}: set dotsPerMm to ${identity.dotsPerMm} there, with a template for it, or change the print head`;
}

/** Some bytes have left us: whatever ends the connection now leaves the label in doubt. */
const asUnknown = (error: unknown): unknown =>
  isDeviceError(error) && error instanceof DeviceUnavailableError
    ? new DeviceTimeoutError(error.message, { cause: error })
    : error;
