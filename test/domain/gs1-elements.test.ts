import bwip from 'bwip-js/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/domain/errors.ts';
import { checkDigit } from '../../src/domain/gs1-check-digit.ts';
import { type Gs1Element, parseElements } from '../../src/domain/gs1-elements.ts';
import { elementKinds } from '../../src/domain/gs1-table.ts';
import { soundElementStrings, unsoundElementStrings } from '../vectors/gs1.ts';

/** As a printer puts it into a symbol: a separator after each value of open length but the last. */
const written = (elements: readonly Gs1Element[]) =>
  elements
    .map(({ ai, value }, index) => {
      const needs = index < elements.length - 1 && !elementKinds.get(ai)?.isPredefined;
      return `${ai}${value}${needs ? '\x1d' : ''}`;
    })
    .join('');

test.each(soundElementStrings)('%j is taken apart', (text, elements) => {
  expect(parseElements(text)).toEqual(elements.map(([ai, value]) => ({ ai, value })));
});

test.each(unsoundElementStrings)('%j is refused: %s', (text, problem) => {
  expect(() => parseElements(text)).toThrow(problem);
  expect(() => parseElements(text)).toThrow(ValueError);
});

test('no identifier begins another one', () => {
  const ais = [...elementKinds.keys()];
  expect(ais.length).toBeGreaterThan(40);
  expect(ais.filter((ai) => ais.some((other) => other !== ai && ai.startsWith(other)))).toEqual([]);
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
      expect(parseElements(written(elements))).toEqual(elements);
    }),
  );
});

test('anything else is refused with a reason, and never crashes', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('0', '1', '2', '7', 'A', '\x1d'), maxLength: 60 }),
      (text) => {
        try {
          expect(parseElements(text).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      },
    ),
  );
});

describe('a foreign encoder agrees', () => {
  const bracketed = (text: string) =>
    parseElements(text)
      .map(({ ai, value }) => `(${ai})${value}`)
      .join('');
  const encodes = (text: string) => bwip.raw('gs1-128', text, {}).length > 0;

  test.each(soundElementStrings.filter(([text]) => !text.includes('400ABC')))(
    'that %j is GS1',
    (text) => {
      expect(encodes(bracketed(text))).toBe(true);
    },
  );

  test.each(['(01)12345678901234', '(00)106141411234567890', '(01)09506000134352(17)261332'])(
    'that %s is not',
    (text) => {
      expect(() => encodes(text)).toThrow();
    },
  );
});
