import { AisleBooks, SkuNumbers } from './aisle-books.ts';
import type { LoadUnit, Reason } from './books.ts';
import { AisleLimits } from './cell-limits.ts';
import { CellOrder } from './cell-order.ts';
import { bestCell, nearestFree, type Search } from './cell-search.ts';
import { planOf, stayOfUnit } from './class-books.ts';
import { craneTravelMs } from './crane-kinematics.ts';
import { invariant } from './errors.ts';
import type { DeviceId, LocationId } from './ids.ts';
import { lockText } from './locks.ts';
import { nearCells } from './near-cells.ts';
import { aisleReasons, cellReasons, noCell } from './putaway-reasons.ts';
import {
  costOf,
  defaultWeights,
  mainSkuOf,
  type PutawayTerms,
  type PutawayWeights,
  workTerm,
} from './putaway-score.ts';
import type { Aisle } from './site.ts';
import { cellsOf, partOf } from './site-part.ts';
import { type Region, regionOf, wholeAisle } from './storage-classes.ts';
import { positionIn, type Topology } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** A choice, or none, and why in both cases. */
export interface Choice<T> {
  readonly chosen: T | undefined;
  readonly reasons: readonly Reason[];
}

/** An aisle that a load unit could go to. */
export interface AisleOffer {
  readonly aisle: Aisle;
  /** Where the conveyor would bring it. */
  readonly pd: LocationId;
  /** Why it may not be sent there now; absent: it may. */
  readonly refused?: string | undefined;
}

export interface AisleChoice {
  readonly pd: LocationId;
  /** A cell that would take it: the room that is kept for it in this aisle until it stands at `pd`. */
  readonly location: LocationId;
}

type AllBooks = ReadonlyMap<string, AisleBooks>;

/** What is the same for every aisle that is rated. */
interface Shared {
  readonly waiting: ReadonlyMap<DeviceId, number>;
  /** Load units of the same SKU in all aisles. */
  readonly sameSku: number;
}

/**
 * Chooses storage locations: first the aisle, at the infeed, and then the cell, at its P&D station.
 *
 * Hard constraints first (size, mass, locks, occupancy, reservations, lanes), then the score of
 * `putaway-score.ts`; of equals the nearest cell and the first aisle. The order of cells by travel time
 * is worked out once for each aisle; which of them are free is kept up to date with the books, so
 * that a choice costs nearly the same in a large warehouse as in a small one. While one fitting cell
 * of an aisle is free, there is a choice; the same books lead to the same one.
 */
export class Slotting {
  readonly #topology: Topology;
  readonly #weights: PutawayWeights;
  readonly #classes: number;
  readonly #orders: ReadonlyMap<string, CellOrder>;
  readonly #books = new WeakMap<Warehouse, AllBooks>();

  constructor(topology: Topology) {
    this.#topology = topology;
    this.#weights = topology.site.slotting?.weights ?? defaultWeights;
    this.#classes = topology.site.slotting?.classes ?? 1;
    // Now, and not while the first load unit waits: it takes a while in a long aisle.
    this.#orders = new Map(topology.site.aisles.map((aisle) => [aisle.aisle, orderOf(aisle)]));
  }

  /** @param except  cells that were just found to be full, whatever the books say */
  assignLocation(
    warehouse: Warehouse,
    unit: LoadUnit,
    aisle: Aisle,
    except: readonly LocationId[] = [],
  ): Choice<LocationId> {
    const locked = whyAisleLocked(warehouse, unit, aisle);
    if (locked !== undefined) return { chosen: undefined, reasons: [locked] };
    const search = this.searchFor(warehouse, unit, aisle, except);
    const best = bestCell(search);
    if (best === undefined) return { chosen: undefined, reasons: [noCell(aisle, search)] };
    const { order } = search.books;
    const { bay, level } = order.cellAt(best.rank);
    const way = { nearest: nearestFree(search), travelMs: travelMs(aisle, bay, level) };
    const reasons = cellReasons(aisle, search, { ...best, ...way });
    return { chosen: order.codeAt(best.rank), reasons };
  }

