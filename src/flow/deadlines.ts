import type { Timer } from '../domain/books.ts';
import { timerKey } from '../domain/warehouse.ts';
import type { Clock } from '../ports/clock.ts';
import type { Commit } from '../ports/store.ts';
import type { Work } from './work.ts';

/** A wall clock that is put right by less is followed: no deadline is that sharp. */
const jumpMinMs = 2_000;

/**
 * Watches the wall clock, by which deadlines are kept on disk, against the time that has really passed. What it jumps by
 * is no time in which anything could have happened.
 */
export class ClockWatch {
  readonly #clock: Pick<Clock, 'nowMs' | 'monotonicMs'>;
  #offsetMs: number;

  constructor(clock: Pick<Clock, 'nowMs' | 'monotonicMs'>) {
    this.#clock = clock;
    this.#offsetMs = this.#offset();
  }

  /** @returns milliseconds by which it was put forward (or back, < 0) since the last call; 0 for less than 2 s */
  takeJumpMs(): number {
    const before = this.#offsetMs;
    this.#offsetMs = this.#offset();
    const jumpMs = Math.round(this.#offsetMs - before);
    return Math.abs(jumpMs) < jumpMinMs ? 0 : jumpMs;
  }

  #offset(): number {
    return this.#clock.nowMs() - this.#clock.monotonicMs();
  }
}

/** Whatever waits goes on waiting as long as it was to: no burst of deadlines, and none that never comes. */
export function moveDeadlines(work: Work, jumpMs: number): Commit {
  const { timer } = work.warehouse.tables;
  const timers = [...timer.values()];
  for (const row of timers) timer.put({ ...row, dueMs: row.dueMs + jumpMs });
  const way = jumpMs > 0 ? 'forward' : 'back';
  const s = Math.round(Math.abs(jumpMs) / 1000);
  work.explain(
    `The clock of this computer was put ${way} by ${s} s; ${timers.length} deadlines went with it.`,
    'clock',
  );
  return work.commit();
}

/** @returns false when an earlier cause of the same group has ended or renewed it */
export function takeTimer({ warehouse }: Work, { workflow, timer, dueMs }: Timer): boolean {
  const key = timerKey(workflow, timer);
  if (warehouse.tables.timer.get(key)?.dueMs !== dueMs) return false;
  warehouse.tables.timer.remove(key);
  return true;
}
