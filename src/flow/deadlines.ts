import type { Timer } from '../domain/books.ts';
import { timerKey } from '../domain/warehouse.ts';
import type { Clock } from '../ports/clock.ts';
import type { Commit, Store } from '../ports/store.ts';
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

  /**
   * @param lastMs  the latest that the books know by the same clock: behind it, it was put back while nobody ran, by as
   *   much at least. That it was put forward meanwhile cannot be told from a long pause; absent: the books are new
   */
  constructor(clock: Pick<Clock, 'nowMs' | 'monotonicMs'>, lastMs: number | undefined) {
    this.#clock = clock;
    const behindMs = lastMs === undefined ? 0 : Math.max(0, lastMs - clock.nowMs());
    this.#offsetMs = clock.nowMs() - clock.monotonicMs() + behindMs;
  }

  /**
   * Reads the clock once: a second reading of the same decision could be behind a jump that this one has not seen.
   *
   * @returns what it says, and milliseconds by which it was put forward (or back, < 0) since the last call; 0 for less
   *   than 2 s
   */
  look(): { readonly nowMs: number; readonly jumpMs: number } {
    const nowMs = this.#clock.nowMs();
    const before = this.#offsetMs;
    this.#offsetMs = nowMs - this.#clock.monotonicMs();
    const jumpMs = Math.round(this.#offsetMs - before);
    return { nowMs, jumpMs: Math.abs(jumpMs) < jumpMinMs ? 0 : jumpMs };
  }
}

const timersPerCommitMax = 500;
/** What a device that is there takes to tell what has happened, be it connected or not. */
const listenMs = 1_000;
/** A process that stands still again and again judges all the same, in the end. */
const holdMaxMs = 10_000;

/**
 * What is overdue. A deadline says that something has not come, and a process that has just begun, or has stood
 * still, cannot say so before it has listened for a second: then nothing is overdue yet.
 */
export class Deadlines {
  readonly clockWatch: ClockWatch;
  readonly #store: Pick<Store, 'timersDue' | 'nextTimerMs' | 'lastMs'>;
  readonly #clock: Clock;
  /** Both monotonic. However long a start takes, the listening begins with the first look. */
  #heldSinceMs = 0;
  #heldUntilMs = Number.NEGATIVE_INFINITY;

  constructor(store: Pick<Store, 'timersDue' | 'nextTimerMs' | 'lastMs'>, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.clockWatch = new ClockWatch(clock, store.lastMs());
  }

  /** @returns up to 500, the earliest first */
  due(nowMs: number): readonly Timer[] {
    return this.#holdMs() > 0 ? [] : this.#store.timersDue(nowMs, timersPerCommitMax);
  }

  /** @returns when one will be overdue, by the wall clock; infinity when there is none */
  nextMs(): number {
    const next = this.#store.nextTimerMs() ?? Number.POSITIVE_INFINITY;
    return Math.max(next, this.#clock.nowMs() + this.#holdMs());
  }

  /**
   * @returns 0 to 1 000, whole: added to the wall clock, a part of a millisecond is lost, and the timer for what is
   *   left would be due at once, for ever; never more than 10 s in a row
   */
  #holdMs(): number {
    const nowMs = this.#clock.monotonicMs();
    const never = Number.NEGATIVE_INFINITY;
    const wokeAtMs = this.#heldUntilMs === never ? nowMs : (this.#clock.wokeAtMs?.() ?? never);
    if (wokeAtMs > this.#heldUntilMs) this.#heldSinceMs = wokeAtMs;
    this.#heldUntilMs = Math.max(this.#heldUntilMs, wokeAtMs + listenMs);
    const untilMs = Math.min(this.#heldUntilMs, this.#heldSinceMs + holdMaxMs);
    return Math.max(0, Math.ceil(untilMs - nowMs));
  }
}

/** Whatever waits goes on waiting as long as it was to: no burst of deadlines, and none that never comes. */
export function moveDeadlines(work: Work, jumpMs: number): Commit {
  const { timer, point } = work.warehouse.tables;
  const timers = [...timer.values()];
  for (const row of timers) timer.put({ ...row, dueMs: row.dueMs + jumpMs });
  // Else what was read long ago would pass for fresh.
  for (const { early, lastRead, doubted, ...book } of [...point.values()]) {
    const leftAtMs = lastRead?.leftAtMs;
    if (early === undefined && leftAtMs === undefined && doubted === undefined) continue;
    point.put({
      ...book,
      early: early && { ...early, atMs: early.atMs + jumpMs },
      doubted: doubted && { ...doubted, atMs: doubted.atMs + jumpMs },
      lastRead: lastRead && {
        ...lastRead,
        ...(leftAtMs !== undefined && { leftAtMs: leftAtMs + jumpMs }),
      },
    });
  }
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
