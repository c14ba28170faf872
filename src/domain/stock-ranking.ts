import type { LoadUnit, StockLine, Strategy } from './books.ts';
import { craneTravelMs } from './crane-kinematics.ts';
import type { LoadUnitId, LocationId } from './ids.ts';
import { compareKeys, type Keys, SortedList } from './sorted-list.ts';
import type { Topology } from './topology.ts';
import type { Warehouse } from './warehouse.ts';

/** By which rule load units go: a strategy, or the largest quantity first. */
export type RankingRule = Strategy | 'largest';

/** Which stock: all of an SKU in one status, or one lot of it. */
export type StockGroup = Pick<StockLine, 'sku' | 'stockStatus' | 'lot'>;

/** A load unit in its place in a ranking. */
export interface Ranked {
  readonly keys: Keys;
  readonly loadUnit: LoadUnitId;
  readonly aisle: string;
}

/** Sorts behind every day there is. */
const never = 9999_12_31;

/** `2027-03-31` as 20270331: sorts as the text does. */
export const dayNumber = (day: string | undefined): number =>
  day === undefined ? never : Number(day.replaceAll('-', ''));

/** Load units of one group of stock in the order of one rule; one may be in it twice. */
export class Ranking {
  readonly #list = new SortedList<Ranked>();
  readonly #ranked = new Map<LoadUnitId, readonly Ranked[]>();

  /** @param ranked  empty: it is not to be had */
  set(loadUnit: LoadUnitId, ranked: readonly Ranked[]): void {
    for (const old of this.#ranked.get(loadUnit) ?? []) this.#list.remove(old);
    if (ranked.length === 0) this.#ranked.delete(loadUnit);
    else this.#ranked.set(loadUnit, ranked);
    for (const each of ranked) this.#list.add(each);
  }

  /** From `from` on, the first by the rule first. */
  forward(from: Keys): Iterable<Ranked> {
    return this.#list.forward(from);
  }

  /** Those before `from`, the last by the rule first. */
  backward(from: Keys): Iterable<Ranked> {
    return this.#list.backward(from);
  }
}

/**
 * All rankings that anybody has asked for, kept in step with the books. They hold what may be had
 * by the load unit's own row: present in a cell that is not in question, promised to nobody. Whether
 * its cell is locked, or what stands before it may not be moved, is looked at when it is its turn.
 *
 * A ranking is made when it is first asked for, from all load units of its SKU; from then on a
 * change costs one place in a sorted list.
 */
export class StockRankings {
  readonly #warehouse: Warehouse;
  readonly #rankings = new Map<string, Map<RankingRule, Ranking>>();

