import type { Printer } from '../../src/ports/printer.ts';
import { type PrinterOptions, ZplPrinter } from './driver.ts';

export type { PrinterOptions } from './driver.ts';
export { type LabelTemplate, parseTemplate, render, symbolsOf } from './template.ts';

/** What this driver is, as data. The site file names `type`. */
export const zplPrinter = {
  type: 'zpl-printer',
  role: 'printer',
  transports: ['tcp', 'serial', 'usb'],
  open: (options: PrinterOptions): Printer => new ZplPrinter(options),
} as const;
