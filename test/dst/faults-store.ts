import type { DatabaseSync } from 'node:sqlite';
import { invariant, LedgerConflictError } from '../../src/domain/errors.ts';
import type { Commit } from '../../src/ports/store.ts';
import type { Deed } from './faults-upline.ts';

/** As many as SQLite can count. */
const pagesMax = 4_294_967_294;
/** So long SQLite waits for another one that writes; the process does nothing else meanwhile. */
const busyLimitMs = 2_000;

/** What goes wrong with the disk under the ledger. */
export const storeDeeds: Readonly<Record<string, Deed>> = {
  'store.fails': ({ controller }, { isAfter }) => {
    if (controller !== undefined) controller.nextCommitFails = isAfter === 1 ? 'after' : 'before';
  },
  /** Another program writes into the ledger: a backup, or a tool. */
  'store.busy': ({ controller }, { forMs = 0 }) => {
    if (controller === undefined) return;
    controller.loop.stall(Math.min(forMs, busyLimitMs));
    if (forMs > busyLimitMs) controller.nextCommitFails = 'locked';
  },
  /** Nothing more fits onto the disk: what SQLite itself says and undoes then. */
  'store.full': ({ db, kernel }, { forMs = 0, pages = 0 }) => {
    limit(db, pages);
    kernel.after(forMs, () => makeRoom(db));
  },
};

function limit(db: DatabaseSync, pages: number): void {
  const used = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
  db.exec(`PRAGMA max_page_count = ${used + pages}`);
}

export const makeRoom = (db: DatabaseSync): void => db.exec(`PRAGMA max_page_count = ${pagesMax}`);

/** The last tables that a commit writes, where it has rows for them. */
const lastWritten = ({ rows, events, causes }: Commit): string | undefined =>
  (
    [
      ['load_unit', rows.loadUnit.some(([, row]) => row !== undefined)],
      ['mission', rows.mission.some(([, row]) => row !== undefined)],
      ['timer', rows.timer.some(([, row]) => row !== undefined)],
      ['outbox', events.length > 0],
      ['inbox', causes.length > 0],
    ] as const
  ).find(([, isWritten]) => isWritten)?.[0];

/** The disk fails in the midst of a commit, at one of its last rows, and SQLite takes back what was written before. */
export function failInside(db: DatabaseSync, commit: Commit, write: () => void): never {
  const full = 'database or disk is full';
  const table = lastWritten(commit);
  if (table === undefined) throw new Error(full);
  db.exec(
    `CREATE TEMP TRIGGER full_disk BEFORE INSERT ON ${table} BEGIN SELECT RAISE(ABORT, '${full}'); END`,
  );
  try {
    write();
  } catch (error) {
    throw error instanceof LedgerConflictError ? new Error(full, { cause: error }) : error;
  } finally {
    db.exec('DROP TRIGGER IF EXISTS full_disk');
  }
  invariant(false, `a commit with rows for ${table} fails there`);
}
