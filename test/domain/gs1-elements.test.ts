import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/domain/errors.ts';
import { checkDigit } from '../../src/domain/gs1-check-digit.ts';
import {
  checkElement,
  type Gs1Element,
  parseElements,
  writeElements,
} from '../../src/domain/gs1-elements.ts';
import { elementKinds } from '../../src/domain/gs1-table.ts';
import { soundElementStrings, unsoundElementStrings } from '../vectors/gs1.ts';
import { companionVectors, elementVectors } from '../vectors/gs1-checks.ts';

test.each(soundElementStrings)('%j is taken apart', (text, elements) => {
  expect(parseElements(text)).toEqual(elements.map(([ai, value]) => ({ ai, value })));
});

test.each(unsoundElementStrings)('%j is refused: %s', (text, problem) => {
  expect(() => parseElements(text)).toThrow(problem);
  expect(() => parseElements(text)).toThrow(ValueError);
});

const problemOf = (act: () => unknown): string => {
  try {
    act();
    return '';
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
};

test.each(elementVectors.filter(([, , problem]) => problem === ''))(
  '(%s)%s is sound',
  (ai, value) => {
    expect(problemOf(() => checkElement({ ai, value }))).toBe('');
  },
);

test.each(elementVectors.filter(([, , problem]) => problem !== ''))(
  '(%s)%s is refused: %s',
  (ai, value, problem) => {
    expect(problemOf(() => checkElement({ ai, value }))).toContain(problem);
  },
);

test.each(companionVectors)('in %j, what stands together is judged: %s', (text, problem) => {
  const said = problemOf(() => parseElements(text));
  expect(said.includes(problem)).toBe(true);
  expect(said === '').toBe(problem === '');
});

describe('the table of identifiers', () => {
  const ais = [...elementKinds.keys()];

  test('holds all that GS1 has given out', () => {
    expect(ais).toHaveLength(541);
  });

  test('has no identifier that begins another one', () => {
    expect(ais.filter((ai) => ais.some((other) => other !== ai && ai.startsWith(other)))).toEqual(
      [],
    );
  });

  test('knows which end by their length: those that begin with a reserved pair of digits', () => {
    // GS1 General Specifications, figure 7.8.5-2.
    const pairs = /^(?:0[0-4]|1[1-9]|20|3[1-6]|41)/;
    for (const [ai, kind] of elementKinds)
      expect([ai, kind.isPredefined]).toEqual([ai, pairs.test(ai)]);
  });

  test.each(['04', '14', '18', '19', '418', '419', '3106', '3370x', '29', '718'])(
    'refuses %s, which is given to nobody',
    (ai) => {
      expect(() => parseElements(`${ai}0000000000000000`)).toThrow(ValueError);
    },
  );
});

const cset82 = /^[!"%-/0-9:-?A-Z_a-z]{1,20}$/;
const gtin = fc.stringMatching(/^[0-9]{13}$/).map((text) => `${text}${checkDigit(text)}`);
const element = (ai: string) => fc.stringMatching(cset82).map((value) => ({ ai, value }));
const elementString = fc
  .tuple(
    gtin.map((value) => ({ ai: '01', value })),
    fc.shuffledSubarray(['10', '21', '240', '400', '420', '99', '11', '3102', '20'], {
      minLength: 0,
    }),
    element('x'),
  )
  .map(([first, ais, { value }]): Gs1Element[] => [
    first,
    ...ais.map((ai) => ({ ai, value: { 11: '260200', 3102: '001250', 20: '07' }[ai] ?? value })),
  ]);

test('any element string parses back to itself', () => {
  fc.assert(
    fc.property(elementString, (elements) => {
      expect(parseElements(writeElements(elements))).toEqual(elements);
    }),
  );
});

test('anything else is refused with a reason, and never crashes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('0', '1', '2', '7', '8', 'A', '\x1d'), maxLength: 60 }),
      (text) => {
        try {
          expect(parseElements(text).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      },
    ),
    { numRuns: 2_000 },
  );
});