  private constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
    warehouse.watchUnits((before, after) => this.#unitChanged(before, after));
    warehouse.watchPlaces((location) => this.#placeChanged(location));
  }

  /** Those of a warehouse: when its books are thrown away, so are they. */
  static of(warehouse: Warehouse): StockRankings {
    const known = rankingsOf.get(warehouse);
    if (known !== undefined) return known;
    const made = new StockRankings(warehouse);
    rankingsOf.set(warehouse, made);
    return made;
  }

  ranking(group: StockGroup, rule: RankingRule): Ranking {
    const name = nameOf(group);
    const rules = this.#rankings.get(name) ?? new Map<RankingRule, Ranking>();
    this.#rankings.set(name, rules);
    const known = rules.get(rule);
    if (known !== undefined) return known;
    const made = new Ranking();
    rules.set(rule, made);
    for (const unit of this.#warehouse.withSku(group.sku)) {
      made.set(unit.loadUnit, ranked(this.#warehouse, unit, name, rule));
    }
    return made;
  }

  #unitChanged(before: LoadUnit | undefined, after: LoadUnit | undefined): void {
    const lines = [...(before?.lines ?? []), ...(after?.lines ?? [])];
    for (const name of new Set(lines.flatMap(namesOf))) {
      for (const [rule, ranking] of this.#rankings.get(name) ?? []) {
        const { loadUnit } = (after ?? before) as LoadUnit;
        ranking.set(loadUnit, after ? ranked(this.#warehouse, after, name, rule) : []);
      }
    }
  }

  /** What stands behind it has more or less before it now. */
  #placeChanged(location: LocationId): void {
    const { topology } = this.#warehouse;
    let rear = topology.rearOf(location);
    for (; rear !== undefined; rear = topology.rearOf(rear)) {
      for (const unit of this.#warehouse.at(rear)) this.#unitChanged(unit, unit);
    }
  }
}

const rankingsOf = new WeakMap<Warehouse, StockRankings>();

const nameOf = ({ sku, stockStatus, lot }: StockGroup): string =>
  lot === undefined ? `${stockStatus} ${sku}` : `${stockStatus} ${sku}\n${lot}`;

/** A line of stock belongs to all of its SKU, and to its lot. */
const namesOf = (line: StockLine): string[] =>
  line.lot === undefined ? [nameOf(line)] : [nameOf({ ...line, lot: undefined }), nameOf(line)];

/** Where a load unit stands in a ranking: nowhere while it is not to be had. */
function ranked(
  warehouse: Warehouse,
  unit: LoadUnit,
  name: string,
  rule: RankingRule,
): readonly Ranked[] {
  const { loadUnit, handle } = unit;
  if (unit.status !== 'present' || unit.confidence === 'disputed') return [];
  if (unit.order !== undefined || unit.workflow !== undefined) return [];
  const place = warehouse.topology.find(unit.place);
  if (place?.kind !== 'cell') return [];
  const lines = unit.lines.filter((line) => namesOf(line).includes(name));
  if (lines.length === 0) return [];
  const { aisle } = place.aisle;
  const all = keysOf[rule]({ warehouse, unit, lines }).map((keys) => [...keys, handle]);
  // Two lines that expire on one day have the same keys.
  const distinct = all.filter((keys, i) => all.findIndex((one) => !compareKeys(one, keys)) === i);
  return distinct.map((keys) => ({ keys, loadUnit, aisle }));
}

interface Candidate {
  readonly warehouse: Warehouse;
  readonly unit: LoadUnit;
  readonly lines: readonly StockLine[];
}

const keysOf: Readonly<Record<RankingRule, (candidate: Candidate) => Keys[]>> = {
  fifo: ({ unit }) => [[unit.receivedNo]],
  lifo: ({ unit }) => [[-unit.receivedNo]],
  // Of what expires on one day, first what stands free: nobody digs without need.
  fefo: ({ warehouse, unit, lines }) =>
    lines.map(({ expiry }) => [dayNumber(expiry), digsTo(warehouse, unit), unit.receivedNo]),
  nearest: ({ warehouse, unit }) => [
    [
      retrievalMs(warehouse.topology, unit.place) +
        digsTo(warehouse, unit) * digMs(warehouse, unit),
      unit.receivedNo,
    ],
  ],
  largest: ({ warehouse, unit, lines }) => [
    [-sumOf(lines), digsTo(warehouse, unit), unit.receivedNo],
  ],
};

/** A load unit that is under way for others, in its place by a rule. */
export interface Shared {
  readonly unit: LoadUnit;
  readonly keys: Keys;
}

/**
 * What is under way anyway in the order of a rule, with keys that compare with those of what stands in racks: of the same
 * day it comes first, and where ways decide or few load units are wanted, before all that would have to be fetched.
 *
 * @param fits  whether a line counts; each load unit has one that does
 */
export function rankShared(
  units: readonly LoadUnit[],
  fits: (line: StockLine) => boolean,
  rule: RankingRule,
): Shared[] {
  const daysIn = ({ lines }: LoadUnit) => lines.filter(fits).map(({ expiry }) => dayNumber(expiry));
  const keysIn: Readonly<Record<RankingRule, (unit: LoadUnit) => Keys>> = {
    fifo: ({ receivedNo }) => [receivedNo],
    lifo: ({ receivedNo }) => [-receivedNo],
    fefo: (unit) => [Math.min(...daysIn(unit))],
    nearest: () => [Number.NEGATIVE_INFINITY],
    largest: () => [Number.NEGATIVE_INFINITY],
  };
  return units
    .map((unit) => ({ unit, keys: keysIn[rule](unit) }))
    .sort((a, b) => compareKeys(a.keys, b.keys));
}

const sumOf = (lines: readonly StockLine[]): number => lines.reduce((sum, { qty }) => sum + qty, 0);

/** How much of a group a load unit holds. */
export const quantityIn = (group: StockGroup, { lines }: LoadUnit): number =>
  sumOf(lines.filter((line) => namesOf(line).includes(nameOf(group))));

/** How many load units have to be moved away before it can be fetched. */
function digsTo(warehouse: Warehouse, { place }: LoadUnit): number {
  const { topology } = warehouse;
  let digs = 0;
  let front = topology.frontOf(place);
  for (; front !== undefined; front = topology.frontOf(front)) digs += warehouse.countAt(front);
  return digs;
}

/** To take one up and put it down elsewhere; the way there is short, and not known before. */
function digMs({ topology }: Warehouse, { place }: LoadUnit): number {
  const at = topology.placeOf(place);
  return 'aisle' in at ? 2 * at.aisle.kinematics.transferMs : 0;
}

/** Time for the crane from a cell to the place where load units leave its aisle, without handling. */
function retrievalMs(topology: Topology, place: LocationId): number {
  const at = topology.placeOf(place);
  const out = 'aisle' in at ? at.aisle.stations.find(({ direction }) => direction === 'out') : null;
  if (!out || at.kind !== 'cell') return Number.POSITIVE_INFINITY;
  return craneTravelMs(out, topology.positionOf(place), at.aisle.kinematics);
}
