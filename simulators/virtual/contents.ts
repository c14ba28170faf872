/** A load unit in which something else lies than its papers say. */
interface WrongContent {
  readonly sku: string;
  /** Pieces that lie in it above those of its papers; below 0: that lack. */
  readonly surplus: number;
}

/**
 * What really lies in each load unit, by its license plate: people see it when they look into it, and only their
 * hands change it. Nothing is made and nothing is lost here.
 */
export class Contents {
  readonly #pieces = new Map<string, Map<string, number>>();
  readonly #wrong = new Map<string, WrongContent>();

  /** A load unit that was not there before. @param surplus  pieces that its papers do not tell of */
  enter(lpn: string, sku: string, qty: number, surplus = 0): void {
    this.#pieces.set(lpn, new Map([[sku, qty + surplus]]));
    if (surplus !== 0) this.#wrong.set(lpn, { sku, surplus });
  }

  qtyOf(lpn: string, sku: string): number {
    return this.#pieces.get(lpn)?.get(sku) ?? 0;
  }

  /** All pieces in it, whatever they are. */
  countIn(lpn: string): number {
    let count = 0;
    for (const qty of this.#pieces.get(lpn)?.values() ?? []) count += qty;
    return count;
  }

  /** Pieces by SKU; undefined: nobody has ever looked into it. */
  of(lpn: string): ReadonlyMap<string, number> | undefined {
    return this.#pieces.get(lpn);
  }

  /** Those that were wrong when they came, whether anybody has found out or not. */
  get wrong(): ReadonlyMap<string, WrongContent> {
    return this.#wrong;
  }

  /** A person takes pieces out of one and puts them into another one: as many as there are. */
  put(from: string, into: string, sku: string, qty: number): void {
    const moved = Math.min(qty, this.qtyOf(from, sku));
    this.#pieces.get(from)?.set(sku, this.qtyOf(from, sku) - moved);
    const taker = this.#pieces.get(into) ?? new Map<string, number>();
    taker.set(sku, (taker.get(sku) ?? 0) + moved);
    this.#pieces.set(into, taker);
  }

  putAll(from: string, into: string): void {
    for (const [sku, qty] of [...(this.#pieces.get(from) ?? [])]) this.put(from, into, sku, qty);
  }
}
