import type { LoadUnit } from './books.ts';
import type { AisleLimits } from './cell-limits.ts';
import type { CellOrder } from './cell-order.ts';
import { FreeCells, type Refusal } from './free-cells.ts';
import type { LocationId, Sku } from './ids.ts';
import { isCellClosed } from './locks.ts';
import { mainSkuOf } from './putaway-score.ts';
import type { Cell } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** How a free cell stands in its lane. */
export const lanes = {
  /** Nothing is before it, and what is put there keeps nothing else in. */
  open: 0,
  /** Before a cell that is taken. */
  before: 1,
  /** Before a free cell, which it would close. */
  closing: 2,
} as const;
export const lanesCount = 3;

/** Kind of a free cell, as `FreeCells` has it. */
export const kindOf = (limits: number, lane: number): number => limits * lanesCount + lane;
export const limitsOfKind = (kind: number): number => Math.floor(kind / lanesCount);

/** Numbers for SKUs, so that a cell remembers its own in four bytes. 0: none. */
export class SkuNumbers {
  readonly #numbers = new Map<Sku, number>();

  of(sku: Sku | undefined): number {
    if (sku === undefined) return 0;
    const known = this.#numbers.get(sku);
    if (known !== undefined) return known;
    const number = this.#numbers.size + 1;
    this.#numbers.set(sku, number);
    return number;
  }
}

interface Spot {
  readonly rank: number;
  readonly code: LocationId;
}

/**
 * What putaway needs to know of one aisle, kept in step with the books: which cells are free, where
 * something stands behind a free cell, and how many load units of each SKU there are.
 *
 * Nothing here depends on the order in which the books came to be what they are.
 * Memory: `FreeCells` and 4 bytes a cell, another 4 in double-deep aisles.
 */
export class AisleBooks {
  readonly order: CellOrder;
  readonly limits: AisleLimits;
  readonly cells: FreeCells;
  readonly #depths: number;
  readonly #skus: SkuNumbers;
  /** SKU that stands in a cell or is on its way there, by rank. */
  readonly #skuAt: Uint32Array;
  readonly #skuCounts = new Map<number, number>();
  /** SKU behind a free front cell, by the rank of that. */
  readonly #skuBehind: Uint32Array;
  /** Free front cells by the SKU behind them, in the order of their ranks. */
  readonly #before = new Map<number, number[]>();

  constructor(order: CellOrder, limits: AisleLimits, depths: number, skus: SkuNumbers) {
    this.order = order;
    this.limits = limits;
    this.#depths = depths;
    this.#skus = skus;
    const kind = (rank: number) => {
      const { level, depth } = order.cellAt(rank);
      return kindOf(limits.at(level), depth < depths ? lanes.closing : lanes.open);
    };
    this.cells = new FreeCells(order.size, limits.all.length * lanesCount, kind);
    this.#skuAt = new Uint32Array(order.size);
    this.#skuBehind = new Uint32Array(depths === 1 ? 0 : order.size);
  }

  /** Load units of a SKU that are here or on their way into a cell. */
  countOf(sku: Sku | undefined): number {
    return this.#skuCounts.get(this.#skus.of(sku)) ?? 0;
  }

  /** Ranks of free cells before a load unit of this SKU, the nearest first. */
  beforeSku(sku: Sku | undefined): readonly number[] {
    return this.#before.get(this.#skus.of(sku)) ?? [];
  }

  /** Something has changed in a cell: it decides about the one before it and the one behind it too. */
  look(warehouse: Warehouse, cell: Cell): void {
    const [front, rear] = this.#laneOf(cell);
    if (front === undefined) return;
    const free = (lane: number) => kindOf(this.limits.at(cell.level), lane);
    if (rear === undefined) {
      this.cells.set(front.rank, refusalOf(warehouse, front.code) ?? free(lanes.open));
      return this.#noteSku(warehouse, front);
    }
    const isRearOpen = refusalOf(warehouse, rear.code) === undefined;
    const lane = isRearOpen ? lanes.closing : lanes.before;
    // One that is on its way to the rear must not find the front taken.
    const before = refusalOf(warehouse, front.code, [], [rear.code]) ?? free(lane);
    this.cells.set(front.rank, before);
    const behind = refusalOf(warehouse, rear.code, [front.code], [front.code]) ?? free(lanes.open);
    this.cells.set(rear.rank, behind);
    this.#noteSku(warehouse, rear);
    this.#noteSku(warehouse, front);
    this.#noteBehind(front.rank, rear.rank);
  }

