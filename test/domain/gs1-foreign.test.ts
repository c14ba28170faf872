import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import bwip from 'bwip-js/node';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { prepareZXingModule, readBarcodes } from 'zxing-wasm/reader';
import { ValueError } from '../../src/domain/errors.ts';
import { checkDigit } from '../../src/domain/gs1-check-digit.ts';
import {
  checkElement,
  checkTogether,
  type Gs1Element,
  parseElements,
  writeElements,
} from '../../src/domain/gs1-elements.ts';
import { elementKinds } from '../../src/domain/gs1-table.ts';
import { elementVectors } from '../vectors/gs1-checks.ts';

/** A foreign encoder with GS1's rules of its own (BWIPP), and a foreign decoder (ZXing). */

beforeAll(() => {
  const wasm = fileURLToPath(import.meta.resolve('zxing-wasm/reader/zxing_reader.wasm'));
  const wasmBinary = new Uint8Array(readFileSync(wasm)).buffer;
  // Its own bytes: by itself it would fetch them from a public server.
  prepareZXingModule({ overrides: { wasmBinary } });
});

/**
 * Where the encoder is known to differ, and why.
 * Its list of currencies is older: 924 is the Zimbabwe Gold of September 2024.
 */
const exceptions: readonly ((element: Gs1Element) => boolean)[] = [
  ({ ai, value }) => /^39[13]\d$/.test(ai) && value.startsWith('924'),
];

/** Identifiers in parentheses; what means something to the encoder goes as a number of three digits. */
const bracketed = (elements: readonly Gs1Element[]) =>
  elements
    .map(({ ai, value }) => {
      const escaped = value.replace(
        /[^A-Za-z0-9]/g,
        (c) => `^${String(c.charCodeAt(0)).padStart(3, '0')}`,
      );
      return `(${ai})${escaped}`;
    })
    .join('');

/** What the encoder finds wrong: nothing, or its name for it. */
function encoderSays(elements: readonly Gs1Element[], lintreqs = true): string {
  try {
    bwip.raw('gs1-128', bracketed(elements), { parse: true, lintreqs } as never);
    return '';
  } catch (error) {
    if (/bwipp\.(?:GS1|position|end|invalidPos)/.test(String(error))) return String(error);
    throw error;
  }
}

const isTakenByEncoder = (elements: readonly Gs1Element[]) => encoderSays(elements) === '';
/** Whether it takes the value; that companions are missing is another matter. */
const isHeldByEncoder = (element: Gs1Element) =>
  encoderSays([element], false).replace(/.*GS1missingAIs.*/, '') === '';

/** @param problem  only this one counts */
function isSound(check: () => void, problem = ''): boolean {
  try {
    check();
    return true;
  } catch (error) {
    if (error instanceof ValueError) return !error.message.includes(problem);
    throw error;
  }
}

const isTakenByUs = (elements: readonly Gs1Element[]) =>
  isSound(() => {
    for (const element of elements) checkElement(element);
    checkTogether(elements);
  });

const charactersOf = {
  N: '0123456789',
  X: '!"%&\'()*+,-./0123456789:;<=>?AZ_az',
  Y: '#-/0123456789AZ',
  Z: '-_09AZaz=',
} as const;

/** Few values that are often right: the rules are at their edges. */
const known: readonly [RegExp, readonly string[]][] = [
  [/date/, ['260101', '260200', '240229', '250229', '261332', '000000', '991231', '000229']],
  [/hour|time/, ['2359', '2400', '0000', '0060', '00', '24']],
  [/minute|second/, ['00', '59', '60']],
  [/country/, ['276', '999', '000', 'DE', 'AA']],
  [/currency/, ['978', '000', '924', '999']],
  [/piece|position/, ['0101', '0203', '0302', '0001', '1/2', '2/1', '01/']],
  [/IBAN/, ['GB82WEST12345698765432', 'GB83WEST12345698765432', 'XX82']],
  [/check char/, ['1987654Ad4X4bL5ttr2310c2K', '1987654Ad4X4bL5ttr2310c2L', 'A']],
  [/0 or 1|winding|minus|2 or 9/, ['0', '1', '2', '9', '-']],
  [/package|medium/, ['PE', '200', 'ZZZZ', '01', '11', '80']],
];

type Component = NonNullable<ReturnType<typeof elementKinds.get>>['components'][number];

const partOf = ({ characters, lengthMin, lengthMax, isOptional, linters }: Component) => {
  const problems = linters.map(({ problem }) => problem).join();
  const text = fc.string({
    unit: fc.constantFrom(...charactersOf[characters]),
    minLength: Math.max(0, lengthMin - 1),
    maxLength: Math.min(lengthMax + 1, lengthMin + 24),
  });
  const exact = fc.string({
    unit: fc.constantFrom(...charactersOf[characters]),
    minLength: lengthMin,
    maxLength: Math.min(lengthMax, lengthMin + 24),
  });
  const checked = exact.map((value) =>
    problems.includes('check digit')
      ? `${value.slice(0, -1)}${checkDigit(value.slice(0, -1))}`
      : value,
  );
  const values = known.find(([pattern]) => pattern.test(problems))?.[1] ?? [];
  return fc.oneof(
    { weight: 12, arbitrary: checked },
    { weight: values.length > 0 ? 20 : 0, arbitrary: fc.constantFrom(...values, '') },
    { weight: 1, arbitrary: text },
    { weight: isOptional ? 6 : 0, arbitrary: fc.constant('') },
  );
};

