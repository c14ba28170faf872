import { join } from 'node:path';
import type { ScannerSettings } from '../src/domain/scanner-settings.ts';
import type { Site, SiteDevice } from '../src/domain/site.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { Random } from '../src/ports/random.ts';
import { dialedPort } from './barcode-scanner/dialed-port.ts';
import { FaultyScanner, type FaultyScannerOptions } from './barcode-scanner/faults.ts';
import { MqttScannerSimulator } from './barcode-scanner/mqtt.ts';
import { SerialLine } from './barcode-scanner/serial-line.ts';
import { type ScannerSimulator, startScannerSimulator } from './barcode-scanner/server.ts';
import { FaultBoard } from './fault-board.ts';
import { level } from './lib/fault.ts';
import { FaultProxy } from './lib/fault-proxy.ts';
import type { PlantInterfaces } from './lib/plant-interfaces.ts';
import { wireFaults } from './lib/wire-faults.ts';
import { MqttDevices } from './mqtt-devices.ts';
import { createPlant, type Plant } from './plant.ts';
import { type PrinterDevice, startSitePrinter } from './site-printer.ts';
import type { SimPrinter, SimScanner } from './world/ports.ts';
import type { PrinterSimulator } from './zpl-printer/server.ts';

export interface SimulatedSiteOptions {
  readonly site: Site;
  readonly interfaces: PlantInterfaces;
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
  /** Everything that can be made to go wrong, by device. */
  readonly board: FaultBoard;
  /** Those that dial a broker: silent until `mqtt.join`. */
  readonly mqtt: MqttDevices;
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
  for (const [device, faults] of plant.faults()) {
    const kind = site.devices.find((row) => row.device === device)?.type;
    started.board.add(device, kind === 'conveyor' ? 'conveyor' : 'crane', faults);
  }
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
  const { mqtt } = started;
  return {
    plant,
    site: { ...site, devices },
    scanners: new Map([...started.scanners].map(([id, { server }]) => [id, server])),
    printers: new Map([...started.printers].map(([id, { server }]) => [id, server])),
    remarks: started.remarks,
    board: started.board,
    mqtt,
    async stop() {
      started.board.close();
      await mqtt.stop();
      await plant.stop();
      await Promise.all([...started.scanners.values()].map(({ server }) => server.close()));
      await Promise.all([...started.printers.values()].map(({ server }) => server.close()));
      await Promise.all(started.wires.map((wire) => wire.close()));
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
  /** Serial lines, and proxies before what speaks TCP. */
  readonly wires: { close(): Promise<void> }[];
  readonly board: FaultBoard;
  readonly mqtt: MqttDevices;
  readonly remarks: string[];
}

/** Scanners and printers: they speak for themselves, the plant says what they see. */
async function startSpeakers(options: SimulatedSiteOptions): Promise<Speakers> {
  const speakers: Speakers = {
    scanners: new Map(),
    printers: new Map(),
    moved: new Map(),
    wires: [],
    board: new FaultBoard(options.clock, options.log),
    mqtt: new MqttDevices(options),
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
  speakers: Speakers,
  device: ScannerDevice,
): Promise<void> {
  const { connection } = device.settings;
  if (connection.kind === 'serial') {
    if (await startOnLine(options, speakers, device, connection)) return;
    const { remarks } = speakers;
    remarks.push(`socat is not installed: ${device.device} speaks TCP instead of a serial line`);
  }
  if (connection.kind === 'mqtt') return startAtBroker(options, speakers, device, connection);
  if (connection.kind === 'tcpListen')
    return await startDialing(options, speakers, device, connection);
  if (connection.kind.startsWith('hid')) {
    speakers.remarks.push(`${device.device} speaks TCP here instead of USB`);
  }
  const asSeen = seen();
  const host = '127.0.0.1';
  const settings = { ...device.settings, connection: { kind: 'tcp', host, port: 0 } as const };
  const scanner = await startScannerSimulator({ settings, onTrigger: asSeen.triggered });
  const wanted = connection.kind === 'tcp' && options.isAtSitePorts ? connection.port : 0;
  const { port, proxy } = await behindProxy(options, speakers, scanner.port ?? 0, wanted);
  const breakLine = () => proxy.reset();
  const server = asSeen.speak(options, { settings, scanner: () => scanner, breakLine });
  speakers.board.add(device.device, 'scanner', { ...server.faults(), ...wireFaults(proxy) });
  const moved = { ...settings, connection: { ...settings.connection, port } };
  speakers.moved.set(device.device, { ...device, settings: moved });
  speakers.scanners.set(device.device, { server, asSeen: asSeen.scanner });
}

/** A scanner that dials a broker, once it is known where that is. */
function startAtBroker(
  options: SimulatedSiteOptions,
  { scanners, board, mqtt }: Speakers,
  { device, settings }: ScannerDevice,
  connection: ScannerSettings['connection'] & { readonly kind: 'mqtt' },
): void {
  const asSeen = seen();
  const { clock, log } = options;
  const onTrigger = asSeen.triggered;
  const scanner = new MqttScannerSimulator({ device, settings, connection, onTrigger, clock, log });
  mqtt.scanners.set(device, scanner);
  const breakLine = () => scanner.cut();
  const server = asSeen.speak(options, { settings, scanner: () => scanner, breakLine });
  board.add(device, 'scanner', server.faults());
  scanners.set(device, { server, asSeen: asSeen.scanner });
}

/** A scanner that dials the controller; its line is cut at its own end. */
async function startDialing(
  { isAtSitePorts, ...options }: SimulatedSiteOptions,
  { scanners, moved, wires, board }: Speakers,
  device: ScannerDevice,
  dialed: ScannerSettings['connection'] & { readonly kind: 'tcpListen' },
): Promise<void> {
  const connection = await dialedPort(dialed, isAtSitePorts ? dialed.port : undefined);
  const settings = { ...device.settings, connection };
  const asSeen = seen();
  const { clock } = options;
  const scanner = await startScannerSimulator({ settings, clock, onTrigger: asSeen.triggered });
  wires.push(scanner);
  const breakLine = () => scanner.cut();
  const server = asSeen.speak(options, { settings, scanner: () => scanner, breakLine });
  board.add(device.device, 'scanner', server.faults());
  moved.set(device.device, { ...device, settings });
  scanners.set(device.device, { server, asSeen: asSeen.scanner });
}

/** @returns false where this machine has no serial lines to offer */
async function startOnLine(
  options: SimulatedSiteOptions,
  { scanners, moved, wires, board }: Speakers,
  device: ScannerDevice,
  connection: ScannerSettings['connection'] & { readonly kind: 'serial' },
): Promise<boolean> {
  const { clock, log } = options;
  const ends = serialEnds(options, device);
  const [path, linePath] = ends;
  const settings = { ...device.settings, connection: { ...connection, path } };
  const asSeen = seen();
  const line = new SerialLine(ends, clock, () =>
    startScannerSimulator({ settings, linePath, onTrigger: asSeen.triggered }),
  );
  if (!(await line.open())) return false;
  wires.push(line);
  const plug = (isIn: boolean) =>
    void line.plug(isIn).catch((err: unknown) => log.error({ err }, 'No serial line'));
  const breakLine = () => {
    plug(false);
    plug(true);
  };
  const server = asSeen.speak(options, { settings, scanner: () => line.scanner, breakLine });
  const unplugged = level(
    'Its plug is pulled: the line hangs up.',
    () => !line.isPlugged,
    (isOn) => plug(!isOn),
  );
  board.add(device.device, 'scanner', { ...server.faults(), unplugged });
  moved.set(device.device, { ...device, settings });
  scanners.set(device.device, { server, asSeen: asSeen.scanner });
  return true;
}

/** A scanner as the plant sees it, before it speaks. */
function seen() {
  let server: FaultyScanner | undefined;
  const scanner: SimScanner = {
    read: (code, aim) => void server?.read(code, aim),
    noRead: () => void server?.noRead(),
  };
  return {
    scanner,
    triggered: () => scanner.onTrigger?.(),
    speak(
      { clock, random }: SimulatedSiteOptions,
      parts: Omit<FaultyScannerOptions, 'clock' | 'random'>,
    ) {
      server = new FaultyScanner({ ...parts, clock, random });
      return server;
    },
  };
}

/** A device that listens on `port`, reached through a wire that can go wrong. */
async function behindProxy(
  { clock, random }: SimulatedSiteOptions,
  { wires }: Speakers,
  port: number,
  wanted: number,
): Promise<{ readonly port: number; readonly proxy: FaultProxy }> {
  const proxy = new FaultProxy({ target: { host: '127.0.0.1', port }, clock, random });
  wires.push(proxy);
  return { port: await proxy.listen(wanted), proxy };
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
  options: SimulatedSiteOptions,
  speakers: Speakers,
  device: PrinterDevice,
): Promise<void> {
  const { server, asSeen, settings, faults, line, remark } = await startSitePrinter(
    options,
    device,
    (port, wanted) => behindProxy(options, speakers, port, wanted),
  );
  if (line !== undefined) speakers.wires.push(line);
  if (remark !== undefined) speakers.remarks.push(remark);
  speakers.board.add(device.device, 'printer', faults);
  speakers.moved.set(device.device, { ...device, settings });
  speakers.printers.set(device.device, { server, asSeen });
}
