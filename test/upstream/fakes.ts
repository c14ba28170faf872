import { seqText } from '../../src/contract/envelope.ts';
import { contractError } from '../../src/contract/errors.ts';
import type { AckData, ReplyData, StatusData } from '../../src/contract/messages.ts';
import type { HostId } from '../../src/domain/ids.ts';
import type { HostCommand, Intake } from '../../src/ports/intake.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Outbox, OutboxEvent } from '../../src/ports/outbox.ts';
import type { Random } from '../../src/ports/random.ts';
import type { DeviceView, DiscrepancyView, Reader } from '../../src/ports/reader.ts';
import { noAdvice } from '../lib/api-site.ts';

export const wms = 'wms' as HostId;

/** Movements of load units, told in order; finished by marks only. */
export class FakeOutbox implements Outbox {
  eventEpoch = 1;
  epochBase = 0;
  readonly events: OutboxEvent[] = [];
  readonly marks = new Map<HostId, number>();
  #listener: () => void = () => {};

  append(count: number): void {
    for (let index = 0; index < count; index += 1) {
      const sequence = this.events.length + 1;
      this.events.push({
        sequence,
        epoch: this.eventEpoch,
        name: 'movement',
        atMs: 1_795_000_000_000 + sequence,
        subject: `loadUnit/T-${sequence}`,
        data: { kind: 'putaway', loadUnit: `T-${sequence}`, from: 'IN-01', to: `A-${sequence}` },
      });
    }
    this.#listener();
  }
  firstSequence = () => 1;
  lastSequence = () => this.events.length;
  read = (from: number, max: number) => this.events.slice(from - 1, from - 1 + max);
  ackThrough = (host: HostId) => this.marks.get(host) ?? 0;
  ahead = () => undefined;
  onAppended(listener: () => void): void {
    this.#listener = listener;
  }
}

/** Counts effects, answers a repetition with the same reply, and commits when the test lets it. */
export class FakeIntake implements Intake {
  readonly effects: HostCommand[] = [];
  readonly acks: AckData[] = [];
  readonly states: string[] = [];
  readonly #replies = new Map<string, ReplyData>();
  readonly #outbox: FakeOutbox;
  /** A commit waits for it. */
  gate: Promise<void> = Promise.resolve();
  arrived = 0;
  failure: Error | undefined;

  constructor(outbox: FakeOutbox) {
    this.#outbox = outbox;
  }

  async command(command: HostCommand): Promise<ReplyData> {
    this.arrived += 1;
    await this.gate;
    if (this.failure !== undefined) throw this.failure;
    const known = this.#replies.get(command.id);
    if (known !== undefined) return { ...known, duplicate: true };
    const base = { command: command.name, duplicate: false };
    if (command.retained) {
      return { ...base, result: 'refused', error: contractError('RETAINED', 'Not retained') };
    }
    this.effects.push(command);
    const reply: ReplyData = { ...base, ...this.#answer(command), result: 'accepted' };
    this.#replies.set(command.id, reply);
    return reply;
  }

  #answer({ name, data }: HostCommand): Partial<ReplyData> {
    const asked = data as { from?: string; to?: string };
    if (name !== 'event.resend') return { order: 'SO-1', status: 'queued', revision: 1 };
    return { from: asked.from, to: asked.to ?? seqText(this.#outbox.lastSequence()) };
  }

  async acknowledge(host: HostId, ack: AckData): Promise<void> {
    this.acks.push(ack);
    const through = Number(ack.ackThrough);
    if (through <= this.#outbox.lastSequence()) this.#outbox.marks.set(host, through);
  }
  hostChanged(_host: HostId, state: 'online' | 'offline'): void {
    this.states.push(state);
  }
  operator(): Promise<never> {
    return Promise.reject(new Error('No people here'));
  }
}

export class FakeReader implements Reader {
  readonly #outbox: FakeOutbox;
  intake: 'open' | 'paused' = 'open';
  deviceViews: DeviceView[] = [];
  open: DiscrepancyView[] = [];

  constructor(outbox: FakeOutbox) {
    this.#outbox = outbox;
  }
  status = (): StatusData => ({
    state: 'online',
    boot: 7,
    since: '2026-11-22T06:00:02.000Z',
    epoch: this.#outbox.eventEpoch,
    epochBase: seqText(0),
    firstSequence: seqText(1),
    lastSequence: seqText(this.#outbox.lastSequence()),
    intake: this.intake,
  });
  orders = () => ({ items: [] });
  order = () => undefined;
  stock = () => ({ items: [] });
  signals = () => ({ items: [] });
  slotting = noAdvice;
  loadUnit = () => undefined;
  devices = () => this.deviceViews;
  stations = () => [];
  station = () => undefined;
  locks = () => [];
  discrepancies = () => this.open;
  why = () => [];
  readiness = () => ({});
}

export class FakeLog implements Log {
  readonly errors: string[] = [];
  readonly warnings: string[] = [];
  debug(): void {}
  info(): void {}
  warn(_fields: object, message: string): void {
    this.warnings.push(message);
  }
  error(_fields: object, message: string): void {
    this.errors.push(message);
  }
}

/** The same numbers every time. */
export const fakeRandom = (): Random => {
  let state = 1;
  return {
    u32: () => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state;
    },
  };
};
