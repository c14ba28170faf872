import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compareKeys, SortedList } from '../../src/domain/sorted-list.ts';

const keys = fc.tuple(fc.nat(9), fc.nat(200));
const step = fc.record({ keys, isAdded: fc.boolean() });

/** A list and what it must hold, by the same steps; every pair of keys is in it once at most. */
function run(steps: readonly { readonly keys: readonly number[]; readonly isAdded: boolean }[]) {
  const list = new SortedList<{ readonly keys: readonly number[] }>();
  const model = new Map<string, readonly number[]>();
  for (const { keys: of, isAdded } of steps) {
    const name = of.join();
    if (isAdded && !model.has(name)) {
      model.set(name, of);
      list.add({ keys: of });
    } else if (!isAdded) {
      expect(list.remove({ keys: of })).toBe(model.delete(name));
    }
  }
  return { list, sorted: [...model.values()].sort(compareKeys) };
}

test('a list that things come into and go out of is always in order, and complete', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 3_000, minLength: 10 }), (steps) => {
      const { list, sorted } = run(steps);
      expect([...list.forward()].map((item) => item.keys)).toEqual(sorted);
      expect(list.size).toBe(sorted.length);
    }),
    { numRuns: 30 },
  );
});

test('it is walked from any point, forward over what is not before it and backward over the rest', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 2_000 }), fc.nat(10), (steps, first) => {
      const { list, sorted } = run(steps);
      const from = [first];
      const [before, after] = [
        sorted.filter((of) => compareKeys(of, from) < 0),
        sorted.filter((of) => compareKeys(of, from) >= 0),
      ];
      expect([...list.forward(from)].map((item) => item.keys)).toEqual(after);
      expect([...list.backward(from)].map((item) => item.keys)).toEqual(before.reverse());
    }),
    { numRuns: 30 },
  );
});
