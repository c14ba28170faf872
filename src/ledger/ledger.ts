import type { DatabaseSync } from 'node:sqlite';
import type { HostAhead, HostBook, LoadUnit, Timer } from '../domain/books.ts';
import { FencedError, LedgerConflictError } from '../domain/errors.ts';
import type { HostId } from '../domain/ids.ts';
import type { Table } from '../domain/table.ts';
import type { Topology } from '../domain/topology.ts';
import type { TableName, Warehouse } from '../domain/warehouse.ts';
import { eventEpoch, type Outbox, type OutboxEvent } from '../ports/outbox.ts';
import type { AnsweredCommand, Commit, ReasonRow, Store } from '../ports/store.ts';
import { compare, Fold } from './fold.ts';
import { MovementLog } from './movements.ts';
import { asDamage, inTransaction, whyUnwritable } from './open-ledger.ts';
import { type TableStore, tableNames, tableStore } from './tables.ts';

/** Some hundred kilobytes of log: few enough to be brought into the file before it grows much. */
const commitsPerCheckpoint = 32;

/** The durable books: one SQLite file, one writer. */
export class Ledger implements Store, Outbox {
  readonly epoch: number;
  readonly nonce: number;
  readonly eventEpoch = eventEpoch;
  readonly epochBase = 0;
  readonly claims: ReadonlyMap<number, number>;
  readonly #db: DatabaseSync;
  readonly #movements: MovementLog;
  readonly #fold: Fold;
  readonly #tables: readonly { table: TableName; store: TableStore<unknown> }[];
  readonly #sql: ReturnType<typeof statements>;
  #lastSequence: number;
  /** Events of the last commit that had any: whoever sends asks for them at once. */
  #newest: readonly OutboxEvent[] = [];
  #appended: () => void = () => {};
  #checkpointDue: () => void = () => {};
  #commits = 0;
  /** When the first timer is due, infinity: there is none; undefined: it was not looked up since one was written. */
  #firstDueMs: number | undefined;
  /** As read since one was written last: whoever sends asks for the marks all the time. */
  readonly #hostBooks = new Map<HostId, HostBook | undefined>();

