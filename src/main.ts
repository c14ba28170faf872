import { asrsCrane } from '../devices/asrs-crane/index.ts';
import { barcodeScanner } from '../devices/barcode-scanner/index.ts';
import { conveyor } from '../devices/conveyor/index.ts';
import { indicator } from '../devices/indicator/index.ts';
import type { InterfaceFile } from '../devices/lib/interface-file.ts';
import { ModbusLines } from '../devices/lib/modbus-line.ts';
import { startBitCrane } from '../devices/start-bit-crane/index.ts';
import { MqttBrokers } from '../devices/transport/mqtt-brokers.ts';
import { zoneConveyor } from '../devices/zone-conveyor/index.ts';
import { type LabelTemplate, render, zplPrinter } from '../devices/zpl-printer/index.ts';
import { collect } from './api/collect.ts';
import { Metrics } from './api/metrics.ts';
import { buildServer } from './api/server.ts';
import { deviceTopicsOf } from './domain/device-topics.ts';
import { ConfigError, invariant, ValueError } from './domain/errors.ts';
import type { DeviceId } from './domain/ids.ts';
import {
  changeReactions,
  type ReactionRows,
  type Reactions,
  readReactions,
} from './domain/reactions.ts';
import type { Site, SiteDevice } from './domain/site.ts';
import { Slotting } from './domain/slotting.ts';
import { Topology } from './domain/topology.ts';
import { Equipment } from './flow/equipment.ts';
import { Flow } from './flow/flow.ts';
import type { Actors } from './flow/outputs.ts';
import { Ledger } from './ledger/ledger.ts';
import { openLedger } from './ledger/open-ledger.ts';
import { tendLedger } from './ledger/tend.ts';
import { takeDataFolder } from './machine/data-folder.ts';
import { watchLoopLag } from './machine/loop-lag.ts';
import type { Clock } from './ports/clock.ts';
import type { Conveyor } from './ports/conveyor.ts';
import type { Crane } from './ports/crane.ts';
import type { Device } from './ports/device.ts';
import type { Indicator } from './ports/indicator.ts';
import type { Log } from './ports/log.ts';
import type { Printer } from './ports/printer.ts';
import type { Random } from './ports/random.ts';
import type { Reader } from './ports/reader.ts';
import type { Scanner } from './ports/scanner.ts';
import { Upstream, type UpstreamOptions, type UpstreamState } from './upstream/upstream.ts';

export interface CranewayOptions {
  readonly site: Site;
  /** By the name that a device's settings give. */
  readonly interfaces: ReadonlyMap<string, InterfaceFile>;
  readonly templates: ReadonlyMap<string, LabelTemplate>;
  readonly dataFolder: string;
  readonly clock: Clock;
  /** For claims on PLCs: real chance, on a real site. */
  readonly random: Random;
  readonly log: Log;
  /** Every device is simulated: the embedded broker takes clients without a name. */
  readonly simulated?: boolean;
  readonly password?: string | undefined;
  /** Value of an environment variable that a device's settings name. */
  readonly secret?: (variable: string) => string | undefined;
  readonly upstreamTiming?: UpstreamOptions['timing'];
  /** Our own bug, or a ledger that cannot be written: the process must stop. */
  readonly onFatal: (error: unknown) => void;
}

/** A running site. */
export interface Craneway {
  readonly http: { readonly host: string; readonly port: number };
  readonly brokerPort: number | undefined;
  readonly reader: Reader;
  readonly flow: Flow;
  readonly ledger: Ledger;
  /** Stops in order: nothing new comes in, what is under way is on disk, devices are let go. */
  stop(): Promise<void>;
}

/**
 * Puts a site together: ledger, flow, drivers, upstream, API. The only place that knows every part.
 *
 * @throws {ConfigError} when a port or the data folder is taken
 * @throws {LedgerDamagedError} when the ledger is not what was written
 */
