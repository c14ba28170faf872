import { kindOf, lanes, lanesCount, limitsOfKind } from './aisle-books.ts';
import type { LoadUnit } from './books.ts';
import { bestCell, type Search } from './cell-search.ts';
import { planOf } from './class-books.ts';
import type { LoadUnitId, LocationId } from './ids.ts';
import { isCellClosed, whyLocked } from './locks.ts';
import { digRisk, mainSkuOf } from './putaway-score.ts';
import { whyNotReachable } from './reachability.ts';
import type { Aisle } from './site.ts';
import { type Slotting, travelMs } from './slotting.ts';
import { regionOf } from './storage-classes.ts';
import type { Warehouse } from './warehouse.ts';

/** A load unit that would stand better elsewhere in its aisle. */
export interface Improvement {
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  readonly to: LocationId;
  /** Time of the crane that it is expected to save later, milliseconds, > 0. */
  readonly gainMs: number;
  readonly why: string;
}

/**
 * Looks at some cells of an aisle, the farthest first, for the load unit that would gain most by another one.
 *
 * @param at  where to go on, and at how many cells to look; `after` 0 is the farthest cell
 * @returns `after` for the next look; 0: all have been looked at
 */
export function improve(
  slotting: Slotting,
  warehouse: Warehouse,
  aisle: Aisle,
  at: { readonly after: number; readonly count: number },
): { readonly found: Improvement | undefined; readonly after: number } {
  const { size } = slotting.orderOf(aisle);
  const until = Math.min(size, at.after + at.count);
  let found: Improvement | undefined;
  for (let i = at.after; i < until; i++) {
    const one = improvementAt(slotting, warehouse, aisle, size - 1 - i);
    if (one !== undefined && one.gainMs > (found?.gainMs ?? 0)) found = one;
  }
  return { found, after: until === size ? 0 : until };
}

function improvementAt(
  slotting: Slotting,
  warehouse: Warehouse,
  aisle: Aisle,
  rank: number,
): Improvement | undefined {
  const order = slotting.orderOf(aisle);
  const unit = warehouse.at(order.codeAt(rank))[0];
  if (unit === undefined || !isAtLeisure(warehouse, unit)) return undefined;
  const search = slotting.searchFor(warehouse, unit, aisle);
  const cell = order.cellAt(rank);
  return improvementFor({
    ...{ search, aisle, rank },
    ownFront: cell.depth === 1 ? undefined : order.rankOf({ ...cell, depth: cell.depth - 1 }),
    isFast: isFast(search),
    travelMs: (of) => {
      const { bay, level } = order.cellAt(of);
      return travelMs(aisle, bay, level);
    },
  });
}

/** Of the first storage class, as far as the site has any. */
function isFast({ topology, warehouse, unit, leavesInMs }: Search): boolean {
  const hasClasses = (topology.site.slotting?.classes ?? 1) > 1;
  const plan = hasClasses ? planOf(warehouse) : undefined;
  const stayMs = leavesInMs(unit);
  return plan !== undefined && stayMs !== undefined && regionOf(plan, stayMs).ofClass === 0;
}

/** What is known of a load unit whose place is looked at. */
interface Stand {
  readonly search: Search;
  readonly aisle: Aisle;
  /** Rank of its cell, and of the cell before it in its lane. */
  readonly rank: number;
  readonly ownFront: number | undefined;
  /** It belongs to those that are wanted soonest. */
  readonly isFast: boolean;
  /** From the station to a cell, milliseconds. */
  readonly travelMs: (rank: number) => number;
}

/** Moving what stands in the way: there and back, two transfers each. */
const transfersOfDigOut = 4;
/** Below this share of lanes that stand empty, one more is worth a move. */
const scarceShare = 0.1;

/** Whether a load unit may be moved though nobody has asked for it. */
export function isAtLeisure(warehouse: Warehouse, unit: LoadUnit): boolean {
  if (whyNotReachable(warehouse, unit) !== undefined) return false;
  if (whyLocked(warehouse, unit.place, 'out') !== undefined) return false;
  const front = warehouse.topology.frontOf(unit.place);
  if (front !== undefined && warehouse.countAt(front) > 0) return false;
  return !warehouse.tables.lock.has(unit.place) && warehouse.ordersFor(unit.loadUnit).length === 0;
}

/**
 * The place that saves most, for one load unit.
 *
 * What counts is the way to the station, for what is wanted soonest; the dig-outs that are to be expected of what stands behind
 * it; and cells that it keeps closed. The cell itself follows from the rules of putaway.
 */
function improvementFor(stand: Stand): Improvement | undefined {
  return backToTheWall(stand) ?? better(stand) ?? joined(stand);
}

