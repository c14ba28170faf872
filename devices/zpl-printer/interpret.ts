import { DeviceProtocolError } from '../../src/domain/errors.ts';
import type { PrinterFault } from '../../src/ports/printer.ts';
import { type HostStatus, hostStatusLines } from './fields.ts';

/**
 * The status telegram as fields.
 *
 * @param lines  what stood between STX and ETX, three times
 * @throws {DeviceProtocolError} when lines, fields or digits are not as in the table
 */
export function parseHostStatus(lines: readonly string[]): HostStatus {
  const refuse = (why: string) =>
    new DeviceProtocolError('Not a status telegram', {
      context: { why, telegram: lines.join(' ').slice(0, 120) },
    });
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
