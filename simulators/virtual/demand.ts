import type { Random } from '../../src/ports/random.ts';

const span = 0x1_0000_0000;

/** Evenly from 0 (without) to 1 (with). */
const share = (random: Random): number => (random.u32() + 1) / span;

export const skuCode = (rank: number): string => `SKU-${String(rank).padStart(4, '0')}`;

/**
 * Which SKU is wanted next, and which ones the stock is made of, by the curve "20 % of the SKUs make p %
 * of the demand": the busiest share i of them makes G(i) = iˢ with s = ln(p/100)/ln(0.2). Stock that is
 * bought in economic lots goes with the root of the demand: i^((s+1)/2).
 *
 * Source: Hausman, Schwarz, Graves, Management Science 22 (1976).
 */
export class Demand {
  readonly #skus: number;
  readonly #s: number;
  readonly #random: Random;

  /** @param busiest20Percent  from 20 to below 100 */
  constructor(skus: number, busiest20Percent: number, random: Random) {
    this.#skus = skus;
    this.#s = Math.log(busiest20Percent / 100) / Math.log(0.2);
    this.#random = random;
  }

  /** Code of a SKU; the one with number 1 is the busiest. */
  wanted(): string {
    return this.#at(share(this.#random) ** (1 / this.#s));
  }

  stocked(): string {
    return this.#at(share(this.#random) ** (2 / (this.#s + 1)));
  }

  #at(i: number): string {
    return skuCode(Math.min(this.#skus, Math.ceil(i * this.#skus)));
  }
}

/**
 * Waiting time until the next of a Poisson stream, milliseconds.
 *
 * @param perHour  above 0
 */
export const nextOfMs = (perHour: number, random: Random): number =>
  (-Math.log(share(random)) * 3_600_000) / perHour;