export async function startCraneway(options: CranewayOptions): Promise<Craneway> {
  const { site, clock, log, random, onFatal } = options;
  const folder = takeDataFolder(options.dataFolder);
  const topology = new Topology(site);
  const now = { nonce: random.u32(), nowMs: clock.nowMs() };
  const ledger = new Ledger(openLedger(folder.ledger), topology, now);
  const equipment = new Equipment();
  const onFreeSpace = equipment.noteFreeSpace.bind(equipment);
  const tended = tendLedger(folder.ledger, { ledger, clock, log, onDamage: onFatal, onFreeSpace });
  const devices: Device[] = [];
  const lagSeconds = watchLoopLag();
  const measured: Metrics = new Metrics(() => collect(reader, ledger, lagSeconds()));
  const flow = new Flow({
    ...{ topology, measured, store: ledger, equipment },
    slotting: new Slotting(topology),
    reactions: reactionsOfSite(options),
    ...labeling(options.templates),
    drivers: () => devices.map((device) => device.status()),
    clock,
    log,
    onFatal,
  });
  const brokers = brokersOf(options, () => upstream.driversAddress());
  const actors = openDevices(options, { flow, epoch: ledger.epoch, brokers });
  devices.push(...Object.values(actors).flatMap((group) => [...group.values()]));

  const reader = liveReader(flow, () => upstream.state());
  const upstream = new Upstream({
    ...{ site, clock, random, log, intake: flow, reader, outbox: ledger },
    simulated: options.simulated ?? false,
    password: options.password,
    deviceTopics: deviceTopicsOf(site),
    timing: options.upstreamTiming ?? {},
  });
  const api = await buildServer({
    ...{ intake: flow, reader, log, outbox: ledger },
    ...{ site: site.site, controller: site.controller, hostCodes: topology.hostCodes },
    deadLetters: () => upstream.deadLetters(),
    metrics: measured,
    devices: new Map(devices.map((device) => [device.id, device])),
  });
  flow.start(actors);
  await listen(api, site);
  await upstream.start();
  for (const device of devices) device.start();
  const address = api.server.address();
  invariant(address !== null && typeof address === 'object', 'the API listens on TCP');
  return {
    http: { host: site.http.host, port: address.port },
    brokerPort: upstream.state().brokerPort,
    reader,
    flow,
    ledger,
    async stop() {
      await api.close();
      await Promise.all(devices.map((device) => device.stop()));
      await brokers.stop();
      flow.stop();
      await upstream.stop();
      await tended.stop();
      ledger.close();
      folder.release();
    },
  };
}

async function listen(api: Awaited<ReturnType<typeof buildServer>>, site: Site): Promise<void> {
  const { host, port } = site.http;
  try {
    await api.listen({ host, port });
  } catch (cause) {
    const message = `the API cannot listen on ${host}:${port}: is another program there?`;
    throw new ConfigError('http', [message], { cause });
  }
}

/** Always today's books: a failed commit replaces them as a whole. */
export const liveReader = (flow: Flow, upstream: () => UpstreamState): Reader => ({
  status: () => flow.books.status(),
  orders: (query) => flow.books.orders(query),
  order: (order) => flow.books.order(order),
  stock: (query) => flow.books.stock(query),
  signals: (query) => flow.books.signals(query),
  slotting: (limit) => flow.books.slotting(limit),
  loadUnit: (loadUnit) => flow.books.loadUnit(loadUnit),
  devices: () => flow.books.devices(),
  stations: () => flow.books.stations(),
  station: (station) => flow.books.station(station),
  locks: () => flow.books.locks(),
  discrepancies: (state) => flow.books.discrepancies(state),
  why: (subject) => flow.books.why(subject),
  // Without its hosts a site goes on working: that is told, and no reason to be unready.
  readiness: () => ({
    ...flow.books.readiness(),
    upstream: { ok: true, detail: upstream().heldBecause ?? upstream().detail },
  }),
});

const labeling = (templates: ReadonlyMap<string, LabelTemplate>) => ({
  templates: new Set(templates.keys()),
  renderLabel: (name: string, fields: Readonly<Record<string, string>>): string => {
    const template = templates.get(name);
    if (template === undefined)
      throw new ValueError('No such label template', { context: { name } });
    return render(template, fields);
  },
});

