import type { PrinterSettings } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { openCharacterDevice } from '../transport/character-device.ts';
import type { Link, OpenLink } from '../transport/link.ts';
import { openSerial } from '../transport/serial.ts';
import { connectTcp } from '../transport/tcp.ts';

const connectLimitMs = 3_000;
/** A full printer takes nothing: so long it may leave bytes in our hands. */
const writeLimitMs = 5_000;
/** Start, data and stop bit; a parity bit makes one more. */
const bitsPerByte = 11;

interface Connecting {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** In place of the network and the ports of this machine. */
  readonly openLink?: OpenLink | undefined;
}

/** @throws {DeviceUnavailableError} when there is no connection */
export function connectPrinter(
  { connection, answers }: PrinterSettings,
  { clock, signal, openLink }: Connecting,
): Promise<Link> {
  const limits = { clock, connectLimitMs, signal };
  if (openLink !== undefined) return openLink({ ...limits, writeLimitMs });
  switch (connection.kind) {
    case 'tcp':
      return connectTcp({ ...connection, ...limits, writeLimitMs });
    case 'serial':
      return openSerial({ ...connection, ...limits, writeLimitMs: serialLimitMs(connection) });
    case 'usb':
      return openCharacterDevice({ ...connection, ...limits, writeLimitMs, reads: answers });
  }
}

/** Bytes that are written in one go. A slow line needs its time for them, and for as many before them. */
export const writeBytesMax = 4_096;
const serialLimitMs = ({ baudRate }: { readonly baudRate: number }) =>
  writeLimitMs + 2 * transmitMs(writeBytesMax, baudRate);

/** How long bytes are on their way over a serial line that nothing holds up, in milliseconds. */
export const transmitMs = (bytes: number, baudRate: number): number =>
  Math.ceil((1000 * bytes * bitsPerByte) / baudRate);
