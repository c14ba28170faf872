import { afterEach, expect } from 'vitest';
import { barcodeScanner } from '../../devices/barcode-scanner/index.ts';
import { zplPrinter } from '../../devices/zpl-printer/index.ts';
import { startScannerSimulator } from '../../simulators/barcode-scanner/server.ts';
import type { PrintedLabel } from '../../simulators/zpl-printer/model.ts';
import { startPrinterSimulator } from '../../simulators/zpl-printer/server.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Device, TrafficEntry } from '../../src/ports/device.ts';
import type { PrinterFact } from '../../src/ports/printer.ts';
import type { ScannerFact } from '../../src/ports/scanner.ts';
import { collector } from './collector.ts';
import { systemClock as clock } from './system-clock.ts';

const host = '127.0.0.1';
const shared = {
  ...{ clock, random: { u32: () => 0 }, log: { debug() {}, info() {}, warn() {}, error() {} } },
  onBug: (error: unknown) => expect.unreachable(String(error)),
};
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});
/** Called after the test, the last one first. */
export const atEnd = (end: () => unknown): void => void endings.push(end);

/** An entry of the traffic in one line. */
export const short = ({ direction, decoded, verdict }: TrafficEntry): string =>
  `${direction} ${decoded ?? '-'} | ${verdict ?? '-'}`;
export const linesOf = (device: Pick<Device, 'traffic'>): string[] =>
  device.traffic(0, 500).items.map(short);

/** A scanner driver that is online at a simulator, which reads TOTE-1 at each trigger. */
export async function wiredScanner(own: Partial<ScannerSettings> = {}) {
  const settings = (port: number): ScannerSettings => ({
    connection: { kind: 'tcp', host, port },
    framing: { prefix: '\x02', suffixes: ['\x03'], lengthMax: 20, gapMs: 1_000, gap: 'discard' },
    ...{ noRead: ['NoRead'], trigger: '\x02T\x03', triggerOff: undefined, aim: false },
    ...{ gs: [], strip: { first: 0, last: 0 }, expect: [], repeatMs: 0 },
    ...own,
  });
  let triggers = 0;
  const simulator = await startScannerSimulator({
    settings: settings(0),
    onTrigger() {
      triggers += 1;
      simulator.read('TOTE-1');
    },
  });
  atEnd(() => simulator.close());
  const facts = collector<ScannerFact>();
  const driver = barcodeScanner.open({
    ...{ ...shared, id: parseDeviceId('scan-1'), startId: 'e1', report: facts.report },
    settings: settings(simulator.port ?? 0),
  });
  driver.start();
  atEnd(() => driver.stop());
  await facts.until(({ type }) => type === 'scanner.online');
  return { simulator, driver, facts, triggers: () => triggers };
}

/** A printer driver at whatever listens on `port`. */
export function printerAt(port: number) {
  const facts = collector<PrinterFact>();
  const driver = zplPrinter.open({
    ...{ ...shared, id: parseDeviceId('printer-1'), report: facts.report },
    settings: {
      connection: { kind: 'tcp', host, port },
      ...{ answers: true, dotsPerMm: 8, statusEveryMs: 50, replyLimitMs: 100 },
      idleCloseMs: undefined,
    },
  });
  driver.start();
  atEnd(() => driver.stop());
  return { driver, facts };
}

/** The same at a simulator that runs ten times as fast as we do. */
export async function wiredPrinter() {
  const fast = { ...clock, monotonicMs: () => clock.monotonicMs() * 10 };
  const labels = collector<PrintedLabel>();
  const simulator = await startPrinterSimulator({
    ...{ at: { host, port: 0 }, dotsPerMm: 8, clock: fast, onLabel: labels.report },
  });
  atEnd(() => simulator.close());
  return { simulator, labels, ...printerAt(simulator.port) };
}
