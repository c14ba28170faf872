import { Buffer } from 'node:buffer';
import type { MqttScannerConnection } from '../../src/domain/mqtt-settings.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { MqttLink } from '../lib/mqtt-link.ts';
import type { SimBroker } from '../mqtt-devices.ts';
import type { ScannerSimulator } from './server.ts';

export interface MqttScannerOptions {
  readonly device: string;
  readonly settings: Pick<ScannerSettings, 'noRead' | 'trigger' | 'aim'>;
  readonly connection: MqttScannerConnection;
  readonly onTrigger?: () => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A scanner that publishes what it reads; silent until it is told where its broker is. */
export class MqttScannerSimulator implements ScannerSimulator {
  readonly port = undefined;
  readonly #options: MqttScannerOptions;
  #link: MqttLink | undefined;
  #number = 0;

  constructor(options: MqttScannerOptions) {
    this.#options = options;
  }

  join(broker: SimBroker): void {
    const { device, connection, settings, onTrigger, clock, log } = this.#options;
    const { availability, triggerTopic } = connection;
    const link = new MqttLink({
      ...{ clientId: device, clean: true, clock, log, password: broker.password },
      username: broker.username ?? device,
      ...{ brokerHost: broker.host, brokerPort: broker.port },
      ...(availability && {
        will: () => ({ topic: availability.topic, payload: Buffer.from(availability.offline) }),
      }),
      connected: () => {
        if (triggerTopic !== undefined) link.subscribe([triggerTopic]);
        if (availability) link.publish(availability.topic, availability.online, true);
      },
      message: (_topic, payload) => {
        if (payload.toString('latin1') === settings.trigger) onTrigger?.();
      },
    });
    this.#link = link;
    link.start();
  }

  read(code: string, aim = ']C0'): number {
    const { connection, settings } = this.#options;
    this.#number += 1;
    if (connection.payload.format === 'text') {
      return this.raw(Buffer.from(settings.aim ? `${aim}${code}` : code, 'latin1'));
    }
    const { payload } = connection;
    const message = {};
    put(message, payload.code, code);
    if (payload.aim !== undefined) put(message, payload.aim, aim);
    if (payload.id !== undefined) put(message, payload.id, this.#number);
    return this.raw(Buffer.from(JSON.stringify(message)));
  }

  noRead(): number {
    const [text] = this.#options.settings.noRead;
    if (text === undefined) return 0;
    const { payload } = this.#options.connection;
    if (payload.format === 'text') return this.raw(Buffer.from(text, 'latin1'));
    const message = {};
    put(message, payload.code, text);
    return this.raw(Buffer.from(JSON.stringify(message)));
  }

  raw(bytes: Uint8Array): number {
    if (!this.#link?.connected) return 0;
    this.#link.publish(this.#options.connection.topic, Buffer.from(bytes));
    return 1;
  }

  /** Gone without a word: its broker publishes its last will. */
  cut(): void {
    this.#link?.cut();
  }

  async close(): Promise<void> {
    const { availability } = this.#options.connection;
    if (availability) this.#link?.publish(availability.topic, availability.offline, true);
    await this.#link?.stop();
  }
}

/** Puts `value` at a path such as `data.code`. */
function put(into: object, path: string, value: unknown): void {
  const [key = '', ...rest] = path.split('.');
  const fields = into as Record<string, unknown>;
  if (rest.length === 0) fields[key] = value;
  else {
    fields[key] ??= {};
    put(fields[key] as object, rest.join('.'), value);
  }
}
