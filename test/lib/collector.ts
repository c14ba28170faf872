import { systemClock } from './system-clock.ts';

/** Keeps what is reported, and waits for what is still to come. */
export interface Collector<T> {
  readonly all: readonly T[];
  readonly report: (value: T) => void;
  /** The first value, past or future, that `fits`, counted from `from`. @throws when none came within 5 s */
  until(fits: (value: T) => boolean, from?: number): Promise<T>;
  /** Resolves when so many are there. @throws when they are not within 5 s */
  count(wanted: number): Promise<readonly T[]>;
}

const limitMs = 5_000;

export function collector<T>(): Collector<T> {
  const all: T[] = [];
  const waiting = new Set<() => void>();
  const when = (isThere: () => boolean) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!isThere()) return;
        waiting.delete(look);
        cancel();
        resolve();
      };
      const cancel = systemClock.after(limitMs, () => {
        waiting.delete(look);
        reject(new Error(`Did not come within ${limitMs} ms; came: ${JSON.stringify(all)}`));
      });
      waiting.add(look);
      look();
    });
  return {
    all,
    report: (value) => {
      all.push(value);
      for (const look of [...waiting]) look();
    },
    async until(fits, from = 0) {
      await when(() => all.slice(from).some(fits));
      return all.slice(from).find(fits) as T;
    },
    async count(wanted) {
      await when(() => all.length >= wanted);
      return all;
    },
  };
}
