import { ValueError } from '../../src/domain/errors.ts';
import { labelCommands } from './fields.ts';

/** How the data of a field is read by the printer, which decides what must be escaped in it. */
export type Symbology =
  | 'text'
  /** Text in a block of lines (`^FB`), where a backslash begins a command of its own. */
  | 'block'
  /** `^BC` in mode A: any text, the printer chooses the code sets. */
  | 'code128'
  /** `^BC` in mode D: GS1 elements with their identifiers in parentheses. */
  | 'gs1-128'
  /** `^BC` in mode U: 17 digits, from which the printer makes an SSCC. */
  | 'sscc17'
  /** `^BX` with `_` as its escape. */
  | 'dataMatrix'
  /** `^BX` that begins with FNC1. */
  | 'gs1DataMatrix'
  | 'qr'
  /** An address in a QR code; what is filled in are parts of its path or query. */
  | 'qrLink';

export interface ZplCommand {
  /** Without the caret: `FO`, `BC`, `A`. */
  readonly name: string;
  /** All up to the next command, as it stands there. */
  readonly parameters: string;
  /** Where its caret stands in the text. */
  readonly index: number;
}

/** Longest data of one field that printers take. Source: ZPL II Programming Guide, `^FD`. */
const fieldBytesMax = 3_072;
const labelBytesMax = 65_536;
/** Data link escape, record and unit separator: some printers take them for command prefixes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: keeping them out is what this is for.
const prefixCharacters = /[\x10\x1e\x1f]/;
const printable = /^[\x20-\x7e]*$/;

/** What each symbology takes, and how its own escapes are written. */
const rules: Readonly<
  Record<Symbology, { readonly takes: RegExp; readonly write: (data: string) => string }>
> = {
  text: { takes: /^/, write: (data) => data },
  block: { takes: /^/, write: (data) => data.replaceAll('\\', '\\\\') },
  code128: { takes: printable, write: (data) => data },
  // Parentheses and `>` would begin other elements.
  'gs1-128': { takes: /^[!"%&'*+,\-./0-9:;<=?A-Z_a-z]*$/, write: (data) => data },
  // Underscores begin the escapes of the symbol; the other characters are those of GS1.
  gs1DataMatrix: { takes: /^[!"%&'()*+,\-./0-9:;<=>?A-Za-z]*$/, write: (data) => data },
  sscc17: { takes: /^[0-9]*$/, write: (data) => data },
  // Printers disagree on how other characters become bytes here.
  dataMatrix: { takes: printable, write: (data) => data.replaceAll('_', '__') },
  qr: { takes: /^/, write: (data) => data },
  qrLink: { takes: /^/, write: encodeUri },
};

/**
 * Data from outside in the symbology's own escapes. Before it is sent, `escapeHex` goes over the whole field.
 *
 * @throws {ValueError} when the symbology cannot hold it
 */
export function writeData(data: string, symbology: Symbology): string {
  const { takes, write } = rules[symbology];
  if (!takes.test(data) || prefixCharacters.test(data)) {
    throw new ValueError(`A ${symbology} field cannot hold this`, {
      context: { data: data.slice(0, 60) },
    });
  }
  return write(data);
}

/**
 * A field's data as it follows `^FH_^FD`: every byte that could be more than a character becomes `_XX`,
 * so that whatever it holds, it stays data.
 *
 * @throws {ValueError} when it becomes longer than printers take
 */
export function escapeHex(text: string): string {
  const escaped = Array.from(Buffer.from(text, 'utf8'), (byte) =>
    byte < 0x20 || byte > 0x7e || '^~_\\'.includes(String.fromCharCode(byte))
      ? `_${byte.toString(16).toUpperCase().padStart(2, '0')}`
      : String.fromCharCode(byte),
  ).join('');
  if (escaped.length > fieldBytesMax) {
    throw new ValueError(`A field is longer than ${fieldBytesMax} bytes`);
  }
  return escaped;
}

/** Lone surrogates have no UTF-8: as in the rest of the label, they become the replacement character. */
function encodeUri(data: string): string {
  return encodeURIComponent(data.toWellFormed()).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** The commands of a text, in order; what stands before the first one is left out. `~` commands are named `~XX`. */
export function commandsOf(zpl: string): ZplCommand[] {
  return [...zpl.matchAll(/([\^~])([^^~]*)/g)].map((match) => {
    const [, prefix = '', body = ''] = match;
    const nameLength = /^A[0-9A-Z]/.test(body) ? 1 : 2;
    const name = `${prefix === '~' ? '~' : ''}${body.slice(0, nameLength).toUpperCase()}`;
    return { name, parameters: body.slice(nameLength), index: match.index };
  });
}

/** Why a command may not stand in a label; undefined where it may. */
export function whyForbidden({ name, parameters }: ZplCommand): string | undefined {
  if (!Object.hasOwn(labelCommands, name)) return `^${name} may not stand in a label`;
  if (name === 'FH' && parameters !== '_') return '^FH only with _';
  if (name === 'CI' && parameters.trim() !== '28') return '^CI only with 28';
  return undefined;
}

/**
 * Checks what is to be sent: one label of allowed commands, in characters that mean the same everywhere.
 *
 * @throws {ValueError} with the first thing that is wrong
 */
export function checkLabel(zpl: string): void {
  if (zpl.length > labelBytesMax) throw new ValueError(`Longer than ${labelBytesMax} bytes`);
  if (!/^[\r\n\x20-\x7e]*$/.test(zpl))
    throw new ValueError('Holds characters that are not escaped');
  const commands = commandsOf(zpl);
  const names = commands.map(({ name }) => name);
  const begins = names.filter((name) => name === 'XA').length;
  const ends = names.filter((name) => name === 'XZ').length;
  const text = zpl.trim();
  const isEnclosed = text.startsWith('^XA') && text.endsWith('^XZ');
  if (!isEnclosed || begins !== 1 || ends !== 1) throw new ValueError('Not one label');
  for (const command of commands) {
    const why = whyForbidden(command);
    if (why !== undefined) throw new ValueError(why);
  }
}
