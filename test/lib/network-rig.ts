import type { DeviceId, HostId, LocationId } from '../../src/domain/ids.ts';
import type { DecisionPoint, Site } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import type { DeviceFact } from '../../src/flow/cause.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { CommandName, OperatorAct, OperatorOutcome } from '../../src/ports/intake.ts';
import { stockLedger } from '../bench/stock.ts';
import { at, id } from './demo.ts';
import { loopSite, unitsAt } from './loop-site.ts';
import { ManualClock } from './manual-clock.ts';
import { FakeConveyor, FakeCrane, type Without } from './plc-fakes.ts';
import { silent } from './silent-log.ts';

/** Something that steel or people could do next. */
type Act = () => void;

interface Announced {
  readonly code: string;
  readonly scanSeq: number;
}

export interface NetworkOptions {
  readonly site?: Site;
  /** Code of each tote that stands there at the beginning, in books and steel. */
  readonly stored?: Readonly<Record<string, string>>;
  /** Draws which of so many things happens next; by default always the first. */
  readonly draw?: (below: number) => number;
  /** What people do with a tote at a workstation. */
  readonly finish?: (code: string) => 'ship' | 'return' | 'wait';
}

/**
 * A controller on conveyors of several PLCs and cranes of several aisles, whose steel is a list of totes for each
 * place: one thing happens at a time, in any order that the test draws.
 */
export class NetworkRig {
  readonly clock = new ManualClock();
  readonly db = openLedger(':memory:');
  readonly topology: Topology;
  readonly flow: Flow;
  readonly cranes: ReadonlyMap<DeviceId, FakeCrane>;
  readonly conveyors: ReadonlyMap<DeviceId, FakeConveyor>;
  readonly fatal: unknown[] = [];
  /** What stands on each place, the foremost first. */
  readonly steel = new Map<LocationId, string[]>();
  /** Totes that are brought as soon as there is room for them. */
  readonly outside: string[] = [];
  readonly gone: string[] = [];
  /** Points that stand still, by `conveyor-1/2`. */
  readonly stuck = new Set<string>();
  readonly announced = new Map<string, Announced>();
  readonly #options: NetworkOptions;
  #reads = 0;
  #keys = 0;

  constructor(options: NetworkOptions = {}) {
    const { site = loopSite, stored = {} } = options;
    this.#options = options;
    this.topology = new Topology(site);
    const now = { nonce: 1, nowMs: 0 };
    const ledger = new Ledger(this.db, this.topology, now);
    stockLedger(ledger, this.topology, unitsAt(stored));
    for (const [code, place] of Object.entries(stored)) this.#on(at(place)).push(code);
    const of = <T extends object>(type: string, make: () => T) =>
      new Map(
        site.devices.flatMap(({ device, ...row }) =>
          row.type === type ? [[device, Object.assign(make(), { id: device })] as const] : [],
        ),
      );
    this.cranes = of('asrs-crane', () => new FakeCrane());
    this.conveyors = of('conveyor', () => new FakeConveyor());
    this.flow = new Flow({
      ...{ topology: this.topology, store: ledger, clock: this.clock, log: silent },
      ...{ equipment: new Equipment(), slotting: new Slotting(this.topology) },
      reactions: new Map(),
      renderLabel: () => '',
      drivers: () => [],
      onFatal: (error) => this.fatal.push(error),
    });
    const [cranes, conveyors] = [this.cranes, this.conveyors];
    const none = { printers: new Map(), scanners: new Map(), indicators: new Map() };
    this.flow.start({ cranes, conveyors, ...none });
    const report = (fact: DeviceFact) => this.flow.report(fact);
    for (const device of [...cranes.values(), ...conveyors.values()]) device.connect(report);
    this.settle();
  }

  settle(): this {
    this.clock.advance(0);
    return this;
  }

  tell(...facts: DeviceFact[]): this {
    for (const fact of facts) this.flow.report(fact);
    return this.settle();
  }

