import type { OrderLine, StockLine } from './books.ts';

/** A kind of goods as stock tells it apart: article, lot, expiry and status. */
export type Goods = Omit<StockLine, 'qty'>;

/** Two quantities of the same goods may be counted as one. */
export const isSameGoods = (a: Goods, b: Goods): boolean =>
  a.sku === b.sku && a.lot === b.lot && a.expiry === b.expiry && a.stockStatus === b.stockStatus;

/** How much of some goods there is, over all lines that name them. */
export const qtyOf = (lines: readonly StockLine[], goods: Goods): number =>
  lines.filter((line) => isSameGoods(line, goods)).reduce((sum, { qty }) => sum + qty, 0);

/** Sets how much of some goods there is, in one line where there were several. @param qty ≥ 0; with 0 the line is gone */
export function withQty(lines: readonly StockLine[], goods: Goods, qty: number): StockLine[] {
  const at = lines.findIndex((line) => isSameGoods(line, goods));
  const known = lines.flatMap((line, i) => {
    if (!isSameGoods(line, goods)) return [line];
    return i === at && qty > 0 ? [{ ...line, qty }] : [];
  });
  return at >= 0 || qty === 0 ? known : [...known, { ...goods, qty }];
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
