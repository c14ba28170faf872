import { systemClock as clock } from '../lib/system-clock.ts';

const beatMs = 100;
/** Later than a busy machine is: it stood still, and the simulated devices in this process with it. */
const lateMinMs = 1_000;
/** So long after one somebody may still find that an answer has not come: a device is asked again before. */
const echoMs = 15_000;

interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** When the controller, or the machine that all of it runs on, stood still; by the wall clock. */
export class Standstills {
  readonly #spans: Span[] = [];
  #cancel = () => {};

  /** Watches this process until it is told to end. */
  watch(): void {
    const dueMs = clock.nowMs() + beatMs;
    this.#cancel = clock.after(beatMs, () => {
      const nowMs = clock.nowMs();
      if (nowMs - dueMs > lateMinMs) this.#spans.push({ fromMs: dueMs, toMs: nowMs });
      this.watch();
    });
  }

  end(): void {
    this.#cancel();
  }

  /** Notes one that is brought about. */
  async during<T>(standStill: () => Promise<T>): Promise<T> {
    const fromMs = clock.nowMs();
    const done = await standStill();
    this.#spans.push({ fromMs, toMs: clock.nowMs() });
    return done;
  }

  /** Whether what was noticed then may have come of one. */
  explains(atMs: number): boolean {
    return this.#spans.some(({ fromMs, toMs }) => fromMs <= atMs && atMs <= toMs + echoMs);
  }
}
