import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import type { MessageLeft } from './evidence.ts';
import { matches, TopicFilters } from './topic-filter.ts';

export interface BrokerMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retained: boolean;
}

/** What a broker asks of the other end of a connection. All of it comes some time after it was sent, in order. */
export interface BrokerClient {
  readonly clientId: string;
  /** Whether the broker forgets it while it is away. */
  readonly clean: boolean;
  readonly will: Omit<BrokerMessage, 'retained'> | undefined;
  taken(): void;
  /** @param acknowledge  to be called once it need not come again */
  message(message: BrokerMessage, acknowledge: () => void): void;
  /** The connection has ended, without a word of ours. */
  lost(reason: string): void;
}

interface Delivery {
  readonly message: BrokerMessage;
  readonly number: number;
}

interface BrokerSession {
  readonly filters: TopicFilters;
  /** Sent or to be sent, and not acknowledged: comes again over the next connection. */
  owed: Delivery[];
}

interface SimulatedBrokerOptions {
  readonly clock: Clock;
  readonly random: Random;
  /** Told of every message that it takes. */
  readonly seen: (topic: string, payload: Buffer) => void;
  /** Told of what leaves a client: a message, or the PUBACK of one that it has got. */
  readonly left?: (message: MessageLeft) => void;
}

/** What it does wrong: so many times still, or while it is on. */
interface BrokerIllness {
  isDown: boolean;
  lostPubacks: number;
  redeliveries: number;
  /** Messages overtake one another, also what is owed to who comes back. */
  shuffles: boolean;
  lateMs: number;
}

const healthy: Readonly<BrokerIllness> = {
  ...{ isDown: false, lostPubacks: 0, redeliveries: 0, shuffles: false, lateMs: 0 },
};
const [wayMs, wayMoreMs] = [1, 4];
/** What is overtaken or comes again is so late at most. */
const overtakenMs = 2_000;
/** Kept for one who is away; brokers drop what is beyond. */
const owedMax = 5_000;

/** A broker as hosts and controllers meet one: sessions, retained messages, wills, at least once; and all that it may get wrong. */
export class SimulatedBroker {
  readonly illness: BrokerIllness = { ...healthy };
  readonly counts = {
    ...{ clients: 0, connections: 0, refused: 0, takenOver: 0, wills: 0, forgotten: 0 },
    ...{ lostPubacks: 0, redelivered: 0, resumed: 0, overtaken: 0, dropped: 0 },
  };
  readonly options: SimulatedBrokerOptions;
  readonly #sessions = new Map<string, BrokerSession>();
  readonly #retained = new Map<string, Buffer>();
  readonly #ends = new Map<string, BrokerEnd>();
  #numbers = 0;

  constructor(options: SimulatedBrokerOptions) {
    this.options = options;
  }

