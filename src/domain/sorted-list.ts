/** Numbers that a list is sorted by, the first one first. All lists of one kind have as many. */
export type Keys = readonly number[];

/** Items of one piece; a piece of twice as many is cut in two. */
const pieceLength = 256;

/**
 * A list that is always in order. It is kept in pieces, so that taking one in or out moves a few
 * hundred items at most, in a list of a thousand as in one of a million.
 */
export class SortedList<T extends { readonly keys: Keys }> {
  #pieces: T[][] = [];
  #size = 0;

  get size(): number {
    return this.#size;
  }

  add(item: T): void {
    const at = this.#pieceOf(item.keys);
    const piece = this.#pieces[at];
    this.#size++;
    if (piece === undefined) {
      this.#pieces.push([item]);
      return;
    }
    piece.splice(firstFrom(piece, item.keys), 0, item);
    if (piece.length < 2 * pieceLength) return;
    this.#pieces.splice(at, 1, piece.slice(0, pieceLength), piece.slice(pieceLength));
  }

  /** Takes out the item with these very keys. @returns false when there is none */
  remove({ keys }: T): boolean {
    const at = this.#pieceOf(keys);
    const piece = this.#pieces[at];
    if (piece === undefined) return false;
    const i = firstFrom(piece, keys);
    const found = piece[i];
    if (found === undefined || compareKeys(found.keys, keys) !== 0) return false;
    piece.splice(i, 1);
    this.#size--;
    if (piece.length === 0) this.#pieces.splice(at, 1);
    return true;
  }

  /** In order, from the first item on whose keys are not before `from`. Must not be changed meanwhile. */
  *forward(from: Keys = []): Generator<T, undefined> {
    let at = this.#pieceOf(from);
    let i = firstFrom(this.#pieces[at] ?? [], from);
    for (; at < this.#pieces.length; at++, i = 0) {
      const piece = this.#pieces[at] as T[];
      for (; i < piece.length; i++) yield piece[i] as T;
    }
  }

  /** The other way round, from the last item on whose keys are before `from`. */
  *backward(from: Keys): Generator<T, undefined> {
    let at = this.#pieceOf(from);
    let i = firstFrom(this.#pieces[at] ?? [], from) - 1;
    for (; at >= 0; at--, i = (this.#pieces[at]?.length ?? 0) - 1) {
      for (; i >= 0; i--) yield this.#pieces[at]?.[i] as T;
    }
  }

  /** The piece that `keys` belong into: the first one that does not end before them, or the last. */
  #pieceOf(keys: Keys): number {
    let [low, high] = [0, this.#pieces.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      const last = this.#pieces[middle]?.at(-1) as T;
      if (compareKeys(last.keys, keys) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** How many of a piece are before `keys`. */
function firstFrom(piece: readonly { readonly keys: Keys }[], keys: Keys): number {
  let [low, high] = [0, piece.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareKeys((piece[middle] as { keys: Keys }).keys, keys) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Negative: `a` comes first. What has fewer keys comes before all that begin with the same. */
export function compareKeys(a: Keys, b: Keys): number {
  for (let i = 0; i < a.length; i++) {
    const other = b[i];
    if (other === undefined) return 1;
    if (a[i] !== other) return (a[i] as number) - other;
  }
  return a.length - b.length;
}
