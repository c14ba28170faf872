import { describe, expect, test } from 'vitest';
import { isDate, isoDate } from '../../src/domain/gs1-calendar.ts';
import { parseElements } from '../../src/domain/gs1-elements.ts';
import { elementKinds } from '../../src/domain/gs1-table.ts';
import { tellElements, tellValue } from '../../src/domain/gs1-values.ts';

/** Source: GS1 General Specifications, section 7.12; the years on both sides of each border. */
describe('a year of two digits', () => {
  test.each([
    [2026, '75', '2075'],
    [2026, '76', '2076'],
    [2026, '77', '1977'],
    [2026, '99', '1999'],
    [2026, '00', '2000'],
    [2050, '00', '2100'],
    [2051, '00', '2100'],
    [2051, '01', '2101'],
    [2051, '02', '2002'],
    [2099, '48', '2148'],
    [2099, '49', '2149'],
    [2099, '50', '2050'],
    [2100, '51', '2051'],
    [2100, '50', '2150'],
  ])('read in %i, %s is %s', (yearNow, year, expected) => {
    expect(isoDate(`${year}0131`, yearNow)).toBe(`${expected}-01-31`);
  });

  test('is never more than 49 years back nor 50 ahead', () => {
    for (let yearNow = 2000; yearNow < 2200; yearNow += 1) {
      for (let year = 0; year < 100; year += 1) {
        const text = isoDate(`${String(year).padStart(2, '0')}0101`, yearNow);
        const away = Number(text.slice(0, 4)) - yearNow;
        expect(away, `${year} in ${yearNow}`).toBeGreaterThanOrEqual(-49);
        expect(away, `${year} in ${yearNow}`).toBeLessThanOrEqual(50);
      }
    }
  });
});

test.each([
  ['260200', '2026-02-28'],
  ['240200', '2024-02-29'],
  ['000200', '2000-02-29'],
  ['261200', '2026-12-31'],
  ['20000200', '2000-02-29'],
  ['19000200', '1900-02-28'],
])('day 00 of %s is %s', (date, expected) => {
  expect(isDate(date, 0)).toBe(true);
  expect(isDate(date, 1)).toBe(false);
  expect(isoDate(date, 2026)).toBe(expected);
});

test.each([
  ['3103', '001250', '1.250'],
  ['3100', '001250', '1250'],
  ['3100', '000000', '0'],
  ['3105', '000001', '0.00001'],
  ['3922', '0299', '2.99'],
  ['3929', '5', '0.000000005'],
  ['3932', '9780299', '978 2.99'],
  ['3940', '0050', '50'],
  ['3953', '012345', '12.345'],
  ['17', '260200', '2026-02-28'],
  ['7003', '2602282359', '2026-02-28 23:59'],
  ['7007', '260101260131', '2026-01-01 2026-01-31'],
  ['7007', '260101', '2026-01-01'],
  ['8008', '26010112', '2026-01-01 12'],
  ['8005', '000123', '000123'],
  ['10', '00017', '00017'],
  ['00', '106141411234567897', '106141411234567897'],
])('(%s)%s is told as %s', (ai, value, expected) => {
  expect(elementKinds.has(ai)).toBe(true);
  expect(tellValue({ ai, value }, 2026)).toBe(expected);
});

test('a code is told as the names of its elements and their values', () => {
  const elements = parseElements('0109506000134352172602003103001250' + '10ABC-1');
  expect(tellElements(elements, 2026)).toBe(
    'GTIN 09506000134352, USE BY or EXPIRY 2026-02-28, NET WEIGHT (kg) 1.250, BATCH/LOT ABC-1',
  );
});
