import { closeSync, constants, openSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { ReadStream } from 'node:tty';
import type { Clock } from '../../src/ports/clock.ts';

/** Where a scanner's bytes go and its commands come from. */
export interface Wire {
  /** TCP port that it listens on; undefined where it does not listen. */
  readonly port: number | undefined;
  /** @returns how many listened */
  send(bytes: Uint8Array): number;
  /** Drops everyone who listens, as when the cable is pulled. They may come back. */
  cut(): void;
  close(): Promise<void>;
}

const clientsMax = 8;

/** A scanner that serves TCP clients: every one of them gets every code. */
export async function listen(
  { host, port }: { readonly host: string; readonly port: number },
  onBytes: (bytes: Uint8Array) => void,
): Promise<Wire> {
  const clients = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    if (clients.size >= clientsMax) {
      socket.destroy();
      return;
    }
    clients.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => clients.delete(socket));
    socket.on('data', onBytes);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  const cut = () => {
    for (const socket of clients) socket.resetAndDestroy();
  };
  return {
    port: typeof address === 'object' ? address?.port : undefined,
    send: (bytes) => {
      for (const socket of clients) socket.write(bytes);
      return clients.size;
    },
    cut,
    close: () => {
      cut();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const dialAgainMs = 100;

/** A scanner that dials its controller, and dials again when it is hung up on. */
export function dial(
  { host, port }: { readonly host: string; readonly port: number },
  clock: Clock,
  onBytes: (bytes: Uint8Array) => void,
): Wire {
  let socket: Socket | undefined;
  let isOpen = true;
  let cancel = () => {};
  const call = () => {
    const line = connect({ host, port, noDelay: true });
    line.on('error', () => {});
    line.on('data', onBytes);
    socket = line;
    line.once('close', () => {
      if (socket === line) socket = undefined;
      if (isOpen) cancel = clock.after(dialAgainMs, call);
    });
    hangUp = () => line.resetAndDestroy();
  };
  let hangUp = () => {};
  call();
  return {
    port: undefined,
    // What is sent while it dials goes out as soon as somebody has answered.
    send: (bytes) => {
      socket?.write(bytes);
      return socket === undefined ? 0 : 1;
    },
    cut: () => hangUp(),
    close: async () => {
      isOpen = false;
      cancel();
      hangUp();
    },
  };
}

/** A scanner at one end of a serial line. Whether anyone is at the other end, it cannot know. */
export function openLine(path: string, onBytes: (bytes: Uint8Array) => void): Wire {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  const file = openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  const line = openTerminal(file);
  let isOpen = true;
  const gone = new Promise<void>((resolve) => {
    line.once('close', () => {
      isOpen = false;
      resolve();
    });
  });
  line.on('error', () => line.destroy());
  line.on('data', onBytes);
  return {
    port: undefined,
    send: (bytes) => {
      if (isOpen) line.write(bytes);
      return isOpen ? 1 : 0;
    },
    cut: () => {},
    close: () => {
      line.destroy();
      return gone;
    },
  };
}

function openTerminal(file: number): ReadStream {
  try {
    return new ReadStream(file);
  } catch (error) {
    closeSync(file);
    throw error;
  }
}
