import { createHash } from 'node:crypto';
import type {
  ActSeen,
  CommitSeen,
  FrameSeen,
  Happened,
  LabelSeen,
  ReplySeen,
} from '../../simulators/dst/evidence.ts';

/** Notes what happens in one order, and hashes all of it. */
export class Witness {
  readonly frames: FrameSeen[] = [];
  readonly commits: CommitSeen[] = [];
  readonly replies: ReplySeen[] = [];
  readonly acts: ActSeen[] = [];
  readonly labels: LabelSeen[] = [];
  readonly #hash = createHash('sha256');
  readonly #nowMs: () => number;
  #step = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Notes it under its kind, as something that a process of this generation did or met. */
  note<K extends 'frames' | 'commits' | 'replies' | 'acts' | 'labels'>(
    kind: K,
    generation: number,
    what: Omit<Witness[K][number], keyof Happened>,
  ): void {
    const happened: Happened = { step: ++this.#step, atMs: this.#nowMs(), generation };
    this.tell(kind, { ...happened, ...what });
    (this[kind] as object[]).push({ ...happened, ...what });
  }

  /** Lets it count for the hash alone. */
  tell(kind: string, what: object): void {
    this.#hash.update(`${this.#nowMs()} ${kind} `).update(JSON.stringify(what));
  }

  called(atMs: number): void {
    this.#hash.update(`${atMs};`);
  }

  get hash(): string {
    return this.#hash.copy().digest('hex');
  }
}
