import type { AckData, ReplyData } from '../contract/messages.ts';
import { LimitError } from '../domain/errors.ts';
import type { HostId } from '../domain/ids.ts';
import { roundOver } from '../domain/urgency.ts';
import { Warehouse } from '../domain/warehouse.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceStatus } from '../ports/device.ts';
import type { HostCommand, Intake, OperatorAct, OperatorOutcome } from '../ports/intake.ts';
import type { Log } from '../ports/log.ts';
import type { Commit } from '../ports/store.ts';
import { type Cause, causeId, type DeviceFact, nameOf, sourceOf, unjudgedIn } from './cause.ts';
import { ClaimWatch } from './claim-watch.ts';
import { conclude } from './conclude.ts';
import { onBooked } from './conveyor-arrivals.ts';
import { Deadlines, moveDeadlines, takeTimer } from './deadlines.ts';
import { type Decided, decideCause, isRefused, repeatedAct } from './desks.ts';
import { nextStartMs } from './orders.ts';
import { type Actors, act, cutShort, setModes } from './outputs.ts';
import { Books } from './reader.ts';
import { Runner } from './runner.ts';
import { SignalWatch } from './signals.ts';
import { hasRows, Work, type WorkParts } from './work.ts';

const causesWaitingMax = 10_000;
/** So many share one fsync; more would hold up the wires for longer than the disk does. */
const causesPerCommitMax = 64;
/** The longest pause after a slow commit. */
const restMaxMs = 5;

interface Waiting {
  readonly cause: Cause;
  readonly settled?: (outcome: Decided) => void;
  readonly failed?: (error: unknown) => void;
}

export interface FlowPorts extends WorkParts {
  /** Takes durations, for metrics; in seconds. */
  readonly measured?: {
    commitTook(seconds: number): void;
    commandTook(seconds: number): void;
    /** From a scan to its answer, which is on its way to the wire. */
    divertTook(seconds: number): void;
  };
  /** What the drivers know of their devices, for people's eyes only. */
  readonly drivers: () => readonly DeviceStatus[];
  readonly clock: Clock;
  readonly log: Log;
  /** Our own bug, or a store that cannot be written: the process records it and stops. */
  readonly onFatal: (error: unknown) => void;
}

/**
 * The one loop: take in → decide → commit → act. Causes that wait are decided one after the
 * other and committed together; only then does anything leave the house.
 */
