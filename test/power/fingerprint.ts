import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';

/** A start draws a claim; the fold follows the movements in steps of its own and is audited by itself. */
const leftOut = new Set(['claim', 'fold', 'fold_end']);

/** Of every row of a ledger, table by table: two ledgers with the same one say the same. */
export function fingerprintOf(db: DatabaseSync): string {
  const hash = createHash('sha256');
  const tables = db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name")
    .all()
    .map(({ name }) => String(name));
  for (const table of tables) {
    if (leftOut.has(table)) continue;
    hash.update(`\n${table}`);
    // In the order of the primary key, as all of these tables are stored.
    for (const row of db.prepare(`SELECT * FROM ${table}`).iterate()) {
      hash.update(JSON.stringify(Object.values(row)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}
