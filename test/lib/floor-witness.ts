import { createHash } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import type {
  ActSeen,
  CommitSeen,
  Evidence,
  FrameSeen,
  HostSeen,
  LabelSeen,
  ReplySeen,
  StartSeen,
} from '../../simulators/dst/evidence.ts';
import { canonical } from '../../simulators/dst/oracle/rows.ts';
import type { ReplyData } from '../../src/contract/messages.ts';
import type { HostId } from '../../src/domain/ids.ts';
import type { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import type { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import type { HostCommand, OperatorAct, OperatorOutcome } from '../../src/ports/intake.ts';
import type { Commit } from '../../src/ports/store.ts';
import type { FloorRig } from './floor-rig.ts';
import { gaugesOf } from './gauges.ts';

/** The controller dies here, on purpose. */
export class FloorCrash extends Error {}

/** One call at the edge of the core, before or after which it may die. */
export type Seam = 'commit' | 'write' | 'reply' | 'label' | 'read';
export type Moment = 'before' | 'after';

/** Events that the host takes before it says how far it has come. */
const eventsPerMark = 3;
/** Timers of one aisle, its devices and what is under way there; more are a leak. */
const callsWaitingMax = 100;

/** Notes all that can be seen of a floor rig from outside, and may let its controller die at any call. */
export class FloorWitness {
  readonly frames: FrameSeen[] = [];
  readonly commits: CommitSeen[] = [];
  readonly replies: ReplySeen[] = [];
  readonly acts: ActSeen[] = [];
  readonly labels: LabelSeen[] = [];
  readonly starts: StartSeen[] = [];
  readonly #received: HostSeen['received'][number][] = [];
  readonly #marks: number[] = [];
  /** Asked at every seam. @returns whether the controller dies here */
  dies: (seam: Seam, moment: Moment, rig: FloorRig) => boolean = () => false;
  #rig: FloorRig | undefined;
  #steps = 0;
  #callsMax = 0;
  #generation = 0;
  /** A controller runs: what is put in place before is none of its calls. */
  #isRunning = false;

  watch(rig: FloorRig): void {
    this.#rig = rig;
    rig.onAccess = (access) => {
      if (access.kind === 'read') {
        this.frames.push({ ...this.#now(), ...access, wallMs: rig.clock.nowMs() });
        return;
      }
      this.#pass('write', 'before');
      this.frames.push({ ...this.#now(), ...access, wallMs: rig.clock.nowMs() });
    };
    rig.onArrived = () => this.#pass('write', 'after');
    rig.printer.onLabel = ({ jobId, zpl }) => {
      this.labels.push({ ...this.#now(), jobId, sscc: zpl.slice(3, -3) });
    };
  }

  open(db: DatabaseSync, topology: Topology, now: { nonce: number; nowMs: number }): Ledger {
    this.#generation++;
    return new WitnessedLedger(db, topology, now, (commit, write) => this.#commit(commit, write));
  }

  /** A controller has read what is on disk; somebody else reads it, too. */
  started(ledger: Ledger, flow: Flow): void {
    const rig = this.#rig;
    if (rig === undefined) return;
    this.#isRunning = true;
    const again = new Warehouse(rig.topology);
    ledger.load(again);
    const wallMs = rig.clock.nowMs();
    const seen = { ...this.#now(), epoch: ledger.epoch, image: imageOf(rig.db), wallMs };
    for (const warehouse of [flow.warehouse, again]) {
      this.starts.push({ ...seen, state: stateOf(warehouse) });
    }
  }

  replied(command: HostCommand, reply: ReplyData): void {
    this.replies.push({ ...this.#now(), command, reply });
  }

  acted(act: OperatorAct, outcome: OperatorOutcome): void {
    this.acts.push({ ...this.#now(), act, outcome });
  }

  /** @returns false when the controller dies before its answer has left */
  mayAnswer(): boolean {
    if (!this.#isDying('reply', 'before')) return true;
    this.#rig?.crash();
    return false;
  }

  /** The host takes what it is owed, and says how far it has come. */
  async host(): Promise<void> {
    const rig = this.#rig;
    if (rig === undefined) return;
    const news = rig.ledger.read(this.#received.length + 1, 1_000);
    for (const { sequence, name, data } of news) {
      this.#received.push({ sequence, name, data: JSON.parse(JSON.stringify(data)) });
    }
    const through = this.#received.length;
    if (through < (this.#marks.at(-1) ?? 0) + eventsPerMark) return;
    this.#marks.push(through);
    const ack = { epoch: 1, ackThrough: String(through), hostEpoch: 1 };
    rig.flow.acknowledge('wms' as HostId, ack).catch(() => {});
    rig.clock.advance(0);
  }

  evidence(isAtRest: boolean): Evidence {
    const rig = this.#rig;
    if (rig === undefined) throw new Error('nobody is watched');
    const { world } = rig.model;
    const memory = new Map(
      Object.entries(rig.flow.warehouse.tables).map(([table, rows]) => [
        table,
        new Map<string, unknown>(rows.entries()),
      ]),
    );
    return {
      ...{ site: rig.topology.site, db: rig.db, isAtRest, memory },
      ...{ frames: this.frames, commits: this.commits, replies: this.replies, acts: this.acts },
      ...{ labels: this.labels, starts: this.starts },
      gauges: gaugesOf(this.commits, { value: this.#callsMax, max: callsWaitingMax }),
      hosts: [{ host: 'wms', received: this.#received, marks: this.#marks }],
      ...{ executions: world.executions(), truth: world.truth() },
    };
  }

  #commit(commit: Commit, write: () => void): void {
    this.#callsMax = Math.max(this.#callsMax, this.#rig?.clock.waitingMs.length ?? 0);
    this.#pass('commit', 'before');
    const kept = structuredClone(commit);
    try {
      write();
    } catch (error) {
      this.commits.push({ ...this.#now(), commit: kept, outcome: 'failed' });
      throw error;
    }
    const seen = { ...this.#now(), commit: kept };
    const isHeard = !this.#isRunning || !this.#isDying('commit', 'after');
    this.commits.push({ ...seen, outcome: isHeard ? 'done' : 'unknown' });
    if (!isHeard) this.#crash();
  }

  #isDying(seam: Seam, moment: Moment): boolean {
    return this.#rig !== undefined && this.dies(seam, moment, this.#rig);
  }

  #pass(seam: Seam, moment: Moment): void {
    if (this.#isRunning && this.#isDying(seam, moment)) this.#crash();
  }

  #crash(): never {
    this.#rig?.crash();
    throw new FloorCrash('The controller has died');
  }

  #now() {
    const atMs = this.#rig?.clock.monotonicMs() ?? 0;
    return { step: ++this.#steps, atMs, generation: this.#generation };
  }
}

class WitnessedLedger extends Ledger {
  readonly #note: (commit: Commit, write: () => void) => void;

  constructor(
    db: DatabaseSync,
    topology: Topology,
    now: { nonce: number; nowMs: number },
    note: (commit: Commit, write: () => void) => void,
  ) {
    super(db, topology, now);
    this.#note = note;
  }

  override commit(commit: Commit): void {
    this.#note(commit, () => super.commit(commit));
  }
}

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Everything that is stored, but for who has opened it. */
function imageOf(db: DatabaseSync): string {
  const tables = db
    .prepare(
      "SELECT name FROM sqlite_schema WHERE type = 'table' AND name <> 'claim' ORDER BY name",
    )
    .all()
    .map(({ name }) => String(name));
  return sha(JSON.stringify(tables.map((name) => db.prepare(`SELECT * FROM ${name}`).all())));
}

/** Hash of all that books say. */
export const stateOf = ({ tables }: Warehouse): string =>
  sha(
    Object.entries(tables)
      .map(([name, rows]) => `${name} ${canonical([...rows.values()])}`)
      .join('\n'),
  );
