import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate, render } from '../../devices/zpl-printer/index.ts';
import { checkLabel, commandsOf, escapeData } from '../../devices/zpl-printer/zpl.ts';
import { ssccOf } from '../../simulators/zpl-printer/label-text.ts';
import { ConfigError, ValueError } from '../../src/domain/errors.ts';
import { hostileData } from '../vectors/zpl-printer.ts';

const file = 'config/labels/sscc-a6.zpl';
const sscc = '340123450000000000';
const template = parseTemplate(readFileSync(file, 'utf8'), file);
const everyKind = parseTemplate(
  `^XA^CI28
   ^FO1,1^A0N,30,30^FDText {{a}}^FS
   ^FO1,50^A0N,30,30^FB300,2,0,C^FDBlock {{a}}^FS
   ^FO1,100^BXN,8,200,,,,_^FD_1{{a}}^FS
   ^FO1,200^BQN,2,6^FDMA,{{a}}^FS
   ^FO1,300^BCN,100,N,N,N,A^FD{{code}}^FS
   ^FO1,400^BCN,100^FD{{code}}^FS^XZ`,
  'every-kind.zpl',
);
const namesOf = (zpl: string) => commandsOf(zpl).map(({ name }) => name);
describe('data in a label', () => {
  const anyData = fc.oneof(
    fc.constantFrom(...hostileData),
    fc.string({
      unit: fc.constantFrom(
        '^',
        '~',
        '_',
        '\\',
        '>',
        'F',
        'S',
        'X',
        'Z',
        '5',
        'E',
        ',',
        '\n',
        'ü',
        '\x1f',
        '{',
      ),
    }),
    fc.string({ unit: 'binary' }),
  );

  test('never becomes a command', () => {
    const plain = namesOf(render(everyKind, { a: 'plain', code: 'plain' }));
    expect(plain.filter((name) => name === 'FD')).toHaveLength(6);
    fc.assert(
      fc.property(anyData, anyData, (a, code) => {
        try {
          const zpl = render(everyKind, { a, code });
          expect(namesOf(zpl)).toEqual(plain);
          expect(zpl).toMatch(/^[\x20-\x7e]*$/);
          checkLabel(zpl);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      }),
      { numRuns: 1_000 },
    );
  });

  test('is either the SSCC that was given or refused', () => {
    fc.assert(
      fc.property(anyData, (data) => {
        try {
          const zpl = render(template, { sscc, loadUnit: data });
          expect(ssccOf(zpl)).toBe(sscc);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
        }
      }),
    );
    for (const wrong of [`${sscc}(10)EVIL`, `${sscc}>8`, '^XZ', `${sscc} `]) {
      expect(() => render(template, { sscc: wrong, loadUnit: 'X' })).toThrow(ValueError);
    }
  });
});

describe('what a field holds', () => {
  test.each([
    ['text', 'Müller_^~\\', 'M_C3_BCller_5F_5E_7E_5C'],
    ['block', 'a\\&b', 'a_5C_5C&b'],
    ['code128Manual', 'A>B', 'A>0B'],
    ['code128', 'A>B', 'A>B'],
    ['dataMatrix', 'a_1', 'a_5F_5F1'],
    ['qr', 'https://x/?a=b', 'https://x/?a=b'],
    ['sscc17', '10614141123456789', '10614141123456789'],
  ] as const)('in a %s field, %j is written as %j', (symbology, data, written) => {
    expect(escapeData(data, symbology)).toBe(written);
  });

  test.each([
    ['text', '\x10'],
    ['qr', '\x1e'],
    ['code128', 'ü'],
    ['code128', '\x1f'],
    ['gs1-128', '(10)X'],
    ['gs1-128', 'A>8'],
    ['sscc17', '1 2'],
    ['text', 'x'.repeat(3_073)],
  ] as const)('a %s field does not take %j', (symbology, data) => {
    expect(() => escapeData(data, symbology)).toThrow(ValueError);
  });
});

describe('a template', () => {
  test('tells what it needs, and leaves out what it was not given', () => {
    expect(template).toMatchObject({
      needs: ['sscc'],
      takes: ['site', 'date', 'loadUnit', 'sscc'],
    });
    const zpl = render(template, { sscc, loadUnit: 'TOTE-1', unknown: 'x' });
    expect(zpl).toContain('^FH_^FDTOTE-1^FS');
    expect(zpl).toContain(`^BCN,256,N,N,N,D^FH_^FD(00)${sscc}^FS`);
    expect(zpl).not.toContain('{{');
    expect(() => render(template, { loadUnit: 'TOTE-1' })).toThrow(ValueError);
    expect(render(template, { sscc })).toContain('^FH_^FD^FS');
  });

  test.each([
    ['^XA^CI28^FD{{a}}^FS', 'x.zpl:1 must be one label, ^XA to ^XZ'],
    ['^XA^CI28^FS^XZ^XA^XZ', 'x.zpl:1 must be one label, ^XA to ^XZ'],
    ['^XA\n^FDx^FS^XZ', 'x.zpl:1 needs ^CI28'],
    ['^XA^CI28\n~JA^XZ', 'x.zpl:2 ^~JA may not stand in a label'],
    ['^XA^CI28\n\n^JUF^XZ', 'x.zpl:3 ^JU may not stand in a label'],
    ['^XA^CI28^PQ5^XZ', '^PQ may not stand in a label'],
    ['^XA^CI28^DFR:T.ZPL^XZ', '^DF may not stand in a label'],
    ['^XA^CI28^FH_^FDx^FS^XZ', '^FH is put in by itself'],
    ['^XA^CI28^FO{{x}},1^FS^XZ', 'only the data of a field (^FD) may hold {{name}}'],
    ['^XA^CI28^FX{{x}}^XZ', 'only the data of a field (^FD) may hold {{name}}'],
    ['^XA^CI28^FD{{ x }}^FS^XZ', 'is no {{name}}'],
    ['^XA^CI28^FDx\ny^FS^XZ', 'goes over a line end'],
    ['^XA^CI28^BXN,8,200^FDx^FS^XZ', '^BX needs _ as its 7th parameter'],
  ])('%j is refused: %s', (text, problem) => {
    expect(() => parseTemplate(text, 'x.zpl')).toThrow(ConfigError);
    expect(() => parseTemplate(text, 'x.zpl')).toThrow(problem);
  });
});

test.each([
  ['two labels', '^XA^XZ^XA^XZ'],
  ['no end', '^XA^FDx^FS'],
  ['something before', '~JA^XA^XZ'],
  ['something after', '^XA^XZ~JR'],
  ['a command that is not on the list', '^XA^JUF^XZ'],
  ['a command at once', '^XA^FDx~JA^FS^XZ'],
  ['another escape sign', '^XA^FH#^FDx^FS^XZ'],
  ['raw bytes', '^XA^FDü^FS^XZ'],
  ['too much', `^XA${'^FS'.repeat(30_000)}^XZ`],
])('a label with %s is not sent', (_, zpl) => {
  expect(() => checkLabel(zpl)).toThrow(ValueError);
});