export class Flow implements Intake {
  readonly #ports: FlowPorts;
  readonly #runner = new Runner();
  readonly #waiting: Waiting[] = [];
  readonly #onlineHosts = new Set<HostId>();
  #actors: Actors = {
    cranes: new Map(),
    conveyors: new Map(),
    printers: new Map(),
    scanners: new Map(),
    indicators: new Map(),
  };
  #warehouse: Warehouse;
  #cancelStep: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #isStopped = false;
  /** The next commit begins no sooner: a slow disk may fill half of the time, the wires need the other. */
  #restUntilMs = 0;
  /** When orders may gain though nothing has happened: at the start, and when one may begin, be its timer called or not yet. */
  #allocateAtMs = 0;
  /** How far the orders that wait have been looked through. */
  #round = roundOver;
  readonly #signals: SignalWatch | undefined;
  readonly #claims: ClaimWatch;
  readonly #sinceMs: number;
  readonly #deadlines: Deadlines;
  /** Commits and causes since the start, for metrics. */
  readonly counts = { commits: 0, causes: 0 };

  constructor(ports: FlowPorts) {
    this.#ports = ports;
    this.#sinceMs = ports.clock.nowMs();
    this.#deadlines = new Deadlines(ports.store, ports.clock);
    this.#claims = new ClaimWatch(ports.clock);
    const { signals } = ports.topology.site;
    this.#signals = signals && new SignalWatch(signals, this.#sinceMs);
    this.#warehouse = this.#load();
  }

  /** The books as committed; to be read only. */
  get warehouse(): Warehouse {
    return this.#warehouse;
  }

  get books(): Books {
    const { drivers, clock } = this.#ports;
    const more = { drivers, sinceMs: this.#sinceMs, nowMs: () => clock.nowMs() };
    return new Books(this.#warehouse, this.#ports, this.#onlineHosts, more);
  }

  /** From now on causes are decided. Devices are told nothing before they have been read. */
  start(actors: Actors): void {
    this.#actors = actors;
    setModes(this.#outputBooks(), actors);
    for (const fact of cutShort(this.#warehouse)) this.report(fact);
    this.#wake();
  }

  /** Decides what waits, and then no more. */
  stop(): void {
    this.#step();
    this.#isStopped = true;
    this.#cancelStep?.();
    this.#cancelTimer?.();
  }

  /** A fact of a device. A full queue drops it: what a PLC holds is told again until it is acknowledged. */
  report(fact: DeviceFact): void {
    if (this.#waiting.length >= causesWaitingMax) {
      this.#ports.log.error({ device: fact.device, fact: fact.type }, 'too many causes wait');
      return;
    }
    const cause = { kind: 'fact', fact } as const;
    if (fact.type !== 'conveyor.scanned') return this.#push({ cause });
    const settled = this.#stopwatch((seconds) => this.#ports.measured?.divertTook(seconds));
    this.#push({ cause, settled });
  }

  async command(command: HostCommand): Promise<ReplyData> {
    const took = this.#stopwatch((seconds) => this.#ports.measured?.commandTook(seconds));
    const reply = (await this.#ask({ kind: 'command', command })) as ReplyData;
    took();
    return reply;
  }

  async acknowledge(host: HostId, ack: AckData): Promise<void> {
    await this.#ask({ kind: 'ack', host, ack });
  }

  operator(operatorAct: OperatorAct): Promise<OperatorOutcome> {
    return this.#ask({ kind: 'act', act: operatorAct }) as Promise<OperatorOutcome>;
  }

  hostChanged(host: HostId, state: 'online' | 'offline'): void {
    if (state === 'online') this.#onlineHosts.add(host);
    else this.#onlineHosts.delete(host);
  }

  #stopwatch(read: (seconds: number) => void): () => void {
    const { clock } = this.#ports;
    const startMs = clock.monotonicMs();
    return () => read((clock.monotonicMs() - startMs) / 1000);
  }

  #ask(cause: Cause): Promise<Decided> {
    if (this.#waiting.length >= causesWaitingMax) {
      const context = { causesWaitingMax };
      return Promise.reject(new LimitError('Too many causes wait', { context }));
    }
    return new Promise((settled, failed) => this.#push({ cause, settled, failed }));
  }

  #push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#wake();
  }

  /** One turn of the event loop collects what comes together, and one fsync pays for all of it. */
  #wake(): void {
    if (this.#isStopped || this.#cancelStep !== undefined) return;
    const { clock } = this.#ports;
    const restMs = Math.max(0, this.#restUntilMs - clock.monotonicMs());
    this.#cancelStep = clock.after(restMs, () => {
      this.#cancelStep = undefined;
      this.#step();
    });
  }

  #step(): void {
    if (this.#isStopped) return;
    try {
      this.#decideAndAct();
    } catch (error) {
      this.#isStopped = true;
      this.#ports.onFatal(error);
    }
  }

  #decideAndAct(): void {
    const nowMs = this.#followClock();
    const due = this.#deadlines.due(nowMs);
    const taken = this.#waiting.splice(0, causesPerCommitMax);
    const work = new Work(this.#warehouse, this.#ports, nowMs);
    work.isAllocationDue = nowMs >= this.#allocateAtMs;
    work.round = this.#round;
    const timers = due.map((timer): Waiting => ({ cause: { kind: 'timer', timer } }));
    // What was heard may be just what a deadline says has not come.
    const decided = [...taken, ...timers].map((waiting) => ({
      waiting,
      outcome: this.#decide(work, waiting.cause),
    }));
    conclude(work, this.#runner);
    this.#signals?.look(work);
    this.#claims.look(work);
    const commit = work.commit();
    try {
      // Most readings change nothing that is kept. A deadline due on disk and unknown here is of who has fenced us out.
      if (hasRows(commit) || due.length > 0) this.#commit(commit);
    } catch (error) {
      // Nothing of it is on disk, so nothing of it may stay in memory.
      this.#runner.forget();
      this.#warehouse = this.#load();
      for (const { failed } of taken) failed?.(error);
      throw error;
    }
    // From here on it is true, whatever happens to this process.
    this.counts.causes += decided.length;
    for (const device of work.releases) this.#actors.scanners.get(device)?.release();
    for (const device of work.triggers) this.#actors.scanners.get(device)?.trigger();
    const isUnjudged = unjudgedIn(this.#waiting.map(({ cause }) => cause));
    const touched = [...work.touched].filter((device) => !isUnjudged(device));
    act(this.#outputBooks(), this.#actors, touched);
    for (const { waiting, outcome } of decided) waiting.settled?.(outcome);
    for (const { subject, text } of commit.reasons) this.#ports.log.debug({ subject }, text);
    this.#warehouse.forgetSettled();
    this.#planNext(work);
  }

  /** Before anything is found to be due by a clock that has jumped. @returns what the clock says */
  #followClock(): number {
    const { nowMs, jumpMs } = this.#deadlines.clockWatch.look();
    if (jumpMs !== 0) {
      const work = new Work(this.#warehouse, this.#ports, nowMs);
      this.#commit(moveDeadlines(work, jumpMs));
    }
    return nowMs;
  }

  #commit(commit: Commit): void {
    const { store, clock } = this.#ports;
    const startMs = clock.monotonicMs();
    store.commit(commit);
    this.counts.commits++;
    const endMs = clock.monotonicMs();
    // Below a millisecond there is no timer to wait with, and no need to.
    this.#ports.measured?.commitTook((endMs - startMs) / 1000);
    const tookMs = Math.floor(endMs - startMs);
    this.#restUntilMs = endMs + Math.min(tookMs, restMaxMs);
  }

  #decide(work: Work, cause: Cause): Decided {
    const id = causeId(cause);
    if (id !== undefined && !work.take(id)) return repeatedAct(cause);
    work.cause = { id: id ?? nameOf(cause), by: sourceOf(cause) };
    if (cause.kind === 'timer' && !takeTimer(work, cause.timer)) return undefined;
    const outcome = decideCause(work, this.#runner, cause, this.books);
    // Refused: the same again is decided anew, as what stood in its way may be gone.
    if (id !== undefined && isRefused(outcome)) work.giveBack(id);
    this.#runner.settle(work);
    while (work.arrivals.length > 0) {
      for (const location of work.arrivals.splice(0)) onBooked(work, location);
      this.#runner.settle(work);
    }
    return outcome;
  }

  #planNext(work: Work): void {
    this.#round = work.round;
    if (this.#waiting.length > 0 || work.round.left > 0) this.#wake();
    const { clock } = this.#ports;
    const never = Number.POSITIVE_INFINITY;
    this.#allocateAtMs = nextStartMs(work) ?? never;
    const others = [this.#allocateAtMs, this.#signals?.dueMs ?? never, this.#claims.dueMs];
    const next = Math.min(this.#deadlines.nextMs(), ...others);
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (next === never) return;
    const delayMs = Math.min(Math.max(0, next - clock.nowMs()), 60_000);
    this.#cancelTimer = clock.after(delayMs, () => {
      this.#allocateAtMs = 0;
      this.#step();
    });
  }

  #load(): Warehouse {
    const warehouse = new Warehouse(this.#ports.topology);
    this.#ports.store.load(warehouse);
    return warehouse;
  }

  #outputBooks() {
    const { topology, store, equipment } = this.#ports;
    return { warehouse: this.#warehouse, topology, store, equipment };
  }
}
