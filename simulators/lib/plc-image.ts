/** One block that a PLC publishes, with its snapshot number. */
export interface PublishedBlock {
  readonly base: number;
  /** Where the snapshot number of the newest publication is kept. */
  readonly counter: { guard: number };
  /** The whole block as it is now, with this snapshot number. */
  words(guard: number): readonly number[];
}

/**
 * The registers of a PLC. A publication is prepared first, so that what it tells can be written
 * down before anybody can read it, and then shown as one piece.
 */
export class PlcImage {
  /** 65 536 registers, by zero-based address. */
  readonly registers = new Uint16Array(0x1_0000);
  readonly #blocks: readonly PublishedBlock[];
  #prepared: { readonly base: number; readonly words: readonly number[] }[] = [];

  constructor(blocks: readonly PublishedBlock[]) {
    this.#blocks = blocks;
  }

  /**
   * Gives a new snapshot number to every block whose registers differ from what is shown.
   *
   * @param at  the block that begins at this register is enough, where one does
   */
  prepare(at?: number): void {
    this.#prepared = [];
    const one = this.#blocks.find(({ base }) => base === at);
    for (const { base, counter, words } of one === undefined ? this.#blocks : [one]) {
      const guard = (counter.guard + 1) & 0xffff;
      const next = words(guard);
      if (this.#isShown(base, next)) continue;
      counter.guard = guard;
      this.#prepared.push({ base, words: next });
    }
  }

  show(): void {
    for (const { base, words } of this.#prepared) this.registers.set(words, base);
    this.#prepared = [];
  }

  // The guards, first and last, differ in any case.
  #isShown(base: number, words: readonly number[]): boolean {
    for (let at = 1; at < words.length - 1; at++) {
      if (words[at] !== this.registers[base + at]) return false;
    }
    return this.registers[base] === this.registers[base + words.length - 1];
  }
}
