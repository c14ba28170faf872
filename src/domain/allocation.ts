import type { LoadUnit, Order, OrderLine, Reason, SkuRecord, StockLine } from './books.ts';
import { Candidates, type Wish } from './candidates.ts';
import type { LoadUnitId } from './ids.ts';
import { whyNotReachable } from './reachability.ts';
import { leftFor, mayPick, shareable } from './shared-visit.ts';
import { lineFits } from './stock-lines.ts';
import type { RankingRule } from './stock-ranking.ts';
import type { Surroundings } from './surroundings.ts';
import type { Warehouse } from './warehouse.ts';

/** What an order can have now. `reasons` say what it cannot have, and why. */
export interface Allocation {
  readonly loadUnits: readonly LoadUnitId[];
  readonly reasons: readonly Reason[];
  /** The lines that `reasons` report short, when there are any. */
  readonly short?: readonly OrderLine[];
  /** Everything that is wanted is covered by what the order has and by `loadUnits`. */
  readonly isCovered: boolean;
  /** Whole sentences for people: what was passed over, and where the rest is. */
  readonly notes?: readonly string[];
}

/**
 * Finds load units for what an order still lacks, whole ones until the quantity is covered.
 *
 * FEFO: first expired first, of one day first what stands free, then first in; FIFO: first in;
 * LIFO: last in; nearest: soonest at the end of its aisle, digging included. Split `fewest`: the
 * largest quantities, at the end the smallest one that is enough. What stands in an aisle whose
 * crane does not work comes after all else. A pick order may also take from what is under way to its
 * station for others: that has its place by the rule, and is first where the way decides.
 */
export function allocate(warehouse: Warehouse, order: Order, around: Surroundings): Allocation {
  if (order.wanted !== undefined) return allocateOne(warehouse, order, order.wanted);
  const pass: Pass = { warehouse, order, around, chosen: new Map(), pool: new Pool(), notes: [] };
  const reasons: Reason[] = [];
  const shortLines: OrderLine[] = [];
  const onTheWay = comingFor(warehouse, order, around);
  const gives = givenTo(warehouse, order, around);
  for (const line of order.lines) {
    const missing = line.qty - line.qtyDone;
    const promised = pass.pool.takeFrom(onTheWay, (stock) => gives(line, stock), missing);
    const short = missing > promised ? cover(pass, line, missing - promised) : 0;
    if (short === 0) continue;
    reasons.push(shortage(line, line.qty - short));
    shortLines.push(line);
  }
  const { chosen, notes } = pass;
  return {
    loadUnits: [...chosen.keys()],
    reasons,
    isCovered: reasons.length === 0,
    ...(shortLines.length > 0 && { short: shortLines }),
    ...(notes.length > 0 && { notes }),
  };
}

/** Whether an order wants more than it has been given and what is on its way to it. */
export function lacksSomething(
  warehouse: Warehouse,
  order: Order,
  around: Pick<Surroundings, 'dayIn'>,
): boolean {
  const { wanted, open, lines } = order;
  if (open.length === 0) return true;
  if (wanted !== undefined) return false;
  const pool = new Pool();
  const onTheWay = comingFor(warehouse, order, around);
  const gives = givenTo(warehouse, order, around);
  return lines.some((line) => {
    const missing = line.qty - line.qtyDone;
    return pool.takeFrom(onTheWay, (stock) => gives(line, stock), missing) < missing;
  });
}

/** What is on its way to an order, with what is left for it there. */
const comingFor = (
  warehouse: Warehouse,
  { order, open }: Order,
  around: Pick<Surroundings, 'dayIn'>,
): readonly LoadUnit[] =>
  open.flatMap((id) => {
    const unit = warehouse.loadUnit(id);
    return unit === undefined ? [] : [leftFor(warehouse, unit, order, around)];
  });

/** What of it counts: all that comes with a whole load unit, but of what people pick only what they may give. */
const givenTo = (
  warehouse: Warehouse,
  { kind }: Order,
  around: Pick<Surroundings, 'dayIn'>,
): ((line: OrderLine, stock: StockLine) => boolean) =>
  kind === 'pick' ? mayPick(warehouse, around) : (line, stock) => lineFits(line, stock, '');

/** One order being allocated. */
interface Pass {
  readonly warehouse: Warehouse;
  readonly order: Order;
  readonly around: Surroundings;
  /** As the order finds them: without what is promised to others. */
  readonly chosen: Map<LoadUnitId, LoadUnit>;
  readonly pool: Pool;
  readonly notes: string[];
}

/** Chooses load units for one line. @returns the quantity that none was found for */
function cover(pass: Pass, line: OrderLine, wanted: number): number {
  const { warehouse, order, around, chosen, pool, notes } = pass;
  const record = warehouse.tables.sku.get(line.sku);
  const earliest = around.dayIn(record?.minRemainingDays ?? 0);
  const fits = (stock: StockLine) => lineFits(line, stock, earliest);
  const wish: Wish = { line, earliest, rule: ruleOf(order, record), fits };
  let missing = wanted - pool.takeFrom([...chosen.values()], fits, wanted);
  const shared = missing > 0 ? shareable(warehouse, order, line.sku, around) : [];
  const { whyStopped } = around;
  const candidates = new Candidates({ warehouse, whyStopped, chosen, shared }, wish);
  while (missing > 0) {
    const unit = candidates.next(missing);
    if (unit === undefined) break;
    const taken = pool.takeFrom([unit], fits, missing);
    if (taken > 0) chosen.set(unit.loadUnit, unit);
    missing -= taken;
  }
  notes.push(...candidates.notes());
  if (missing > 0) notes.push(...candidates.elsewhere());
  return missing;
}

function ruleOf({ strategy, split }: Order, record: SkuRecord | undefined): RankingRule {
  const isFewest = (split ?? record?.split) === 'fewest';
  return isFewest ? 'largest' : (strategy ?? record?.strategy ?? 'fifo');
}

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

const shortage = (line: OrderLine, found: number): Reason => ({
  code: 'STOCK_SHORT',
  detail: `${found} of ${line.qty} ${line.sku} can be reached`,
});
