import { createHash } from 'node:crypto';
import type { HostAhead, HostBook, Timer } from '../domain/books.ts';
import { invariant } from '../domain/errors.ts';
import type { HostId } from '../domain/ids.ts';
import type { Table } from '../domain/table.ts';
import type { TableName, Warehouse } from '../domain/warehouse.ts';
import { eventEpoch, type Outbox, type OutboxEvent } from '../ports/outbox.ts';
import type { AnsweredCommand, Commit, ReasonRow, Store } from '../ports/store.ts';

/** Causes and answers that are remembered: far more than can be told again. */
const causesMax = 200_000;
const answersMax = 20_000;
/** The newest reasons, for whoever looks into a run that went wrong. */
const reasonsMax = 20_000;

/**
 * The books in memory alone, for a run on virtual time: as the ledger, without a disk and without
 * history. What is kept of the past is a hash of all movements, by which two runs are compared.
 */
export class MemoryStore implements Store, Outbox {
  readonly epoch = 1;
  readonly nonce: number;
  readonly claims: ReadonlyMap<number, number>;
  readonly eventEpoch = eventEpoch;
  readonly epochBase = 0;
  readonly #tables = new Map<TableName, Map<string, unknown>>();
  readonly #causes = new Set<string>();
  readonly #answers = new Map<string, AnsweredCommand>();
  #nextTimerMs: number | undefined;
  #areTimersKnown = true;
  #reasons: ReasonRow[] = [];
  /** Events that some host may still have to be sent; those before were acknowledged and let go. */
  #events: OutboxEvent[] = [];
  #firstSequence = 1;
  readonly #hash = createHash('sha256');
  #lastMovement = 0;
  #appended: () => void = () => {};
  /** Sees every commit once it is made. */
  onCommit: (commit: Commit) => void = () => {};

  constructor({ nonce }: { readonly nonce: number }) {
    this.nonce = nonce;
    this.claims = new Map([[this.epoch, nonce]]);
  }

  /** Rows that are there before the first commit: stock, articles. */
  begin(table: TableName, key: string, row: object): void {
    this.#rowsOf(table).set(key, row);
  }

  /** Numbers that those rows have used up: of series, and of movements. */
  beginNumbers(series: Readonly<Record<string, number>>, movements: number): void {
    for (const [name, value] of Object.entries(series))
      this.begin('counter', name, { name, value });
    this.#lastMovement = movements;
  }

  lastMovement(): number {
    return this.#lastMovement;
  }

  lastMs(): number | undefined {
    return this.#reasons.at(-1)?.atMs;
  }

  /** Of every movement until now, in order, as hexadecimal digits. */
  movementsHash(): string {
    return this.#hash.copy().digest('hex');
  }

  hasCause(cause: string): boolean {
    return this.#causes.has(cause);
  }

  answered(host: string, id: string): AnsweredCommand | undefined {
    return this.#answers.get(JSON.stringify([host, id]));
  }

  timersDue(nowMs: number, max: number): readonly Timer[] {
    if ((this.nextTimerMs() ?? Number.POSITIVE_INFINITY) > nowMs) return [];
    const due = this.#timers().filter(({ dueMs }) => dueMs <= nowMs);
    return due.sort((a, b) => a.dueMs - b.dueMs).slice(0, max);
  }

  nextTimerMs(): number | undefined {
    if (this.#areTimersKnown) return this.#nextTimerMs;
    let next: number | undefined;
    for (const { dueMs } of this.#timers()) {
      if (next === undefined || dueMs < next) next = dueMs;
    }
    this.#nextTimerMs = next;
    this.#areTimersKnown = true;
    return next;
  }

  load(warehouse: Warehouse): void {
    for (const [name, rows] of this.#tables) {
      const table = warehouse.tables[name] as Table<string, unknown>;
      for (const row of rows.values()) table.load(row);
    }
  }

  reasons(subject: string, max: number): readonly ReasonRow[] {
    const found = this.#reasons.filter((row) => row.subject === subject);
    return found.slice(-max).reverse();
  }

  commit(commit: Commit): void {
    for (const cause of commit.causes) remember(this.#causes, cause, causesMax);
    for (const row of commit.answered) {
      const key = JSON.stringify([row.host, row.id]);
      this.#answers.set(key, row);
      if (this.#answers.size > answersMax) this.#answers.delete(first(this.#answers.keys()));
    }
    for (const movement of commit.movements) {
      invariant(movement.no === this.#lastMovement + 1, 'movements have no gaps');
      this.#lastMovement = movement.no;
      const { no, atMs, cause, loadUnit, from, to, by, order = null } = movement;
      this.#hash.update(JSON.stringify([no, atMs, cause, loadUnit, from, to, by, order]));
    }
    this.#reasons.push(...commit.reasons);
    if (this.#reasons.length > 2 * reasonsMax) this.#reasons = this.#reasons.slice(-reasonsMax);
    for (const [name, changes] of Object.entries(commit.rows)) {
      if (changes.length > 0) this.#change(name as TableName, changes);
    }
    this.#events.push(...commit.events);
    this.onCommit(commit);
    if (commit.events.length > 0) this.#appended();
  }

  #change(name: TableName, changes: readonly (readonly [string, unknown])[]): void {
    const rows = this.#rowsOf(name);
    for (const [key, row] of changes) {
      if (row === undefined) rows.delete(key);
      else rows.set(key, row);
    }
    if (name === 'timer') this.#areTimersKnown = false;
    if (name === 'host') this.#forgetAcknowledged();
  }

  #forgetAcknowledged(): void {
    const marks = [...this.#rowsOf('host').values()] as HostBook[];
    this.#forgetThrough(Math.min(...marks.map(({ ackThrough }) => ackThrough)));
  }

  #timers(): Timer[] {
    return [...this.#rowsOf('timer').values()] as Timer[];
  }

  #rowsOf(name: TableName): Map<string, unknown> {
    const known = this.#tables.get(name);
    if (known !== undefined) return known;
    const rows = new Map<string, unknown>();
    this.#tables.set(name, rows);
    return rows;
  }

  firstSequence(): number {
    return this.#firstSequence;
  }

  lastSequence(): number {
    return this.#firstSequence + this.#events.length - 1;
  }

  read(from: number, max: number): readonly OutboxEvent[] {
    const at = Math.max(0, from - this.#firstSequence);
    return this.#events.slice(at, at + max);
  }

  /** Nobody will ask for these events any more. */
  #forgetThrough(sequence: number): void {
    const gone = Math.max(0, sequence - this.#firstSequence + 1);
    this.#events = this.#events.slice(gone);
    this.#firstSequence += gone;
  }

  ackThrough(host: HostId): number {
    return this.#hostBook(host)?.ackThrough ?? 0;
  }

  ahead(host: HostId): HostAhead | undefined {
    return this.#hostBook(host)?.ahead;
  }

  #hostBook(host: HostId): HostBook | undefined {
    return this.#rowsOf('host').get(host) as HostBook | undefined;
  }

  onAppended(listener: () => void): void {
    this.#appended = listener;
  }
}

function remember(known: Set<string>, key: string, max: number): void {
  known.add(key);
  if (known.size > max) known.delete(first(known.values()));
}

function first(keys: Iterator<string>): string {
  const { value } = keys.next();
  invariant(typeof value === 'string', 'there is a first one of many');
  return value;
}
