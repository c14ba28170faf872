import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { ConfigError, invariant, LedgerDamagedError } from '../domain/errors.ts';
import { commitsBehindDamage } from './log-check.ts';

/** Each one takes the file from one version to the next. They are added, never edited. */
const steps = [
  ...['schema.sql', 'device-mode.sql', 'fold.sql', 'stations.sql', 'signals.sql'],
  ...['label-wish.sql', 'part-lock.sql', 'take-over.sql'],
];
const migrations: readonly string[] = steps.map((name) =>
  readFileSync(new URL(name, import.meta.url), 'utf8'),
);

/** Pages of 4 KiB in the write-ahead log from which on a commit itself brings them into the file. */
const logPagesMax = 16_384;

/**
 * So long a commit waits for another program that writes, such as one that copies the file. Everything waits with
 * it, and goes on: a commit that is decided is right whoever has written before, or its epoch refuses it.
 */
const busyLimitMs = 10_000;

/**
 * Opens the ledger file, or makes it, and brings it to the present version.
 *
 * @param file  path, or ':memory:'
 * @throws {ConfigError} when it cannot be written, or a newer Craneway has written it
 * @throws {LedgerDamagedError} when it is not what was written
 */
export function openLedger(file: string): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    checkLog(file);
    db = new DatabaseSync(file, { timeout: busyLimitMs });
    prepare(db, file);
    migrate(db, file);
    // What a torn commit has left in the log must not stand behind the next one.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return db;
  } catch (error) {
    db?.close();
    const advice = whyUnwritable(error);
    if (advice !== undefined) {
      const problem = `cannot be written (${(error as Error).message}): ${advice}`;
      throw new ConfigError(file, [problem], { cause: error });
    }
    throw asDamage(error);
  }
}

/** What was under way when the power was cut was one commit; see `commitsBehindDamage`. */
const tornCommitsMax = 1;

/** @throws {LedgerDamagedError} when acknowledged commits stand behind damage */
export function checkLog(file: string): void {
  const commits = commitsBehindDamage(file);
  if (commits <= tornCommitsMax) return;
  throw new LedgerDamagedError('The ledger file is damaged', {
    context: { file, found: `the write-ahead log breaks off before ${commits} commits` },
  });
}

function prepare(db: DatabaseSync, file: string): void {
  // Older ones can corrupt a WAL file that two connections write at once.
  invariant(sqliteVersion(db) >= 3_051_003, 'SQLite must be 3.51.3 or newer');
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON');
  // Without it INSERT OR REPLACE deletes rows past the append-only triggers.
  db.exec('PRAGMA recursive_triggers = ON; PRAGMA trusted_schema = OFF');
  db.exec(`PRAGMA cell_size_check = ON; PRAGMA wal_autocheckpoint = ${logPagesMax}`);
  // Read back, at every open: with NORMAL, a power cut takes acknowledged rows.
  invariant(Number(pragma(db, 'synchronous')) === 2, 'synchronous must be FULL');
  const mode = pragma(db, 'journal_mode');
  invariant(mode === 'wal' || file === ':memory:', 'the journal mode must be WAL');
  for (const table of hasFold(db) ? presentTables(db) : [undefined]) {
    const found = damageOf(db, table);
    if (found === undefined) continue;
    throw new LedgerDamagedError('The ledger file is damaged', { context: { file, found } });
  }
}

/** Tables that only grow. Once a start has read them as a whole, the audit does, beside the work. */
export const historyTables = ['movement', 'outbox', 'inbox', 'answered', 'reason'] as const;

/**
 * What SQLite finds wrong in the pages of a table and of its indexes, or of the whole file.
 *
 * @returns undefined when they are sound
 */
export function damageOf(db: DatabaseSync, table?: string): string | undefined {
  const found = pragma(db, table === undefined ? 'quick_check' : `quick_check('${table}')`);
  return found === 'ok' ? undefined : String(found);
}

/** A start has read the whole history, and nobody has found damage in it since. */
function hasFold(db: DatabaseSync): boolean {
  const known = db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'fold_end'").get();
  return known !== undefined && db.prepare('SELECT 1 FROM fold_end').get() !== undefined;
}

function presentTables(db: DatabaseSync): string[] {
  return db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !historyTables.some((table) => table === name));
}

/** Primary result codes of SQLite: 11 = the file is corrupt, 26 = it is no database, 1 = it lacks what every ledger has. */
const damages: readonly number[] = [11, 26, 1];

/** What was met while a ledger was read, as what it means: a row that is no JSON any more was written as JSON. */
export function asDamage(error: unknown): unknown {
  const { errcode = 0 } = error as { errcode?: number };
  const isDamage = damages.includes(errcode & 0xff) || error instanceof SyntaxError;
  if (!isDamage) return error;
  return new LedgerDamagedError('The ledger file is damaged', {
    context: { found: String(error) },
    cause: error,
  });
}

/** What to do when SQLite cannot write, by its primary result code. */
const unwritable: Readonly<Record<number, string>> = {
  // SQLITE_BUSY, SQLITE_READONLY, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN
  5: 'end the program that holds it',
  8: 'give it to the user of Craneway',
  10: 'look at the disk, which answers with errors',
  13: 'free space',
  14: 'give it to the user of Craneway',
};

/** @returns what to do; undefined where it is not that which is wrong */
export function whyUnwritable(error: unknown): string | undefined {
  const { errcode } = error as { errcode?: number };
  return errcode === undefined ? undefined : unwritable[errcode & 0xff];
}

/** Runs `work` as one transaction: all of it is written, or nothing. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    db.exec('COMMIT');
    return result;
  } catch (error) {
    // A full disk has rolled it back already.
    if (db.isTransaction) db.exec('ROLLBACK');
    throw error;
  }
}

/**
 * @returns the version of its tables, from 1; 0: it has none yet
 * @throws {ConfigError} when a newer Craneway has written it
 */
export function readVersion(db: DatabaseSync, file: string): number {
  const version = Number(pragma(db, 'user_version'));
  const known = migrations.length;
  if (version <= known) return version;
  const advice = 'start the Craneway that has written it, or a later one';
  throw new ConfigError(file, [`is newer than this program (${version}, not ${known}): ${advice}`]);
}

function migrate(db: DatabaseSync, file: string): void {
  const from = readVersion(db, file);
  const known = migrations.length;
  if (from === known) return;
  inTransaction(db, () => {
    for (const step of migrations.slice(from)) db.exec(step);
    db.exec(`PRAGMA user_version = ${known}`);
  });
}

function pragma(db: DatabaseSync, name: string): unknown {
  return Object.values(db.prepare(`PRAGMA ${name}`).get() ?? {})[0];
}

/** 3.51.3 as 3051003. */
function sqliteVersion(db: DatabaseSync): number {
  const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { version: string };
  return version.split('.').reduce((sum, part) => sum * 1000 + Number(part), 0);
}
