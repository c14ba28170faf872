import type { ReplyData } from '../../src/contract/messages.ts';
import { makeSscc } from '../../src/domain/gs1.ts';
import type { DeviceId, HostId, LocationId } from '../../src/domain/ids.ts';
import type { Indication } from '../../src/domain/indication.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import type { Topology } from '../../src/domain/topology.ts';
import type { DeviceFact } from '../../src/flow/cause.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow, type FlowPorts } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Indicator } from '../../src/ports/indicator.ts';
import type {
  CommandName,
  HostCommand,
  OperatorAct,
  OperatorOutcome,
} from '../../src/ports/intake.ts';
import type { OutboxEvent } from '../../src/ports/outbox.ts';
import type { Printer, PrintJob } from '../../src/ports/printer.ts';
import type { Scanner } from '../../src/ports/scanner.ts';
import type { Store } from '../../src/ports/store.ts';
import { at, demoTopology, id } from './demo.ts';
import { FakeDevice } from './fake-device.ts';
import { craneReactions } from './interfaces.ts';
import { ManualClock } from './manual-clock.ts';
import { FakeConveyor, FakeCrane, type Without } from './plc-fakes.ts';

const wms = 'wms' as HostId;

/** One controller of the demo site on a ledger that outlives it, with devices that record what they are told. */
export class FlowRig {
  readonly clock = new ManualClock();
  readonly db = openLedger(':memory:');
  readonly topology: Topology;
  readonly crane = new FakeCrane();
  /** Those of all aisles, `crane` first. */
  readonly cranes: readonly FakeCrane[];
  readonly conveyor = new FakeConveyor();
  readonly printed: PrintJob[] = [];
  readonly withdrawn: string[] = [];
  /** What the stack light of aisle A01 shows; undefined until it is told something. */
  light: Indication | undefined;
  /** What a scanner reads when it is asked to; undefined: nothing; absent: what it has read last. */
  readonly seen = new Map<string, string | undefined>();
  /** Scanners that were asked to read. */
  readonly triggered: DeviceId[] = [];
  readonly #lastRead = new Map<string, string>();
  /** Scanners that were told that nothing stands there any more. */
  readonly released: DeviceId[] = [];
  /** What stopped the process. */
  readonly fatal: unknown[] = [];
  ledger: Ledger;
  flow: Flow;
  #starts = 0;
  #keys = 0;
  #reads = 0;
  #kill = () => {};

  constructor(topology: Topology = demoTopology) {
    this.topology = topology;
    const [, ...others] = topology.site.aisles;
    this.cranes = [this.crane, ...others.map(({ crane }) => new FakeCrane(crane))];
    this.ledger = this.#open();
    this.flow = this.#start(this.ledger);
    this.settle();
  }

  /** The process ends without another word. */
  kill(): void {
    this.#kill();
    for (const crane of this.cranes) crane.disconnect();
    this.conveyor.disconnect();
  }

  /** The same, and a new one starts on the same disk. @param isQuiet  no device says a word */
  restart({
    store = (ledger: Ledger): Store => ledger,
    isQuiet = false,
    ports = {} as Partial<FlowPorts>,
  } = {}): this {
    this.kill();
    this.ledger = this.#open();
    this.flow = this.#start(store(this.ledger), isQuiet, ports);
    return this.settle();
  }

  /** Lets the flow take in all that waits. */
  settle(): this {
    this.clock.advance(0);
    return this;
  }

  advance(ms: number): this {
    this.clock.advance(ms);
    return this;
  }

  tell(...facts: DeviceFact[]): this {
    for (const fact of facts) this.flow.report(fact);
    return this.settle();
  }

  /** A read of a scanner. @param code  undefined: it was triggered and read nothing */
  read(scanner: 'scan-in-1' | 'scan-pick-1', code: string | undefined, aim?: string): this {
    const device = scanner as DeviceId;
    const readId = `${this.#starts}-${++this.#reads}`;
    if (code !== undefined) this.#lastRead.set(scanner, code);
    return code === undefined
      ? this.tell({ device, type: 'scanner.noRead', readId })
      : this.tell({ device, type: 'scanner.read', readId, code, aim });
  }

  printerSays(type: 'printed' | 'notTaken' | 'unknown', jobId = this.printed.at(-1)?.jobId): this {
    const fact = {
      device: 'printer-1' as DeviceId,
      jobId: jobId ?? '',
      reason: 'the link was cut',
      ...(type === 'printed' && { proof: 'accepted' }),
    };
    return this.tell({ ...fact, type: `printer.${type}` } as DeviceFact);
  }

  async command(
    name: CommandName,
    data: object,
    more: Partial<HostCommand> = {},
  ): Promise<ReplyData> {
    const idOfCommand = `c-${++this.#keys}`;
    const command = { host: wms, id: idOfCommand, name, data, ...more };
    const reply = this.flow.command({ expiresAtMs: undefined, retained: false, ...command });
    this.settle();
    return reply;
  }

  async acknowledge(ackThrough: number, hostEpoch = 0, host = wms): Promise<void> {
    const text = String(ackThrough).padStart(16, '0');
    const done = this.flow.acknowledge(host, { epoch: 1, ackThrough: text, hostEpoch });
    this.settle();
    return done;
  }

  async operator(
    act: Without<OperatorAct, 'operator' | 'key'>,
    key = `k-${++this.#keys}`,
  ): Promise<OperatorOutcome> {
    const outcome = this.flow.operator({ operator: 'op-1', key, ...act } as OperatorAct);
    this.settle();
    return outcome;
  }

