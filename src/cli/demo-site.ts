import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import { createHost, type SimHost } from '../../simulators/host/host.ts';
import { Operators } from '../../simulators/operators.ts';
import { type SimulatedSite, startSimulatedSite } from '../../simulators/site.ts';
import { type Books, tally } from '../../simulators/tally.ts';
import { Workload } from '../../simulators/workload.ts';
import type { Order } from '../domain/books.ts';
import { makeSscc } from '../domain/gs1.ts';
import { OUTSIDE } from '../domain/ids.ts';
import type { Site } from '../domain/site.ts';
import { machineClock as clock } from '../machine/clock.ts';
import { machineRandom, seededRandom } from '../machine/random.ts';
import { type Craneway, startCraneway } from '../main.ts';
import { pause } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { DemoOptions } from './demo.ts';
import { type Lifetime, lifetime, stopWithin } from './lifetime.ts';
import { print } from './output.ts';
import { readSiteFiles, type SiteFiles } from './site-files.ts';

/** How long running orders may take to finish after the intake has closed; real time. */
const finishLimitMs = 60_000;
const lookEveryMs = 100;

/** A whole site with everyone and everything in it. */
export interface Demo {
  readonly craneway: Craneway;
  readonly simulated: SimulatedSite;
  readonly host: SimHost;
  readonly operators: Operators;
  readonly workload: Workload;
}

/** Runs the demo site until it is told to stop, or for a while and with a tally at the end. */
export async function runDemo(options: DemoOptions): Promise<void> {
  // A serial line is a link in the data folder, and a path has to be whole to be one.
  const folder = resolve(options.data);
  mkdirSync(folder, { recursive: true });
  const log = pino({ level: 'info' }, pino.destination({ dest: join(folder, 'craneway.log') }));
  const life = lifetime(log);
  const talk = (line: string) =>
    options.json ? process.stderr.write(`${line}\n`) : process.stdout.write(`${line}\n`);
  const demo = await startDemo(options, folder, log, life);
  greet(demo, options, talk);
  const hush = narrate(demo, talk);
  await demo.workload.start();

  if (options.for === undefined) await life.ended;
  else await Promise.race([life.ended, pause(clock, options.for)]);
  demo.workload.close();
  if (options.for !== undefined) await finish(demo, life);
  const result = tally(demo.simulated.plant, demo.host, booksOf(demo.craneway));
  hush();
  await stopWithin(log, () => stopDemo(demo));
  if (options.for === undefined) return;
  const { findings, ...figures } = result;
  for (const { kind, text } of findings.slice(0, 20)) process.stderr.write(`${kind}: ${text}\n`);
  print(JSON.stringify(figures));
  if (!result.ok) process.exitCode = 1;
}

export async function startDemo(
  options: Pick<DemoOptions, 'speed' | 'seed' | 'httpPort' | 'mqttPort'>,
  folder: string,
  log: Log,
  life: Pick<Lifetime, 'fatal'>,
): Promise<Demo> {
  const files = readSiteFiles('demo');
  const random = seededRandom(options.seed ?? machineRandom.u32());
  const { speed } = options;
  const interfaces = plcFiles(files);
  const simulated = await startSimulatedSite({
    ...{ site: files.site, interfaces, clock, random, log, speed, dataFolder: folder },
  });
  const site = await withPorts(simulated.site, options);
  const craneway = await startCraneway({
    ...files,
    site,
    ...{ clock, random: machineRandom, log, dataFolder: folder },
    simulated: true,
    onFatal: life.fatal,
  });
  const { site: name, controller } = site;
  const brokerPort = craneway.brokerPort ?? site.broker.port;
  const host = createHost({
    ...{ host: 'wms', site: name, controller, brokerPort, clock, random, log, dataFolder: folder },
  });
  host.start();
  const operators = new Operators({
    ...{ plant: simulated.plant, clock, random, log },
    url: urlOf(craneway),
    workstations: workstationsOf(simulated),
    rejectLanes: site.stations.flatMap((s) => (s.kind === 'rejectLane' ? [s.location] : [])),
  });
  operators.start();
  const station = site.stations.find(({ kind }) => kind === 'workstation')?.location ?? OUTSIDE;
  const workload = new Workload({
    ...{ plant: simulated.plant, host, station, clock, random, log },
    loadUnitType: site.loadUnitTypes[0]?.code ?? '',
    sscc: (serial) => makeSscc({ extension: 0, companyPrefix: '4099999' }, serial),
  });
  return { craneway, simulated, host, operators, workload };
}

export async function stopDemo({ craneway, simulated, host, operators }: Demo): Promise<void> {
  await operators.stop();
  await host.stop();
  await craneway.stop();
  await simulated.stop();
}

const urlOf = ({ http }: Craneway): string => `http://${http.host}:${http.port}`;

/** The interface files that the crane and the conveyor of a site name. */
export function plcFiles({ site, interfaces }: SiteFiles) {
  const of = (type: 'asrs-crane' | 'conveyor') => {
    const device = site.devices.find((row) => row.type === type);
    const name =
      device !== undefined && 'interface' in device.settings ? device.settings.interface : '';
    const file = interfaces.get(name);
    if (file === undefined) throw new Error(`The site has no ${type} with an interface file`);
    return file;
  };
  return { crane: of('asrs-crane'), conveyor: of('conveyor') };
}