  command(name: CommandName, data: object) {
    const reply = this.flow.command({
      ...{ host: 'wms' as HostId, id: `c-${++this.#keys}`, name, data },
      ...{ expiresAtMs: undefined, retained: false },
    });
    this.settle();
    return reply;
  }

  operator(act: Without<OperatorAct, 'operator' | 'key'>): Promise<OperatorOutcome> {
    const key = `k-${++this.#keys}`;
    const outcome = this.flow.operator({ operator: 'op-1', key, ...act } as OperatorAct);
    this.settle();
    return outcome;
  }

  /** Announces totes of SKU A, and brings them one after the other. */
  async brings(...codes: readonly string[]): Promise<void> {
    await this.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs' }] });
    const loadUnits = codes.map((lpn) => ({
      ...{ lpn, loadUnitType: 'TOTE-600', lines: [{ sku: 'A', qty: 10 }] },
    }));
    await this.command('loadUnit.announce', { loadUnits });
    this.outside.push(...codes);
  }

  orders(order: string, station: string, loadUnit: string) {
    return this.command('order.create', { order, kind: 'retrieval', station, loadUnit });
  }

  placeOf(code: string): LocationId | undefined {
    return this.flow.warehouse.loadUnit(id(code))?.place;
  }

  /** Where a tote is in steel. */
  where(code: string): LocationId | undefined {
    for (const [place, codes] of this.steel) if (codes.includes(code)) return place;
    return undefined;
  }

  get asked(): readonly string[] {
    return [...this.flow.warehouse.openDiscrepancies()].map(({ code }) => code).toSorted();
  }

  /** Lets things happen until nothing can, by itself or by time. @throws when it does not come to rest */
  run(stepsMax = 2_000): this {
    let idle = 0;
    for (let step = 0; idle < 6; step++) {
      if (step > stepsMax) throw new Error(`it does not come to rest: ${this.summary()}`);
      if (this.step()) idle = 0;
      else idle++;
      if (idle > 0) this.clock.advance(1_000);
    }
    return this;
  }

  /** Lets things happen until something holds. @throws when it does not within so many steps */
  until(holds: () => boolean, stepsMax = 500): this {
    for (let step = 0; !holds(); step++) {
      if (step > stepsMax) throw new Error(`it does not come to that: ${this.summary()}`);
      if (!this.step()) this.clock.advance(1_000);
    }
    return this;
  }

