import type { LoadUnit } from './books.ts';
import { planOf } from './class-books.ts';
import { craneTravelMs } from './crane-kinematics.ts';
import { invariant } from './errors.ts';
import type { LoadUnitId, LocationId, Sku } from './ids.ts';
import { gainOf, isAtLeisure } from './layout-care.ts';
import type { Aisle } from './site.ts';
import { type Slotting, travelMs } from './slotting.ts';
import { regionOf } from './storage-classes.ts';
import { positionIn } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** Moves that are advised at a time, over all SKUs: those that are wanted most come first. */
export const advisedMovesMax = 200;
const dayMs = 86_400_000;

/**
 * What it would save to move load units of a SKU that lie outside the region of their storage class to where putaway would
 * put them now. Seconds of the crane, to one decimal.
 */
export interface SlottingAdvice {
  /** 1: wanted soonest. */
  readonly storageClass: number;
  /** Load units that orders take in a day, as learned; when it was not wanted for longer than usual, fewer. */
  readonly takenPerDay: number;
  /** In the racks, and reachable. */
  readonly loadUnits: number;
  /** How many of them are to be moved. */
  readonly moves: number;
  /** Mean way between station and load unit, one way, now and after the moves. */
  readonly travelNowS: number;
  readonly travelThenS: number;
  /** What orders save in a day if they take any of them alike: ways, and digging in double-deep racks. */
  readonly gainSPerDay: number;
  /** What all moves take a crane that begins at the station. */
  readonly costS: number;
  /** Absent: what stands there is gone before. Moves in idle time cost nothing all the same. */
  readonly daysToPayBack?: number | undefined;
}

/** One look at all SKUs. */
export interface AdviceRound {
  /** Moves that may still be advised. */
  left: number;
  /** Lanes that load units are advised to leave or to go to: in any order, no move is in the way of another one. */
  readonly taken: LocationId[];
}

export const adviceRound = (): AdviceRound => ({ left: advisedMovesMax, taken: [] });

export interface AdvisedMove {
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  readonly to: LocationId;
  /** Of one retrieval of it, milliseconds, > 0. */
  readonly gainMs: number;
  /** One way, milliseconds, > 0. */
  readonly nearerMs: number;
  readonly costMs: number;
}

/** Why nothing can be advised for any SKU; undefined: it can. */
export function whyNoAdvice(warehouse: Warehouse): string | undefined {
  const { site } = warehouse.topology;
  if (site.signals === undefined) return 'the site file has no signals';
  if ((site.slotting?.classes ?? 1) === 1) {
    return 'the site file has no storage classes (slotting: { classes: 3 })';
  }
  return planOf(warehouse) === undefined
    ? 'no storage classes are learned yet: they take 256 putaways of SKUs that were wanted before'
    : undefined;
}

/**
 * @param seen.units  load units of the SKU that could be fetched now, in the racks
 * @param seen.round  what others were advised before; what this SKU is advised is added
 * @returns undefined when nothing is known of its demand, or no move gains
 */
export function slottingAdvice(
  slotting: Slotting,
  warehouse: Warehouse,
  sku: Sku,
  seen: {
    readonly units: readonly LoadUnit[];
    readonly nowMs: number;
    readonly round: AdviceRound;
  },
): { readonly advice: SlottingAdvice; readonly moves: readonly AdvisedMove[] } | undefined {
  const { units, nowMs, round } = seen;
  const demand = warehouse.tables.sku.get(sku)?.demand;
  const plan = planOf(warehouse);
  const [first] = units;
  if (demand === undefined || demand.intervals === 0 || plan === undefined || first === undefined) {
    return undefined;
  }
  const moves: AdvisedMove[] = [];
  for (const unit of units) {
    if (round.left === 0) break;
    const move = moveFor(slotting, warehouse, unit, round.taken);
    if (move === undefined) continue;
    moves.push(move);
    round.left--;
    round.taken.push(...laneOf(warehouse, move.to), ...laneOf(warehouse, move.from));
  }
  if (moves.length === 0) return undefined;
  const stayMs = slotting.searchFor(warehouse, first, aisleOf(warehouse, first)).leavesInMs(first);
  const takenPerDay = dayMs / Math.max(demand.intervalMs, nowMs - demand.lastAtMs);
  const nowS = sum(units.map((unit) => wayMs(warehouse, unit))) / units.length / 1000;
  const thenS = nowS - sum(moves.map(({ nearerMs }) => nearerMs)) / units.length / 1000;
  const gainSPerDay = (takenPerDay * sum(moves.map(({ gainMs }) => gainMs))) / units.length / 1000;
  const costS = sum(moves.map(({ costMs }) => costMs)) / 1000;
  const days = costS / gainSPerDay;
  const advice: SlottingAdvice = {
    storageClass: regionOf(plan, stayMs).ofClass + 1,
    takenPerDay: tenths(takenPerDay),
    ...{ loadUnits: units.length, moves: moves.length },
    ...{ travelNowS: tenths(nowS), travelThenS: tenths(thenS) },
    ...{ gainSPerDay: tenths(gainSPerDay), costS: tenths(costS) },
    daysToPayBack: days < units.length / takenPerDay ? tenths(days) : undefined,
  };
  return { advice, moves };
}

/** Only what lies outside its region: within, one cell is as good as the other for its class. */
function moveFor(
  slotting: Slotting,
  warehouse: Warehouse,
  unit: LoadUnit,
  taken: readonly LocationId[],
): AdvisedMove | undefined {
  if (taken.includes(unit.place) || !isAtLeisure(warehouse, unit)) return undefined;
  const aisle = aisleOf(warehouse, unit);
  const search = slotting.searchFor(warehouse, unit, aisle, taken);
  const { order } = search.books;
  const { cell } = cellOf(warehouse, unit);
  const rank = order.rankOf(cell) ?? 0;
  const share = rank / order.size;
  if (share >= search.region.from && share < search.region.to) return undefined;
  const gain = gainOf({
    ...{ search, aisle, rank },
    travelMs: (of) => travelMs(aisle, order.cellAt(of).bay, order.cellAt(of).level),
  });
  if (gain === undefined || gain.nearerMs <= 0) return undefined;
  const gainMs = gain.nearerMs + gain.undugMs;
  if (gainMs <= 0) return undefined;
  const to = order.cellAt(gain.rank);
  const [here, there] = [cell, to].map(({ bay, level }) => positionIn(aisle, bay, level));
  const { kinematics } = aisle;
  const carriedMs = here && there ? craneTravelMs(here, there, kinematics) : 0;
  const costMs = wayMs(warehouse, unit) + carriedMs + 2 * kinematics.transferMs;
  const move = { loadUnit: unit.loadUnit, from: unit.place, to: order.codeAt(gain.rank) };
  return { ...move, gainMs, nearerMs: gain.nearerMs, costMs };
}

function cellOf({ topology }: Warehouse, { place }: LoadUnit) {
  const at = topology.placeOf(place);
  invariant(at.kind === 'cell', `${place} is a cell`);
  return at;
}

const laneOf = ({ topology }: Warehouse, cell: LocationId): readonly LocationId[] =>
  [cell, topology.frontOf(cell), topology.rearOf(cell)].filter((one) => one !== undefined);

const aisleOf = (warehouse: Warehouse, unit: LoadUnit): Aisle => cellOf(warehouse, unit).aisle;

const wayMs = (warehouse: Warehouse, unit: LoadUnit): number => {
  const { aisle, cell } = cellOf(warehouse, unit);
  return travelMs(aisle, cell.bay, cell.level);
};

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);
const tenths = (value: number): number => Math.round(10 * value) / 10;
