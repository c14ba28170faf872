import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LimitError, ValueError } from '../../src/domain/errors.ts';
import { makeSscc, parseSscc, readCode, ssccCount } from '../../src/domain/gs1.ts';
import { checkDigit, hasCheckDigit } from '../../src/domain/gs1-check-digit.ts';
import { checkDigits } from '../vectors/gs1.ts';

const range = { extension: 3, companyPrefix: '4012345' };

describe('check digit', () => {
  test.each(checkDigits)('of %s is %i', (payload, digit) => {
    expect(checkDigit(payload)).toBe(digit);
    expect(hasCheckDigit(`${payload}${digit}`)).toBe(true);
    expect(hasCheckDigit(`${payload}${(digit + 1) % 10}`)).toBe(false);
  });

  test.each(['', 'A', '12 3', '-1', '१२'])('of %j does not exist', (payload) => {
    expect(() => checkDigit(payload)).toThrow(ValueError);
    expect(hasCheckDigit(`${payload}0`)).toBe(false);
  });

  test('one wrong digit never passes', () => {
    const key = fc.stringMatching(/^[0-9]{17}$/).map((text) => `${text}${checkDigit(text)}`);
    fc.assert(
      fc.property(key, fc.nat(17), fc.integer({ min: 1, max: 9 }), (right, index, by) => {
        const digit = (Number(right[index]) + by) % 10;
        expect(hasCheckDigit(right.slice(0, index) + digit + right.slice(index + 1))).toBe(false);
      }),
    );
  });
});

describe('SSCC', () => {
  test('is the extension digit, the company prefix, the serial number and the check digit', () => {
    expect(makeSscc({ extension: 1, companyPrefix: '0614141' }, 123_456_789)).toBe(
      '106141411234567897',
    );
    expect(makeSscc(range, 0)).toBe('340123450000000000');
  });

  test('is never made twice: every serial number of a range gives its own', () => {
    const serial = fc.integer({ min: 0, max: ssccCount(range) - 1 });
    fc.assert(
      fc.property(serial, serial, (one, other) => {
        const sscc = makeSscc(range, one);
        expect(parseSscc(sscc)).toBe(sscc);
        expect(makeSscc(range, other) === sscc).toBe(one === other);
      }),
    );
  });

  test.each([
    ['4012', 1e12],
    ['4012345', 1e9],
    ['401234567890', 1e4],
  ])('a range of prefix %s ends after %i numbers, and says so', (companyPrefix, count) => {
    const own = { extension: 3, companyPrefix };
    expect(makeSscc(own, count - 1)).toHaveLength(18);
    expect(() => makeSscc(own, count)).toThrow(LimitError);
  });

  test.each([
    [{ extension: 10, companyPrefix: '4012345' }, 0],
    [{ extension: -1, companyPrefix: '4012345' }, 0],
    [{ extension: 3, companyPrefix: '401' }, 0],
    [{ extension: 3, companyPrefix: '4012345678901' }, 0],
    [{ extension: 3, companyPrefix: '40 2345' }, 0],
    [range, -1],
    [range, 1.5],
    [range, Number.NaN],
  ])('is not made from %j and %d', (wrong, serial) => {
    expect(() => makeSscc(wrong, serial)).toThrow(ValueError);
  });

  test.each(['340123450000000005', '34012345000000004', '3401234500000000040', '', 'x'])(
    '%j is none',
    (text) => {
      expect(() => parseSscc(text)).toThrow(ValueError);
    },
  );
});

describe('a scanned code', () => {
  const sscc = '106141411234567897';
  const wrong = '106141411234567890';

  test.each([
    [`00${sscc}`, ']C1'],
    [`\x1d00${sscc}`, ']C1'],
    [`00${sscc}`, ']d2'],
    [`021234567890123137123\x1d00${sscc}`, ']C1'],
    [sscc, undefined],
    [`00${sscc}`, undefined],
  ])('%j read as %s names an SSCC', (code, aim) => {
    expect(readCode(code, aim)).toEqual({ kind: 'sscc', sscc });
  });

  test.each([
    ['TOTE-0017', undefined],
    ['TOTE-0017', ']C0'],
    ['TOTE-0017', ']A0'],
    // Not announced as GS1, so it is none, whatever it looks like.
    [`00${sscc}`, ']C0'],
    [sscc, ']I0'],
    // A number with a wrong check digit may be a site's own.
    [wrong, undefined],
    [`00${wrong}`, undefined],
    ['NoRead', undefined],
  ])('%j read as %s is an LPN', (code, aim) => {
    expect(readCode(code, aim)).toEqual({ kind: 'lpn', loadUnit: code });
  });

  test('of an article names no load unit', () => {
    expect(readCode('0109506000134352', ']C1')).toEqual({
      kind: 'gs1',
      elements: [{ ai: '01', value: '09506000134352' }],
    });
  });

  test.each([
    ['', undefined, 'Empty'],
    ['A'.repeat(21), undefined, 'Longer than an LPN'],
    ['TOTE\x00', undefined, 'Holds control characters'],
    ['TOTE\x1d1', undefined, 'Holds control characters'],
    ['TOTE 1', undefined, 'Holds characters that no LPN has'],
    [`00${wrong}`, ']C1', '(00) has a wrong check digit'],
    [sscc, ']C1', '(10) needs one of (01), (02), (03), (8006), (8026)'],
    ['TOTE-0017', ']C1', 'Unknown application identifier'],
  ])('%j read as %s is malformed: %s', (code, aim, reason) => {
    expect(readCode(code, aim)).toEqual({ kind: 'malformed', reason });
  });

  test('never throws and never names a load unit that cannot be one', () => {
    const aim = fc.constantFrom(undefined, ']C0', ']C1', ']d2');
    const code = fc.oneof(
      fc.string({ maxLength: 30 }),
      fc.string({ unit: fc.constantFrom('0', '1', '2', '\x1d'), maxLength: 40 }),
    );
    fc.assert(
      fc.property(code, aim, (text, symbology) => {
        const reading = readCode(text, symbology);
        if (reading.kind === 'lpn') expect(text).toMatch(/^[A-Za-z0-9._:/-]{1,20}$/);
        if (reading.kind === 'sscc') expect(parseSscc(reading.sscc)).toBe(reading.sscc);
      }),
    );
  });
});
