import { DeviceProtocolError } from '../../src/domain/errors.ts';
import type { PrinterFault } from '../../src/ports/printer.ts';
import { errorBits, type HostStatus, hostStatusLines, warningBits } from './fields.ts';

/** Who a printer says it is. */
export interface Identity {
  readonly model: string;
  readonly firmware: string;
  /** Dots per millimeter of its print head. */
  readonly dotsPerMm: number;
}

/** Errors and warnings that `~HQES` shows, by name; bits without one as hexadecimal text. */
export interface ExtendedStatus {
  readonly faults: readonly PrinterFault[];
  /** Error bits that no manual names: `08000000`. */
  readonly unknownBits: string | undefined;
  readonly warnings: readonly string[];
}

const noTelegram = (why: string, telegram: string) =>
  new DeviceProtocolError('Not a status telegram', {
    context: { why, telegram: telegram.slice(0, 120) },
  });

/**
 * The status telegram as fields.
 *
 * @param lines  what stood between STX and ETX, three times
 * @throws {DeviceProtocolError} when lines, fields or digits are not as in the table
 */
export function parseHostStatus(lines: readonly string[]): HostStatus {
  const refuse = (why: string) => noTelegram(why, lines.join(' '));
  if (lines.length !== hostStatusLines.length) throw refuse('number of lines');
  const status: Record<string, number | boolean> = {};
  for (const [index, fields] of hostStatusLines.entries()) {
    const values = (lines[index] ?? '').split(',');
    if (values.length !== fields.length) throw refuse(`number of fields in line ${index + 1}`);
    for (const [place, [name, kind]] of fields.entries()) {
      const value = parseField(values[place] ?? '', kind);
      if (value === undefined) throw refuse(name);
      status[name] = value;
    }
  }
  return status as HostStatus;
}

/** Emulations differ in leading zeros, so the digits are not counted. */
function parseField(text: string, kind: 'flag' | 'number'): boolean | number | undefined {
  if (!/^ *\d{1,10} *$/.test(text)) return undefined;
  const value = Number(text);
  if (kind === 'number') return value;
  return value > 1 ? undefined : value === 1;
}

/** What keeps the printer from printing, in the order of the telegram. */
const faultFlags = {
  paperOut: 'paperOut',
  paused: 'paused',
  bufferFull: 'bufferFull',
  partialFormat: 'partialFormat',
  corruptRam: 'corruptRam',
  underTemperature: 'underTemperature',
  overTemperature: 'overTemperature',
  headOpen: 'headOpen',
  ribbonOut: 'ribbonOut',
} as const satisfies Partial<Record<keyof HostStatus, PrinterFault>>;

/**
 * Every fault that the status shows.
 *
 * @param status  undefined where the printer did not answer in time: by its manual it is
 *   silent in some faults, so that is one too and never "ready"
 */
export function faultsOf(status: HostStatus | undefined): readonly PrinterFault[] {
  if (status === undefined) return ['noAnswer'];
  return Object.entries(faultFlags)
    .filter(([flag]) => status[flag as keyof typeof faultFlags])
    .map(([, fault]) => fault);
}

/** Whether all that it was given has come out, as far as the printer itself can know. */
export function isFinished(status: HostStatus | undefined): boolean {
  if (status === undefined || faultsOf(status).length > 0) return false;
  return status.formatsInBuffer === 0 && status.labelsRemaining === 0;
}

const faultOfBit: Readonly<Record<keyof typeof errorBits, PrinterFault>> = {
  paperOut: 'paperOut',
  ribbonOut: 'ribbonOut',
  headOpen: 'headOpen',
  cutter: 'cutter',
  headTooHot: 'overTemperature',
  motorTooHot: 'overTemperature',
  badHeadElement: 'headElement',
  headNotDetected: 'headElement',
  firmwareConfiguration: 'firmware',
  thermistorOpen: 'headElement',
  retractJam: 'paperPath',
  presenterStopped: 'paperPath',
  paperFeed: 'paperPath',
  paperPathBlocked: 'paperPath',
  paused: 'paused',
  retractTimedOut: 'paperPath',
  blackMarkCalibration: 'mediaCalibration',
  blackMarkMissing: 'mediaCalibration',
};

const extendedForm =
  /^\s*PRINTER STATUS\s+ERRORS:\s+([01]) ([0-9A-F]{8}) ([0-9A-F]{8})\s+WARNINGS:\s+([01]) ([0-9A-F]{8}) ([0-9A-F]{8})\s*$/i;

/**
 * The answer to `~HQES`.
 *
 * @param text  what stood between STX and ETX
 * @throws {DeviceProtocolError} when it is not of this form
 */
export function parseExtendedStatus(text: string): ExtendedStatus {
  const [, flag = '', high = '', low = '', , , warningsLow = ''] = extendedForm.exec(text) ?? [];
  if (flag === '') throw noTelegram('form of ~HQES', text);
  const errors = Number.parseInt(low, 16);
  const named = Object.entries(errorBits).filter(([, bit]) => (errors & bit) !== 0);
  const known = named.reduce((bits, [, bit]) => bits | bit, 0);
  const faults = named.map(([name]) => faultOfBit[name as keyof typeof errorBits]);
  const rest = ((errors & ~known) >>> 0).toString(16).padStart(8, '0').toUpperCase();
  // The flag alone is an error as well: one that has no bit here.
  const isUnknown = Number(`0x${rest}`) !== 0 || /[^0]/.test(high) || (flag === '1' && known === 0);
  const upper = /[^0]/.test(high) ? `${high.toUpperCase()} ` : '';
  const unknownBits = isUnknown ? `${upper}${rest}` : undefined;
  return {
    faults: [...new Set<PrinterFault>([...faults, ...(isUnknown ? (['attention'] as const) : [])])],
    unknownBits,
    warnings: warningsOf(Number.parseInt(warningsLow, 16)),
  };
}

/** Warnings without a name are the states of sensors on some printers; they say nothing that is needed. */
const warningsOf = (bits: number): readonly string[] =>
  Object.entries(warningBits).flatMap(([name, bit]) => ((bits & bit) !== 0 ? [name] : []));

const identityForm = /^([^,\r\n]{1,60}),([^,\r\n]{1,40}),(\d{1,2}),([^\r\n]{0,120})$/;

/** The answer to `~HI`: model, firmware, dots per mm, memory; undefined where it is none. */
export function parseIdentity(text: string): Identity | undefined {
  const [, model = '', firmware = '', dots = ''] = identityForm.exec(text.trim()) ?? [];
  const dotsPerMm = Number(dots);
  if (model === '' || dotsPerMm === 0) return undefined;
  return { model: model.trim(), firmware: firmware.trim(), dotsPerMm };
}

/** Faults in which a label that is being printed may be spoiled, or may have been. */
const spoiling: ReadonlySet<PrinterFault> = new Set([
  ...(['paperOut', 'ribbonOut', 'headOpen', 'cutter', 'headElement', 'paperPath'] as const),
  ...(['attention', 'corruptRam', 'noAnswer'] as const),
]);

/** Those of the faults that leave in doubt whether a label in the printer comes out whole. */
export const spoilers = (faults: readonly PrinterFault[]): readonly PrinterFault[] =>
  faults.filter((fault) => spoiling.has(fault));
