import type {
  CraneBook,
  Discrepancy,
  HostBook,
  LoadUnit,
  Lock,
  Mission,
  Order,
  Reservation,
  SkuRecord,
  TakeOver,
  Timer,
  WorkflowRow,
} from './books.ts';
import type { CraneRequest } from './crane-command.ts';
import type { DeviceMode, ModeRow } from './device-mode.ts';
import { Errands } from './errands.ts';
import type { DeviceId, LoadUnitId, LocationId, OrderId, Sku, Sscc, WorkflowId } from './ids.ts';
import type { Label, LabelWish } from './label.ts';
import { Locks, type PartLock } from './locks.ts';
import { OpenOrders } from './open-orders.ts';
import type { PointBook } from './point-books.ts';
import type { DemandBook } from './signals/demand.ts';
import type { SignalBook } from './signals/signals.ts';
import { cellsOf } from './site-part.ts';
import { placesTaken } from './station-places.ts';
import type { StationStep, StationVerdict } from './station-step.ts';
import { type Changes, Table } from './table.ts';
import type { Topology } from './topology.ts';

interface Counter {
  readonly name: string;
  readonly value: number;
}

/** All tables of the books, by name. The ledger stores each under its own SQL table. */
export interface Tables {
  readonly loadUnit: LoadUnit;
  readonly sku: SkuRecord;
  readonly demand: DemandBook;
  readonly signal: SignalBook;
  readonly order: Order;
  readonly reservation: Reservation;
  readonly lock: Lock;
  readonly partLock: PartLock;
  readonly request: CraneRequest;
  readonly mission: Mission;
  readonly crane: CraneBook;
  readonly mode: ModeRow;
  readonly takeOver: TakeOver;
  readonly point: PointBook;
  readonly label: Label;
  readonly labelWish: LabelWish;
  readonly step: StationStep;
  readonly station: StationVerdict;
  readonly discrepancy: Discrepancy;
  readonly host: HostBook;
  readonly workflow: WorkflowRow;
  readonly timer: Timer;
  readonly counter: Counter;
}
export type TableName = keyof Tables;

/** Settled discrepancies that stay in memory for people to look back at. */
const settledKeptMax = 1_000;

/** Rows that have changed. */
export type Rows = { readonly [T in TableName]: Changes<string, Tables[T]> };

type UnitWatcher = (before: LoadUnit | undefined, after: LoadUnit | undefined) => void;

export const missionKey = (crane: DeviceId, seq: number): string => `${crane}/${seq}`;
export const pointKey = (device: DeviceId, point: number): string => `${device}/${point}`;
export const timerKey = (workflow: WorkflowId, timer: string): string => `${workflow}#${timer}`;

const nothing: readonly LoadUnit[] = [];

/**
 * The books in memory: the projection of the ledger that decisions read and write. A decision
 * changes it, the ledger commits the change in the same turn of the event loop; when the commit
 * fails the whole projection is thrown away and loaded anew, so nobody ever sees what is not
 * on disk.
 */
export class Warehouse {
  readonly topology: Topology;
  readonly #at = new Map<LocationId, Map<LoadUnitId, LoadUnit>>();
  readonly #bySscc = new Map<Sscc, LoadUnitId>();
  readonly #bySku = new Map<Sku, Set<LoadUnitId>>();
  readonly #openOrders = new OpenOrders();
  readonly #openDiscrepancies = new Map<number, Discrepancy>();
  readonly #reservedBy = new Map<LoadUnitId, Set<LocationId>>();
  readonly #placeWatchers: ((location: LocationId) => void)[] = [];
  readonly #unitWatchers: UnitWatcher[] = [];

  readonly errands = new Errands();
  readonly locks: Locks;

