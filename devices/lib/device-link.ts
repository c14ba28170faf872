import { type DeviceMode, isCommanded } from '../../src/domain/device-mode.ts';
import {
  DeviceTimeoutError,
  invariant,
  isDeviceError,
  LimitError,
} from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type {
  DeviceStatus,
  ProbeCheck,
  ProbeOptions,
  TrafficPage,
} from '../../src/ports/device.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import { supervise } from './supervisor.ts';
import { Traffic } from './traffic.ts';

export interface DeviceLinkOptions {
  readonly id: DeviceId;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
}

/** What a driver does on a connection. */
export interface LinkService<C> {
  readonly kind: DeviceStatus['kind'];
  /** A new connection each time, with its bytes recorded in `traffic`. @throws device errors */
  connect(signal: AbortSignal): Promise<C>;
  /** As `Supervision.serve`. */
  serve(connection: C, signal: AbortSignal, proved: () => void): Promise<void>;
  /** Once when it is back, and at the first time. */
  onOnline?(): void;
  /** Once when it is gone, and when the first attempt fails. */
  onOffline(reason: string): void;
  /** Longest wait between two attempts; absent: the supervisor's own. */
  retryMaxMs?(): number | undefined;
  /** Asks the device over this connection, for `Device.probe`. @throws device errors */
  probe(connection: C, options: ProbeOptions): Promise<readonly ProbeCheck[]>;
  /** Counters of the driver's own, beside those of the link. */
  counters(): Readonly<Record<string, number>>;
}

const stopLimitMs = 1000;
const probeLimitMs = 5000;
/** Reason to end a connection attempt: somebody wants another one now. */
const again = new Error('tried again');

/** The life of a device's link, the same for every driver: supervised connections, availability, traffic, an orderly end. */
export class DeviceLink<C extends { close(): void | Promise<void> }> {
  readonly traffic: Traffic;
  readonly #options: DeviceLinkOptions;
  readonly #service: LinkService<C>;
  readonly #stopping = new AbortController();
  /** Aborted when the mode asks for another connection, or for none, and at the stop. */
  #change = new AbortController();
  #mode: DeviceMode = 'auto';
  #connection: C | undefined;
  /** Who wants to know how the next attempt to connect ends. */
  #onAttempt: (error: Error | undefined) => void = () => {};
  #isProbing = false;
  #running: Promise<void> | undefined;
  #availability: DeviceStatus['availability'] = 'offline';
  #detail = 'not started';
  #sinceMs: number;

  constructor(options: DeviceLinkOptions, service: LinkService<C>) {
    this.#options = options;
    this.#service = service;
    this.#sinceMs = options.clock.nowMs();
    this.traffic = new Traffic(options.clock);
  }

