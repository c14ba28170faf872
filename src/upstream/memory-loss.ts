import type { AckData } from '../contract/messages.ts';
import type { HostAhead } from '../domain/books.ts';
import { aheadText, isAhead } from '../domain/host-ahead.ts';
import type { HostId } from '../domain/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';

/**
 * A host has stored events that our books do not have: the ledger is an old backup. Nothing more is told
 * under the numbers of this epoch, or two different events would carry the same one. The books keep it, as new events
 * and a new start must not make the gap look closed.
 */
export class MemoryLoss {
  readonly #outbox: Outbox;
  readonly #acknowledging: ReadonlySet<HostId>;
  readonly #log: Log;
  /** As the books have it, and before they do: the events wait from the first word on. */
  readonly #ahead = new Map<HostId, HostAhead>();

  constructor(outbox: Outbox, acknowledging: readonly HostId[], log: Log) {
    this.#outbox = outbox;
    this.#acknowledging = new Set(acknowledging);
    this.#log = log;
    for (const host of acknowledging) {
      const ahead = outbox.ahead(host);
      if (ahead !== undefined) this.#ahead.set(host, ahead);
    }
  }

  marked(host: HostId, ack: AckData): void {
    if (!this.#acknowledging.has(host)) return;
    const ahead = this.#ahead.get(host);
    const [booksEnd, epoch] = [this.#outbox.lastSequence(), this.#outbox.eventEpoch];
    if (!isAhead(ack, { booksEnd, epoch, ahead })) {
      this.#ahead.delete(host);
      return;
    }
    if (ahead !== undefined) return;
    const { ackThrough, epoch: its, hostEpoch } = ack;
    this.#ahead.set(host, { through: Number(ackThrough), epoch: its, booksEnd, hostEpoch });
    this.#log.error(
      { host, ackThrough, epoch: its, lastSequence: booksEnd },
      'Events were lost here',
    );
  }

  held(): boolean {
    return this.detail() !== undefined;
  }

  /** A sentence while it holds. */
  detail(): string | undefined {
    for (const [host, ahead] of this.#ahead) {
      if (this.#outbox.eventEpoch <= ahead.epoch) return aheadText(host, ahead);
    }
    return undefined;
  }
}
