import { machineClock } from '../machine/clock.ts';
import type { Log } from '../ports/log.ts';

/** A stop that takes longer is cut: what matters is on disk already. */
const stopLimitMs = 10_000;

export interface Lifetime {
  /** Resolves at the first signal, at `end()`, or at a fatal error. */
  readonly ended: Promise<void>;
  isEnding(): boolean;
  end(): void;
  /** Our own bug, or a ledger that cannot be written: recorded, and the process ends with 1. */
  fatal(error: unknown): void;
}

/**
 * The life of a process that runs until it is told to stop. The first SIGINT or SIGTERM stops it
 * in order, the second one at once.
 */
export function lifetime(log: Log): Lifetime {
  let isEnding = false;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = () => {
      isEnding = true;
      resolve();
    };
  });
  const fatal = (error: unknown) => {
    log.error({ err: error }, 'fatal');
    process.exitCode = 1;
    end();
  };
  let signals = 0;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      signals++;
      if (signals > 1) process.exit(130);
      end();
    });
  }
  process.on('unhandledRejection', fatal);
  process.on('uncaughtException', fatal);
  return { ended, isEnding: () => isEnding, end, fatal };
}

/** Runs `stop`, and ends the process when it hangs. */
export async function stopWithin(log: Log, stop: () => Promise<void>): Promise<void> {
  const cancel = machineClock.after(stopLimitMs, () => {
    log.error({ stopLimitMs }, 'the orderly stop takes too long');
    process.exit(1);
  });
  try {
    await stop();
  } catch (err) {
    log.error({ err }, 'the orderly stop has failed');
    process.exit(1);
  }
  cancel();
}
