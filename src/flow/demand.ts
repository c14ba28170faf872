import type { Order, OrderLine } from '../domain/books.ts';
import { noteDemand } from '../domain/signals/demand.ts';
import type { Work } from './work.ts';

/** Days since 1970, UTC. */
export const dayOf = (atMs: number): number => Math.floor(atMs / 86_400_000);

/** Counts what an order has been given since as demand of that day. */
export function countDemand(work: Work, before: Order, lines: readonly OrderLine[]): void {
  if (before.kind !== 'retrieval' && before.kind !== 'pick') return;
  const { demand } = work.warehouse.tables;
  lines.forEach(({ sku, qtyDone }, i) => {
    const qty = qtyDone - (before.lines[i]?.qtyDone ?? 0);
    if (qty <= 0) return;
    demand.put(noteDemand(demand.get(sku), { sku, day: dayOf(work.nowMs), qty }));
  });
}
