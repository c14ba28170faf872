import { isDeviceError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DeviceStatus } from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import type { Scanner, ScannerFact } from '../../src/ports/scanner.ts';
import { supervise } from '../lib/supervisor.ts';
import type { Link } from '../transport/link.ts';
import { openSerial } from '../transport/serial.ts';
import { connectTcp } from '../transport/tcp.ts';
import { Framer } from './framer.ts';
import { interpret } from './interpret.ts';

const connectLimitMs = 3_000;
const writeLimitMs = 1_000;

export interface ScannerOptions {
  readonly id: DeviceId;
  readonly settings: ScannerSettings;
  /** Names this start of the controller, so that no read of another start has the same id. */
  readonly startId: string;
  readonly report: (fact: ScannerFact) => void;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** A fixed or handheld scanner that sends each code as one frame, over TCP or a serial line. */
export class BarcodeScanner implements Scanner {
  readonly id: DeviceId;
  readonly #options: ScannerOptions;
  readonly #framer: Framer;
  readonly #counters = { reads: 0, noReads: 0, replies: 0, connects: 0, triggersLost: 0 };
  readonly #stopping = new AbortController();
  #running: Promise<void> | undefined;
  #link: Link | undefined;
  #isTriggering = false;
  #readNumber = 0;
  #availability: DeviceStatus['availability'] = 'offline';
  #detail = 'not started';
  #sinceMs: number;

  constructor(options: ScannerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#framer = new Framer(options.settings.framing);
    this.#sinceMs = options.clock.nowMs();
  }

  start(): void {
    const { clock, random, log, onBug } = this.#options;
    this.#detail = 'connecting';
    this.#running ??= supervise<Link>({
      device: this.id,
      connect: (signal) => this.#connect(signal),
      serve: (link, signal, proved) => this.#serve(link, signal, proved),
      onOnline: () => this.#turned('online', 'waits for codes'),
      onOffline: (reason) => this.#turned('offline', reason.message),
      onBug,
      clock,
      random,
      log,
      signal: this.#stopping.signal,
    });
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    this.#availability = 'offline';
    this.#detail = 'stopped';
  }

  trigger(): void {
    const { trigger } = this.#options.settings;
    if (trigger === undefined) return;
    const link = this.#link;
    // One that comes while another is on its way asks for the same read.
    if (link === undefined || this.#isTriggering) {
      this.#counters.triggersLost += 1;
      return;
    }
    this.#isTriggering = true;
    link
      .write(Buffer.from(trigger, 'latin1'), this.#stopping.signal)
      .catch((error: unknown) => this.#triggerFailed(error))
      .finally(() => {
        this.#isTriggering = false;
      })
      .catch(this.#options.onBug);
  }

  status(): DeviceStatus {
    return {
      device: this.id,
      kind: 'scanner',
      availability: this.#availability,
      detail: this.#detail,
      sinceMs: this.#sinceMs,
      counters: { ...this.#counters, ...this.#framer.counters },
    };
  }

  #connect(signal: AbortSignal): Promise<Link> {
    const { clock, settings } = this.#options;
    const limits = { clock, connectLimitMs, writeLimitMs, signal };
    const { connection } = settings;
    return connection.kind === 'tcp'
      ? connectTcp({ ...connection, ...limits })
      : openSerial({ ...connection, ...limits });
  }

  async #serve(link: Link, signal: AbortSignal, proved: () => void): Promise<void> {
    this.#counters.connects += 1;
    this.#framer.reset();
    this.#link = link;
    const bug = Promise.withResolvers<never>();
    const stopped = Promise.withResolvers<void>();
    const onAbort = () => stopped.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    link.onData((bytes) => {
      try {
        this.#received(bytes);
      } catch (error) {
        bug.reject(error);
      }
    });
    // A scanner says nothing of itself; that the line is open is all there is to know.
    proved();
    try {
      const reason = await Promise.race([link.closed, stopped.promise, bug.promise]);
      if (reason) throw reason;
    } finally {
      this.#link = undefined;
      signal.removeEventListener('abort', onAbort);
    }
  }

  #received(bytes: Uint8Array): void {
    const { clock, report, settings } = this.#options;
    for (const frame of this.#framer.push(bytes, clock.monotonicMs())) {
      this.#readNumber += 1;
      const readId = `${this.#options.startId}-${this.#readNumber}`;
      const fact = interpret(frame, { device: this.id, readId }, settings);
      if (fact === undefined) this.#counters.replies += 1;
      else if (fact.type === 'scanner.noRead') this.#counters.noReads += 1;
      else this.#counters.reads += 1;
      if (fact) report(fact);
    }
  }

  #triggerFailed(error: unknown): void {
    if (!isDeviceError(error)) throw error;
    this.#counters.triggersLost += 1;
    this.#options.log.warn({ device: this.id, reason: error.message }, 'trigger not sent');
  }

  #turned(availability: DeviceStatus['availability'], detail: string): void {
    this.#availability = availability;
    this.#detail = detail;
    this.#sinceMs = this.#options.clock.nowMs();
    this.#options.report(
      availability === 'online'
        ? { device: this.id, type: 'scanner.online' }
        : { device: this.id, type: 'scanner.offline', reason: detail },
    );
  }
}
