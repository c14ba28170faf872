import { isFinal, type Order } from './books.ts';
import type { LoadUnitId, OrderId } from './ids.ts';

/** Orders that have not ended, in the order in which they came, and by the one load unit that they want. */
export class OpenOrders {
  readonly #open = new Map<OrderId, Order>();
  readonly #wantedBy = new Map<LoadUnitId, Set<OrderId>>();

  /** Takes in an order as it is now. */
  note(row: Order): void {
    const { order, wanted } = row;
    if (isFinal(row.status)) {
      this.#open.delete(order);
      if (wanted !== undefined) this.#wantedBy.get(wanted)?.delete(order);
      return;
    }
    this.#open.set(order, row);
    if (wanted === undefined) return;
    const rivals = this.#wantedBy.get(wanted) ?? new Set<OrderId>();
    this.#wantedBy.set(wanted, rivals.add(order));
  }

  values(): Iterable<Order> {
    return this.#open.values();
  }

  /** Those that want this one load unit, the first that came first. */
  for(loadUnit: LoadUnitId): readonly Order[] {
    return [...(this.#wantedBy.get(loadUnit) ?? [])].flatMap((id) => this.#open.get(id) ?? []);
  }
}
