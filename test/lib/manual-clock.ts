import type { Clock } from '../../src/ports/clock.ts';

/** Time that stands still until the test moves it. */
export class ManualClock implements Clock {
  /** What the wall clock says beyond the time that has passed. */
  wallOffsetMs = 0;
  #wokeAtMs: number | undefined;
  #atMs = 0;
  #waiting: { readonly dueMs: number; readonly call: () => void }[] = [];

  nowMs(): number {
    return this.#atMs + this.wallOffsetMs;
  }

  monotonicMs(): number {
    return this.#atMs;
  }

  wokeAtMs(): number | undefined {
    return this.#wokeAtMs;
  }

  /** All of it but `after`, for who lets calls of the dead fall. */
  get reading(): Omit<Clock, 'after'> {
    return {
      nowMs: () => this.nowMs(),
      monotonicMs: () => this.monotonicMs(),
      wokeAtMs: () => this.#wokeAtMs,
    };
  }

  after(delayMs: number, call: () => void): () => void {
    const entry = { dueMs: this.#atMs + delayMs, call };
    this.#waiting.push(entry);
    return () => {
      this.#waiting = this.#waiting.filter((other) => other !== entry);
    };
  }

  /** Calls all that falls due within `ms`, in the order of time. */
  advance(ms: number): void {
    const untilMs = this.#atMs + ms;
    for (;;) {
      const [due] = this.#waiting.toSorted((a, b) => a.dueMs - b.dueMs);
      if (due === undefined || due.dueMs > untilMs) break;
      this.#waiting = this.#waiting.filter((other) => other !== due);
      this.#atMs = Math.max(this.#atMs, due.dueMs);
      due.call();
    }
    this.#atMs = Math.max(this.#atMs, untilMs);
  }

  /** Time passes without a call, as for a process that stands still: what was due is called afterwards. */
  standStill(ms: number): void {
    this.#atMs += ms;
    this.#wokeAtMs = this.#atMs;
  }

  /** Delays of all calls that are still to come, the nearest first. */
  get waitingMs(): readonly number[] {
    return this.#waiting.map(({ dueMs }) => dueMs - this.#atMs).sort((a, b) => a - b);
  }
}
