import type { DeviceId } from '../domain/ids.ts';
import type { Device } from './device.ts';

/** What a scanner reports. `readId` is unique per scanner and start of the controller. */
export type ScannerFact = { readonly device: DeviceId } & (
  | {
      readonly type: 'scanner.read';
      readonly readId: string;
      /** As read, without framing and AIM identifier; control characters kept. */
      readonly code: string;
      /** AIM symbology identifier such as `]C1`; undefined where the scanner does not send it. */
      readonly aim: string | undefined;
      /** The same code was read so shortly before that it is most likely the same thing, read twice. */
      readonly repeat?: true;
    }
  /** It was triggered and read nothing. */
  | { readonly type: 'scanner.noRead'; readonly readId: string }
  | { readonly type: 'scanner.online' }
  | { readonly type: 'scanner.offline'; readonly reason: string }
);

export interface Scanner extends Device {
  /** Asks for one more read of what stands before it now. Lost without a trace where the scanner has no trigger. */
  trigger(): void;
  /**
   * Ends the read that was asked for: what stood before it has left. Does nothing where none is
   * asked for, or it has been answered.
   */
  release(): void;
}
