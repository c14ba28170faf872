import type { PrintJob } from '../../src/ports/printer.ts';

export const queueLengthMax = 100;
/** Jobs that are remembered after their verdict, so that the same one again is known. */
const rememberedMax = 10_000;

/** Jobs of one printer in the order in which they came, each at most once. */
export class JobQueue {
  readonly #waiting: PrintJob[] = [];
  /** In order of arrival; the oldest are forgotten. */
  readonly #known = new Set<string>();

  get length(): number {
    return this.#waiting.length;
  }

  add(job: PrintJob): 'added' | 'known' | 'full' {
    if (this.#known.has(job.jobId)) return 'known';
    if (this.#waiting.length >= queueLengthMax) return 'full';
    this.#waiting.push(job);
    this.#known.add(job.jobId);
    const [oldest] = this.#known;
    if (this.#known.size > rememberedMax && oldest !== undefined) this.#known.delete(oldest);
    return 'added';
  }

  knows(jobId: string): boolean {
    return this.#known.has(jobId);
  }

  first(): PrintJob | undefined {
    return this.#waiting[0];
  }

  /** @returns whether it was still waiting */
  remove(jobId: string): boolean {
    const index = this.#waiting.findIndex((job) => job.jobId === jobId);
    if (index < 0) return false;
    this.#waiting.splice(index, 1);
    return true;
  }
}
