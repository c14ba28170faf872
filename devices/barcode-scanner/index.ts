import type { Scanner } from '../../src/ports/scanner.ts';
import { BarcodeScanner, type ScannerOptions } from './driver.ts';

export type { ScannerOptions } from './driver.ts';

/** What this driver is, as data. The site file names `type`. */
export const barcodeScanner = {
  type: 'barcode-scanner',
  role: 'scanner',
  transports: ['tcp', 'tcpListen', 'serial', 'hidPos', 'hidKeyboard', 'mqtt'],
  open: (options: ScannerOptions): Scanner => new BarcodeScanner(options),
} as const;
