import type { Site } from '../src/domain/site.ts';
import type { Clock } from '../src/ports/clock.ts';
import type { Log } from '../src/ports/log.ts';
import type { MqttScannerSimulator } from './barcode-scanner/mqtt.ts';
import { SimLight } from './indicator/light.ts';

/** Where a broker is, and as whom devices come where not under their own codes. */
export interface SimBroker {
  readonly host: string;
  readonly port: number;
  readonly username?: string | undefined;
  readonly password?: string | undefined;
}

/** The devices of a site that dial a broker. They are there from the start, and silent until they know where it is. */
export class MqttDevices {
  readonly lights = new Map<string, SimLight>();
  readonly scanners = new Map<string, MqttScannerSimulator>();
  readonly #options: { readonly site: Site; readonly clock: Clock; readonly log: Log };

  constructor(options: { readonly site: Site; readonly clock: Clock; readonly log: Log }) {
    this.#options = options;
  }

  /** @param broker  the one of the site, for devices that name none */
  join(broker: SimBroker): void {
    const { site, clock, log } = this.#options;
    for (const { device, type, settings } of site.devices) {
      if (type === 'barcode-scanner' && settings.connection.kind === 'mqtt') {
        this.scanners.get(device)?.join(settings.connection.broker ?? broker);
      }
      if (type !== 'indicator') continue;
      const at = settings.broker ?? broker;
      const light = new SimLight({ device, settings, broker: at, clock, log });
      this.lights.set(device, light);
      light.start();
    }
  }

  async stop(): Promise<void> {
    await Promise.all([...this.lights.values()].map((light) => light.stop()));
    await Promise.all([...this.scanners.values()].map((scanner) => scanner.close()));
  }
}
