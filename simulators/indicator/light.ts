import { Buffer } from 'node:buffer';
import type { LampColor, LampMode } from '../../src/domain/indication.ts';
import type { IndicatorSettings } from '../../src/domain/mqtt-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import { MqttLink } from '../lib/mqtt-link.ts';

/** What each lamp does; a lamp that has never been told anything is `unlit`. */
export type Lit = Readonly<Record<string, LampMode | 'unlit' | 'nonsense'>>;

export interface LightOptions {
  readonly device: string;
  readonly settings: Pick<IndicatorSettings, 'show' | 'words' | 'availability'>;
  readonly broker: {
    readonly host: string;
    readonly port: number;
    readonly password?: string | undefined;
    /** The device's code where none is given. */
    readonly username?: string | undefined;
  };
  readonly onShown?: (lit: Lit) => void;
  readonly clock: Clock;
  readonly log: Log;
}

/** A stack light: an MQTT client that keeps what it was shown, over a cut of the line too. */
export class SimLight {
  readonly #options: LightOptions;
  readonly #link: MqttLink;
  readonly #modes = new Map<LampColor, LampMode | 'nonsense'>();
  /** Messages that told it what to show. */
  told = 0;

  constructor(options: LightOptions) {
    this.#options = options;
    const { device, settings, broker, clock, log } = options;
    const { availability } = settings;
    const says = (word: string) => ({
      topic: availability?.topic ?? '',
      payload: Buffer.from(word),
    });
    this.#link = new MqttLink({
      ...{ clientId: device, clean: true, clock, log },
      username: broker.username ?? device,
      password: broker.password,
      ...{ brokerHost: broker.host, brokerPort: broker.port },
      ...(availability && { will: () => says(availability.offline) }),
      connected: () => {
        this.#link.subscribe(this.#topics());
        if (availability) this.#link.publish(availability.topic, availability.online, true);
      },
      message: (topic, payload) => this.#message(topic, payload.toString()),
    });
  }

  start(): void {
    this.#link.start();
  }

  /** Takes leave, and says so where it says anything of itself. */
  stop(): Promise<void> {
    const { availability } = this.#options.settings;
    if (availability) this.#link.publish(availability.topic, availability.offline, true);
    return this.#link.stop();
  }

  shown(): Lit {
    const { lamps } = this.#options.settings.show;
    const colors = Object.keys(lamps) as LampColor[];
    return Object.fromEntries(colors.map((color) => [color, this.#modes.get(color) ?? 'unlit']));
  }

  #topics(): readonly string[] {
    const { show } = this.#options.settings;
    if (show.kind === 'json') return [show.topic];
    return Object.values(show.lamps).filter((topic) => topic !== undefined);
  }

  #message(topic: string, text: string): void {
    const { show } = this.#options.settings;
    this.told += 1;
    for (const [color, name] of Object.entries(show.lamps) as [LampColor, string][]) {
      if (show.kind === 'topics' && name !== topic) continue;
      this.#modes.set(color, this.#modeOf(show.kind === 'json' ? fieldOf(text, name) : text));
    }
    this.#options.onShown?.(this.shown());
  }

  #modeOf(word: unknown): LampMode | 'nonsense' {
    const { words } = this.#options.settings;
    const isTopic = this.#options.settings.show.kind === 'topics';
    const modes = Object.entries(words) as [LampMode, unknown][];
    const found = modes.find(([, own]) => (isTopic ? String(own) : own) === word);
    return found?.[0] ?? 'nonsense';
  }
}

function fieldOf(text: string, field: string): unknown {
  try {
    return (JSON.parse(text) as Record<string, unknown> | null)?.[field];
  } catch {
    return undefined;
  }
}
