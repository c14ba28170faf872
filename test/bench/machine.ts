import { availableParallelism, cpus, loadavg } from 'node:os';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { DatabaseSync } from 'node:sqlite';
import { type Figure, round } from './figures.ts';

/** What the figures were measured on. */
export function machine() {
  const row = new DatabaseSync(':memory:').prepare('SELECT sqlite_version() AS version').get();
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    sqlite: String(row?.['version']),
    platform: `${process.platform} ${process.arch}`,
  };
}

/** Processes that want to run, mean of the last 1, 5 and 15 minutes: figures beside others' work are slower. */
export const load = (): readonly number[] => loadavg().map(round);

/** How often the event loop is asked, ms; what its answer is late by is the lag. */
const lagResolutionMs = 1;

/** What this process does to its event loop and its machine, from now to `stop`. */
export function watchProcess(): { stop(about: string): readonly Figure[] } {
  const delay = monitorEventLoopDelay({ resolution: lagResolutionMs });
  delay.enable();
  const cpu = process.cpuUsage();
  const startNs = process.hrtime.bigint();
  return {
    stop(about) {
      delay.disable();
      const { user, system } = process.cpuUsage(cpu);
      const elapsedUs = Number(process.hrtime.bigint() - startNs) / 1000;
      const lag = (ns: number) => round(Math.max(0, ns / 1e6 - lagResolutionMs));
      const lags = { p50: lag(delay.percentile(50)), p99: lag(delay.percentile(99)) };
      return [
        {
          name: `event-loop lag, ${about}`,
          unit: 'ms',
          values: { ...lags, max: lag(delay.max) },
        },
        {
          name: `processor time, ${about}`,
          unit: '% of one core',
          values: {
            user: round((100 * user) / elapsedUs),
            system: round((100 * system) / elapsedUs),
          },
        },
        memory(about),
      ];
    },
  };
}

function memory(about: string): Figure {
  const { rss, heapUsed } = process.memoryUsage();
  const values = { rss: round(rss / 1e6), heap: round(heapUsed / 1e6) };
  return { name: `memory at the end, ${about}`, unit: 'MB', values };
}
