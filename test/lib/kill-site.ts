import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { FrameSeen } from '../../simulators/dst/evidence.ts';
import { createHost, type SimHost } from '../../simulators/host/host.ts';
import { Operators } from '../../simulators/operators.ts';
import { type SimulatedSite, startSimulatedSite } from '../../simulators/site.ts';
import { Workload } from '../../simulators/workload.ts';
import { plcFiles } from '../../src/cli/demo-site.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { makeSscc } from '../../src/domain/gs1.ts';
import { OUTSIDE } from '../../src/domain/ids.ts';
import type { Site, SiteDevice } from '../../src/domain/site.ts';
import { machineRandom, seededRandom } from '../../src/machine/random.ts';
import { Harm } from '../power/harm.ts';
import { ControllerProcess } from './controller-process.ts';
import { silent } from './silent-log.ts';
import { copyDemoSite } from './site-copy.ts';
import { systemClock as clock } from './system-clock.ts';
import { WireTap } from './wire-tap.ts';

/** Simulated time between two totes: as fast as one crane can be. */
const busyDayMs = 8_000;
/** Real time, as machines that are so fast need no more. */
const labelLimitMs = 5_000;

export interface KillSiteOptions {
  readonly seed: number;
  /** How many times faster than real the machines move. */
  readonly speed: number;
  /** One that runs outside; by default the controller brings its own, which dies with it. */
  readonly broker?: OutsideBroker | undefined;
  /** `harm.c` as a library. */
  readonly harmLibrary: string;
  /** Its goods cause no question by themselves. */
  readonly isFaultless?: boolean;
  /** Told of all that goes over the wires to the PLCs. */
  readonly frame: (
    seen: Pick<FrameSeen, 'device' | 'connection' | 'kind' | 'address' | 'words'>,
  ) => void;
}

export interface OutsideBroker {
  readonly port: number;
  /** Kills it with all that it remembers, and starts it on the same port. */
  restart(): Promise<void>;
}

/**
 * The demo site with its controller as a child process. Steel, machines, host and people live in this
 * process: they go on when the controller is killed, and they are the witnesses.
 */
export interface KillSite {
  readonly folder: string;
  readonly site: Site;
  readonly siteFile: string;
  readonly dataFolder: string;
  readonly httpPort: number;
  readonly ledgerFile: string;
  readonly logFile: string;
  readonly controller: ControllerProcess;
  /** Kills the controller at its system calls. */
  readonly harm: Harm;
  readonly simulated: SimulatedSite;
  readonly host: SimHost;
  readonly workload: Workload;
  readonly broker: OutsideBroker | undefined;
  /** What the controller has acknowledged to the host: it may never be missing from the ledger. */
  readonly promised: { readonly orders: Set<string>; readonly codes: Set<string> };
  /** What is still under way, in a few words; empty when all is at rest. */
  restless(): string;
  /** Open orders that wait for stock, where there is none that they could have. */
  starved(): readonly string[];
  /** Everything but the controller. */
  stop(): Promise<void>;
}

export async function startKillSite(options: KillSiteOptions): Promise<KillSite> {
  const { seed, speed, broker, harmLibrary, isFaultless = false, frame } = options;
  const folder = mkdtempSync(join(tmpdir(), 'craneway-kill-'));
  const random = seededRandom(seed);
  const files = readSiteFiles('demo');
  const plantFolder = join(folder, 'plant');
  mkdirSync(plantFolder);
  const simulated = await startSimulatedSite({
    ...{ site: files.site, interfaces: plcFiles(files), clock, random, log: silent, speed },
    dataFolder: plantFolder,
  });
  const [httpPort, mqttPort] = [await stablePort(), broker?.port ?? (await stablePort())];
  const isEmbedded = broker === undefined;
  const dataFolder = join(folder, 'data');
  const [logFile, orders] = [join(folder, 'controller.log'), join(folder, 'harm')];
  const harm = new Harm({ library: harmLibrary, folder: dataFolder, orders });
  const { tapped, taps } = await tappedSite(simulated.site, frame);
  const siteFile = copyDemoSite(join(folder, 'config'), tapped, [
    [['broker', 'embedded'], isEmbedded],
    [['limits'], { labelLimitMs }],
  ]);
  const controller = new ControllerProcess({
    ...{ siteFile, dataFolder, httpPort, mqttPort, logFile, env: harm.env },
  });
  const host = createHost({
    ...{ host: 'wms', site: files.site.site, controller: files.site.controller },
    ...{ brokerPort: mqttPort, clock, random, log: silent },
  });
  const promised = { orders: new Set<string>(), codes: new Set<string>() };
  const operators = new Operators({
    ...{ plant: simulated.plant, url: `http://127.0.0.1:${httpPort}`, clock, random, log: silent },
    workstations: workstationsOf(simulated),
    rejectLanes: lanesOf(files.site, 'rejectLane'),
  });
  const [station = OUTSIDE] = lanesOf(files.site, 'workstation');
  const workload = new Workload({
    ...{ plant: simulated.plant, host: noting(host, promised), station, clock, random },
    ...{ log: silent, everyMs: busyDayMs, isFaultless },
    loadUnitType: files.site.loadUnitTypes[0]?.code ?? '',
    sscc: (serial) => makeSscc({ extension: 0, companyPrefix: '4099999' }, serial),
  });
  host.start();
  operators.start();
  const ledgerFile = join(dataFolder, 'ledger.db');
  return {
    ...{ folder, site: files.site, siteFile, dataFolder, httpPort, ledgerFile, logFile },
    ...{ controller, harm, simulated, host, workload, promised, broker },
    restless: () => restless(ledgerFile, simulated, host),
    starved: () => starved(ledgerFile),
    async stop() {
      workload.close();
      await operators.stop();
      await host.stop();
      await Promise.all(taps.map((tap) => tap.close()));
      await simulated.stop();
      harm.close();
    },
  };
}

