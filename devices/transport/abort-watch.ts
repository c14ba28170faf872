/** A signal that never aborts: nobody has to listen to it. */
export const { signal: never } = new AbortController();

export function onAbort(signal: AbortSignal, call: () => void): void {
  if (signal !== never) signal.addEventListener('abort', call, { once: true });
}

export function offAbort(signal: AbortSignal, call: () => void): void {
  if (signal !== never) signal.removeEventListener('abort', call);
}

/**
 * Calls back when a signal aborts. Whoever waits again and again, and nearly always on the same signal, listens
 * to it once: a listener for each request costs more than the request.
 */
export class AbortWatch {
  readonly #calls = new Set<() => void>();
  #signal: AbortSignal | undefined;

  on(signal: AbortSignal, call: () => void): void {
    if (signal !== this.#signal) {
      // One signal at a time is listened to for longer; another one meanwhile, for this call alone.
      if (this.#calls.size > 0) return onAbort(signal, call);
      this.end();
      this.#signal = signal;
      onAbort(signal, this.#aborted);
    }
    this.#calls.add(call);
  }

  /** Takes a call back. */
  off(signal: AbortSignal, call: () => void): void {
    if (!this.#calls.delete(call)) offAbort(signal, call);
  }

  /** Nobody will wait any more: lets go of the signal, which may live for longer. */
  end(): void {
    if (this.#signal !== undefined) offAbort(this.#signal, this.#aborted);
    this.#signal = undefined;
  }

  readonly #aborted = () => {
    // One of them may take back another: that one is deleted, and not called.
    for (const call of [...this.#calls]) if (this.#calls.delete(call)) call();
  };
}
