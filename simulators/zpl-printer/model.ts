import { hostStatusLines, telegramEnd, telegramStart } from '../../devices/zpl-printer/fields.ts';
import { ssccOf } from './label-text.ts';

export interface PrintedLabel {
  /** Counts the labels of this printer, from 1. */
  readonly number: number;
  /** `^XA` to `^XZ`, as received. */
  readonly zpl: string;
  /** What its bar code says, where that is an SSCC. */
  readonly sscc?: string;
}

/** Settable by whoever stands before the printer. `paperOut` also comes when no label is left. */
export interface PrinterFaults {
  readonly paperOut: boolean;
  readonly ribbonOut: boolean;
  readonly headOpen: boolean;
  readonly paused: boolean;
  /** Says nothing to `~HS`, as older firmware does in a fault. */
  readonly noAnswer: boolean;
}

/** A printer as plain data, so that it can be kept and restored as JSON. */
export interface PrinterModel {
  readonly faults: PrinterFaults;
  /** On the roll. */
  readonly labelsLeft: number;
  /** Whole formats that wait, the first one being printed. */
  readonly waiting: readonly string[];
  /** What has come in of a format without its `^XZ`. Survives the connection that sent it. */
  readonly partial: string;
  /** Until the first waiting format has come out. */
  readonly printingLeftMs: number;
  readonly printedCount: number;
  /** The newest labels, oldest first. */
  readonly kept: readonly PrintedLabel[];
}

export const printMs = 800;
const keptMax = 50;
const partialMax = 65_536;
const waitingMax = 100;

export const newPrinter: PrinterModel = {
  faults: { paperOut: false, ribbonOut: false, headOpen: false, paused: false, noAnswer: false },
  labelsLeft: 500,
  waiting: [],
  partial: '',
  printingLeftMs: 0,
  printedCount: 0,
  kept: [],
};

/** What came of some bytes: the printer after them, and what it says to them. */
export interface Received {
  readonly printer: PrinterModel;
  readonly answers: readonly string[];
}

/** Takes in bytes as from a socket, however they are split. Commands with `~` act at once, also within a format. */
export function receive(printer: PrinterModel, bytes: Uint8Array): Received {
  let next: PrinterModel = {
    ...printer,
    partial: (printer.partial + Buffer.from(bytes).toString('latin1')).slice(-partialMax),
  };
  const answers: string[] = [];
  for (;;) {
    const taken = takeCommand(next) ?? takeFormat(next);
    if (taken === undefined) break;
    next = taken.printer;
    if (taken.answer !== undefined) answers.push(taken.answer);
  }
  return { printer: dropNoise(next), answers };
}

interface Taken {
  readonly printer: PrinterModel;
  readonly answer?: string;
}

const immediate = /~(HS|JA)/;

function takeCommand(printer: PrinterModel): Taken | undefined {
  const match = immediate.exec(printer.partial);
  const end = printer.partial.indexOf('^XZ');
  // A command after a whole format sees that format in the buffer.
  if (match === null || (end >= 0 && end < match.index)) return undefined;
  const before = printer.partial.slice(0, match.index);
  const after = printer.partial.slice(match.index + match[0].length);
  // What comes after the command has not happened yet when it acts.
  const now = { ...printer, partial: before };
  if (match[1] === 'JA') return { printer: { ...cancelAll(now), partial: after } };
  const next = { ...printer, partial: before + after };
  return printer.faults.noAnswer ? { printer: next } : { printer: next, answer: hostStatus(now) };
}

function takeFormat(printer: PrinterModel): Taken | undefined {
  const end = printer.partial.indexOf('^XZ');
  if (end < 0) return undefined;
  const received = printer.partial.slice(0, end + 3);
  const partial = printer.partial.slice(end + 3);
  // Of an earlier format without its end, all stays in: it is printed as one label with this one.
  const start = received.indexOf('^XA');
  if (start < 0 || printer.waiting.length >= waitingMax)
    return { printer: { ...printer, partial } };
  const isIdle = printer.waiting.length === 0;
  return {
    printer: {
      ...printer,
      partial,
      waiting: [...printer.waiting, received.slice(start)],
      printingLeftMs: isIdle ? printMs : printer.printingLeftMs,
    },
  };
}

/** Between formats, only what may become a format or a command is kept. */
function dropNoise(printer: PrinterModel): PrinterModel {
  const start = printer.partial.search(/\^XA|[\^~][A-Z]?$/);
  return { ...printer, partial: start < 0 ? '' : printer.partial.slice(start) };
}

/** The printer `elapsedMs` later, and the labels that came out meanwhile. */
export function advance(
  printer: PrinterModel,
  elapsedMs: number,
): { readonly printer: PrinterModel; readonly labels: readonly PrintedLabel[] } {
  let next = printer;
  let leftMs = elapsedMs;
  const labels: PrintedLabel[] = [];
  while (canPrint(next) && leftMs >= next.printingLeftMs) {
    leftMs -= next.printingLeftMs;
    const printed = printFirst(next);
    next = printed.printer;
    labels.push(printed.label);
  }
  if (canPrint(next)) next = { ...next, printingLeftMs: next.printingLeftMs - leftMs };
  return { printer: next, labels };
}

function canPrint({ faults, labelsLeft, waiting }: PrinterModel): boolean {
  const { paperOut, ribbonOut, headOpen, paused } = faults;
  return waiting.length > 0 && labelsLeft > 0 && !(paperOut || ribbonOut || headOpen || paused);
}

function printFirst(printer: PrinterModel): { printer: PrinterModel; label: PrintedLabel } {
  const [zpl = '', ...waiting] = printer.waiting;
  const sscc = ssccOf(zpl);
  const number = printer.printedCount + 1;
  const label: PrintedLabel = { number, zpl, ...(sscc !== undefined && { sscc }) };
  return {
    label,
    printer: {
      ...printer,
      waiting,
      labelsLeft: printer.labelsLeft - 1,
      printingLeftMs: waiting.length > 0 ? printMs : 0,
      printedCount: number,
      kept: [...printer.kept, label].slice(-keptMax),
    },
  };
}

/** All that waits is thrown away, as by the cancel button. */
export function cancelAll(printer: PrinterModel): PrinterModel {
  return { ...printer, waiting: [], partial: '', printingLeftMs: 0 };
}

/** The answer to `~HS`. */
export function hostStatus(printer: PrinterModel): string {
  const { faults, waiting, partial } = printer;
  const shown: Readonly<Record<string, number>> = {
    communication: 30,
    paperOut: Number(faults.paperOut || printer.labelsLeft === 0),
    paused: Number(faults.paused),
    labelLengthDots: 1184,
    formatsInBuffer: waiting.length,
    bufferFull: Number(waiting.length >= waitingMax),
    partialFormat: Number(partial.includes('^XA')),
    headOpen: Number(faults.headOpen),
    ribbonOut: Number(faults.ribbonOut),
    thermalTransfer: 1,
    printMode: 2,
    widthMode: 6,
    labelsRemaining: waiting.length,
    formatWhilePrinting: 1,
    password: 1234,
  };
  return hostStatusLines
    .map((fields) =>
      fields.map(([name, , digits]) => String(shown[name] ?? 0).padStart(digits, '0')).join(','),
    )
    .map((line) => `${telegramStart}${line}${telegramEnd}\r\n`)
    .join('');
}
