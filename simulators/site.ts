import { join } from 'node:path';
import type { InterfaceFile } from '../devices/lib/interface-file.ts';
import type { Site, SiteDevice } from '../src/domain/site.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Random } from '../src/ports/random.ts';
import { openPtyPair, type PtyPair } from './barcode-scanner/pty.ts';
import { type ScannerSimulator, startScannerSimulator } from './barcode-scanner/server.ts';
import { createPlant, type Plant } from './plant.ts';
import type { SimPrinter, SimScanner } from './world/ports.ts';
import { type PrinterSimulator, startPrinterSimulator } from './zpl-printer/server.ts';

export interface SimulatedSiteOptions {
  readonly site: Site;
  readonly interfaces: { readonly crane: InterfaceFile; readonly conveyor: InterfaceFile };
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly speed: number;
  /** Where the plant survives a kill; serial lines are made here too. */
  readonly dataFolder: string;
  /** Listen on the ports of the site file instead of any that are free. */
  readonly isAtSitePorts?: boolean;
}

/** Every device of a site, simulated behind its real protocol. */
export interface SimulatedSite {
  readonly plant: Plant;
  readonly scanners: ReadonlyMap<string, ScannerSimulator>;
  readonly printers: ReadonlyMap<string, PrinterSimulator>;
  /** The site as the controller must see it: with the addresses where the simulators listen. */
  readonly site: Site;
  /** Anything that is not as the site file says, in a sentence each. */
  readonly remarks: readonly string[];
  stop(): Promise<void>;
}

export async function startSimulatedSite(options: SimulatedSiteOptions): Promise<SimulatedSite> {
  const { site, interfaces, clock, random, log, speed, dataFolder, isAtSitePorts } = options;
  const started = await startSpeakers(options);
  const ports = isAtSitePorts ? Object.fromEntries(site.devices.flatMap(portOf)) : {};
  const plant = createPlant({
    ...{ site, interfaces, clock, random, log, speed, dataFolder, ports },
    craneMemory: 'commissioned',
    scanners: Object.fromEntries([...started.scanners].map(([id, { asSeen }]) => [id, asSeen])),
    printers: Object.fromEntries([...started.printers].map(([id, { asSeen }]) => [id, asSeen])),
  });
  const where = await plant.start();
  const devices = site.devices.map((device): SiteDevice => {
    const at = where[device.device];
    const moved = started.moved.get(device.device);
    if (moved !== undefined) return moved;
    if (at === undefined || device.type === 'barcode-scanner') return device;
    if (isRtu(device)) {
      started.remarks.push(`${device.device} speaks Modbus TCP here instead of Modbus RTU`);
    }
    const tcp = { protocol: 'tcp', serial: undefined };
    return { ...device, settings: { ...device.settings, ...tcp, ...at } } as SiteDevice;
  });
  return {
    plant,
    site: { ...site, devices },
    scanners: new Map([...started.scanners].map(([id, { server }]) => [id, server])),
    printers: new Map([...started.printers].map(([id, { server }]) => [id, server])),
    remarks: started.remarks,
    async stop() {
      await plant.stop();
      await Promise.all([...started.scanners.values()].map(({ server }) => server.close()));
      await Promise.all([...started.printers.values()].map(({ server }) => server.close()));
      await Promise.all(started.lines.map((line) => line.close()));
    },
  };
}

const isRtu = ({ settings }: SiteDevice): boolean =>
  'protocol' in settings && settings.protocol === 'rtu';

const portOf = (device: SiteDevice): [string, number][] =>
  'port' in device.settings ? [[device.device, device.settings.port]] : [];

interface Speakers {
  readonly scanners: Map<string, { server: ScannerSimulator; asSeen: SimScanner }>;
  readonly printers: Map<string, { server: PrinterSimulator; asSeen: SimPrinter }>;
  readonly moved: Map<string, SiteDevice>;
  readonly lines: PtyPair[];
  readonly remarks: string[];
}

/** Scanners and printers: they speak for themselves, the plant says what they see. */
async function startSpeakers(options: SimulatedSiteOptions): Promise<Speakers> {
  const speakers: Speakers = {
    scanners: new Map(),
    printers: new Map(),
    moved: new Map(),
    lines: [],
    remarks: [],
  };
  for (const device of options.site.devices) {
    if (device.type === 'barcode-scanner') await startScanner(options, speakers, device);
    if (device.type === 'zpl-printer') await startPrinter(options, speakers, device);
  }
  return speakers;
}

type ScannerDevice = SiteDevice & { readonly type: 'barcode-scanner' };

async function startScanner(
  options: SimulatedSiteOptions,
  { scanners, moved, lines, remarks }: Speakers,
  device: ScannerDevice,
): Promise<void> {
  const asSeen: SimScanner = {
    read: (code, aim) => void server.read(code, aim),
    noRead: () => void server.noRead(),
  };
  const onTrigger = () => asSeen.onTrigger?.();
  const { connection } = device.settings;
  if (connection.kind === 'serial') {
    const ends = serialEnds(options, device);
    const line = await openPtyPair(ends, options.clock);
    if (line !== undefined) {
      lines.push(line);
      const [path, linePath] = ends;
      const settings = { ...device.settings, connection: { ...connection, path } };
      moved.set(device.device, { ...device, settings });
      const server = await startScannerSimulator({ settings, linePath, onTrigger });
      asSeen.read = (code, aim) => void server.read(code, aim);
      asSeen.noRead = () => void server.noRead();
      scanners.set(device.device, { server, asSeen });
      return;
    }
    remarks.push(`socat is not installed: ${device.device} speaks TCP instead of a serial line`);
  }
  const port = connection.kind === 'tcp' && options.isAtSitePorts ? connection.port : 0;
  const tcp = { kind: 'tcp', host: '127.0.0.1', port } as const;
  const settings = { ...device.settings, connection: tcp };
  const server = await startScannerSimulator({ settings, onTrigger });
  const listening = { ...tcp, port: server.port ?? port };
  moved.set(device.device, { ...device, settings: { ...settings, connection: listening } });
  scanners.set(device.device, { server, asSeen });
}

/** At the path of the site file only where that is asked for: several demos may run beside each other. */
function serialEnds(
  { dataFolder, isAtSitePorts }: SimulatedSiteOptions,
  { device, settings }: ScannerDevice,
): readonly [string, string] {
  const { connection } = settings;
  const path =
    isAtSitePorts && connection.kind === 'serial' ? connection.path : join(dataFolder, device);
  return [path, `${path}.sim`];
}

async function startPrinter(
  { clock, isAtSitePorts }: SimulatedSiteOptions,
  { printers, moved }: Speakers,
  device: SiteDevice & { readonly type: 'zpl-printer' },
): Promise<void> {
  const asSeen: SimPrinter = {};
  const { dotsPerMm, port } = device.settings;
  const host = '127.0.0.1';
  const server = await startPrinterSimulator({
    ...{ host, port: isAtSitePorts ? port : 0, dotsPerMm, clock },
    onLabel: ({ zpl, sscc }) => asSeen.onLabel?.({ zpl, sscc }),
  });
  const settings = { ...device.settings, host, port: server.port };
  moved.set(device.device, { ...device, settings });
  printers.set(device.device, { server, asSeen });
}
