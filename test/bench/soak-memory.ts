import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { round } from './figures.ts';

/** A full collection each time: some 20 ms in 10 s, which the lag of the event loop shows and bears. */
const everyMs = 10_000;
const slopeMaxMbPerMin = 1;
const riseMaxMb = 20;
/** What a controller may have for good. */
const rssMaxMb = 300;
/** Until then every driver fills the 500 entries of traffic that it keeps, and V8 the room that it then works in. */
const warmUpMinMs = 5 * 60_000;
/** A shorter run is all warming up. */
const judgedFromMs = 8 * 60_000;

/**
 * How the memory of this process grows, by sums that do not grow themselves.
 *
 * What a process has from the system grows by steps of tens of MB, whenever V8 finds a collection not worth its while:
 * that is no trend, and has a ceiling. What is left after a collection is what somebody still holds: that has to be flat.
 */
export class MemoryTrend {
  readonly #forMs: number;
  readonly #fit = { n: 0, x: 0, y: 0, xx: 0, xy: 0 };
  readonly #first = { n: 0, mb: 0 };
  readonly #last = { n: 0, mb: 0 };
  #dueMs = 0;
  #liveMb = 0;
  #rssMb = 0;
  readonly #collect: () => void;

  constructor(forMs: number) {
    this.#forMs = forMs;
    setFlagsFromString('--expose-gc');
    this.#collect = runInNewContext('gc') as () => void;
  }

  get last(): string {
    return `live ${round(this.#liveMb)} MB  RSS ${round(this.#rssMb)} MB`;
  }

  /** Takes a sample when it is due. The first fifth is for warming up, and five minutes where it is judged. */
  look(atMs: number): void {
    if (atMs < this.#dueMs) return;
    this.#dueMs = atMs + everyMs;
    this.#rssMb = process.memoryUsage.rss() / 1e6;
    this.#collect();
    const { heapUsed, external } = process.memoryUsage();
    this.#liveMb = (heapUsed + external) / 1e6;
    const warmUpMs = Math.max(this.#forMs / 5, this.#isJudged ? warmUpMinMs : 0);
    if (atMs < warmUpMs) return;
    const share = (atMs - warmUpMs) / (this.#forMs - warmUpMs);
    const [x, y] = [atMs / 60_000, this.#liveMb];
    const fit = this.#fit;
    Object.assign(fit, { n: fit.n + 1, x: fit.x + x, y: fit.y + y });
    Object.assign(fit, { xx: fit.xx + x * x, xy: fit.xy + x * y });
    const part = share < 0.1 ? this.#first : share >= 0.9 ? this.#last : undefined;
    if (part) Object.assign(part, { n: part.n + 1, mb: part.mb + y });
  }

  get figures() {
    return {
      liveStartMb: round(this.#first.mb / this.#first.n),
      liveEndMb: round(this.#last.mb / this.#last.n),
      liveSlopeMbPerMin: round(this.#slope),
      rssMb: round(this.#rssMb),
      memoryJudged: this.#isJudged,
    };
  }

  get limit(): string {
    return `memory flat: slope ≤ ${slopeMaxMbPerMin} MB/min, rise ≤ ${riseMaxMb} MB, RSS ≤ ${rssMaxMb} MB`;
  }

  /** True, unjudged, of a run that is too short to tell; `memoryJudged` says so. */
  get isFlat(): boolean {
    if (!this.#isJudged) return true;
    const riseMb = this.#last.mb / this.#last.n - this.#first.mb / this.#first.n;
    const isLow = this.#rssMb <= rssMaxMb;
    return this.#slope <= slopeMaxMbPerMin && riseMb <= riseMaxMb && isLow;
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
