import { invariant } from './errors.ts';

/** What each row gets, and what all of it costs. */
export interface Assignment {
  /** Column of each row; no column twice. */
  readonly columns: readonly number[];
  readonly cost: number;
}

const none = -1;

/**
 * Gives every row a column of its own at the least total cost.
 *
 * Rows come in one after the other. Each takes the shortest augmenting path to a column that is
 * free, over costs reduced by a price for every row and column, so that none of them is negative
 * (the Hungarian method). Time: rows² × columns.
 *
 * @param costs  an array for each row, all of one length, which is not below the number of rows;
 *               finite, or Infinity where a row must not get a column
 * @throws {InvariantError} when there are fewer columns than rows, or what is forbidden leaves a row without
 *
 * Source: R. Jonker, A. Volgenant, A shortest augmenting path algorithm for dense and sparse
 * linear assignment problems, Computing 38 (1987): its augmentation step.
 */
export function assign(costs: readonly Float64Array[]): Assignment {
  const prices = new Prices(costs);
  for (const row of costs.keys()) prices.take(row);
  const columns = prices.columns();
  let cost = 0;
  for (const [row, column] of columns.entries()) cost += costs[row]?.[column] ?? 0;
  return { columns, cost };
}

class Prices {
  readonly #costs: readonly Float64Array[];
  readonly #ofRow: Float64Array;
  readonly #ofColumn: Float64Array;
  /** The row that has a column. */
  readonly #rowAt: Int32Array;
  /** Of the search in hand: the length of the shortest path to a column, and the column before it. */
  readonly #length: Float64Array;
  readonly #before: Int32Array;
  readonly #isDone: Uint8Array;

  constructor(costs: readonly Float64Array[]) {
    const width = costs[0]?.length ?? 0;
    invariant(costs.length <= width, 'an assignment needs a column for each row');
    this.#costs = costs;
    this.#ofRow = new Float64Array(costs.length);
    this.#ofColumn = new Float64Array(width);
    this.#rowAt = new Int32Array(width).fill(none);
    this.#length = new Float64Array(width);
    this.#before = new Int32Array(width);
    this.#isDone = new Uint8Array(width);
  }

  columns(): number[] {
    const columns: number[] = new Array(this.#costs.length).fill(none);
    for (const [column, row] of this.#rowAt.entries()) if (row !== none) columns[row] = column;
    return columns;
  }

  /** A column for one more row; rows that have one may have to change it. */
  take(row: number): void {
    this.#length.fill(Number.POSITIVE_INFINITY);
    this.#isDone.fill(0);
    let [from, at, length] = [row, none, 0];
    do {
      this.#look(from, at, length);
      at = this.#nearest();
      invariant(at !== none, 'no column is left for a row of an assignment');
      length = this.#length[at] as number;
      this.#isDone[at] = 1;
      from = this.#rowAt[at] as number;
    } while (from !== none);
    this.#reprice(row, length);
    this.#change(row, at);
  }

  /** Goes on from a row to every column that is not done. */
  #look(row: number, at: number, length: number): void {
    const costs = this.#costs[row] as Float64Array;
    const base = length - (this.#ofRow[row] as number);
    for (let column = 0; column < costs.length; column++) {
      if (this.#isDone[column] === 1) continue;
      const longer = base + (costs[column] as number) - (this.#ofColumn[column] as number);
      if (longer >= (this.#length[column] as number)) continue;
      this.#length[column] = longer;
      this.#before[column] = at;
    }
  }

  #nearest(): number {
    let [nearest, least] = [none, Number.POSITIVE_INFINITY];
    for (let column = 0; column < this.#length.length; column++) {
      const length = this.#length[column] as number;
      if (this.#isDone[column] === 1 || length >= least) continue;
      nearest = column;
      least = length;
    }
    return nearest;
  }

  /** Costs along the path become nothing, and none becomes negative. */
  #reprice(row: number, length: number): void {
    this.#ofRow[row] = (this.#ofRow[row] as number) + length;
    for (let column = 0; column < this.#length.length; column++) {
      const taken = this.#rowAt[column] as number;
      if (this.#isDone[column] === 0 || taken === none) continue;
      const by = length - (this.#length[column] as number);
      this.#ofColumn[column] = (this.#ofColumn[column] as number) - by;
      this.#ofRow[taken] = (this.#ofRow[taken] as number) + by;
    }
  }

  /** Along the path each row moves on to the next column. */
  #change(row: number, last: number): void {
    for (let at = last; at !== none; ) {
      const before = this.#before[at] as number;
      this.#rowAt[at] = before === none ? row : (this.#rowAt[before] as number);
      at = before;
    }
  }
}
