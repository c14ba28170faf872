import type { Clock } from '../ports/clock.ts';

/** The longest delay that a timer of Node can hold. */
const delayMaxMs = 0x7fff_ffff;
/** Later than a busy loop comes to a call: the process stood still, or this machine did. */
const lateMinMs = 250;
let wokeAtMs: number | undefined;

/**
 * The real time. The only file where the core gets it from. A call that is late because the process stood still lets
 * the sockets be read first: what has come in time is not too late because nobody was there to take it.
 */
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
    const dueMs = machineClock.monotonicMs() + Math.min(delayMs, delayMaxMs);
    let cancel = () => {};
    const onTime = () => {
      const nowMs = machineClock.monotonicMs();
      if (nowMs - dueMs < lateMinMs) return call();
      wokeAtMs = nowMs;
      cancel = machineClock.after(0, call);
    };
    // biome-ignore lint/style/noRestrictedGlobals: this implements the port.
    const handle = setTimeout(onTime, Math.min(delayMs, delayMaxMs));
    cancel = () => clearTimeout(handle);
    return () => cancel();
  },
  wokeAtMs: () => wokeAtMs,
};
