import { setPriority } from 'node:os';
import { DatabaseSync } from 'node:sqlite';
import { LedgerDamagedError } from '../domain/errors.ts';
import { auditLedger } from './audit.ts';

// A process of its own, and not a thread: it can be ended at any moment, and it gives way to the work.
setPriority(19);
const db = new DatabaseSync(String(process.argv[2]), { readOnly: true, timeout: 2_000 });
db.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON');
try {
  console.log(JSON.stringify({ movements: auditLedger(db) }));
} catch (error) {
  if (!(error instanceof LedgerDamagedError)) throw error;
  console.log(JSON.stringify({ damage: error.message, context: error.context }));
}
