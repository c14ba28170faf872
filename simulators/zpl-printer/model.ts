import { noFaults, type PrinterFaults } from './conditions.ts';
import { ssccOf } from './label-text.ts';

export interface PrintedLabel {
  /** Counts the labels of this printer, from 1. */
  readonly number: number;
  /** `^XA` to `^XZ`, as received. */
  readonly zpl: string;
  /** What its bar code says, where that is an SSCC. */
  readonly sscc?: string;
}

/** The characters that commands begin with, and that part their parameters. */
export interface Prefixes {
  readonly format: string;
  readonly control: string;
  readonly delimiter: string;
}

/** A printer as plain data, so that it can be kept and restored as JSON. */
export interface PrinterModel {
  /** Settable by whoever stands before the printer. Paper is out, too, when no label is left. */
  readonly faults: PrinterFaults;
  /** On the roll. */
  readonly labelsLeft: number;
  /** Whole formats that wait, the first one being printed. */
  readonly waiting: readonly string[];
  /** A format without its `^XZ`, as far as it has come in. Survives the connection that sent it. */
  readonly format: string | undefined;
  /** Bytes that may become a command. */
  readonly tail: string;
  readonly prefixes: Prefixes;
  /** Whether a label that a fault has interrupted is printed once more: `^JZY`, the default, or `^JZN`. */
  readonly reprints: boolean;
  /** Until the first waiting format has come out. */
  readonly printingLeftMs: number;
  readonly printedCount: number;
  /** Labels that a fault has cut off in their midst: paper with half a label on it. */
  readonly spoiledCount: number;
  /** The newest labels, oldest first. */
  readonly kept: readonly PrintedLabel[];
}

export const printMs = 800;
const keptMax = 50;
export const waitingMax = 100;

const prefixesAtStart: Prefixes = { format: '^', control: '~', delimiter: ',' };

export const newPrinter: PrinterModel = {
  faults: noFaults,
  labelsLeft: 500,
  waiting: [],
  format: undefined,
  tail: '',
  prefixes: prefixesAtStart,
  reprints: true,
  printingLeftMs: 0,
  printedCount: 0,
  spoiledCount: 0,
  kept: [],
};

/** A whole format has come in. One that finds no room is lost. */
export function enqueue(printer: PrinterModel, zpl: string): PrinterModel {
  if (printer.waiting.length >= waitingMax) return printer;
  const isIdle = printer.waiting.length === 0;
  return {
    ...printer,
    waiting: [...printer.waiting, zpl],
    printingLeftMs: isIdle ? printMs : printer.printingLeftMs,
  };
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

/** Faults that stop the paper at once. */
export const isStopped = ({ faults, labelsLeft }: PrinterModel): boolean =>
  labelsLeft === 0 || faults.paperOut || faults.ribbonOut || faults.headOpen || faults.cutterJam;

/** Faults that let a label be finished, and begin no other one. */
export const isHeld = ({ faults }: PrinterModel): boolean =>
  faults.paused || faults.overTemperature || faults.strangeError;

const hasBegun = ({ waiting, printingLeftMs }: PrinterModel): boolean =>
  waiting.length > 0 && printingLeftMs < printMs;

const canPrint = (printer: PrinterModel): boolean =>
  printer.waiting.length > 0 && !isStopped(printer) && (!isHeld(printer) || hasBegun(printer));

/** After so long the next label comes out, in milliseconds; infinite where none will as things are. */
export const labelDueMs = (printer: PrinterModel): number =>
  canPrint(printer) ? printer.printingLeftMs : Number.POSITIVE_INFINITY;

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

/** The same printer under other conditions. What stops the paper in the midst of a label spoils it. */
export function withFaults(printer: PrinterModel, change: Partial<PrinterFaults>): PrinterModel {
  const faults = { ...printer.faults, ...change };
  const next = { ...printer, faults, prefixes: prefixesUnder(faults, printer) };
  if (!hasBegun(printer) || isStopped(printer) || !isStopped(next)) return next;
  const waiting = printer.reprints ? printer.waiting : printer.waiting.slice(1);
  const printingLeftMs = waiting.length > 0 ? printMs : 0;
  return { ...next, waiting, printingLeftMs, spoiledCount: printer.spoiledCount + 1 };
}

function prefixesUnder(faults: PrinterFaults, { faults: before, prefixes }: PrinterModel) {
  if (faults.prefixChanged === before.prefixChanged) return prefixes;
  return { ...prefixes, format: faults.prefixChanged ? '!' : '^' };
}

/** All that waits is thrown away, as by the cancel button. */
export function cancelAll(printer: PrinterModel): PrinterModel {
  return { ...printer, waiting: [], format: undefined, tail: '', printingLeftMs: 0 };
}

/** Off and on again. */
export function restart(printer: PrinterModel): PrinterModel {
  return { ...cancelAll(printer), prefixes: prefixesAtStart, reprints: true };
}
