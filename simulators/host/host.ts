import type { Buffer } from 'node:buffer';
import {
  type Envelope,
  envelopeBytes,
  parseEnvelope,
  seqText,
} from '../../src/contract/envelope.ts';
import type {
  AnnounceData,
  Line,
  OrderCreateData,
  OrderData,
  ReplyData,
  SkuPutData,
  StatusData,
} from '../../src/contract/messages.ts';
import type { CommandKey } from '../../src/contract/names.ts';
import { timeText } from '../../src/contract/time.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import { MqttLink, type MqttLinkOptions } from '../lib/mqtt-link.ts';
import { Commands } from './commands.ts';
import { EventBook } from './event-book.ts';
import { HostStore, type StoredEvent } from './store.ts';

export interface HostOptions {
  readonly host: string;
  readonly site: string;
  readonly controller: string;
  readonly brokerPort: number;
  /** Loopback when not given. */
  readonly brokerHost?: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Where it keeps its memory over a kill; nowhere when not given. */
  readonly dataFolder?: string;
  /** In place of the network. */
  readonly connect?: MqttLinkOptions['connect'];
  /** Between two looks at what is overdue. Default 250 ms. */
  readonly lookEveryMs?: number;
  /** From the first event of a batch to its acknowledgment. Default 200 ms. */
  readonly ackDelayMs?: number;
}

type Draft<T, Needed extends keyof T> = Pick<T, Needed> & { readonly [K in keyof T]?: T[K] };
type LineDraft = Draft<Line, 'sku' | 'qty'>;
type AnnouncedLoadUnit = AnnounceData['loadUnits'][number];
export type LoadUnitDraft = Omit<Draft<AnnouncedLoadUnit, 'loadUnitType'>, 'lines'> & {
  readonly lines?: readonly LineDraft[];
};
export type SkuDraft = Draft<SkuPutData['skus'][number], 'sku' | 'unit'>;
/** A retrieval where no kind is given. */
export type OrderDraft = Omit<Draft<OrderCreateData, 'order'>, 'lines'> & {
  readonly lines?: readonly LineDraft[];
};

/** A WMS as the contract wants it: it repeats until answered, books every event once, and acknowledges what it has stored. */
export interface SimHost {
  start(): void;
  stop(): Promise<void>;
  /** Resolves with the reply, however often the command had to be repeated. */
  announce(loadUnits: readonly LoadUnitDraft[]): Promise<ReplyData>;
  putSkus(skus: readonly SkuDraft[]): Promise<ReplyData>;
  createOrder(order: OrderDraft): Promise<ReplyData>;
  cancel(order: string): Promise<ReplyData>;
  /** Events booked, without a gap and in order. */
  received(): readonly StoredEvent[];
  /** Place of each load unit, from the movements booked. */
  stock(): ReadonlyMap<string, string>;
  /** Last known state of each order. */
  orders(): ReadonlyMap<string, OrderData>;
  ackThrough(): number;
  /** Whether the broker is reached. */
  connected(): boolean;
  /** False: goes away, as for maintenance; the broker keeps what it can. True: comes back. */
  online(wanted: boolean): void;
}

/** A host that can fail. */
export interface FaultyHost extends SimHost {
  /** Restored from a backup that holds no event: a new memory, as it tells the controller. */
  forget(): void;
  /** Every message that it sends is sent twice. */
  doubles: boolean;
  /** It stores what it gets, and does not say so. */
  isMute: boolean;
  /** Any command of the contract, until it is answered. @throws {LimitError} when too many wait already */
  give(name: CommandKey, data: object): Promise<ReplyData>;
  /** Told of every mark that leaves it. */
  onMark: (through: number) => void;
  /** Whether it wants the broker. */
  isWanted(): boolean;
}

const ackEvents = 100;
/** From a controller's first word to its listening. */
const listeningMs = 300;

export function createHost(options: HostOptions): FaultyHost {
  return new Host(options);
}

class Host implements FaultyHost {
  readonly #options: HostOptions;
  readonly #topics: ReturnType<typeof topicsOf>;
  readonly #source: string;
  readonly #store: HostStore;
  readonly #book: EventBook;
  readonly #commands: Commands;
  readonly #link: MqttLink;
  readonly #boot: number;
  #sent = 0;
  /** Events booked since the last `ack`. */
  #unacknowledged = 0;
  #cancelAck: (() => void) | undefined;
  #cancelLook: (() => void) | undefined;
  #heardBoot: number | undefined;
  /** Counts its restores. */
  #memory: number;
  doubles = false;
  isMute = false;
  onMark: (through: number) => void = () => {};

