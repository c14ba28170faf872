import type { Timer } from '../../src/domain/books.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { Commit } from '../../src/ports/store.ts';
import type { Controller } from './controller.ts';
import { failInside } from './faults-store.ts';

/** Thrown out of a process that is no more. */
export class Dead extends Error {}

/** The ledger of a process that may die around a commit, or be told that one failed. */
export class WitnessedLedger extends Ledger {
  process: Controller | undefined;

  override timersDue(nowMs: number, max: number): readonly Timer[] {
    const due = super.timersDue(nowMs, max);
    for (const timer of due) this.process?.surroundings.overdue(this.process, timer);
    return due;
  }

  override commit(commit: Commit): void {
    const { process } = this;
    if (process === undefined) return super.commit(commit);
    const { edge, committed, db } = process.surroundings;
    process.check();
    edge(process, false);
    const failure = process.nextCommitFails;
    process.nextCommitFails = undefined;
    try {
      process.check();
      if (failure === 'before') failInside(db, commit, () => super.commit(commit));
      // SQLite has waited for the other one as long as it does.
      if (failure === 'locked') throw new Error('database is locked');
      super.commit(commit);
    } catch (error) {
      if (!(error instanceof Dead)) committed(process, commit, 'failed');
      throw error;
    }
    edge(process, true);
    const isUnknown = failure === 'after' || !process.isAlive;
    committed(process, commit, isUnknown ? 'unknown' : 'done');
    process.check();
    if (failure === 'after') throw new Error('disk I/O error');
  }
}
