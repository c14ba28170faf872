import { lanes, lanesCount, limitsOfKind } from './aisle-books.ts';
import { bestCell, type Search, termsOf } from './cell-search.ts';
import { craneTravelMs } from './crane-kinematics.ts';
import { costOf } from './putaway-score.ts';
import type { Aisle } from './site.ts';
import { type Cell, positionIn } from './topology.ts';

/** Places of the rack face that are looked at around one; a full aisle costs no more. */
const stepsMax = 2_000;
/** Costs that differ by less are equal. */
const costMin = 1e-9;

/** From one place of the rack face to another. */
interface Step {
  readonly bays: number;
  readonly levels: number;
}

const known = new WeakMap<Aisle, readonly Step[]>();

/** Steps from any place of an aisle, those that take the crane the least time first. */
function stepsOf(aisle: Aisle): readonly Step[] {
  const steps = known.get(aisle) ?? sortedSteps(aisle);
  known.set(aisle, steps);
  return steps;
}

function sortedSteps(aisle: Aisle): readonly Step[] {
  const reach = Math.ceil(Math.sqrt(stepsMax));
  const [bays, levels] = [Math.min(reach, aisle.bays - 1), Math.min(reach, aisle.levels - 1)];
  const origin = positionIn(aisle, 0, 0);
  const steps: (Step & { readonly ms: number })[] = [];
  for (let bay = -bays; bay <= bays; bay++) {
    for (let level = -levels; level <= levels; level++) {
      const ms = craneTravelMs(origin, positionIn(aisle, bay, level), aisle.kinematics);
      steps.push({ bays: bay, levels: level, ms });
    }
  }
  return steps.sort((a, b) => a.ms - b.ms).slice(0, stepsMax);
}

/**
 * Free cells next to a place of the rack that are as good for a load unit as the one it would get,
 * apart from how far they are from the station, in the region of its class; the nearest to the place first.
 *
 * @param count  1 or more
 * @returns ranks; fewer than `count` where there are not so many within reach
 */
export function nearCells(search: Search, aisle: Aisle, from: Cell, count: number): number[] {
  const { books, unit, topology, weights } = search;
  const best = bestCell(search);
  // Where empty ones stand is decided by nothing but how far it is.
  if (best === undefined || (unit.lines.length === 0 && weights.empty > 0)) return [];
  const fitting = books.limits.fitting(unit, topology.site.loadUnitTypes);
  const costMax = costOf({ ...best.terms, distance: 0 }, weights) + costMin;
  const isAsGood = (rank: number): boolean => {
    const kind = books.cells.kindAt(rank);
    if (kind === undefined || search.except.has(rank)) return false;
    const share = rank / books.order.size;
    if (share < search.region.from || share >= search.region.to) return false;
    if (kind % lanesCount === lanes.closing || !fitting.includes(limitsOfKind(kind))) return false;
    return costOf({ ...termsOf(search, rank, fitting), distance: 0 }, weights) <= costMax;
  };
  const found: number[] = [];
  for (const { bays, levels } of stepsOf(aisle)) {
    for (const cell of cellsAt(aisle, from.bay + bays, from.level + levels)) {
      const rank = books.order.rankOf(cell);
      if (rank !== undefined && isAsGood(rank)) found.push(rank);
      if (found.length === count) return found;
    }
  }
  return found;
}

/** Both sides of the aisle, the rear before the front. */
function* cellsAt(aisle: Aisle, bay: number, level: number): Generator<Cell> {
  if (bay < 1 || level < 1) return;
  for (let depth = aisle.depths; depth >= 1; depth--) {
    yield { side: 'L', bay, level, depth };
    yield { side: 'R', bay, level, depth };
  }
}
