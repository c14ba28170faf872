import type { Buffer } from 'node:buffer';
import { eventBytes } from '../contract/envelope.ts';
import type { Topics } from '../contract/topics.ts';
import type { HostId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox, OutboxEvent } from '../ports/outbox.ts';
import type { BrokerConnection } from './broker-connection.ts';

export interface ForwarderOptions {
  readonly site: string;
  readonly controller: string;
  readonly topics: Topics;
  readonly outbox: Outbox;
  /** Those whose mark finishes events. */
  readonly acknowledging: readonly HostId[];
  readonly clock: Clock;
  readonly log: Log;
  /** True while events must not be sent, because the books are in doubt. */
  readonly held: () => boolean;
}

/** What it needs of a connection: whether it still stands, and a promise for each PUBACK. */
export type EventWire = Pick<BrokerConnection, 'open' | 'publish'>;

/** Unanswered publishes at once. */
const windowMax = 100;
const eventsPerS = 500;

/**
 * Publishes events in the order of their numbers. A PUBACK only lets the window move on: brokers forget, so
 * that an event is finished by the hosts' marks alone, and it is the ledger that keeps those.
 */
export class Forwarder {
  readonly #options: ForwarderOptions;
  readonly #inFlight = new Set<number>();
  #connection: EventWire | undefined;
  #next = 0;
  #ahead: readonly OutboxEvent[] = [];
  #tokens = windowMax;
  #tokensAtMs: number;
  #cancelWait: (() => void) | undefined;

  constructor(options: ForwarderOptions) {
    this.#options = options;
    this.#tokensAtMs = options.clock.monotonicMs();
  }

  /** Everything up to here has had its PUBACK, in this connection or an earlier one. */
  sentThrough(): number {
    const [lowest] = this.#inFlight;
    if (this.#next === 0) return this.#acknowledgedByAll();
    return (lowest ?? this.#next) - 1;
  }

  /** Begins with the first event without a PUBACK; after a start with the first that some host has not stored. */
  start(connection: EventWire): void {
    const next = Math.max(this.sentThrough() + 1, this.#options.outbox.firstSequence());
    this.#inFlight.clear();
    this.#ahead = [];
    this.#next = next;
    this.#connection = connection;
    this.pump();
  }

  /** What has no PUBACK is remembered, and sent again over the next connection. */
  stop(): void {
    this.#connection = undefined;
    this.#cancelWait?.();
    this.#cancelWait = undefined;
  }

  /** Sends what may be sent now. To be called when events were added or a hold has ended. */
  pump(): void {
    const connection = this.#connection;
    if (connection === undefined || this.#cancelWait !== undefined || this.#options.held()) return;
    this.#refill();
    while (connection.open && this.#inFlight.size < windowMax) {
      const event = this.#peek();
      if (event === undefined) return;
      if (this.#tokens < 1) {
        this.#wait();
        return;
      }
      this.#tokens -= 1;
      this.#next = event.sequence + 1;
      this.#send(connection, event);
    }
  }

  #send(connection: EventWire, event: OutboxEvent): void {
    const { topics, log } = this.#options;
    this.#inFlight.add(event.sequence);
    connection.publish(topics.event(event.name), this.bytesOf(event)).then(
      () => {
        if (this.#connection !== connection) return;
        this.#inFlight.delete(event.sequence);
        this.pump();
      },
      // The connection is given up with it, and the next one starts from here.
      (error: unknown) => log.debug({ sequence: event.sequence, error: String(error) }, 'Not sent'),
    );
  }

  /** The event on the wire, the same bytes every time. */
  bytesOf(event: OutboxEvent): Buffer {
    return eventBytes(this.#options.site, this.#options.controller, event);
  }

  #peek(): OutboxEvent | undefined {
    if (this.#ahead[0]?.sequence !== this.#next) {
      this.#ahead = this.#ahead.filter(({ sequence }) => sequence >= this.#next);
    }
    const { outbox } = this.#options;
    // Nothing new, as most times that it is looked at: not worth a query.
    if (this.#ahead.length === 0 && this.#next <= outbox.lastSequence()) {
      this.#ahead = outbox.read(this.#next, windowMax);
    }
    return this.#ahead[0];
  }

  #refill(): void {
    const nowMs = this.#options.clock.monotonicMs();
    const refilled = this.#tokens + ((nowMs - this.#tokensAtMs) * eventsPerS) / 1000;
    this.#tokens = Math.min(windowMax, refilled);
    this.#tokensAtMs = nowMs;
  }

  #wait(): void {
    this.#cancelWait = this.#options.clock.after(50, () => {
      this.#cancelWait = undefined;
      this.pump();
    });
  }

  #acknowledgedByAll(): number {
    const { outbox, acknowledging } = this.#options;
    const marks = acknowledging.map((host) => outbox.ackThrough(host));
    return marks.length === 0 ? outbox.firstSequence() - 1 : Math.min(...marks);
  }
}
