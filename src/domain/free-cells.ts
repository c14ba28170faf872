import { RankSet } from './rank-set.ts';

/** Why a cell takes nothing. */
export type Refusal = 'occupied' | 'reserved' | 'locked';
export type Refused = Readonly<Record<Refusal, number>>;

const refusals: readonly Refusal[] = ['occupied', 'reserved', 'locked'];
/** States from this one on are free; what is added says of which kind. */
const free = refusals.length;

/**
 * The cells of an aisle by rank: which are free, of which kind, and how many are not.
 *
 * Everything costs as many steps as the number of cells has digits. Memory: 13 bytes a cell, and an
 * eighth of a byte for each kind.
 */
export class FreeCells {
  readonly size: number;
  readonly #states: Uint8Array;
  readonly #kinds: readonly RankSet[];
  readonly #tally: readonly Uint32Array[];
  readonly #totals = new Uint32Array(refusals.length);

  /**
   * All cells are free at first.
   *
   * @param kinds   number of kinds, up to 200
   * @param kindOf  kind of a rank, from 0
   */
  constructor(size: number, kinds: number, kindOf: (rank: number) => number) {
    this.size = size;
    this.#kinds = Array.from({ length: kinds }, () => new RankSet(size));
    this.#tally = refusals.map(() => new Uint32Array(size + 1));
    this.#states = Uint8Array.from({ length: size }, (_, rank) => free + kindOf(rank));
    for (const [rank, state] of this.#states.entries()) this.#kinds[state - free]?.add(rank);
  }

  /** @param state  why it takes nothing, or the kind of which it is free */
  set(rank: number, state: Refusal | number): void {
    const code = typeof state === 'number' ? free + state : refusals.indexOf(state);
    const before = this.#states[rank] as number;
    if (code === before) return;
    this.#states[rank] = code;
    if (before >= free) this.#kinds[before - free]?.delete(rank);
    else this.#count(before, rank, -1);
    if (code >= free) this.#kinds[code - free]?.add(rank);
    else this.#count(code, rank, 1);
  }

  /** The kind of which it is free; undefined when it takes nothing. */
  kindAt(rank: number): number | undefined {
    const state = this.#states[rank] as number;
    return state >= free ? state - free : undefined;
  }

  /** Ranks of the free cells of a kind. */
  ofKind(kind: number): RankSet {
    return this.#kinds[kind] as RankSet;
  }

  /** How many cells before `rank` take nothing, and why. */
  refusedBefore(rank: number): Refused {
    return this.#refused((refusal) => {
      let sum = 0;
      const tally = this.#tally[refusal] as Uint32Array;
      for (let i = rank; i > 0; i &= i - 1) sum += tally[i] as number;
      return sum;
    });
  }

  /** How many cells of the aisle take nothing, and why. */
  refused(): Refused {
    return this.#refused((refusal) => this.#totals[refusal] as number);
  }

  #refused(of: (refusal: number) => number): Refused {
    return { occupied: of(0), reserved: of(1), locked: of(2) };
  }

  /** A binary indexed tree: each entry sums as many ranks as its lowest bit says. */
  #count(refusal: number, rank: number, by: 1 | -1): void {
    const tally = this.#tally[refusal] as Uint32Array;
    for (let i = rank + 1; i < tally.length; i += i & -i) tally[i] = (tally[i] as number) + by;
    this.#totals[refusal] = (this.#totals[refusal] as number) + by;
  }
}
