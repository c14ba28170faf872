import type { LocationId } from '../../src/domain/ids.ts';
import type { Intake } from '../../src/ports/intake.ts';
import type { Answer } from '../answers.ts';

/** An answer with all that it wants of the hands. */
export interface Deed extends Answer {
  /** What is done before it is said. @returns whether it could be done */
  readonly byHand?: (() => boolean) | undefined;
}

interface Word {
  readonly answer: Answer;
  readonly isByHand: boolean;
}

interface WordsOptions {
  readonly intake: Pick<Intake, 'operator'>;
  readonly watch: (asked: Promise<unknown>) => void;
  /** A page has said why it takes none of what was said. */
  readonly refused: (reason: string) => void;
}

/**
 * What people have said of each question. A word may be lost with the process that was to hear it, or heard long after
 * it was said. So whoever has used their hands stays with what they said, and uses them once; and whoever has said
 * something leaves everything as it is until they are told that it was refused.
 */
export class Words {
  readonly #options: WordsOptions;
  readonly #last = new Map<number, Word>();
  readonly #done = new Set<number>();
  #acts = 0;

  constructor(options: WordsOptions) {
    this.#options = options;
  }

  /** Whether hands have changed the floor for this question. */
  isDone(discrepancy: number): boolean {
    return this.#done.has(discrepancy);
  }

  /** What can only be said again, as it is done; undefined: one has to look first. */
  doneAs(discrepancy: number): Answer | undefined {
    const last = this.#last.get(discrepancy);
    return last?.isByHand ? last.answer : undefined;
  }

  /** Does what the answer wants, and says it. @returns false: it cannot be done now, and nothing is said */
  say(discrepancy: number, deed: Deed): boolean {
    const word = this.#wordFor(discrepancy, deed);
    if (word === undefined) return false;
    this.#last.set(discrepancy, word);
    const { intake, watch, refused } = this.#options;
    const { resolution, place } = word.answer;
    const key = `a-${++this.#acts}`;
    const act = { act: 'resolve', operator: 'op-1', key, discrepancy, resolution } as const;
    const said = intake.operator({ ...act, ...(place && { place: place as LocationId }) });
    watch(
      said.then((outcome) => {
        if (outcome.ok) return;
        // Of what was said before it, nothing is to be heard any more either.
        if (this.#last.get(discrepancy) === word) this.#last.delete(discrepancy);
        refused(outcome.reason);
      }),
    );
    return true;
  }

  #wordFor(discrepancy: number, { byHand, ...answer }: Deed): Word | undefined {
    const before = this.#last.get(discrepancy);
    if (before !== undefined && (before.isByHand || byHand !== undefined)) return { ...before };
    if (byHand === undefined) return { answer, isByHand: false };
    if (!byHand()) return undefined;
    this.#done.add(discrepancy);
    return { answer, isByHand: true };
  }
}
