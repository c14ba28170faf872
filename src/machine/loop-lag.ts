import { monitorEventLoopDelay } from 'node:perf_hooks';

const resolutionMs = 10;

/** Watches how late the event loop comes to its timers. @returns mean seconds since the last call */
export function watchLoopLag(): () => number {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  return () => {
    // The histogram holds whole periods: what is beyond the resolution is lag.
    const lagNs = Math.max(0, delay.mean - resolutionMs * 1e6);
    delay.reset();
    return Number.isNaN(lagNs) ? 0 : lagNs / 1e9;
  };
}
