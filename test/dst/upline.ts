import type { AckData, ReplyData } from '../../src/contract/messages.ts';
import type { HostId } from '../../src/domain/ids.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { HostCommand, Intake, OperatorAct, OperatorOutcome } from '../../src/ports/intake.ts';
import type { Outbox, OutboxEvent } from '../../src/ports/outbox.ts';
import type { Random } from '../../src/ports/random.ts';
import type { Controller } from './controller.ts';

const repeatMs = 10_000;

interface UplineOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** The process that answers at the moment. */
  readonly controller: () => Controller | undefined;
  readonly replied: (by: Controller, command: HostCommand, reply: ReplyData) => void;
  readonly acted: (by: Controller, act: OperatorAct, outcome: OperatorOutcome) => void;
}

/**
 * The way between hosts or people and whatever process runs: commands are repeated until they are answered,
 * may come twice, and a reply may be lost with the process that gave it.
 */
export class Upline implements Intake, Outbox {
  readonly epoch = 1;
  readonly epochBase = 0;
  /** Everything is sent twice. */
  doubles = false;
  readonly #options: UplineOptions;
  readonly #online = new Map<HostId, 'online' | 'offline'>();
  readonly #marks = new Map<HostId, AckData>();
  #appended: () => void = () => {};

  constructor(options: UplineOptions) {
    this.#options = options;
  }

  /** A new process hears what the old one may not have kept. */
  attach({ ledger, flow }: Controller): void {
    ledger.onAppended(() => this.#appended());
    for (const [host, state] of this.#online) flow.hostChanged(host, state);
    for (const [host, ack] of this.#marks) flow.acknowledge(host, ack).catch(() => {});
    this.#appended();
  }

  command(command: HostCommand): Promise<ReplyData> {
    return new Promise((resolve) => {
      let isAnswered = false;
      const say = () => {
        const by = this.#options.controller();
        by?.flow.command(command).then(
          (reply) => {
            if (!by.isAlive) return;
            this.#options.replied(by, command, reply);
            isAnswered = true;
            resolve(reply);
          },
          () => {},
        );
      };
      const repeat = () => {
        if (isAnswered) return;
        say();
        if (this.doubles) this.#options.clock.after(this.#options.random.u32() % 3_000, say);
        this.#options.clock.after(repeatMs, repeat);
      };
      repeat();
    });
  }

  async acknowledge(host: HostId, ack: AckData): Promise<void> {
    this.#marks.set(host, ack);
    this.#options
      .controller()
      ?.flow.acknowledge(host, ack)
      .catch(() => {});
  }

  hostChanged(host: HostId, state: 'online' | 'offline'): void {
    this.#online.set(host, state);
    this.#options.controller()?.flow.hostChanged(host, state);
  }

  /** A page that gets no answer in time says so; whoever meant it does it again. */
  operator(act: OperatorAct): Promise<OperatorOutcome> {
    const { controller, clock, acted } = this.#options;
    const by = controller();
    return new Promise((resolve) => {
      const away = () => resolve({ ok: false, code: 'CONFLICT', reason: 'no answer' });
      clock.after(5_000, away);
      by?.flow.operator(act).then((outcome) => {
        if (!by.isAlive) return;
        acted(by, act, outcome);
        resolve(outcome);
      }, away);
    });
  }

  firstSequence = (): number => this.#options.controller()?.ledger.firstSequence() ?? 1;
  lastSequence = (): number => this.#options.controller()?.ledger.lastSequence() ?? 0;
  ackThrough = (host: HostId): number => this.#options.controller()?.ledger.ackThrough(host) ?? 0;

  read(from: number, max: number): readonly OutboxEvent[] {
    return this.#options.controller()?.ledger.read(from, max) ?? [];
  }

  onAppended(listener: () => void): void {
    this.#appended = listener;
  }
}
