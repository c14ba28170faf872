import type { Clock } from '../../src/ports/clock.ts';

/**
 * Settles as `work` does, or rejects with `late()` after `limitMs`, or with
 * `aborted()` when `signal` is aborted. What `work` does later is ignored.
 */
export function withDeadline<T>(
  work: Promise<T>,
  options: {
    readonly clock: Clock;
    readonly limitMs: number;
    readonly signal: AbortSignal;
    readonly late: () => Error;
    readonly aborted: () => Error;
  },
): Promise<T> {
  const { clock, limitMs, signal, late, aborted } = options;
  return new Promise((resolve, reject) => {
    const onAbort = () => finish(() => reject(aborted()));
    const cancel = clock.after(limitMs, () => finish(() => reject(late())));
    const finish = (settle: () => void) => {
      cancel();
      signal.removeEventListener('abort', onAbort);
      settle();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    if (signal.aborted) onAbort();
    work.then(
      (value) => finish(() => resolve(value)),
      (error: unknown) =>
        finish(() => reject(error instanceof Error ? error : new Error(String(error)))),
    );
  });
}
