import type { AckData, ReplyData } from '../contract/messages.ts';
import type { Timer } from '../domain/books.ts';
import { LimitError } from '../domain/errors.ts';
import type { HostId } from '../domain/ids.ts';
import { timerKey, Warehouse } from '../domain/warehouse.ts';
import type { Clock } from '../ports/clock.ts';
import type { DeviceStatus } from '../ports/device.ts';
import type { HostCommand, Intake, OperatorAct, OperatorOutcome } from '../ports/intake.ts';
import type { Log } from '../ports/log.ts';
import type { Commit } from '../ports/store.ts';
import { type Cause, causeId, type DeviceFact, sourceOf } from './cause.ts';
import { onBooked } from './conveyor-arrivals.ts';
import { type Decided, decideCause } from './desks.ts';
import { dispatch } from './dispatch.ts';
import { allocateOrders, nextStartMs } from './orders.ts';
import { type Actors, act } from './outputs.ts';
import { Books } from './reader.ts';
import { Runner } from './runner.ts';
import { Work, type WorkParts } from './work.ts';

const causesWaitingMax = 10_000;
const causesPerCommitMax = 500;
const timersPerCommitMax = 500;

interface Waiting {
  readonly cause: Cause;
  readonly settled?: (outcome: Decided) => void;
  readonly failed?: (error: unknown) => void;
}

export interface FlowPorts extends WorkParts {
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
  };
  #warehouse: Warehouse;
  #cancelStep: (() => void) | undefined;
  #cancelTimer: (() => void) | undefined;
  #isStopped = false;
  readonly #sinceMs: number;
  /** Commits and causes since the start, for metrics. */
  readonly counts = { commits: 0, causes: 0 };

  constructor(ports: FlowPorts) {
    this.#ports = ports;
    this.#sinceMs = ports.clock.nowMs();
    this.#warehouse = this.#load();
  }

  /** The books as committed; to be read only. */
  get warehouse(): Warehouse {
    return this.#warehouse;
  }

  get books(): Books {
    const { drivers } = this.#ports;
    const more = { drivers, sinceMs: this.#sinceMs };
    return new Books(this.#warehouse, this.#ports, this.#onlineHosts, more);
  }

  /** From now on causes are decided. Devices are told nothing before they have been read. */
  start(actors: Actors): void {
    this.#actors = actors;
    act(this.#outputBooks(), actors, actors.printers.keys());
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
    this.#push({ cause: { kind: 'fact', fact } });
  }

  command(command: HostCommand): Promise<ReplyData> {
    return this.#ask({ kind: 'command', command }) as Promise<ReplyData>;
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
    this.#cancelStep = this.#ports.clock.after(0, () => {
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
    const { store, clock, log } = this.#ports;
    const nowMs = clock.nowMs();
    const due = store.timersDue(nowMs, timersPerCommitMax);
    const taken = this.#waiting.splice(0, causesPerCommitMax);
    const work = new Work(this.#warehouse, this.#ports, nowMs);
    const timers = due.map((timer): Waiting => ({ cause: { kind: 'timer', timer } }));
    const decided = [...timers, ...taken].map((waiting) => ({
      waiting,
      outcome: this.#decide(work, waiting.cause),
    }));
    this.#finishDecisions(work);
    const commit = work.commit();
    try {
      // Most readings of a device change nothing that is kept, and cost no disk.
      if (hasRows(commit)) {
        store.commit(commit);
        this.counts.commits++;
      }
    } catch (error) {
      // Nothing of it is on disk, so nothing of it may stay in memory.
      this.#runner.forget();
      this.#warehouse = this.#load();
      for (const { failed } of taken) failed?.(error);
      throw error;
    }
    // From here on it is true, whatever happens to this process.
    this.counts.causes += decided.length;
    for (const device of work.triggers) this.#actors.scanners.get(device)?.trigger();
    act(this.#outputBooks(), this.#actors, work.touched);
    for (const { waiting, outcome } of decided) waiting.settled?.(outcome);
    for (const { subject, text } of commit.reasons) log.debug({ subject }, text);
    this.#warehouse.forgetSettled();
    this.#planNext(work);
  }

  #decide(work: Work, cause: Cause): Decided {
    const id = causeId(cause);
    if (id !== undefined && !work.take(id)) return repeatedAct(cause);
    work.cause = { id: id ?? nameOf(cause), by: sourceOf(cause) };
    if (cause.kind === 'timer') this.#takeTimer(work, cause.timer);
    const outcome = decideCause(work, this.#runner, cause, this.books);
    this.#runner.settle(work);
    while (work.arrivals.length > 0) {
      for (const location of work.arrivals.splice(0)) onBooked(work, location);
      this.#runner.settle(work);
    }
    return outcome;
  }

  #takeTimer({ warehouse }: Work, { workflow, timer }: Timer): void {
    warehouse.tables.timer.remove(timerKey(workflow, timer));
  }

  /** What concerns many orders at once: who gets which load unit, and what each crane does next. */
  #finishDecisions(work: Work): void {
    for (let pass = 0; work.isAllocationDue && pass < 3; pass++) {
      allocateOrders(work, this.#runner);
      this.#runner.settle(work);
    }
    dispatch(work);
    this.#runner.settle(work);
  }

  #planNext(work: Work): void {
    if (this.#waiting.length > 0) this.#wake();
    const { store, clock } = this.#ports;
    const next = Math.min(
      store.nextTimerMs() ?? Number.POSITIVE_INFINITY,
      nextStartMs(work) ?? Number.POSITIVE_INFINITY,
    );
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    if (next === Number.POSITIVE_INFINITY) return;
    const delayMs = Math.min(Math.max(0, next - clock.nowMs()), 60_000);
    this.#cancelTimer = clock.after(delayMs, () => this.#step());
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

/** A person's second click: what was meant has been done. */
const repeatedAct = (cause: Cause): Decided =>
  cause.kind === 'act' ? { ok: true, text: 'Done already.' } : undefined;

const hasRows = ({ causes, movements, events, reasons, answered, rows }: Commit): boolean =>
  [causes, movements, events, reasons, answered, ...Object.values(rows)].some(
    (list) => list.length > 0,
  );

function nameOf(cause: Cause): string {
  switch (cause.kind) {
    case 'fact':
      return `${cause.fact.device}/${cause.fact.type}`;
    case 'timer':
      return `${cause.timer.workflow}/timer/${cause.timer.timer}/${cause.timer.dueMs}`;
    case 'command':
      return `command/${cause.command.host}/${cause.command.id}`;
    case 'ack':
      return `ack/${cause.host}`;
    case 'act':
      return cause.act.key;
  }
}
