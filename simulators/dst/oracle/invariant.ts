import type { Evidence } from '../evidence.ts';

/** What differs, in plain words: both facts, and whose they are. */
export interface Finding {
  readonly invariant: string;
  readonly text: string;
}

/** Something that must be true of every run, whatever has gone wrong in it. */
export interface Invariant {
  readonly id: string;
  /** As a customer would sign it. */
  readonly says: string;
  /** Evidence without which nothing can be said. */
  readonly needs: readonly (keyof Evidence)[];
  /** @returns each way in which it is not true, as a sentence */
  judge(evidence: Evidence): readonly string[];
}

type Complete<K extends keyof Evidence> = Evidence & Required<Pick<Evidence, K>>;

/** An invariant whose judge sees what it needs as present. */
export const invariantOf = <K extends keyof Evidence>(
  id: string,
  says: string,
  needs: readonly K[],
  judge: (evidence: Complete<K>) => readonly string[],
): Invariant => ({
  ...{ id, says, needs },
  judge: (evidence) => judge(evidence as Complete<K>),
});
