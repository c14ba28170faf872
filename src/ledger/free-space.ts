import { statfsSync } from 'node:fs';
import type { Clock } from '../ports/clock.ts';

/** A log that another program writes at 10 MB/s takes 100 MB between two looks. */
const lookEveryMs = 10_000;

interface WatchParts {
  readonly clock: Pick<Clock, 'after'>;
  readonly onFreeSpace: (freeBytes: number | undefined) => void;
}

/** Looks what the disk of a file has left for this process, now and again and again. @returns what ends it */
export function watchFreeSpace(file: string, { clock, onFreeSpace }: WatchParts): () => void {
  let cancel = () => {};
  const look = () => {
    onFreeSpace(freeBytesOf(file));
    cancel = clock.after(lookEveryMs, look);
  };
  look();
  return () => cancel();
}

function freeBytesOf(file: string): number | undefined {
  try {
    const { bavail, bsize } = statfsSync(file);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}
