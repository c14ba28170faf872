import { round } from './figures.ts';

const everyMs = 1_000;
const slopeMaxMbPerMin = 1;
const riseMaxMb = 20;
/** Until then every driver fills the 500 entries of traffic that it keeps, and V8 the room that it then works in. */
const warmUpMinMs = 5 * 60_000;
/** A shorter run is all warming up. */
const judgedFromMs = 8 * 60_000;

/** How the memory of a process grows, by sums that do not grow themselves. */
export class MemoryTrend {
  readonly #forMs: number;
  readonly #fit = { n: 0, x: 0, y: 0, xx: 0, xy: 0 };
  readonly #first = { n: 0, mb: 0 };
  readonly #last = { n: 0, mb: 0 };
  #dueMs = 0;
  #lastMb = 0;

  constructor(forMs: number) {
    this.#forMs = forMs;
  }

  get lastMb(): number {
    return round(this.#lastMb);
  }

  /** Takes a sample every second. The first fifth is for warming up, and five minutes where it is judged. */
  look(atMs: number, rssBytes: number): void {
    if (atMs < this.#dueMs) return;
    this.#dueMs = atMs + everyMs;
    this.#lastMb = rssBytes / 1e6;
    const warmUpMs = Math.max(this.#forMs / 5, this.#isJudged ? warmUpMinMs : 0);
    if (atMs < warmUpMs) return;
    const share = (atMs - warmUpMs) / (this.#forMs - warmUpMs);
    const [x, y] = [atMs / 60_000, this.#lastMb];
    const fit = this.#fit;
    Object.assign(fit, { n: fit.n + 1, x: fit.x + x, y: fit.y + y });
    Object.assign(fit, { xx: fit.xx + x * x, xy: fit.xy + x * y });
    const part = share < 0.1 ? this.#first : share >= 0.9 ? this.#last : undefined;
    if (part) Object.assign(part, { n: part.n + 1, mb: part.mb + y });
  }

  get figures() {
    return {
      rssStartMb: round(this.#first.mb / this.#first.n),
      rssEndMb: round(this.#last.mb / this.#last.n),
      rssSlopeMbPerMin: round(this.#slope),
      rssJudged: this.#isJudged,
    };
  }

  get limit(): string {
    return `memory flat: slope ≤ ${slopeMaxMbPerMin} MB/min, rise ≤ ${riseMaxMb} MB`;
  }

  /** True, unjudged, of a run that is too short to tell; `rssJudged` says so. */
  get isFlat(): boolean {
    if (!this.#isJudged) return true;
    const riseMb = this.#last.mb / this.#last.n - this.#first.mb / this.#first.n;
    return this.#slope <= slopeMaxMbPerMin && riseMb <= riseMaxMb;
  }

  get #isJudged(): boolean {
    return this.#forMs >= judgedFromMs;
  }

  /** MB per minute, by least squares. */
  get #slope(): number {
    const { n, x, y, xx, xy } = this.#fit;
    return (n * xy - x * y) / (n * xx - x * x);
  }
}
