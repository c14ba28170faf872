/** What is known of how often load units of a SKU are wanted. */
export interface Demand {
  /** Mean time between two of them, milliseconds, > 0. */
  readonly intervalMs: number;
  /** How many intervals it rests on. */
  readonly intervals: number;
  readonly lastAtMs: number;
}

/** The mean follows the last so many intervals: a SKU that is wanted more often is known sooner. */
const intervalsMax = 16;

/** What is known of a SKU after one more of its load units was wanted. */
export function learn(known: Demand | undefined, atMs: number): Demand {
  if (known === undefined) return { intervalMs: 0, intervals: 0, lastAtMs: atMs };
  const passedMs = Math.max(1, atMs - known.lastAtMs);
  const intervals = Math.min(known.intervals + 1, intervalsMax);
  const intervalMs = known.intervalMs + (passedMs - known.intervalMs) / intervals;
  return { intervalMs, intervals, lastAtMs: atMs };
}

/**
 * How long a load unit is expected to stay: until those of its SKU that came before it are gone.
 *
 * @param ahead  load units of the SKU that are wanted before it
 * @returns milliseconds; undefined while the demand is unknown
 */
export const expectedStayMs = (demand: Demand | undefined, ahead: number): number | undefined =>
  demand === undefined || demand.intervals === 0 ? undefined : demand.intervalMs * (ahead + 1);

/** Stays are counted in classes of a constant ratio: the fourth root of 2, from a minute to 3 years. */
export const stayBins = 84;
const shortestMs = 60_000;

/** 0 to `stayBins` − 1. */
export const stayBin = (stayMs: number): number =>
  Math.min(stayBins - 1, Math.max(0, Math.floor(4 * Math.log2(Math.max(1, stayMs) / shortestMs))));

const stayOf = (bin: number): number => shortestMs * 2 ** ((bin + 0.5) / 4);

/** Which load units belong to each class, and which part of an aisle is theirs. */
export interface ClassPlan {
  /** The first bin of the second class, of the third … */
  readonly bins: readonly number[];
  /** Where their regions begin, as shares of the cells of an aisle from the nearest on. */
  readonly shares: readonly number[];
}

/** A part of the cells of an aisle by travel time, 0 ≤ from < to ≤ 1. */
export interface Region {
  readonly from: number;
  readonly to: number;
}

export const wholeAisle: Region = { from: 0, to: 1 };

/**
 * Divides load units into classes by how long they stay, and the cells of an aisle into regions, so that the
 * expected travel is least.
 *
 * Who stays for T takes up room for T, so a bin of c arrivals has the share c·T of the room and the share c
 * of the travel. With the travel time to a share x of the nearest cells as √x (a rack that is square in
 * time), a class with the share f of the arrivals and a region from a to b costs
 *
 *     f · 2/3 · (b^1.5 − a^1.5) / (b − a)
 *
 * and the boundaries with the least sum are found by dynamic programming over the bins.
 * Source: Hausman, Schwarz & Graves 1976, with the duration of stay for the turnover.
 *
 * @param arrivals  load units that were stored, by the bin of their expected stay
 * @param classes   1 or more; fewer come out where there are fewer bins
 */
export function planClasses(arrivals: readonly number[], classes: number): ClassPlan {
  const { bins, room, count } = profileOf(arrivals);
  const size = bins.length;
  const wanted = Math.max(1, Math.min(classes, size));
  // least[k][i]: cost of the first i bins in k classes; cut[k][i]: where the last of them begins.
  const least = table(wanted + 1, size + 1, Number.POSITIVE_INFINITY);
  const cut = table(wanted + 1, size + 1, 0);
  (least[0] as number[])[0] = 0;
  for (let k = 1; k <= wanted; k++) {
    for (let i = k; i <= size; i++) {
      for (let from = k - 1; from < i; from++) {
        const cost = at(least, k - 1, from) + costBetween(room, count, from, i);
        if (cost >= at(least, k, i)) continue;
        (least[k] as number[])[i] = cost;
        (cut[k] as number[])[i] = from;
      }
    }
  }
  const cuts: number[] = [];
  for (let k = wanted, i = size; k > 1; k--) {
    i = at(cut, k, i);
    cuts.unshift(i);
  }
  return { bins: cuts.map((i) => bins[i] as number), shares: cuts.map((i) => room[i] as number) };
}