  /**
   * Raises the epoch: from here on, an older controller on the same file is fenced out.
   *
   * @param db     from `openLedger`
   * @param nonce  random
   * @throws {LedgerDamagedError} when it lacks what every ledger has
   */
  constructor(
    db: DatabaseSync,
    topology: Topology,
    { nonce, nowMs }: { nonce: number; nowMs: number },
  ) {
    this.#db = db;
    this.nonce = nonce;
    try {
      this.#sql = statements(db);
      this.epoch = inTransaction(db, () => {
        const epoch = Number(this.#sql.highest.get()?.['epoch'] ?? 0) + 1;
        this.#sql.claim.run(epoch, nonce, nowMs);
        return epoch;
      });
      this.claims = new Map(
        this.#sql.claims.all().map((row) => [Number(row['epoch']), Number(row['nonce'])]),
      );
      this.#movements = new MovementLog(db);
      this.#fold = new Fold(db);
      this.#tables = tableNames.map((table) => ({ table, store: tableStore(db, table, topology) }));
      this.#lastSequence = Number(this.#sql.lastSequence.get()?.['sequence'] ?? 0);
    } catch (error) {
      throw asDamage(error);
    }
  }

  lastMovement(): number {
    return this.#movements.lastNo;
  }

  lastMs(): number | undefined {
    const atMs = this.#sql.lastReason.get()?.['at_ms'];
    return atMs === undefined ? undefined : Number(atMs);
  }

  hasCause(cause: string): boolean {
    return this.#sql.heard.get(cause) !== undefined;
  }

  answered(host: string, id: string): AnsweredCommand | undefined {
    const row = this.#sql.answered.get(host, id);
    if (row === undefined) return undefined;
    const [content, reply, atMs] = [row['content'], row['reply'], row['at_ms']];
    return {
      host,
      id,
      content: String(content),
      reply: JSON.parse(String(reply)),
      atMs: Number(atMs),
    };
  }

  timersDue(nowMs: number, max: number): readonly Timer[] {
    // Most decisions come long before anything is due.
    if (nowMs < (this.nextTimerMs() ?? Number.POSITIVE_INFINITY)) return [];
    // Whoever has fenced this controller out may have taken it back.
    this.#firstDueMs = undefined;
    return this.#sql.due.all(nowMs, max).map(({ body }) => JSON.parse(String(body)));
  }

  nextTimerMs(): number | undefined {
    this.#firstDueMs ??= Number(this.#sql.nextDue.get()?.['due_ms'] ?? Number.POSITIVE_INFINITY);
    return Number.isFinite(this.#firstDueMs) ? this.#firstDueMs : undefined;
  }

  reasons(subject: string, max: number): readonly ReasonRow[] {
    return this.#sql.reasons.all(subject, max) as unknown as ReasonRow[];
  }

  /** @throws {LedgerDamagedError} when a row cannot be read, or the history and the present do not agree */
  load(warehouse: Warehouse): void {
    try {
      for (const { table, store } of this.#tables) {
        const rows = table === 'loadUnit' ? inOrderOfArrival(store.rows()) : store.rows();
        const target = warehouse.tables[table] as Table<string, unknown>;
        for (const row of rows) target.load(row);
      }
      this.#audit(warehouse);
    } catch (error) {
      throw asDamage(error);
    }
  }

  commit(commit: Commit): void {
    try {
      inTransaction(this.#db, () => this.#write(commit));
    } catch (error) {
      this.#movements.rewind();
      this.#fold.rewind();
      throw asConflict(error);
    }
    if (commit.rows.timer.length > 0) this.#firstDueMs = undefined;
    if (commit.rows.host.length > 0) this.#hostBooks.clear();
    this.#commits++;
    if (this.#commits % commitsPerCheckpoint === 0) this.#checkpointDue();
    const last = commit.events.at(-1);
    if (last === undefined) return;
    this.#lastSequence = last.sequence;
    this.#newest = commit.events;
    this.#appended();
  }

  #write({ atMs, causes, movements, events, reasons, answered, rows }: Commit): void {
    const sql = this.#sql;
    if (Number(sql.epoch.get()?.['epoch']) !== this.epoch) {
      throw new FencedError('Another controller has opened this ledger');
    }
    for (const cause of causes) sql.take.run(cause, atMs);
    for (const movement of movements) this.#movements.append(movement);
    this.#fold.follow(this.#movements.lastNo);
    for (const { sequence, epoch, name, atMs: at, subject, data } of events) {
      sql.owe.run(sequence, epoch, name, at, subject, JSON.stringify(data));
    }
    for (const { subject, atMs: at, text } of reasons) sql.explain.run(subject, at, text);
    for (const { host, id, content, reply, atMs: at } of answered) {
      sql.answer.run(host, id, content, JSON.stringify(reply), at);
    }
    // A load unit may take the cell that another one leaves in the same group, a mission the crane.
    if (rows.loadUnit.length > 1) for (const [loadUnit] of rows.loadUnit) sql.vacate.run(loadUnit);
    if (rows.mission.length > 1) for (const [mission] of rows.mission) sql.unmove.run(mission);
    for (const { table, store } of this.#tables) {
      for (const [key, row] of rows[table]) store.write(key, row);
    }
  }

  /** What follows from the history is where each load unit is. */
  #audit({ tables }: Warehouse): void {
    const lastNo = this.#movements.lastNo;
    const places = this.#fold.places(lastNo);
    compare(
      places,
      Array.from(tables.loadUnit.values(), ({ loadUnit, place }) => [loadUnit, place]),
    );
    this.#fold.keep(places, lastNo);
  }

  /** The history was found damaged: no start may pass over it any more. */
  distrust(): void {
    this.#fold.drop();
  }

  firstSequence(): number {
    return 1;
  }

  lastSequence(): number {
    return this.#lastSequence;
  }

  read(from: number, max: number): readonly OutboxEvent[] {
    const [oldest] = this.#newest;
    if (oldest !== undefined && from >= oldest.sequence) {
      return this.#newest.slice(from - oldest.sequence, from - oldest.sequence + max);
    }
    return this.#sql.events.all(from, max).map((row) => ({
      sequence: Number(row['sequence']),
      epoch: Number(row['epoch']),
      name: row['name'] as OutboxEvent['name'],
      atMs: Number(row['at_ms']),
      subject: String(row['subject']),
      data: JSON.parse(String(row['data'])),
    }));
  }

  ackThrough(host: HostId): number {
    return this.#hostBook(host)?.ackThrough ?? 0;
  }

  ahead(host: HostId): HostAhead | undefined {
    return this.#hostBook(host)?.ahead;
  }

  #hostBook(host: HostId): HostBook | undefined {
    if (!this.#hostBooks.has(host)) {
      const body = this.#sql.host.get(host)?.['body'];
      this.#hostBooks.set(host, body === undefined ? undefined : JSON.parse(String(body)));
    }
    return this.#hostBooks.get(host);
  }

  onAppended(listener: () => void): void {
    this.#appended = listener;
  }

  /** Names the one who brings the write-ahead log into the file. */
  onCheckpointDue(listener: () => void): void {
    this.#checkpointDue = listener;
  }

  /** Leaves one tidy file behind; on a disk that cannot be written two, which the next start reads as well. */
  close(): void {
    try {
      this.#db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch (error) {
      if (whyUnwritable(error) === undefined) throw error;
    } finally {
      this.#db.close();
    }
  }
}