const workstationsOf = ({ site, scanners }: SimulatedSite) =>
  new Map(
    site.stations.flatMap(({ kind, location, scanner }) => {
      const server = scanner && scanners.get(scanner);
      return kind === 'workstation' && server ? [[location, server] as const] : [];
    }),
  );

/** The ports that were asked for; else those of the site file, or any free one where they are taken. */
async function withPorts(
  site: Site,
  { httpPort, mqttPort }: Pick<DemoOptions, 'httpPort' | 'mqttPort'>,
): Promise<Site> {
  const http = httpPort ?? (await freePort(site.http.host, site.http.port));
  const mqtt = mqttPort ?? (await freePort(site.broker.host, site.broker.port));
  return { ...site, http: { ...site.http, port: http }, broker: { ...site.broker, port: mqtt } };
}

/** @returns `port`, or 0 (any) when another program has it */
function freePort(host: string, port: number): Promise<number> {
  return new Promise((found) => {
    const probe = createServer();
    probe.once('error', () => found(0));
    probe.listen(port, host, () => probe.close(() => found(port)));
  });
}

function greet({ craneway, simulated }: Demo, options: DemoOptions, talk: (line: string) => void) {
  const { site } = simulated;
  const cells = site.aisles.reduce((sum, a) => sum + a.bays * a.levels * a.depths * 2, 0);
  talk(
    `Demo site: ${site.aisles.length} aisle with ${cells} cells, 1 crane, conveyors, ` +
      `${simulated.scanners.size} scanners, ${simulated.printers.size} printer, host (all simulated, ${options.speed}x)`,
  );
  talk(`API    ${urlOf(craneway)}/api/v1/status`);
  talk(`MQTT   mqtt://127.0.0.1:${craneway.brokerPort} (embedded)`);
  talk(`Data   ${options.data} (delete it to start over)`);
  for (const remark of simulated.remarks) talk(`Note   ${remark}`);
  talk('Craneway performs no safety function. Ctrl-C stops.');
}

/** A line for every tote that has come somewhere, from the events that the host gets. */
function narrate({ craneway }: Demo, talk: (line: string) => void): () => void {
  const { ledger, reader } = craneway;
  let told = ledger.lastSequence();
  const look = () => {
    for (const { sequence, name, atMs, data } of ledger.read(told + 1, 200)) {
      told = sequence;
      const { kind, loadUnit, from, to, order } = data as Record<string, string | undefined>;
      const time = new Intl.DateTimeFormat('sv', { timeStyle: 'medium' }).format(atMs);
      const wanted = order === undefined ? '' : ` for ${order}`;
      if (name === 'movement') talk(`${time}  ${loadUnit} ${kind}: ${from} -> ${to}${wanted}`);
    }
    for (const { discrepancy, text } of reader.discrepancies('open')) {
      if (discrepancy <= asked) continue;
      asked = discrepancy;
      talk(`          ? ${text}`);
    }
    cancel = clock.after(lookEveryMs, look);
  };
  let cancel = () => {};
  let asked = Math.max(0, ...reader.discrepancies('all').map(({ discrepancy }) => discrepancy));
  look();
  return () => cancel();
}

/** Waits until nothing is under way, within a limit. */
export async function finish(demo: Demo, life: Pick<Lifetime, 'isEnding'>): Promise<void> {
  const startedMs = clock.monotonicMs();
  for (let quiet = 0; quiet < 5; ) {
    if (life.isEnding() || clock.monotonicMs() - startedMs > finishLimitMs) return;
    await pause(clock, lookEveryMs);
    demo.workload.giveUpWaiting();
    quiet = isQuiet(demo) ? quiet + 1 : 0;
  }
}

function isQuiet({ craneway, simulated, host }: Demo): boolean {
  const { warehouse } = craneway.flow;
  const isMoving = warehouse.tables.workflow.size > 0;
  const isAsking = [...warehouse.openDiscrepancies(), ...warehouse.openOrders()].length > 0;
  const { totes } = simulated.plant.truth();
  const restless = totes.some(
    ({ location }) => !/^(OUTSIDE|MISSING|.*-[LR]-\d{3}-\d\d-\d)$/.test(location),
  );
  const isTold = host.ackThrough() === craneway.ledger.lastSequence();
  return !isAsking && !isMoving && !restless && isTold;
}

/** The ledger as the tally wants it. */
export function booksOf({ flow, ledger }: Craneway): Books {
  const { warehouse } = flow;
  const units = [...warehouse.tables.loadUnit.values()].filter(({ place }) => place !== OUTSIDE);
  const orders: Order[] = [...warehouse.openOrders()];
  return {
    present: units.map(({ loadUnit, place, lpn, sscc }) => ({
      loadUnit,
      place,
      codes: [lpn, sscc === undefined ? undefined : `00${sscc}`].filter(
        (code) => code !== undefined,
      ),
    })),
    events: ledger.read(1, Number.MAX_SAFE_INTEGER),
    openOrders: orders.length,
    openWorkflows: warehouse.tables.workflow.size,
    openDiscrepancies: [...warehouse.openDiscrepancies()].length,
  };
}
