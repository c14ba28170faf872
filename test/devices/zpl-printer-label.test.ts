import { afterAll, expect, test } from 'vitest';
import { type LabelTemplate, parseTemplate, render } from '../../devices/zpl-printer/index.ts';
import { createRenderer, type Renderer } from '../../simulators/zpl-printer/render.ts';
import { compareSymbols, readSymbols } from '../../src/cli/label-drawing.ts';
import { ValueError } from '../../src/domain/errors.ts';
import { makeSscc, readCode } from '../../src/domain/gs1.ts';
import { shippedTemplates } from '../lib/labels.ts';
import { hostileData } from '../vectors/zpl-printer.ts';

/** Labels drawn by a foreign renderer and read by a foreign decoder: neither knows anything of ours. */
let current: { readonly size: string; readonly renderer: Renderer } | undefined;

/** One renderer at a time: each takes a quarter of a gigabyte, and draws labels of one size. */
async function draw(template: LabelTemplate, data: Readonly<Record<string, string>>) {
  const [widthMm, heightMm] = [template.widthDots / 8, template.heightDots / 8];
  const size = `${widthMm} x ${heightMm}`;
  if (current?.size !== size) {
    await current?.renderer.close();
    current = { size, renderer: createRenderer({ widthMm, heightMm, dotsPerMm: 8 }) };
  }
  return current.renderer.render(render(template, data));
}
afterAll(() => current?.renderer.close());

async function verdicts(template: LabelTemplate, data: Readonly<Record<string, string>>) {
  return compareSymbols(template, data, await readSymbols(await draw(template, data)));
}

const shipped = shippedTemplates.map((template) => ({ name: template.name, template }));

test.each(shipped)(
  '$name is read as the sample that it was printed for',
  async ({ template }) => {
    const found = await verdicts(template, template.sample);
    expect(found.length).toBeGreaterThan(0);
    expect(found.filter(({ ok }) => !ok)).toEqual([]);
  },
  180_000,
);

test('a label with an SSCC names its load unit', async () => {
  const template = shippedTemplates.find(({ name }) => name === 'sscc-a6.zpl');
  if (template === undefined) throw new Error('no such template');
  const sscc = makeSscc({ extension: 3, companyPrefix: '4012345' }, 42);
  const [read] = await readSymbols(await draw(template, { sscc }));
  expect(readCode(read?.bytes.toString('latin1') ?? '', read?.aim)).toEqual({ kind: 'sscc', sscc });
}, 180_000);

test('a bar code that is not what it should be is said to be wrong', async () => {
  const template = shippedTemplates.find(({ name }) => name === 'location-100x50.zpl');
  if (template === undefined) throw new Error('no such template');
  const read = await readSymbols(await draw(template, { location: 'A01-L-001-03-1', check: '47' }));
  const wanted = { location: 'A01-L-001-03-2', check: '47' };
  expect(compareSymbols(template, wanted, read)).toEqual([
    {
      aim: ']C0',
      expected: Buffer.from('A01-L-001-03-2'),
      read: Buffer.from('A01-L-001-03-1'),
      ok: false,
    },
  ]);
  expect(compareSymbols(template, wanted, [])).toMatchObject([{ read: undefined, ok: false }]);
  const twice = compareSymbols(template, template.sample, [...read, ...read]);
  expect(twice.map(({ ok }) => ok)).toEqual([true, false]);
}, 180_000);

/** Fields that are only text may hold anything; those of bar codes hold it, or refuse it. */
test.each(shipped)(
  '$name filled with hostile data still has its bar codes and no other, or is refused',
  async ({ template }) => {
    let printed = 0;
    for (const [index, name] of template.takes.entries()) {
      for (const of of [0, 1]) {
        const value = hostileData[(index * 2 + of) % hostileData.length] ?? '';
        const data = { ...template.sample, [name]: value };
        try {
          render(template, data);
        } catch (error) {
          expect(error).toBeInstanceOf(ValueError);
          continue;
        }
        const wrong = (await verdicts(template, data)).filter(({ ok }) => !ok);
        expect(wrong, `${name}: ${JSON.stringify(value)}`).toEqual([]);
        printed += 1;
      }
    }
    expect(printed).toBeGreaterThan(1);
  },
  180_000,
);

const symbols = {
  'Code 128': '^BY3^BCN,120,N,N,N,A^FD{{code}}',
  'Data Matrix': '^BXN,8,200,,,,_^FD{{code}}',
  'QR code': '^BQN,2,6^FDMA,{{code}}',
  'QR link': '^BQN,2,6^FDMA,https://example.com/{{code}}?{{code}}',
  'GS1-128': '^BY2^BCN,120,N,N,N,D^FD(01)09506000134352(240){{code}}>8(99){{code}}',
  'GS1 Data Matrix': '^BXN,8,200,,,,_^FD_1010950600013435222{{code}}',
};
// No `_` in a Data Matrix: the guide has it doubled there, which this renderer does not undo.
const awkward = ['A>B>5C', 'X^Y~Z\\', 'TOTE-0017', '(10)a%20', 'ü€', 'A+B/C'];

test.each(
  Object.entries(symbols).flatMap(([name, zpl]) =>
    awkward.map((code) => [name, code, zpl] as const),
  ),
)(
  '%s gives %j back as it is, or refuses it',
  async (name, code, zpl) => {
    const start = '^XA^CI28^PW1200^LL400^FX sample code=A1\n^FO60,60';
    const template = parseTemplate(`${start}${zpl}^FS^XZ`, name);
    try {
      render(template, { code });
    } catch (error) {
      expect(error).toBeInstanceOf(ValueError);
      return;
    }
    expect((await verdicts(template, { code })).map(({ ok }) => ok)).toEqual([true]);
  },
  90_000,
);

test('what shows no label is refused', async () => {
  const renderer = createRenderer({ widthMm: 105, heightMm: 148, dotsPerMm: 8 });
  await expect(renderer.render('^FDno label')).rejects.toThrow('cannot be drawn');
  await renderer.close();
}, 30_000);
