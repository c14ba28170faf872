import { closeSync, constants, openSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { ReadStream } from 'node:tty';

/** One computer that prints. */
export interface Channel {
  readonly isOpen: boolean;
  send(text: string): void;
  /** Takes no more bytes, or takes them again. A serial line says so with XOFF and XON. */
  hold(isHeld: boolean): void;
  /** Breaks the connection. A serial line has none to break: what comes next is lost instead. */
  drop(): void;
}

/** Gets what comes in on the channel; called once for each connection. */
export type Accept = (channel: Channel) => (bytes: Uint8Array) => void;

export interface Wire {
  /** TCP port that it listens on; undefined for a line. */
  readonly port: number | undefined;
  close(): Promise<void>;
}

const clientsMax = 8;
const xon = '\x11';
const xoff = '\x13';

/** A printer in the network. @throws when the port is taken */
export async function listen(
  { host, port }: { readonly host: string; readonly port: number },
  accept: Accept,
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
    socket.on('data', accept(channelOf(socket)));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' ? address?.port : undefined,
    close: () => {
      for (const socket of clients) socket.resetAndDestroy();
      return new Promise((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const channelOf = (socket: Socket): Channel => ({
  get isOpen() {
    return !socket.destroyed && !socket.readableEnded;
  },
  send: (text) => void (socket.destroyed || socket.write(text, 'latin1')),
  hold: (isHeld) => void (isHeld ? socket.pause() : socket.resume()),
  drop: () => void socket.resetAndDestroy(),
});

/** A printer at one end of a serial line. Whether anyone is at the other end, it cannot know. */
export function openLine(path: string, accept: Accept): Wire {
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  const file = openSync(path, O_RDWR | O_NOCTTY | O_NONBLOCK);
  const line = openTerminal(file);
  const gone = new Promise<void>((resolve) => {
    line.once('close', resolve);
  });
  line.on('error', () => line.destroy());
  const received = accept({
    get isOpen() {
      return !line.destroyed;
    },
    send: (text) => void (line.destroyed || line.write(text, 'latin1')),
    hold(isHeld) {
      line.write(isHeld ? xoff : xon);
      if (isHeld) line.pause();
      else line.resume();
    },
    drop: () => {},
  });
  line.on('data', received);
  return {
    port: undefined,
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
