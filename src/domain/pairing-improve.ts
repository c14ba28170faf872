import type { Chains, Costs } from './pairing.ts';

/** Changes that one decision looks for; far more than it finds, and an end in any case. */
const changesMax = 1_000;
/** Less than this is rounding, and would go round in circles. */
const gainMinMs = 1e-6;

/**
 * Changes chains until none of these changes makes them cheaper: a part of a chain goes to another
 * place, or two chains exchange what follows from some place on.
 *
 * @returns chains with the same retrievals, each once; never costlier than before
 */
export function improve(costs: Costs, open: number, chains: Chains): Chains {
  const improving = new Improving(costs, open, chains);
  for (let change = 0; change < changesMax; change++) {
    if (!improving.exchangeTails() && !improving.movePart()) break;
  }
  return improving.chains;
}

class Improving {
  readonly chains: number[][];
  readonly #costs: Costs;
  readonly #open: number;

  constructor(costs: Costs, open: number, chains: Chains) {
    this.chains = chains.map((chain) => [...chain]);
    this.#costs = costs;
    this.#open = open;
  }

  /** The cell that the retrieval at a place of a chain stores into. */
  #cellAt(chain: number, at: number): number {
    return at === 0 ? chain : this.#open + (this.chains[chain]?.[at - 1] as number);
  }

  #cost(cell: number, row: number | undefined): number {
    return row === undefined ? 0 : (this.#costs[row]?.[cell] as number);
  }

  exchangeTails(): boolean {
    const { chains } = this;
    for (let a = 0; a < chains.length; a++) {
      for (let b = a + 1; b < chains.length; b++) {
        if (this.#exchange(a, b)) return true;
      }
    }
    return false;
  }

  #exchange(a: number, b: number): boolean {
    const [first, second] = [this.chains[a] as number[], this.chains[b] as number[]];
    for (let i = 0; i <= first.length; i++) {
      const [cell, row] = [this.#cellAt(a, i), first[i]];
      const before = this.#cost(cell, row);
      for (let j = 0; j <= second.length; j++) {
        const [other, otherRow] = [this.#cellAt(b, j), second[j]];
        const gain =
          before +
          this.#cost(other, otherRow) -
          this.#cost(cell, otherRow) -
          this.#cost(other, row);
        if (gain <= gainMinMs) continue;
        first.push(...second.splice(j, second.length, ...first.splice(i)));
        return true;
      }
    }
    return false;
  }

  movePart(): boolean {
    for (const [chain, rows] of this.chains.entries()) {
      for (let from = 0; from < rows.length; from++) {
        for (let end = from + 1; end <= rows.length; end++) {
          if (this.#move(chain, from, end)) return true;
        }
      }
    }
    return false;
  }

  /** Takes out what is from `from` to before `end`, if it is cheaper anywhere else. */
  #move(chain: number, from: number, end: number): boolean {
    const rows = this.chains[chain] as number[];
    const cell = this.#cellAt(chain, from);
    const lastCell = this.#open + (rows[end - 1] as number);
    const [first, after] = [rows[from], rows[end]];
    const saved = this.#cost(cell, first) + this.#cost(lastCell, after) - this.#cost(cell, after);
    for (const [target, others] of this.chains.entries()) {
      for (let at = 0; at <= others.length; at++) {
        if (target === chain && at >= from && at <= end) continue;
        const [gap, next] = [this.#cellAt(target, at), others[at]];
        const spent = this.#cost(gap, first) + this.#cost(lastCell, next) - this.#cost(gap, next);
        if (saved - spent <= gainMinMs) continue;
        const part = rows.splice(from, end - from);
        const shifted = target === chain && at > from ? at - part.length : at;
        others.splice(shifted, 0, ...part);
        return true;
      }
    }
    return false;
  }
}
