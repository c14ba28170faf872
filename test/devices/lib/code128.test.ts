import bwipjs from 'bwip-js/node';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { code128Svg, code128Values } from '../../../devices/lib/code128.ts';
import { ValueError } from '../../../src/domain/errors.ts';
import { decodeSvg } from '../../lib/decode-svg.ts';

/** Bars and spaces in modules, as a drawing has them. */
function modulesOf(svg: string): string {
  const bars = [...svg.matchAll(/M(\d+) 0h(\d)/g)].map(([, at, width]) => [
    Number(at),
    Number(width),
  ]);
  const modules = Array<string>(Number(/viewBox="0 0 (\d+) 1"/.exec(svg)?.[1])).fill('0');
  for (const [at = 0, width = 0] of bars) modules.fill('1', at, at + width);
  return modules.join('');
}

/** The same by another program, told to stay in set B. */
function foreignModules(text: string): string {
  const [drawn] = bwipjs.raw('code128', text, { suppressc: true } as never) as unknown as [
    { sbs: number[] },
  ];
  const modules = drawn.sbs.map((width, i) => (i % 2 === 0 ? '1' : '0').repeat(width)).join('');
  return `${'0'.repeat(10)}${modules}${'0'.repeat(10)}`;
}

test('a code has start, check and stop', () => {
  // By hand: (104 + 33 * 1 + 41 * 2 + 45 * 3) mod 103 = 45.
  expect(code128Values('AIM')).toEqual([104, 33, 41, 45, 45, 106]);
});

const texts = fc.string({
  unit: fc.constantFrom(...'ABCXYZabcxyz-_.,:;()<>#+*/ ~`'),
  minLength: 1,
  maxLength: 30,
});

test('every code is drawn as another program draws it', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(modulesOf(code128Svg(text))).toBe(foreignModules(text));
    }),
    { numRuns: 300 },
  );
});

test('a decoder reads what was drawn', async () => {
  for (const text of ['CRANEWAY-TEST-1', 'CRANEWAY-SHIP', 'a~Z 09!"#'])
    expect(await decodeSvg(code128Svg(text))).toEqual([{ text, symbology: ']C0' }]);
});

test.each(['', 'Ä', 'A\n', 'x'.repeat(81)])('%j is refused', (text) => {
  expect(() => code128Svg(text)).toThrow(ValueError);
});
