import type { CommitSeen, Evidence, OverdueSeen, StartSeen } from '../evidence.ts';
import { invariantOf } from './invariant.ts';

/** The same run on another wall clock is there for one run in some; that nothing is early is judged of each. */
export const wallClockIsALabel = invariantOf(
  'I22',
  'Another wall clock leads to the same decisions, and no deadline is over before its time',
  ['commits'],
  ({ commits, perturbed, overdue = [], starts = [] }) => [
    ...(perturbed ? differing(commits, perturbed) : []),
    ...early([...starts, ...commits], overdue),
  ],
);

function differing(commits: readonly CommitSeen[], perturbed: readonly CommitSeen[]): string[] {
  const [left, right] = [decisionsOf(commits), decisionsOf(perturbed)];
  const at = left.findIndex((decision, i) => decision !== right[i]);
  if (at < 0 && left.length === right.length) return [];
  const place = at < 0 ? left.length : at;
  return [`decision ${place + 1} is ${left[place]}, and ${right[place]} on another wall clock`];
}

/** What moves, in order, without any time. */
const decisionsOf = (commits: NonNullable<Evidence['commits']>): string[] =>
  commits
    .filter(({ outcome }) => outcome !== 'failed')
    .flatMap(({ commit }) => [
      ...commit.movements.map(({ loadUnit, from, to }) => `${loadUnit} from ${from} to ${to}`),
      ...commit.rows.mission.map(([key, row]) => `${key} ${row?.state} ${row?.verdict ?? ''}`),
      ...commit.rows.order.map(([key, row]) => `${key} ${row?.status}`),
    ]);

/** A wall clock is read in whole milliseconds. */
const roundingMs = 2;
/** From setting a deadline to its end there are several such readings. */
const roundedMaxMs = 3 * roundingMs;
/** A clock that is put right by less than this is followed. */
const followedMaxMs = 2_000;

/** Both clocks of a process at one moment. */
type Reading = Pick<OverdueSeen, 'generation' | 'atMs' | 'wallMs'>;

interface Deadline {
  readonly dueMs: number;
  /** Monotonic time at which it is over, and what the wall clock may have gained by then. */
  readonly overAtMs: number;
}

function early(
  noted: readonly (StartSeen | CommitSeen)[],
  overdue: readonly OverdueSeen[],
): string[] {
  const waits = new Waits();
  const before = noted.toSorted((a, b) => a.step - b.step);
  let next = 0;
  return overdue.flatMap((seen) => {
    for (let one = before[next]; one && one.step < seen.step; one = before[++next]) {
      if (!('commit' in one)) waits.start(one);
      else if (one.outcome !== 'failed') waits.follow(one);
    }
    const leftMs = waits.leftMs(seen);
    if (leftMs <= roundedMaxMs) return [];
    return [`${seen.workflow}#${seen.timer} was over ${leftMs} ms before its time`];
  });
}

/**
 * A deadline is kept by the wall clock, and means a time to wait. What the clock jumps by while a controller runs is
 * noticed and moves it; only what it was put forward by while none ran, or by little, nobody can tell from a pause.
 * A controller that has died before it could commit that it noticed was none. What a start moves deadlines by is no
 * excuse: it knows by how much at least the clock was put back, and never moves one by more than that.
 */
class Waits {
  readonly #deadlines = new Map<string, Deadline>();
  #gainedMs = 0;
  #before: Reading | undefined;

  /** From here on there is somebody who notices: what the clock had gained by now is all that nobody could. */
  start(now: Reading): void {
    this.#gainedMs += gainOf(now, this.#before, 0);
    this.#before = now;
  }

  follow(seen: CommitSeen): void {
    const isMove = movesDeadlines(seen);
    const { generation, atMs, commit } = seen;
    const now = { generation, atMs, wallMs: commit.atMs };
    this.#gainedMs += gainOf(now, this.#before, isMove ? movedBy(seen, this.#deadlines) : 0);
    this.#before = now;
    for (const [key, row] of commit.rows.timer) {
      const known = isMove ? this.#deadlines.get(key) : undefined;
      if (row === undefined) this.#deadlines.delete(key);
      else {
        const overAtMs = known?.overAtMs ?? atMs + this.#gainedMs + row.dueMs - commit.atMs;
        this.#deadlines.set(key, { dueMs: row.dueMs, overAtMs });
      }
    }
  }

  /** @returns what it had still to wait, milliseconds; 0 or less: it was over, or was never set like this */
  leftMs(seen: OverdueSeen): number {
    const { workflow, timer, dueMs, atMs } = seen;
    const deadline = this.#deadlines.get(`${workflow}#${timer}`);
    if (deadline?.dueMs !== dueMs) return 0;
    // A process may give one out before it commits anything, and follows less than a jump without a commit.
    const gainedMs = this.#gainedMs + gainOf(seen, this.#before, 0);
    return Math.round(deadline.overAtMs - atMs - gainedMs);
  }
}

/** It says that the clock was put forward or back. */
const movesDeadlines = ({ commit }: CommitSeen): boolean =>
  commit.causes.length === 0 && commit.reasons.some(({ subject }) => subject === 'clock');

function movedBy({ commit }: CommitSeen, deadlines: ReadonlyMap<string, Deadline>): number {
  for (const [key, row] of commit.rows.timer) {
    const known = deadlines.get(key);
    if (known && row) return row.dueMs - known.dueMs;
  }
  return 0;
}

/** By how much the wall clock has gained since the reading before without anybody who could notice. */
function gainOf(now: Reading, before: Reading | undefined, movedMs: number): number {
  if (before === undefined) return 0;
  const gainMs = now.wallMs - now.atMs - (before.wallMs - before.atMs) - movedMs;
  const isNoticeable = now.generation === before.generation && gainMs >= followedMaxMs;
  return isNoticeable || gainMs <= roundingMs ? 0 : gainMs;
}
