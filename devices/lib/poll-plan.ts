/** One thing that is read as a whole: a field of one or two registers, or a block that must be one snapshot. */
export interface Piece {
  readonly name: string;
  /** Zero-based. */
  readonly address: number;
  readonly words: number;
  readonly periodMs: number;
}

export interface PlanLimits {
  /** Registers that nobody asked for, read along to spare a request. */
  readonly gapMax: number;
  /** Registers of one request: 125, or less where the device says so. */
  readonly wordsMax: number;
  /** Stretches that must not be read, not even along with others. */
  readonly forbidden: readonly { readonly base: number; readonly length: number }[];
}

/** One request, and what it reads. */
export interface Read {
  readonly address: number;
  readonly words: number;
  readonly periodMs: number;
  readonly pieces: readonly Piece[];
}

/** Why a piece can be read by no plan; undefined when it can. */
export function pieceProblem(
  { name, address, words }: Piece,
  { wordsMax, forbidden }: PlanLimits,
): string | undefined {
  if (words > wordsMax) return `${name} has ${words} registers; one request reads ${wordsMax}`;
  const hit = forbidden.find(
    ({ base, length }) => address < base + length && base < address + words,
  );
  return (
    hit &&
    `${name} needs registers ${hit.base} to ${hit.base + hit.length - 1}, which are forbidden`
  );
}

/**
 * The fewest requests, going upwards, that read all pieces: each piece whole in one of them, only pieces
 * of one period together, no forbidden register and no wider gap than allowed.
 *
 * @param pieces  each has no `pieceProblem`
 */
export function planReads(pieces: readonly Piece[], limits: PlanLimits): Read[] {
  const reads: Read[] = [];
  const sorted = pieces.toSorted((a, b) => a.periodMs - b.periodMs || a.address - b.address);
  for (const piece of sorted) {
    const last = reads.at(-1);
    const merged = last && joined(last, piece, limits);
    if (merged === undefined) reads.push({ ...piece, pieces: [piece] });
    else reads[reads.length - 1] = merged;
  }
  return reads.map(({ address, words, periodMs, pieces: own }) => ({
    ...{ address, words, periodMs, pieces: own },
  }));
}

function joined(read: Read, piece: Piece, limits: PlanLimits): Read | undefined {
  const { gapMax, wordsMax, forbidden } = limits;
  const end = read.address + read.words;
  const words = Math.max(end, piece.address + piece.words) - read.address;
  const isForbidden = forbidden.some(
    ({ base, length }) => base < read.address + words && read.address < base + length,
  );
  const fits = piece.periodMs === read.periodMs && piece.address - end <= gapMax;
  if (!fits || words > wordsMax || isForbidden) return undefined;
  return { ...read, words, pieces: [...read.pieces, piece] };
}

/**
 * What is to be read when. A request that is late is made once, not once for each time that was missed.
 * A request that the device refuses, as some register of it does not exist, is cut in two until the one
 * is found; that one is left out from then on, and named once.
 */
export class PollPlan {
  readonly #limits: PlanLimits;
  #reads: { readonly read: Read; dueMs: number }[];

  /** @param nowMs  monotonic; everything is due at once */
  constructor(pieces: readonly Piece[], limits: PlanLimits, nowMs: number) {
    this.#limits = limits;
    this.#reads = planReads(pieces, limits).map((read) => ({ read, dueMs: nowMs }));
  }

  /** The request that has been due for longest; undefined before anything is. */
  due(nowMs: number): Read | undefined {
    const next = this.#next();
    return next !== undefined && next.dueMs <= nowMs ? next.read : undefined;
  }

  /** When the next one is due; never, where nothing is left to read. */
  dueMs(): number {
    return this.#next()?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  /** It was asked, whatever came of it. Due again a period after it was due, in the future. */
  asked(read: Read, nowMs: number): void {
    const entry = this.#reads.find((other) => other.read === read);
    if (entry === undefined) return;
    const periods = Math.floor(Math.max(0, nowMs - entry.dueMs) / read.periodMs) + 1;
    entry.dueMs += periods * read.periodMs;
  }

  /**
   * Exception 2 was the answer: some register of it does not exist.
   *
   * @returns the piece that is left out from now on; undefined while it is looked for
   */
  refused(read: Read, nowMs: number): Piece | undefined {
    this.#reads = this.#reads.filter((other) => other.read !== read);
    const [first] = read.pieces;
    if (first === undefined || read.pieces.length === 1) return first;
    const half = Math.ceil(read.pieces.length / 2);
    for (const part of [read.pieces.slice(0, half), read.pieces.slice(half)]) {
      for (const smaller of planReads(part, this.#limits)) {
        this.#reads.push({ read: smaller, dueMs: nowMs });
      }
    }
    return undefined;
  }

  #next() {
    return this.#reads.reduce<{ read: Read; dueMs: number } | undefined>(
      (first, other) => (first === undefined || other.dueMs < first.dueMs ? other : first),
      undefined,
    );
  }
}
