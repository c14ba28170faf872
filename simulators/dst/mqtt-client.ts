import { EventEmitter } from 'node:events';
import type { IClientOptions, MqttClient } from 'mqtt';
import type { BrokerEnd, BrokerMessage, SimulatedBroker } from './broker.ts';
import type { MessageLeft } from './evidence.ts';

interface ClientOptions {
  readonly broker: SimulatedBroker;
  /** Makes a call in the process of the client, when that runs. */
  readonly within: (call: () => void) => void;
  /** Makes a call of the process over its edge. */
  readonly leaving: (call: () => void) => void;
}

type Took = (packet: { topic: string; payload: Buffer; retain: boolean }, done: () => void) => void;

/**
 * As much of a client of the MQTT library as is used here, over a simulated broker: one connection, which
 * is never opened again; one message after the other, each acknowledged when it has been taken.
 */
export class SimulatedMqttClient extends EventEmitter {
  connected = false;
  handleMessage: Took = (_, done) => done();
  /** As the library has it: who destroys it hangs up. */
  readonly stream = { destroy: () => this.#hangUp() };
  readonly #options: ClientOptions;
  readonly #end: BrokerEnd;
  readonly #inbox: { message: BrokerMessage; acknowledge: () => void }[] = [];
  readonly #name: Pick<MessageLeft, 'clientId' | 'connection'>;
  #isTaking = false;
  #isOver = false;

  constructor({ clientId = '', clean = true, will }: IClientOptions, options: ClientOptions) {
    super();
    this.#options = options;
    const { within } = options;
    this.#name = { clientId, connection: ++options.broker.counts.clients };
    this.#end = options.broker.connect({
      ...{ clientId, clean },
      will: will && { topic: will.topic, payload: Buffer.from(will.payload) },
      taken: () =>
        within(() => {
          if (this.#isOver) return;
          this.connected = true;
          this.emit('connect');
        }),
      message: (message, acknowledge) =>
        within(() => {
          this.#inbox.push({ message, acknowledge });
          this.#take();
        }),
      lost: (reason) => within(() => this.#lost(reason)),
    });
  }

  publish(
    topic: string,
    payload: Buffer | string,
    { retain = false }: { readonly retain?: boolean },
    done: (error?: Error) => void = () => {},
  ): this {
    const bytes = Buffer.from(payload as string);
    this.#say(() => {
      this.#left('message', topic, bytes);
      this.#end.publish(topic, bytes, retain, () => this.#answered(done));
    });
    return this;
  }

  subscribe(
    filters: readonly string[],
    _: object,
    done: (error: Error | null, granted: { topic: string; qos: number }[]) => void,
  ): this {
    const granted = filters.map((topic) => ({ topic, qos: 1 }));
    this.#say(() => this.#end.subscribe(filters, () => this.#answered(() => done(null, granted))));
    return this;
  }

  unsubscribe(filters: readonly string[], done: (error?: Error) => void): this {
    this.#say(() => this.#end.unsubscribe(filters, () => this.#answered(done)));
    return this;
  }

  end(isForced: boolean, ...rest: unknown[]): this {
    const done = rest.find((each) => typeof each === 'function') as (() => void) | undefined;
    if (isForced || !this.connected) {
      this.#hangUp();
      done?.();
    } else {
      this.#end.leave(() => this.#options.within(() => done?.()));
      this.#over();
    }
    return this;
  }

  /** Its process is no more; the broker hears of it after a while. */
  abandon(lingerMs: number): void {
    this.#over();
    this.#options.broker.options.clock.after(lingerMs, () => this.#end.destroy());
  }

  /** The type of the library, of which nobody uses more than there is here. */
  asLibrary(): MqttClient {
    return this as unknown as MqttClient;
  }

  #left(kind: MessageLeft['kind'], topic: string, payload: Buffer): void {
    this.#options.broker.options.left?.({ ...this.#name, kind, topic, payload });
  }

  #say(call: () => void): void {
    if (!this.#isOver) this.#options.leaving(call);
  }

  #answered(done: () => void): void {
    this.#options.within(() => this.#isOver || done());
  }

  #take(): void {
    if (this.#isTaking || this.#isOver) return;
    const next = this.#inbox.shift();
    if (next === undefined) return;
    this.#isTaking = true;
    const { topic, payload, retained } = next.message;
    this.handleMessage({ topic, payload, retain: retained }, () => {
      this.#isTaking = false;
      this.#say(() => {
        this.#left('puback', topic, payload);
        next.acknowledge();
      });
      this.#take();
    });
  }

  #lost(reason: string): void {
    if (this.#isOver) return;
    const wasConnected = this.connected;
    this.#over();
    if (!wasConnected) this.emit('error', new Error(reason));
    this.emit('close');
  }

  #hangUp(): void {
    if (this.#isOver) return;
    this.#over();
    this.#end.destroy();
    this.emit('close');
  }

  #over(): void {
    this.#isOver = true;
    this.connected = false;
  }
}
