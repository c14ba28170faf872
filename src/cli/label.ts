import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { didYouMean } from '../config/did-you-mean.ts';
import { CommandFailure } from './failure.ts';
import type { SymbolVerdict } from './label-drawing.ts';
import { registerPrint } from './label-print.ts';
import { common, say, show, table } from './output.ts';

type LabelData = Readonly<Record<string, string>>;

interface Fields {
  readonly field: LabelData;
  readonly sample?: boolean;
}

const folder = 'config/labels';

export function register(program: Command): void {
  const label = program
    .command('label')
    .description('draws labels without a printer, reads their bar codes back, prints them');
  registerPrint(label, withFields);
  withFields(label.command('render <template>'))
    .description('draw a label as its printer would')
    .requiredOption('-o, --out <file>', 'the picture, a PNG with one pixel for each dot')
    .action(async (name: string, fields: Fields & { out: string }, command: Command) => {
      const { template, data } = await filled(name, fields);
      const { drawLabel } = await import('./label-drawing.ts');
      writeFileSync(fields.out, await drawLabel(template, data));
      const { widthDots, heightDots } = template;
      say(common(command), `${fields.out}: ${template.name}, ${widthDots} x ${heightDots} dots`);
    });
  withFields(label.command('verify <template>'))
    .description('draw a label, and read every bar code of it with a foreign decoder')
    .action(async (name: string, fields: Fields, command: Command) => {
      const { template, data } = await filled(name, fields);
      const { drawLabel, readSymbols, compareSymbols } = await import('./label-drawing.ts');
      const read = await readSymbols(await drawLabel(template, data));
      const verdicts = compareSymbols(template, data, read);
      show(common(command), verdicts.map(asRow), () => verdictTable(verdicts));
      const wrong = verdicts.filter(({ ok }) => !ok).length;
      if (wrong > 0) {
        const advice =
          'Give the bar code more room or wider modules, and see it with "label render".';
        throw new CommandFailure('findings', `${wrong} of ${verdicts.length} bar codes are wrong`, {
          advice,
        });
      }
    });
}

const withFields = (command: Command): Command =>
  command
    .option('-f, --field <name=value>', 'what stands there; may come again', addField, {})
    .option('--sample', 'for fields that are not given, the samples of the template')
    .addHelpText('after', `\nA name means ${folder}/<name>.zpl.`);

function addField(text: string, before: LabelData): LabelData {
  const end = text.indexOf('=');
  if (end < 1) throw new InvalidArgumentError('write it as name=value');
  return { ...before, [text.slice(0, end)]: text.slice(end + 1) };
}

async function filled(name: string, { field, sample = false }: Fields) {
  const { parseTemplate } = await import('../../devices/zpl-printer/index.ts');
  const path = existsSync(name) ? name : `${folder}/${name}.zpl`;
  if (!existsSync(path)) {
    const known = existsSync(folder)
      ? readdirSync(folder).map((file) => basename(file, '.zpl'))
      : [];
    const advice = `There are: ${known.join(', ')}`;
    throw new CommandFailure('notFound', `No label template "${name}"${didYouMean(name, known)}`, {
      advice,
    });
  }
  const template = parseTemplate(readFileSync(path, 'utf8'), path);
  const unknown = Object.keys(field).find((one) => !template.takes.includes(one));
  if (unknown !== undefined) {
    const hint = didYouMean(unknown, template.takes);
    throw new CommandFailure('usage', `${path} has no field "${unknown}"${hint}`, {
      advice: `It has: ${template.takes.join(', ')}`,
    });
  }
  const data: LabelData = { ...(sample ? template.sample : {}), ...field };
  const missing = template.needs.filter((one) => data[one] === undefined);
  if (missing.length > 0) {
    throw new CommandFailure('usage', `${path} needs ${missing.join(', ')}`, {
      advice: 'Give them with --field name=value, or take the samples with --sample.',
    });
  }
  return { template, data };
}

/** Bytes as they are, for programs; what is no printable ASCII is escaped for people. */
const asRow = ({ aim, expected, read, ok }: SymbolVerdict) => ({
  aim,
  ok,
  expectedHex: expected?.toString('hex'),
  readHex: read?.toString('hex'),
});

const visible = (bytes: Buffer | undefined): string | undefined =>
  bytes?.toString('latin1').replace(/[^\x20-\x7e]/g, (c) => `<${c.charCodeAt(0).toString(16)}>`);

const verdictTable = (verdicts: readonly SymbolVerdict[]): string =>
  table(verdicts, {
    code: ({ aim }) => aim,
    result: ({ ok, expected, read }) =>
      ok ? 'ok' : read === undefined ? 'not read' : expected === undefined ? 'too many' : 'wrong',
    expected: ({ expected }) => visible(expected),
    read: ({ read }) => visible(read),
  });
