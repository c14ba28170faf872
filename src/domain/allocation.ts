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
  return whyNotFrom(warehouse, unit, place) ?? whyNotBehind(warehouse, unit);
}

/** What stands before a load unit at the aisle, in the books. */
export function blockerOf(warehouse: Warehouse, { place }: LoadUnit): LoadUnit | undefined {
  const front = warehouse.topology.frontOf(place);
  return front === undefined ? undefined : warehouse.at(front)[0];
}

/** What stands before it is moved away first, unless that may not be touched. */
function whyNotBehind(warehouse: Warehouse, unit: LoadUnit): Reason | undefined {
  const blocker = blockerOf(warehouse, unit);
  if (blocker === undefined) return undefined;
  const isClosed = warehouse.tables.lock.has(blocker.place);
  if (blocker.status === 'present' && !isClosed) return undefined;
  const detail = `${unit.loadUnit} stands behind ${blocker.loadUnit}, which may not be moved`;
  return { code: 'LOAD_UNIT_BUSY', detail };
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
 * @param dayIn     the day that many days from today, `2026-11-22`: what has expired then is not given out
 * @param travelMs  time for the crane to the load unit's place
 */
export function allocate(
  warehouse: Warehouse,
  order: Order,
  dayIn: (days: number) => string,
  travelMs: (place: LocationId) => number,
): Allocation {
  if (order.wanted !== undefined) return allocateOne(warehouse, order, order.wanted);
  const chosen = new Set<LoadUnit>();
  const reasons: Reason[] = [];
  const pool = new Pool();
  const onTheWay = order.open.flatMap((id) => warehouse.loadUnit(id) ?? []);
  for (const line of order.lines) {
    const missing = line.qty - line.qtyDone;
    const promised = pool.takeFrom(onTheWay, (stock) => lineFits(line, stock, ''), missing);
    if (missing > promised) cover(line, missing - promised);
  }
  return { loadUnits: [...chosen].map(idOf), reasons, isCovered: reasons.length === 0 };

  function cover(line: OrderLine, missing: number): void {
    const record = warehouse.tables.sku.get(line.sku);
    const earliest = dayIn(record?.minRemainingDays ?? 0);
    const fits = (stock: StockLine) => lineFits(line, stock, earliest);
    const fresh = warehouse
      .withSku(line.sku)
      .filter((unit) => !chosen.has(unit) && unit.lines.some(fits))
      .filter((unit) => whyNotReachable(warehouse, unit) === undefined)
      .sort(comparing(order.strategy ?? record?.strategy ?? 'fifo', fits, travelMs));
    let found = pool.takeFrom([...chosen], fits, missing);
    for (const unit of fresh) {
      if (found >= missing) break;
      const taken = pool.takeFrom([unit], fits, missing - found);
      if (taken > 0) chosen.add(unit);
      found += taken;
    }
    if (found < missing) reasons.push(short(line, line.qty - missing + found));
  }
}

const idOf = ({ loadUnit }: LoadUnit): LoadUnitId => loadUnit;

/** What is left of each line of stock: no quantity counts for two lines of an order. */
class Pool {
  readonly #left = new Map<StockLine, number>();

  takeFrom(
    units: readonly LoadUnit[],
    fits: (stock: StockLine) => boolean,
    wanted: number,
  ): number {
    let taken = 0;
    for (const stock of units.flatMap(({ lines }) => lines.filter(fits))) {
      const left = this.#left.get(stock) ?? stock.qty;
      const take = Math.max(0, Math.min(left, wanted - taken));
      this.#left.set(stock, left - take);
      taken += take;
    }
    return taken;
  }
}

/**
 * One line of stock answers one line of an order.
 *
 * @param earliest  what has expired before this day does not fit, whatever the order allows
 */
export function lineFits(wanted: OrderLine, stock: StockLine, earliest: string): boolean {
  if (wanted.sku !== stock.sku || wanted.stockStatus !== stock.stockStatus) return false;
  if (wanted.lot !== undefined && wanted.lot !== stock.lot) return false;
  if (stock.expiry === undefined) return wanted.expiry === undefined;
  return stock.expiry >= earliest && stock.expiry >= (wanted.expiry ?? '');
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
  fits: (stock: StockLine) => boolean,
  travelMs: (place: LocationId) => number,
): (a: LoadUnit, b: LoadUnit) => number {
  const expiry = ({ lines }: LoadUnit) =>
    lines
      .filter(fits)
      .reduce(
        (first, stock) => (stock.expiry && stock.expiry < first ? stock.expiry : first),
        never,
      );
  const byAge = (a: LoadUnit, b: LoadUnit) => a.receivedNo - b.receivedNo;
  const rules = {
    fefo: (a: LoadUnit, b: LoadUnit) => expiry(a).localeCompare(expiry(b)) || byAge(a, b),
    fifo: byAge,
    lifo: (a: LoadUnit, b: LoadUnit) => byAge(b, a),
    nearest: (a: LoadUnit, b: LoadUnit) => travelMs(a.place) - travelMs(b.place) || byAge(a, b),
  } satisfies Record<Strategy, (a: LoadUnit, b: LoadUnit) => number>;
  return rules[strategy];
}

const never = '9999-12-31';

const short = (line: OrderLine, found: number): Reason => ({
  code: 'STOCK_SHORT',
  detail: `${found} of ${line.qty} ${line.sku} can be reached`,
});
