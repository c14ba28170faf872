import { seqText } from '../../src/contract/envelope.ts';
import type {
  LoadUnitData,
  MovementData,
  OrderData,
  ReplyData,
} from '../../src/contract/messages.ts';
import type { HostId } from '../../src/domain/ids.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { CommandName, Intake } from '../../src/ports/intake.ts';
import type { Outbox } from '../../src/ports/outbox.ts';
import { type Fault, level } from '../lib/fault.ts';

export interface VirtualHostOptions {
  readonly host: HostId;
  readonly intake: Intake;
  readonly outbox: Outbox;
  readonly clock: Clock;
  /** Is told of promises that go on in the meantime. */
  readonly watch: (asked: Promise<unknown>) => void;
  /** Where load units are that were there before. */
  readonly stock: ReadonlyMap<string, string>;
  readonly onMovement?: (movement: MovementData) => void;
}

/** As the host of the demo: marks are collected for a moment. */
const ackDelayMs = 200;
const readMax = 500;
/** Movements of what is in a load unit, which stays where it is. */
const ofContents: ReadonlySet<string> = new Set(['picked', 'packed', 'counted']);

/**
 * A host without a broker: gives commands, books every event once and in order, and says how far. While
 * it is away, its commands wait, and nothing is read.
 */
export class VirtualHost {
  readonly #options: VirtualHostOptions;
  readonly #places: Map<string, string>;
  readonly #open = new Map<string, OrderData>();
  readonly #unsaid: (() => void)[] = [];
  #isAway = false;
  #isAckDue = false;
  #through = 0;
  #commands = 0;
  /** What it was told that cannot be right, in sentences. */
  readonly findings: string[] = [];
  /** How each order ended that has ended. */
  readonly ended = { completed: 0, canceled: 0, failed: 0 };

  constructor(options: VirtualHostOptions) {
    this.#options = options;
    this.#places = new Map(options.stock);
    options.outbox.onAppended(() => this.#wantRead());
    options.intake.hostChanged(options.host, 'online');
  }

  /** Everything up to here is booked. */
  get through(): number {
    return this.#through;
  }

  /** Place by load unit, from the movements that it was told. */
  get stock(): ReadonlyMap<string, string> {
    return this.#places;
  }

  /** Orders that have not ended, as told last. */
  get openOrders(): ReadonlyMap<string, OrderData> {
    return this.#open;
  }

  /** Calls back with the reply, once the host is here and it is answered. */
  give(name: CommandName, data: object, replied: (reply: ReplyData) => void = () => {}): void {
    const { host, intake, watch } = this.#options;
    const say = () => {
      const id = `c-${++this.#commands}`;
      const command = { host, id, name, data, expiresAtMs: undefined, retained: false };
      watch(intake.command(command).then(replied));
    };
    if (this.#isAway) this.#unsaid.push(say);
    else say();
  }

  /** What can go wrong with it. */
  away(): Fault {
    return level(
      'It is away: nothing is heard of it, and it hears nothing.',
      () => this.#isAway,
      (isAway) => {
        const { host, intake } = this.#options;
        this.#isAway = isAway;
        intake.hostChanged(host, isAway ? 'offline' : 'online');
        if (isAway) return;
        for (const say of this.#unsaid.splice(0)) say();
        this.#wantRead();
      },
    );
  }

  #wantRead(): void {
    if (this.#isAckDue || this.#isAway) return;
    this.#isAckDue = true;
    this.#options.clock.after(ackDelayMs, () => {
      this.#isAckDue = false;
      if (!this.#isAway) this.#read();
    });
  }

  #read(): void {
    const { host, intake, outbox, watch } = this.#options;
    const events = outbox.read(this.#through + 1, readMax);
    for (const { sequence, name, data } of events) {
      if (sequence !== this.#through + 1) {
        this.findings.push(`event ${sequence} came after ${this.#through}`);
      }
      this.#through = sequence;
      if (name === 'movement') this.#move(data as MovementData);
      if (name === 'loadUnit') this.#rename(data as LoadUnitData);
      if (name === 'order') this.#follow(data as OrderData);
    }
    if (events.length === 0) return;
    const ackThrough = seqText(this.#through);
    watch(intake.acknowledge(host, { epoch: 1, ackThrough, hostEpoch: 1 }));
    if (this.#through < outbox.lastSequence()) this.#wantRead();
  }

  #move(movement: MovementData): void {
    const { kind, loadUnit, from, to } = movement;
    const known = this.#places.get(loadUnit) ?? 'OUTSIDE';
    if (!ofContents.has(kind)) {
      if (known !== from) {
        this.findings.push(`${loadUnit} came from ${from} and was at ${known} for the host`);
      }
      if (to === 'OUTSIDE') this.#places.delete(loadUnit);
      else this.#places.set(loadUnit, to);
    }
    this.#options.onMovement?.(movement);
  }

  #rename({ loadUnit, formerly }: LoadUnitData): void {
    const place = formerly === undefined ? undefined : this.#places.get(formerly);
    if (formerly === undefined || place === undefined || formerly === loadUnit) return;
    this.#places.delete(formerly);
    this.#places.set(loadUnit, place);
  }

  #follow(order: OrderData): void {
    const { status } = order;
    if (status === 'completed' || status === 'canceled' || status === 'failed') {
      this.#open.delete(order.order);
      this.ended[status]++;
    } else this.#open.set(order.order, order);
  }
}
