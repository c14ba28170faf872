import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';
import { supervise } from '../lib/supervisor.ts';
import { withDeadline } from './deadline.ts';
import {
  brokerName,
  connectMqtt,
  type MqttAddress,
  type MqttConnection,
  type MqttMessage,
} from './mqtt-connection.ts';

export type { MqttAddress, MqttMessage } from './mqtt-connection.ts';

const connectLimitMs = 3_000;
const answerLimitMs = 5_000;
/** A connection that has lived this long is believed; one that ends sooner makes the next one wait longer. */
const stableMs = 5_000;
/** From here on it is no accident that the broker ends our connections soon after it took them. */
const endedSoonMax = 3;

export interface MqttBrokerOptions {
  /** Asked for every connection: the port of an embedded broker is known late. */
  readonly address: () => MqttAddress;
  readonly clientId: string;
  /** An error of ours, not of the wire: the process should stop. */
  readonly onBug: (error: unknown) => void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/**
 * What one device has of the connection to its broker, as a `Link` is for a device with a wire of its own: from
 * one successful subscription until it has ended.
 */
export interface MqttChannel {
  /** As `MqttConnection.publish`. */
  publish(
    topic: string,
    payload: string | Uint8Array,
    options: { readonly retain: boolean; readonly signal: AbortSignal },
  ): Promise<void>;
  /** Settles once, when it has ended: with the reason, or `undefined` where `close` was called. */
  readonly closed: Promise<Error | undefined>;
  close(): void;
}

interface Subscriber extends MqttChannel {
  readonly topics: readonly string[];
  readonly message: (message: MqttMessage) => void;
  end(reason: Error | undefined): void;
}

/** One connection to a broker for all devices that are there: dialed at the first need, and again for ever. */
export class MqttBroker {
  readonly #options: MqttBrokerOptions;
  readonly #stopping = new AbortController();
  readonly #channels = new Set<Subscriber>();
  #running: Promise<void> | undefined;
  #connection: MqttConnection | undefined;
  #arrival = Promise.withResolvers<MqttConnection>();
  /** Why there is no connection. */
  #reason = 'not connected yet';
  #endedSoon = 0;

  constructor(options: MqttBrokerOptions) {
    this.#options = options;
  }

  /**
   * A channel on the connection of this moment; waits a few seconds for one.
   *
   * @param topics   whole topics, no filters
   * @param message  gets each message of them, from the first on
   * @throws {DeviceUnavailableError} when there is no connection, or a topic is not granted
   */
  async open(
    topics: readonly string[],
    message: (message: MqttMessage) => void,
    signal: AbortSignal,
  ): Promise<MqttChannel> {
    this.#running ??= this.#run();
    const connection = this.#connection ?? (await this.#arriving(signal));
    const channel = this.#channel(connection, topics, message);
    // Before the subscription, as the broker may send what it has retained before its answer.
    this.#channels.add(channel);
    try {
      if (topics.length > 0) await connection.subscribe(topics, signal);
    } catch (error) {
      channel.close();
      throw error;
    }
    return channel;
  }

  /** Ends every channel and the connection. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  #run(): Promise<void> {
    const { address, clientId, onBug, clock, random, log } = this.#options;
    return supervise<MqttConnection>({
      device: `broker ${brokerName(address())}`,
      connect: async (signal) => {
        const limits = { clock, connectLimitMs, answerLimitMs, signal };
        const message = (heard: MqttMessage) => this.#heard(heard);
        try {
          return await connectMqtt({ address: address(), clientId, message, ...limits });
        } catch (error) {
          this.#reason = error instanceof Error ? error.message : String(error);
          throw error;
        }
      },
      serve: (connection, signal, proved) => this.#serve(connection, signal, proved),
      ...{ onBug, clock, random, log, signal: this.#stopping.signal },
    });
  }

  async #serve(connection: MqttConnection, signal: AbortSignal, proved: () => void): Promise<void> {
    const { clock } = this.#options;
    const stopped = Promise.withResolvers<undefined>();
    signal.addEventListener('abort', () => stopped.resolve(undefined), { once: true });
    const startMs = clock.monotonicMs();
    const ending = new AbortController();
    const stable = pause(clock, stableMs, ending.signal).then(() => {
      if (!ending.signal.aborted) proved();
    });
    this.#connection = connection;
    this.#arrival.resolve(connection);
    const reason = await Promise.race([connection.closed, stopped.promise]);
    ending.abort();
    await stable;
    this.#connection = undefined;
    this.#arrival = Promise.withResolvers<MqttConnection>();
    const isSoon = clock.monotonicMs() - startMs < stableMs;
    this.#endedSoon = isSoon ? this.#endedSoon + 1 : 0;
    const told = this.#explained(reason);
    this.#reason = told?.message ?? 'stopped';
    for (const channel of [...this.#channels]) channel.end(told);
    if (told !== undefined) throw told;
  }

  /** A broker that does not grant a topic, or sees our id a second time, hangs up without a word. */
  #explained(reason: Error | undefined): Error | undefined {
    if (reason === undefined || this.#endedSoon < endedSoonMax) return reason;
    const { clientId } = this.#options;
    return new DeviceUnavailableError(
      `${reason.message}; ${this.#endedSoon} times in a row, soon after it took us: another client uses the id ${clientId}, or a topic is not granted to us`,
      { cause: reason },
    );
  }

  #arriving(signal: AbortSignal): Promise<MqttConnection> {
    const missing = () => new DeviceUnavailableError(this.#reason);
    return withDeadline(this.#arrival.promise, {
      clock: this.#options.clock,
      ...{ limitMs: connectLimitMs, signal, late: missing, aborted: missing },
    });
  }

  #channel(
    connection: MqttConnection,
    topics: readonly string[],
    message: (message: MqttMessage) => void,
  ): Subscriber {
    const ended = Promise.withResolvers<Error | undefined>();
    const channel: Subscriber = {
      ...{ topics, message },
      closed: ended.promise,
      publish: (topic, payload, options) =>
        this.#channels.has(channel)
          ? connection.publish(topic, payload, options)
          : Promise.reject(new DeviceUnavailableError('No connection to the broker')),
      close: () => {
        if (!this.#channels.has(channel)) return;
        channel.end(undefined);
        const left = [...this.#channels].flatMap((other) => other.topics);
        const unwanted = topics.filter((topic) => !left.includes(topic));
        if (unwanted.length > 0) connection.unsubscribe(unwanted);
      },
      end: (reason) => {
        this.#channels.delete(channel);
        ended.resolve(reason);
      },
    };
    return channel;
  }

  #heard(message: MqttMessage): void {
    for (const channel of [...this.#channels]) {
      if (!channel.topics.includes(message.topic)) continue;
      try {
        channel.message(message);
      } catch (error) {
        this.#options.onBug(error);
      }
    }
  }
}
