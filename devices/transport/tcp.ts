import { connect, type Socket } from 'node:net';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import { withDeadline } from './deadline.ts';
import type { Link, LinkOptions } from './link.ts';
import { StreamLink } from './stream-link.ts';

/** Silence after which the system asks whether the other side is still there. */
const keepAliveMs = 10_000;

export interface TcpOptions extends LinkOptions {
  readonly host: string;
  readonly port: number;
}

/**
 * One TCP connection as a client.
 *
 * @throws {DeviceUnavailableError} when it is refused, not there in time, or `signal` is aborted
 */
export async function connectTcp(options: TcpOptions): Promise<Link> {
  const { host, port, clock, connectLimitMs, writeLimitMs, signal } = options;
  const name = `${host}:${port}`;
  const socket = connect({ host, port, noDelay: true, keepAlive: true });
  socket.setKeepAlive(true, keepAliveMs);
  // From here on someone always listens: an unheard error event would end the process.
  socket.on('error', () => {});
  const unavailable = (why: string) => () => new DeviceUnavailableError(`${name}: ${why}`);
  try {
    await withDeadline(connected(socket), {
      clock,
      limitMs: connectLimitMs,
      signal,
      late: unavailable(`no connection within ${connectLimitMs} ms`),
      aborted: unavailable('connecting was stopped'),
    });
  } catch (cause) {
    socket.destroy();
    if (cause instanceof DeviceUnavailableError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceUnavailableError(`${name}: ${why}`, { cause });
  }
  return new StreamLink(socket, {
    name,
    clock,
    writeLimitMs,
    end: () => socket.end(),
    drop: () => socket.destroy(),
  });
}

function connected(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
}
