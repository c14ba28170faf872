import { join } from 'node:path';
import type { PrinterSettings, SiteDevice } from '../src/domain/site.ts';
import type { Clock } from '../src/ports/clock.ts';
import { openPtyPair, type PtyPair } from './barcode-scanner/pty.ts';
import type { Faults } from './lib/fault.ts';
import type { FaultProxy } from './lib/fault-proxy.ts';
import { wireFaults } from './lib/wire-faults.ts';
import type { SimLabel, SimPrinter } from './world/ports.ts';
import { printerFaults } from './zpl-printer/faults.ts';
import {
  type PrinterSimulator,
  type PrinterSimulatorOptions,
  startPrinterSimulator,
} from './zpl-printer/server.ts';

export type PrinterDevice = SiteDevice & { readonly type: 'zpl-printer' };

interface Started {
  readonly server: PrinterSimulator;
  readonly asSeen: SimPrinter;
  /** As the controller must see it. */
  readonly settings: PrinterSettings;
  readonly faults: Faults;
  readonly line?: PtyPair;
  readonly remark?: string;
}

interface Options {
  readonly clock: Clock;
  readonly dataFolder: string;
  readonly isAtSitePorts?: boolean;
}

/**
 * One printer of a site, simulated on the kind of line that the site file names.
 *
 * @param wire  puts a wire that can go wrong before a TCP port; on the wanted port, 0 for any
 */
export async function startSitePrinter(
  options: Options,
  { device, settings }: PrinterDevice,
  wire: (port: number, wanted: number) => Promise<{ port: number; proxy: FaultProxy }>,
): Promise<Started> {
  const { clock, dataFolder, isAtSitePorts } = options;
  const { connection, dotsPerMm } = settings;
  const asSeen: SimPrinter = {};
  const onLabel = ({ zpl, sscc }: SimLabel) => asSeen.onLabel?.({ zpl, sscc });
  const startAt = (at: PrinterSimulatorOptions['at']) =>
    startPrinterSimulator({ at, dotsPerMm, clock, onLabel });
  if (connection.kind !== 'tcp') {
    const path = isAtSitePorts ? connection.path : join(dataFolder, device);
    const linePath = `${path}.sim`;
    const line = await openPtyPair([path, linePath], clock);
    if (line !== undefined) {
      const server = await startAt({ linePath });
      const moved = { ...settings, connection: { ...connection, path } };
      return { server, asSeen, settings: moved, faults: printerFaults(server), line };
    }
  }
  const host = '127.0.0.1';
  const server = await startAt({ host, port: 0 });
  const wanted = connection.kind === 'tcp' && isAtSitePorts ? connection.port : 0;
  const { port, proxy } = await wire(server.port, wanted);
  const moved = { ...settings, connection: { kind: 'tcp', host, port } as const };
  const faults = { ...printerFaults(server), ...wireFaults(proxy) };
  const kind = connection.kind === 'usb' ? 'USB' : 'a serial line';
  const remark = `socat is not installed: ${device} speaks TCP instead of ${kind}`;
  const isOther = connection.kind !== 'tcp';
  return { server, asSeen, settings: moved, faults, ...(isOther && { remark }) };
}