  /** @returns false when nothing can happen */
  step(): boolean {
    const acts = this.#acts();
    const chosen = acts[this.#options.draw?.(acts.length) ?? 0];
    chosen?.();
    this.settle();
    if (this.fatal.length > 0) throw this.fatal[0];
    return chosen !== undefined;
  }

  summary(): string {
    const full = [...this.steel].filter(([, codes]) => codes.length > 0);
    return `${full.map(([place, codes]) => `${place}: ${codes.join(' ')}`).join('; ')}; asked ${this.asked}`;
  }

  #acts(): Act[] {
    const { site } = this.topology;
    return [
      ...site.points.flatMap((point) => this.#atPoint(point)),
      ...site.aisles.flatMap(({ crane, lhd }) => this.#byCrane(crane, lhd)),
      ...site.stations.flatMap(({ kind, location, scanner }) =>
        kind === 'workstation' && scanner !== undefined ? this.#atStation(location, scanner) : [],
      ),
      ...site.stations.flatMap(({ kind, location }) =>
        kind === 'infeed' && this.outside.length > 0 && this.#hasRoom(location)
          ? [() => this.#on(location).push(this.outside.shift() ?? '')]
          : [],
      ),
    ];
  }

  #atPoint(point: DecisionPoint): Act[] {
    const key = `${point.device}/${point.point}`;
    const [code] = this.#on(point.at);
    const plc = this.conveyors.get(point.device);
    if (code === undefined || plc === undefined || this.stuck.has(key)) return [];
    const announced = this.announced.get(key);
    if (announced?.code !== code) return [() => this.#arrive(point, plc, code)];
    const answer = plc.answerTo(point.point, announced.scanSeq);
    if (answer === undefined || point.role === 'arrival') return [];
    const byDefault = point.exits.find(({ isDefault }) => isDefault) ?? point.exits[0];
    const wanted = point.exits.find(({ exit }) => exit === answer) ?? byDefault;
    const leave = (exit: typeof wanted, outcome: 'asAnswered' | 'exitFull'): Act[] => {
      if (exit === undefined || !this.#hasRoom(exit.to)) return [];
      return [
        () => {
          this.#on(exit.to).push(this.#on(point.at).shift() ?? '');
          this.announced.delete(key);
          const { scanSeq } = announced;
          plc.confirm(point.point, { scanSeq, exitTaken: exit.exit, outcome });
        },
      ];
    };
    const asTold = leave(wanted, 'asAnswered');
    return asTold.length > 0 ? asTold : leave(byDefault, 'exitFull');
  }

  #arrive(point: DecisionPoint, plc: FakeConveyor, code: string): void {
    const key = `${point.device}/${point.point}`;
    const scanSeq = plc.arrive(point.point);
    this.announced.set(key, { code, scanSeq });
    if (point.role === 'induct' && point.scanner !== undefined) this.read(point.scanner, code);
  }

  read(scanner: DeviceId, code: string): void {
    const readId = `1-${++this.#reads}`;
    this.tell({ device: scanner, type: 'scanner.read', readId, code, aim: undefined });
  }

  /** The crane does what it was told, if steel lets it. */
  #byCrane(device: DeviceId, lhd: LocationId): Act[] {
    const crane = this.cranes.get(device);
    const command = crane?.command;
    if (crane === undefined || command === undefined || !('to' in command)) return [];
    if (command.command !== 'transfer' || command.to === undefined) return [];
    const { from, to } = command;
    if (this.#on(from).length === 0 || !this.#hasRoom(to)) return [];
    return [
      () => {
        crane.answer();
        this.settle();
        const code = this.#on(from).shift() ?? '';
        const missionId = crane.shows.activeMissionId;
        crane.happens('picked', { missionId, place: lhd });
        this.settle();
        this.#leaveArrival(from);
        crane.end('done', to);
        this.#on(to).push(code);
      },
    ];
  }

  #leaveArrival(from: LocationId): void {
    for (const { device, point, role } of this.topology.pointsAt(from)) {
      const key = `${device}/${point}`;
      const announced = this.announced.get(key);
      if (role !== 'arrival' || announced === undefined) continue;
      this.announced.delete(key);
      const { scanSeq } = announced;
      this.conveyors.get(device)?.confirm(point, { scanSeq, exitTaken: 1, outcome: 'asAnswered' });
    }
  }

  /** People scan what comes, and do with it what the test says. */
  #atStation(station: LocationId, scanner: DeviceId): Act[] {
    const [code] = this.#on(station);
    const unit = code === undefined ? undefined : this.flow.warehouse.loadUnit(id(code));
    if (code === undefined || unit === undefined) return [];
    if (unit.confidence !== 'scanned') return [() => this.read(scanner, code)];
    const how = this.#options.finish?.(code) ?? 'ship';
    if (how === 'wait' || unit.workflow === undefined) return [];
    const infeed = this.topology.site.stations.find(({ kind }) => kind === 'infeed')?.location;
    if (how === 'return' && (infeed === undefined || !this.#hasRoom(infeed))) return [];
    return [
      () => {
        this.read(scanner, how === 'ship' ? 'CRANEWAY-SHIP' : 'CRANEWAY-RETURN');
        this.#on(station).shift();
        if (how === 'ship' || infeed === undefined) this.gone.push(code);
        else this.#on(infeed).push(code);
      },
    ];
  }

  #on(place: LocationId): string[] {
    const known = this.steel.get(place) ?? [];
    this.steel.set(place, known);
    return known;
  }

  #hasRoom(place: LocationId): boolean {
    return this.#on(place).length < this.topology.capacityOf(place);
  }
}
