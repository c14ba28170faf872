import type { LoadUnit } from './books.ts';
import type { LoadUnitId, Sku } from './ids.ts';
import type { Warehouse } from './warehouse.ts';

/** Load units that retrievals bring to stations, by what is in them; kept in step with the books. */
export class UnderWay {
  readonly #warehouse: Warehouse;
  readonly #bySku = new Map<Sku, Set<LoadUnitId>>();

  private constructor(warehouse: Warehouse) {
    this.#warehouse = warehouse;
    for (const unit of warehouse.tables.loadUnit.values()) this.#add(unit);
    warehouse.watchUnits((before, after) => {
      if (before !== undefined && isUnderWay(before)) this.#remove(before);
      if (after !== undefined) this.#add(after);
    });
  }

  /** Those of a warehouse: when its books are thrown away, so are they. */
  static of(warehouse: Warehouse): UnderWay {
    const known = underWayOf.get(warehouse);
    if (known !== undefined) return known;
    const made = new UnderWay(warehouse);
    underWayOf.set(warehouse, made);
    return made;
  }

  /** In an order that does not depend on how the books came to be. */
  withSku(sku: Sku): readonly LoadUnit[] {
    return [...(this.#bySku.get(sku) ?? [])]
      .flatMap((id) => this.#warehouse.loadUnit(id) ?? [])
      .sort((a, b) => a.handle - b.handle);
  }

  #add(unit: LoadUnit): void {
    if (!isUnderWay(unit)) return;
    for (const { sku } of unit.lines) {
      const units = this.#bySku.get(sku) ?? new Set<LoadUnitId>();
      this.#bySku.set(sku, units.add(unit.loadUnit));
    }
  }

  #remove({ lines, loadUnit }: LoadUnit): void {
    for (const { sku } of lines) this.#bySku.get(sku)?.delete(loadUnit);
  }
}

const underWayOf = new WeakMap<Warehouse, UnderWay>();

const isUnderWay = ({ order, workflow }: LoadUnit): boolean =>
  order !== undefined && workflow?.startsWith('retrieval/') === true;
