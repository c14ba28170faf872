import type { DatabaseSync } from 'node:sqlite';
import { LedgerDamagedError } from '../domain/errors.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { compare } from './fold.ts';
import { readMovements } from './movements.ts';
import { asDamage, damageOf, historyTables } from './open-ledger.ts';

/** Movements that are read at once: what a reader holds for longer keeps the log from being emptied. */
const movementsPerSlice = 20_000;

/**
 * Reads all that a start does not: the pages of the history, the chain of all movements from the
 * first one on, whether the stock follows from them, and whether an event is missing. Writes nothing, and may run beside the
 * controller that does.
 *
 * @returns how many movements there are
 * @throws {LedgerDamagedError} at the first thing that is not what was written
 */
export function auditLedger(db: DatabaseSync): number {
  try {
    for (const table of historyTables) {
      const found = damageOf(db, table);
      if (found !== undefined) throw damaged({ table, found });
    }
    auditOutbox(db);
    return auditMovements(db);
  } catch (error) {
    throw asDamage(error);
  }
}

/** An event that is gone would never reach a host, and every one behind it would wait for it. */
function auditOutbox(db: DatabaseSync): void {
  const gap = db
    .prepare(
      `SELECT sequence FROM outbox AS event WHERE sequence > 1
       AND NOT EXISTS (SELECT 1 FROM outbox WHERE sequence = event.sequence - 1) LIMIT 1`,
    )
    .get();
  if (gap === undefined) return;
  throw damaged({ table: 'outbox', found: `event ${Number(gap['sequence']) - 1} is missing` });
}

function auditMovements(db: DatabaseSync): number {
  const places = new Map<LoadUnitId, LocationId>();
  let last = { no: 0, hash: '' };
  while (true) {
    db.exec('BEGIN');
    try {
      const before = last.no;
      const slice = { from: before + 1, max: movementsPerSlice, previous: last.hash };
      for (const { no, hash, loadUnit, to } of readMovements(db, slice)) {
        places.set(loadUnit, to);
        last = { no, hash };
      }
      if (last.no - before < movementsPerSlice) {
        // One transaction: nothing is appended between the last movement and the look at the stock.
        compare(places, stockOf(db));
        return last.no;
      }
    } finally {
      db.exec('COMMIT');
    }
  }
}

function* stockOf(db: DatabaseSync): Iterable<readonly [LoadUnitId, LocationId]> {
  const rows = db.prepare("SELECT load_unit, body ->> 'place' AS place FROM load_unit").iterate();
  for (const { load_unit, place } of rows) yield [load_unit as LoadUnitId, place as LocationId];
}

const damaged = (context: Record<string, string>): LedgerDamagedError =>
  new LedgerDamagedError('The ledger file is damaged', { context });
