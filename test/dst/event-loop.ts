import type { Clock } from '../../src/ports/clock.ts';

type Call = () => void;

/**
 * The event loop of a process that may stand still, as one that the system does not let run. When it goes on, it sees
 * what a real one sees on the clock of `src/machine`: what its sockets have received, each in its order, the one first
 * at which something came first; then the timers by when they were due. What comes meanwhile has its turn afterwards.
 */
export class EventLoop {
  readonly #clock: Clock;
  readonly #isAlive: () => boolean;
  /** When it last went on and a timer was late, on the monotonic clock. */
  wokeAtMs: number | undefined;
  #stalledUntilMs = 0;
  #timers: Call[] = [];
  readonly #sockets = new Map<object, Call[]>();
  #turn: Call[] = [];
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, isAlive: () => boolean) {
    this.#clock = clock;
    this.#isAlive = isAlive;
  }

  /** @param forMs  from now on, or as long as it stands still anyway */
  stall(forMs: number): void {
    this.#stalledUntilMs = Math.max(this.#stalledUntilMs, this.#clock.monotonicMs() + forMs);
  }

  /** It runs again, sooner than it was to. */
  wake(): void {
    this.#stalledUntilMs = 0;
    if (this.#cancel === undefined) return;
    this.#cancel();
    this.#goOn();
  }

  /**
   * Makes a call when the process runs; never when it is dead by then.
   *
   * @param socket  where it comes from; absent: from a timer
   */
  take(call: Call, socket?: object): void {
    if (!this.#isAlive()) return;
    if (this.#leftMs <= 0 && this.#isIdle) return call();
    if (socket === undefined) this.#timers.push(call);
    else this.#received(socket).push(call);
    if (this.#cancel === undefined) this.#goOn();
  }

  #received(socket: object): Call[] {
    const calls = this.#sockets.get(socket) ?? [];
    this.#sockets.set(socket, calls);
    return calls;
  }

  get #leftMs(): number {
    return this.#stalledUntilMs - this.#clock.monotonicMs();
  }

  get #isIdle(): boolean {
    return this.#turn.length + this.#timers.length + this.#sockets.size === 0;
  }

  #goOn(): void {
    this.#cancel = this.#clock.after(this.#leftMs, () => {
      this.#cancel = undefined;
      if (!this.#isAlive()) return;
      if (this.#leftMs <= 0) this.#next()?.();
      // The call may have had it taken up already.
      if (!this.#isIdle && this.#cancel === undefined) this.#goOn();
    });
  }

  #next(): Call | undefined {
    if (this.#turn.length === 0) {
      if (this.#timers.length > 0) this.wokeAtMs = this.#clock.monotonicMs();
      // From the end, where an array gives without moving the rest.
      this.#turn = [...[...this.#sockets.values()].flat(), ...this.#timers].reverse();
      this.#timers = [];
      this.#sockets.clear();
    }
    return this.#turn.pop();
  }
}
