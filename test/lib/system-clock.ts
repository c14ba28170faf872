import type { Clock } from '../../src/ports/clock.ts';

/** Real time, for tests over real sockets, which wait for events and never for it to pass. */
export const systemClock: Clock = {
  // biome-ignore lint/style/noRestrictedGlobals: this is the clock.
  nowMs: () => Date.now(),
  // biome-ignore lint/style/noRestrictedGlobals: this is the clock.
  monotonicMs: () => performance.now(),
  after(delayMs, call) {
    // biome-ignore lint/style/noRestrictedGlobals: this is the clock.
    const timer = setTimeout(call, delayMs);
    return () => clearTimeout(timer);
  },
};
