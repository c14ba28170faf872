import { read } from 'node:fs';
import { promisify } from 'node:util';
import type { SerialPort } from 'serialport';

const readFile = promisify(read);
const notYet = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

type Binding = typeof SerialPort.binding;
type OpenOptions = Parameters<Binding['open']>[0];

/** What the library's POSIX ports have; its types leave it out. */
interface PosixPort {
  readonly fd: number | null;
  readonly poller: {
    emit(event: string, error: Error | null): boolean;
    once(event: 'readable', call: (error: Error | null) => void): unknown;
  };
  read(
    buffer: Buffer,
    offset: number,
    length: number,
  ): Promise<{ bytesRead: number; buffer: Buffer }>;
}

/**
 * The library's binding with two faults of it mended, for every `new SerialPort({ binding })`:
 *
 * - Since Node 26.4 what the native poller calls does not settle promises: bytes
 *   that have come in wait until something else wakes the process, seconds later
 *   (serialport/node-serialport#3148). Here each of its events is an immediate of its own.
 * - A read of 0 bytes, as from an unplugged USB adapter, is repeated for ever at full load
 *   (serialport/bindings-cpp#175). Here it ends the connection.
 */
export function mendBinding(native: Binding): Binding {
  const open = async (options: OpenOptions) => {
    const port = await (native.open as (options: OpenOptions) => Promise<object>)(options);
    if (isPosix(port)) mend(port);
    return port;
  };
  return { list: () => native.list(), open } as unknown as Binding;
}

// The port of Windows has no poller, and neither of the two faults is known of it.
const isPosix = (port: object): port is PosixPort => 'poller' in port && 'fd' in port;

function mend(port: PosixPort): void {
  const { poller } = port;
  const emit = poller.emit;
  poller.emit = (...event) => {
    // biome-ignore lint/style/noRestrictedGlobals: no clock is meant; an immediate is the entry into JavaScript after which promises settle.
    setImmediate(() => emit.apply(poller, event));
    return true;
  };
  port.read = (buffer, offset, length) => readOrDisconnect(port, buffer, offset, length);
}

type End = Error & { canceled?: boolean; disconnect?: boolean };

async function readOrDisconnect(port: PosixPort, buffer: Buffer, offset: number, length: number) {
  for (;;) {
    const bytesRead = await readNow(openFile(port), buffer, offset, length);
    if (bytesRead === 0) {
      throw Object.assign<End, object>(new Error('Unplugged'), { disconnect: true });
    }
    if (bytesRead !== undefined) return { bytesRead, buffer };
    // The port may have been closed meanwhile, and its poller with it: asking that one would crash.
    openFile(port);
    await readable(port);
  }
}

function openFile({ fd }: PosixPort): number {
  if (fd !== null) return fd;
  throw Object.assign<End, object>(new Error('Port is not open'), { canceled: true });
}

/** @returns undefined where nothing has come in */
async function readNow(fd: number, buffer: Buffer, offset: number, length: number) {
  try {
    return (await readFile(fd, buffer, offset, length, null)).bytesRead;
  } catch (error) {
    if (error instanceof Error && 'code' in error && notYet.has(String(error.code)))
      return undefined;
    throw Object.assign(error instanceof Error ? error : new Error(String(error)), {
      disconnect: true,
    });
  }
}

function readable({ poller }: PosixPort): Promise<void> {
  return new Promise((resolve, reject) => {
    poller.once('readable', (error) => (error ? reject(error) : resolve()));
  });
}
