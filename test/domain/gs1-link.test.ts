import bwip from 'bwip-js/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ValueError } from '../../src/domain/errors.ts';
import { readCode } from '../../src/domain/gs1.ts';
import type { Gs1Element } from '../../src/domain/gs1-elements.ts';
import { parseLink } from '../../src/domain/gs1-link.ts';
import { soundLinks, unsoundLinks } from '../vectors/gs1-links.ts';

test.each(soundLinks)('%s is taken apart', (link, elements) => {
  expect(parseLink(link)).toEqual(elements.map(([ai, value]) => ({ ai, value })));
});

test.each(unsoundLinks)('%j is refused: %s', (link, problem) => {
  expect(() => parseLink(link)).toThrow(problem);
  expect(() => parseLink(link)).toThrow(ValueError);
});

test('more than 64 elements are refused', () => {
  const ais = [90, 91, 92, 93, 94, 95, 96, 97, 98, 99].map(String);
  const weights = Array.from({ length: 60 }, (_, index) => `3${100 + index * 10}`);
  const query = [...ais, ...weights].map((ai) => `${ai}=000001`).join('&');
  expect(() => parseLink(`https://a/01/09520123456788?${query}`)).toThrow('more than 64');
});

const text = fc.stringMatching(/^[!"%-/0-9:-?A-Z_a-z]{1,12}$/);
const qualifiers = fc.subarray(['22', '10', '21']);
const attributes = fc.subarray(['99', '91', '240', '400']);
const encoded = (value: string) => encodeURIComponent(value).replaceAll("'", '%27');

/** Elements and the link that says them, written here without help of the code under test. */
const anyLink = fc
  .tuple(fc.constantFrom('', '/x', '/00/x', '/01/y/z'), qualifiers, attributes, text)
  .map(([stem, path, query, value]) => {
    const key = { ai: '01', value: '09520123456788' };
    const elements: Gs1Element[] = [key, ...[...path, ...query].map((ai) => ({ ai, value }))];
    const inPath = [key, ...path.map((ai) => ({ ai, value }))]
      .map((element) => `/${element.ai}/${encoded(element.value)}`)
      .join('');
    const inQuery = query.map((ai) => `${ai}=${encoded(value)}`).join('&');
    return { elements, link: `https://example.com${stem}${inPath}?${inQuery}` };
  });

test('whatever elements a link was made of, they come back', () => {
  fc.assert(
    fc.property(anyLink, ({ link, elements }) => {
      expect(parseLink(link)).toEqual(elements);
    }),
    { numRuns: 500 },
  );
});

const anyAi = fc.constantFrom(
  ...['01', '22', '10', '21', '235', '00', '414', '254', '99', '17', '37', '89', 'lot'],
);
const anyValue = fc.constantFrom(
  ...[
    '09520123456788',
    '9520123456788',
    '106141411234567897',
    'A',
    '5',
    '260200',
    'A%2FB',
    'A%2',
    '',
  ],
);
const pairs = (write: (ai: string, value: string) => string, by: string) =>
  fc
    .array(fc.tuple(anyAi, anyValue), { maxLength: 3 })
    .map((all) => all.map(([ai, value]) => write(ai, value)).join(by));
const starts = ['', '/01/09520123456788', '/00/106141411234567897', '/414/9520123456788/254/A'];
const anyPairs = fc
  .tuple(
    fc.constantFrom(...starts),
    pairs((ai, value) => `/${ai}/${value}`, ''),
    pairs((ai, value) => `${ai}=${value}`, '&'),
  )
  .map(([start, path, query]) => `https://a${start}${path}${query === '' ? '' : `?${query}`}`);

describe('a foreign encoder agrees', () => {
  /** It takes an element twice when both say the same. GS1's engine does not, nor do we. */
  const exceptions = [/stands twice/];
  const isEncoded = (link: string) => {
    try {
      bwip.raw('gs1dldatamatrix', link, {});
      return true;
    } catch (error) {
      if (/bwipp\.(?:GS1|position|end|invalidPos)/.test(String(error))) return false;
      throw error;
    }
  };
  const problemOf = (link: string) => {
    try {
      parseLink(link);
      return '';
    } catch (error) {
      return error instanceof ValueError ? error.message : '?';
    }
  };

  test('on links with few identifiers in any order', () => {
    const tally = { taken: 0, refused: 0 };
    fc.assert(
      fc.property(anyPairs, (uri) => {
        const problem = problemOf(uri);
        tally[problem === '' ? 'taken' : 'refused'] += 1;
        if (exceptions.some((known) => known.test(problem))) return;
        expect(isEncoded(uri), `${uri}: ${problem}`).toBe(problem === '');
      }),
      { numRuns: 1_500 },
    );
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(50);
  }, 60_000);
});

describe('scanned', () => {
  const link = 'https://wms.example.com/lu/00/106141411234567897';

  test.each([']Q1', ']d1', undefined])('as %s, a link to an SSCC names the load unit', (aim) => {
    expect(readCode(link, aim)).toEqual({ kind: 'sscc', sscc: '106141411234567897' });
  });

  test('a link to an article names none, and tells what it is', () => {
    expect(readCode('https://id.gs1.org/01/09520123456788/10/A', ']Q1')).toEqual({
      kind: 'gs1',
      elements: [
        { ai: '01', value: '09520123456788' },
        { ai: '10', value: 'A' },
      ],
    });
  });

  test.each([
    [link, ']C0', 'Longer than an LPN'],
    ['https://wms.example.com/lu/00/106141411234567890', ']Q1', '(00) has a wrong check digit'],
    ['https://example.com/shop/article', ']Q1', 'The path holds no GS1 key'],
  ])('%s as %s is malformed: %s', (code, aim, reason) => {
    expect(readCode(code, aim)).toEqual({ kind: 'malformed', reason });
  });

  test('a short address without a key may still be a number of the site', () => {
    expect(readCode('https://a.b/17', ']Q1')).toEqual({ kind: 'lpn', loadUnit: 'https://a.b/17' });
  });
});
