import type { AckData } from '../contract/messages.ts';
import type { HostId } from '../domain/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Outbox } from '../ports/outbox.ts';

/**
 * A host has stored events that our books do not have: the ledger is an old backup. Nothing more is told
 * under the numbers of this epoch, or two different events would carry the same one. What becomes of it is
 * decided by the core and a person; a risen epoch ends it.
 */
export class MemoryLoss {
  readonly #outbox: Outbox;
  readonly #acknowledging: ReadonlySet<HostId>;
  readonly #log: Log;
  /** Latched: new events must not make the gap look closed. */
  #lost: { readonly epoch: number; readonly detail: string } | undefined;

  constructor(outbox: Outbox, acknowledging: readonly HostId[], log: Log) {
    this.#outbox = outbox;
    this.#acknowledging = new Set(acknowledging);
    this.#log = log;
  }

  marked(host: HostId, { epoch, ackThrough }: AckData): void {
    if (!this.#acknowledging.has(host) || this.held()) return;
    const ours = this.#outbox.epoch;
    const last = this.#outbox.lastSequence();
    const lost = epoch > ours || (epoch === ours && Number(ackThrough) > last);
    if (!lost) return;
    const detail = `${host} has events up to ${Number(ackThrough)} of epoch ${epoch}, our books up to ${last} of epoch ${ours}`;
    this.#lost = { epoch, detail };
    this.#log.error({ host, ackThrough, epoch, lastSequence: last }, 'Events were lost here');
  }

  held(): boolean {
    if (this.#lost !== undefined && this.#outbox.epoch > this.#lost.epoch) this.#lost = undefined;
    return this.#lost !== undefined;
  }

  /** A sentence while it holds. */
  detail(): string | undefined {
    return this.held() ? this.#lost?.detail : undefined;
  }
}