  /** Settles the one open question with this code. */
  async resolve(code: string, resolution: string, place?: LocationId): Promise<OperatorOutcome> {
    const open = this.questions(code);
    if (open.length !== 1) throw new Error(`${open.length} questions ${code} are open`);
    const discrepancy = open[0]?.no ?? 0;
    return this.operator({ act: 'resolve', discrepancy, resolution, ...(place && { place }) });
  }

  questions(code?: string) {
    const open = [...this.flow.warehouse.openDiscrepancies()];
    return open.filter((row) => code === undefined || row.code === code);
  }

  get asked(): readonly string[] {
    return this.questions().map(({ code }) => code);
  }

  unit(name: string) {
    const unit = this.flow.warehouse.loadUnit(id(name));
    if (unit === undefined) throw new Error(`${name} is not in the books`);
    return unit;
  }

  order(name: string) {
    return this.flow.books.order(name);
  }

  events(from = 1): readonly OutboxEvent[] {
    return this.ledger.read(from, 10_000);
  }

  /** What the hosts were told, in short. */
  told(): readonly string[] {
    return this.events().map(({ name, data }) => {
      const { kind, from, to, loadUnit, status, change, order } = data as Record<string, string>;
      if (name === 'movement') return `${loadUnit} ${kind} ${from} > ${to}`;
      return name === 'order' ? `${order} ${status}` : `${loadUnit} ${change ?? status}`;
    });
  }

  rows(table: string): readonly Record<string, unknown>[] {
    return this.db.prepare(`SELECT * FROM ${table}`).all();
  }

  /** Every step of every load unit. */
  moves(): readonly string[] {
    return this.rows('movement').map(
      (row) => `${row['load_unit']} ${row['from_id']} > ${row['to_id']}`,
    );
  }

  #open(): Ledger {
    const now = { nonce: 1_000 + ++this.#starts, nowMs: this.clock.nowMs() };
    return new Ledger(this.db, this.topology, now);
  }

  #start(store: Store, isQuiet = false, ports: Partial<FlowPorts> = {}): Flow {
    let isAlive = true;
    this.#kill = () => {
      isAlive = false;
    };
    const clock: Clock = {
      ...this.clock.reading,
      after: (delayMs, call) => this.clock.after(delayMs, () => isAlive && call()),
    };
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    const flow = new Flow({
      ...{ topology: this.topology, store, clock, log, equipment: new Equipment() },
      slotting: new Slotting(this.topology),
      reactions: new Map(this.cranes.map(({ id: crane }) => [crane, craneReactions])),
      renderLabel: (_, { sscc }) => `^XA${sscc}^XZ`,
      drivers: () => [],
      onFatal: (error) => this.fatal.push(error),
      ...ports,
    });
    flow.start({
      cranes: new Map(this.cranes.map((crane) => [crane.id, crane])),
      conveyors: new Map([[this.conveyor.id, this.conveyor]]),
      printers: new Map([['printer-1' as DeviceId, this.#printer()]]),
      scanners: new Map(['scan-in-1', 'scan-pick-1'].map((name) => this.#scanner(name))),
      indicators: new Map([['light-a01' as DeviceId, this.#indicator()]]),
    });
    const report = (fact: DeviceFact) => isAlive && flow.report(fact);
    if (isQuiet) return flow;
    report({ device: 'printer-1' as DeviceId, type: 'printer.ready' });
    for (const crane of this.cranes) crane.connect(report);
    this.conveyor.connect(report);
    return flow;
  }

  #indicator(): Indicator {
    const drive = (indication: Indication) => {
      this.light = indication;
    };
    return Object.assign(new FakeDevice(), { id: 'light-a01' as DeviceId, drive });
  }

  #printer(): Printer {
    const taken = new Set<string>();
    return Object.assign(new FakeDevice(), {
      id: 'printer-1' as DeviceId,
      print: (job: PrintJob) => {
        if (!taken.has(job.jobId)) this.printed.push(job);
        taken.add(job.jobId);
      },
      withdraw: (jobId: string) => this.withdrawn.push(jobId),
    });
  }

  #scanner(name: string): [DeviceId, Scanner] {
    const device = name as DeviceId;
    const trigger = () => {
      this.triggered.push(device);
      const code = (this.seen.has(name) ? this.seen : this.#lastRead).get(name);
      const readId = `${this.#starts}-${++this.#reads}`;
      if (code !== undefined) {
        this.flow.report({ device, type: 'scanner.read', readId, code, aim: undefined });
      }
    };
    const release = () => void this.released.push(device);
    return [device, Object.assign(new FakeDevice(), { id: device, trigger, release })];
  }
}

/** Master data and advance notice of totes with quantities of SKU A, and their labels. */
export async function announced(...totes: [string, number?, string?][]): Promise<FlowRig> {
  const rig = new FlowRig();
  await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fefo' }] });
  for (const [lpn, qty = 10, expiry] of totes) await announce(rig, lpn, qty, expiry);
  return rig;
}

export async function announce(rig: FlowRig, lpn: string, qty = 10, expiry?: string) {
  const lines = [{ sku: 'A', qty, ...(expiry && { expiry }) }];
  const notice = { lpn, sscc: ssccOf(lpn), loadUnitType: 'TOTE-600', lines };
  return rig.command('loadUnit.announce', { loadUnits: [notice] });
}

/** The label that a tote bears: `T-1` has number 1. */
export const ssccOf = (lpn: string): string =>
  makeSscc({ extension: 4, companyPrefix: '4012345' }, Number(lpn.slice(2)));

export const station = at('PICK-01');
