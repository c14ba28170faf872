import { isDeviceError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { DeviceStatus, TrafficPage } from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import type { Scanner, ScannerFact } from '../../src/ports/scanner.ts';
import { DeviceLink } from '../lib/device-link.ts';
import type { Link } from '../transport/link.ts';
import { openSerial } from '../transport/serial.ts';
import { tapLink } from '../transport/tap.ts';
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
  readonly #device: DeviceLink<Link>;
  #link: Link | undefined;
  #triggeredAtMs: number | undefined;
  #isTriggering = false;
  #readNumber = 0;

  constructor(options: ScannerOptions) {
    this.id = options.id;
    this.#options = options;
    this.#framer = new Framer(options.settings.framing);
    const { id: device, report } = options;
    this.#device = new DeviceLink<Link>(options, {
      kind: 'scanner',
      connect: async (signal) =>
        tapLink(await this.#connect(signal), this.#device.traffic, () => 'trigger'),
      serve: (link, signal, proved) => this.#serve(link, signal, proved),
      onOnline: () => {
        this.#device.say('waits for codes');
        report({ device, type: 'scanner.online' });
      },
      onOffline: (reason) => report({ device, type: 'scanner.offline', reason }),
      counters: () => ({ ...this.#counters, ...this.#framer.counters }),
    });
  }

  start(): void {
    this.#device.start();
  }

  stop(): Promise<void> {
    return this.#device.stop();
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
    this.#triggeredAtMs = this.#options.clock.monotonicMs();
    link
      .write(Buffer.from(trigger, 'latin1'), this.#device.stopping)
      .catch((error: unknown) => this.#triggerFailed(error))
      .finally(() => {
        this.#isTriggering = false;
      })
      .catch(this.#options.onBug);
  }

  status(): DeviceStatus {
    return this.#device.status();
  }

  traffic(after: number, max: number): TrafficPage {
    return this.#device.page(after, max);
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
    const nowMs = clock.monotonicMs();
    const { traffic } = this.#device;
    const before = { ...this.#framer.counters };
    const frames = this.#framer.push(bytes, nowMs);
    for (const [what, count] of Object.entries(this.#framer.counters)) {
      const isWaste = what !== 'frames' && count > before[what as keyof typeof before];
      if (isWaste) traffic.judge(`discarded: ${what}`);
    }
    if (frames.length > 0 && this.#triggeredAtMs !== undefined) {
      traffic.answeredIn(nowMs - this.#triggeredAtMs);
      this.#triggeredAtMs = undefined;
    }
    for (const frame of frames) {
      this.#readNumber += 1;
      const readId = `${this.#options.startId}-${this.#readNumber}`;
      const fact = interpret(frame, { device: this.id, readId }, settings);
      if (fact === undefined) this.#counters.replies += 1;
      else if (fact.type === 'scanner.noRead') this.#counters.noReads += 1;
      else this.#counters.reads += 1;
      traffic.judge('ok', describe(fact));
      if (fact) report(fact);
    }
  }

  #triggerFailed(error: unknown): void {
    if (!isDeviceError(error)) throw error;
    this.#counters.triggersLost += 1;
    this.#options.log.warn({ device: this.id, reason: error.message }, 'trigger not sent');
  }
}

/** What a frame was, for who looks at the wire. */
function describe(fact: ScannerFact | undefined): string {
  if (fact?.type === 'scanner.read') return `code ${fact.aim ?? ''}${fact.code}`;
  return fact === undefined ? 'answer to the trigger' : 'no-read';
}
