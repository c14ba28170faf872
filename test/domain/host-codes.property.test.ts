import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CellPattern, whyNotClear } from '../../src/domain/cell-pattern.ts';
import type { Cell } from '../../src/domain/topology.ts';

const size = fc.record({
  bays: fc.integer({ min: 1, max: 12 }),
  levels: fc.integer({ min: 1, max: 11 }),
  depths: fc.integer({ min: 1, max: 2 }),
});
// Names that begin alike, that are digits, and that hold what separates fields.
const aisleNames = fc.subarray(['A01', 'A02', 'A', '1', '12', '1-2', 'L', '.*'], { minLength: 1 });
const aisles = fc
  .tuple(aisleNames, fc.array(size, { minLength: 8, maxLength: 8 }))
  .map(([names, sizes]) =>
    names
      .slice(0, 3)
      .map((name, i) => ({ name, ...(sizes[i] ?? { bays: 1, levels: 1, depths: 1 }) })),
  );
const number = (name: string) => fc.constantFrom(`{${name}}`, `{${name}:2}`, `{${name}:3}`);
const fields = fc.tuple(
  fc.constantFrom('{aisle}', ''),
  fc.constantFrom('{side}', '{side:12}', '{side:LD}'),
  number('bay'),
  number('level'),
  fc.constantFrom('{depth}', '{depth:1}', ''),
);
const between = fc.array(fc.constantFrom('', '-', '.', '1', 'x', '*'), {
  minLength: 5,
  maxLength: 5,
});
const pattern = fc
  .tuple(fields, fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 5 }), between)
  .map(([some, order, seps]) => order.map((i, n) => `${some[i]}${seps[n]}`).join(''));

function* cellsOf({ bays, levels, depths }: { bays: number; levels: number; depths: number }) {
  for (const side of ['L', 'R'] as const)
    for (let bay = 1; bay <= bays; bay++)
      for (let level = 1; level <= levels; level++)
        for (let depth = 1; depth <= depths; depth++) yield { side, bay, level, depth } as Cell;
}

test('of any pattern that is taken, no two cells of any aisles share a code, and each code is read as its cell', () => {
  let taken = 0;
  fc.assert(
    fc.property(pattern, aisles, (text, some) => {
      if (whyNotClear(text, some) !== undefined) return;
      taken++;
      const codes = new CellPattern(
        text,
        some.map(({ name }) => name),
      );
      const seen = new Set<string>();
      for (const aisle of some) {
        for (const cell of cellsOf(aisle)) {
          const code = codes.print(aisle.name, cell);
          expect(seen.has(code)).toBe(false);
          seen.add(code);
          const read = codes.read(code);
          expect(read?.cell).toEqual(cell);
          expect(read?.aisle ?? aisle.name).toBe(aisle.name);
        }
      }
    }),
    { numRuns: 500 },
  );
  expect(taken).toBeGreaterThan(30);
});

const one = [{ name: 'A01', bays: 120, levels: 12, depths: 2 }];
const two = [...one, { name: 'A02', bays: 30, levels: 5, depths: 1 }];

test.each([
  '{aisle}-{side}-{bay:3}-{level:2}-{depth}',
  '{aisle}{side:12}{bay:3}{level:2}{depth}',
  'WH1.{bay}.{level}.{side}.{depth}.{aisle}',
  '{aisle}/{side}{bay}/{level}/{depth}',
])('%s is a pattern', (text) => {
  expect(whyNotClear(text, two)).toBeUndefined();
});

test.each([
  ['{aisle}-{row}', '"{row}" is no field'],
  ['{aisle}-{bay:03}', '"{bay:03}" is no field'],
  ['{aisle}-{side:LRX}', '"{side:LRX}" is no field'],
  ['{aisle}-{side:LL}', '"{side:LL}" is no field'],
  ['{aisle:2}-{side}', '"{aisle:2}" is no field'],
  ['{aisle}-{side', '"{" is no field'],
  ['{aisle}-{bay}-{bay}', '{bay} is there twice'],
  ['{aisle}-{bay:3}-{level:2}-{depth}', '{side} is missing'],
  ['{aisle}-{side}-{bay:3}-{level:2}', '{depth} is missing: an aisle is double deep'],
  ['{side}-{bay:3}-{level:2}-{depth}', '{aisle} is missing: the cells of 2 aisles'],
  ['{aisle}-{side}-{bay}{level:2}-{depth}', 'nobody can tell where {bay} ends'],
  ['{aisle}-{side}-{bay:2}-{level:2}-{depth}', '{bay:2} is too short for 120'],
  ['{aisle}-{side}-{bay:3}-{level:2}-{depth}-CELL-OF-US', 'characters, 24 are allowed'],
])('%s is none, and it is said why', (text, why) => {
  expect(whyNotClear(text, two)).toContain(why);
});

test('an aisle whose name begins another one is told apart only by what comes behind it', () => {
  const names = ['1', '12'].map((name) => ({ name, bays: 9, levels: 9, depths: 1 }));
  expect(whyNotClear('{aisle}{side}{bay}-{level}', names)).toContain(
    '"1" cannot be told from aisle "12"',
  );
  expect(whyNotClear('{aisle}-{side}{bay}-{level}', names)).toBeUndefined();
});