/** The site as a controller must see it whose wires to the PLCs are listened to. */
async function tappedSite(site: Site, frame: KillSiteOptions['frame']) {
  const taps: WireTap[] = [];
  const devices: SiteDevice[] = [];
  for (const row of site.devices) {
    const { device, settings, type } = row;
    if (type === 'asrs-crane' || type === 'conveyor') {
      const tap = new WireTap(settings, (access) => frame({ device, ...access }));
      taps.push(tap);
      const address = { host: '127.0.0.1', port: await tap.listen() };
      devices.push({ ...row, settings: { ...settings, ...address } } as SiteDevice);
    } else devices.push(row);
  }
  return { tapped: { ...site, devices }, taps };
}

export const removeSite = ({ folder }: KillSite): void =>
  rmSync(folder, { recursive: true, force: true });

const lanesOf = (site: Site, kind: string) =>
  site.stations.filter((station) => station.kind === kind).map(({ location }) => location);

const workstationsOf = ({ site, scanners }: SimulatedSite) =>
  new Map(
    site.stations.flatMap(({ kind, location, scanner }) => {
      const server = scanner && scanners.get(scanner);
      return kind === 'workstation' && server ? [[location, server] as const] : [];
    }),
  );

/** The host, with a note of everything that was accepted. */
function noting(host: SimHost, { orders, codes }: KillSite['promised']): SimHost {
  return {
    start: () => host.start(),
    stop: () => host.stop(),
    online: (wanted) => host.online(wanted),
    ...{ putSkus: host.putSkus, cancel: host.cancel, received: host.received, stock: host.stock },
    ...{ orders: host.orders, ackThrough: host.ackThrough, connected: host.connected },
    async announce(loadUnits) {
      const reply = await host.announce(loadUnits);
      if (reply.result === 'refused') return reply;
      for (const { lpn } of loadUnits) if (lpn !== undefined) codes.add(lpn);
      return reply;
    },
    async createOrder(order) {
      const reply = await host.createOrder(order);
      if (reply.result === 'accepted') orders.add(order.order);
      return reply;
    },
  };
}

const isPlaceToStay = (location: string) => /^(OUTSIDE|.*-[LR]-\d{3}-\d\d-\d)$/.test(location);

function restless(ledgerFile: string, { plant }: SimulatedSite, host: SimHost): string {
  const db = new DatabaseSync(ledgerFile, { readOnly: true, timeout: 2_000 });
  const count = (sql: string) =>
    Number(db.prepare(`SELECT count(*) AS n FROM ${sql}`).get()?.['n']);
  const final = "('completed', 'canceled', 'failed')";
  const open = {
    workflows: count('workflow'),
    questions: count("discrepancy WHERE state = 'open'"),
    orders: count(`transport_order WHERE status NOT IN ${final}`),
    'totes on the way': plant.truth().totes.filter((tote) => !isPlaceToStay(tote.location)).length,
    'events not acknowledged': count('outbox') - host.ackThrough(),
  };
  db.close();
  const texts = Object.entries(open).filter(([, n]) => n !== 0);
  return texts.map(([what, n]) => `${n} ${what}`).join(', ');
}

function starved(ledgerFile: string): string[] {
  const db = new DatabaseSync(ledgerFile, { readOnly: true, timeout: 2_000 });
  // By SQL, not by the rules that have left them waiting.
  const rows = db
    .prepare(`
      SELECT order_id FROM transport_order, load_unit
      WHERE transport_order.status = 'queued' AND load_unit.status = 'gone'
        AND transport_order.body ->> 'wanted' = load_unit
      UNION
      SELECT order_id FROM transport_order, json_each(transport_order.body, '$.lines') AS wanted
      WHERE transport_order.status IN ('queued', 'active')
        AND (wanted.value ->> 'qty') - (wanted.value ->> 'qtyDone') > (
          SELECT coalesce(sum(line.value ->> 'qty'), 0)
          FROM load_unit, json_each(load_unit.body, '$.lines') AS line
          WHERE load_unit.status = 'present' AND load_unit.body ->> 'order' IS NULL
            AND line.value ->> 'sku' = wanted.value ->> 'sku'
        )`)
    .all();
  db.close();
  return rows.map(({ order_id }) => String(order_id));
}

/**
 * A port that stays free while its owner is dead: below those that the system hands out, so that no
 * outgoing connection takes it meanwhile.
 */
export async function stablePort(): Promise<number> {
  for (;;) {
    const port = 20_000 + (machineRandom.u32() % 10_000);
    const isFree = await new Promise<boolean>((resolve) => {
      const probe = createServer();
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
