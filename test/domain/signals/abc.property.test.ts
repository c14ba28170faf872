import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Sku } from '../../../src/domain/ids.ts';
import { type AbcClass, abcClasses, classAt } from '../../../src/domain/signals/abc.ts';

const bounds = { a: 0.8, b: 0.95, hysteresis: 0.02 };
const noClass = () => undefined;

test('A make the first 80 % of all movements, B up to 95 %, C the rest and what never moves', () => {
  const times = new Map(
    [
      ['w', 70],
      ['x', 15],
      ['y', 10],
      ['z', 5],
      ['never', 0],
    ].map(([name, n]) => [name as Sku, Number(n)]),
  );
  expect(Object.fromEntries(abcClasses(times, noClass, bounds))).toEqual({
    ...{ w: 'A', x: 'A', y: 'B', z: 'C', never: 'C' },
  });
});

test('before anything has moved all are C', () => {
  const times = new Map(['x', 'y'].map((name) => [name as Sku, 0]));
  expect([...abcClasses(times, noClass, bounds).values()]).toEqual(['C', 'C']);
});

test('a SKU whose share wavers by less than the hysteresis settles in one class', () => {
  // Near a bound, in thousandths: elsewhere nothing wavers between classes.
  const share = fc
    .tuple(fc.constantFrom(bounds.a, bounds.b), fc.integer({ min: -60, max: 30 }))
    .map(([bound, off]) => bound + off / 1000);
  const noise = fc.array(fc.integer({ min: 0, max: 38 }).map((by) => by / 1000));
  fc.assert(
    fc.property(
      share,
      noise,
      fc.constantFrom<AbcClass | undefined>('A', 'B', 'C', undefined),
      (around, wavers, first) => {
        let now = first;
        const history = [0, ...wavers].map((by) => {
          now = classAt(around + by, now, bounds);
          return now;
        });
        const changes = history.filter((each, i) => i > 0 && each !== history[i - 1]);
        // It may take one step on the way, and never comes back.
        expect(changes.length).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 500 },
  );
});

test('who is taken more often is never in a lower class, when all come in anew', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50), { minLength: 1, maxLength: 30 }), (counts) => {
      const times = new Map(counts.map((count, i) => [`S-${i}` as Sku, count]));
      const classes = abcClasses(times, noClass, bounds);
      const classOf = (sku: Sku) => classes.get(sku) ?? 'none';
      // Of those taken equally often a bound may fall between any two.
      for (const [more, most] of times)
        for (const [less, least] of times)
          if (most > least) expect(classOf(more) <= classOf(less)).toBe(true);
    }),
    { examples: [[[0, 0, 0, 19, 0, 0, 19, 19, 19, 0, 19]]] },
  );
});
