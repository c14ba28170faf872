import { createServer, type Server, Socket } from 'node:net';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';

/** What the wire does to every connection, from now on. */
export interface WireState {
  /** Connections are reset, new ones refused. */
  isCut: boolean;
  /** Bytes on their way to this side vanish, and so does the news that the other side has closed. */
  losesToDevice: boolean;
  losesToController: boolean;
  /** Nothing is read from the controller any more, so that its window closes. */
  isStalled: boolean;
  /** Bytes to either side come later by this. */
  delayMs: number;
  /** Answers come later by this, on top. */
  answerDelayMs: number;
  /** Answers come one byte at a time, so far apart; 0: as they are. */
  trickleMs: number;
  /** This many chunks to the controller become noise. */
  noisyChunks: number;
  /** The connection is reset after this many more bytes to the controller, once. */
  cutAfterBytes: number | undefined;
}

export interface FaultProxyOptions {
  /** Where the device listens. */
  readonly target: { readonly host: string; readonly port: number };
  readonly clock: Clock;
  readonly random: Random;
}

/** With more bytes than this on their way in one direction, no more are read. */
const queueBytesMax = 1_048_576;
/** Beyond, the oldest is reset: a dead line must not collect them without end. */
const connectionsMax = 64;

/** What is sent on, and when; without bytes: the end of the stream. */
interface Parcel {
  readonly dueMs: number;
  readonly bytes: Uint8Array | undefined;
}

/** One direction of one connection: bytes come out in their order, each when it is due. */
class Lane {
  readonly #from: Socket;
  readonly #to: Socket;
  readonly #clock: Clock;
  #parcels: Parcel[] = [];
  #queuedBytes = 0;
  #cancel: (() => void) | undefined;
  #isHeld = false;

