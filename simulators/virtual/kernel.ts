import { setImmediate as inTurn } from 'node:timers';
import { invariant } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';

interface Entry {
  readonly dueMs: number;
  readonly tie: number;
  readonly number: number;
  call: (() => void) | undefined;
}

/** Calls at one and the same instant; more are a loop in which time stands still. */
const callsAtOnceMax = 1_000_000;
/** Turns asked of the real event loop at a time: it takes one after the other without looking for anything else. */
const turnsAtOnce = 64;

interface KernelOptions {
  /** Which of the calls that are due together is first: the lower. Absent: the one asked for first. */
  readonly tie?: () => number;
  /** Promises go on after every call, watched or not, as code that nobody knows to be free of them needs it. */
  readonly isDraining?: boolean;
  /** Told of every call when it is made. */
  readonly onCall?: (atMs: number) => void;
}

/**
 * Virtual time: jumps from one call to the next, and reads neither real time nor chance. Calls that are
 * due together come in the order in which they were asked for, or as a seed says, so the same run is the
 * same every time.
 */
export class Kernel implements Clock {
  readonly #startUtcMs: number;
  readonly #options: KernelOptions;
  /** Binary heap by (time, tie, number): no entry is before its parent, at half its index. */
  readonly #heap: Entry[] = [];
  #canceled = 0;
  #atMs = 0;
  #number = 0;
  #calls = 0;
  #callsAtOnce = 0;
  #awaited = 0;
  #failure: { readonly error: unknown } | undefined;

  /** @param startUtcMs  what the wall clock shows at the beginning, UTC, milliseconds since 1970 */
  constructor(startUtcMs: number, options: KernelOptions = {}) {
    this.#startUtcMs = startUtcMs;
    this.#options = options;
  }

  /** Whole milliseconds, as a wall clock. */
  nowMs(): number {
    return this.#startUtcMs + Math.floor(this.#atMs);
  }

  monotonicMs(): number {
    return this.#atMs;
  }

  /** Calls made so far. */
  get calls(): number {
    return this.#calls;
  }

  /** Calls that are still to be made, or were taken back and not yet dropped. */
  get waiting(): number {
    return this.#heap.length;
  }

  after(delayMs: number, call: () => void): () => void {
    const dueMs = this.#atMs + Math.max(0, delayMs);
    const entry: Entry = { dueMs, tie: this.#options.tie?.() ?? 0, number: ++this.#number, call };
    this.#push(entry);
    return () => {
      if (entry.call === undefined) return;
      entry.call = undefined;
      this.#canceled++;
      if (this.#canceled > 1_000 && this.#canceled > this.#heap.length / 2) this.#tidy();
    };
  }

  /** Lets promises that follow from `asked` go on before the next call; where it fails, the run does. */
  watch(asked: Promise<unknown>): void {
    this.#awaited++;
    const settled = () => {
      this.#awaited--;
    };
    asked.then(settled, (error: unknown) => {
      settled();
      this.#failure ??= { error };
    });
  }

  /**
   * Makes every call that is due until then, and lets it be that time.
   *
   * @param isOver  looked at after every call; true ends it at once
   * @throws whatever a call or a watched promise throws
   */
  run(untilMs: number, isOver: () => boolean = () => false): Promise<void> {
    return new Promise((resolve, reject) => {
      let [hasCalled, isEnded] = [false, false];
      /** Turns of the real event loop that were asked for and have not come. */
      let turns = 0;
      const end = (settle: () => void) => {
        isEnded = true;
        settle();
      };
      const goOn = () => {
        // A turn that is not needed any more.
        if (isEnded) return;
        try {
          if (this.#makeCalls(untilMs, isOver, hasCalled)) return end(resolve);
        } catch (error) {
          return end(() => reject(error));
        }
        hasCalled = true;
        // All promises of one turn are done before the next one.
        if (turns === 0) turns = askForTurns(goOn);
        turns--;
      };
      goOn();
    });
  }

  /** Makes calls until promises have to go on. @returns whether that was all */
  #makeCalls(untilMs: number, isOver: () => boolean, wasCalled: boolean): boolean {
    for (let hasCalled = wasCalled; ; hasCalled = true) {
      if (this.#failure !== undefined) throw this.#failure.error;
      if (hasCalled && isOver()) return true;
      const next = this.#next();
      if (next === undefined || next.dueMs > untilMs) break;
      this.#call(next);
      if (this.#awaited > 0 || this.#options.isDraining) return false;
    }
    this.#atMs = Math.max(this.#atMs, untilMs);
    return true;
  }

  #call(entry: Entry): void {
    this.#pop();
    if (entry.dueMs > this.#atMs) this.#callsAtOnce = 0;
    invariant(++this.#callsAtOnce < callsAtOnceMax, 'virtual time stands still');
    this.#atMs = Math.max(this.#atMs, entry.dueMs);
    this.#calls++;
    const { call } = entry;
    // Whoever takes it back from now on is too late.
    entry.call = undefined;
    this.#options.onCall?.(this.#atMs);
    call?.();
  }

  #next(): Entry | undefined {
    for (;;) {
      const [first] = this.#heap;
      if (first === undefined || first.call !== undefined) return first;
      this.#pop();
      this.#canceled--;
    }
  }

  #push(entry: Entry): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = heap[above] as Entry;
      if (!isBefore(entry, parent)) break;
      heap[at] = parent;
      at = above;
    }
    heap[at] = entry;
  }

  #pop(): void {
    const heap = this.#heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return;
    this.#sink(last, 0);
  }

  #sink(entry: Entry, from: number): void {
    const heap = this.#heap;
    let at = from;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      const [left, right] = [heap[below] as Entry, heap[below + 1]];
      if (right !== undefined && isBefore(right, left)) below++;
      const child = heap[below] as Entry;
      if (!isBefore(child, entry)) break;
      heap[at] = child;
      at = below;
    }
    heap[at] = entry;
  }

  /** Drops what was taken back, so that it does not fill the memory until it would have been due. */
  #tidy(): void {
    const left = this.#heap.filter(({ call }) => call !== undefined);
    this.#heap.length = 0;
    for (const entry of left) this.#push(entry);
    this.#canceled = 0;
  }
}

function askForTurns(call: () => void): number {
  for (let turn = 0; turn < turnsAtOnce; turn++) inTurn(call);
  return turnsAtOnce;
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.dueMs !== b.dueMs ? a.dueMs < b.dueMs : a.tie !== b.tie ? a.tie < b.tie : a.number < b.number;
