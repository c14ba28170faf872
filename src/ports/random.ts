/** Chance, so that a run can be repeated from its seed. */
export interface Random {
  /** Evenly from 0 to 4 294 967 295. */
  u32(): number;
}
