import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pino } from 'pino';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { ControlServer } from '../../simulators/control/server.ts';
import { hostFaults } from '../../simulators/host/faults.ts';
import { createHost, type SimHost } from '../../simulators/host/host.ts';
import type { PlantInterfaces } from '../../simulators/lib/plant-interfaces.ts';
import { Operators } from '../../simulators/operators.ts';
import type { Scenario } from '../../simulators/scenario.ts';
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
import { DemoBroker } from './demo-broker.ts';
import { greet, narrate } from './demo-talk.ts';
import { controlPortOf, freePort } from './free-port.ts';
import { type Lifetime, lifetime, stopWithin } from './lifetime.ts';
import { print } from './output.ts';
import { readScenario, startScenario } from './scenario-files.ts';
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
  readonly broker: DemoBroker;
  readonly brokerPort: number;
  readonly control: ControlServer;
  /** Base of the control server: `http://127.0.0.1:8090`. */
  readonly controlUrl: string;
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
  const scenario = await scenarioOf(demo, options.scenario);
  greet(demo, options, talk);
  const hush = narrate(demo, talk);
  await demo.workload.start();
  const endScenario = scenario && startScenario(scenario, demo.simulated.board, talk);

  if (options.for === undefined) await life.ended;
  else await Promise.race([life.ended, pause(clock, options.for)]);
  demo.workload.close();
  endScenario?.();
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

/** @throws {ConfigError} when there is no such scenario or it cannot be used; nothing runs any more then */
async function scenarioOf(demo: Demo, name: string | undefined): Promise<Scenario | undefined> {
  try {
    return name === undefined ? undefined : readScenario(name, demo.simulated.board);
  } catch (error) {
    await stopDemo(demo);
    throw error;
  }
}

export async function startDemo(
  options: Pick<DemoOptions, 'speed' | 'seed' | 'httpPort' | 'mqttPort' | 'controlPort'>,
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
  const ported = await withPorts(simulated.site, options);
  const broker = new DemoBroker({ site: ported, port: ported.broker.port, clock, random, log });
  const site = brokeredBy(ported, await broker.start());
  const craneway = await startCraneway({
    ...files,
    site,
    ...{ clock, random: machineRandom, log, dataFolder: folder },
    password: broker.password,
    simulated: true,
    onFatal: life.fatal,
  });
  const { site: name, controller } = site;
  simulated.mqtt.join({ host: site.broker.host, port: site.broker.port });
  const brokerPort = site.broker.port;
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
  const { board, plant } = simulated;
  board.add('wms', 'host', hostFaults(host));
  board.add('broker', 'broker', broker.faults());
  const control = new ControlServer({ board, truth: () => plant.truth(), log });
  const controlUrl = await control.listen(await controlPortOf(options.controlPort));
  const people = { host, operators, workload };
  return { craneway, simulated, ...people, broker, brokerPort, control, controlUrl };
}

export async function stopDemo(demo: Demo): Promise<void> {
  await demo.control.close();
  await demo.operators.stop();
  await demo.host.stop();
  await demo.craneway.stop();
  await demo.broker.stop();
  await demo.simulated.stop();
}

const urlOf = ({ http }: Craneway): string => `http://${http.host}:${http.port}`;

/** The interface files that the cranes and conveyors of a site name. */
export function plcFiles({ site, interfaces }: SiteFiles): PlantInterfaces {
  const plcs = site.devices.flatMap(({ device, type, settings }) => {
    const file = 'interface' in settings ? interfaces.get(settings.interface) : undefined;
    return file === undefined ? [] : [{ device, type, file }];
  });
  const of = (type: 'asrs-crane' | 'conveyor') => {
    const first = plcs.find((plc) => plc.type === type);
    if (first === undefined) throw new Error(`The site has no ${type} with an interface file`);
    return first.file;
  };
  const own = new Map(plcs.map(({ device, file }): [string, InterfaceFile] => [device, file]));
  return { crane: of('asrs-crane'), conveyor: of('conveyor'), own };
}

const workstationsOf = ({ site, scanners }: SimulatedSite) =>
  new Map(
    site.stations.flatMap(({ kind, location, scanner }) => {
      const server = scanner && scanners.get(scanner);
      return kind === 'workstation' && server ? [[location, server] as const] : [];
    }),
  );

/** The site with its broker beside it instead of in it. */
const brokeredBy = (site: Site, port: number): Site => ({
  ...site,
  broker: { ...site.broker, embedded: false, port, username: site.controller },
});

/** The ports that were asked for; else those of the site file, or any free one where they are taken. */
async function withPorts(
  site: Site,
  { httpPort, mqttPort }: Pick<DemoOptions, 'httpPort' | 'mqttPort'>,
): Promise<Site> {
  const http = httpPort ?? (await freePort(site.http.host, site.http.port));
  const mqtt = mqttPort ?? (await freePort(site.broker.host, site.broker.port));
  return { ...site, http: { ...site.http, port: http }, broker: { ...site.broker, port: mqtt } };
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
