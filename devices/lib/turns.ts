import type { Clock } from '../../src/ports/clock.ts';

/** Something that waits for its turn. */
export interface Waiting {
  readonly isWrite: boolean;
}

/**
 * Who speaks next on a line that carries one request at a time.
 *
 * Writes go before reads, and the unit that has waited longest since its last turn goes before the
 * others. After as many writes in a row as there are units, a read has its turn, so that nobody who
 * writes all the time keeps the others from being read.
 */
export class Turns<Job extends Waiting> {
  /** By unit, the one served last at the end. */
  readonly #waiting = new Map<number, Job[]>();
  #writesInRow = 0;

  add(unit: number, job: Job): void {
    const jobs = this.#waiting.get(unit);
    if (jobs === undefined) this.#waiting.set(unit, [job]);
    else jobs.push(job);
  }

  /**
   * Takes out the next one.
   *
   * @param mayGo  whether a unit may have a turn of this kind now
   */
  next(mayGo: (unit: number, isWrite: boolean) => boolean = () => true): Job | undefined {
    const isReadsTurn = this.#writesInRow >= this.#waiting.size;
    const order = isReadsTurn ? [false, true] : [true, false];
    for (const isWrite of order) {
      for (const [unit, jobs] of this.#waiting) {
        const at = jobs.findIndex((job) => job.isWrite === isWrite);
        if (at < 0 || !mayGo(unit, isWrite)) continue;
        this.#writesInRow = isWrite ? this.#writesInRow + 1 : 0;
        // Behind all others, whether or not more of its own waits.
        this.#waiting.delete(unit);
        this.#waiting.set(unit, jobs);
        return jobs.splice(at, 1)[0];
      }
    }
    return undefined;
  }

  /** Takes out those of a unit that fit. */
  withdraw(unit: number, fits: (job: Job) => boolean): Job[] {
    const jobs = this.#waiting.get(unit) ?? [];
    this.#waiting.set(
      unit,
      jobs.filter((job) => !fits(job)),
    );
    return jobs.filter(fits);
  }

  /** The unit is gone, and what still waits of it. */
  remove(unit: number): Job[] {
    const jobs = this.#waiting.get(unit) ?? [];
    this.#waiting.delete(unit);
    return jobs;
  }

  /** How many of a unit wait. */
  count(unit: number): number {
    return this.#waiting.get(unit)?.length ?? 0;
  }

  /** Units of which something waits, and what kind. */
  *kinds(): Generator<readonly [unit: number, isWrite: boolean]> {
    for (const [unit, jobs] of this.#waiting) for (const { isWrite } of jobs) yield [unit, isWrite];
  }
}

/** A unit that does not answer is asked again after this at the latest. */
const restMaxMs = 30_000;

/** How long each unit of a line rests after its turn, so that it takes no more than its share of the time. */
export class Rests {
  readonly #clock: Clock;
  readonly #units = new Map<number, { readonly silences: number; readonly untilMs: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /**
   * @param tookMs    of the line's time, once for each other unit
   * @param isSilent  there was no answer: the rest doubles with each one in a row
   */
  begin(unit: number, { tookMs, isSilent }: { tookMs: number; isSilent: boolean }): void {
    const silences = isSilent ? (this.#units.get(unit)?.silences ?? 0) + 1 : 0;
    const restMs = Math.min(tookMs * 2 ** Math.min(silences, 16), restMaxMs);
    this.#units.set(unit, { silences, untilMs: this.#clock.monotonicMs() + restMs });
  }

  /** On the monotonic clock. A write to a unit that answers does not rest: a machine waits for it. */
  dueMs(unit: number, isWrite: boolean): number {
    const { silences = 0, untilMs = 0 } = this.#units.get(unit) ?? {};
    return isWrite && silences === 0 ? 0 : untilMs;
  }

  /** What is left of the rest of a unit that did not answer; 0 or less: it may be asked. */
  silentForMs(unit: number): number {
    const { silences = 0, untilMs = 0 } = this.#units.get(unit) ?? {};
    return silences === 0 ? 0 : untilMs - this.#clock.monotonicMs();
  }
}
