import type { Clock } from '../ports/clock.ts';

/** The longest delay that a timer of Node can hold. */
const delayMaxMs = 0x7fff_ffff;

/** The real time. The only file where the core gets it from. */
export const machineClock: Clock = {
  // biome-ignore lint/style/noRestrictedGlobals: this implements the port.
  nowMs: () => Date.now(),
  // biome-ignore lint/style/noRestrictedGlobals: this implements the port.
  monotonicMs: () => performance.now(),
  after(delayMs, call) {
    // Without a delay it runs right after the sockets of this turn have been read.
    if (delayMs <= 0) {
      // biome-ignore lint/style/noRestrictedGlobals: this implements the port.
      const handle = setImmediate(call);
      return () => clearImmediate(handle);
    }
    // biome-ignore lint/style/noRestrictedGlobals: this implements the port.
    const handle = setTimeout(call, Math.min(delayMs, delayMaxMs));
    return () => clearTimeout(handle);
  },
};
