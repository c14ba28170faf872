import type { LoadUnit, Order, OrderLine, Reason, StockLine, Strategy } from './books.ts';
import type { LoadUnitId, LocationId } from './ids.ts';
import type { Warehouse } from './warehouse.ts';

/** What an order can have now. `reasons` say what it cannot have, and why. */
export interface Allocation {
  readonly loadUnits: readonly LoadUnitId[];
  readonly reasons: readonly Reason[];
  /** Everything that is wanted is covered by what the order has and by `loadUnits`. */
  readonly isCovered: boolean;
}

/**
 * Whether a load unit can be sent for now; the reason when it cannot.
 *
 * Reachable: in a cell, not promised, not under way, not locked out, its place not in dispute.
 */
export function whyNotReachable(warehouse: Warehouse, unit: LoadUnit): Reason | undefined {
  const { loadUnit, place, workflow, order } = unit;
  if (unit.status === 'missing') {
    return { code: 'LOAD_UNIT_MISSING', detail: `${loadUnit} is missing` };
  }
  if (unit.status !== 'present')
    return { code: 'LOAD_UNIT_BUSY', detail: `${loadUnit} is ${unit.status}` };
  if (order !== undefined || workflow !== undefined) {
    return { code: 'LOAD_UNIT_BUSY', detail: `${loadUnit} is on its way or promised` };
  }
  if (warehouse.topology.placeOf(place).kind !== 'cell') {
    return { code: 'LOAD_UNIT_BUSY', detail: `${loadUnit} is at ${place}, not in a rack` };
  }
  return whyNotFrom(warehouse, unit, place);
}

function whyNotFrom(warehouse: Warehouse, unit: LoadUnit, place: LocationId): Reason | undefined {
  const lock = warehouse.tables.lock.get(place);
  if (lock !== undefined && lock.lock !== 'in') {
    return { code: 'LOCKED', detail: `${place} is locked: ${lock.reason}` };
  }
  if (unit.confidence === 'disputed') {
    return { code: 'LOAD_UNIT_MISSING', detail: `the place of ${unit.loadUnit} is in question` };
  }
  return undefined;
}

/**
 * Finds load units for what an order still lacks, whole ones until the quantity is covered.
 *
 * FEFO: first expired first, then first in; FIFO: first in; LIFO: last in; nearest: by `travelMs`.
 *
 * @param today     `2026-11-22`: what has expired is not given out
 * @param travelMs  time for the crane to the load unit's place
 */
export function allocate(
  warehouse: Warehouse,
  order: Order,
  today: string,
  travelMs: (place: LocationId) => number,
): Allocation {
  if (order.wanted !== undefined) return allocateOne(warehouse, order, order.wanted);
  const chosen = new Set<LoadUnitId>();
  const reasons: Reason[] = [];
  for (const line of order.lines) {
    const missing = line.qty - line.qtyDone - promised(warehouse, order, line);
    if (missing > 0) cover(line, missing);
  }
  return { loadUnits: [...chosen], reasons, isCovered: reasons.length === 0 };

  function cover(line: OrderLine, missing: number): void {
    const strategy = order.strategy ?? warehouse.tables.sku.get(line.sku)?.strategy ?? 'fifo';
    const fits = (stock: StockLine) => lineFits(line, stock, today);
    const candidates = warehouse
      .withSku(line.sku)
      .filter((unit) => quantity(unit, fits) > 0 && whyNotReachable(warehouse, unit) === undefined)
      .sort(comparing(strategy, line, travelMs));
    let left = missing;
    for (const unit of candidates) {
      if (left <= 0) break;
      if (!chosen.has(unit.loadUnit)) chosen.add(unit.loadUnit);
      left -= quantity(unit, fits);
    }
    if (left > 0) reasons.push(short(line, missing - left));
  }
}

/** One line of stock answers one line of an order. */
export function lineFits(wanted: OrderLine, stock: StockLine, today: string): boolean {
  if (wanted.sku !== stock.sku || wanted.stockStatus !== stock.stockStatus) return false;
  if (wanted.lot !== undefined && wanted.lot !== stock.lot) return false;
  if (stock.expiry === undefined) return wanted.expiry === undefined;
  return stock.expiry >= (wanted.expiry ?? today);
}

const quantity = (unit: LoadUnit, fits: (line: StockLine) => boolean): number =>
  unit.lines.reduce((sum, line) => sum + (fits(line) ? line.qty : 0), 0);

/** What is on its way for this line already. */
function promised(warehouse: Warehouse, order: Order, line: OrderLine): number {
  const units = order.open.flatMap((id) => warehouse.loadUnit(id) ?? []);
  return units.reduce((sum, unit) => sum + quantity(unit, (stock) => lineFits(line, stock, '')), 0);
}

function allocateOne(warehouse: Warehouse, order: Order, wanted: LoadUnitId): Allocation {
  if (order.open.length > 0) return { loadUnits: [], reasons: [], isCovered: true };
  const unit = warehouse.loadUnit(wanted);
  const why =
    unit === undefined
      ? { code: 'LOAD_UNIT_MISSING', detail: `${wanted} is not known` }
      : whyNotReachable(warehouse, unit);
  if (why !== undefined) return { loadUnits: [], reasons: [why], isCovered: false };
  return { loadUnits: [wanted], reasons: [], isCovered: true };
}

function comparing(
  strategy: Strategy,
  line: OrderLine,
  travelMs: (place: LocationId) => number,
): (a: LoadUnit, b: LoadUnit) => number {
  const expiry = (unit: LoadUnit) =>
    unit.lines.find(({ sku }) => sku === line.sku)?.expiry ?? '9999-12-31';
  const byAge = (a: LoadUnit, b: LoadUnit) => a.receivedNo - b.receivedNo;
  const rules = {
    fefo: (a: LoadUnit, b: LoadUnit) => expiry(a).localeCompare(expiry(b)) || byAge(a, b),
    fifo: byAge,
    lifo: (a: LoadUnit, b: LoadUnit) => byAge(b, a),
    nearest: (a: LoadUnit, b: LoadUnit) => travelMs(a.place) - travelMs(b.place) || byAge(a, b),
  } satisfies Record<Strategy, (a: LoadUnit, b: LoadUnit) => number>;
  return rules[strategy];
}

const short = (line: OrderLine, found: number): Reason => ({
  code: 'STOCK_SHORT',
  detail: `${line.qtyDone + found} of ${line.qty} ${line.sku} can be reached`,
});
