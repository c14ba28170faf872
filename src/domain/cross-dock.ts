import { type Allocation, allocate } from './allocation.ts';
import type { LoadUnit, Order } from './books.ts';
import { lineFits } from './stock-lines.ts';
import type { Surroundings } from './surroundings.ts';
import type { Warehouse } from './warehouse.ts';

/**
 * Why a load unit that is not in a rack yet may go to an order instead; undefined: it may not.
 *
 * Only what no rack can give counts: the load unit that the order names, or goods of a line that allocation reports
 * short. So nothing that has come later passes what comes first by the rule of its SKU. For the goods the same
 * holds as for what is in a rack: SKU, lot, status, and a day of expiry that is late enough.
 */
export function whyWanted(
  warehouse: Warehouse,
  order: Order,
  unit: LoadUnit,
  around: Surroundings,
): string | undefined {
  if (order.wanted !== undefined) {
    const isNamed = order.wanted === unit.loadUnit && order.open.length === 0;
    return isNamed ? 'it is the one that was asked for' : undefined;
  }
  if (!order.lines.some(({ sku }) => unit.lines.some((stock) => stock.sku === sku)))
    return undefined;
  const { short = [] }: Allocation = allocate(warehouse, order, around);
  const line = short.find((wanted) => {
    const { minRemainingDays = 0 } = warehouse.tables.sku.get(wanted.sku) ?? {};
    const earliest = around.dayIn(minRemainingDays);
    return unit.lines.some((stock) => stock.qty > 0 && lineFits(wanted, stock, earliest));
  });
  return line && `no rack has the ${line.sku} that is still short`;
}
