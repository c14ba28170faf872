/** Ranks of one word of a bitmap. */
const wordBits = 32;
const wordShift = 5;
const wordMask = wordBits - 1;

/**
 * A set of whole numbers below a limit that finds the next or the last one before a number in as many
 * steps as the limit has digits to the base 32: four for a million.
 *
 * A bitmap; above it one of its words that are not empty, and so on up to a single word.
 * Memory: size/8 bytes and a thirtieth more.
 */
export class RankSet {
  readonly #levels: readonly Uint32Array[];
  #count = 0;

  /** @param size  1 or more */
  constructor(size: number) {
    const levels: Uint32Array[] = [];
    for (let bits = size; levels.length === 0 || bits > 1; bits = Math.ceil(bits / wordBits)) {
      levels.push(new Uint32Array(Math.ceil(bits / wordBits)));
    }
    this.#levels = levels;
  }

  get count(): number {
    return this.#count;
  }

  has(rank: number): boolean {
    return ((wordAt(this.#levels[0], rank >>> wordShift) >>> (rank & wordMask)) & 1) === 1;
  }

  add(rank: number): void {
    if (this.has(rank)) return;
    this.#count++;
    let index = rank;
    for (const words of this.#levels) {
      const word = index >>> wordShift;
      const before = wordAt(words, word);
      words[word] = before | (1 << (index & wordMask));
      if (before !== 0) return;
      index = word;
    }
  }

  delete(rank: number): void {
    if (!this.has(rank)) return;
    this.#count--;
    let index = rank;
    for (const words of this.#levels) {
      const word = index >>> wordShift;
      const left = wordAt(words, word) & ~(1 << (index & wordMask));
      words[word] = left;
      if (left !== 0) return;
      index = word;
    }
  }

  /** @returns the least one that is `rank` or more; undefined when there is none */
  next(rank: number): number | undefined {
    let index = rank;
    for (let level = 0; level < this.#levels.length; level++) {
      const bits = wordAt(this.#levels[level], index >>> wordShift) >>> (index & wordMask);
      if (bits !== 0) return this.#down(level, index + lowestBit(bits), lowestBit);
      index = (index >>> wordShift) + 1;
    }
    return undefined;
  }

  /** @returns the greatest one below `rank`; undefined when there is none */
  before(rank: number): number | undefined {
    let index = rank - 1;
    for (let level = 0; level < this.#levels.length && index >= 0; level++) {
      const bits =
        wordAt(this.#levels[level], index >>> wordShift) << (wordMask - (index & wordMask));
      if (bits !== 0) return this.#down(level, index - Math.clz32(bits), highestBit);
      index = (index >>> wordShift) - 1;
    }
    return undefined;
  }

  /** From a word that is not empty down to a rank. */
  #down(from: number, start: number, bitOf: (word: number) => number): number {
    let index = start;
    for (let level = from - 1; level >= 0; level--) {
      index = index * wordBits + bitOf(wordAt(this.#levels[level], index));
    }
    return index;
  }
}

const wordAt = (words: Uint32Array | undefined, index: number): number => words?.[index] ?? 0;
const lowestBit = (word: number): number => 31 - Math.clz32(word & -word);
const highestBit = (word: number): number => 31 - Math.clz32(word);
