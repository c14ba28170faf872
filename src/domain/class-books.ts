import type { LoadUnit } from './books.ts';
import {
  type ClassPlan,
  expectedStayMs,
  learn,
  renewPlan,
  stayBin,
  stayBins,
} from './storage-classes.ts';
import type { Warehouse } from './warehouse.ts';

/** The plan is looked at again after so many putaways of known stay. */
const renewedEvery = 256;
/** From so many on, all counts are halved: what was long ago counts less and less. */
const countsMax = 32_768;
const perShare = 1_000_000;

const stayName = (bin: number): string => `stay/${bin}`;
const binName = (i: number): string => `storageClass/${i}/bin`;
const shareName = (i: number): string => `storageClass/${i}/share`;

/** The classes that are in force; undefined: none yet. They are kept as counters of the books. */
export function planOf(warehouse: Warehouse): ClassPlan | undefined {
  const count = warehouse.counter('storageClasses');
  if (count === 0) return undefined;
  const indices = Array.from({ length: count - 1 }, (_, i) => i);
  return {
    bins: indices.map((i) => warehouse.counter(binName(i))),
    shares: indices.map((i) => warehouse.counter(shareName(i)) / perShare),
  };
}

/** A load unit is to be stored and is expected to stay so long: from such the classes follow. */
export function noteStay(warehouse: Warehouse, stayMs: number, classes: number): void {
  warehouse.next(stayName(stayBin(stayMs)));
  if (warehouse.next('stays') % renewedEvery !== 0) return;
  const arrivals = Array.from({ length: stayBins }, (_, bin) => warehouse.counter(stayName(bin)));
  keepPlan(warehouse, renewPlan(arrivals, classes, planOf(warehouse)));
  if (arrivals.reduce((sum, count) => sum + count, 0) < countsMax) return;
  for (const [bin, count] of arrivals.entries()) {
    if (count > 0) put(warehouse, stayName(bin), Math.floor(count / 2));
  }
}

function keepPlan(warehouse: Warehouse, { bins, shares }: ClassPlan): void {
  put(warehouse, 'storageClasses', bins.length + 1);
  for (const [i, bin] of bins.entries()) put(warehouse, binName(i), bin);
  for (const [i, share] of shares.entries()) {
    put(warehouse, shareName(i), Math.round(share * perShare));
  }
}

function put(warehouse: Warehouse, name: string, value: number): void {
  if (warehouse.counter(name) !== value) warehouse.tables.counter.put({ name, value });
}

/** A load unit was wanted: the demand of its SKUs is known a little better. */
export function noteDemand(warehouse: Warehouse, { lines }: LoadUnit, nowMs: number): void {
  for (const sku of new Set(lines.map((line) => line.sku))) {
    const record = warehouse.tables.sku.get(sku);
    if (record === undefined) continue;
    warehouse.tables.sku.put({ ...record, demand: learn(record.demand, nowMs) });
  }
}

/**
 * How long a load unit is expected to stay, milliseconds; undefined where the demand is unknown.
 *
 * @param others  load units of the SKU of its first line that are in the racks or on their way there
 */
export function stayOfUnit(
  warehouse: Warehouse,
  { lines }: LoadUnit,
  others: number,
): number | undefined {
  const [first] = lines;
  const record = first && warehouse.tables.sku.get(first.sku);
  // The last one in is the first one out, or as likely as any.
  const ahead = { fifo: others, fefo: others, nearest: others / 2, lifo: 0 };
  return expectedStayMs(record?.demand, ahead[record?.strategy ?? 'fifo']);
}
