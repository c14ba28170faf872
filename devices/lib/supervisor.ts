import {
  DeviceUnavailableError,
  isDeviceError,
  type WarehouseError,
} from '../../src/domain/errors.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { Log } from '../../src/ports/log.ts';
import type { Random } from '../../src/ports/random.ts';

export interface Supervision<C extends { close(): void | Promise<void> }> {
  /** For the log. */
  readonly device: string;
  /** A new connection object each time. @throws device errors */
  connect(signal: AbortSignal): Promise<C>;
  /**
   * Works on the connection until it ends, by returning or by throwing a device error. Must end
   * soon after `signal` aborts. The connection is closed for it afterwards.
   *
   * @param proved  call it when the device itself has answered, as a PLC with no place left accepts a
   *   connection and drops it: from then on the device is online. More calls do nothing
   */
  serve(connection: C, signal: AbortSignal, proved: () => void): Promise<void>;
  /** Longest wait between two attempts; default 5 s. */
  readonly retryMaxMs?: number | undefined;
  /** Once when the device is back, and at the first time. */
  onOnline?(): void;
  /** Once when it is gone, and when the first attempt fails. */
  onOffline?(reason: Error): void;
  /** An error that is not the wire's: our own bug. The supervision has ended then. */
  onBug(error: unknown): void;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Ends the supervision. */
  readonly signal: AbortSignal;
}

const backoffMinMs = 250;
const backoffMaxMs = 5_000;

/**
 * Keeps one connection to a device: connects, serves, and after a failure waits and connects again.
 * The wait doubles from 250 ms to `retryMaxMs` while nothing is proved, and is drawn between half of that and
 * all of it, so that devices that went together do not come back together.
 *
 * @returns when `signal` has aborted or a bug was met, with no connection left open. Never rejects
 */
export async function supervise<C extends { close(): void | Promise<void> }>(
  supervision: Supervision<C>,
): Promise<void> {
  const { device, clock, random, log, signal, retryMaxMs = backoffMaxMs } = supervision;
  let availability: 'unknown' | 'online' | 'offline' = 'unknown';
  let backoffMs = backoffMinMs;

  const proved = () => {
    backoffMs = backoffMinMs;
    if (availability === 'online' || signal.aborted) return;
    availability = 'online';
    log.info({ device }, 'device online');
    supervision.onOnline?.();
  };
  const gone = (reason: WarehouseError) => {
    if (availability === 'offline') return;
    availability = 'offline';
    log.warn({ device, reason: reason.message, ...reason.context }, 'device offline');
    supervision.onOffline?.(reason);
  };

  try {
    while (!signal.aborted) {
      const reason = await serveOnce(supervision, proved);
      if (signal.aborted) return;
      gone(reason);
      const delayMs = Math.round(backoffMs * (0.5 + random.u32() / 2 ** 33));
      backoffMs = Math.min(2 * backoffMs, retryMaxMs);
      await pause(clock, delayMs, signal);
    }
  } catch (error) {
    supervision.onBug(error);
  }
}

/** @returns why the connection is no more  @throws what is not a device's error */
async function serveOnce<C extends { close(): void | Promise<void> }>(
  { connect, serve, signal }: Supervision<C>,
  proved: () => void,
): Promise<WarehouseError> {
  let connection: C | undefined;
  try {
    connection = await connect(signal);
    await serve(connection, signal, proved);
    return new DeviceUnavailableError('Connection ended');
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    return error;
  } finally {
    await connection?.close();
  }
}
