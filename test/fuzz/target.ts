import { seededRandom } from '../../src/machine/random.ts';

/** Chance for one input: the same number gives the same input, wherever it is drawn. */
export class Draw {
  readonly #u32: () => number;

  constructor(seed: number, input: number) {
    const random = seededRandom(
      (Math.imul(seed, 0x9e37_79b1) ^ Math.imul(input, 0x85eb_ca6b)) >>> 0,
    );
    this.#u32 = () => random.u32();
  }

  /** A whole number from 0 up to, and not including, `end`. */
  below(end: number): number {
    return this.#u32() % end;
  }

  oneOf<T>(choices: readonly T[]): T {
    return choices[this.below(choices.length)] as T;
  }

  /** True once in so many draws, on the average. */
  once(inSo: number): boolean {
    return this.below(inSo) === 0;
  }

  /** So many characters of an alphabet. */
  text(alphabet: string, length: number): string {
    let text = '';
    for (let i = 0; i < length; i += 1) text += alphabet[this.below(alphabet.length)];
    return text;
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.below(256));
  }
}

/** One parser that takes what comes from outside. */
export interface FuzzTarget {
  readonly doc: string;
  /** Makes one input and feeds it. @throws when the parser fails, or says what was not sent */
  run(draw: Draw): void;
  /** What was seen over all inputs: a target that reads nothing proves nothing. */
  counts(): Readonly<Record<string, number>>;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly counts: Readonly<Record<string, number>>;
  /** Growth of the heap from the first thousand inputs to the end, in megabytes. */
  readonly grownMb: number;
}

const warmUp = 1_000;
const grownMaxMb = 200;

/**
 * Runs so many inputs of a target.
 *
 * @throws with seed and number of the input that failed: `--seed` and `--from` repeat it
 */
export function fuzz(
  target: FuzzTarget,
  {
    seed,
    inputs,
    from = 0,
  }: { readonly seed: number; readonly inputs: number; readonly from?: number },
): FuzzResult {
  let before = process.memoryUsage().heapUsed;
  for (let input = from; input < from + inputs; input += 1) {
    if (input === from + warmUp) before = process.memoryUsage().heapUsed;
    try {
      target.run(new Draw(seed, input));
    } catch (cause) {
      throw new Error(`input ${input} of seed ${seed} failed: ${String(cause)}`, { cause });
    }
  }
  const grownMb = (process.memoryUsage().heapUsed - before) / 1_048_576;
  if (grownMb > grownMaxMb) throw new Error(`the heap grew by ${Math.round(grownMb)} MB`);
  return { inputs, counts: target.counts(), grownMb };
}

/** For a target's own judgment. */
export function must(condition: boolean, what: () => string): void {
  if (!condition) throw new Error(what());
}
