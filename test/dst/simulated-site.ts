import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SimulatedBroker } from '../../simulators/dst/broker.ts';
import { chanceOf } from '../../simulators/dst/chance.ts';
import type { Pace, Targets } from '../../simulators/dst/schedule.ts';
import { FaultBoard } from '../../simulators/fault-board.ts';
import { Kernel } from '../../simulators/virtual/kernel.ts';
import { VirtualPeople } from '../../simulators/virtual/people.ts';
import { locationOf } from '../../simulators/world/world.ts';
import type { SiteFiles } from '../../src/cli/site-files.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId, HostId, LocationId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Commit } from '../../src/ports/store.ts';
import { stockLedger } from '../bench/stock.ts';
import { silent } from '../lib/silent-log.ts';
import { Controller, type Surroundings } from './controller.ts';
import { DstHost } from './host.ts';
import { DstLines } from './lines.ts';
import { messagesOf } from './messages.ts';
import { crewOf } from './people.ts';
import { DstPlant } from './plant.ts';
import { filesOf, storedAtFirst } from './small-site.ts';
import { Pages } from './upline.ts';
import { Witness } from './witness.ts';
import { DstWorkload } from './workload.ts';

const beginUtcMs = 1_799_020_800_000;
/** From a process that has stopped by itself to the next. */
const restartMs = 1_000;

/** A site under one controller at a time, or two, with all that surrounds it, in one kernel. */
export class SimulatedSite {
  readonly kernel: Kernel;
  readonly witness: Witness;
  readonly files: SiteFiles;
  readonly db: DatabaseSync;
  readonly plant: DstPlant;
  readonly lines: DstLines;
  readonly broker: SimulatedBroker;
  readonly pages: Pages;
  readonly host: DstHost;
  readonly people: VirtualPeople;
  readonly workload: DstWorkload;
  readonly board: FaultBoard;
  /** By how much the wall clock of the controller is wrong. */
  readonly wall: { offsetMs: number };
  readonly counts = { crashes: 0, fatals: 0, starts: 0, calls: 0 };
  /** Processes that are not dead, the newest last. */
  readonly processes: Controller[] = [];
  /** Why processes have stopped by themselves. */
  readonly fatals: unknown[] = [];
  /** Dies at its so many-th call from now. */
  readonly deathAt: { calls: number; isAfter: boolean; downMs: number; lingerMs: number }[] = [];
  readonly #surroundings: Surroundings;
  #last: Controller | undefined;
  #downUntilMs: number | undefined;

  constructor(seed: number, pace: Pace, wallOffsetMs = 0) {
    this.wall = { offsetMs: wallOffsetMs };
    const tie = chanceOf(seed, 'tie');
    this.kernel = new Kernel(beginUtcMs, {
      ...{ tie: () => tie.u32(), isDraining: true },
      onCall: (atMs) => this.witness.called(atMs, this.kernel.waiting),
    });
    this.witness = new Witness(() => this.kernel.monotonicMs());
    this.files = filesOf(seed, pace);
    const { site, interfaces } = this.files;
    const topology = new Topology(site);
    this.db = preparingOnce(openLedger(':memory:'));
    this.plant = new DstPlant({
      ...{ site, interfaces, clock: this.kernel, random: chanceOf(seed, 'wires'), pace },
      seen: (device, access, generation) => {
        const wallMs = this.kernel.nowMs() + this.wall.offsetMs;
        this.witness.note('frames', generation, { device, wallMs, ...access });
      },
      taken: (frame) => this.witness.note('taken', 0, frame),
    });
    this.lines = new DstLines({
      ...{ site, clock: this.kernel, random: chanceOf(seed, 'lines') },
      triggered: (scanner) => this.plant.trigger(scanner),
      printed: ({ printer, jobId, generation, sscc }) => {
        this.witness.note('labels', generation, { jobId, sscc });
        if (sscc !== undefined) this.plant.label(printer, sscc);
      },
    });
    const messageOf = messagesOf(site);
    this.broker = new SimulatedBroker({
      ...{ clock: this.kernel, random: chanceOf(seed, 'broker') },
      seen: (topic, payload) => this.witness.tell('mqtt', { topic, payload: String(payload) }),
      left: (left) => {
        const { clientId, connection } = left;
        const message = clientId === this.controllerId && messageOf(left);
        if (message) this.witness.note('messages', this.counts.starts, { connection, ...message });
      },
    });
    this.#surroundings = this.#surround(topology, seed, pace);
    const stored = this.#stock(topology);
    const around = openSurroundings(this, { seed, pace, stored });
    ({ pages: this.pages, host: this.host, people: this.people } = around);
    this.workload = around.workload;
    this.board = this.#openBoard();
    this.start();
    this.host.start();
    this.workload.start();
  }

