import type { DeviceMode } from '../domain/device-mode.ts';
import type { DeviceId } from '../domain/ids.ts';

/**
 * Wire traffic of a device since the start, under the same names for every kind. A frame is what its
 * protocol knows as one: a code, a Modbus request or reply, a status answer.
 */
export interface LinkCounters {
  readonly framesIn: number;
  readonly framesOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** Connections that ended otherwise than by us, each with the failed request that ended it. */
  readonly errors: number;
  /** Frames, or what should have been some, that were not believed; the traffic says why. */
  readonly discarded: number;
  /** Connections after the first one. */
  readonly reconnects: number;
  /** Questions without an answer in time. */
  readonly timeouts: number;
  /** From a question to its answer, in milliseconds, over the newest 200; undefined before the first. */
  readonly roundTripP50Ms: number | undefined;
  readonly roundTripP95Ms: number | undefined;
}

/** What a driver knows of its device, for screens and the API. Never used for a decision. */
export interface DeviceStatus {
  readonly device: DeviceId;
  readonly kind: 'crane' | 'conveyor' | 'scanner' | 'printer' | 'indicator';
  readonly availability: 'online' | 'offline';
  /** A sentence: why it is offline, or what it is doing. */
  readonly detail: string;
  readonly sinceMs: number;
  readonly link: LinkCounters;
  /** What only this kind of device counts, since the start. */
  readonly counters: Readonly<Record<string, number>>;
}

/** One piece of wire traffic. */
export interface TrafficEntry {
  /** 1, 2, 3 … since the start of the controller. */
  readonly no: number;
  /** UTC. */
  readonly atMs: number;
  /** `link`: no bytes, but what has become of the connection or of an answer that did not come. */
  readonly direction: 'in' | 'out' | 'link';
  /** How many there were; only the first 256 are kept. */
  readonly bytes: number;
  readonly hex: string;
  /** The same bytes; what does not print is a dot. */
  readonly ascii: string;
  /** What they mean, in short: `FC03 2000+125`. Undefined: a part of something, or not judged. */
  readonly decoded: string | undefined;
  /** `ok`, `late`, `crc`, `timeout`, `discarded: why` …; undefined: not judged. */
  readonly verdict: string | undefined;
}

export interface TrafficPage {
  /** Oldest first. */
  readonly items: readonly TrafficEntry[];
  /** Number of the newest entry there is; 0 = none yet. One below `after`: the controller has been restarted. */
  readonly last: number;
  /** Entries after `after` that are no longer kept. */
  readonly lost: number;
}

/** One thing that a probe has looked at. */
export interface ProbeCheck {
  /** `link`, `registers`, `life`, `status`, `trigger`. */
  readonly check: string;
  /** `unknown`: it could not be looked at, and `detail` says why. */
  readonly verdict: 'ok' | 'bad' | 'unknown';
  /** What was found; what to do, where it is bad. */
  readonly detail: string;
}

export interface ProbeOptions {
  /** Make a scanner read once; only in `manual`, where nobody acts on what it reads. */
  readonly trigger: boolean;
}

/** What every driver offers, whatever it drives. */
export interface Device {
  readonly id: DeviceId;
  /** Connects, and keeps trying until `stop`. Returns at once. */
  start(): void;
  /** Ends the connection in an orderly way, within its own deadline. Nothing is written afterwards. */
  stop(): Promise<void>;
  /**
   * How far the device may be used from now on; `auto` until it is said otherwise, also before `start`.
   * The same again does nothing. A change to or from `off` or `observe` ends the connection: the next
   * one begins with reading. Nothing that is under way is canceled by it.
   */
  setMode(mode: DeviceMode): void;
  status(): DeviceStatus;
  /**
   * The newest wire traffic, from memory.
   *
   * @param after  number of the last entry known; 0 = none
   * @param max    entries, from 1
   */
  traffic(after: number, max: number): TrafficPage;
  /**
   * Asks the device now, with nothing that could change it; a device that is offline is tried at once.
   * Takes a few seconds at the most.
   *
   * @returns the link first; nothing more where there is none
   * @throws {LimitError} when another probe of this device is under way
   */
  probe(options: ProbeOptions): Promise<readonly ProbeCheck[]>;
}
