import {
  DeviceUnavailableError,
  isDeviceError,
  ValueError,
  type WarehouseError,
} from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { PrinterSettings } from '../../src/domain/site.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { DeviceStatus, TrafficPage } from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Printer, PrinterFact, PrintJob } from '../../src/ports/printer.ts';
import type { Random } from '../../src/ports/random.ts';
import { DeviceLink } from '../lib/device-link.ts';
import type { Link } from '../transport/link.ts';
import { tapLink } from '../transport/tap.ts';
import { connectTcp } from '../transport/tcp.ts';
import { type HostStatus, hostStatusRequest, noReprint } from './fields.ts';
import { faultsOf, isFinished } from './interpret.ts';
import { JobQueue, queueLengthMax } from './job-queue.ts';
import { StatusQuery } from './status.ts';
import { checkLabel } from './zpl.ts';

const connectLimitMs = 3_000;
const writeLimitMs = 5_000;
/** Between two questions while a label is being printed. */
const jobStatusEveryMs = 100;
/** One answer could be older than the label itself; printers read labels and questions at their own pace. */
const finishedAnswersNeeded = 2;

export interface PrinterOptions {
  readonly id: DeviceId;
  readonly settings: PrinterSettings;
  readonly report: (fact: PrinterFact) => void;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** One connection at work. */
interface Session {
  readonly link: Link;
  readonly ask: () => Promise<HostStatus | undefined>;
  /** Aborted with the reason why the connection is of no more use. */
  readonly end: AbortSignal;
}

/**
 * A label printer that takes ZPL over TCP. One connection, one label at a time, each after a
 * good status. A label that may have come out is `unknown` and never sent again.
 */
export class ZplPrinter implements Printer {
  readonly id: DeviceId;
  readonly #options: PrinterOptions;
  readonly #queue = new JobQueue();
  readonly #counters = { connects: 0, sent: 0, printed: 0, unknown: 0, noAnswer: 0, badAnswers: 0 };
  readonly #device: DeviceLink<Link>;
  #lateAnswers = 0;
  /** The job of which bytes may have left us. */
  #sentJobId: string | undefined;
  #wake: () => void = () => {};
  #told: string | undefined;

  constructor(options: PrinterOptions) {
    this.id = options.id;
    this.#options = options;
    const { settings, clock } = options;
    const { host, port } = settings;
    this.#device = new DeviceLink<Link>(options, {
      kind: 'printer',
      connect: async (signal) => {
        const limits = { clock, connectLimitMs, writeLimitMs, signal };
        return tapLink(await connectTcp({ host, port, ...limits }), this.#device.traffic, describe);
      },
      serve: (link, signal, proved) => this.#serve(link, signal, proved),
      onOffline: (reason) => this.#offline(reason),
      counters: () => ({
        ...this.#counters,
        lateAnswers: this.#lateAnswers,
        waiting: this.#queue.length,
      }),
    });
  }

  start(): void {
    this.#device.start();
  }

  stop(): Promise<void> {
    return this.#device.stop();
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

  status(): DeviceStatus {
    return this.#device.status();
  }

  traffic(after: number, max: number): TrafficPage {
    return this.#device.page(after, max);
  }

  async #serve(link: Link, signal: AbortSignal, proved: () => void): Promise<void> {
    const { clock, settings } = this.#options;
    this.#counters.connects += 1;
    const end = new AbortController();
    const onAbort = () => end.abort(new DeviceUnavailableError('Stopped'));
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    const closed = (reason: Error | undefined) =>
      end.abort(reason ?? new DeviceUnavailableError('Connection closed'));
    link.closed.then(closed, closed);
    const { traffic } = this.#device;
    const { replyLimitMs } = settings;
    const query = new StatusQuery(link, end, { clock, replyLimitMs, traffic });
    const ask = async () => {
      const status = await query.ask();
      proved();
      this.#heard(status);
      return status;
    };
    try {
      for (;;) {
        const status = await ask();
        const job = isFinished(status) ? this.#queue.first() : undefined;
        if (job) await this.#print(job, { link, ask, end: end.signal });
        else await this.#rest(end.signal);
      }
    } catch (error) {
      if (isDeviceError(error) && error.code === 'DEVICE_PROTOCOL') this.#counters.badAnswers += 1;
      throw error;
    } finally {
      signal.removeEventListener('abort', onAbort);
      this.#lateAnswers += query.lateAnswers;
    }
  }

