import type { DatabaseSync } from 'node:sqlite';
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
