/** Time as Craneway knows it. Tests and the simulation give it virtual time. */
export interface Clock {
  /** UTC, milliseconds since 1970. A label: deadlines never use it. */
  nowMs(): number;
  /** Milliseconds that only grow, from any start. Deadlines use this one. */
  monotonicMs(): number;
  /** Calls `call` once, after `delayMs`. @returns takes the call back; harmless when it is too late */
  after(delayMs: number, call: () => void): () => void;
  /**
   * When the process last went on after it had stood still, on the monotonic clock: what came meanwhile may not have
   * been read yet. Undefined: not since it began. A clock that never stands still lacks it.
   */
  wokeAtMs?(): number | undefined;
}

/** Resolves after `delayMs`; at once, without an error, when `signal` aborts. */
export function pause(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      cancel();
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const cancel = clock.after(delayMs, done);
    signal?.addEventListener('abort', done, { once: true });
  });
}