  readonly tables = {
    loadUnit: new Table<LoadUnitId, LoadUnit>(
      (row) => row.loadUnit,
      (before, after) => this.#indexLoadUnit(before, after),
    ),
    sku: new Table<Sku, SkuRecord>((row) => row.sku),
    demand: new Table<Sku, DemandBook>((row) => row.sku),
    signal: new Table<Sku, SignalBook>((row) => row.sku),
    order: new Table<OrderId, Order>(
      (row) => row.order,
      (_, after) => after && this.#openOrders.note(after),
    ),
    reservation: new Table<LocationId, Reservation>(
      (row) => row.location,
      (before, after) => this.#indexReservation(before, after),
    ),
    lock: new Table<LocationId, Lock>(
      (row) => row.location,
      (before, after) => this.#placeChanged((before ?? after)?.location),
    ),
    partLock: new Table<string, PartLock>(
      (row) => row.part,
      (before, after) => {
        const part = this.locks.note(before, after);
        if (part !== undefined) for (const cell of cellsOf(part)) this.#placeChanged(cell);
      },
    ),
    request: new Table<WorkflowId, CraneRequest>((row) => row.workflow),
    mission: new Table<string, Mission>((row) => missionKey(row.crane, row.seq)),
    crane: new Table<DeviceId, CraneBook>((row) => row.crane),
    mode: new Table<DeviceId, ModeRow>((row) => row.device),
    takeOver: new Table<DeviceId, TakeOver>((row) => row.device),
    point: new Table<string, PointBook>(
      (row) => pointKey(row.device, row.point),
      (_, after) => this.errands.indexPoint(after),
    ),
    label: new Table<string, Label>((row) => row.label),
    labelWish: new Table<string, LabelWish>((row) => row.label),
    step: new Table<WorkflowId, StationStep>((row) => row.workflow),
    station: new Table<LocationId, StationVerdict>((row) => row.station),
    discrepancy: new Table<string, Discrepancy>(
      (row) => String(row.no),
      (_, after) => {
        if (after === undefined) return;
        if (after.state === 'open') this.#openDiscrepancies.set(after.no, after);
        else this.#openDiscrepancies.delete(after.no);
      },
    ),
    host: new Table<string, HostBook>((row) => row.host),
    workflow: new Table<WorkflowId, WorkflowRow>((row) => row.workflow),
    timer: new Table<string, Timer>((row) => timerKey(row.workflow, row.timer)),
    counter: new Table<string, Counter>((row) => row.name),
  } as const;
  readonly #named = Object.entries(this.tables);

  constructor(topology: Topology) {
    this.topology = topology;
    this.locks = new Locks(topology);
  }

  /** The next number of a series: 1, 2, 3 … Taken in the same commit as what it numbers. */
  next(series: string): number {
    const value = this.counter(series) + 1;
    this.tables.counter.put({ name: series, value });
    return value;
  }

  /** The last number of a series that was given out; 0 before the first. */
  counter(series: string): number {
    return this.tables.counter.get(series)?.value ?? 0;
  }

  loadUnit(loadUnit: LoadUnitId): LoadUnit | undefined {
    return this.tables.loadUnit.get(loadUnit);
  }

  bySscc(sscc: Sscc): LoadUnit | undefined {
    const loadUnit = this.#bySscc.get(sscc);
    return loadUnit && this.loadUnit(loadUnit);
  }

  /** What stands at a place, the one that came first first. */
  at(location: LocationId): readonly LoadUnit[] {
    const there = this.#at.get(location);
    return there === undefined || there.size === 0 ? nothing : [...there.values()];
  }

  countAt(location: LocationId): number {
    return this.#at.get(location)?.size ?? 0;
  }

  /** Whether a place has room for one more, with what is on its way there. */
  hasRoom(location: LocationId): boolean {
    const taken = placesTaken(this, location) + this.errands.boundFor(location);
    return taken < this.topology.capacityOf(location);
  }

