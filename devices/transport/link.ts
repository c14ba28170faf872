import type { Clock } from '../../src/ports/clock.ts';

/**
 * A stream of bytes to one device, from one successful connect until it is
 * closed. Never reconnects: whoever wants another connection opens another link.
 */
export interface Link {
  /**
   * Hands `bytes` to the operating system, which says nothing of the device.
   *
   * @throws {DeviceUnavailableError} when the link is closed or `signal` is aborted: no byte was sent
   * @throws {DeviceTimeoutError} when the bytes did not get out in time or the link was lost
   *   meanwhile: some may have been sent. The link is closed then
   */
  write(bytes: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Names the one who gets what comes in. Nothing is lost before: it waits until this is called. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** Settles once, when the link has ended: with the reason, or `undefined` where `close` was called. */
  readonly closed: Promise<Error | undefined>;
  /** Lets out what has been written, within a deadline. Writes are refused from now on. */
  close(): Promise<void>;
}

/** What every link needs, whatever it runs over. */
export interface LinkOptions {
  readonly clock: Clock;
  /** Until it is connected, or given up. */
  readonly connectLimitMs: number;
  /** Until the bytes of one write are with the operating system. */
  readonly writeLimitMs: number;
  /** Gives up connecting. Does nothing afterwards: close the link. */
  readonly signal: AbortSignal;
}

/** Opens a stream of bytes to one device. @throws {DeviceUnavailableError} when there is no connection */
export type OpenLink = (options: LinkOptions) => Promise<Link>;

/** Bytes that may wait for one link. Far more than a label; a caller that meets this is a bug. */
export const writeBytesMax = 1_048_576;