  constructor(options: HostOptions) {
    const { host, site, controller, clock, random, log, brokerPort } = options;
    this.#options = options;
    this.#topics = topicsOf(site, controller);
    this.#source = `/${site}/host/${host}`;
    this.#store = new HostStore(host, options.dataFolder);
    this.#boot = (this.#store.number('boot') ?? 0) + 1;
    this.#store.setNumber('boot', this.#boot);
    this.#memory = this.#store.number('memory') ?? 1;
    this.#book = new EventBook(this.#store, clock);
    this.#commands = new Commands({
      store: this.#store,
      source: this.#source,
      clock,
      random,
      send: (payload) => this.#publish(this.#topics.command(host), payload),
    });
    this.#link = new MqttLink({
      connect: options.connect,
      clientId: `host-${host}`,
      username: host,
      clean: false,
      brokerHost: options.brokerHost ?? '127.0.0.1',
      brokerPort,
      clock,
      log,
      will: () => ({ topic: this.#topics.host(host), payload: this.#presence('offline') }),
      connected: () => this.#connected(),
      message: (topic, payload) => this.#message(topic, payload),
    });
  }

  start(): void {
    this.#link.start();
    this.#look();
  }

  async stop(): Promise<void> {
    this.#cancelLook?.();
    this.#cancelAck?.();
    this.#leave();
    await this.#link.stop();
    this.#store.close();
  }

  give = (name: CommandKey, data: object) => this.#commands.give(name, data);
  announce = (loadUnits: readonly LoadUnitDraft[]) =>
    this.#commands.give('loadUnit.announce', { loadUnits });
  putSkus = (skus: readonly SkuDraft[]) => this.#commands.give('sku.put', { skus });
  createOrder = (order: OrderDraft) =>
    this.#commands.give('order.create', { kind: 'retrieval', ...order });
  cancel = (order: string) => this.#commands.give('order.cancel', { order });
  received = () => this.#book.booked();
  stock = () => this.#book.books.stock();
  orders = () => this.#book.books.orders();
  ackThrough = () => this.#book.through;
  connected = () => this.#link.connected;

  forget(): void {
    this.#memory += 1;
    this.#store.setNumber('memory', this.#memory);
    this.#book.forget();
    this.#acknowledge();
  }

  isWanted = () => this.#link.isWanted;

  online(wanted: boolean): void {
    if (wanted) {
      this.#link.start();
      return;
    }
    this.#leave();
    this.#link.stop().catch(() => {});
  }

  /** In the order of the contract: that we are here, what we want to hear, what we have, what we still want. */
  #connected(): void {
    const { host } = this.#options;
    const { status, event, reply } = this.#topics;
    this.#link.publish(this.#topics.host(host), this.#presence('online'), true);
    this.#link.subscribe([event('+'), reply(host), status]);
    this.#acknowledge();
    this.#commands.resendAll();
  }

  #leave(): void {
    this.#link.publish(this.#topics.host(this.#options.host), this.#presence('offline'), true);
  }

  #message(topic: string, payload: Buffer): void {
    const parsed = parseEnvelope(payload);
    if (!parsed.ok) {
      this.#options.log.warn({ topic, detail: parsed.error.detail }, 'Not understood by the host');
      return;
    }
    const { envelope } = parsed;
    if (envelope.name === 'reply') this.#reply(envelope);
    else if (envelope.name === 'status') this.#controllerHeard(envelope.data as StatusData);
    else this.#event(envelope);
  }

  /** A controller that has started anew may not have listened yet when a command was sent. */
  #controllerHeard(status: StatusData): void {
    this.#book.heard(status);
    if (status.boot === this.#heardBoot) return;
    this.#heardBoot = status.boot;
    this.#options.clock.after(listeningMs, () => {
      if (this.#link.connected) this.#commands.resendAll();
    });
  }

  #reply({ correlationid, data }: Envelope): void {
    if (correlationid !== undefined) this.#commands.answered(correlationid, data as ReplyData);
  }

  #event(envelope: Envelope): void {
    this.#unacknowledged += this.#book.take(envelope);
    if (this.#unacknowledged >= ackEvents) this.#acknowledge();
    else if (this.#unacknowledged > 0) {
      const { clock, ackDelayMs = 200 } = this.#options;
      this.#cancelAck ??= clock.after(ackDelayMs, () => this.#acknowledge());
    }
  }

  #acknowledge(): void {
    this.#cancelAck?.();
    this.#cancelAck = undefined;
    this.#unacknowledged = 0;
    const { host } = this.#options;
    const { epoch, through } = this.#book;
    const data = { epoch, ackThrough: seqText(through), hostEpoch: this.#memory };
    if (this.isMute) return;
    this.onMark(through);
    this.#publish(this.#topics.ack(host), this.#envelope('ack', data), true);
  }

  #look(): void {
    const { lookEveryMs = 250 } = this.#options;
    this.#cancelLook = this.#options.clock.after(lookEveryMs, () => this.#look());
    if (!this.#link.connected) return;
    this.#commands.repeatDue();
    const gap = this.#book.overdueGap();
    if (gap === undefined) return;
    const { host, log } = this.#options;
    log.info(gap, 'The host misses events and asks for them');
    // Not kept: while the gap lasts it is asked again anyway.
    const data = { from: seqText(gap.from), to: seqText(gap.to) };
    this.#publish(this.#topics.command(host), this.#envelope('event.resend', data));
  }

  #publish(topic: string, payload: Buffer | string, retain = false): void {
    for (let copies = this.doubles ? 2 : 1; copies > 0; copies--) {
      this.#link.publish(topic, payload, retain);
    }
  }

  #presence(state: 'online' | 'offline'): Buffer {
    return this.#envelope('host', { state, since: timeText(this.#options.clock.nowMs()) });
  }

  #envelope(name: string, data: object): Buffer {
    this.#sent += 1;
    return envelopeBytes({
      id: `${name}-${this.#boot}-${this.#sent}`,
      source: this.#source,
      name,
      atMs: this.#options.clock.nowMs(),
      data,
    });
  }
}
