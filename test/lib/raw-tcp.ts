import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One side of a socket, read as whole Modbus TCP frames. */
export class RawPeer {
  readonly socket: Socket;
  readonly #frames: Buffer[] = [];
  #bytes: Buffer = Buffer.alloc(0);
  #arrived: (() => void) | undefined;

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk]);
      for (let end = this.#end(); this.#bytes.length >= end; end = this.#end()) {
        this.#frames.push(this.#bytes.subarray(0, end));
        this.#bytes = this.#bytes.subarray(end);
      }
      this.#arrived?.();
    });
  }

  /** The next frame that came and was not taken yet. */
  async frame(): Promise<Buffer> {
    for (;;) {
      const frame = this.#frames.shift();
      if (frame !== undefined) return frame;
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
  }

  get waiting(): number {
    return this.#frames.length;
  }

  /** Sends bytes given as hex, blanks allowed. */
  send(hex: string): void {
    this.socket.write(Buffer.from(hex.replaceAll(' ', ''), 'hex'));
  }

  /** Resolves when the connection is no more, also after a reset. */
  closing(): Promise<void> {
    if (this.socket.closed) return Promise.resolve();
    return new Promise((resolve) => this.socket.once('close', () => resolve()));
  }

  #end(): number {
    return this.#bytes.length < 6 ? Number.POSITIVE_INFINITY : 6 + this.#bytes.readUInt16BE(4);
  }
}

/** A server that says nothing by itself. */
export async function rawServer() {
  const peers: RawPeer[] = [];
  const server = createServer((socket) => {
    peers.push(new RawPeer(socket));
    server.emit('peer');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    /** The nth connection, from 0, waited for. */
    async peer(index = 0): Promise<RawPeer> {
      while (peers[index] === undefined) await once(server, 'peer');
      return peers[index] as RawPeer;
    },
    async close(): Promise<void> {
      for (const { socket } of peers) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

export async function rawClient(port: number): Promise<RawPeer> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  return new RawPeer(socket);
}