  /** The process that hosts and people reach. */
  get controller(): Controller | undefined {
    return this.processes.at(-1);
  }

  /** Its page is still seen where nothing answers any more. */
  get lastController(): Controller {
    invariant(this.#last !== undefined, 'a process has been started');
    return this.#last;
  }

  /** As the controller names itself at the broker. */
  get controllerId(): string {
    const { site, controller } = this.files.site;
    return `craneway-${site}-${controller}`;
  }

  get targets(): Targets {
    const devices = this.files.site.devices.map(({ device }) => device);
    return { plcs: [...this.plant.wires.keys()], devices, board: this.board.list() };
  }

  /** A process starts on the disk as it is; another one that still runs goes on. */
  start(): void {
    this.#downUntilMs = undefined;
    const process = this.#newProcess();
    // It may have died while it started.
    if (process?.isAlive !== true) return;
    this.#last = process;
    this.processes.push(process);
    this.witness.started(process);
    for (const { no } of process.flow.warehouse.openDiscrepancies()) this.people.asked(no);
  }

  /** @returns undefined where the store does not let it start; it is tried again */
  #newProcess(): Controller | undefined {
    try {
      return new Controller(this.#surroundings, ++this.counts.starts);
    } catch (error) {
      // It has died on the way, and will be started again.
      if (this.#downUntilMs !== undefined) return undefined;
      this.counts.fatals++;
      this.fatals.push(error);
      this.#startAfter(restartMs);
      return undefined;
    }
  }

  #startAfter(downMs: number): void {
    this.#downUntilMs = this.kernel.monotonicMs() + downMs;
    this.kernel.after(downMs, () => this.start());
  }

  /** The newest process ends without a word, and another one starts after a while. */
  crash(process: Controller | undefined, downMs: number, lingerMs: number): void {
    if (process === undefined || !process.isAlive) return;
    this.counts.crashes++;
    process.die(lingerMs);
    const at = this.processes.indexOf(process);
    if (at >= 0) this.processes.splice(at, 1);
    this.witness.note('deaths', process.generation, {});
    if (this.processes.length > 0 || this.#downUntilMs !== undefined) return;
    this.#startAfter(downMs);
  }

  #surround(topology: Topology, seed: number, pace: Pace): Surroundings {
    const { files, db, plant, lines, broker, kernel: clock, wall } = this;
    return {
      ...{ files, topology, db, plant, lines, broker, clock, wall },
      random: chanceOf(seed, 'controller'),
      pace,
      edge: (process, isAfter) => this.#edge(process, isAfter),
      committed: (process, commit, outcome) => {
        this.witness.note('commits', process.generation, { commit, outcome });
        if (outcome !== 'failed') this.#asked(commit);
      },
      overdue: (process, { event: _, ...timer }) => {
        const wallMs = clock.nowMs() + wall.offsetMs;
        this.witness.note('overdue', process.generation, { ...timer, wallMs });
      },
      replied: (process, command, reply) =>
        this.witness.note('replies', process.generation, { command, reply }),
      fatal: (process, error) => {
        this.counts.fatals++;
        this.fatals.push(error);
        this.crash(process, restartMs, 0);
      },
    };
  }

  #asked({ rows }: Commit): void {
    for (const [, row] of rows.discrepancy) if (row?.state === 'open') this.people.asked(row.no);
  }