const elementOf = (ai: string): fc.Arbitrary<Gs1Element> =>
  fc
    .tuple(...(elementKinds.get(ai)?.components ?? []).map(partOf))
    .map((parts) => ({ ai, value: parts.join('') }))
    // An empty value cannot be written in parentheses.
    .filter(({ value }) => value !== '');

/** Of each row of the table its first identifier. */
const kinds = [...new Set(elementKinds.values())].map(
  (kind) => [...elementKinds].find(([, other]) => other === kind)?.[0] ?? '',
);
/** Those that need or exclude each other, so that a few drawn together often meet. */
const company = [
  '00',
  '01',
  '02',
  '37',
  '10',
  '17',
  '21',
  '8006',
  '8020',
  '415',
  '3103',
  '3104',
  '235',
];

const isExcepted = (elements: readonly Gs1Element[]) =>
  elements.some((element) => exceptions.some((fits) => fits(element)));

function compare(elements: readonly Gs1Element[], tally: Record<'taken' | 'refused', number>) {
  const isTaken = isTakenByUs(elements);
  tally[isTaken ? 'taken' : 'refused'] += 1;
  if (!isExcepted(elements)) expect(isTakenByEncoder(elements), bracketed(elements)).toBe(isTaken);
  if (isTaken) expect(parseElements(writeElements(elements))).toEqual(elements);
}

describe('a foreign encoder and we agree', () => {
  test('on what each identifier may hold', () => {
    const tally = { taken: 0, refused: 0 };
    for (const ai of kinds) {
      fc.assert(
        fc.property(elementOf(ai), (element) => {
          const isTaken = isSound(() => checkElement(element));
          tally[isTaken ? 'taken' : 'refused'] += 1;
          if (isExcepted([element])) return;
          expect(isHeldByEncoder(element), bracketed([element])).toBe(isTaken);
        }),
        { numRuns: 12 },
      );
    }
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(100);
  }, 60_000);

  test.each([...elementKinds.keys()])('on how long (%s) may be', (ai) => {
    const { components } = elementKinds.get(ai) ?? { components: [] };
    const longest = components.reduce((sum, { lengthMax }) => sum + lengthMax, 0);
    const [most, more] = [longest, longest + 1].map((length) => ({
      ai,
      value: '1'.repeat(length),
    }));
    if (most === undefined || more === undefined) throw new Error('never');
    const isTooLong = (element: Gs1Element) => !isSound(() => checkElement(element), 'is too long');
    expect([isTooLong(most), isTooLong(more)]).toEqual([false, true]);
    expect(
      [encoderSays([most]), encoderSays([more])].map((said) => /GS1valueTooLong#/.test(said)),
    ).toEqual([false, true]);
  });

  test('on which identifiers may stand together', () => {
    const tally = { taken: 0, refused: 0 };
    const sound = new Map<string, string>(
      Object.entries({
        '00': '106141411234567897',
        '01': '09506000134352',
        '02': '09506000134352',
      }),
    );
    const drawn = fc
      .shuffledSubarray(company, { minLength: 1, maxLength: 4 })
      .chain((ais) =>
        fc.tuple(
          ...ais.map((ai) =>
            sound.has(ai) ? fc.constant({ ai, value: sound.get(ai) ?? '' }) : elementOf(ai),
          ),
        ),
      );
    fc.assert(
      fc.property(drawn, (elements) => compare(elements, tally)),
      { numRuns: 1_500 },
    );
    expect(Math.min(tally.taken, tally.refused)).toBeGreaterThan(20);
  }, 60_000);

  test.each(elementVectors.filter((vector) => !isExcepted([{ ai: vector[0], value: vector[1] }])))(
    'on the vector (%s)%s',
    (ai, value, problem) => {
      expect(isHeldByEncoder({ ai, value })).toBe(problem === '');
    },
  );
});

test('what the encoder makes of our elements, a decoder reads back as our element string', async () => {
  const histories = fc.sample(
    fc
      .tuple(elementOf('10'), elementOf('21'), elementOf('17'), elementOf('240'))
      .map((rest) => [{ ai: '01', value: '09506000134352' }, ...rest]),
    { numRuns: 300, seed: 1 },
  );
  const sound = histories.filter(isTakenByUs).slice(0, 40);
  expect(sound).toHaveLength(40);
  for (const elements of sound) {
    const png = await bwip.toBuffer({
      bcid: 'gs1datamatrix',
      text: bracketed(elements),
      parse: true,
      scale: 3,
      padding: 4,
      backgroundcolor: 'FFFFFF',
    });
    const [read] = await readBarcodes(new Uint8Array(png), { tryHarder: true });
    expect(read?.symbologyIdentifier).toBe(']d2');
    const text = Buffer.from(read?.bytes ?? []).toString('latin1');
    expect(text).toBe(writeElements(elements));
    expect(parseElements(text)).toEqual(elements);
  }
}, 60_000);
