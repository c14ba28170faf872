import { Buffer } from 'node:buffer';
import { connect, type MqttClient } from 'mqtt';
import {
  DeviceProtocolError,
  DeviceTimeoutError,
  DeviceUnavailableError,
  LimitError,
} from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { withDeadline } from './deadline.ts';

/** Where a broker is, and as whom we come. */
export interface MqttAddress {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
}

export interface MqttMessage {
  readonly topic: string;
  readonly payload: Buffer;
  /** Kept by the broker, of any age: it was not sent now. */
  readonly isRetained: boolean;
  /** Marked by the sender as sent before (DUP). */
  readonly isRepeated: boolean;
}

export interface MqttConnectionOptions {
  readonly address: MqttAddress;
  /** Two connections with one id end each other. */
  readonly clientId: string;
  readonly clock: Clock;
  readonly connectLimitMs: number;
  /** Until the broker has acknowledged a publish, a subscription. */
  readonly answerLimitMs: number;
  /** Gives up connecting. Does nothing afterwards: close the connection. */
  readonly signal: AbortSignal;
  /** Every message of every subscription. */
  readonly message: (message: MqttMessage) => void;
}

/** Silence after which the broker is asked whether it is still there, seconds. Half of it later it is given up. */
const keepAliveS = 10;
const closeLimitMs = 1_000;
/** Bytes of one packet. What devices send is far shorter; the parser would keep anything. */
const packetBytesMax = 1_048_576;
/** Unanswered requests. A caller that meets this is a bug: each waits for its answer. */
const pendingMax = 1_000;

/** As in messages: `10.0.0.7:1883`. */
export const brokerName = ({ host, port }: Pick<MqttAddress, 'host' | 'port'>) => `${host}:${port}`;

/**
 * One connection to a broker, as MQTT 3.1.1 client without a session: what devices say while it is
 * not there is lost and does not come later. Never opened again: a client of mqtt.js that
 * reconnects sends what it had kept, at a time when nobody expects it.
 *
 * @throws {DeviceUnavailableError} when it is refused, not there in time, or `signal` is aborted
 */
export async function connectMqtt(options: MqttConnectionOptions): Promise<MqttConnection> {
  const { address, clientId, clock, connectLimitMs, signal } = options;
  const { host, port, username, password } = address;
  const client = connect({
    protocol: 'mqtt',
    ...{ host, port, clientId },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    protocolVersion: 4,
    clean: true,
    keepalive: keepAliveS,
    reconnectPeriod: 0,
    // Ours is sooner; theirs is there so that nothing hangs should ours be broken.
    connectTimeout: 2 * connectLimitMs,
    queueQoSZero: false,
    resubscribe: false,
  });
  // From here on someone always listens: an unheard error event would end the process.
  client.on('error', () => {});
  const unavailable = (why: string) =>
    new DeviceUnavailableError(`Broker ${brokerName(address)}: ${why}`);
  try {
    await withDeadline(opened(client), {
      ...{ clock, signal, limitMs: connectLimitMs },
      late: () => unavailable(`no connection within ${connectLimitMs} ms`),
      aborted: () => unavailable('connecting was stopped'),
    });
  } catch (cause) {
    client.end(true);
    if (cause instanceof DeviceUnavailableError) throw cause;
    throw unavailable(describe(cause));
  }
  return new MqttConnection(client, options);
}

export class MqttConnection {
  /** Settles once, when it has ended: with the reason, or `undefined` where `close` was called. */
  readonly closed: Promise<Error | undefined>;
  readonly #client: MqttClient;
  readonly #options: MqttConnectionOptions;
  readonly #pending = new Set<(error: Error) => void>();
  #isOpen = true;
  #isClosing = false;
  #settle: (reason: Error | undefined) => void = () => {};

  /** @param client  connected */
  constructor(client: MqttClient, options: MqttConnectionOptions) {
    this.#client = client;
    this.#options = options;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    client.on('message', (topic, payload, { retain, dup }) => {
      if (!this.#isOpen || this.#isClosing) return;
      options.message({ topic, payload, isRetained: retain, isRepeated: dup });
    });
    client.on('error', (error) => this.#ended(this.#lost(describe(error))));
    client.on('close', () => this.#ended(this.#lost('the broker closed the connection')));
    this.#limitPackets();
  }

  /**
   * Resolves when the broker has it, which says nothing of who else has.
   *
   * @throws {DeviceUnavailableError} when there is no connection or `signal` is aborted: nothing was sent
   * @throws {DeviceTimeoutError} when it was sent and not acknowledged. When the broker was late, the
   *   connection is ended
   */
  publish(
    topic: string,
    payload: string | Uint8Array,
    { retain, signal }: { readonly retain: boolean; readonly signal: AbortSignal },
  ): Promise<void> {
    const bytes = Buffer.from(payload);
    return this.#answered<void>(`publish to ${topic}`, signal, (done) =>
      this.#client.publish(topic, bytes, { qos: 1, retain }, (error) => done(error)),
    );
  }