function inOrderOfArrival(rows: Iterable<unknown>): LoadUnit[] {
  return ([...rows] as LoadUnit[]).sort((a, b) => a.movedNo - b.movedNo);
}

/** Primary result code of SQLite: 19 = a constraint said no. */
const constraint = 19;

function asConflict(error: unknown): unknown {
  const { errcode, message } = error as { errcode?: number; message?: string };
  if (errcode === undefined || (errcode & 0xff) !== constraint) return error;
  return new LedgerConflictError(`The books do not allow it: ${message}`, { cause: error });
}

function statements(db: DatabaseSync) {
  return {
    epoch: db.prepare('SELECT max(epoch) AS epoch FROM claim'),
    // Also above the claims of others that a person has set aside.
    highest: db.prepare(
      'SELECT max(epoch) AS epoch FROM (SELECT epoch FROM claim UNION ALL SELECT epoch FROM take_over)',
    ),
    claim: db.prepare('INSERT INTO claim VALUES (?, ?, ?)'),
    claims: db.prepare('SELECT epoch, nonce FROM claim'),
    heard: db.prepare('SELECT 1 FROM inbox WHERE cause = ?'),
    take: db.prepare('INSERT INTO inbox VALUES (?, ?)'),
    answered: db.prepare('SELECT content, reply, at_ms FROM answered WHERE host = ? AND id = ?'),
    answer: db.prepare('INSERT INTO answered VALUES (?, ?, ?, ?, ?)'),
    due: db.prepare('SELECT body FROM timer WHERE due_ms <= ? ORDER BY due_ms LIMIT ?'),
    nextDue: db.prepare('SELECT due_ms FROM timer ORDER BY due_ms LIMIT 1'),
    explain: db.prepare('INSERT INTO reason (subject, at_ms, text) VALUES (?, ?, ?)'),
    reasons: db.prepare(
      'SELECT subject, at_ms AS atMs, text FROM reason WHERE subject = ? ORDER BY no DESC LIMIT ?',
    ),
    // By its number: a clock that was put back has left higher times behind it, and a reason for each time.
    lastReason: db.prepare('SELECT at_ms FROM reason ORDER BY no DESC LIMIT 1'),
    owe: db.prepare('INSERT INTO outbox VALUES (?, ?, ?, ?, ?, ?)'),
    events: db.prepare('SELECT * FROM outbox WHERE sequence >= ? ORDER BY sequence LIMIT ?'),
    lastSequence: db.prepare('SELECT max(sequence) AS sequence FROM outbox'),
    host: db.prepare('SELECT body FROM host WHERE host = ?'),
    vacate: db.prepare('UPDATE load_unit SET cell = NULL WHERE load_unit = ?'),
    unmove: db.prepare('UPDATE mission SET moving = NULL WHERE mission = ?'),
  };
}
