import {
  errorBits,
  hostStatusLines,
  telegramEnd,
  telegramStart,
} from '../../devices/zpl-printer/fields.ts';
import { isHeld, isStopped, type PrinterModel, waitingMax } from './model.ts';

/** Labels that it had printed before it came to us. */
const odometerAtStart = 31_084;
const strangeBit = 0x0800_0000;

/**
 * What a printer says to a question.
 *
 * @param question   `HS`, `HQES`, `HI`, or the name of a variable
 * @param dotsPerMm  its print head, as the site file says
 * @returns undefined where it says nothing
 */
export function answerTo(
  printer: PrinterModel,
  question: string,
  dotsPerMm: number,
): string | undefined {
  const { faults } = printer;
  if (faults.noAnswer) return undefined;
  if (faults.silentInFaults && (isStopped(printer) || isHeld(printer))) return undefined;
  if (question !== 'HS' && faults.plain) return undefined;
  const answer = plainAnswer(printer, question, dotsPerMm);
  if (faults.garbled) return answer.replaceAll(/\d/g, '\x9f');
  return faults.noise ? `\x11\x00OK?\r\n"" ,,\x03${answer}` : answer;
}

function plainAnswer(printer: PrinterModel, question: string, dotsPerMm: number): string {
  if (question === 'HS') return hostStatus(printer);
  if (question === 'HQES') return extendedStatus(printer);
  if (question === 'HI') return identity(printer, dotsPerMm);
  const isOdometer = question === 'odometer.total_label_count' && !printer.faults.noOdometer;
  return isOdometer ? `"${odometerAtStart + printer.printedCount}"\r\n` : '"?"\r\n';
}

function hostStatus(printer: PrinterModel): string {
  const { faults, waiting, format } = printer;
  const shown: Readonly<Record<string, number>> = {
    communication: 30,
    paperOut: Number(faults.paperOut || printer.labelsLeft === 0),
    paused: Number(faults.paused),
    labelLengthDots: 1184,
    formatsInBuffer: waiting.length,
    bufferFull: Number(faults.bufferFull || waiting.length >= waitingMax),
    partialFormat: Number(format !== undefined),
    overTemperature: Number(faults.overTemperature),
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

function extendedStatus({ faults, labelsLeft }: PrinterModel): string {
  const bits =
    (faults.paperOut || labelsLeft === 0 ? errorBits.paperOut : 0) |
    (faults.ribbonOut ? errorBits.ribbonOut : 0) |
    (faults.headOpen ? errorBits.headOpen : 0) |
    (faults.cutterJam ? errorBits.cutter : 0) |
    (faults.overTemperature ? errorBits.headTooHot : 0) |
    (faults.paused ? errorBits.paused : 0) |
    (faults.strangeError ? strangeBit : 0);
  const errors = `${bits === 0 ? 0 : 1} 00000000 ${bits.toString(16).toUpperCase().padStart(8, '0')}`;
  const lines = ['', '', '  PRINTER STATUS', `   ERRORS:         ${errors}`];
  const all = [...lines, '   WARNINGS:       0 00000000 00000000', ''].join('\r\n');
  return `${telegramStart}${all}${telegramEnd}\r\n`;
}

function identity({ faults }: PrinterModel, dotsPerMm: number): string {
  const otherDotsPerMm = dotsPerMm === 8 ? 12 : 8;
  const dots = faults.wrongDpmm ? otherDotsPerMm : dotsPerMm;
  return `${telegramStart}ZT411-${dots === 8 ? 203 : 300}dpi,V92.21.39Z,${dots},8192KB${telegramEnd}\r\n`;
}
