import type { Buffer } from 'node:buffer';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';

export interface MqttLinkOptions {
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password?: string | undefined;
  /** Whether the broker forgets us while we are away. */
  readonly clean: boolean;
  readonly brokerHost: string;
  readonly brokerPort: number;
  /** Retained. */
  readonly will?: () => { readonly topic: string; readonly payload: Buffer };
  readonly clock: Clock;
  readonly log: Log;
  readonly connected: () => void;
  /** The PUBACK is sent after it returns; when it throws, the message comes again. */
  readonly message: (topic: string, payload: Buffer) => void;
  /** In place of the network. */
  readonly connect?: ((options: IClientOptions) => MqttClient) | undefined;
}

const dialFirstMs = 500;
const dialMaxMs = 10_000;

/** The other side of MQTT, for hosts and devices: dials for ever, with a new client for every connection. */
export class MqttLink {
  readonly #options: MqttLinkOptions;
  #client: MqttClient | undefined;
  #wanted = false;
  #delayMs = dialFirstMs;
  #cancelDial: () => void = () => {};

  constructor(options: MqttLinkOptions) {
    this.#options = options;
  }

  get connected(): boolean {
    return this.#client?.connected ?? false;
  }

  get isWanted(): boolean {
    return this.#wanted;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    this.#delayMs = dialFirstMs;
    this.#dial();
  }

  /** Takes leave of the broker, or cuts the line when that takes longer than a second. */
  stop(): Promise<void> {
    this.#wanted = false;
    this.#cancelDial();
    const client = this.#client;
    this.#client = undefined;
    if (client === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#options.clock.after(1000, () => client.end(true, done));
      const done = () => {
        cancel();
        resolve();
      };
      client.end(!client.connected, {}, done);
    });
  }

  /** Drops the connection without a word, and dials again. */
  cut(): void {
    this.#client?.stream.destroy();
  }

  /** Nothing is kept for later: what is not sent now is sent again by whoever waits for an answer. */
  publish(topic: string, payload: Buffer | string, retain = false): void {
    if (!this.connected) return;
    this.#client?.publish(topic, payload, { qos: 1, retain }, () => {});
  }

  subscribe(topics: readonly string[]): void {
    this.#client?.subscribe([...topics], { qos: 1 }, () => {});
  }

  #dial(): void {
    const { clientId, username, password, clean, will, log, message, connected } = this.#options;
    const client = (this.#options.connect ?? connect)({
      protocol: 'mqtt',
      host: this.#options.brokerHost,
      port: this.#options.brokerPort,
      clientId,
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      protocolVersion: 4,
      clean,
      keepalive: 15,
      reconnectPeriod: 0,
      connectTimeout: 5000,
      queueQoSZero: false,
      resubscribe: false,
      ...(will && { will: { ...will(), qos: 1, retain: true } }),
    });
    this.#client = client;
    client.handleMessage = (packet, done) => {
      if (this.#client !== client) return;
      try {
        message(packet.topic, packet.payload as Buffer);
      } catch (error) {
        log.error({ error: String(error) }, 'A message could not be stored');
        client.end(true);
        return;
      }
      done();
    };
    client.once('connect', () => {
      this.#delayMs = dialFirstMs;
      connected();
    });
    client.on('error', (error) => {
      log.debug({ error: error.message }, 'Connection to the broker failed');
      client.end(true);
      this.#redial(client);
    });
    client.on('close', () => this.#redial(client));
  }

  #redial(client: MqttClient): void {
    if (this.#client !== client || !this.#wanted) return;
    this.#client = undefined;
    this.#cancelDial = this.#options.clock.after(this.#delayMs, () => this.#dial());
    this.#delayMs = Math.min(dialMaxMs, this.#delayMs * 2);
  }
}
