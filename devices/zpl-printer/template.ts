import { ConfigError, ValueError } from '../../src/domain/errors.ts';
import {
  commandsOf,
  escapeData,
  escapeHex,
  type Symbology,
  whyForbidden,
  type ZplCommand,
} from './zpl.ts';

interface Placeholder {
  readonly name: string;
  readonly isOptional: boolean;
}

/** A field's data: texts of the template and names of what is filled in. */
interface Field {
  readonly symbology: Symbology;
  readonly pieces: readonly (string | Placeholder)[];
}

/** A label with places for data, checked when it was loaded. */
export interface LabelTemplate {
  readonly name: string;
  /** What must be given to print it. */
  readonly needs: readonly string[];
  /** What it prints where it is given. */
  readonly takes: readonly string[];
  readonly parts: readonly (string | Field)[];
}

const placeholder = /\{\{([a-z][A-Za-z0-9]*)(\??)\}\}/g;

/**
 * Reads a label template: ZPL with `{{name}}` in the data of fields, and `{{name?}}` where a
 * field stays empty when there is no such value.
 *
 * Hexadecimal escapes are put in when the label is rendered, so the template holds no `^FH`, and
 * its own texts stand there as they are to be printed.
 *
 * @param file  as in messages
 * @throws {ConfigError} with every problem and its line
 */
export function parseTemplate(text: string, file: string): LabelTemplate {
  const problems: string[] = [];
  const report = ({ index }: ZplCommand, problem: string) =>
    problems.push(`${file}:${text.slice(0, index).split('\n').length} ${problem}`);
  const commands = commandsOf(text);
  const parts: (string | Field)[] = [];
  let symbology: Symbology = 'text';
  for (const command of commands) {
    const own = symbologyOf(command);
    if (own) symbology = own;
    if (command.name === 'FS') symbology = 'text';
    for (const problem of problemsOf(command)) report(command, problem);
    if (command.name === 'FD') parts.push({ symbology, pieces: piecesOf(command.parameters) });
    else parts.push(`^${command.name}${command.parameters.trim()}`);
  }
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
  return { name: file, ...placeholdersOf(parts), parts };
}

/**
 * The label with these data, ready to be sent. Data can never become a command.
 *
 * @param data  by name; those that the template does not know are left out
 * @throws {ValueError} when something is missing, or does not fit where it is to stand
 */
export function render(template: LabelTemplate, data: Readonly<Record<string, string>>): string {
  const missing = template.needs.filter((name) => !Object.hasOwn(data, name));
  if (missing.length > 0) {
    throw new ValueError('The label needs more than was given', {
      context: { template: template.name, missing: missing.join(', ') },
    });
  }
  return template.parts
    .map((part) => (typeof part === 'string' ? part : renderField(part, data)))
    .join('');
}

function renderField({ symbology, pieces }: Field, data: Readonly<Record<string, string>>): string {
  const isAbsent = (piece: string | Placeholder) =>
    typeof piece !== 'string' && !Object.hasOwn(data, piece.name);
  if (pieces.some(isAbsent)) return '^FH_^FD';
  const written = pieces.map((piece) =>
    typeof piece === 'string' ? escapeHex(piece) : escapeData(data[piece.name] ?? '', symbology),
  );
  return `^FH_^FD${written.join('')}`;
}

function piecesOf(text: string): (string | Placeholder)[] {
  const pieces: (string | Placeholder)[] = [];
  let end = 0;
  for (const match of text.matchAll(placeholder)) {
    const [whole, name = '', mark] = match;
    if (match.index > end) pieces.push(text.slice(end, match.index));
    pieces.push({ name, isOptional: mark === '?' });
    end = match.index + whole.length;
  }
  if (end < text.length) pieces.push(text.slice(end));
  return pieces;
}

function placeholdersOf(parts: readonly (string | Field)[]) {
  const all = parts
    .flatMap((part) => (typeof part === 'string' ? [] : part.pieces))
    .filter((piece) => typeof piece !== 'string');
  const names = (of: readonly Placeholder[]) => [...new Set(of.map(({ name }) => name))];
  return { needs: names(all.filter(({ isOptional }) => !isOptional)), takes: names(all) };
}

function problemsOf(command: ZplCommand): string[] {
  const { name, parameters } = command;
  const forbidden = whyForbidden(command);
  const problems = forbidden === undefined ? [] : [forbidden];
  if (name === 'FH') problems.push('^FH is put in by itself');
  if (name === 'BX' && parameters.split(',')[6]?.trim() !== '_') {
    problems.push('^BX needs _ as its 7th parameter, the escape');
  }
  const isData = name === 'FD';
  if (isData && /[\r\n]/.test(parameters))
    problems.push('the data of a field goes over a line end');
  const rest = isData ? parameters.replaceAll(placeholder, '') : parameters;
  if (/\{\{|\}\}/.test(rest)) {
    problems.push(isData ? 'is no {{name}}' : 'only the data of a field (^FD) may hold {{name}}');
  }
  return problems;
}

function symbologyOf({ name, parameters }: ZplCommand): Symbology | undefined {
  if (name === 'FB') return 'block';
  if (name === 'BX') return 'dataMatrix';
  if (name === 'BQ') return 'qr';
  if (name !== 'BC') return undefined;
  const mode = parameters.split(',')[5]?.trim() ?? '';
  return modes[mode] ?? 'code128Manual';
}

const modes: Readonly<Record<string, Symbology>> = { A: 'code128', D: 'gs1-128', U: 'sscc17' };
