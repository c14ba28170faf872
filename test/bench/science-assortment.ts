import type { Chance } from '../../simulators/world/chance.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { atLeastPercent, type ScienceRow, share } from './science-rows.ts';
import { ScienceStore, unitOf } from './science-store.ts';
import { cumulative, indexIn } from './science-sums.ts';

const minuteMs = 60_000;
const assortments = [
  { p: 60, skus: 1_000 },
  { p: 80, skus: 1_000 },
  { p: 80, skus: 300 },
] as const;

interface Assortment {
  /** Share of the demand of each SKU, the busiest first. */
  readonly demand: readonly number[];
  /** Load units that come together, when none is left. */
  readonly lots: readonly number[];
}

/**
 * A store of SKUs that come in lots as the EOQ formula has them, 85 % full on average, first in first
 * out. With demand learned from nothing but retrievals, beside the same instance where the demand is known
 * and every load unit has its place by how long it will stay, and beside the best three classes of SKUs.
 */
export function assortmentRows(isQuick: boolean, seed: number): ScienceRow[] {
  return assortments.flatMap(({ p, skus }) => {
    const events = isQuick ? 30_000 : 80_000;
    const run = (policy: Policy) => savedBy({ p, skus }, policy, events, seed);
    const [learned, known, three] = [run('learned'), run('byStay'), run('threeClasses')];
    const row = (than: string, published: number, bound: number) =>
      atLeastPercent({
        source: 'the same instance',
        parameter: `20/${p}, ${skus} SKUs: saved with demand learned, %, against ${than}`,
        ...{ published, ours: learned, bound },
      });
    return [
      row(`demand known, ${known.toFixed(1)} %`, known * 0.9, 0),
      row(`1.1 x the best three classes, ${three.toFixed(1)} %`, three * 1.1, 0),
    ];
  });
}

type Policy = 'learned' | 'byStay' | 'threeClasses';

function savedBy(of: { p: number; skus: number }, policy: Policy, events: number, seed: number) {
  const chance: Chance = { state: seed };
  const face = { bays: 40, levels: 50, depths: 1, classes: policy === 'learned' ? 32 : 1 };
  const store = new ScienceStore(face, chance);
  const assortment = assortmentOf(of, store.cells.length * 0.85);
  const shelf = policy === 'learned' ? undefined : new Shelf(store, assortment, policy);
  const queues = assortment.demand.map((): LoadUnit[] => []);
  let count = 0;
  const bringLot = (sku: number, lot: number) => {
    for (let i = 0; i < lot; i++) {
      const name = `T-${++count}`;
      const stored =
        shelf === undefined
          ? store.store(name, `S-${sku}`, 'craneway')
          : shelf.store(name, sku, queues[sku]?.length ?? 0);
      if (stored !== undefined) queues[sku]?.push(stored);
    }
  };
  for (const [sku, lot] of assortment.lots.entries()) {
    store.addSku(`S-${sku}`, 'fifo');
    bringLot(sku, 1 + Math.floor(share(chance) * lot));
  }
  const sums = cumulative(assortment.demand);
  for (let event = -2 * events; event < events; event++) {
    if (event === 0) store.reset();
    store.wait(-Math.log(1 - share(chance)) * minuteMs);
    const sku = indexIn(sums, share(chance) * (sums.at(-1) as number));
    const queue = queues[sku] as LoadUnit[];
    const unit = queue.shift();
    if (unit !== undefined) {
      store.retrieve(unit);
      shelf?.free(unit.place);
    }
    if (queue.length === 0) bringLot(sku, assortment.lots[sku] as number);
  }
  return 100 * (1 - store.travelled);
}

/** Lots ∝ √demand, so many that the mean stock is `stock` load units. */
function assortmentOf({ p, skus }: { p: number; skus: number }, stock: number): Assortment {
  const s = Math.log(p / 100) / Math.log(0.2);
  const demand = Array.from({ length: skus }, (_, i) => ((i + 1) / skus) ** s - (i / skus) ** s);
  const lotsBy = (factor: number) =>
    demand.map((rate) => Math.max(1, Math.round(factor * Math.sqrt(rate))));
  const stockOf = (lots: readonly number[]) => lots.reduce((sum, lot) => sum + (lot + 1) / 2, 0);
  let [low, high] = [0, 100 * stock];
  for (let i = 0; i < 50; i++) {
    const middle = (low + high) / 2;
    if (stockOf(lotsBy(middle)) < stock) low = middle;
    else high = middle;
  }
  return { demand, lots: lotsBy(low) };
}

