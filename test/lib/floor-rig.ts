import { setImmediate as turn } from 'node:timers/promises';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { conveyor } from '../../devices/conveyor/index.ts';
import { triggerScanner } from '../../simulators/conveyor/run.ts';
import type { ReplyData } from '../../src/contract/messages.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import { invariant } from '../../src/domain/errors.ts';
import type { DeviceId, HostId, LocationId } from '../../src/domain/ids.ts';
import type { Reactions } from '../../src/domain/reactions.ts';
import type { Site } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import type { DeviceFact } from '../../src/flow/cause.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { reactionsOf } from '../../src/main.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { CommandName, OperatorAct, OperatorOutcome } from '../../src/ports/intake.ts';
import type { Scanner } from '../../src/ports/scanner.ts';
import { stockLedger } from '../bench/stock.ts';
import { id, sku } from './demo.ts';
import { FakeDevice } from './fake-device.ts';
import { conveyor1, crane1, FloorPlant, floorFiles, floorSite } from './floor-plant.ts';
import { FloorPrinter } from './floor-printer.ts';
import type { Without } from './plc-fakes.ts';
import { silent } from './silent-log.ts';

/** The longest wait for anything, on the clock of the rig. */
const limitMs = 60_000;
/** So long nothing may happen before it is called rest. */
const restMs = 600;
/** A timer that is due so soon is waited for. */
const soonMs = 3_000;

/** What stands where at the beginning, in books and steel. */
interface Standing {
  readonly lpn: string;
  readonly place: LocationId;
}

interface FloorOptions {
  readonly site?: Site;
  readonly stored?: readonly Standing[];
  readonly reactions?: Reactions;
}

/**
 * One controller with its real drivers, flow and ledger at a plant that is simulated behind its
 * registers, all in this process and on a clock that the test moves: what the books say can be
 * compared with the steel after anything that has happened.
 */
export class FloorRig extends FloorPlant {
  readonly db = openLedger(':memory:');
  readonly topology: Topology;
  readonly fatal: unknown[] = [];
  readonly printer = new FloorPrinter(this);
  /** The scanners say nothing. */
  isScannerHeld = false;
  ledger: Ledger;
  flow: Flow;
  readonly #reactions: Reactions;
  #isAlive = { now: true };
  #stops: (() => Promise<void>)[] = [];
  #starts = 0;
  #keys = 0;
  #reads = 0;

  private constructor({ site = floorSite, stored = [], reactions }: FloorOptions) {
    super(site);
    this.topology = new Topology(site);
    this.#reactions = reactions ?? reactionsOf(floorFiles.crane);
    this.ledger = this.#openLedger();
    stockLedger(this.ledger, this.topology, stored.map(unitOf));
    for (const { lpn, place } of stored) this.model.people.bring(toteOf(lpn), place, 0);
    this.flow = this.#start();
  }

  /** A plant that stands idle under its controller, everything read and claimed. */
  static async open(options: FloorOptions = {}): Promise<FloorRig> {
    const rig = new FloorRig(options);
    await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fifo' }] });
    await rig.until('everything is claimed', () => rig.isClaimed());
    return rig;
  }

  isClaimed(): boolean {
    return this.crane.state.plc.enabled && this.conveyor.state.link.enabled;
  }

  /** Lets time pass, in steps that miss nothing. */
  async run(ms: number): Promise<void> {
    const untilMs = this.clock.nowMs() + ms;
    while (this.clock.nowMs() < untilMs) await this.#step(untilMs - this.clock.nowMs());
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const untilMs = this.clock.nowMs() + limitMs;
    while (!holds()) {
      if (this.clock.nowMs() >= untilMs) throw new Error(`not in time: ${what}; ${this.summary()}`);
      await this.#step(10);
    }
  }

  /** Until nothing happens any more by itself, but for timers that are far. */
  async rest(): Promise<void> {
    let quietSinceMs = this.clock.nowMs();
    let commits = this.flow.counts.commits;
    const untilMs = quietSinceMs + limitMs;
    while (this.clock.nowMs() < untilMs) {
      await this.#step(10);
      const nowMs = this.clock.nowMs();
      const isMoving = this.isMoving();
      const isTimerNear = (this.ledger.nextTimerMs() ?? Number.POSITIVE_INFINITY) < nowMs + soonMs;
      if (isMoving || isTimerNear || commits !== this.flow.counts.commits) quietSinceMs = nowMs;
      commits = this.flow.counts.commits;
      if (nowMs - quietSinceMs >= restMs) return;
    }
    throw new Error(`it does not come to rest: ${this.summary()}`);
  }

