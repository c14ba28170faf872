import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closest, didYouMean, editDistance } from '../../src/config/did-you-mean.ts';

test.each([
  ['baudrat', 'baudrate', 1],
  ['prot', 'port', 1],
  ['conveyer', 'conveyor', 1],
  ['', 'abc', 3],
  ['ca', 'abc', 3],
  ['kitten', 'sitting', 3],
])('from %s to %s it takes %i edits', (a, b, edits) => {
  expect(editDistance(a, b)).toBe(edits);
});

test('the distance is the same both ways, and zero only for the same word', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      expect(editDistance(a, b)).toBe(editDistance(b, a));
      expect(editDistance(a, b) === 0).toBe(a === b);
    }),
  );
});

test('the nearest known word is suggested, and none where none is near', () => {
  const known = ['host', 'port', 'unit', 'interface'];
  expect(didYouMean('prot', known)).toBe(', did you mean "port"?');
  expect(closest('INTERFACE', known)).toBe('interface');
  expect(closest('color', known)).toBeUndefined();
  expect(closest('9', ['8', '12'])).toBeUndefined();
});
