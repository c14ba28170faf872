import { ConfigError, ValueError } from '../../src/domain/errors.ts';
import { checkTogether } from '../../src/domain/gs1-elements.ts';
import { type LabelSymbol, symbolOf } from './label-symbol.ts';
import { type Field, type Placeholder, partsOf } from './template-parts.ts';
import { problemsOf, sampleProblems, samplesOf } from './template-problems.ts';
import { commandsOf, escapeHex, writeData, type ZplCommand } from './zpl.ts';

export type LabelData = Readonly<Record<string, string>>;

/** A label with places for data, checked when it was loaded. */
export interface LabelTemplate {
  readonly name: string;
  /** What must be given to print it. */
  readonly needs: readonly string[];
  /** What it prints where it is given. */
  readonly takes: readonly string[];
  /** Data to try it with, of everything that it takes. */
  readonly sample: LabelData;
  /** `^PW` and `^LL`. */
  readonly widthDots: number;
  readonly heightDots: number;
  readonly parts: readonly (string | Field)[];
}

/**
 * Reads a label template: ZPL with `{{name}}` in the data of fields, and `{{name?}}` where a
 * field stays empty when there is no such value. For each name it holds a comment `^FX sample name=value`.
 *
 * Hexadecimal escapes are put in when the label is rendered, so the template holds no `^FH`, and
 * its own texts stand there as they are to be printed.
 *
 * @param file  as in messages
 * @throws {ConfigError} with every problem and its line
 */
export function parseTemplate(text: string, file: string): LabelTemplate {
  const commands = commandsOf(text);
  const lineOf = ({ index }: ZplCommand) => text.slice(0, index).split('\n').length;
  const problems = [...problemsOf(commands), ...sampleProblems(commands)]
    .sort((one, other) => one.at.index - other.at.index)
    .map(({ at, problem }) => `${file}:${lineOf(at)} ${problem}`);
  const names = commands.map(({ name }) => name);
  const count = (name: string) => names.filter((other) => other === name).length;
  const isOne = names[0] === 'XA' && names.at(-1) === 'XZ' && count('XA') + count('XZ') === 2;
  if (!isOne || !text.trimStart().startsWith('^XA')) {
    problems.push(`${file}:1 must be one label, ^XA to ^XZ`);
  }
  if (!commands.some(({ name, parameters }) => name === 'CI' && parameters.trim() === '28')) {
    problems.push(`${file}:1 needs ^CI28, so that texts are read as UTF-8`);
  }
  if (problems.length > 0) throw new ConfigError(file, problems);
  const template = templateOf(file, commands);
  try {
    render(template, template.sample);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    throw new ConfigError(file, [`${file}:1 does not take its own sample: ${error.message}`]);
  }
  return template;
}

function templateOf(name: string, commands: readonly ZplCommand[]): LabelTemplate {
  const dotsOf = (side: string) =>
    Number(commands.find((command) => command.name === side)?.parameters);
  const [widthDots, heightDots] = [dotsOf('PW'), dotsOf('LL')];
  const parts = partsOf(commands, { widthDots, heightDots });
  const placeholders = parts
    .flatMap((part) => (typeof part === 'string' ? [] : part.pieces))
    .filter((piece) => typeof piece !== 'string');
  const namesOf = (of: readonly Placeholder[]) => [...new Set(of.map((one) => one.name))];
  const needs = namesOf(placeholders.filter(({ isOptional }) => !isOptional));
  const samples = [...samplesOf(commands)].map(([of, { value }]) => [of, value]);
  const sample = Object.fromEntries(samples);
  return { name, needs, takes: namesOf(placeholders), sample, widthDots, heightDots, parts };
}

/**
 * The label with these data, ready to be sent. Data can never become a command.
 *
 * @param data  by name; those that the template does not know are left out
 * @throws {ValueError} when something is missing, or does not fit where it is to stand
 */
export function render(template: LabelTemplate, data: LabelData): string {
  const symbols = symbolsOf(template, data);
  // GS1 looks at all bar codes of a label together: one may hold what another one needs.
  checkTogether(symbols.flatMap(({ elements }) => elements));
  return template.parts
    .map((part) =>
      typeof part === 'string' ? part : `^FH_^FD${escapeHex(dataOf(part, data) ?? '')}`,
    )
    .join('');
}

/**
 * What a scanner has to read on the label, from top to bottom of the template.
 *
 * @throws {ValueError} as `render`
 */
export function symbolsOf(template: LabelTemplate, data: LabelData): readonly LabelSymbol[] {
  const missing = template.needs.filter((name) => !Object.hasOwn(data, name));
  if (missing.length > 0) {
    throw new ValueError('The label needs more than was given', {
      context: { template: template.name, missing: missing.join(', ') },
    });
  }
  return template.parts.flatMap((part) => {
    const symbol = typeof part === 'string' ? undefined : symbolIn(part, data);
    return symbol === undefined ? [] : [symbol];
  });
}

function symbolIn(field: Field, data: LabelData): LabelSymbol | undefined {
  const written = dataOf(field, data);
  if (written === undefined) return undefined;
  const names = field.pieces.flatMap((piece) => (typeof piece === 'string' ? [] : piece.name));
  const refuse = (problem: string): never => {
    const what = `The ${field.symbology} field of {{${names.join('}}, {{')}}}`;
    throw new ValueError(`${what} ${problem}`, { context: { data: written.slice(0, 60) } });
  };
  if (written === '' && field.symbology !== 'text' && field.symbology !== 'block') {
    refuse('would be empty');
  }
  try {
    const symbol = symbolOf(field.symbology, written);
    const widthDots = (symbol?.modules ?? 0) * field.moduleDots;
    if (widthDots > field.roomDots) {
      refuse(`would be ${widthDots} dots wide, and there is room for ${field.roomDots}`);
    }
    return symbol;
  } catch (error) {
    if (error instanceof ValueError && !error.message.startsWith('The ')) refuse(error.message);
    throw error;
  }
}

/** As it stands in the field before hexadecimal escapes; undefined where an optional value is not there. */
function dataOf({ symbology, pieces }: Field, data: LabelData): string | undefined {
  const isAbsent = (piece: string | Placeholder) =>
    typeof piece !== 'string' && !Object.hasOwn(data, piece.name);
  if (pieces.some(isAbsent)) return undefined;
  return pieces
    .map((piece) =>
      typeof piece === 'string' ? piece : writeData(data[piece.name] ?? '', symbology),
    )
    .join('');
}