  /** From the aisle to the wall; none where the aisle has no such cell. */
  #laneOf(cell: Cell): readonly Spot[] {
    return Array.from({ length: this.#depths }, (_, i) => i + 1).flatMap((depth) => {
      const rank = this.order.rankOf({ ...cell, depth });
      return rank === undefined ? [] : [{ rank, code: this.order.codeAt(rank) }];
    });
  }

  #noteSku(warehouse: Warehouse, { rank, code }: Spot): void {
    const unit = unitFor(warehouse, code);
    const now = unit === undefined ? 0 : this.#skus.of(mainSkuOf(unit));
    const before = this.#skuAt[rank] as number;
    if (now === before) return;
    this.#skuAt[rank] = now;
    this.#count(before, -1);
    this.#count(now, 1);
  }

  #count(sku: number, by: 1 | -1): void {
    if (sku === 0) return;
    const count = (this.#skuCounts.get(sku) ?? 0) + by;
    if (count === 0) this.#skuCounts.delete(sku);
    else this.#skuCounts.set(sku, count);
  }

  #noteBehind(front: number, rear: number): void {
    const kind = this.cells.kindAt(front);
    const isBefore = kind !== undefined && kind % lanesCount === lanes.before;
    const now = isBefore ? (this.#skuAt[rear] as number) : 0;
    const before = this.#skuBehind[front] as number;
    if (now === before) return;
    this.#skuBehind[front] = now;
    if (before !== 0) takeOut(this.#before, before, front);
    if (now !== 0) putIn(this.#before, now, front);
  }
}

/**
 * Why a cell takes nothing; undefined: it is free. That its aisle is locked as a whole is no matter of single cells.
 *
 * @param taken     cells that have to be empty as well
 * @param promised  cells that must not be promised either
 */
function refusalOf(
  warehouse: Warehouse,
  cell: LocationId,
  taken: readonly LocationId[] = [],
  promised: readonly LocationId[] = [],
): Refusal | undefined {
  if (isCellClosed(warehouse, cell, 'in')) return 'locked';
  if ([cell, ...taken].some((at) => warehouse.countAt(at) > 0)) return 'occupied';
  const isPromised = (at: LocationId) => warehouse.tables.reservation.has(at);
  return [cell, ...promised].some(isPromised) ? 'reserved' : undefined;
}

/** What stands in a cell, or is to stand there. */
function unitFor(warehouse: Warehouse, cell: LocationId): LoadUnit | undefined {
  const [unit] = warehouse.at(cell);
  const reserved = warehouse.tables.reservation.get(cell)?.loadUnit;
  return unit ?? (reserved === undefined ? undefined : warehouse.loadUnit(reserved));
}

function putIn(sets: Map<number, number[]>, key: number, rank: number): void {
  const ranks = sets.get(key);
  if (ranks === undefined) sets.set(key, [rank]);
  else ranks.splice(placeIn(ranks, rank), 0, rank);
}

function takeOut(sets: Map<number, number[]>, key: number, rank: number): void {
  const ranks = sets.get(key) ?? [];
  ranks.splice(placeIn(ranks, rank), 1);
  if (ranks.length === 0) sets.delete(key);
}

/** Where a rank stands, or would stand, in a list of ranks that rise. */
export function placeIn(ranks: readonly number[], rank: number): number {
  let [from, to] = [0, ranks.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((ranks[middle] as number) < rank) from = middle + 1;
    else to = middle;
  }
  return from;
}
