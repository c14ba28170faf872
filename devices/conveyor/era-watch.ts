import type { LinkStatusBlock } from './fields.ts';
import type { Point } from './points.ts';

type Start = Pick<LinkStatusBlock, 'bootId' | 'counterEra'>;

/** Finds a PLC whose numbers go back within one era, and remembers it until its next start, or its next era. */
export class EraWatch {
  #suspect: Point | undefined;
  #wrong: (Start & { readonly reason: string }) | undefined;

  /**
   * The numbers of a point have gone back. So they read, too, once the PLC has forgotten them since its link was read:
   * only the second time, with its link read in between, they are wrong.
   */
  isWrong(point: Point, { bootId, counterEra }: Start, reason: string): boolean {
    const isSure = this.#suspect === point;
    this.#suspect = isSure ? undefined : point;
    if (isSure) this.#wrong = { bootId, counterEra, reason };
    return isSure;
  }

  isFine(point: Point): void {
    if (this.#suspect === point) this.#suspect = undefined;
  }

  /** @returns why its numbers are wrong; undefined when they are not known to be */
  reason({ bootId, counterEra }: Start): string | undefined {
    const isSame = this.#wrong?.bootId === bootId && this.#wrong.counterEra === counterEra;
    if (!isSame) this.#wrong = undefined;
    return this.#wrong?.reason;
  }
}