  /** @throws {DeviceUnavailableError} when the broker does not grant one of them, or there is no connection */
  async subscribe(topics: readonly string[], signal: AbortSignal): Promise<void> {
    const refused = await this.#answered<string[]>(
      `subscribe to ${topics.join(', ')}`,
      signal,
      (done) =>
        this.#client.subscribe([...topics], { qos: 1 }, (error, granted = [], packet) => {
          const codes = packet?.granted ?? granted.map(({ qos }) => qos);
          const isGranted = (code: unknown) => typeof code === 'number' && code < 128;
          if (error && codes.every(isGranted)) done(error);
          else
            done(
              null,
              topics.filter((_, index) => !isGranted(codes[index])),
            );
        }),
    );
    if (refused.length > 0) {
      const name = brokerName(this.#options.address);
      const message = `Broker ${name} does not let us read ${refused.join(', ')}: grant it there`;
      throw new DeviceUnavailableError(message);
    }
  }

  /** Nothing of these topics is wanted any more; what of them still comes is nobody's. */
  unsubscribe(topics: readonly string[]): void {
    if (this.#isOpen && !this.#isClosing) this.#client.unsubscribe([...topics], () => {});
  }

  /** Takes leave of the broker, within a second. */
  async close(): Promise<void> {
    if (!this.#isOpen) return;
    if (!this.#isClosing) {
      this.#isClosing = true;
      const cancel = this.#options.clock.after(closeLimitMs, () => this.#ended(undefined));
      this.closed.then(cancel, cancel);
      this.#client.end(false, {}, () => this.#ended(undefined));
    }
    await this.closed;
  }

  async #answered<T>(
    what: string,
    signal: AbortSignal,
    send: (done: (error?: Error | null, answer?: T) => void) => void,
  ): Promise<T> {
    const { address, clock, answerLimitMs } = this.#options;
    const name = brokerName(address);
    if (!this.#isOpen || this.#isClosing || signal.aborted) {
      throw new DeviceUnavailableError(`No connection to broker ${name}`);
    }
    if (this.#pending.size >= pendingMax) {
      throw new LimitError(`Too much waits for broker ${name}`, { context: { pendingMax } });
    }
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    this.#pending.add(reject);
    send((error, answer) => (error ? reject(error) : resolve(answer as T)));
    const unknown = (why: string) => () =>
      new DeviceTimeoutError(`Broker ${name}: ${what}: ${why}`);
    try {
      return await withDeadline(promise, {
        ...{ clock, signal, limitMs: answerLimitMs },
        late: unknown(`no answer within ${answerLimitMs} ms`),
        aborted: unknown('stopped before the answer'),
      });
    } catch (cause) {
      const reason = cause instanceof DeviceTimeoutError ? cause : unknown(describe(cause))();
      // The broker is stuck: what waits may not arrive later. One who stops takes nobody along.
      if (!signal.aborted) this.#ended(reason);
      throw reason;
    } finally {
      this.#pending.delete(reject);
    }
  }

  /** The parser of mqtt.js collects a packet of any length; more bytes than one may have end the connection. */
  #limitPackets(): void {
    let bytes = 0;
    this.#client.on('packetreceive', () => {
      bytes = 0;
    });
    this.#client.stream.on('data', (chunk: Uint8Array) => {
      bytes += chunk.length;
      if (bytes <= packetBytesMax) return;
      const name = brokerName(this.#options.address);
      this.#ended(
        new DeviceProtocolError(
          `Broker ${name} sent a message of more than ${packetBytesMax} bytes`,
        ),
      );
    });
  }

  #lost(why: string): DeviceUnavailableError {
    const name = brokerName(this.#options.address);
    return new DeviceUnavailableError(`Connection to broker ${name} lost: ${why}`);
  }

  #ended(reason: Error | undefined): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#client.end(true);
    for (const reject of this.#pending) reject(reason ?? this.#lost('closed'));
    this.#settle(this.#isClosing ? undefined : reason);
  }
}

function opened(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('the broker closed the connection')));
  });
}

/** A refused connection has several addresses and no text of its own. */
function describe(error: unknown): string {
  if (error instanceof AggregateError) {
    return error.errors.map((each: Error) => each.message).join('; ');
  }
  return error instanceof Error ? error.message : String(error);
}
