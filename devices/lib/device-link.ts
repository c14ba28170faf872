import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { DeviceStatus, TrafficPage } from '../../src/ports/device.ts';
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
  /** Counters of the driver's own, beside those of the link. */
  counters(): Readonly<Record<string, number>>;
}

const stopLimitMs = 1000;

/** The life of a device's link, the same for every driver: supervised connections, availability, traffic, an orderly end. */
export class DeviceLink<C extends { close(): void | Promise<void> }> {
  readonly traffic: Traffic;
  readonly #options: DeviceLinkOptions;
  readonly #service: LinkService<C>;
  readonly #stopping = new AbortController();
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
    const { id: device, clock, random, log, onBug } = this.#options;
    this.#detail = 'connecting';
    this.#running = supervise<C>({
      ...{ device, clock, random, log, onBug, signal: this.#stopping.signal },
      retryMaxMs: this.#service.retryMaxMs?.(),
      connect: (signal) => this.#connect(signal),
      serve: (connection, signal, proved) => this.#serve(connection, signal, proved),
      onOnline: () => {
        this.#become('online');
        this.#service.onOnline?.();
      },
      onOffline: (reason) => {
        this.#become('offline');
        this.#detail = reason.message;
        this.#service.onOffline(reason.message);
      },
    });
  }

  /** Says in one sentence what it is doing. */
  say(detail: string): void {
    this.#detail = detail;
  }

  /** Resolves when the connection is closed, or after a second at the latest. Nothing is written afterwards. */
  async stop(): Promise<void> {
    this.#stopping.abort();
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

  async #connect(signal: AbortSignal): Promise<C> {
    try {
      const connection = await this.#service.connect(signal);
      this.traffic.connected();
      return connection;
    } catch (error) {
      if (error instanceof Error && !signal.aborted) this.traffic.unreachable(error);
      throw error;
    }
  }

  async #serve(connection: C, signal: AbortSignal, proved: () => void): Promise<void> {
    try {
      await this.#service.serve(connection, signal, proved);
      if (signal.aborted) this.traffic.closed('closed by us');
    } catch (error) {
      if (signal.aborted) this.traffic.closed('closed by us');
      else if (error instanceof Error) this.traffic.failed(error);
      throw error;
    }
  }

  #become(availability: DeviceStatus['availability']): void {
    if (availability === this.#availability) return;
    this.#availability = availability;
    this.#sinceMs = this.#options.clock.nowMs();
  }
}