/** Alone before an empty cell: nobody else can use that. */
function backToTheWall({ search, aisle }: Stand): Improvement | undefined {
  const { warehouse, topology, unit } = search;
  const rear = topology.rearOf(unit.place);
  if (rear === undefined || warehouse.countAt(rear) > 0) return undefined;
  if (isCellClosed(warehouse, rear, 'in') || warehouse.tables.reservation.has(rear))
    return undefined;
  const why = `it stands before ${rear}, which is empty and which it keeps closed`;
  return improvement(search, rear, digMs(aisle) / 2, why);
}

/**
 * What a retrieval would save if the load unit stood where putaway would put it now: the way, and digging that is to be
 * expected, milliseconds, < 0 where that is worse.
 *
 * @returns undefined: no cell takes it, or what is behind it is about to be dug out
 */
export function gainOf({
  search,
  aisle,
  rank,
  travelMs,
}: Pick<Stand, 'search' | 'aisle' | 'rank' | 'travelMs'>):
  | { readonly rank: number; readonly nearerMs: number; readonly undugMs: number }
  | undefined {
  const best = bestCell(search);
  const risk = riskNow(search);
  if (best === undefined || risk === undefined) return undefined;
  const nearerMs = travelMs(rank) - travelMs(best.rank);
  return { rank: best.rank, nearerMs, undugMs: (risk - (best.terms.lane ?? 0)) * digMs(aisle) };
}

function better(stand: Stand): Improvement | undefined {
  const { search, isFast } = stand;
  const gain = gainOf(stand);
  if (gain === undefined) return undefined;
  const to = search.books.order.codeAt(gain.rank);
  const nearerMs = isFast ? gain.nearerMs : 0;
  const { undugMs } = gain;
  const gainMs = nearerMs + undugMs;
  if (gainMs <= 0) return undefined;
  const seconds = (gainMs / 1000).toFixed(1);
  const why =
    nearerMs >= undugMs
      ? `it is wanted soon, and ${to} is ${(nearerMs / 1000).toFixed(1)} s nearer`
      : `what is behind it is likely to be wanted first: ${seconds} s of digging are to be expected`;
  return improvement(search, to, gainMs, why);
}

/** How likely it has to be dug out of the way; undefined: it is about to be. */
function riskNow({ topology, warehouse, unit, leavesInMs }: Search): number | undefined {
  const behind = topology.rearOf(unit.place);
  const rear = behind === undefined ? undefined : warehouse.at(behind)[0];
  if (rear === undefined) return 0;
  if (rear.order !== undefined || rear.workflow !== undefined) return undefined;
  return digRisk(unit, rear, { strategy: strategyOf(warehouse, unit), leavesInMs });
}

/** Two that stand alone and hold the same make one lane, and leave another one empty, where those are few. */
function joined({ search, aisle, rank, ownFront, travelMs }: Stand): Improvement | undefined {
  const { books, unit, warehouse, topology, leavesInMs } = search;
  if (ownFront === undefined || !areLanesScarce(search, aisle)) return undefined;
  const fitting = books.limits.fitting(unit, topology.site.loadUnitTypes);
  const strategy = strategyOf(warehouse, unit);
  const found = books.beforeSku(mainSkuOf(unit)).find((front) => {
    const kind = books.cells.kindAt(front);
    if (front === ownFront || kind === undefined || !fitting.includes(limitsOfKind(kind)))
      return false;
    if (kind % lanesCount !== lanes.before || travelMs(front) > travelMs(rank)) return false;
    const behind = topology.rearOf(books.order.codeAt(front));
    const rear = behind === undefined ? undefined : warehouse.at(behind)[0];
    const isStill = rear?.order === undefined && rear?.workflow === undefined;
    return rear !== undefined && isStill && digRisk(unit, rear, { strategy, leavesInMs }) === 0;
  });
  if (found === undefined) return undefined;
  const to = books.order.codeAt(found);
  const why = `behind ${to} stands the same SKU, and its own lane becomes free; few are`;
  return improvement(search, to, digMs(aisle) / 2, why);
}

function areLanesScarce({ books }: Search, { depths }: Aisle): boolean {
  const kinds = books.limits.all.map((_, limits) => kindOf(limits, lanes.closing));
  const empty = kinds.reduce((sum, kind) => sum + books.cells.ofKind(kind).count, 0);
  return empty < (scarceShare * books.order.size) / depths;
}

const strategyOf = (warehouse: Warehouse, unit: LoadUnit) => {
  const sku = mainSkuOf(unit);
  return (sku && warehouse.tables.sku.get(sku)?.strategy) ?? 'fifo';
};

const digMs = ({ kinematics }: Aisle): number => transfersOfDigOut * kinematics.transferMs;

const improvement = (
  { unit }: Search,
  to: LocationId,
  gainMs: number,
  why: string,
): Improvement => ({ loadUnit: unit.loadUnit, from: unit.place, to, gainMs, why });
