import type { DeviceId } from '../domain/ids.ts';

/** What a driver knows of its device, for screens and the API. Never used for a decision. */
export interface DeviceStatus {
  readonly device: DeviceId;
  readonly kind: 'crane' | 'conveyor' | 'scanner' | 'printer';
  readonly availability: 'online' | 'offline';
  /** A sentence: why it is offline, or what it is doing. */
  readonly detail: string;
  readonly sinceMs: number;
  /** Wire traffic since start: frames, errors, discarded, reconnects … */
  readonly counters: Readonly<Record<string, number>>;
}

/** What every driver offers, whatever it drives. */
export interface Device {
  readonly id: DeviceId;
  /** Connects, and keeps trying until `stop`. Returns at once. */
  start(): void;
  /** Ends the connection in an orderly way, within its own deadline. Nothing is written afterwards. */
  stop(): Promise<void>;
  status(): DeviceStatus;
}