  /** Load units with any quantity of `sku`, in no order. */
  withSku(sku: Sku): readonly LoadUnit[] {
    return [...(this.#bySku.get(sku) ?? [])].flatMap((id) => this.loadUnit(id) ?? []);
  }

  openOrders(): Iterable<Order> {
    return this.#openOrders.values();
  }

  /** Open orders for this one load unit, the first that came first. */
  ordersFor(loadUnit: LoadUnitId): readonly Order[] {
    return this.#openOrders.for(loadUnit);
  }

  openDiscrepancies(): Iterable<Discrepancy> {
    return this.#openDiscrepancies.values();
  }

  reservedFor(loadUnit: LoadUnitId): readonly LocationId[] {
    return [...(this.#reservedBy.get(loadUnit) ?? [])];
  }

  craneBook(crane: DeviceId): CraneBook {
    return this.tables.crane.get(crane) ?? { crane, seqHighest: 0, eventStored: 0 };
  }

  modeOf(device: DeviceId): DeviceMode {
    return this.tables.mode.get(device)?.mode ?? 'auto';
  }

  pointBook(device: DeviceId, point: number): PointBook {
    const known = this.tables.point.get(pointKey(device, point));
    return known ?? { device, point, scanStored: 0, confirmStored: 0, open: [] };
  }

  /** Calls with every place where what stands there and its stock, what is promised or what is locked has changed. */
  watchPlaces(watcher: (location: LocationId) => void): void {
    this.#placeWatchers.push(watcher);
  }

  /** Calls with every load unit whose row has changed, after all else here is in step with it. */
  watchUnits(watcher: UnitWatcher): void {
    this.#unitWatchers.push(watcher);
  }

  takeChanges(): Rows {
    const rows: Record<string, unknown> = {};
    for (const [name, table] of this.#named) rows[name] = table.takeChanges();
    return rows as Rows;
  }

  /** Drops from memory what no decision can ever need again; the ledger keeps it. */
  forgetSettled(): void {
    this.tables.mission.forgetWhere(({ state }) => state === 'settled');
    this.tables.label.forgetWhere(
      ({ status, isSettled }) => isSettled || status === 'verified' || status === 'failed',
    );
    this.tables.discrepancy.forgetOldest(settledKeptMax, ({ state }) => state === 'resolved');
  }

  #indexLoadUnit(before: LoadUnit | undefined, after: LoadUnit | undefined): void {
    // Taken out and put in again: the order of a lane is the order of coming in.
    if (before !== undefined && before.place !== after?.place) {
      this.#at.get(before.place)?.delete(before.loadUnit);
    }
    if (before?.sscc !== undefined && before.sscc !== after?.sscc) this.#bySscc.delete(before.sscc);
    if (after !== undefined) {
      const there = this.#at.get(after.place) ?? new Map<LoadUnitId, LoadUnit>();
      this.#at.set(after.place, there.set(after.loadUnit, after));
      if (after.sscc !== undefined) this.#bySscc.set(after.sscc, after.loadUnit);
    }
    if (before?.place !== after?.place) {
      this.#placeChanged(before?.place);
      this.#placeChanged(after?.place);
    }
    const loadUnit = (before ?? after)?.loadUnit as LoadUnitId;
    this.errands.index(loadUnit, before, after);
    if (before?.lines !== after?.lines) this.#indexLines(before, after);
    for (const watcher of this.#unitWatchers) watcher(before, after);
  }

  #indexLines(before: LoadUnit | undefined, after: LoadUnit | undefined): void {
    const loadUnit = (before ?? after)?.loadUnit as LoadUnitId;
    for (const { sku } of before?.lines ?? []) this.#bySku.get(sku)?.delete(loadUnit);
    for (const { sku } of after?.lines ?? []) addTo(this.#bySku, sku, loadUnit);
    if (before?.place === after?.place) this.#placeChanged(after?.place);
    for (const location of this.reservedFor(loadUnit)) this.#placeChanged(location);
  }

  #indexReservation(before: Reservation | undefined, after: Reservation | undefined): void {
    if (before !== undefined) this.#reservedBy.get(before.loadUnit)?.delete(before.location);
    if (after !== undefined) addTo(this.#reservedBy, after.loadUnit, after.location);
    this.#placeChanged((before ?? after)?.location);
  }

  #placeChanged(location: LocationId | undefined): void {
    if (location === undefined) return;
    for (const watcher of this.#placeWatchers) watcher(location);
  }
}

function addTo<K, V>(index: Map<K, Set<V>>, key: K, value: V): void {
  const set = index.get(key);
  if (set === undefined) index.set(key, new Set([value]));
  else set.add(value);
}
