import type { LocationId } from './ids.ts';
import type { Aisle } from './site.ts';
import { type Cell, cellCode } from './topology.ts';

const sides = ['L', 'R'] as const;

/** The cells of an aisle from the nearest to the farthest. Cells are numbers here: a million cost a few megabytes. */
export class CellOrder {
  readonly size: number;
  readonly #aisle: Aisle;
  readonly #numberAt: Uint32Array;
  readonly #rankOf: Uint32Array;

  /** @param travelMs  by bay and level, what the order is by; equals stay in the order of their codes */
  constructor(aisle: Aisle, travelMs: (bay: number, level: number) => number) {
    const { bays, levels, depths } = aisle;
    const perLevel = sides.length * depths;
    const travel = Float64Array.from({ length: bays * levels }, (_, n) =>
      travelMs(Math.floor(n / levels) + 1, (n % levels) + 1),
    );
    const travelOf = (number: number) => travel[Math.floor(number / perLevel)] as number;
    this.#aisle = aisle;
    this.size = travel.length * perLevel;
    this.#numberAt = Uint32Array.from({ length: this.size }, (_, n) => n).sort(
      // Of two behind each other the rear one first, or the front one would be in its way.
      (a, b) =>
        travelOf(a) - travelOf(b) || Math.floor(a / depths) - Math.floor(b / depths) || b - a,
    );
    this.#rankOf = new Uint32Array(this.size);
    for (const [rank, number] of this.#numberAt.entries()) this.#rankOf[number] = rank;
  }

  /** @returns 0 for the nearest; undefined for a cell that the aisle does not have */
  rankOf({ side, bay, level, depth }: Cell): number | undefined {
    const { bays, levels, depths } = this.#aisle;
    if (bay > bays || level > levels || depth > depths) return undefined;
    const row = ((bay - 1) * levels + (level - 1)) * sides.length + sides.indexOf(side);
    return this.#rankOf[row * depths + depth - 1];
  }

  /** @param rank  below `size` */
  cellAt(rank: number): Cell {
    const { levels, depths } = this.#aisle;
    const number = this.#numberAt[rank] as number;
    const row = Math.floor(number / depths);
    const place = Math.floor(row / sides.length);
    return {
      side: sides[row % sides.length] as Cell['side'],
      bay: Math.floor(place / levels) + 1,
      level: (place % levels) + 1,
      depth: (number % depths) + 1,
    };
  }

  codeAt(rank: number): LocationId {
    return cellCode(this.#aisle.aisle, this.cellAt(rank));
  }
}
