import { render } from '../../devices/zpl-printer/index.ts';
import { FaultBoard } from '../../simulators/fault-board.ts';
import { level } from '../../simulators/lib/fault.ts';
import { Contents } from '../../simulators/virtual/contents.ts';
import type { Day, Stored } from '../../simulators/virtual/day.ts';
import { VirtualHost } from '../../simulators/virtual/host.ts';
import type { Kernel } from '../../simulators/virtual/kernel.ts';
import { type Floor, VirtualPeople } from '../../simulators/virtual/people.ts';
import { VirtualWorkload } from '../../simulators/virtual/workload.ts';
import { locationOf } from '../../simulators/world/world.ts';
import type { SiteFiles } from '../cli/site-files.ts';
import { invariant } from '../domain/errors.ts';
import type { HostId, LocationId } from '../domain/ids.ts';
import type { Station } from '../domain/site.ts';
import { Slotting } from '../domain/slotting.ts';
import { Topology } from '../domain/topology.ts';
import { Equipment } from '../flow/equipment.ts';
import { Flow } from '../flow/flow.ts';
import { reactionsOfSite } from '../main.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { bookedUnit, cellsOf, supplierSscc } from './initial-stock.ts';
import { MemoryStore } from './memory-store.ts';
import { openVirtualDevices, type VirtualDevices } from './virtual-devices.ts';
import { VirtualPlant } from './virtual-plant.ts';

export interface VirtualSiteOptions {
  readonly files: SiteFiles;
  readonly day: Day;
  readonly stock: readonly Stored[];
  readonly kernel: Kernel;
  readonly random: Random;
  readonly log: Log;
}

/** A whole site on virtual time: the deciding code as it is, and everything around it without wires. */
export interface VirtualSite {
  readonly topology: Topology;
  readonly flow: Flow;
  readonly store: MemoryStore;
  readonly plant: VirtualPlant;
  /** What really lies in each load unit. */
  readonly contents: Contents;
  readonly devices: VirtualDevices;
  readonly host: VirtualHost;
  readonly people: VirtualPeople;
  readonly workload: VirtualWorkload;
  /** Everything that can be made to go wrong, by device. */
  readonly board: FaultBoard;
}

/** Puts it together and starts it; nothing happens before the kernel runs. */
export function startVirtualSite(options: VirtualSiteOptions): VirtualSite {
  const { files, kernel, log, random } = options;
  const { site } = files;
  const topology = new Topology(site);
  const store = new MemoryStore({ nonce: random.u32() });
  const interfaces = interfacesOf(files);
  const plant = new VirtualPlant(kernel, { site, interfaces, seed: random.u32() });
  const contents = new Contents();
  bringStock(options, { store, plant, contents });
  const flow = openFlow(options, { topology, store, drivers: () => devices.all });
  const report = flow.report.bind(flow);
  const devices: VirtualDevices = openVirtualDevices({
    ...{ site, topology, plant, interfaces, clock: kernel, report },
  });
  plant.onRead = ({ scanner, code }) => devices.actors.scanners.get(scanner)?.read(code);
  const around = openSurroundings(options, { topology, flow, store, plant, devices, contents });
  const board = openBoard({ devices, plant, host: around.host }, kernel, log);
  flow.start(devices.actors);
  plant.start(devices.noticing);
  for (const device of devices.all) device.start();
  return { topology, flow, store, plant, contents, devices, board, ...around };
}

/** The interface files that the cranes and conveyors of a site name. */
function interfacesOf({ site, interfaces }: SiteFiles) {
  const of = (type: 'asrs-crane' | 'conveyor') => {
    const device = site.devices.find((row) => row.type === type);
    const name =
      device !== undefined && 'interface' in device.settings ? device.settings.interface : '';
    const file = interfaces.get(name);
    invariant(file !== undefined, `the site has a ${type} with an interface file`);
    return file;
  };
  return { crane: of('asrs-crane'), conveyor: of('conveyor') };
}

function bringStock(
  { files, stock }: VirtualSiteOptions,
  { store, plant, contents }: Pick<VirtualSite, 'store' | 'plant' | 'contents'>,
) {
  const type = files.site.loadUnitTypes[0]?.code ?? '';
  stock.forEach((stored, i) => {
    store.begin('loadUnit', stored.loadUnit, bookedUnit(stored, type, i + 1));
    const { loadUnit: lpn, sscc, massKg, heightMm, place, sku, qty, surplus } = stored;
    contents.enter(lpn, sku, qty, surplus);
    const tote = { lpn, label: `00${sscc}`, massKg, heightMm };
    const brought = plant.model.people.bring(tote, place as LocationId, 0);
    invariant(brought.done, `${place} is free when the day begins`);
  });
  store.beginNumbers({ handle: stock.length }, stock.length);
}

