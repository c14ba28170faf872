/**
 * The known word that somebody most likely meant, if any is close enough.
 *
 * Close: at most one edit per three characters, so that a word of two letters has no neighbors. Upper
 * and lower case do not count as an edit, because most codes here are written in one case only.
 */
export function closest(word: string, known: Iterable<string>): string | undefined {
  let best: { readonly name: string; readonly edits: number } | undefined;
  for (const name of known) {
    const edits = editDistance(word.toLowerCase(), name.toLowerCase());
    const editsMax = Math.floor(Math.max(word.length, name.length) / 3);
    if (edits <= editsMax && (best === undefined || edits < best.edits)) best = { name, edits };
  }
  return best?.name;
}

/** `, did you mean "baudRate"?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): string {
  const name = closest(word, known);
  return name === undefined ? '' : `, did you mean "${name}"?`;
}

/** `unknown device "conveyr-1", did you mean "conveyor-1"?` */
export const unknownName = (what: string, word: string, known: Iterable<string>): string =>
  `unknown ${what} "${word}"${didYouMean(word, known)}`;

/**
 * Damerau-Levenshtein distance, adjacent transpositions only (optimal string alignment): inserting,
 * dropping or changing a character, or swapping two neighbors, is one edit.
 *
 *     d(i, j) = min( d(i−1, j) + 1,  d(i, j−1) + 1,  d(i−1, j−1) + [aᵢ ≠ bⱼ],
 *                    d(i−2, j−2) + 1  if aᵢ = bⱼ₋₁ and aᵢ₋₁ = bⱼ )
 */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substituted = at(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = isSwap(a, b, i, j) ? at(before, j - 2) + 1 : Number.POSITIVE_INFINITY;
      row.push(Math.min(at(above, j) + 1, at(row, j - 1) + 1, substituted, swapped));
    }
    before = above;
    above = row;
  }
  return at(above, b.length);
}

const isSwap = (a: string, b: string, i: number, j: number): boolean =>
  i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];

const at = (row: readonly number[], index: number): number =>
  row[index] ?? Number.POSITIVE_INFINITY;
