import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** One event as the host has stored it. */
export interface StoredEvent {
  readonly sequence: number;
  readonly epoch: number;
  readonly name: string;
  /** What it is about, such as `loadUnit/T-1`. */
  readonly data: object;
}

/** A command that has no answer yet. */
export interface OpenCommand {
  readonly id: string;
  readonly name: string;
  readonly payload: string;
}

interface Row {
  readonly sequence: number;
  readonly epoch: number;
  readonly name: string;
  readonly data: string;
}

const schema = `
  CREATE TABLE IF NOT EXISTS event (
    sequence INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, name TEXT NOT NULL, data TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS command (
    number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL, payload TEXT NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS value (name TEXT PRIMARY KEY, number INTEGER NOT NULL) STRICT;
`;

/** What the host must not forget in a power cut: events before their `ack`, commands until their reply. */
export class HostStore {
  readonly #db: DatabaseSync;
  readonly #sql: ReturnType<typeof statements>;

  /** @param folder  where the file lies; in memory when `undefined` */
  constructor(host: string, folder: string | undefined) {
    this.#db = new DatabaseSync(folder === undefined ? ':memory:' : join(folder, `${host}.db`));
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
    this.#db.exec(schema);
    this.#sql = statements(this.#db);
  }

  /** @returns false for one that is there already */
  addEvent({ sequence, epoch, name, data }: StoredEvent): boolean {
    return this.#sql.addEvent.run(sequence, epoch, name, JSON.stringify(data)).changes === 1;
  }

  /** Ascending from `from` on. */
  eventsFrom(from: number, max: number): readonly StoredEvent[] {
    const rows = this.#sql.eventsFrom.all(from, max) as unknown as Row[];
    return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as object }));
  }

  /** Sets aside what a controller with an older memory does not share. */
  dropBeyond(sequence: number): void {
    this.#sql.dropBeyond.run(sequence);
  }

  addCommand({ id, name, payload }: OpenCommand): void {
    this.#sql.addCommand.run(id, name, payload);
  }

  closeCommand(id: string): void {
    this.#sql.closeCommand.run(id);
  }

  /** In the order in which they were made. */
  openCommands(): readonly OpenCommand[] {
    return this.#sql.openCommands.all() as unknown as OpenCommand[];
  }

  number(name: string): number | undefined {
    const row = this.#sql.number.get(name);
    return row === undefined ? undefined : Number(row['number']);
  }

  setNumber(name: string, number: number): void {
    this.#sql.setNumber.run(name, number);
  }

  close(): void {
    this.#db.close();
  }
}

const statements = (db: DatabaseSync) => ({
  addEvent: db.prepare('INSERT OR IGNORE INTO event VALUES (?, ?, ?, ?)'),
  eventsFrom: db.prepare('SELECT * FROM event WHERE sequence >= ? ORDER BY sequence LIMIT ?'),
  dropBeyond: db.prepare('DELETE FROM event WHERE sequence > ?'),
  addCommand: db.prepare('INSERT INTO command (id, name, payload) VALUES (?, ?, ?)'),
  closeCommand: db.prepare('DELETE FROM command WHERE id = ?'),
  openCommands: db.prepare('SELECT id, name, payload FROM command ORDER BY number'),
  number: db.prepare('SELECT number FROM value WHERE name = ?'),
  setNumber: db.prepare('INSERT OR REPLACE INTO value VALUES (?, ?)'),
});
