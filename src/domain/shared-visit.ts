import type { LoadUnit, Order, OrderLine, StockLine } from './books.ts';
import type { OrderId, Sku } from './ids.ts';
import { whyNotFetchable } from './reachability.ts';
import { nextPick } from './station-step.ts';
import { lineFits, qtyOf, withQty } from './stock-lines.ts';
import type { Surroundings } from './surroundings.ts';
import { UnderWay } from './under-way.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * One load unit at a pick station serves several orders of that station in one visit. It is fetched for the first
 * of them; others join it while it is on its way or being picked from, each for what those before it leave.
 */

/** Orders that take from a load unit in one visit: each has a tote of its own that has to stand somewhere. */
const ordersPerVisitMax = 10;

/** The orders that a load unit is under way for, in the order in which they take from it. */
export const takersOf = ({ order, alsoFor = [] }: LoadUnit): readonly OrderId[] =>
  order === undefined ? [] : [order, ...alsoFor];

/** What a person may pick now for a line of an order: what fits it, and lasts as long as its SKU has to. */
export const mayPick =
  ({ tables }: Warehouse, { dayIn }: Pick<Surroundings, 'dayIn'>) =>
  (line: OrderLine, stock: StockLine): boolean => {
    const { minRemainingDays = 0 } = tables.sku.get(line.sku) ?? {};
    return lineFits(line, stock, dayIn(minRemainingDays));
  };

/**
 * A load unit with what it has left for an order: without what those before it take.
 *
 * Each of those counts with all that it still lacks, wherever else it is to get some of that from. So no quantity is
 * promised twice, whichever load unit comes first; the price is that sometimes more could have been shared.
 *
 * @param order  one that does not take from it yet comes after all that do
 */
export function leftFor(
  warehouse: Warehouse,
  unit: LoadUnit,
  order: OrderId | undefined,
  around: Pick<Surroundings, 'dayIn'>,
): LoadUnit {
  const takers = takersOf(unit);
  const before = takers.slice(0, order === undefined ? undefined : endOf(takers.indexOf(order)));
  const fits = mayPick(warehouse, around);
  return before.reduce((left, id) => {
    const taker = warehouse.tables.order.get(id);
    return taker === undefined ? left : withoutPicksOf(taker, left, fits);
  }, unit);
}

/** For `slice`: up to a place, or all where there is none. */
const endOf = (index: number): number | undefined => (index < 0 ? undefined : index);

/** What an order leaves in a load unit: the very picks that a person will be asked for, one by one. */
function withoutPicksOf(
  { lines, status }: Order,
  unit: LoadUnit,
  fits: (line: OrderLine, stock: StockLine) => boolean,
): LoadUnit {
  if (status !== 'active') return unit;
  let left = unit;
  let wanted = lines;
  for (;;) {
    const pick = nextPick({ lines: wanted }, left, fits);
    if (pick === undefined) return left;
    const { index, goods, qty } = pick;
    left = { ...left, lines: withQty(left.lines, goods, qtyOf(left.lines, goods) - qty) };
    wanted = wanted.map((line, i) =>
      i === index ? { ...line, qtyDone: line.qtyDone + qty } : line,
    );
  }
}

/** Load units with a SKU that are under way to the station of a pick order, and have something left for it. */
export function shareable(
  warehouse: Warehouse,
  order: Order,
  sku: Sku,
  around: Surroundings,
): readonly LoadUnit[] {
  if (order.kind !== 'pick') return [];
  return UnderWay.of(warehouse)
    .withSku(sku)
    .filter((unit) => mayJoin(warehouse, order, unit, around))
    .map((unit) => leftFor(warehouse, unit, undefined, around));
}

function mayJoin(
  warehouse: Warehouse,
  { order, station }: Order,
  unit: LoadUnit,
  around: Surroundings,
): boolean {
  const takers = takersOf(unit);
  const [first] = takers.map((id) => warehouse.tables.order.get(id));
  const isPicked = first?.kind === 'pick' && first.status === 'active' && first.station === station;
  if (!isPicked || takers.includes(order) || takers.length >= ordersPerVisitMax) return false;
  if (unit.confidence === 'disputed' || isSentBack(warehouse, unit)) return false;
  return whyNotFetchable(warehouse, unit, around.whyStopped) === undefined;
}

/** Whoever stands there may have it on the conveyor already. */
const isSentBack = ({ tables }: Warehouse, { loadUnit }: LoadUnit): boolean =>
  [...tables.step.values()].some((step) => step.loadUnit === loadUnit && step.kind === 'sendBack');

/**
 * How much of each line of a load unit is promised: what its orders will pick; all of it where it is promised whole.
 *
 * @returns base units, in the order of its lines
 */
export function promisedIn(
  warehouse: Warehouse,
  unit: LoadUnit,
  around: Pick<Surroundings, 'dayIn'>,
): readonly number[] {
  const { order, workflow, lines } = unit;
  if (order === undefined) return lines.map(() => 0);
  const isPicked = warehouse.tables.order.get(order)?.kind === 'pick';
  // The tote that takes what is picked has no retrieval, and all of it is the order's.
  if (!isPicked || !workflow?.startsWith('retrieval/')) return lines.map(({ qty }) => qty);
  let { lines: left } = leftFor(warehouse, unit, undefined, around);
  return lines.map((line) => {
    const free = Math.min(line.qty, qtyOf(left, line));
    left = withQty(left, line, qtyOf(left, line) - free);
    return line.qty - free;
  });
}
