/** Of most tables at most times; one list for all of them. */
const unchanged: readonly never[] = Object.freeze([]);

/** The newest state of each row; undefined: removed. */
export type Changes<K, Row> = readonly (readonly [K, Row | undefined])[];

/** Rows by key, that remembers which of them have changed since they were last taken. */
export class Table<K extends string, Row> {
  readonly #rows = new Map<K, Row>();
  readonly #changed = new Map<K, Row | undefined>();
  readonly #keyOf: (row: Row) => K;
  #version = 0;
  readonly #watch: (before: Row | undefined, after: Row | undefined) => void;

  /** @param watch  keeps an index in step; called with every change, also while loading */
  constructor(
    keyOf: (row: Row) => K,
    watch: (before: Row | undefined, after: Row | undefined) => void = () => {},
  ) {
    this.#keyOf = keyOf;
    this.#watch = watch;
  }

  /** Another number after every change. */
  get version(): number {
    return this.#version;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: K): Row | undefined {
    return this.#rows.get(key);
  }

  has(key: K): boolean {
    return this.#rows.has(key);
  }

  values(): IterableIterator<Row> {
    return this.#rows.values();
  }

  entries(): IterableIterator<[K, Row]> {
    return this.#rows.entries();
  }

  /** Takes a row that is committed already. */
  load(row: Row): void {
    this.#replace(this.#keyOf(row), row);
  }

  put(row: Row): void {
    const key = this.#keyOf(row);
    this.#replace(key, row);
    this.#changed.set(key, row);
  }

  remove(key: K): void {
    if (!this.#rows.has(key)) return;
    this.#replace(key, undefined);
    this.#changed.set(key, undefined);
  }

  /** Lets rows go from memory, not from the ledger. */
  forgetWhere(isOver: (row: Row) => boolean): void {
    for (const [key, row] of this.#rows) if (isOver(row)) this.#replace(key, undefined);
  }

  /** The same, for the oldest ones, while there are more than `max`. */
  forgetOldest(max: number, isOver: (row: Row) => boolean): void {
    if (this.#rows.size <= max) return;
    for (const [key, row] of this.#rows) {
      if (isOver(row)) this.#replace(key, undefined);
      if (this.#rows.size <= max) return;
    }
  }

  /** What has changed since the last call. */
  takeChanges(): Changes<K, Row> {
    if (this.#changed.size === 0) return unchanged;
    const changes = [...this.#changed];
    this.#changed.clear();
    return changes;
  }

  #replace(key: K, row: Row | undefined): void {
    const before = this.#rows.get(key);
    if (row === undefined) this.#rows.delete(key);
    else this.#rows.set(key, row);
    this.#version++;
    this.#watch(before, row);
  }
}