/** Cells by travel time and a place for each load unit in their order, worked out without Craneway's own rules. */
class Shelf {
  readonly #store: ScienceStore;
  readonly #cells: readonly LocationId[];
  readonly #rankOf: ReadonlyMap<LocationId, number>;
  readonly #isFree: boolean[];
  /** By SKU and load units before it: the part of the cells that is its own. */
  readonly #regionOf: (sku: number, ahead: number) => readonly [number, number];

  constructor(store: ScienceStore, assortment: Assortment, policy: Policy) {
    this.#store = store;
    this.#cells = store.byTravel();
    this.#rankOf = new Map(this.#cells.map((cell, rank) => [cell, rank]));
    this.#isFree = this.#cells.map(() => true);
    this.#regionOf = policy === 'byStay' ? byStay(assortment) : byClass(assortment);
  }

  store(name: string, sku: number, ahead: number): LoadUnit | undefined {
    const [from, to] = this.#regionOf(sku, ahead).map((part) =>
      Math.floor(part * this.#cells.length),
    ) as [number, number];
    const rank = this.#firstFree(from, this.#cells.length) ?? -1;
    const below = this.#lastFree(from);
    // In its region the nearest; else whichever cell outside is closer to the region.
    const isIn = rank >= from && rank < to;
    const isOutward = below === undefined || (rank >= 0 && rank - to <= from - below);
    const chosen = isIn || isOutward ? rank : below;
    const cell = this.#cells[chosen];
    if (cell === undefined) return undefined;
    this.#isFree[chosen] = false;
    return this.#store.put(unitOf(name, `S-${sku}`), cell);
  }

  free(cell: LocationId): void {
    this.#isFree[this.#rankOf.get(cell) as number] = true;
  }

  #firstFree(from: number, to: number): number | undefined {
    for (let rank = from; rank < to; rank++) if (this.#isFree[rank]) return rank;
    return undefined;
  }

  #lastFree(before: number): number | undefined {
    for (let rank = before - 1; rank >= 0; rank--) if (this.#isFree[rank]) return rank;
    return undefined;
  }
}

/** A place for each: after all who leave sooner, by the expected duration of stay. */
function byStay({ demand, lots }: Assortment) {
  const all = demand.flatMap((rate, sku) => {
    const lot = lots[sku] as number;
    return Array.from({ length: lot }, (_, ahead) => {
      const stay = (ahead + 1) / rate;
      return { sku, ahead, stay, room: (rate / lot) * stay };
    });
  });
  all.sort((a, b) => a.stay - b.stay);
  const sums = cumulative(all.map(({ room }) => room));
  const whole = sums.at(-1) as number;
  const parts = new Map(all.map(({ sku, ahead }, i) => [`${sku}/${ahead}`, sums[i] as number]));
  return (sku: number, ahead: number): readonly [number, number] => {
    const part = Math.min(0.9999, (parts.get(`${sku}/${ahead}`) ?? whole) / whole);
    return [part, part];
  };
}

/** The best three classes of SKUs by turnover, of all in steps of 2 % of the SKUs. */
function byClass({ demand, lots }: Assortment) {
  const turnover = (sku: number) => (demand[sku] as number) / (((lots[sku] as number) + 1) / 2);
  const order = [...demand.keys()].sort((a, b) => turnover(b) - turnover(a));
  const room = [0, ...cumulative(order.map((sku) => ((lots[sku] as number) + 1) / 2))];
  const wanted = [0, ...cumulative(order.map((sku) => demand[sku] as number))];
  const whole = room.at(-1) as number;
  const partAt = (i: number) => (room[i] as number) / whole;
  const cost = (from: number, to: number) => {
    const [a, b] = [partAt(from), partAt(to)];
    return ((wanted[to] as number) - (wanted[from] as number)) * ((b ** 1.5 - a ** 1.5) / (b - a));
  };
  let best = { cost: Number.POSITIVE_INFINITY, cuts: [0, 0] };
  const steps = Array.from({ length: 49 }, (_, i) => Math.round(((i + 1) / 50) * order.length));
  for (const [i, first] of steps.entries()) {
    for (const second of steps.slice(i + 1)) {
      const sum = cost(0, first) + cost(first, second) + cost(second, order.length);
      if (sum < best.cost) best = { cost: sum, cuts: [first, second] };
    }
  }
  const [first, second] = best.cuts as [number, number];
  const ends = [0, first, second, order.length].map(partAt);
  const place = new Map(order.map((sku, i) => [sku, i]));
  return (sku: number): readonly [number, number] => {
    const i = place.get(sku) as number;
    const ofClass = i < first ? 0 : i < second ? 1 : 2;
    return [ends[ofClass] as number, ends[ofClass + 1] as number];
  };
}