  /** Waits until it is time for the next status, or a job has come. @throws when the link has ended */
  async #rest(end: AbortSignal): Promise<void> {
    const { clock, settings } = this.#options;
    const wake = new AbortController();
    const onEnd = () => wake.abort();
    end.addEventListener('abort', onEnd, { once: true });
    if (end.aborted) onEnd();
    this.#wake = onEnd;
    await pause(clock, settings.statusEveryMs, wake.signal);
    end.removeEventListener('abort', onEnd);
    end.throwIfAborted();
  }

  async #print(job: PrintJob, { link, ask, end }: Session): Promise<void> {
    this.#sentJobId = job.jobId;
    try {
      await link.write(Buffer.from(withPrologue(job.zpl), 'ascii'), end);
    } catch (error) {
      this.#sentJobId = undefined;
      if (!isDeviceError(error)) throw error;
      // Without one byte out the job stays first in the queue.
      if (!(error instanceof DeviceUnavailableError)) this.#inDoubt(job, error);
      throw error;
    }
    this.#counters.sent += 1;
    try {
      for (let finished = 0; finished < finishedAnswersNeeded; ) {
        finished = isFinished(await ask()) ? finished + 1 : 0;
        if (finished < finishedAnswersNeeded) {
          await pause(this.#options.clock, jobStatusEveryMs, end);
        }
      }
    } catch (error) {
      if (isDeviceError(error)) this.#inDoubt(job, error);
      throw error;
    }
    this.#settle(job);
    this.#counters.printed += 1;
    this.#options.report({ device: this.id, type: 'printer.printed', jobId: job.jobId });
  }

  #inDoubt(job: PrintJob, error: WarehouseError): void {
    this.#settle(job);
    this.#counters.unknown += 1;
    const { report, log } = this.#options;
    log.warn({ device: this.id, jobId: job.jobId, reason: error.message }, 'label in doubt');
    report({ device: this.id, type: 'printer.unknown', jobId: job.jobId, reason: error.message });
  }

  #settle(job: PrintJob): void {
    this.#sentJobId = undefined;
    this.#queue.remove(job.jobId);
  }

  /** Tells what changed. */
  #heard(status: HostStatus | undefined): void {
    if (status === undefined) this.#counters.noAnswer += 1;
    // While a label of ours is on its way, half of it there is no fault.
    const isOurs = this.#sentJobId !== undefined;
    const faults = faultsOf(status).filter((fault) => !(isOurs && fault === 'partialFormat'));
    const now = faults.join(', ') || 'ready';
    if (now === this.#told) return;
    this.#told = now;
    this.#device.say(now);
    this.#options.report(
      faults.length === 0
        ? { device: this.id, type: 'printer.ready' }
        : { device: this.id, type: 'printer.faulted', faults },
    );
  }

  #offline(reason: string): void {
    this.#told = undefined;
    this.#options.report({ device: this.id, type: 'printer.offline', reason });
  }
}

/** What is sent, for who looks at the wire. */
const describe = (bytes: Buffer): string => {
  const text = bytes.toString('latin1');
  return text === hostStatusRequest ? 'status?' : `label ${text.slice(0, 40)}`;
};

/** Each label says for itself what happens to it in a fault: the printer may have been replaced meanwhile. */
const withPrologue = (zpl: string) => zpl.replace('^XA', `^XA${noReprint}`);
