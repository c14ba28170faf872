import { describe, expect, test } from 'vitest';
import { escapeHex, writeData } from '../../devices/zpl-printer/zpl.ts';
import { ValueError } from '../../src/domain/errors.ts';
import { fuzzField } from '../lib/label-fuzz.ts';
import { everyKind, shippedTemplates } from '../lib/labels.ts';

const fields = [...shippedTemplates, everyKind].flatMap((template) =>
  template.takes.map((field) => ({ template, field, name: template.name })),
);

describe('whatever a field is filled with, the label has the same commands', () => {
  test('every field of every template is tried', () => {
    expect(fields.length).toBeGreaterThan(20);
  });

  test.each(fields)('$field of $name', ({ template, field }) => {
    const { printed, refused, broken } = fuzzField(template, field, { runs: 2_000, seed: 7 });
    expect(broken).toBeUndefined();
    expect(printed + refused).toBe(2_000);
    // A field that refused everything would prove nothing.
    expect(printed).toBeGreaterThan(0);
  });
});

describe('what a field holds', () => {
  const written = (data: string, symbology: Parameters<typeof writeData>[1]) =>
    escapeHex(writeData(data, symbology));

  test.each([
    ['text', 'Müller_^~\\', 'M_C3_BCller_5F_5E_7E_5C'],
    ['block', 'a\\&b', 'a_5C_5C&b'],
    ['code128', 'A>B', 'A>B'],
    ['dataMatrix', 'a_1', 'a_5F_5F1'],
    ['qr', 'https://x/?a=b', 'https://x/?a=b'],
    ['qrLink', 'A/b c?ü', 'A%2Fb%20c%3F%C3%BC'],
    ['qrLink', "!'()*", '%21%27%28%29%2A'],
    ['qrLink', '\ud800', '%EF%BF%BD'],
    ['sscc17', '10614141123456789', '10614141123456789'],
  ] as const)('in a %s field, %j is written as %j', (symbology, data, expected) => {
    expect(written(data, symbology)).toBe(expected);
  });

  test.each([
    ['text', '\x10'],
    ['qr', '\x1e'],
    ['code128', 'ü'],
    ['code128', '\x1f'],
    ['gs1-128', '(10)X'],
    ['gs1-128', 'A>8'],
    ['dataMatrix', 'ü'],
    ['gs1DataMatrix', 'A_110B'],
    ['gs1DataMatrix', 'A\x1d10B'],
    ['sscc17', '1 2'],
  ] as const)('a %s field does not take %j', (symbology, data) => {
    expect(() => written(data, symbology)).toThrow(ValueError);
  });

  test.each([
    ['x', 3_072],
    ['^', 1_024],
    ['€', 341],
  ])('of %s, a field takes %i and no more', (character, most) => {
    expect(written(character.repeat(most), 'text').length).toBeLessThanOrEqual(3_072);
    expect(() => written(character.repeat(most + 1), 'text')).toThrow(ValueError);
  });
});
