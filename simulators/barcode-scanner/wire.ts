import { closeSync, constants, openSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { ReadStream } from 'node:tty';

/** Where a scanner's bytes go and its commands come from. */
export interface Wire {
  /** TCP port that it listens on; undefined for a serial line. */
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
