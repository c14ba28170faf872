import type { DeviceMode } from '../../src/domain/device-mode.ts';
import { DeviceUnavailableError, isDeviceError, ValueError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { PrinterSettings } from '../../src/domain/site.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { ProbeCheck } from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Printer, PrinterFact, PrintJob } from '../../src/ports/printer.ts';
import type { Random } from '../../src/ports/random.ts';
import { DeviceLink } from '../lib/device-link.ts';
import { LinkedDevice, type LinkLife } from '../lib/linked-device.ts';
import type { Link, OpenLink } from '../transport/link.ts';
import { tapLink } from '../transport/tap.ts';
import { connectPrinter } from './connection.ts';
import { requests } from './fields.ts';
import { JobQueue, queueLengthMax } from './job-queue.ts';
import { type Health, isGood, type Mute, type Outcome, Session } from './session.ts';
import { Telling } from './telling.ts';
import { checkLabel } from './zpl.ts';

/** A printer that was left to others is looked at again after so long. */
const leftAloneMs = 60_000;
/** A look asks several questions, each of which may be waited for, and the one before it may have to end. */
const silentAnswers = 6;

export interface PrinterOptions {
  readonly id: DeviceId;
  readonly settings: PrinterSettings;
  readonly report: (fact: PrinterFact) => void;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
  /** In place of the network and the ports of this machine, for simulations. */
  readonly openLink?: OpenLink;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The connection of the moment; there is none while others may print. */
interface Line {
  link: Link;
  close(): Promise<void>;
}

/**
 * A label printer that takes ZPL. One connection, one label at a time, each after a
 * good status. A label that may have come out is `unknown` and never sent again.
 */
export class ZplPrinter extends LinkedDevice implements Printer {
  readonly id: DeviceId;
  readonly #options: PrinterOptions;
  readonly #queue = new JobQueue();
  readonly #counters = { connects: 0, sent: 0, printed: 0, unknown: 0, noAnswer: 0, badAnswers: 0 };
  readonly #mute: Mute = new Map();
  readonly #device: DeviceLink<Line>;
  readonly #telling: Telling;
  #lateAnswers = 0;
  /** The job of which bytes may have left us. */
  #sentJobId: string | undefined;
  #wake: () => void = () => {};
  /** Hears the next look at the printer, for a probe. */
  #onLook: (health: Health) => void = () => {};

  constructor(options: PrinterOptions) {
    super();
    this.id = options.id;
    this.#options = options;
    this.#device = new DeviceLink<Line>(options, {
      kind: 'printer',
      connect: async (signal) => {
        const link = await this.#connect(signal);
        const line: Line = { link, close: () => line.link.close() };
        return line;
      },
      serve: (line, signal, proved) => this.#serve(line, signal, proved),
      onOffline: (reason) => this.#telling.offline(reason),
      probe: () => this.#probe(),
      counters: () => ({
        ...this.#counters,
        lateAnswers: this.#lateAnswers,
        waiting: this.#queue.length,
      }),
    });
    this.#telling = new Telling(options, (detail) => this.#device.say(detail));
  }

  print(job: PrintJob): void {
    const refuse = (reason: string) =>
      this.#options.report({ device: this.id, type: 'printer.notTaken', jobId: job.jobId, reason });
    try {
      checkLabel(job.zpl);
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      refuse(`The label cannot be printed: ${error.message}`);
      return;
    }
    const taken = this.#queue.add(job);
    if (taken === 'full') refuse(`${queueLengthMax} labels are waiting already`);
    if (taken === 'added') this.#wake();
  }

  withdraw(jobId: string): void {
    const { report } = this.#options;
    if (!this.#queue.knows(jobId)) {
      const reason = 'It was not given to this start of the controller';
      report({ device: this.id, type: 'printer.unknown', jobId, reason });
    } else if (jobId !== this.#sentJobId && this.#queue.remove(jobId)) {
      const reason = 'Withdrawn before it was sent';
      report({ device: this.id, type: 'printer.notTaken', jobId, reason });
    }
  }

  override setMode(mode: DeviceMode): void {
    const isNew = mode !== this.#device.mode;
    super.setMode(mode);
    // Also said again after every decision about it: no reason to ask the printer once more.
    if (isNew) this.#wake();
  }

  protected override get link(): LinkLife {
    return this.#device;
  }

  async #connect(signal: AbortSignal): Promise<Link> {
    const { settings, clock, openLink } = this.#options;
    const link = await connectPrinter(settings, { clock, signal, openLink });
    // A question changes nothing.
    const whyNot = (bytes: Uint8Array) =>
      questionIn(bytes) === undefined ? this.#device.writesNothing : undefined;
    return tapLink(link, this.#device.traffic, describe, whyNot);
  }

  /** Works on one connection after the other, with pauses between them in which others may print. */
  async #serve(line: Line, signal: AbortSignal, proved: () => void): Promise<void> {
    const { traffic } = this.#device;
    for (;;) {
      await this.#work(line.link, signal, proved);
      await line.link.close();
      traffic.closed('left to others');
      this.#telling.about = `left to others after ${this.#options.settings.idleCloseMs} ms without a label`;
      if (this.#queue.length === 0) await this.#rest(leftAloneMs, signal);
      if (signal.aborted) return;
      line.link = await this.#connect(signal);
      traffic.connected();
    }
  }

  /** @returns when nothing was to be printed for `idleCloseMs` */
  async #work(link: Link, signal: AbortSignal, proved: () => void): Promise<void> {
    const { clock, settings } = this.#options;
    this.#counters.connects += 1;
    const session = new Session({
      ...{ link, settings, clock, mute: this.#mute, traffic: this.#device.traffic },
      onHealth: (health) => {
        proved();
        this.#onLook(health);
        if (health.status === undefined) this.#counters.noAnswer += 1;
        this.#telling.heard(health, this.#sentJobId !== undefined);
        this.#telling.about = session.about;
      },
    });
    const onAbort = () => session.end(new DeviceUnavailableError('Stopped'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    try {
      if (!settings.answers) {
        proved();
        this.#telling.unheard();
      }
      await this.#printAll(session);
    } catch (error) {
      if (isDeviceError(error) && error.code === 'DEVICE_PROTOCOL') this.#counters.badAnswers += 1;
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#lateAnswers += session.lateAnswers;
    }
  }

  async #printAll(session: Session): Promise<void> {
    const { clock, settings } = this.#options;
    const { idleCloseMs = Number.POSITIVE_INFINITY, statusEveryMs } = settings;
    let idleSinceMs = clock.monotonicMs();
    while (clock.monotonicMs() - idleSinceMs < idleCloseMs) {
      const isReady = !settings.answers || isGood(await session.look());
      const mayPrint = isReady && this.#device.mode === 'auto';
      const job = mayPrint ? this.#queue.first() : undefined;
      if (job) await this.#print(job, session);
      else await this.#rest(Math.min(statusEveryMs, idleCloseMs), session.ended);
      session.ended.throwIfAborted();
      // What waits for a printer in a fault is no reason to leave it.
      if (this.#queue.length > 0 || job) idleSinceMs = clock.monotonicMs();
    }
  }

  /** Waits until it is time to look again, a job has come, or it has ended. */
  async #rest(delayMs: number, end: AbortSignal): Promise<void> {
    const wake = new AbortController();
    const onEnd = () => wake.abort();
    end.addEventListener('abort', onEnd, { once: true });
    if (end.aborted) onEnd();
    this.#wake = onEnd;
    await pause(this.#options.clock, delayMs, wake.signal);
    end.removeEventListener('abort', onEnd);
  }

  async #print(job: PrintJob, session: Session): Promise<void> {
    const before = await session.odometer();
    // It may have been withdrawn meanwhile.
    if (this.#queue.first() !== job) return;
    this.#sentJobId = job.jobId;
    let outcome: Outcome;
    try {
      outcome = await session.print(job.zpl, before);
    } catch (error) {
      this.#sentJobId = undefined;
      if (!isDeviceError(error)) throw error;
      // Without one byte out the job stays first in the queue.
      if (!(error instanceof DeviceUnavailableError)) this.#verdict(job, { doubt: error.message });
      throw error;
    }
    this.#verdict(job, outcome);
  }

  /** What the driver asks all the time; this asks it now. */
  async #probe(): Promise<readonly ProbeCheck[]> {
    const { clock, settings } = this.#options;
    if (!settings.answers) {
      const detail = 'it gives no answers, as the site file says';
      return [{ check: 'status', verdict: 'unknown', detail }];
    }
    const looked = Promise.withResolvers<Health | undefined>();
    this.#onLook = looked.resolve;
    const limitMs = settings.statusEveryMs + silentAnswers * settings.replyLimitMs;
    const cancel = clock.after(limitMs, () => looked.resolve(undefined));
    this.#wake();
    const health = await looked.promise;
    cancel();
    this.#onLook = () => {};
    if (health === undefined) {
      return [{ check: 'status', verdict: 'bad', detail: `no answer within ${limitMs} ms` }];
    }
    const { faults, detail } = health;
    const verdict = faults.length === 0 ? 'ok' : 'bad';
    const told = [faults.join(', ') || 'ready', detail].filter(Boolean).join(': ');
    return [{ check: 'status', verdict, detail: told }];
  }

  #verdict({ jobId }: PrintJob, outcome: Outcome): void {
    this.#sentJobId = undefined;
    this.#queue.remove(jobId);
    this.#counters.sent += 1;
    const { report, log } = this.#options;
    if ('doubt' in outcome) {
      const reason = outcome.doubt;
      this.#counters.unknown += 1;
      log.warn({ device: this.id, jobId, reason }, 'label in doubt');
      report({ device: this.id, type: 'printer.unknown', jobId, reason });
    } else {
      this.#counters.printed += 1;
      report({ device: this.id, type: 'printer.printed', jobId, ...outcome });
    }
  }
}

/** What is sent, for who looks at the wire. */
function describe(bytes: Buffer): string {
  const question = questionIn(bytes);
  if (question !== undefined) return `${question}?`;
  const text = bytes.toString('latin1');
  const start = text.indexOf('^XA');
  return start < 0 ? 'more of the label' : `label ${text.slice(start, start + 40)}`;
}

function questionIn(bytes: Uint8Array): string | undefined {
  const text = Buffer.from(bytes).toString('latin1');
  return Object.entries(requests).find(([, request]) => request === text)?.[0];
}
