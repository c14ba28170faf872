import bwip from 'bwip-js/node';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate, render, symbolsOf } from '../../devices/zpl-printer/index.ts';
import {
  code128Modules,
  dataMatrixModules,
  qrModules,
} from '../../devices/zpl-printer/symbol-size.ts';
import { ssccOf } from '../../simulators/zpl-printer/label-text.ts';
import { ConfigError, ValueError } from '../../src/domain/errors.ts';
import { shippedTemplates } from '../lib/labels.ts';

const sscc = '340123450000000000';
const named = (name: string) => {
  const found = shippedTemplates.find((template) => template.name === name);
  if (found === undefined) throw new Error(`no template ${name}`);
  return found;
};
const label = named('sscc-a6.zpl');
const contents = named('contents-a6.zpl');

test('a label says what it needs, and leaves out what it was not given', () => {
  expect(label).toMatchObject({
    needs: ['sscc'],
    takes: ['site', 'date', 'loadUnit', 'sscc', 'reprint'],
  });
  const zpl = render(label, { sscc, loadUnit: 'TOTE-1', unknown: 'x' });
  expect(zpl).toContain('^FH_^FDTOTE-1^FS');
  expect(zpl).toContain(`^BCN,256,N,N,N,D^FH_^FD(00)${sscc}^FS`);
  expect(zpl).not.toMatch(/\{\{|\^FX/);
  expect(ssccOf(zpl)).toBe(sscc);
  expect(() => render(label, { loadUnit: 'TOTE-1' })).toThrow('needs more than was given');
  expect(render(label, { sscc })).toContain('^FH_^FD^FS');
});

test('the shipped labels have every kind of bar code', () => {
  const kinds = shippedTemplates.flatMap((template) => symbolsOf(template, template.sample));
  expect(new Set(kinds.map(({ aim }) => aim))).toEqual(new Set([']C0', ']C1', ']Q1', ']d2']));
});

describe('a label is refused', () => {
  test.each([
    ['an SSCC with a wrong check digit', label, { sscc: '340123450000000001' }, 'check digit'],
    ['an element smuggled in', label, { sscc: `${sscc}(10)EVIL` }, 'cannot hold this'],
    ['a separator smuggled in', label, { sscc: `${sscc}>8` }, 'cannot hold this'],
    ['a day that is none', contents, { expiry: '260230' }, '(17) is no date'],
    ['a batch with a character of no GS1 code', contents, { lot: 'A#1' }, 'cannot hold this'],
    ['a bar code wider than the label', contents, { lot: 'ABCDEFGHIJKLMNOP' }, 'dots wide'],
    ['an empty bar code', named('location-100x50.zpl'), { location: '' }, 'would be empty'],
  ])('for %s', (_, template, data, problem) => {
    const act = () => render(template, { ...template.sample, ...data });
    expect(act).toThrow(ValueError);
    expect(act).toThrow(problem);
  });
});

const head = '^XA^CI28^PW800^LL400';
const sample = '^FX sample a=1\n';
const field = (commands: string) => `${head}${sample}^FO1,1${commands}^FS^XZ`;

test.each([
  [`${head}^FO1,1^FDx^FS`, 'x.zpl:1 must be one label, ^XA to ^XZ'],
  [`${head}^XZ^XA^XZ`, 'x.zpl:1 must be one label, ^XA to ^XZ'],
  ['^XA^PW8^LL8\n^FO1,1^FDx^FS^XZ', 'x.zpl:1 needs ^CI28'],
  ['^XA^CI28^XZ', 'x.zpl:1 needs ^PW and ^LL'],
  [`${head}\n~JA^XZ`, 'x.zpl:2 ^~JA may not stand in a label'],
  [`${head}\n\n^JUF^XZ`, 'x.zpl:3 ^JU may not stand in a label'],
  [`${head}^PQ5^XZ`, '^PQ may not stand in a label'],
  [`${head}^DFR:T.ZPL^XZ`, '^DF may not stand in a label'],
  [field('^FH_^FD{{a}}'), '^FH is put in by itself'],
  [`${head}^FO{{x}},1^FS^XZ`, 'only the data of a field (^FD) may hold {{name}}'],
  [`${head}^FX{{x}}^XZ`, 'only the data of a field (^FD) may hold {{name}}'],
  [field('^FD{{ a }}'), 'is no {{name}}'],
  [field('^FDx\ny'), 'goes over a line end'],
  [field('^BXN,8,200^FD{{a}}'), '^BX needs _ as its 7th parameter'],
  [field('^BXN,8,140,,,,_^FD{{a}}'), '^BX needs quality 200'],
  [field('^BCN,100,N,N,N,N^FD{{a}}'), '^BC needs a mode'],
  [field('^BCN,100^FD{{a}}'), '^BC needs a mode'],
  [field('^BQN,1,6^FDMA,{{a}}'), '^BQ needs N,2'],
  [field('^BQN,2,6^FD{{a}}'), 'the data of a QR code begin with MA,'],
  [`${head}${sample}^FO1,1^FD{{a}}\n^FO1,50^FDx^FS^XZ`, 'x.zpl:3 the field before it does not end'],
  [`${head}${sample}^FO1,1^FD{{a}}^XZ`, 'the field before it does not end'],
  [`${head}${sample}^FD{{a}}^FS^XZ`, '^FD needs ^FO or ^FT before it'],
  [field('^FD{{a}}^FDx'), 'no other ^FD'],
  [`${head}^FS^XZ`, '^FS ends no field'],
  [`${head}^FO801,1^FDx^FS^XZ`, '^FO lies outside of ^PW and ^LL'],
  [`${head}^FO1,x^FDx^FS^XZ`, '^FO lies outside of ^PW and ^LL'],
  [`${head}^FO700,1^GB200,4,4^FS^XZ`, '^GB lies outside of ^PW and ^LL'],
  [field('^A0N,30,30^FB900,1,0,C^FD{{a}}'), '^FB lies outside of ^PW and ^LL'],
  [`${head}^FX sample lot=1\n^FO1,1^FD{{lott}}^FS^XZ`, 'did you mean "lot"?'],
  [`${head}^FX sample lot=1\n^FO1,1^FDx^FS^XZ`, 'no field uses the sample "lot"'],
  [field('^BCN,100,N,N,N,D^FD(29){{a}}'), 'does not take its own sample'],
  [field('^BCN,100,N,N,N,D^FD(10){{a}}'), '(10) needs one of (01)'],
  [
    field('^BCN,100,N,N,N,D^FD(01)09506000134352(10){{a}}(17)260101'),
    '(10) needs >8 after it, or must be last',
  ],
  [field('^BCN,100,N,N,N,D^FD(01)09506000134352>8(10){{a}}'), '(01) needs no >8 after it'],
])('the template %j is refused: %s', (text, problem) => {
  expect(() => parseTemplate(text, 'x.zpl')).toThrow(ConfigError);
  expect(() => parseTemplate(text, 'x.zpl')).toThrow(problem);
});

test('a template with more text in a field than printers take is refused', () => {
  const text = field(`^FD${'x'.repeat(3_072)}{{a}}`);
  expect(() => parseTemplate(text, 'x.zpl')).toThrow('longer than 3072 bytes');
});

describe('the size of a symbol', () => {
  test('of Code 128 is what a foreign encoder needs', () => {
    const text = fc.string({
      unit: fc.constantFrom('0', '1', '2', 'A', 'b', ' '),
      minLength: 1,
      maxLength: 24,
    });
    fc.assert(
      fc.property(text, (data) => {
        const [drawn] = bwip.raw('code128', data, {}) as unknown as [{ sbs: number[] }];
        const modules = drawn.sbs.reduce((sum, width) => sum + width, 0);
        expect(code128Modules(data)).toBeLessThanOrEqual(modules);
        expect(modules - code128Modules(data)).toBeLessThanOrEqual(11);
      }),
      { numRuns: 300 },
    );
  });

  test.each([1, 14, 15, 42, 100, 500, 2_331])('of a QR code for %i bytes is no less', (bytes) => {
    const text = 'a'.repeat(bytes);
    const [drawn] = bwip.raw('qrcode', text, { eclevel: 'M' } as never) as unknown as [
      { pixx: number },
    ];
    expect(qrModules(bytes)).toBe(drawn.pixx);
  });

  test.each([1, 3, 4, 18, 62, 100, 1_558])('of a Data Matrix for %i bytes is no less', (bytes) => {
    const text = '~!'.repeat(bytes).slice(0, bytes);
    const [drawn] = bwip.raw('datamatrix', text, {}) as unknown as [{ pixx: number }];
    expect(dataMatrixModules(Buffer.from(text)) ?? 0).toBeGreaterThanOrEqual(drawn.pixx);
  });

  test('is none for what no symbol holds', () => {
    expect(qrModules(2_332)).toBeUndefined();
    expect(dataMatrixModules(Buffer.alloc(780, 200))).toBeUndefined();
  });
});