interface FlowSurroundings {
  readonly topology: Topology;
  readonly store: MemoryStore;
  readonly drivers: () => VirtualDevices['all'];
}

function openFlow(
  { files, kernel, log }: VirtualSiteOptions,
  { topology, store, drivers }: FlowSurroundings,
): Flow {
  const { site, interfaces, templates } = files;
  return new Flow({
    ...{ topology, store, log, clock: kernel },
    equipment: new Equipment(),
    slotting: new Slotting(topology),
    reactions: reactionsOfSite({ site, interfaces }),
    renderLabel(name, fields) {
      const template = templates.get(name);
      invariant(template !== undefined, `the label template ${name} was read`);
      return render(template, fields);
    },
    drivers: () => drivers().map((device) => device.status()),
    // Out of the kernel's run, which ends by it.
    onFatal(error) {
      throw error;
    },
  });
}

type Parts = Pick<VirtualSite, 'topology' | 'flow' | 'store' | 'plant' | 'devices' | 'contents'>;

/** The host, the people, and what they want. */
function openSurroundings(options: VirtualSiteOptions, parts: Parts) {
  const { topology, flow, store, plant, devices, contents } = parts;
  const { files, day, kernel, random, stock } = options;
  const { site } = files;
  const { hostCodes } = topology;
  const watch = kernel.watch.bind(kernel);
  const of = (kind: Station['kind']) => site.stations.filter((station) => station.kind === kind);
  const floor: Floor = {
    handle: (deed) => plant.handle(deed),
    feed: plant.feed,
    contentsOf: (location) => plant.model.people.contentsOf(location),
    truth: () => plant.model.world.truth(),
  };
  const host = new VirtualHost({
    ...{ intake: flow, outbox: store, clock: kernel, watch },
    host: site.hosts[0]?.host ?? ('wms' as HostId),
    stock: new Map(stock.map(({ loadUnit, place }) => [loadUnit, hostCodes.of(place)])),
    onMovement: (movement) => workload.heard(movement),
  });
  const places = (kind: Station['kind']) => of(kind).map(({ location }) => location);
  const workload = new VirtualWorkload({
    ...{ day, host, floor, stock, random, contents, clock: kernel },
    labelsAt: new Set(site.points.flatMap(({ at, printer }) => (printer && at ? [at] : []))),
    infeeds: places('infeed'),
    workstations: places('workstation').map((station) => hostCodes.of(station)),
    loadUnitType: site.loadUnitTypes[0]?.code ?? '',
    cells: cellsOf(site),
    sscc: supplierSscc,
  });
  const people = new VirtualPeople({
    ...{ floor, intake: flow, reader: () => flow.books, clock: kernel, random, watch, contents },
    hasLabel: (sscc) => plant.tableLabels.has(sscc),
    workstations: new Map(
      of('workstation').flatMap(({ location, scanner }) => {
        const driver = scanner && devices.actors.scanners.get(scanner);
        return driver ? [[location, (code: string) => driver.read(code)] as const] : [];
      }),
    ),
    rejectLanes: places('rejectLane'),
    infeeds: places('infeed'),
    serviceMs: day.people.serviceS * 1_000,
    lookMs: day.people.lookS * 1_000,
    returnsOf100: day.people.returnsPercent,
  });
  plant.model.world.onMoved = ({ spot }) => people.arrived(locationOf(spot));
  return { host, people, workload };
}

function openBoard(
  { devices, plant, host }: { devices: VirtualDevices; plant: VirtualPlant; host: VirtualHost },
  kernel: Kernel,
  log: Log,
): FaultBoard {
  const board = new FaultBoard(kernel, log);
  for (const device of devices.all) {
    const { kind } = device.status();
    if (kind === 'indicator') continue;
    const linkCut = level(
      'Its line is cut.',
      () => device.isCut,
      (isOn) => device.cut(isOn),
    );
    const printer = devices.actors.printers.get(device.id);
    board.add(device.id, kind, { linkCut, ...plant.faults(device.id), ...printer?.faults() });
  }
  board.add('host', 'host', { away: host.away() });
  return board;
}