  /** Aborted when the driver is to stop. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  start(): void {
    invariant(this.#running === undefined, `${this.#options.id} has been started before`);
    this.#detail = 'connecting';
    this.#running = this.#run();
  }

  get mode(): DeviceMode {
    return this.#mode;
  }

  /** See `Device.setMode`. */
  setMode(mode: DeviceMode): void {
    if (mode === this.#mode) return;
    const stays = isCommanded(mode) && isCommanded(this.#mode);
    this.#mode = mode;
    if (!stays) this.#change.abort();
  }

  /** Why nothing may be written that could change something; undefined where it may. */
  get writesNothing(): string | undefined {
    return isCommanded(this.#mode) ? undefined : `the device is set to ${this.#mode}`;
  }

  /** Says in one sentence what it is doing. */
  say(detail: string): void {
    this.#detail = detail;
  }

  /** Resolves when the connection is closed, or after a second at the latest. Nothing is written afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#change.abort();
    const ended = new AbortController();
    await Promise.race([this.#running, pause(this.#options.clock, stopLimitMs, ended.signal)]);
    ended.abort();
    this.#become('offline');
    this.#detail = 'stopped';
  }

  status(): DeviceStatus {
    return {
      device: this.#options.id,
      kind: this.#service.kind,
      availability: this.#availability,
      detail: this.#detail,
      sinceMs: this.#sinceMs,
      link: this.traffic.counters(),
      counters: this.#service.counters(),
    };
  }

  page(after: number, max: number): TrafficPage {
    return this.traffic.page(after, max);
  }

  /** See `Device.probe`. */
  async probe(options: ProbeOptions): Promise<readonly ProbeCheck[]> {
    if (this.#isProbing) throw new LimitError(`A probe of ${this.#options.id} is under way`);
    if (this.#mode === 'off') {
      return [{ check: 'link', verdict: 'bad', detail: 'it is set to off: set it to observe' }];
    }
    this.#isProbing = true;
    try {
      const failure = this.#connection === undefined ? await this.#attempt() : undefined;
      const connection = this.#connection;
      if (connection === undefined) {
        const detail = failure?.message ?? 'the connection was lost at once';
        return [{ check: 'link', verdict: 'bad', detail }];
      }
      const checks = await this.#service.probe(connection, options);
      return [{ check: 'link', verdict: 'ok', detail: 'connected' }, ...checks];
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      return [{ check: 'link', verdict: 'bad', detail: error.message }];
    } finally {
      this.#isProbing = false;
    }
  }

  /** Connects now, whenever the next attempt would be due. @returns why there is no connection */
  #attempt(): Promise<Error | undefined> {
    return new Promise((resolve) => {
      const finish = (error: Error | undefined) => {
        cancel();
        this.#onAttempt = () => {};
        resolve(error);
      };
      const late = () => finish(new DeviceTimeoutError(`no answer within ${probeLimitMs} ms`));
      const cancel = this.#options.clock.after(probeLimitMs, late);
      this.#change.abort(again);
      this.#onAttempt = finish;
    });
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    const { id: device, clock, random, log, onBug } = this.#options;
    let isBroken = false;
    while (!this.#stopping.signal.aborted && !isBroken) {
      this.#change = new AbortController();
      const { signal } = this.#change;
      if (this.#mode === 'off') {
        this.#gone('it is set to off');
        await aborted(signal);
        continue;
      }
      await supervise<C>({
        ...{ device, clock, random, log, signal },
        retryMaxMs: this.#service.retryMaxMs?.(),
        onBug(error) {
          isBroken = true;
          onBug(error);
        },
        connect: (ending) => this.#connect(ending),
        serve: (connection, ending, proved) => this.#serve(connection, ending, proved),
        onOnline: () => {
          this.#become('online');
          this.#service.onOnline?.();
        },
        onOffline: (reason) => this.#gone(reason.message),
      });
      const isChanged = signal.aborted && !this.#stopping.signal.aborted;
      if (isChanged && signal.reason !== again) this.#gone(`it is set to ${this.#mode}`);
    }
  }

  #gone(reason: string): void {
    this.#become('offline');
    this.#detail = reason;
    this.#service.onOffline(reason);
  }

  async #connect(signal: AbortSignal): Promise<C> {
    try {
      const connection = await this.#service.connect(signal);
      this.traffic.connected();
      return connection;
    } catch (error) {
      if (error instanceof Error && !signal.aborted) {
        this.traffic.unreachable(error);
        this.#onAttempt(error);
      }
      throw error;
    }
  }

  async #serve(connection: C, signal: AbortSignal, proved: () => void): Promise<void> {
    this.#connection = connection;
    this.#onAttempt(undefined);
    try {
      await this.#service.serve(connection, signal, proved);
      if (signal.aborted) this.traffic.closed('closed by us');
    } catch (error) {
      if (signal.aborted) this.traffic.closed('closed by us');
      else if (error instanceof Error) this.traffic.failed(error);
      throw error;
    } finally {
      this.#connection = undefined;
    }
  }

  #become(availability: DeviceStatus['availability']): void {
    if (availability === this.#availability) return;
    this.#availability = availability;
    this.#sinceMs = this.#options.clock.nowMs();
  }
}

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) return resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
