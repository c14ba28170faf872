import { createHash } from 'node:crypto';
import type {
  ActSeen,
  CommitSeen,
  FaultSeen,
  FrameSeen,
  Happened,
  LabelSeen,
  ReplySeen,
  StartSeen,
} from '../../simulators/dst/evidence.ts';
import type { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { stateOf } from '../lib/floor-witness.ts';
import type { Controller } from './controller.ts';

type Kind = 'frames' | 'commits' | 'replies' | 'acts' | 'labels' | 'starts' | 'deaths' | 'faults';

/** Notes what happens in one order, and hashes all of it. */
export class Witness {
  readonly frames: FrameSeen[] = [];
  readonly commits: CommitSeen[] = [];
  readonly replies: ReplySeen[] = [];
  readonly acts: ActSeen[] = [];
  readonly labels: LabelSeen[] = [];
  readonly starts: StartSeen[] = [];
  /** Ends of processes that did not come of themselves. */
  readonly deaths: Happened[] = [];
  readonly faults: FaultSeen[] = [];
  /** Calls that waited when there were most of them. */
  callsMax = 0;
  readonly #hash = createHash('sha256');
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
    const happened: Happened = { step: ++this.#step, atMs: this.#nowMs(), generation };
    this.tell(kind, { ...happened, ...what });
    (this[kind] as object[]).push({ ...happened, ...what });
  }

  /** A process has read what is on disk; somebody else reads it, too. */
  started({ generation, ledger, flow }: Controller, topology: Topology): void {
    const again = new Warehouse(topology);
    ledger.load(again);
    const kept = this.commits.filter(({ outcome }) => outcome !== 'failed').length;
    const seen = { epoch: ledger.epoch, image: `as of commit ${kept}` };
    for (const books of [flow.warehouse, again]) {
      this.note('starts', generation, { ...seen, state: stateOf(books) });
    }
  }

  /** Lets it count for the hash alone. */
  tell(kind: string, what: object): void {
    this.#hash.update(`${this.#nowMs()} ${kind} `).update(JSON.stringify(what));
  }

  /** @param waiting  calls that are still to be made */
  called(atMs: number, waiting: number): void {
    this.callsMax = Math.max(this.callsMax, waiting);
    this.#hash.update(`${atMs};`);
  }

  get hash(): string {
    return this.#hash.copy().digest('hex');
  }
}
