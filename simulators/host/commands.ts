import { envelopeBytes } from '../../src/contract/envelope.ts';
import type { ReplyData } from '../../src/contract/messages.ts';
import type { CommandKey } from '../../src/contract/names.ts';
import { LimitError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import type { HostStore } from './store.ts';

interface Open {
  readonly payload: string;
  readonly answered: (reply: ReplyData) => void;
  dueMs: number;
  delayMs: number;
}

const openMax = 1000;
const repeatFirstMs = 10_000;
const repeatMaxMs = 300_000;

/** Commands until they are answered. No reply is not a refusal: the same message is sent again. */
export class Commands {
  readonly #open = new Map<string, Open>();
  readonly #store: HostStore;
  readonly #source: string;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #send: (payload: string) => void;

  constructor(options: {
    readonly store: HostStore;
    readonly source: string;
    readonly clock: Clock;
    readonly random: Random;
    readonly send: (payload: string) => void;
  }) {
    this.#store = options.store;
    this.#source = options.source;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#send = options.send;
    // Of an earlier run: nobody waits for the answer, but the command was meant.
    for (const { id, payload } of this.#store.openCommands()) {
      this.#add(id, payload, () => {});
    }
  }

  /** Resolves with the reply, whenever that comes. @throws {LimitError} when too many wait already */
  give(name: CommandKey, data: object): Promise<ReplyData> {
    if (this.#open.size >= openMax) {
      return Promise.reject(new LimitError('Too many commands wait for an answer'));
    }
    const atMs = this.#clock.nowMs();
    // The time keeps ids apart where chance begins with the same seed again.
    const id = `c-${atMs}-${this.#random.u32()}-${this.#random.u32()}`;
    const source = this.#source;
    const payload = envelopeBytes({ id, source, name, atMs, data }).toString();
    this.#store.addCommand({ id, name, payload });
    return new Promise((resolve) => {
      this.#add(id, payload, resolve);
      this.#send(payload);
    });
  }

  answered(id: string, reply: ReplyData): void {
    const open = this.#open.get(id);
    if (open === undefined) return;
    this.#open.delete(id);
    this.#store.closeCommand(id);
    open.answered(reply);
  }

  /** After a connect: all of them, in their old order. */
  resendAll(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const open of this.#open.values()) {
      open.dueMs = nowMs + open.delayMs;
      this.#send(open.payload);
    }
  }

  /** Sends again what has waited long enough. */
  repeatDue(): void {
    const nowMs = this.#clock.monotonicMs();
    for (const open of this.#open.values()) {
      if (open.dueMs > nowMs) continue;
      open.delayMs = Math.min(repeatMaxMs, open.delayMs * 2);
      open.dueMs = nowMs + open.delayMs;
      this.#send(open.payload);
    }
  }

  #add(id: string, payload: string, answered: (reply: ReplyData) => void): void {
    const dueMs = this.#clock.monotonicMs() + repeatFirstMs;
    this.#open.set(id, { payload, answered, dueMs, delayMs: repeatFirstMs });
  }
}
