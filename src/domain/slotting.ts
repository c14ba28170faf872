import type { LoadUnit, Reason } from './books.ts';
import { CellOrder } from './cell-order.ts';
import { craneTravelMs } from './crane-kinematics.ts';
import { FreeCells, type Refusal, type Refused } from './free-cells.ts';
import type { LocationId } from './ids.ts';
import type { Aisle } from './site.ts';
import { positionIn, type Topology } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** A choice, or none, and why in both cases. */
export interface Choice<T> {
  readonly chosen: T | undefined;
  readonly reasons: readonly Reason[];
}

/**
 * Chooses storage locations: the free cell that the crane reaches soonest from its P&D station.
 *
 * Hard constraints first (size, mass, locks, occupancy, reservations), then travel time. The order
 * of cells by travel time is worked out once for each aisle; which of them are free is kept up to
 * date with the books, so that a choice costs the same in a large warehouse as in a small one.
 */
export class Slotting {
  readonly #topology: Topology;
  readonly #orders = new Map<string, CellOrder>();
  readonly #free = new WeakMap<Warehouse, Map<string, FreeCells>>();

  constructor(topology: Topology) {
    this.#topology = topology;
    // Now, and not while the first load unit waits: it takes a while in a long aisle.
    for (const aisle of topology.site.aisles) this.#orders.set(aisle.aisle, orderOf(aisle));
  }

  /** @param except  cells that were just found to be full, whatever the books say */
  assignLocation(
    warehouse: Warehouse,
    loadUnit: LoadUnit,
    aisle: Aisle,
    except: readonly LocationId[] = [],
  ): Choice<LocationId> {
    const unfit = misfit(loadUnit, aisle);
    if (unfit !== undefined) return { chosen: undefined, reasons: [unfit] };

    const order = this.#orderOf(aisle);
    const found = except.flatMap((location) => this.#rankOf(location)?.rank ?? []);
    const { rank, refused } = this.#freeIn(warehouse, aisle, order).nearest(new Set(found));
    if (rank !== undefined) {
      const { bay, level } = order.cellAt(rank);
      const chosen = order.codeAt(rank);
      return { chosen, reasons: why(aisle, chosen, travelMs(aisle, bay, level), refused) };
    }
    const detail = `no free cell in ${aisle.aisle}: ${inWords(refused)}`;
    return { chosen: undefined, reasons: [{ code: 'NO_LOCATION', detail }] };
  }

  #orderOf(aisle: Aisle): CellOrder {
    const known = this.#orders.get(aisle.aisle);
    if (known !== undefined) return known;
    const order = orderOf(aisle);
    this.#orders.set(aisle.aisle, order);
    return order;
  }

  #freeIn(warehouse: Warehouse, aisle: Aisle, order: CellOrder): FreeCells {
    const aisles = this.#free.get(warehouse) ?? this.#watch(warehouse);
    const known = aisles.get(aisle.aisle);
    if (known !== undefined) return known;
    const cells = new FreeCells(order.size);
    aisles.set(aisle.aisle, cells);
    const { loadUnit, reservation, lock } = warehouse.tables;
    for (const { place } of loadUnit.values()) this.#look(warehouse, place);
    for (const { location } of reservation.values()) this.#look(warehouse, location);
    for (const { location } of lock.values()) this.#look(warehouse, location);
    return cells;
  }

  #watch(warehouse: Warehouse): Map<string, FreeCells> {
    const aisles = new Map<string, FreeCells>();
    this.#free.set(warehouse, aisles);
    warehouse.watchPlaces((location) => this.#look(warehouse, location));
    return aisles;
  }

  /** What stands, or is to stand, in a cell decides about the one before it and the one behind it too. */
  #look(warehouse: Warehouse, location: LocationId): void {
    const near = [this.#topology.rearOf(location), this.#topology.frontOf(location)];
    for (const cell of [location, ...near]) {
      if (cell !== undefined) this.#lookInto(warehouse, cell);
    }
  }

  #lookInto(warehouse: Warehouse, location: LocationId): void {
    const found = this.#rankOf(location);
    if (found === undefined) return;
    const cells = this.#free.get(warehouse)?.get(found.aisle);
    cells?.set(found.rank, refusalOf(warehouse, this.#topology, location));
  }

  /** Where a cell stands in the order of its aisle; undefined for any other place. */
  #rankOf(location: LocationId): { readonly aisle: string; readonly rank: number } | undefined {
    const place = this.#topology.find(location);
    if (place?.kind !== 'cell') return undefined;
    const { aisle } = place.aisle;
    const rank = this.#orders.get(aisle)?.rankOf(place.cell);
    return rank === undefined ? undefined : { aisle, rank };
  }
}

const orderOf = (aisle: Aisle): CellOrder =>
  new CellOrder(aisle, (bay, level) => travelMs(aisle, bay, level));

function travelMs(aisle: Aisle, bay: number, level: number): number {
  const start = aisle.stations.find(({ direction }) => direction === 'in') ?? { xMm: 0, yMm: 0 };
  return craneTravelMs(start, positionIn(aisle, bay, level), aisle.kinematics);
}

function why(aisle: Aisle, cell: LocationId, travel: number, refused: Refused): Reason[] {
  const seconds = (travel / 1000).toFixed(1);
  const detail = `${cell} is the nearest free cell of ${aisle.aisle}, ${seconds} s from its P&D station`;
  const nearer = refused.occupied + refused.reserved + refused.locked;
  const skipped = { code: 'NEARER_CELLS', detail: `nearer cells: ${inWords(refused)}` };
  return [{ code: 'NEAREST', detail }, ...(nearer > 0 ? [skipped] : [])];
}

/** Whether a load unit may be stored in an aisle at all; unknown measures are no obstacle here. */
function misfit({ heightMm = 0, massKg = 0 }: LoadUnit, aisle: Aisle): Reason | undefined {
  if (heightMm > aisle.heightMaxMm) {
    return { code: 'CHECK_FAILED', detail: `${heightMm} mm high, ${aisle.heightMaxMm} mm fit` };
  }
  if (massKg > aisle.massMaxKg) {
    return { code: 'CHECK_FAILED', detail: `${massKg} kg, ${aisle.massMaxKg} kg are allowed` };
  }
  return undefined;
}

/** Why a cell takes nothing now, by itself or by what stands or is to stand before or behind it. */
function refusalOf(
  warehouse: Warehouse,
  topology: Topology,
  cell: LocationId,
): Refusal | undefined {
  const { lock, reservation } = warehouse.tables;
  const closed = lock.get(cell)?.lock;
  if (closed === 'in' || closed === 'both') return 'locked';
  const front = topology.frontOf(cell);
  const isTaken = (at: LocationId | undefined) => at !== undefined && warehouse.countAt(at) > 0;
  if (isTaken(cell) || isTaken(front)) return 'occupied';
  // One that is on its way to the rear must not find the front taken.
  const near = [cell, front, topology.rearOf(cell)];
  return near.some((at) => at !== undefined && reservation.has(at)) ? 'reserved' : undefined;
}

const inWords = ({ occupied, reserved, locked }: Refused): string =>
  `${occupied} occupied, ${reserved} reserved, ${locked} locked`;
