import type { LoadUnitData, MovementData, OrderData } from '../../src/contract/messages.ts';
import type { StoredEvent } from './store.ts';

/** Movements that change what is in a load unit, or what is known of it, but not where it stands. */
const inPlace: ReadonlySet<MovementData['kind']> = new Set([
  'picked',
  'packed',
  'adjusted',
  'counted',
]);

/** The host's own stock account, made from nothing but the events that it was told. */
export class HostBooks {
  readonly #places = new Map<string, string>();
  readonly #orders = new Map<string, OrderData>();

  /** Events come in the order of their numbers, each once. */
  book({ name, data }: StoredEvent): void {
    if (name === 'movement') this.#move(data as MovementData);
    else if (name === 'loadUnit') this.#rename(data as LoadUnitData);
    else if (name === 'order') this.#follow(data as OrderData);
  }

  clear(): void {
    this.#places.clear();
    this.#orders.clear();
  }

  /** Place by load unit. */
  stock(): ReadonlyMap<string, string> {
    return this.#places;
  }

  /** Last known state by order. */
  orders(): ReadonlyMap<string, OrderData> {
    return this.#orders;
  }

  #move({ kind, loadUnit, to }: MovementData): void {
    if (!inPlace.has(kind)) this.#places.set(loadUnit, to);
  }

  #rename({ loadUnit, formerly }: LoadUnitData): void {
    if (formerly === undefined || formerly === loadUnit) return;
    const place = this.#places.get(formerly);
    if (place === undefined) return;
    this.#places.delete(formerly);
    this.#places.set(loadUnit, place);
  }

  #follow(order: OrderData): void {
    const known = this.#orders.get(order.order);
    if (known === undefined || order.revision > known.revision) {
      this.#orders.set(order.order, order);
    }
  }
}