/** The plan with these classes, with regions as large as the arrivals of late need them. */
function planWith(arrivals: readonly number[], begins: readonly number[]): ClassPlan {
  const { bins, room } = profileOf(arrivals);
  const shares = begins.map((begin) => room[before(bins, begin)] as number);
  return { bins: begins, shares };
}

/** Expected travel with these classes, as a share of the longest way. */
export function costOfClasses(arrivals: readonly number[], begins: readonly number[]): number {
  const { bins, room, count } = profileOf(arrivals);
  const cuts = [0, ...begins.map((begin) => before(bins, begin)), bins.length];
  return cuts
    .slice(1)
    .reduce((sum, to, i) => sum + costBetween(room, count, cuts[i] as number, to), 0);
}

const before = (bins: readonly number[], begin: number): number =>
  bins.filter((bin) => bin < begin).length;

/** New classes have to save so much more travel before load units change theirs for it. */
const worthwhile = 0.02;

/** The plan for the arrivals of late: with the classes that are, unless others are clearly better. */
export function renewPlan(
  arrivals: readonly number[],
  classes: number,
  known: ClassPlan | undefined,
): ClassPlan {
  const plan = planClasses(arrivals, classes);
  if (known === undefined || known.bins.length !== plan.bins.length) return plan;
  const limit = costOfClasses(arrivals, known.bins) * (1 - worthwhile);
  if (costOfClasses(arrivals, plan.bins) < limit) return plan;
  return planWith(arrivals, known.bins);
}

/**
 * The class of a load unit, from 0, and its region. One whose stay is unknown belongs to the middle
 * class: near cells are for what is known to be fast.
 */
export function regionOf(
  { bins, shares }: ClassPlan,
  stayMs: number | undefined,
): Region & { readonly ofClass: number } {
  const bin = stayMs === undefined ? undefined : stayBin(stayMs);
  const ofClass =
    bin === undefined ? Math.ceil(bins.length / 2) : bins.filter((begin) => begin <= bin).length;
  return { ofClass, from: shares[ofClass - 1] ?? 0, to: shares[ofClass] ?? 1 };
}

/**
 * How far a cell is from where its load unit belongs, as a share of the aisle.
 *
 * In its region the nearest cells come first. Where that is full it spills over: outward by as much as the cell is
 * farther, inward only after all of its region, and twice as much, as that takes a cell from faster ones.
 */
export const displacement = (share: number, { from, to }: Region): number =>
  share >= from ? share - from : to - from + 2 * (from - share);

/** Bins that are not empty, with the shares of room and arrivals before each and after the last. */
function profileOf(arrivals: readonly number[]) {
  const bins = [...arrivals.keys()].filter((bin) => (arrivals[bin] ?? 0) > 0);
  const room = sums(bins.map((bin) => (arrivals[bin] as number) * stayOf(bin)));
  const count = sums(bins.map((bin) => arrivals[bin] as number));
  return { bins, room, count };
}

/** 0, then the running sums as shares of the whole. */
function sums(values: readonly number[]): number[] {
  const all = values.reduce((sum, value) => sum + value, 0);
  const running = [0];
  for (const value of values) running.push((running.at(-1) as number) + value / all);
  return running;
}

function costBetween(
  room: readonly number[],
  count: readonly number[],
  from: number,
  to: number,
): number {
  const [a, b] = [room[from] as number, room[to] as number];
  const arrivals = (count[to] as number) - (count[from] as number);
  return b === a ? arrivals * Math.sqrt(a) : (arrivals * (2 / 3) * (b ** 1.5 - a ** 1.5)) / (b - a);
}

const table = (rows: number, columns: number, value: number): number[][] =>
  Array.from({ length: rows }, () => new Array<number>(columns).fill(value));

const at = (rows: readonly (readonly number[])[], row: number, column: number): number =>
  rows[row]?.[column] as number;
