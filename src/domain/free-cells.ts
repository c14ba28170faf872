/** Why a cell takes nothing. */
export type Refusal = 'occupied' | 'reserved' | 'locked';
export type Refused = Readonly<Record<Refusal, number>>;

const codes = { occupied: 1, reserved: 2, locked: 3 } as const satisfies Record<Refusal, number>;
const free = 0;

/**
 * Which cells of an aisle are free, by rank, with the nearest free one always at hand: the ranks
 * before it are counted, not looked through again.
 */
export class FreeCells {
  readonly #states: Uint8Array;
  /** No cell before this rank is free. */
  #first = 0;
  /** Cells before it, by state. */
  readonly #before = new Uint32Array(4);

  constructor(size: number) {
    this.#states = new Uint8Array(size);
  }

  /** @param refusal  undefined: it is free */
  set(rank: number, refusal: Refusal | undefined): void {
    const state = refusal === undefined ? free : codes[refusal];
    const before = this.#states[rank] as number;
    this.#states[rank] = state;
    if (rank >= this.#first) return;
    this.#count(before, -1);
    if (state !== free) return this.#count(state, 1);
    for (let behind = rank + 1; behind < this.#first; behind++) {
      this.#count(this.#states[behind] as number, -1);
    }
    this.#first = rank;
  }

  /**
   * The nearest free cell, and what the nearer ones are.
   *
   * @param except  ranks that count as locked
   * @returns `rank` undefined when none is free; `refused` then counts them all
   */
  nearest(except: ReadonlySet<number>): { rank: number | undefined; refused: Refused } {
    const states = this.#states;
    while (this.#first < states.length && states[this.#first] !== free) {
      this.#count(states[this.#first++] as number, 1);
    }
    const counts = Uint32Array.from(this.#before);
    let rank = this.#first;
    for (; rank < states.length; rank++) {
      const state = states[rank] as number;
      if (state === free && !except.has(rank)) break;
      const counted = state === free ? codes.locked : state;
      counts[counted] = (counts[counted] as number) + 1;
    }
    const of = (refusal: Refusal) => counts[codes[refusal]] as number;
    const refused = { occupied: of('occupied'), reserved: of('reserved'), locked: of('locked') };
    return { rank: rank < states.length ? rank : undefined, refused };
  }

  #count(state: number, by: 1 | -1): void {
    this.#before[state] = (this.#before[state] as number) + by;
  }
}