/** As whom and where drivers of MQTT devices come: with a client id of their own. */
function brokersOf(
  { site, clock, random, log, onFatal, secret }: CranewayOptions,
  address: () => ReturnType<Upstream['driversAddress']>,
): MqttBrokers {
  return new MqttBrokers({
    clientId: `craneway-${site.site}-${site.controller}-devices`,
    site: address,
    secret: secret ?? (() => undefined),
    ...{ clock, random, log, onBug: onFatal },
  });
}

interface Surroundings {
  readonly flow: Flow;
  readonly epoch: number;
  readonly brokers: MqttBrokers;
}

function openDevices(options: CranewayOptions, { flow, epoch, brokers }: Surroundings): Actors {
  const { site, clock, random, log, onFatal: onBug } = options;
  const topology = new Topology(site);
  const cranes = new Map<DeviceId, Crane>();
  const conveyors = new Map<DeviceId, Conveyor>();
  const printers = new Map<DeviceId, Printer>();
  const scanners = new Map<DeviceId, Scanner>();
  const indicators = new Map<DeviceId, Indicator>();
  const report = flow.report.bind(flow);
  const lines = new ModbusLines(clock);
  for (const device of site.devices) {
    const { device: id } = device;
    const shared = { id, clock, random, log, onBug, report };
    switch (device.type) {
      case 'barcode-scanner': {
        const { settings } = device;
        const { connection } = settings;
        const broker = connection.kind === 'mqtt' ? brokers.of(connection.broker) : undefined;
        const startId = String(epoch);
        scanners.set(id, barcodeScanner.open({ ...shared, settings, broker, startId }));
        break;
      }
      case 'zpl-printer':
        printers.set(id, zplPrinter.open({ ...shared, settings: device.settings }));
        break;
      case 'indicator': {
        const { settings } = device;
        const broker = brokers.of(settings.broker);
        indicators.set(id, indicator.open({ ...shared, settings, broker }));
        break;
      }
      default: {
        const file = interfaceOf(options, device);
        const plc = { ...shared, settings: device.settings, file, lines };
        if (device.type === 'asrs-crane') cranes.set(id, craneOf(file).open({ ...plc, topology }));
        else conveyors.set(id, conveyorOf(file).open(plc));
      }
    }
  }
  return { cranes, conveyors, printers, scanners, indicators };
}

/** The driver for a PLC that keeps numbers, or for one that does not. */
const craneOf = ({ meta }: InterfaceFile) =>
  meta.device === 'startBitCrane' ? startBitCrane : asrsCrane;

/** The driver for a PLC with decision points, or for a module with zones. */
const conveyorOf = ({ meta }: InterfaceFile) =>
  meta.device === 'zoneConveyor' ? zoneConveyor : conveyor;

function interfaceOf(
  { interfaces }: CranewayOptions,
  { settings }: SiteDevice & { readonly type: 'asrs-crane' | 'conveyor' },
): InterfaceFile {
  const file = interfaces.get(settings.interface);
  invariant(file !== undefined, `the interface file ${settings.interface} was not read`);
  return file;
}

/** What follows from each reject and abort: as the interface file of each crane says, changed by the site file. */
export const reactionsOfSite = ({
  site,
  interfaces,
}: Pick<CranewayOptions, 'site' | 'interfaces'>): ReadonlyMap<DeviceId, Reactions> =>
  new Map(
    site.devices.flatMap((device): [DeviceId, Reactions][] => {
      if (device.type !== 'asrs-crane') return [];
      const file = interfaces.get(device.settings.interface);
      if (file === undefined) return [];
      const ofAll = changeReactions(reactionsOf(file), site.reactions);
      return [[device.device, changeReactions(ofAll, device.reactions)]];
    }),
  );

/** The same of one interface file. */
export const reactionsOf = (file: InterfaceFile): Reactions => readReactions(file as ReactionRows);