  /** The process ends without another word, and a new one starts on the same disk. */
  restart(): void {
    this.#isAlive.now = false;
    for (const stop of this.#stops) void stop();
    for (const plc of this.plcs) plc.generation++;
    this.ledger = this.#openLedger();
    this.flow = this.#start();
  }

  async command(name: CommandName, data: object): Promise<ReplyData> {
    const reply = this.flow.command({
      ...{ host: 'wms' as HostId, id: `c-${++this.#keys}`, name, data },
      ...{ expiresAtMs: undefined, retained: false },
    });
    this.clock.advance(0);
    return reply;
  }

  async operator(act: Without<OperatorAct, 'operator' | 'key'>): Promise<OperatorOutcome> {
    const key = `k-${++this.#keys}`;
    const outcome = this.flow.operator({ operator: 'op-1', key, ...act } as OperatorAct);
    this.clock.advance(0);
    return outcome;
  }

  report(fact: DeviceFact): void {
    this.flow.report(fact);
    this.clock.advance(0);
  }

  /** A scanner has sent a code by itself. */
  reads(scanner: string, code: string): void {
    this.report({
      ...{ device: scanner as DeviceId, type: 'scanner.read', code, aim: undefined },
      readId: `${this.#starts}-${++this.#reads}`,
    });
  }

  get questions() {
    return [...this.flow.warehouse.openDiscrepancies()];
  }

  get asked(): readonly string[] {
    return this.questions.map(({ code }) => code).toSorted();
  }

  unit(lpn: string): LoadUnit {
    const unit = this.flow.warehouse.loadUnit(id(lpn));
    invariant(unit !== undefined, `${lpn} is in the books`);
    return unit;
  }

  /** Every command to the crane, and what became of it: `1 transfer done binFull`. */
  get missions(): readonly string[] {
    return this.db
      .prepare('SELECT seq, verdict, body FROM mission ORDER BY seq')
      .all()
      .map(({ seq, verdict, body }) => {
        const { command, result } = JSON.parse(String(body));
        return [seq, command.command, verdict ?? 'open', result].filter(Boolean).join(' ');
      });
  }

  summary(): string {
    const units = [...this.flow.warehouse.tables.loadUnit.values()].map(
      ({ loadUnit, place, status, workflow }) => `${loadUnit} ${status} ${place} ${workflow ?? ''}`,
    );
    return [...this.missions, ...units, `asked ${this.asked}`].join('; ');
  }

  async #step(maxMs: number): Promise<void> {
    const nextMs = this.clock.waitingMs[0] ?? maxMs;
    this.clock.advance(Math.min(Math.max(nextMs, 0), maxMs, 10));
    this.pass();
    this.#tellReads();
    await turn();
    if (this.fatal.length > 0) throw this.fatal[0];
  }

  #tellReads(): void {
    for (const { scanner, code } of this.model.takeReads()) {
      if (this.isScannerHeld) continue;
      const readId = `${this.#starts}-${++this.#reads}`;
      if (code === undefined) this.flow.report({ device: scanner, type: 'scanner.noRead', readId });
      else {
        this.flow.report({
          ...{ device: scanner, type: 'scanner.read', readId, code },
          aim: undefined,
        });
      }
    }
  }

  #openLedger(): Ledger {
    const now = { nonce: 1_000 + ++this.#starts, nowMs: this.clock.nowMs() };
    return new Ledger(this.db, this.topology, now);
  }

  #start(): Flow {
    const alive = { now: true };
    this.#isAlive = alive;
    const clock: Clock = {
      nowMs: () => this.clock.nowMs(),
      monotonicMs: () => this.clock.monotonicMs(),
      after: (delayMs, call) => this.clock.after(delayMs, () => alive.now && call()),
    };
    const { topology, ledger } = this;
    const onFatal = (error: unknown) => this.fatal.push(error);
    const flow = new Flow({
      ...{ topology, store: ledger, clock, log: silent, equipment: new Equipment(), onFatal },
      slotting: new Slotting(topology),
      reactions: new Map([[crane1, this.#reactions]]),
      renderLabel: (_, { sscc }) => `^XA${sscc}^XZ`,
      drivers: () => [],
    });
    const report = (fact: DeviceFact) => alive.now && flow.report(fact);
    this.#startDevices(flow, clock, report);
    return flow;
  }

  #startDevices(flow: Flow, clock: Clock, report: (fact: DeviceFact) => unknown): void {
    const { topology } = this;
    const onFatal = (error: unknown) => this.fatal.push(error);
    const shared = {
      ...{ clock, log: silent, onBug: onFatal, random: { u32: () => 7 }, report },
    };
    const settings = { host: '', port: 502, unit: 1, deviceNumber: 1, interface: '' };
    const crane = asrsCrane.open({
      ...{ ...shared, id: crane1, topology, file: floorFiles.crane, settings },
      connect: this.connect(crane1),
    });
    const belt = conveyor.open({
      ...{ ...shared, id: conveyor1, file: floorFiles.conveyor, settings },
      ...{ connect: this.connect(conveyor1), timing: { eagerMs: 0, pollLinkMs: 50 } },
    });
    const { printer } = this;
    printer.report = report;
    flow.start({
      cranes: new Map([[crane1, crane]]),
      conveyors: new Map([[conveyor1, belt]]),
      printers: new Map([[printer.id, printer]]),
      scanners: new Map(['scan-in-1', 'scan-pick-1'].map((name) => this.#scanner(name))),
      indicators: new Map(),
    });
    crane.start();
    belt.start();
    report({ device: printer.id, type: 'printer.ready' });
    for (const name of ['scan-in-1', 'scan-pick-1']) {
      report({ device: name as DeviceId, type: 'scanner.online' });
    }
    this.#stops = [() => crane.stop(), () => belt.stop()];
  }

  #scanner(name: string): [DeviceId, Scanner] {
    const device = name as DeviceId;
    const trigger = () => {
      if (name === 'scan-in-1') triggerScanner(this.conveyor, 1, this.model.now.simMs);
    };
    return [device, Object.assign(new FakeDevice(), { id: device, trigger, release() {} })];
  }
}

export const toteOf = (lpn: string, label?: string) => ({ lpn, label, massKg: 10, heightMm: 300 });

const unitOf = ({ lpn, place }: Standing, i: number): LoadUnit => ({
  ...{ loadUnit: id(lpn), handle: i + 1, lpn, type: 'TOTE-600', massKg: 10, heightMm: 300 },
  lines: [{ sku: sku('A'), qty: 10, stockStatus: 'available' }],
  ...{ status: 'present', place, toldPlace: place, confidence: 'sensed' },
  ...{ movedNo: i + 1, receivedNo: i + 1 },
});
