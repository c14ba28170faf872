import { setImmediate as turn } from 'node:timers/promises';
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
import type {
  CommandName,
  HostCommand,
  OperatorAct,
  OperatorOutcome,
} from '../../src/ports/intake.ts';
import { stockLedger } from '../bench/stock.ts';
import { id, sku } from './demo.ts';
import { startDevices } from './floor-devices.ts';
import { crane1, FloorPlant, floorFiles, floorSite } from './floor-plant.ts';
import { FloorPrinter } from './floor-printer.ts';
import { FloorCrash, type FloorWitness } from './floor-witness.ts';
import type { Without } from './plc-fakes.ts';
import { silent } from './silent-log.ts';

/** The longest wait for anything, on the clock of the rig. */
const limitMs = 60_000;
/** So long nothing may happen before it is called rest. */
const restMs = 600;
/** So often the same is asked of one process after the other. */
const triesMax = 10;
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
  /** Notes all that is seen from outside. */
  readonly witness?: FloorWitness;
  /** How far the wall clock is off. */
  readonly wallOffsetMs?: number;
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
  readonly printer = new FloorPrinter(this, 'printer-1');
  /** At the workstation of a site that has one there. */
  readonly deskPrinter = new FloorPrinter(this, 'printer-2');
  /** The scanners say nothing. */
  isScannerHeld = false;
  ledger: Ledger;
  flow: Flow;
  readonly #reactions: Reactions;
  readonly #witness: FloorWitness | undefined;
  #isAlive = { now: true };
  #stops: (() => Promise<void>)[] = [];
  #starts = 0;
  #keys = 0;
  #reads = 0;

  private constructor(options: FloorOptions) {
    const { site = floorSite, stored = [], reactions, witness, wallOffsetMs = 0 } = options;
    super(site);
    this.clock.wallOffsetMs = wallOffsetMs;
    this.#witness = witness;
    witness?.watch(this);
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
    const untilMs = this.clock.monotonicMs() + ms;
    while (this.clock.monotonicMs() < untilMs) await this.#step(untilMs - this.clock.monotonicMs());
  }

  async until(what: string, holds: () => boolean): Promise<void> {
    const untilMs = this.clock.monotonicMs() + limitMs;
    while (!holds()) {
      if (this.clock.monotonicMs() >= untilMs)
        throw new Error(`not in time: ${what}; ${this.summary()}`);
      await this.#step(10);
    }
  }

  /** Until nothing happens any more by itself, but for timers that are far. */
  async rest(): Promise<void> {
    let quietSinceMs = this.clock.monotonicMs();
    let commits = this.flow.counts.commits;
    const untilMs = quietSinceMs + limitMs;
    while (this.clock.monotonicMs() < untilMs) {
      await this.#step(10);
      const nowMs = this.clock.monotonicMs();
      const isMoving = this.isMoving();
      const isTimerNear =
        (this.ledger.nextTimerMs() ?? Number.POSITIVE_INFINITY) < this.clock.nowMs() + soonMs;
      if (isMoving || isTimerNear || commits !== this.flow.counts.commits) quietSinceMs = nowMs;
      commits = this.flow.counts.commits;
      if (nowMs - quietSinceMs >= restMs) return;
    }
    throw new Error(`it does not come to rest: ${this.summary()}`);
  }

  /** The process ends without another word. */
  crash(): void {
    this.#isAlive.now = false;
    for (const stop of this.#stops) void stop();
    for (const plc of this.plcs) plc.generation++;
  }

  /** The process ends, and a new one starts on the same disk. */
  restart(): void {
    this.crash();
    this.ledger = this.#openLedger();
    this.flow = this.#start();
  }

  async command(name: CommandName, data: object): Promise<ReplyData> {
    const command: HostCommand = {
      ...{ host: 'wms' as HostId, id: `c-${++this.#keys}`, name, data },
      ...{ expiresAtMs: undefined, retained: false },
    };
    const reply = await this.#insist((flow) => flow.command(command));
    this.#witness?.replied(command, reply);
    return reply;
  }

  /** Asks, and asks the same of the next process when this one dies without an answer. */
  async #insist<T>(ask: (flow: Flow) => Promise<T>): Promise<T> {
    for (let tries = 0; tries < triesMax; tries++) {
      if (!this.#isAlive.now) this.restart();
      const answer = ask(this.flow);
      answer.catch(() => {});
      this.clock.advance(0);
      if (!this.#isAlive.now) continue;
      const said = await answer;
      if (this.#witness?.mayAnswer() !== false) return said;
    }
    throw new Error(`no answer after ${triesMax} starts`);
  }

  async operator(act: Without<OperatorAct, 'operator' | 'key'>): Promise<OperatorOutcome> {
    const key = `k-${++this.#keys}`;
    const whole = { operator: 'op-1', key, ...act } as OperatorAct;
    const outcome = await this.#insist((flow) => flow.operator(whole));
    this.#witness?.acted(whole, outcome);
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
    if (!this.#isAlive.now) this.restart();
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
    return (
      this.#witness?.open(this.db, this.topology, now) ?? new Ledger(this.db, this.topology, now)
    );
  }

  #start(): Flow {
    const alive = { now: true };
    this.#isAlive = alive;
    const clock: Clock = {
      ...this.clock.reading,
      after: (delayMs, call) => this.clock.after(delayMs, () => alive.now && call()),
    };
    const { topology, ledger } = this;
    const onFatal = (error: unknown) => this.#die(error);
    const flow = new Flow({
      ...{ topology, store: ledger, clock, log: silent, equipment: new Equipment(), onFatal },
      slotting: new Slotting(topology),
      reactions: new Map([[crane1, this.#reactions]]),
      renderLabel: (_, { sscc }) => `^XA${sscc}^XZ`,
      drivers: () => [],
    });
    this.#witness?.started(ledger, flow);
    const report = (fact: DeviceFact) => alive.now && flow.report(fact);
    this.#stops = startDevices(this, flow, { clock, report, onFatal });
    return flow;
  }

  /** A crash on purpose is no bug. */
  #die(error: unknown): void {
    if (!(error instanceof FloorCrash)) this.fatal.push(error);
  }
}

export const toteOf = (lpn: string, label?: string) => ({ lpn, label, massKg: 10, heightMm: 300 });

const unitOf = ({ lpn, place }: Standing, i: number): LoadUnit => ({
  ...{ loadUnit: id(lpn), handle: i + 1, lpn, type: 'TOTE-600', massKg: 10, heightMm: 300 },
  lines: [{ sku: sku('A'), qty: 10, stockStatus: 'available' }],
  ...{ status: 'present', place, toldPlace: place, confidence: 'sensed' },
  ...{ movedNo: i + 1, receivedNo: i + 1 },
});
