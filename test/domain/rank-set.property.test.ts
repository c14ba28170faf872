import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RankSet } from '../../src/domain/rank-set.ts';

/** Around the borders of one, two and three levels of words. */
const sizes = fc.constantFrom(1, 2, 31, 32, 33, 64, 1023, 1024, 1025, 40_000);

test('it holds what a set would, and finds the next and the last one like a search through all', () => {
  fc.assert(
    fc.property(
      sizes,
      fc.array(fc.record({ rank: fc.nat(), isAdded: fc.boolean() }), { maxLength: 60 }),
      fc.array(fc.nat(), { maxLength: 20 }),
      (size, history, asked) => {
        const set = new RankSet(size);
        const model = new Set<number>();
        for (const { rank, isAdded } of history) {
          const within = rank % size;
          if (isAdded) {
            set.add(within);
            model.add(within);
          } else {
            set.delete(within);
            model.delete(within);
          }
        }
        expect(set.count).toBe(model.size);
        const all = [...model].sort((a, b) => a - b);
        for (const rank of [0, size - 1, ...asked.map((n) => n % size)]) {
          expect([set.has(rank), set.next(rank), set.before(rank)]).toEqual([
            model.has(rank),
            all.find((one) => one >= rank),
            all.findLast((one) => one < rank),
          ]);
        }
        expect([set.next(size), set.before(size)]).toEqual([undefined, all.at(-1)]);
      },
    ),
  );
});
