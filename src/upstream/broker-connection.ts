import type { Buffer } from 'node:buffer';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { DeviceUnavailableError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';

export interface BrokerAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  /** The broker keeps subscriptions and waiting messages under it. */
  readonly clientId: string;
}

export interface InboundMessage {
  readonly topic: string;
  readonly payload: Buffer;
  readonly retained: boolean;
}

export interface ConnectionEvents {
  /** The broker has taken us. */
  opened(): void;
  /** The PUBACK is sent when this resolves; when it rejects, the connection is given up without one. */
  message(message: InboundMessage): Promise<void>;
  /** Once, after which nothing more is called. `byPeer`: closed by the broker without a word. */
  ended(reason: string, byPeer: boolean): void;
}

export interface ConnectionOptions {
  readonly address: BrokerAddress;
  readonly will: { readonly topic: string; readonly payload: Buffer };
  readonly clock: Clock;
  readonly connectLimitMs: number;
  readonly publishLimitMs: number;
  readonly events: ConnectionEvents;
  /** In place of the network, for simulations. */
  readonly connect?: ConnectBroker | undefined;
}

/** Makes one client of the MQTT library, which connects at once. */
export type ConnectBroker = (options: IClientOptions) => MqttClient;

/**
 * One connection to the broker, never opened again: a client of mqtt.js that reconnects would replay what it
 * had queued, in front of everything else and forever where the broker refuses it.
 */
export class BrokerConnection {
  readonly #client: MqttClient;
  readonly #options: ConnectionOptions;
  readonly #pending = new Set<(error: Error) => void>();
  #opened = false;
  #endedBecause: string | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#client = (options.connect ?? connect)(clientOptions(options));
    const { events } = options;
    this.#client.handleMessage = (packet, done) => {
      const { topic, payload, retain } = packet;
      const message = { topic, payload: payload as Buffer, retained: retain };
      events.message(message).then(
        () => {
          if (this.#endedBecause === undefined) done();
        },
        (error: unknown) => this.drop(`a message could not be taken: ${String(error)}`),
      );
    };
    this.#client.once('connect', () => {
      this.#opened = true;
      events.opened();
    });
    this.#client.on('error', (error) => this.#end(describe(error), false));
    this.#client.on('close', () => this.#end('the broker closed the connection', this.#opened));
  }

  get open(): boolean {
    return this.#opened && this.#endedBecause === undefined;
  }

  /**
   * Resolves with the PUBACK. Everything published on one connection arrives in the order of the calls.
   *
   * @throws {DeviceUnavailableError} when the connection ended first; whether it arrived is unknown
   */
  publish(topic: string, payload: Buffer | string, retain = false): Promise<void> {
    return this.#answered(`publish to ${topic}`, (done) =>
      this.#client.publish(topic, payload, { qos: 1, retain }, done),
    );
  }

  /** Resolves when the broker has granted every filter; refused ones end the connection. */
  subscribe(filters: readonly string[]): Promise<void> {
    return this.#answered(`subscribe to ${filters.join(', ')}`, (done) =>
      this.#client.subscribe([...filters], { qos: 1 }, (error, granted = []) => {
        const refused = granted.filter(({ qos }) => qos >= 128).map(({ topic }) => topic);
        done(error ?? (refused.length > 0 ? new Error(`Refused: ${refused.join(', ')}`) : null));
      }),
    );
  }

  unsubscribe(filters: readonly string[]): Promise<void> {
    return this.#answered('unsubscribe', (done) => this.#client.unsubscribe([...filters], done));
  }

  /** Gives the connection up. The broker publishes the last will. */
  drop(reason: string): void {
    this.#end(reason, false);
  }

  /** Takes leave of the broker, so that it keeps the last will to itself. Bounded by `limitMs`. */
  leave(limitMs: number): Promise<void> {
    if (!this.open) {
      this.drop('stopped');
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(limitMs, () => this.#client.end(true, finish));
      const finish = () => {
        cancel();
        this.#end('stopped', false);
        resolve();
      };
      this.#client.end(false, {}, finish);
    });
  }

  #answered(what: string, send: (done: (error?: Error | null) => void) => void): Promise<void> {
    if (!this.open) return Promise.reject(unavailable(this.#endedBecause ?? 'not open yet'));
    return new Promise((resolve, reject) => {
      const settle = (error: Error | null | undefined) => {
        cancel();
        this.#pending.delete(settle);
        if (error) reject(unavailable(error.message));
        else resolve();
      };
      const { clock, publishLimitMs } = this.#options;
      const cancel = clock.after(publishLimitMs, () =>
        this.drop(`${what}: no answer within ${publishLimitMs} ms`),
      );
      this.#pending.add(settle);
      send((error) => {
        if (!this.#pending.has(settle)) return;
        settle(error);
        // Order is kept only while nothing is left out: start again with what is not acknowledged.
        if (error) this.drop(`${what}: ${error.message}`);
      });
    });
  }

  #end(reason: string, byPeer: boolean): void {
    if (this.#endedBecause !== undefined) return;
    this.#endedBecause = reason;
    this.#client.end(true);
    for (const settle of this.#pending) settle(new Error(reason));
    this.#options.events.ended(reason, byPeer);
  }
}

function clientOptions(options: ConnectionOptions): IClientOptions {
  const { address, will, connectLimitMs } = options;
  return {
    protocol: 'mqtt',
    host: address.host,
    port: address.port,
    clientId: address.clientId,
    ...(address.username === undefined ? {} : { username: address.username }),
    ...(address.password === undefined ? {} : { password: address.password }),
    protocolVersion: 4,
    clean: false,
    keepalive: 15,
    reconnectPeriod: 0,
    connectTimeout: connectLimitMs,
    queueQoSZero: false,
    resubscribe: false,
    will: { ...will, qos: 1, retain: true },
  };
}

/** A refused connection has several addresses and no text of its own. */
const describe = (error: Error): string =>
  error instanceof AggregateError
    ? error.errors.map((each: Error) => each.message).join('; ')
    : error.message;

const unavailable = (reason: string) =>
  new DeviceUnavailableError('The broker did not take a message', { context: { reason } });
