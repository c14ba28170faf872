import type { Movement, Timer } from '../domain/books.ts';
import type { Rows, Warehouse } from '../domain/warehouse.ts';
import type { OutboxEvent } from './outbox.ts';

/** Why something was chosen, refused or done; `subject` is an order, a load unit, a location or a device. */
export interface ReasonRow {
  readonly subject: string;
  readonly atMs: number;
  readonly text: string;
}

/** What a host's command was and what was answered, kept under host and id. */
export interface AnsweredCommand {
  readonly host: string;
  readonly id: string;
  /** Name and data as canonical JSON: what a repetition is compared with. */
  readonly content: string;
  readonly reply: object;
  readonly atMs: number;
}

/** All that a group of causes changes. Written together or not at all. */
export interface Commit {
  readonly atMs: number;
  /** Ids of the causes that counted. */
  readonly causes: readonly string[];
  readonly movements: readonly Movement[];
  readonly events: readonly OutboxEvent[];
  readonly reasons: readonly ReasonRow[];
  readonly answered: readonly AnsweredCommand[];
  readonly rows: Rows;
}

export interface Store {
  /** Generation of this controller: raised and committed when the ledger was opened. */
  readonly epoch: number;
  /** Random, drawn together with the epoch. */
  readonly nonce: number;
  /** Every (epoch, nonce) that this ledger ever drew, its own included. */
  readonly claims: ReadonlyMap<number, number>;
  /** Number of the last movement, 0 = none. */
  lastMovement(): number;
  /** When a reason was last kept, by the wall clock of then: a site at rest may have run on for longer; undefined: none yet. */
  lastMs(): number | undefined;
  hasCause(cause: string): boolean;
  answered(host: string, id: string): AnsweredCommand | undefined;
  /** Up to `max` timers with `dueMs` ≤ `nowMs`, the earliest first. */
  timersDue(nowMs: number, max: number): readonly Timer[];
  /** When the next timer is due; undefined when there is none. */
  nextTimerMs(): number | undefined;
  /** Fills an empty projection with all that is committed. */
  load(warehouse: Warehouse): void;
  /** Newest first. */
  reasons(subject: string, max: number): readonly ReasonRow[];

  /**
   * Makes a group durable: when this returns, it survives a power cut.
   *
   * @throws {LedgerConflictError} when a constraint of the books does not allow it; nothing is written
   * @throws {FencedError} when another controller has opened this ledger since; nothing is written
   */
  commit(commit: Commit): void;
}
