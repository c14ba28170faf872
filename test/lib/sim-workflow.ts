import type { AnyStateMachine, EventFromLogic, InputFrom } from 'xstate';
import { begin, type Decision, decide, restore } from '../../src/flow/decide.ts';
import type { Intent } from '../../src/workflows/intents.ts';

/**
 * Runs one workflow on simulated time, with its state kept as the JSON text that would be in the
 * database: every event is a restart.
 */
export class SimWorkflow<M extends AnyStateMachine> {
  readonly intents: Intent[] = [];
  readonly #machine: M;
  #nowMs = 0;
  #row = '';
  #status = '';
  #expected = true;
  #timers: { id: string; dueMs: number; event: { type: string } }[] = [];

  constructor(machine: M, input: InputFrom<M>) {
    this.#machine = machine;
    this.#keep(begin(machine, input as object));
  }

  send(...events: EventFromLogic<M>[]): this {
    for (const event of events) {
      if (this.#status !== 'active') throw new Error(`it has ended: ${event.type} comes too late`);
      this.#keep(decide(this.#machine, this.#snapshot, event));
    }
    return this;
  }

  advance(ms: number): this {
    const untilMs = this.#nowMs + ms;
    for (;;) {
      this.#timers.sort((a, b) => a.dueMs - b.dueMs);
      const due = this.#timers[0];
      if (due === undefined || due.dueMs > untilMs) break;
      this.#nowMs = due.dueMs;
      this.#timers.shift();
      this.send(due.event as EventFromLogic<M>);
    }
    this.#nowMs = untilMs;
    return this;
  }

  get state(): unknown {
    return this.#snapshot.value;
  }

  get isOver(): boolean {
    return this.#status !== 'active';
  }

  /** Whether the last event had a meaning where the workflow stood. */
  get wasExpected(): boolean {
    return this.#expected;
  }

  get types(): readonly string[] {
    return this.intents.map(({ type }) => type);
  }

  /** What it wanted since the last call. */
  news(): [string, unknown][] {
    return this.intents.splice(0).map(({ type, params }) => [type, params]);
  }

  /** Codes of the questions to people that are open now. */
  get asked(): readonly string[] {
    const open: string[] = [];
    for (const { type, params } of this.intents) {
      if (type === 'raiseTask') open.push(params.code);
      if (type === 'settleTask' && open.includes(params.code)) {
        open.splice(open.indexOf(params.code), 1);
      }
    }
    return open;
  }

  get #snapshot() {
    return restore(this.#machine, JSON.parse(this.#row));
  }

  #keep({ next, intents, timers, expected }: Decision): void {
    this.intents.push(...intents);
    this.#expected = expected;
    this.#status = next.status;
    this.#timers = [
      ...this.#timers.filter(({ id }) => !timers.cancel.includes(id)),
      ...timers.start.map(({ id, delayMs, event }) => ({
        id,
        dueMs: this.#nowMs + delayMs,
        event,
      })),
    ];
    this.#row = JSON.stringify(this.#machine.getPersistedSnapshot(next));
  }
}
