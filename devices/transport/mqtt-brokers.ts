import { ConfigError } from '../../src/domain/errors.ts';
import type { DeviceBroker } from '../../src/domain/mqtt-settings.ts';
import { type MqttAddress, MqttBroker, type MqttBrokerOptions } from './mqtt.ts';
import { brokerName } from './mqtt-connection.ts';

export interface MqttBrokersOptions extends Omit<MqttBrokerOptions, 'address'> {
  /** The broker of the site, for devices that name none. */
  readonly site: () => MqttAddress;
  /** Value of an environment variable; undefined where it is not set. */
  readonly secret: (variable: string) => string | undefined;
}

/** The brokers that devices are at, with one connection to each. */
export class MqttBrokers {
  readonly #options: MqttBrokersOptions;
  readonly #brokers = new Map<string, MqttBroker>();

  constructor(options: MqttBrokersOptions) {
    this.#options = options;
  }

  /**
   * @param own  undefined: the broker of the site
   * @throws {ConfigError} when the variable with its password is not set
   */
  of(own: DeviceBroker | undefined): MqttBroker {
    const key = own === undefined ? '' : `${own.username ?? ''}@${brokerName(own)}`;
    const known = this.#brokers.get(key);
    if (known !== undefined) return known;
    const broker = new MqttBroker({ ...this.#options, address: this.#addressOf(own) });
    this.#brokers.set(key, broker);
    return broker;
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#brokers.values()].map((broker) => broker.stop()));
  }

  #addressOf(own: DeviceBroker | undefined): () => MqttAddress {
    if (own === undefined) return this.#options.site;
    const { host, port, username, passwordEnv } = own;
    const password = passwordEnv === undefined ? undefined : this.#options.secret(passwordEnv);
    if (passwordEnv !== undefined && password === undefined) {
      const message = `the environment variable ${passwordEnv} is not set: it must hold the password of ${username ?? 'devices'} at ${brokerName(own)}`;
      throw new ConfigError('devices', [message]);
    }
    return () => ({ host, port, username, password });
  }
}
