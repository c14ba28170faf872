import type { LampColor, LampMode } from './indication.ts';

export interface IndicatorSettings {
  readonly broker: DeviceBroker | undefined;
  /**
   * `topics`: each lamp has a topic and gets a word. `json`: one topic gets an object with a field for each
   * lamp. A color that is not named has no lamp.
   */
  readonly show:
    | { readonly kind: 'topics'; readonly lamps: LampNames }
    | { readonly kind: 'json'; readonly topic: string; readonly lamps: LampNames };
  readonly words: Readonly<Record<LampMode, LampWord>>;
  /** How often it is told again what it shows, ms. */
  readonly repeatEveryMs: number;
  readonly availability: MqttAvailability | undefined;
}

/** Topic or field of each lamp. Without red and amber a light could not say that something is wrong. */
export type LampNames = { readonly red: string; readonly amber: string } & {
  readonly [C in LampColor]?: string | undefined;
};
export type LampWord = string | number | boolean;

/** A broker of its own that a device is at; absent: the broker of the site. */
export interface DeviceBroker {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  /** Name of the environment variable that holds the password. */
  readonly passwordEnv: string | undefined;
}

/** Topic, retained, on which a device or its last will says whether it is there. */
export interface MqttAvailability {
  readonly topic: string;
  readonly online: string;
  readonly offline: string;
}

/** A scanner that publishes each code as one message. */
export interface MqttScannerConnection {
  readonly kind: 'mqtt';
  readonly broker?: DeviceBroker | undefined;
  readonly topic: string;
  readonly payload: MqttPayload;
  /** A longer message is discarded and counted. */
  readonly payloadBytesMax: number;
  /** Where the trigger goes; absent: it cannot be told to read. */
  readonly triggerTopic?: string | undefined;
  readonly availability?: MqttAvailability | undefined;
}

/** The whole payload is the code, or it stands in JSON at a path such as `data.codes.0.text`. */
export type MqttPayload =
  | { readonly format: 'text' }
  | {
      readonly format: 'json';
      readonly code: string;
      /** Path of the AIM identifier. */
      readonly aim?: string | undefined;
      /** Path of what tells two messages apart: the same one again is the same read. */
      readonly id?: string | undefined;
    };
