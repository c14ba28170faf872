import {
  type AisleBooks,
  kindOf,
  lanes,
  lanesCount,
  limitsOfKind,
  placeIn,
} from './aisle-books.ts';
import type { LoadUnit } from './books.ts';
import type { LocationId } from './ids.ts';
import {
  costOf,
  digRisk,
  mainSkuOf,
  type PutawayTerms,
  type PutawayWeights,
} from './putaway-score.ts';
import type { RankSet } from './rank-set.ts';
import { displacement, type Region } from './storage-classes.ts';
import type { Topology } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** Free cells before others that are looked at in each direction, and of the same SKU. */
const frontsMax = 8;

/** Worse than any other lane: the load unit behind is wanted already. */
const wantedBehind = 2;

/** For which load unit, in which aisle, by which weights. */
export interface Search {
  readonly topology: Topology;
  readonly warehouse: Warehouse;
  readonly unit: LoadUnit;
  readonly books: AisleBooks;
  /** Ranks of cells that were just found to be full, whatever the books say. */
  readonly except: ReadonlySet<number>;
  readonly weights: PutawayWeights;
  /** Where its storage class belongs. */
  readonly region: Region;
  /** How long from now a load unit is expected to stay; undefined: unknown. */
  readonly leavesInMs: (unit: LoadUnit) => number | undefined;
}

/** A cell that takes the load unit, and what speaks against it. */
export interface Candidate {
  readonly rank: number;
  readonly terms: PutawayTerms;
  readonly cost: number;
}

/**
 * The free cell of an aisle with the smallest cost, the nearest of equals.
 *
 * Of cells of one kind only a few can be best: the nearest ones and, before others, those of the same SKU. So a search looks
 * at a number of cells that does not grow with the aisle.
 *
 * @returns undefined when the load unit fits into no free cell
 */
export function bestCell(search: Search): Candidate | undefined {
  const { books, unit, topology } = search;
  const fitting = books.limits.fitting(unit, topology.site.loadUnitTypes);
  return (
    bestOf(search, fitting, [lanes.open, lanes.before]) ??
    // Its rear was just found to be full: then nothing is closed in by it.
    bestOf(search, fitting, [lanes.closing])
  );
}

/** The nearest free cell of any kind; the size of the aisle where none is free. */
export function nearestFree({ books, except }: Search): number {
  let nearest = books.order.size;
  for (let kind = 0; kind < books.limits.all.length * lanesCount; kind++) {
    const [rank = nearest] = take(upFrom(books.cells.ofKind(kind), except, 0), 1);
    nearest = Math.min(nearest, rank);
  }
  return nearest;
}

function bestOf(
  search: Search,
  fitting: readonly number[],
  inLanes: readonly number[],
): Candidate | undefined {
  let best: Candidate | undefined;
  for (const limits of fitting) {
    for (const lane of inLanes) {
      for (const rank of ranksOf(search, kindOf(limits, lane), lane)) {
        const terms = termsOf(search, rank, fitting);
        const cost = costOf(terms, search.weights);
        const isBetter =
          best === undefined || cost < best.cost || (cost === best.cost && rank < best.rank);
        if (isBetter) best = { rank, terms, cost };
      }
    }
  }
  return best;
}

/** The few cells of a kind among which the best one is. */
function ranksOf(search: Search, kind: number, lane: number): number[] {
  const { books, unit, except, weights, region } = search;
  const { size } = books.order;
  const start = Math.floor(region.from * size);
  const set = books.cells.ofKind(kind);
  const max = lane === lanes.before ? frontsMax : 1;
  const near = [
    ...take(upFrom(set, except, start), max),
    ...take(downFrom(set, except, start), max),
  ];
  const isEmpty = unit.lines.length === 0;
  const far = isEmpty && weights.empty > 0 ? take(downFrom(set, except, size), 1) : [];
  if (lane !== lanes.before) return [...near, ...far];
  const ranks = books.beforeSku(mainSkuOf(unit));
  const from = Math.max(0, placeIn(ranks, start) - frontsMax);
  const sameSku = ranks
    .slice(from, from + 2 * frontsMax)
    .filter((rank) => books.cells.kindAt(rank) === kind && !except.has(rank));
  return [...near, ...far, ...sameSku];
}

/** What speaks against a free cell. @param fitting  as `AisleLimits.fitting` has them */
export function termsOf(search: Search, rank: number, fitting: readonly number[]): PutawayTerms {
  const { unit, books } = search;
  const { order, limits, cells } = books;
  const kind = cells.kindAt(rank) as number;
  const share = rank / order.size;
  return {
    distance: displacement(share, search.region),
    lane: kind % lanesCount === lanes.before ? laneTerm(search, order.codeAt(rank)) : 0,
    height: fitting.indexOf(limitsOfKind(kind)) / limits.all.length,
    empty: unit.lines.length === 0 ? 1 - share : 0,
  };
}

function laneTerm({ topology, warehouse, unit, leavesInMs }: Search, front: LocationId): number {
  const behind = topology.rearOf(front);
  const [rear] = behind === undefined ? [] : warehouse.at(behind);
  if (rear === undefined) return 0;
  // It is on its way out: whatever is put before it has to be moved away at once.
  if (rear.order !== undefined || rear.workflow !== undefined) return wantedBehind;
  const sku = mainSkuOf(unit);
  const strategy = (sku && warehouse.tables.sku.get(sku)?.strategy) ?? 'fifo';
  return digRisk(unit, rear, { strategy, leavesInMs });
}

function take(ranks: Iterable<number>, max: number): number[] {
  const taken: number[] = [];
  for (const rank of ranks) {
    taken.push(rank);
    if (taken.length === max) break;
  }
  return taken;
}

function* upFrom(set: RankSet, except: ReadonlySet<number>, start: number): Generator<number> {
  for (let rank = set.next(start); rank !== undefined; rank = set.next(rank + 1)) {
    if (!except.has(rank)) yield rank;
  }
}

function* downFrom(set: RankSet, except: ReadonlySet<number>, end: number): Generator<number> {
  for (let rank = set.before(end); rank !== undefined; rank = set.before(rank)) {
    if (!except.has(rank)) yield rank;
  }
}
