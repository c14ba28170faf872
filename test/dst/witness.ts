import { createHash } from 'node:crypto';
import type {
  ActSeen,
  CommitSeen,
  FaultSeen,
  FrameSeen,
  Happened,
  LabelSeen,
  MessageSeen,
  OverdueSeen,
  ReplySeen,
  StartSeen,
  TakenSeen,
} from '../../simulators/dst/evidence.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { stateOf } from '../lib/floor-witness.ts';
import type { Controller } from './controller.ts';

type Kind =
  | ('frames' | 'taken' | 'commits' | 'overdue' | 'replies' | 'acts' | 'messages')
  | ('labels' | 'starts' | 'deaths' | 'faults');

/** What waits to be hashed, characters and words: one call for each thing that was told costs more than the hash. */
const [toldMax, wordsMax] = [50_000, 8_192];
const startsPerReading = 4;

/** Notes what happens in one order, and hashes all of it. */
export class Witness {
  readonly frames: FrameSeen[] = [];
  readonly taken: TakenSeen[] = [];
  readonly commits: CommitSeen[] = [];
  readonly overdue: OverdueSeen[] = [];
  readonly replies: ReplySeen[] = [];
  readonly acts: ActSeen[] = [];
  readonly messages: MessageSeen[] = [];
  readonly labels: LabelSeen[] = [];
  readonly starts: StartSeen[] = [];
  /** Ends of processes that did not come of themselves. */
  readonly deaths: Happened[] = [];
  readonly faults: FaultSeen[] = [];
  /** Calls that waited when there were most of them. */
  callsMax = 0;
  readonly #hash = createHash('sha256');
  /** What is still to be hashed: times of calls, words of frames, and all else that was told. */
  readonly #times = new Float64Array(8_192);
  #timesCount = 0;
  readonly #words = new Uint16Array(wordsMax);
  #wordsCount = 0;
  #told = '';
  readonly #nowMs: () => number;
  #step = 0;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** Notes it under its kind, as something that a process of this generation did or met. */
  note<K extends Kind>(
    kind: K,
    generation: number,
    what: Omit<Witness[K][number], keyof Happened>,
  ): void {
    const noted = { step: ++this.#step, atMs: this.#nowMs(), generation, ...what };
    if (kind === 'frames') this.#tellFrame(noted as unknown as FrameSeen);
    else this.tell(kind, noted);
    (this[kind] as object[]).push(noted);
  }

  /** A process has read what is on disk; at one start in four somebody else reads it, too. */
  started({ generation, ledger, flow, surroundings }: Controller): void {
    const { topology, clock, wall } = surroundings;
    const kept = this.commits.filter(({ outcome }) => outcome !== 'failed').length;
    const wallMs = clock.nowMs() + wall.offsetMs;
    const seen = { epoch: ledger.epoch, image: `as of commit ${kept}`, wallMs };
    const read = [flow.warehouse];
    if (generation % startsPerReading === 1) {
      const again = new Warehouse(topology);
      ledger.load(again);
      read.push(again);
    }
    for (const books of read) this.note('starts', generation, { ...seen, state: stateOf(books) });
  }

  /** Lets it count for the hash alone. */
  tell(kind: string, what: object): void {
    this.#tell(`${this.#nowMs()} ${kind} ${JSON.stringify(what)}`);
  }

  /** Frames are most of what is told. */
  #tellFrame({ words, ...frame }: FrameSeen): void {
    const { step, atMs, generation, wallMs, device, connection, kind, address } = frame;
    const head = `${step} ${atMs} ${generation} ${wallMs} ${device} ${connection} ${kind} ${address}`;
    this.#tell(`${head} ${words.length}`);
    if (this.#wordsCount + words.length > wordsMax) this.#hashWords();
    for (const word of words) this.#words[this.#wordsCount++] = word;
  }

  #tell(text: string): void {
    this.#told += text;
    if (this.#told.length > toldMax) this.#hashTold();
  }

  #hashTold(): void {
    this.#hash.update(this.#told);
    this.#told = '';
  }

  #hashWords(): void {
    this.#hash.update(this.#words.subarray(0, this.#wordsCount));
    this.#wordsCount = 0;
  }

  /** @param waiting  calls that are still to be made */
  called(atMs: number, waiting: number): void {
    this.callsMax = Math.max(this.callsMax, waiting);
    this.#times[this.#timesCount++] = atMs;
    if (this.#timesCount === this.#times.length) this.#hashTimes();
  }

  #hashTimes(): void {
    this.#hash.update(this.#times.subarray(0, this.#timesCount));
    this.#timesCount = 0;
  }

  get hash(): string {
    this.#hashTold();
    this.#hashWords();
    this.#hashTimes();
    return this.#hash.copy().digest('hex');
  }
}
