import type { FaultSeen } from '../../simulators/dst/evidence.ts';
import { sometimes } from './expected-facts.ts';

/** A cell that chance should have met so often, and that was not met once, is not met by chance. */
const expectedMin = 20;

type Counts = Map<string, number>;

const count = (counts: Counts, key: string, times = 1): void => {
  counts.set(key, (counts.get(key) ?? 0) + times);
};

/** What a batch of runs has met: facts, and which fault came in which phase of which work. */
export class Coverage {
  readonly #facts: Counts = new Map();
  readonly #kinds: Counts = new Map();
  readonly #phases: Counts = new Map();
  /** Kind of fault × chart and state × phase of the crane's command. */
  readonly #cells: Counts = new Map();
  #faults = 0;

  /** @param facts  of one run, with how often each */
  add(facts: Readonly<Record<string, number>>, faults: readonly FaultSeen[]): void {
    for (const [fact, times] of Object.entries(facts)) count(this.#facts, fact, times);
    this.#faults += faults.length;
    for (const { kind, during } of faults) {
      count(this.#kinds, kind);
      for (const phase of during) {
        count(this.#phases, phase);
        count(this.#cells, `${kind} × ${phase}`);
      }
    }
  }

  get facts(): ReadonlyMap<string, number> {
    return this.#facts;
  }

  /** Cells that were met. */
  get cells(): number {
    return this.#cells.size;
  }

  /** Facts that runs must meet sometimes, and these have not. */
  get unhit(): readonly string[] {
    return sometimes.filter((fact) => !this.#facts.has(fact));
  }

  /**
   * Cells that are within reach and were not met. Faults are drawn without a look at the work, so that of
   * n faults, k of them of a kind and p in a phase, k · p / n are expected in both.
   */
  get missed(): readonly string[] {
    const missed: string[] = [];
    for (const [kind, k] of this.#kinds) {
      for (const [phase, p] of this.#phases) {
        const cell = `${kind} × ${phase}`;
        if (!this.#cells.has(cell) && (k * p) / this.#faults >= expectedMin) missed.push(cell);
      }
    }
    return missed.sort();
  }
}
