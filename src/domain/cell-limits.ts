import type { LoadUnit } from './books.ts';
import type { Aisle, CellClass, LoadUnitType } from './site.ts';

/** What fits into a cell. */
export type CellLimits = Pick<CellClass, 'heightMaxMm' | 'massMaxKg'>;

/**
 * The different limits that the cells of an aisle have, the smallest cells first. Levels that no cell
 * class names have the limits of the aisle.
 */
export class AisleLimits {
  readonly all: readonly CellLimits[];
  readonly #ofLevel: readonly number[];

  constructor(aisle: Aisle) {
    const limits = Array.from({ length: aisle.levels }, (_, i) => limitsAt(aisle, i + 1));
    const isSame = (a: CellLimits, b: CellLimits) => compare(a, b) === 0;
    this.all = limits
      .filter((own, i) => limits.findIndex((other) => isSame(own, other)) === i)
      .toSorted(compare);
    this.#ofLevel = limits.map((own) => this.all.findIndex((other) => isSame(own, other)));
  }

  /** Index into `all` of the limits of the cells at a level of this aisle. */
  at(level: number): number {
    return this.#ofLevel[level - 1] ?? 0;
  }

  /**
   * Indices of the limits that a load unit fits into, the tightest first.
   *
   * What was not measured is taken to be the largest of its type: a small cell is for what is known
   * to be small.
   */
  fitting(unit: LoadUnit, types: readonly LoadUnitType[]): number[] {
    const { heightMm, massKg } = this.#needs(unit, types);
    return [...this.all.keys()].filter((i) => {
      const { heightMaxMm, massMaxKg } = this.all[i] as CellLimits;
      return heightMm <= heightMaxMm && massKg <= massMaxKg;
    });
  }

  /** Why a load unit fits into no cell of the aisle. */
  misfit(unit: LoadUnit, types: readonly LoadUnitType[]): string {
    const { heightMm, massKg } = this.#needs(unit, types);
    const [heightMaxMm, massMaxKg] = [this.#largest('heightMaxMm'), this.#largest('massMaxKg')];
    if (heightMm > heightMaxMm) return `${heightMm} mm high, ${heightMaxMm} mm fit`;
    if (massKg > massMaxKg) return `${massKg} kg, ${massMaxKg} kg are allowed`;
    return `no cell takes ${heightMm} mm and ${massKg} kg together`;
  }

  #needs({ type: code, heightMm, massKg }: LoadUnit, types: readonly LoadUnitType[]) {
    const type = types.find((known) => known.code === code);
    return {
      heightMm: heightMm ?? Math.min(type?.heightMaxMm ?? 0, this.#largest('heightMaxMm')),
      massKg: massKg ?? Math.min(type?.massMaxKg ?? 0, this.#largest('massMaxKg')),
    };
  }

  #largest(limit: keyof CellLimits): number {
    return this.all.reduce((largest, own) => Math.max(largest, own[limit]), 0);
  }
}

const limitsAt = ({ cellClasses = [], heightMaxMm, massMaxKg }: Aisle, level: number): CellLimits =>
  cellClasses.find(({ levels: [from, to] }) => level >= from && level <= to) ?? {
    heightMaxMm,
    massMaxKg,
  };

const compare = (a: CellLimits, b: CellLimits): number =>
  a.heightMaxMm - b.heightMaxMm || a.massMaxKg - b.massMaxKg;