  constructor(from: Socket, to: Socket, clock: Clock) {
    this.#from = from;
    this.#to = to;
    this.#clock = clock;
    to.on('drain', () => this.#flow());
  }

  put(bytes: Uint8Array | undefined, delayMs: number): void {
    const nowMs = this.#clock.monotonicMs();
    const dueMs = Math.max(nowMs + delayMs, this.#parcels.at(-1)?.dueMs ?? 0);
    this.#parcels.push({ dueMs, bytes });
    this.#queuedBytes += bytes?.length ?? 0;
    if (this.#cancel === undefined) this.#pump();
    this.#flow();
  }

  /** Nothing is read from the sender, whatever has room here. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    this.#flow();
  }

  drop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#parcels = [];
    this.#queuedBytes = 0;
  }

  /** A receiver that does not keep up slows its sender down, as without a proxy. */
  #flow(): void {
    const isFull = this.#queuedBytes + this.#to.writableLength > queueBytesMax;
    if (this.#isHeld || isFull) this.#from.pause();
    else this.#from.resume();
  }

  #pump(): void {
    this.#cancel = undefined;
    const nowMs = this.#clock.monotonicMs();
    for (let next = this.#parcels[0]; next !== undefined; next = this.#parcels[0]) {
      if (next.dueMs > nowMs) {
        this.#cancel = this.#clock.after(next.dueMs - nowMs, () => this.#pump());
        break;
      }
      this.#parcels.shift();
      this.#queuedBytes -= next.bytes?.length ?? 0;
      if (this.#to.destroyed) continue;
      if (next.bytes === undefined) this.#to.end();
      else this.#to.write(next.bytes);
    }
    this.#flow();
  }
}

interface Connection {
  readonly controller: Socket;
  readonly device: Socket;
  readonly toController: Lane;
  readonly toDevice: Lane;
  /** Bytes have vanished from it: it can never be right again. */
  isHoled: boolean;
}

/**
 * Stands before a device that speaks TCP, and lets its wire go wrong. Without a fault, bytes, ends and
 * resets pass as they come.
 */
export class FaultProxy {
  readonly counters = { connections: 0, refused: 0, resets: 0, lostBytes: 0 };
  readonly #options: FaultProxyOptions;
  readonly #server: Server;
  readonly #connections = new Set<Connection>();
  readonly #wire: WireState = {
    ...{ isCut: false, losesToDevice: false, losesToController: false, isStalled: false },
    ...{ delayMs: 0, answerDelayMs: 0, trickleMs: 0, noisyChunks: 0, cutAfterBytes: undefined },
  };

  constructor(options: FaultProxyOptions) {
    this.#options = options;
    const server = { noDelay: true, allowHalfOpen: true };
    this.#server = createServer(server, (socket) => this.#accept(socket));
  }

  /** @param port  0 for any free one  @returns the port that it listens on  @throws when it is taken */
  listen(port: number, host = '127.0.0.1'): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => {
        this.#server.off('error', reject);
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : port);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.reset();
    await closed;
  }

  get wire(): Readonly<WireState> {
    return this.#wire;
  }

  /** From now on the wire is so; what is not named stays as it is. */
  change(wire: Partial<WireState>): void {
    Object.assign(this.#wire, wire);
    if (this.#wire.isCut) this.reset();
    for (const connection of [...this.#connections]) {
      connection.toDevice.hold(this.#wire.isStalled);
      // What has vanished is never sent again here, as TCP would: such a connection has to go.
      const { losesToController, losesToDevice } = this.#wire;
      if (connection.isHoled && !losesToController && !losesToDevice) this.#reset(connection);
    }
  }

  /** Resets every connection; new ones are welcome. */
  reset(): void {
    for (const connection of [...this.#connections]) this.#reset(connection);
  }

  #accept(controller: Socket): void {
    controller.on('error', () => {}); // `close` follows
    if (this.#wire.isCut) {
      this.counters.refused++;
      controller.resetAndDestroy();
      return;
    }
    this.counters.connections++;
    const device = new Socket({ allowHalfOpen: true }).setNoDelay();
    device.on('error', () => {});
    const { clock } = this.#options;
    const connection: Connection = {
      ...{ controller, device, isHoled: false },
      toController: new Lane(device, controller, clock),
      toDevice: new Lane(controller, device, clock),
    };
    const [oldest] = this.#connections;
    if (oldest !== undefined && this.#connections.size >= connectionsMax) this.#reset(oldest);
    this.#connections.add(connection);
    device.connect(this.#options.target);
    controller.on('data', (bytes) => this.#toDevice(connection, bytes));
    controller.on('end', () => this.#toDevice(connection, undefined));
    device.on('data', (bytes) => this.#toController(connection, bytes));
    device.on('end', () => this.#toController(connection, undefined));
    controller.on('close', (hadError) => this.#closed(connection, device, hadError));
    device.on('close', (hadError) => this.#closed(connection, controller, hadError));
    if (this.#wire.isStalled) connection.toDevice.hold(true);
  }

  #toDevice(connection: Connection, bytes: Uint8Array | undefined): void {
    const { losesToDevice, delayMs } = this.#wire;
    if (losesToDevice) this.#lose(connection, bytes);
    else connection.toDevice.put(bytes, delayMs);
  }

  #toController(connection: Connection, bytes: Uint8Array | undefined): void {
    const { losesToController, delayMs, answerDelayMs } = this.#wire;
    if (losesToController) {
      this.#lose(connection, bytes);
      return;
    }
    const laterMs = delayMs + answerDelayMs;
    const { toController } = connection;
    if (bytes === undefined) {
      toController.put(undefined, laterMs);
      return;
    }
    const { sent, isLast } = this.#cutOff(this.#noisy(bytes));
    if (isLast) {
      connection.controller.write(sent, () => this.#reset(connection));
      return;
    }
    const { trickleMs } = this.#wire;
    if (trickleMs === 0) toController.put(sent, laterMs);
    else
      for (const [at, byte] of sent.entries()) {
        toController.put(Uint8Array.of(byte), laterMs + (at + 1) * trickleMs);
      }
  }

  #noisy(bytes: Uint8Array): Uint8Array {
    if (this.#wire.noisyChunks === 0) return bytes;
    this.#wire.noisyChunks--;
    return bytes.map(() => this.#options.random.u32() & 0xff);
  }

  /** Up to where the connection is to be cut, when that is within these bytes. */
  #cutOff(bytes: Uint8Array): { readonly sent: Uint8Array; readonly isLast: boolean } {
    const { cutAfterBytes } = this.#wire;
    if (cutAfterBytes === undefined) return { sent: bytes, isLast: false };
    const isLast = bytes.length >= cutAfterBytes;
    this.#wire.cutAfterBytes = isLast ? undefined : cutAfterBytes - bytes.length;
    return { sent: isLast ? bytes.subarray(0, cutAfterBytes) : bytes, isLast };
  }

  #lose(connection: Connection, bytes: Uint8Array | undefined): void {
    connection.isHoled = true;
    this.counters.lostBytes += bytes?.length ?? 0;
  }

  /** One side is gone. The other one is told, unless the wire loses such news. */
  #closed(connection: Connection, other: Socket, hadError: boolean): void {
    const { losesToController, losesToDevice } = this.#wire;
    const isUntold = other === connection.controller ? losesToController : losesToDevice;
    if (isUntold && !other.destroyed) {
      connection.isHoled = true;
      return;
    }
    if (hadError && !other.destroyed) this.#reset(connection);
    if (connection.controller.destroyed && connection.device.destroyed) {
      this.#connections.delete(connection);
    }
  }

  #reset(connection: Connection): void {
    const { controller, device, toController, toDevice } = connection;
    this.counters.resets++;
    this.#connections.delete(connection);
    toController.drop();
    toDevice.drop();
    if (!controller.destroyed) controller.resetAndDestroy();
    if (!device.destroyed) device.resetAndDestroy();
  }
}
