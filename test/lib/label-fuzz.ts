import { type LabelTemplate, render } from '../../devices/zpl-printer/index.ts';
import { commandsOf } from '../../devices/zpl-printer/zpl.ts';
import { ValueError } from '../../src/domain/errors.ts';
import { seededRandom } from '../../src/machine/random.ts';
import type { Random } from '../../src/ports/random.ts';
import { hostileData } from '../vectors/zpl-printer.ts';

export interface LabelFuzz {
  readonly printed: number;
  readonly refused: number;
  /** A value with which the label had other commands than with its sample; undefined where none had. */
  readonly broken: string | undefined;
}

/** What means something to a printer, a symbology, UTF-8, a regular expression or a template. */
const fragments = [
  ...hostileData,
  ...[
    '^',
    '~',
    '_',
    '\\',
    '>',
    '(',
    ')',
    '{',
    '}',
    '{{',
    '}}',
    '$&',
    '$1',
    '%',
    '%5E',
    '&',
    '/',
    '?',
  ],
  ...[
    'FS',
    'XZ',
    'XA',
    'FD',
    'JA',
    'CC',
    '_5E',
    '_7E',
    '__',
    '>8',
    '>0',
    '(10)',
    '\\&',
    'MA,',
    '_1',
  ],
  ...['0', '12', '34012345000000001', '09506000134352', 'A', 'z', ' ', '\n', '\r', '\t', '\0'],
  ...[
    '\x10',
    '\x1d',
    '\x1e',
    '\x1f',
    '\x7f',
    '\u0080',
    'ü',
    '€',
    '日',
    '\ud83d\ude00',
    '\ud800',
    '\ufffe',
  ],
];

/** Commands in their order with all that is not data: it must not depend on data. */
const structureOf = (zpl: string): string =>
  commandsOf(zpl)
    .map(({ name, parameters }) => (name === 'FD' ? name : name + parameters))
    .join('\n');

/** Puts random and hostile values into one field of a label; the others hold their samples. */
export function fuzzField(
  template: LabelTemplate,
  field: string,
  { runs, seed }: { readonly runs: number; readonly seed: number },
): LabelFuzz {
  const random = seededRandom(seed);
  const plain = structureOf(render(template, template.sample));
  let [printed, refused] = [0, 0];
  for (let run = 0; run < runs; run += 1) {
    const value = draw(random, template.sample[field] ?? '');
    try {
      const zpl = render(template, { ...template.sample, [field]: value });
      printed += 1;
      if (structureOf(zpl) !== plain || !/^[\x20-\x7e]*$/.test(zpl)) {
        return { printed, refused, broken: value };
      }
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      refused += 1;
    }
  }
  return { printed, refused, broken: undefined };
}

/** Now and then the sample itself, so that fields with strict checks are filled, too. */
function draw(random: Random, sample: string): string {
  if (random.u32() % 16 === 0) return sample;
  return Array.from({ length: random.u32() % 9 }, () =>
    random.u32() % 4 === 0
      ? String.fromCharCode(random.u32() % 0x10000)
      : fragments[random.u32() % fragments.length],
  ).join('');
}
