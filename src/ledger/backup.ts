import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { backup, DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { ConfigError, LedgerDamagedError, LimitError } from '../domain/errors.ts';
import { auditLedger } from './audit.ts';
import { asDamage, checkLog, readVersion } from './open-ledger.ts';

/** Pages of 4 KiB that are copied at once: on a disk that both use, a commit waits for no more than that. */
const pagesPerStep = 256;

/** What the write-ahead log may grow by meanwhile: it cannot be emptied while somebody reads what it began with. */
export const logGrowthMaxBytes = 256 * 2 ** 20;

/** How far a ledger goes. */
export interface LedgerEnd {
  /** Number of the last movement; 0: there is none yet. */
  readonly movement: number;
  readonly epoch: number;
}

export interface CopySteps {
  /** Called after each step of one MiB. What it takes is how long the disk rests; what it throws ends the copy. */
  readonly afterStep: () => void;
  readonly logGrowthMaxBytes?: number;
}

/**
 * Copies a ledger page by page, also while its controller writes it. All pages are those of one moment, the
 * first one: without a snapshot SQLite would begin anew after every commit. Writes nothing into the ledger.
 *
 * @param part  an empty file, or none
 * @throws {LimitError} when the log has grown too much meanwhile
 * @throws {LedgerDamagedError} when the ledger cannot be read
 * @throws an error of SQLite when the copy cannot be written
 *
 * Source: https://www.sqlite.org/c3ref/backup_finish.html, "Concurrent Usage of Database Handles".
 */
export async function copyLedger(
  file: string,
  part: string,
  { afterStep, logGrowthMaxBytes: max = logGrowthMaxBytes }: CopySteps,
): Promise<LedgerEnd> {
  checkLogBeside(file);
  const db = openToRead(file);
  try {
    db.exec('BEGIN');
    requireLedger(db, file);
    const end = endOf(db);
    const before = logBytes(file);
    const progress = () => {
      afterStep();
      if (logBytes(file) - before <= max) return;
      throw new LimitError(
        'The write-ahead log has grown too much beside the copy: make it at a quieter time',
        {
          context: { file: `${file}-wal`, grownByBytes: logBytes(file) - before, max },
        },
      );
    };
    await backup(db, part, { rate: pagesPerStep, progress });
    return end;
  } catch (error) {
    throw asDamage(error);
  } finally {
    db.close();
  }
}

/**
 * Reads all of a copy, and compares its history with its present. Leaves no file beside it.
 *
 * @throws {LedgerDamagedError} when it is not sound, or does not end where it should
 */
export function examineCopy(file: string, { movement, epoch }: LedgerEnd): void {
  const url = pathToFileURL(resolve(file));
  // Nobody writes it: so SQLite needs neither locks nor a log of its own beside it.
  url.searchParams.set('immutable', '1');
  const movements = examine(url);
  if (movements.movement === movement && movements.epoch === epoch) return;
  throw new LedgerDamagedError('The copy is not what was copied', {
    context: { ...movements, expectedMovement: movement, expectedEpoch: epoch },
  });
}

/** Reads all of a ledger. @throws {LedgerDamagedError} when it is not sound */
export function examine(file: string | URL): LedgerEnd {
  const db = openToRead(file);
  try {
    const found = Object.values(db.prepare('PRAGMA integrity_check(1)').get() ?? {})[0];
    if (found !== 'ok') {
      throw new LedgerDamagedError('The ledger file is damaged', {
        context: { found: String(found) },
      });
    }
    return { ...endOf(db), movement: auditLedger(db) };
  } catch (error) {
    throw asDamage(error);
  } finally {
    db.close();
  }
}

function openToRead(file: string | URL): DatabaseSync {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 2_000 });
  db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
  return db;
}

/** Twice: a controller that begins its log anew may show the first look half of each. */
function checkLogBeside(file: string): void {
  try {
    checkLog(file);
  } catch {
    checkLog(file);
  }
}

/** @throws {ConfigError} when a newer Craneway has written it, or none yet */
function requireLedger(db: DatabaseSync, file: string): void {
  if (readVersion(db, file) > 0) return;
  throw new ConfigError(file, ['holds nothing yet: start its controller first']);
}

function endOf(db: DatabaseSync): LedgerEnd {
  const row = db
    .prepare('SELECT (SELECT max(no) FROM movement) AS no, (SELECT max(epoch) FROM claim) AS epoch')
    .get();
  return { movement: Number(row?.['no'] ?? 0), epoch: Number(row?.['epoch'] ?? 0) };
}

const logBytes = (file: string): number =>
  statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0;