  /**
   * Free cells next to a place of the rack that are as good for a load unit as the one it would get,
   * apart from how far they are from the station; the nearest to the place first.
   */
  near(
    warehouse: Warehouse,
    unit: LoadUnit,
    aisle: Aisle,
    at: {
      readonly place: LocationId;
      readonly count: number;
      readonly except?: readonly LocationId[];
    },
  ): readonly LocationId[] {
    const place = this.#topology.placeOf(at.place);
    if (place.kind !== 'cell' || whyAisleLocked(warehouse, unit, aisle) !== undefined) return [];
    const search = this.searchFor(warehouse, unit, aisle, at.except);
    const ranks = nearCells(search, aisle, place.cell, at.count);
    return ranks.map((rank) => search.books.order.codeAt(rank));
  }

  /** Chooses one of several aisles, with a cell in it that takes the load unit as things are now. */
  chooseAisle(
    warehouse: Warehouse,
    unit: LoadUnit,
    offers: readonly AisleOffer[],
  ): Choice<AisleChoice> {
    const shared = this.#shared(warehouse, unit);
    const rated = offers.map((offer) => this.#rate(warehouse, unit, offer, shared));
    const best = rated.reduce<(typeof rated)[number] | undefined>(
      (least, one) => (one.cost < (least?.cost ?? Number.POSITIVE_INFINITY) ? one : least),
      undefined,
    );
    const reasons = aisleReasons(rated, best, this.#weights);
    if (best?.location === undefined) return { chosen: undefined, reasons };
    return { chosen: { pd: best.pd, location: best.location }, reasons };
  }

  #rate(warehouse: Warehouse, unit: LoadUnit, { aisle, pd, refused }: AisleOffer, shared: Shared) {
    const name = { aisle: aisle.aisle, pd };
    const none = { ...name, location: undefined, terms: {}, cost: Number.POSITIVE_INFINITY };
    const why = refused ?? whyAisleLocked(warehouse, unit, aisle)?.detail;
    if (why !== undefined) return { ...none, why };
    const search = this.searchFor(warehouse, unit, aisle);
    const cell = bestCell(search);
    if (cell === undefined) return { ...none, why: noCell(aisle, search).detail };
    const terms = { ...cell.terms, ...aisleTerms(search, aisle, shared) };
    const location = search.books.order.codeAt(cell.rank);
    return { ...name, location, terms, cost: costOf(terms, this.#weights), why: undefined };
  }

  #shared(warehouse: Warehouse, unit: LoadUnit): Shared {
    const waiting = new Map<DeviceId, number>();
    for (const { crane } of warehouse.tables.request.values()) {
      waiting.set(crane, (waiting.get(crane) ?? 0) + 1);
    }
    return { waiting, sameSku: sameSkuIn(this.#booksOf(warehouse), unit) };
  }

  /** A search for a cell in an aisle, as things are now. */
  searchFor(
    warehouse: Warehouse,
    unit: LoadUnit,
    { aisle }: Aisle,
    except: readonly LocationId[] = [],
  ): Search {
    const all = this.#booksOf(warehouse);
    const books = all.get(aisle);
    invariant(books !== undefined, `${aisle} is not an aisle of this site`);
    const ranks = except.flatMap((location) => {
      const place = this.#topology.find(location);
      const isHere = place?.kind === 'cell' && place.aisle.aisle === aisle;
      return (isHere ? books.order.rankOf(place.cell) : undefined) ?? [];
    });
    const leavesInMs = (other: LoadUnit) =>
      stayOfUnit(warehouse, other, sameSkuIn(all, other) / (other === unit ? 1 : 2));
    return {
      ...{ topology: this.#topology, weights: this.#weights, warehouse, unit, books, leavesInMs },
      except: new Set(ranks),
      region: this.#regionFor(warehouse, unit, leavesInMs),
    };
  }

  /** The cells of an aisle, the nearest first. */
  orderOf({ aisle }: Aisle): CellOrder {
    const order = this.#orders.get(aisle);
    invariant(order !== undefined, `${aisle} is not an aisle of this site`);
    return order;
  }

  /** How long a load unit that is to be stored is expected to stay, milliseconds; undefined: unknown. */
  expectedStayMs(warehouse: Warehouse, unit: LoadUnit): number | undefined {
    return stayOfUnit(warehouse, unit, sameSkuIn(this.#booksOf(warehouse), unit));
  }

  #regionFor(warehouse: Warehouse, unit: LoadUnit, leavesInMs: Search['leavesInMs']): Region {
    const plan = this.#classes > 1 ? planOf(warehouse) : undefined;
    if (plan === undefined) return wholeAisle;
    // Nobody waits for an empty one.
    return regionOf(plan, unit.lines.length === 0 ? Number.POSITIVE_INFINITY : leavesInMs(unit));
  }

  #booksOf(warehouse: Warehouse): AllBooks {
    return this.#books.get(warehouse) ?? this.#watch(warehouse);
  }

  #watch(warehouse: Warehouse): AllBooks {
    const skus = new SkuNumbers();
    const all = new Map(
      this.#topology.site.aisles.map((aisle): [string, AisleBooks] => {
        const order = this.#orders.get(aisle.aisle) as CellOrder;
        return [aisle.aisle, new AisleBooks(order, new AisleLimits(aisle), aisle.depths, skus)];
      }),
    );
    const look = (location: LocationId) => {
      const place = this.#topology.find(location);
      if (place?.kind === 'cell') all.get(place.aisle.aisle)?.look(warehouse, place.cell);
    };
    this.#books.set(warehouse, all);
    const { loadUnit, reservation, lock, partLock } = warehouse.tables;
    for (const { place } of loadUnit.values()) look(place);
    for (const { location } of reservation.values()) look(location);
    for (const { location } of lock.values()) look(location);
    for (const { part: code } of [...warehouse.locks.fixed, ...partLock.values()]) {
      const part = partOf(this.#topology, code);
      if (part !== undefined) for (const cell of cellsOf(part)) look(cell);
    }
    warehouse.watchPlaces(look);
    return all;
  }
}

/** What is on the crane already has to get off it: it is stored in its aisle all the same. */
function whyAisleLocked(
  { locks, topology }: Warehouse,
  { place }: LoadUnit,
  { aisle }: Aisle,
): Reason | undefined {
  const lock = locks.onAisle(aisle, 'in');
  if (lock === undefined || topology.find(place)?.kind === 'lhd') return undefined;
  return { code: 'NO_LOCATION', detail: lockText(aisle, lock) };
}

/** Load units of the same SKU in all aisles. */
function sameSkuIn(all: AllBooks, unit: LoadUnit): number {
  const sku = mainSkuOf(unit);
  let count = 0;
  for (const books of all.values()) count += books.countOf(sku);
  return count;
}

function aisleTerms(
  { books, unit }: Search,
  { crane }: Aisle,
  { waiting, sameSku }: Shared,
): PutawayTerms {
  const { occupied, reserved, locked } = books.cells.refused();
  return {
    fill: (occupied + reserved + locked) / books.order.size,
    work: workTerm(reserved + (waiting.get(crane) ?? 0)),
    redundancy: sameSku === 0 ? 0 : books.countOf(mainSkuOf(unit)) / sameSku,
  };
}

const orderOf = (aisle: Aisle): CellOrder =>
  new CellOrder(aisle, (bay, level) => travelMs(aisle, bay, level));

/** From the station where load units come in, milliseconds. */
export function travelMs(aisle: Aisle, bay: number, level: number): number {
  const start = aisle.stations.find(({ direction }) => direction === 'in') ?? { xMm: 0, yMm: 0 };
  return craneTravelMs(start, positionIn(aisle, bay, level), aisle.kinematics);
}