  /** Asks to be let in; the answer comes by `client.taken` or `client.lost`. */
  connect(client: BrokerClient): BrokerEnd {
    const end = new BrokerEnd(this, client);
    end.travel('there', () => this.#taken(end));
    return end;
  }

  /** Its connections end, with a word to nobody. @param clientId  absent: all of them */
  cut(clientId?: string): void {
    for (const end of [...this.#ends.values()]) {
      if (clientId === undefined || end.client.clientId === clientId) end.lose('ECONNRESET');
    }
  }

  /** Killed and started again. @param keepsAll  false: what it had in memory is gone */
  restart(keepsAll: boolean): void {
    for (const end of [...this.#ends.values()]) end.lose('ECONNRESET');
    this.#ends.clear();
    if (keepsAll) return;
    this.counts.forgotten++;
    this.#sessions.clear();
    this.#retained.clear();
  }

  heal(): void {
    Object.assign(this.illness, healthy);
  }

  /** A message from whomever. */
  publish(topic: string, payload: Buffer, isRetained: boolean): void {
    this.options.seen(topic, payload);
    if (isRetained && payload.length === 0) this.#retained.delete(topic);
    else if (isRetained) this.#retained.set(topic, payload);
    for (const [clientId, session] of this.#sessions) {
      if (session.filters.want(topic)) {
        this.#owe(clientId, session, { topic, payload, retained: false });
      }
    }
  }

  subscribe(end: BrokerEnd, filters: readonly string[]): void {
    const session = this.#sessionOf(end);
    for (const filter of filters) {
      session.filters.add(filter);
      for (const [topic, payload] of this.#retained) {
        if (!matches(filter, topic)) continue;
        this.#owe(end.client.clientId, session, { topic, payload, retained: true });
      }
    }
  }

  unsubscribe(end: BrokerEnd, filters: readonly string[]): void {
    for (const filter of filters) this.#sessionOf(end).filters.delete(filter);
  }

  acknowledged(end: BrokerEnd, { number }: Delivery): void {
    const session = this.#sessions.get(end.client.clientId);
    if (session) session.owed = session.owed.filter((each) => each.number !== number);
  }

  /** @param isOrderly  it has taken leave: its will is not needed */
  gone(end: BrokerEnd, isOrderly: boolean): void {
    const { clientId, clean, will } = end.client;
    if (this.#ends.get(clientId) !== end) return;
    this.#ends.delete(clientId);
    if (clean) this.#sessions.delete(clientId);
    if (isOrderly || will === undefined) return;
    this.counts.wills++;
    this.publish(will.topic, will.payload, true);
  }

  draw(below: number): number {
    return this.options.random.u32() % below;
  }

  #taken(end: BrokerEnd): void {
    const { clientId, clean } = end.client;
    if (this.illness.isDown) {
      this.counts.refused++;
      end.lose('ECONNREFUSED');
      return;
    }
    this.counts.connections++;
    const before = this.#ends.get(clientId);
    if (before !== undefined) {
      this.counts.takenOver++;
      before.lose('taken over');
    }
    if (clean) this.#sessions.delete(clientId);
    this.#ends.set(clientId, end);
    end.travel('back', () => end.client.taken());
    const { owed } = this.#sessionOf(end);
    if (owed.length > 0) this.counts.resumed++;
    for (const delivery of this.illness.shuffles ? this.#shuffled(owed) : owed) {
      end.deliver(delivery);
    }
  }

  #sessionOf({ client }: BrokerEnd): BrokerSession {
    const known = this.#sessions.get(client.clientId);
    if (known !== undefined) return known;
    const session: BrokerSession = { filters: new TopicFilters(), owed: [] };
    this.#sessions.set(client.clientId, session);
    return session;
  }

  #owe(clientId: string, session: BrokerSession, message: BrokerMessage): void {
    if (session.owed.length >= owedMax) {
      this.counts.dropped++;
      return;
    }
    const delivery = { message, number: ++this.#numbers };
    session.owed.push(delivery);
    const end = this.#ends.get(clientId);
    if (end === undefined) return;
    const { illness, counts } = this;
    const later = () =>
      this.options.clock.after(this.draw(overtakenMs), () => end.deliver(delivery));
    if (illness.shuffles && this.draw(3) === 0) {
      counts.overtaken++;
      later();
      return;
    }
    end.deliver(delivery);
    if (illness.redeliveries === 0) return;
    illness.redeliveries--;
    counts.redelivered++;
    later();
  }

  #shuffled(owed: readonly Delivery[]): Delivery[] {
    const drawn = owed.map((delivery) => ({ delivery, at: this.draw(1_000_000) }));
    if (owed.length > 1) this.counts.overtaken++;
    return drawn.sort((a, b) => a.at - b.at).map(({ delivery }) => delivery);
  }
}

/** One connection to the broker. */
export class BrokerEnd {
  readonly client: BrokerClient;
  readonly #broker: SimulatedBroker;
  #isOver = false;
  readonly #arrivesMs = { there: 0, back: 0 };

  constructor(broker: SimulatedBroker, client: BrokerClient) {
    this.#broker = broker;
    this.client = client;
  }

  publish(topic: string, payload: Buffer, isRetained: boolean, acknowledged: () => void): void {
    this.#ask(() => this.#broker.publish(topic, payload, isRetained), acknowledged, true);
  }

  subscribe(filters: readonly string[], granted: () => void): void {
    this.#ask(() => this.#broker.subscribe(this, filters), granted);
  }

  unsubscribe(filters: readonly string[], done: () => void): void {
    this.#ask(() => this.#broker.unsubscribe(this, filters), done);
  }

  /** Takes leave, behind all that was sent. */
  leave(done: () => void): void {
    this.travel('there', () => {
      this.#end(true);
      done();
    });
  }

  /** Hangs up without a word: what is on its way is lost. */
  destroy(): void {
    this.#end(false);
  }

  /** Ended by the broker, or by what lies between. */
  lose(reason: string): void {
    if (this.#isOver) return;
    this.#end(false);
    this.client.lost(reason);
  }

  deliver(delivery: Delivery): void {
    this.travel('back', () => {
      const acknowledge = () =>
        this.travel('there', () => this.#broker.acknowledged(this, delivery));
      this.client.message(delivery.message, acknowledge);
    });
  }

  /** Makes the call where and when it arrives; never when the connection has ended by then. */
  travel(way: 'there' | 'back', call: () => void): void {
    const { options, illness } = this.#broker;
    const nowMs = options.clock.monotonicMs();
    const soonest = nowMs + wayMs + illness.lateMs + this.#broker.draw(wayMoreMs * 1_000) / 1_000;
    const dueMs = Math.max(soonest, this.#arrivesMs[way] + 0.001);
    this.#arrivesMs[way] = dueMs;
    options.clock.after(dueMs - nowMs, () => this.#isOver || call());
  }

  #ask(act: () => void, answered: () => void, isPublish = false): void {
    this.travel('there', () => {
      act();
      const { illness, counts } = this.#broker;
      if (isPublish && illness.lostPubacks > 0) {
        illness.lostPubacks--;
        counts.lostPubacks++;
        return;
      }
      this.travel('back', answered);
    });
  }

  #end(isOrderly: boolean): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#broker.gone(this, isOrderly);
  }
}
