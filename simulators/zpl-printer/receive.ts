import { answerTo } from './answers.ts';
import { cancelAll, enqueue, type Prefixes, type PrinterModel } from './model.ts';

/** Bytes of one format that it has room for. */
const formatMax = 65_536;
/** The longest command that is waited for; `! U1 getvar` with its name. */
const tailMax = 128;

/** What came of some bytes: the printer after them, and what it says to them. */
export interface Received {
  readonly printer: PrinterModel;
  readonly answers: readonly string[];
}

/** Takes in bytes as from a line, however they are split. Commands with `~` act at once, also within a format. */
export function receive(printer: PrinterModel, bytes: Uint8Array, dotsPerMm = 8): Received {
  let next: PrinterModel = printer;
  let rest = printer.tail + Buffer.from(bytes).toString('latin1');
  const answers: string[] = [];
  for (;;) {
    const found = formsOf(next.prefixes).whole.exec(rest);
    if (found === null) break;
    next = { ...keep(next, rest.slice(0, found.index)), tail: '' };
    rest = rest.slice(found.index + found[0].length);
    const taken = obey(next, found, dotsPerMm);
    next = taken.printer;
    if (taken.answer !== undefined) answers.push(taken.answer);
  }
  const tail = formsOf(next.prefixes).part.exec(rest.slice(-tailMax))?.[0] ?? '';
  const tailAt = rest.length - tail.length;
  return { printer: { ...keep(next, rest.slice(0, tailAt)), tail: rest.slice(tailAt) }, answers };
}

/** Text belongs to the open format; between formats it is noise. */
function keep(printer: PrinterModel, text: string): PrinterModel {
  if (printer.format === undefined || text === '') return printer;
  return { ...printer, format: (printer.format + text).slice(0, formatMax) };
}

const literal = (character: string) => character.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** Forms of commands under these prefixes: whole, and what may still become one when more comes. */
function formsOf({ format, control }: Prefixes): Forms {
  const prefixes = format + control;
  if (lastForms?.prefixes === prefixes) return lastForms;
  const [f, c] = [literal(format), literal(control)];
  const whole = new RegExp(
    [
      `${c}(?<control>HQES|HS|HI|JA)`,
      `${f}(?<format>XA|XZ|JZ[YN])`,
      `[${f}${c}]C(?<which>[CTD])(?<character>[^])`,
      '! U1 getvar "(?<variable>[^"\\r\\n]{0,80})"\\r?\\n',
    ].join('|'),
  );
  const part = new RegExp(
    `(?:[${f}${c}][A-Z]{0,3}|! ?U?1? ?[a-z]{0,6} ?"?[^"\\r\\n]{0,80}"?\\r?)$`,
  );
  lastForms = { prefixes, whole, part };
  return lastForms;
}

interface Forms {
  readonly prefixes: string;
  readonly whole: RegExp;
  readonly part: RegExp;
}

/** Nearly all commands come under the same prefixes as the one before. */
let lastForms: Forms | undefined;

interface Taken {
  readonly printer: PrinterModel;
  readonly answer?: string | undefined;
}

function obey(printer: PrinterModel, found: RegExpExecArray, dotsPerMm: number): Taken {
  const { control, format, which, character = '', variable } = found.groups ?? {};
  if (control === 'JA') return { printer: cancelAll(printer) };
  if (control !== undefined) return { printer, answer: answerTo(printer, control, dotsPerMm) };
  if (variable !== undefined) return { printer, answer: answerTo(printer, variable, dotsPerMm) };
  if (which !== undefined) return { printer: changePrefix(printer, which, character) };
  return { printer: takeFormat(printer, format ?? '', found[0]) };
}

const prefixNames = { C: 'format', T: 'control', D: 'delimiter' } as const;

function changePrefix(printer: PrinterModel, which: string, character: string): PrinterModel {
  if (printer.faults.prefixLocked) return printer;
  const name = prefixNames[which as keyof typeof prefixNames];
  return { ...printer, prefixes: { ...printer.prefixes, [name]: character } };
}

function takeFormat(printer: PrinterModel, command: string, text: string): PrinterModel {
  if (command === 'XA') {
    // Of an earlier format without its end, all stays in: it is printed as one label with this one.
    return printer.format === undefined ? { ...printer, format: text } : keep(printer, text);
  }
  if (command.startsWith('JZ')) return { ...keep(printer, text), reprints: command === 'JZY' };
  const { format } = keep(printer, text);
  if (format === undefined) return printer;
  return enqueue({ ...printer, format: undefined }, format);
}
