import { type Faults, level, moment } from '../../simulators/lib/fault.ts';
import { FaultProxy } from '../../simulators/lib/fault-proxy.ts';
import { wireFaults } from '../../simulators/lib/wire-faults.ts';
import { deviceTopicsOf } from '../domain/device-topics.ts';
import type { Site } from '../domain/site.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Random } from '../ports/random.ts';
import { type EmbeddedBroker, startEmbeddedBroker } from '../upstream/embedded-broker.ts';

export interface DemoBrokerOptions {
  readonly site: Site;
  /** 0: any that is free. */
  readonly port: number;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
}

/** The embedded broker, run beside the controller, so that it can go down while the controller lives. */
export class DemoBroker {
  readonly password: string;
  readonly #options: DemoBrokerOptions;
  #broker: EmbeddedBroker | undefined;
  #proxy: FaultProxy | undefined;
  #port = 0;
  #isWanted = true;
  /** One stop or start after the other. */
  #doing: Promise<void> = Promise.resolve();

  constructor(options: DemoBrokerOptions) {
    this.#options = options;
    this.password = Array.from({ length: 8 }, () => options.random.u32().toString(36)).join('');
  }

  /** @returns the port where clients find it  @throws {ConfigError} when it is taken */
  async start(): Promise<number> {
    const { clock, random, port } = this.#options;
    await this.#run();
    const target = { host: '127.0.0.1', port: this.#port };
    this.#proxy = new FaultProxy({ target, clock, random });
    return await this.#proxy.listen(port);
  }

  async stop(): Promise<void> {
    await this.#doing;
    await this.#broker?.stop();
    await this.#proxy?.close();
  }

  faults(): Faults {
    return {
      down: level(
        'It is stopped; when it is back it has forgotten everything.',
        () => !this.#isWanted,
        (isOn) => this.#want(!isOn),
      ),
      restart: moment('It is stopped and started again, and has forgotten everything.', () => {
        this.#want(false);
        this.#want(true);
      }),
      ...(this.#proxy && wireFaults(this.#proxy)),
    };
  }

  #want(isWanted: boolean): void {
    if (isWanted === this.#isWanted) return;
    this.#isWanted = isWanted;
    this.#doing = this.#doing
      .then(() => (isWanted ? this.#run() : this.#halt()))
      .catch((err: unknown) => this.#options.log.error({ err }, 'The broker cannot be switched'));
  }

  async #run(): Promise<void> {
    const { site, clock, log } = this.#options;
    this.#broker = await startEmbeddedBroker({
      ...{ site: site.site, controller: site.controller, clock, log },
      ...{ host: '127.0.0.1', port: this.#port, anonymous: true },
      hosts: site.hosts.map(({ host }) => host),
      controllerUser: site.controller,
      controllerPassword: this.password,
      controllerClientId: `craneway-${site.site}-${site.controller}`,
      driversClientId: `craneway-${site.site}-${site.controller}-devices`,
      devices: deviceTopicsOf(site),
    });
    this.#port = this.#broker.port;
  }

  async #halt(): Promise<void> {
    await this.#broker?.stop();
    this.#broker = undefined;
  }
}
