import { createServer, type Server, type Socket } from 'node:net';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { withDeadline } from './deadline.ts';
import type { Link } from './link.ts';
import { StreamLink } from './stream-link.ts';

/** Silence after which the system asks whether the other side is still there. */
const keepAliveMs = 10_000;

export interface TcpListenerOptions {
  /** Address of the interface to listen on. */
  readonly host: string;
  /** 0: any free one, for tests. */
  readonly port: number;
  /** Addresses that may connect; empty: any. */
  readonly from: readonly string[];
  readonly clock: Clock;
  /** Until the bytes of one write are with the operating system. */
  readonly writeLimitMs: number;
}

/**
 * A TCP port that one device dials. It has one connection at a time, and the newest one wins: a
 * device that was switched off and on again leaves its old connection behind half open, and
 * would lock itself out otherwise.
 */
export class TcpListener {
  readonly #options: TcpListenerOptions;
  readonly #counters = { peersRefused: 0, peersReplaced: 0 };
  #server: Server | undefined;
  #listening: Promise<void> | undefined;
  /** The connection that is in use, or that waits to be. */
  #newest: Socket | undefined;
  #isTaken = false;
  #arrived = () => {};

  constructor(options: TcpListenerOptions) {
    this.#options = options;
  }

  get counters(): Readonly<Record<string, number>> {
    return this.#counters;
  }

  /** Undefined until it listens. */
  get port(): number | undefined {
    const address = this.#server?.address();
    return typeof address === 'object' ? address?.port : undefined;
  }

  /**
   * The connection of whoever dials, or has dialed since the last one ended.
   *
   * @throws {DeviceUnavailableError} when nobody has dialed within `limitMs`, the port cannot be listened
   *   on, or `signal` is aborted. The port is listened on until `close`, so nobody dials in vain
   */
  async next(limitMs: number, signal: AbortSignal): Promise<Link> {
    const { clock, writeLimitMs } = this.#options;
    const unavailable = (why: string) => () => new DeviceUnavailableError(`${this.#name}: ${why}`);
    this.#listening ??= this.#listen();
    const deadline = { clock, limitMs, signal, aborted: unavailable('listening was stopped') };
    await withDeadline(this.#listening, { ...deadline, late: unavailable('cannot listen') });
    if (this.#newest === undefined || this.#isTaken) {
      const arrival = new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
      await withDeadline(arrival, { ...deadline, late: unavailable('nobody has connected') });
    }
    const socket = this.#newest;
    if (socket === undefined) throw unavailable('the connection ended at once')();
    this.#isTaken = true;
    const name = `${socket.remoteAddress}:${socket.remotePort}`;
    const end = () => socket.end();
    const drop = () => socket.destroy();
    return new StreamLink(socket, { name, clock, writeLimitMs, end, drop });
  }

  /** Hangs up, and gives the port back. */
  async close(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    this.#listening = undefined;
    this.#newest?.destroy();
    if (server === undefined) return;
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
    });
  }

  get #name(): string {
    return `Port ${this.port ?? this.#options.port} on ${this.#options.host}`;
  }

  async #listen(): Promise<void> {
    const { host, port } = this.#options;
    // What a device says at once waits in its socket until somebody takes the link.
    const server = createServer({ noDelay: true }, (socket) => this.#dialed(socket));
    this.#server = server;
    try {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen({ host, port }, resolve);
      });
    } catch (cause) {
      this.#listening = undefined;
      this.#server = undefined;
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new DeviceUnavailableError(`${this.#name} cannot be listened on: ${why}`, { cause });
    }
    server.on('error', () => {});
  }

  #dialed(socket: Socket): void {
    socket.on('error', () => {});
    const { from } = this.#options;
    const address = plain(socket.remoteAddress ?? '');
    if (from.length > 0 && !from.includes(address)) {
      this.#counters.peersRefused += 1;
      socket.resetAndDestroy();
      return;
    }
    socket.setKeepAlive(true, keepAliveMs);
    const before = this.#newest;
    this.#newest = socket;
    this.#isTaken = false;
    socket.once('close', () => {
      if (this.#newest === socket) this.#newest = undefined;
    });
    if (before !== undefined) {
      this.#counters.peersReplaced += 1;
      before.destroy(new Error(`a newer connection came from ${address}`));
    }
    this.#arrived();
  }
}

/** An IPv4 address is itself, also where the system speaks IPv6. */
const plain = (address: string): string => address.replace(/^::ffff:(?=\d+\.)/, '');