  #edge(process: Controller, isAfter: boolean): void {
    if (!isAfter) this.counts.calls++;
    const [death] = this.deathAt;
    if (death === undefined || !process.isAlive) return;
    if (!isAfter) death.calls--;
    if (death.calls > 0 || isAfter !== death.isAfter) return;
    this.deathAt.shift();
    this.crash(process, death.downMs, death.lingerMs);
  }

  /** What stands in the racks when it begins, in books and steel. */
  #stock(topology: Topology): { loadUnit: string; place: string }[] {
    const { aisles } = this.files.site;
    const ledger = new Ledger(this.db, topology, { nonce: 1, nowMs: this.kernel.nowMs() });
    const units = storedAtFirst(aisles);
    for (const { lpn, massKg, heightMm, place } of units) {
      this.plant.handle((people) => people.bring({ lpn, massKg, heightMm }, place, 0));
    }
    const commit = (rows: Commit) => {
      ledger.commit(rows);
      this.witness.note('commits', 0, { commit: rows, outcome: 'done' });
    };
    stockLedger({ commit } as Ledger, topology, units);
    return units.map(({ loadUnit, place }) => ({ loadUnit, place }));
  }

  #openBoard(): FaultBoard {
    const board = new FaultBoard(this.kernel, silent);
    for (const [device, faults] of this.plant.faults) {
      board.add(device, this.plant.model.cranes.has(device) ? 'crane' : 'conveyor', faults);
    }
    const { scanners } = this.lines;
    for (const [device, faults] of this.lines.faults) {
      board.add(device, scanners.has(device) ? 'scanner' : 'printer', faults);
    }
    return board;
  }
}

/** All processes of a run are on one database: what one of them has prepared serves the next. */
function preparingOnce(db: DatabaseSync): DatabaseSync {
  const prepare = db.prepare.bind(db);
  const prepared = new Map<string, StatementSync>();
  db.prepare = (sql) => {
    const statement = prepared.get(sql) ?? prepare(sql);
    prepared.set(sql, statement);
    return statement;
  };
  return db;
}

function openSurroundings(
  site: SimulatedSite,
  {
    seed,
    pace,
    stored,
  }: { seed: number; pace: Pace; stored: readonly { loadUnit: string; place: string }[] },
) {
  const { kernel, plant, files, witness } = site;
  const watch = (asked: Promise<unknown>) => void asked.catch(() => {});
  const pages = new Pages({
    ...{ clock: kernel, controller: () => site.controller },
    acted: (by, act, outcome) => witness.note('acts', by.generation, { act, outcome }),
  });
  const host = new DstHost({
    ...{ site: files.site, broker: site.broker, clock: kernel, random: chanceOf(seed, 'host') },
    host: files.site.hosts[0]?.host ?? ('wms' as HostId),
    ...{ lookEveryMs: pace.lookMs ?? 1_000, ackDelayMs: pace.ackDelayMs },
    stock: new Map(stored.map(({ loadUnit, place }) => [loadUnit, place])),
  });
  const places = (kind: string) =>
    files.site.stations.filter((each) => each.kind === kind).map(({ location }) => location);
  const [infeed] = places('infeed') as [LocationId];
  const people = new VirtualPeople({
    floor: {
      handle: plant.handle,
      feed: plant.feed,
      contentsOf: (location) => plant.model.people.contentsOf(location),
      truth: () => plant.model.world.truth(),
    },
    ...{ intake: pages, clock: kernel, random: chanceOf(seed, 'people'), watch },
    otherwise: pace.answers === 'any' ? crewOf(site, infeed, chanceOf(seed, 'answers')) : undefined,
    reader: () => (site.controller ?? site.lastController).flow.books,
    workstations: new Map([
      ['PICK-01' as LocationId, (code: string) => site.lines.show('scan-pick-1' as DeviceId, code)],
    ]),
    ...{ rejectLanes: places('rejectLane'), infeeds: [infeed] },
    ...{ serviceMs: 2_000, lookMs: 3_000, returnsOf100: 40 },
  });
  plant.model.world.onMoved = ({ spot }) => people.arrived(locationOf(spot));
  plant.onRead = ({ scanner, code }) => site.lines.show(scanner, code);
  const random = chanceOf(seed, 'workload');
  const workload = new DstWorkload({
    ...{ clock: kernel, random, host, plant, infeed, wishMs: pace.wishMs },
  });
  return { pages, host, people, workload };
}
