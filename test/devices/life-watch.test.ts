import { expect, test } from 'vitest';
import { LifeWatch } from '../../devices/lib/plc.ts';

const limitMs = 2_000;
const dead = 'The control task of the PLC stands still';

/** Begins at 0, and has seen the counter move there. */
function watching() {
  const watch = new LifeWatch(limitMs, 0);
  /** A reading that was asked for and taken at these times. */
  const reads = (life: number | undefined, askedMs: number, nowMs = askedMs) => {
    watch.see({ life, askedMs, nowMs });
    return () => watch.check();
  };
  for (const life of [1, 2]) reads(life, 0);
  return reads;
}

test('a PLC whose counter stands still for as long as it may is unavailable, and not before', () => {
  const reads = watching();
  expect(reads(2, limitMs - 1)).not.toThrow();
  expect(reads(2, limitMs)).toThrow(dead);
});

test('a PLC whose counter goes on is available for as long again, one that repeats itself is not', () => {
  const reads = watching();
  expect(reads(3, limitMs - 1)).not.toThrow();
  expect(reads(3, 2 * limitMs - 2)).not.toThrow();
  expect(reads(3, 2 * limitMs - 1)).toThrow(dead);
});

test('an answer that has waited while the process stood still says nothing of that time', () => {
  const reads = watching();
  expect(reads(2, 20, 60_000)).not.toThrow();
  expect(reads(3, 60_000)).not.toThrow();
});

test('what a late answer shows has moved at the latest when it is taken', () => {
  const reads = watching();
  reads(3, 20, 60_000);
  expect(reads(3, 60_000 + limitMs - 1)).not.toThrow();
});

test.each([250, 1_000, 60_000])(
  'a dead PLC is found by a process that stands still for %i ms before each answer',
  (standsMs) => {
    const reads = watching();
    const answers = Math.ceil(limitMs / standsMs) + 1;
    const checks = Array.from({ length: answers }, (_, i) =>
      reads(2, i * standsMs, (i + 1) * standsMs),
    );
    expect(checks.at(-1)).toThrow(dead);
  },
);

test.each([250, 1_000, 60_000])(
  'a living one is not taken for dead by a process that stands still for %i ms before each answer',
  (standsMs) => {
    const reads = watching();
    for (let i = 0; i < 100; i++) {
      expect(reads(3 + i, i * standsMs, (i + 1) * standsMs)).not.toThrow();
    }
  },
);

test('readings across updates are no life: a task that has died in one is found, too', () => {
  const reads = watching();
  expect(reads(undefined, limitMs - 1)).not.toThrow();
  expect(reads(undefined, limitMs)).toThrow(dead);
});

test('one that has never been read is given the same time', () => {
  const watch = new LifeWatch(limitMs, 5_000);
  const torn = (askedMs: number) => watch.see({ life: undefined, askedMs, nowMs: askedMs });
  torn(5_000 + limitMs - 1);
  expect(() => watch.check()).not.toThrow();
  torn(5_000 + limitMs);
  expect(() => watch.check()).toThrow(dead);
});

test('that a PLC runs is known once two readings have differed', () => {
  const watch = new LifeWatch(limitMs, 0);
  const moves = [4, 4, undefined, 5, 5].map((life) => {
    watch.see({ life, askedMs: 0, nowMs: 0 });
    return watch.moves;
  });
  expect(moves).toEqual([false, false, false, true, true]);
});
