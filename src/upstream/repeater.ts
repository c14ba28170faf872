import type { Buffer } from 'node:buffer';
import type { Topics } from '../contract/topics.ts';
import type { HostId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox, OutboxEvent } from '../ports/outbox.ts';
import type { BrokerConnection } from './broker-connection.ts';

export interface RepeaterOptions {
  readonly topics: Topics;
  readonly outbox: Outbox;
  readonly acknowledging: readonly HostId[];
  readonly clock: Clock;
  readonly log: Log;
  readonly markRestMs: number;
  readonly bytesOf: (event: OutboxEvent) => Buffer;
  readonly sentThrough: () => number;
  readonly held: () => boolean;
}

interface Range {
  from: number;
  readonly to: number;
}

interface Mark {
  through: number;
  /** Since when the mark rests, or was last helped on. */
  sinceMs: number;
  online: boolean;
}

/** Events repeated for a mark that rests. */
const aheadMax = 500;
/** Unanswered publishes of one host's repetition at once. */
const batchMax = 50;
/** A host that asks for more at a time gets the rest by asking again. */
const rangesMax = 8;

/** Sends events once more to a single host, unchanged: on its wish, or because its mark rests. */
export class Repeater {
  readonly #options: RepeaterOptions;
  readonly #ranges = new Map<HostId, Range[]>();
  readonly #marks = new Map<HostId, Mark>();
  #connection: BrokerConnection | undefined;
  #cancelLook: (() => void) | undefined;

  constructor(options: RepeaterOptions) {
    this.#options = options;
  }

  start(connection: BrokerConnection): void {
    this.#connection = connection;
    const nowMs = this.#options.clock.monotonicMs();
    for (const mark of this.#marks.values()) mark.sinceMs = nowMs;
    this.#look();
  }

  /** Forgets what was still to be repeated; who needs it asks again. */
  stop(): void {
    this.#connection = undefined;
    this.#ranges.clear();
    this.#cancelLook?.();
  }

  hostChanged(host: HostId, state: 'online' | 'offline'): void {
    const mark = this.#markOf(host);
    mark.online = state === 'online';
    mark.sinceMs = this.#options.clock.monotonicMs();
  }

  /** @param from @param to  sequence numbers, both included */
  resend(host: HostId, from: number, to: number): void {
    const connection = this.#connection;
    if (connection === undefined) return;
    const ranges = this.#ranges.get(host) ?? [];
    const last = Math.min(to, this.#options.outbox.lastSequence());
    if (from > last || ranges.some((range) => range.from <= from && last <= range.to)) return;
    if (ranges.length >= rangesMax) {
      this.#options.log.warn({ host, from, to }, 'Too many repetitions wait; this one is left out');
      return;
    }
    ranges.push({ from, to: last });
    this.#ranges.set(host, ranges);
    if (ranges.length === 1) {
      this.#work(connection, host, ranges).catch((error: unknown) =>
        this.#options.log.debug({ host, error: String(error) }, 'Repetition ended'),
      );
    }
  }

  async #work(connection: BrokerConnection, host: HostId, ranges: Range[]): Promise<void> {
    const { outbox, topics, bytesOf } = this.#options;
    for (let range = ranges[0]; range !== undefined; range = ranges[0]) {
      const { to } = range;
      const events = outbox.read(range.from, batchMax).filter(({ sequence }) => sequence <= to);
      await Promise.all(
        events.map((event) => connection.publish(topics.reply(host), bytesOf(event))),
      );
      if (this.#connection !== connection) return;
      const last = events.at(-1);
      if (last === undefined || last.sequence >= to) ranges.shift();
      else range.from = last.sequence + 1;
    }
  }

  #look(): void {
    this.#cancelLook = this.#options.clock.after(Math.min(1000, this.#options.markRestMs), () =>
      this.#look(),
    );
    if (!this.#options.held()) {
      for (const host of this.#options.acknowledging) this.#lookAt(host);
    }
  }

  #lookAt(host: HostId): void {
    const { outbox, clock, log, markRestMs, sentThrough } = this.#options;
    const mark = this.#markOf(host);
    const through = outbox.ackThrough(host);
    const nowMs = clock.monotonicMs();
    if (through !== mark.through) {
      mark.through = through;
      mark.sinceMs = nowMs;
    }
    const last = Math.min(sentThrough(), through + aheadMax);
    if (last <= through) {
      // Nothing is owed: the rest begins with the next event.
      mark.sinceMs = nowMs;
      return;
    }
    if (!mark.online || nowMs - mark.sinceMs < markRestMs) return;
    mark.sinceMs = nowMs;
    log.info(
      { host, from: through + 1, to: last },
      'The mark of a host rests; events are repeated',
    );
    this.resend(host, through + 1, last);
  }

  #markOf(host: HostId): Mark {
    const known = this.#marks.get(host);
    if (known !== undefined) return known;
    const sinceMs = this.#options.clock.monotonicMs();
    const mark = { through: this.#options.outbox.ackThrough(host), sinceMs, online: false };
    this.#marks.set(host, mark);
    return mark;
  }
}
