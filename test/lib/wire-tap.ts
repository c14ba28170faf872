import { connect, createServer, type Server, type Socket } from 'node:net';
import type { Access } from '../../simulators/dst/plc-wire.ts';

const headerBytes = 7;
const [readsHolding, writesHolding] = [3, 16];

/**
 * A listener on the wire between a controller and a Modbus TCP device: passes on every byte, and notes what
 * the controller has sent and what it was answered.
 */
export class WireTap {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #target: { readonly host: string; readonly port: number };
  readonly #seen: (access: Access) => void;
  #connections = 0;

  constructor(target: { host: string; port: number }, seen: (access: Access) => void) {
    this.#target = target;
    this.#seen = seen;
    this.#server = createServer({ noDelay: true, allowHalfOpen: true }, (socket) =>
      this.#accept(socket),
    );
  }

  listen(): Promise<number> {
    return new Promise((resolve) => {
      this.#server.listen(0, '127.0.0.1', () => {
        const address = this.#server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #accept(controller: Socket): void {
    const { host, port } = this.#target;
    const device = connect({ host, port, noDelay: true, allowHalfOpen: true });
    const connection = ++this.#connections;
    // Where a read begins is said by the question, and what is there by the answer.
    const addresses = new Map<number, number>();
    const pairs: [Socket, Socket][] = [
      [controller, device],
      [device, controller],
    ];
    for (const [from, to] of pairs) {
      this.#sockets.add(from);
      from.on('error', () => to.resetAndDestroy());
      from.on('close', () => {
        this.#sockets.delete(from);
        if (!to.destroyed && from.errored !== null) to.resetAndDestroy();
      });
      from.pipe(to);
    }
    const note = (access: Omit<Access, 'connection'>) => this.#seen({ connection, ...access });
    controller.on(
      'data',
      eachFrame((frame) => {
        const address = frame.readUInt16BE(headerBytes + 1);
        if (frame[headerBytes] === readsHolding) addresses.set(frame.readUInt16BE(0), address);
        if (frame[headerBytes] !== writesHolding) return;
        const words = wordsOf(frame, headerBytes + 6, frame.readUInt16BE(headerBytes + 3));
        note({ kind: 'write', address, words });
      }),
    );
    device.on(
      'data',
      eachFrame((frame) => {
        const asked = frame.readUInt16BE(0);
        const address = addresses.get(asked);
        addresses.delete(asked);
        if (frame[headerBytes] !== readsHolding || address === undefined) return;
        const words = wordsOf(frame, headerBytes + 2, (frame[headerBytes + 1] ?? 0) / 2);
        note({ kind: 'read', address, words });
      }),
    );
  }
}

/** Calls for each whole frame of a stream. What is no frame ends the noting, and not the connection. */
function eachFrame(call: (frame: Buffer) => void): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  let isLost = false;
  return (chunk) => {
    if (isLost) return;
    rest = Buffer.concat([rest, chunk]);
    while (rest.length > headerBytes) {
      const length = rest.readUInt16BE(4);
      isLost = rest.readUInt16BE(2) !== 0 || length < 2 || length > 254;
      if (isLost || rest.length < 6 + length) return;
      call(rest.subarray(0, 6 + length));
      rest = rest.subarray(6 + length);
    }
  };
}

const wordsOf = (frame: Buffer, from: number, count: number): number[] =>
  Array.from({ length: Math.min(count, (frame.length - from) >> 1) }, (_, i) =>
    frame.readUInt16BE(from + 2 * i),
  );
