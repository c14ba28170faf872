import { close, constants, open, read, write } from 'node:fs';
import { Duplex } from 'node:stream';
import { promisify } from 'node:util';
import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { withDeadline } from './deadline.ts';
import type { Link, LinkOptions } from './link.ts';
import { StreamLink } from './stream-link.ts';

const openFile = promisify(open);
const closeFile = promisify(close);
const readFile = promisify(read);
const writeFile = promisify(write);

/** Between two looks whether the device takes or has more. */
const lookEveryMs = 20;
const readBytesMax = 4_096;
const notYet = new Set(['EAGAIN', 'EWOULDBLOCK', 'EINTR']);

/** Paths of which a file is open or being opened, or cannot be closed as a call hangs in it; until it is closed. */
const held = new Map<string, PromiseWithResolvers<void>>();

export interface CharacterDeviceOptions extends LinkOptions {
  /** Looked up at every attempt, so that a link below `/dev/usb/by-path` survives replugging. */
  readonly path: string;
  /** False: opened for writing alone, where the node cannot be read; nothing ever comes in. */
  readonly reads: boolean;
}

/**
 * One connection to a character device that is read and written as it is, such as `/dev/usb/lp0`.
 *
 * No call waits inside the system: the file is opened without blocking, and what the device does
 * not take, or does not have, is asked for again every 20 ms until the deadline. A full printer holds
 * up nothing else. Should the kernel's driver itself hang, it keeps one thread of the pool for
 * each direction, and the path is refused until it has let go.
 *
 * @throws {DeviceUnavailableError} when it is not there, may not be used, does not open in time,
 *   or an earlier connection still hangs in the system
 */
export async function openCharacterDevice(options: CharacterDeviceOptions): Promise<Link> {
  const { path, reads, clock, connectLimitMs, writeLimitMs, signal } = options;
  const unavailable = (why: string) => () => new DeviceUnavailableError(`${path}: ${why}`);
  const deadline = {
    ...{ clock, signal, limitMs: connectLimitMs },
    aborted: unavailable('opening was stopped'),
  };
  const late = unavailable('an earlier connection to it is not closed yet');
  await withDeadline(held.get(path)?.promise ?? Promise.resolve(), { ...deadline, late });
  if (held.has(path)) throw late();
  held.set(path, Promise.withResolvers());
  const { O_RDWR, O_WRONLY, O_NONBLOCK, O_NOCTTY } = constants;
  const opened = openFile(path, (reads ? O_RDWR : O_WRONLY) | O_NONBLOCK | O_NOCTTY);
  try {
    const file = await withDeadline(opened, {
      ...deadline,
      late: unavailable(`not open within ${connectLimitMs} ms`),
    });
    const stream = new DeviceStream({ file, path, reads, clock });
    const drop = () => stream.destroy();
    return new StreamLink(stream, { name: path, clock, writeLimitMs, end: drop, drop });
  } catch (cause) {
    // One that opens after its deadline is of no use to anybody.
    opened.then(
      (file) => release(path, file),
      () => letGo(path),
    );
    if (cause instanceof DeviceUnavailableError) throw cause;
    throw new DeviceUnavailableError(`${path}: ${whyNotOpen(cause, reads)}`, { cause });
  }
}

function whyNotOpen(cause: unknown, reads: boolean): string {
  const why = cause instanceof Error ? cause.message : String(cause);
  if (codeOf(cause) === 'EBUSY') return `${why} (another program prints on it)`;
  if (codeOf(cause) !== 'EACCES') return why;
  return `${why} (give the user of Craneway the right to ${reads ? 'read and write' : 'write'} it)`;
}

async function release(path: string, file: number): Promise<void> {
  await closeFile(file).catch(() => {});
  letGo(path);
}

function letGo(path: string): void {
  held.get(path)?.resolve();
  held.delete(path);
}

interface DeviceFile {
  readonly file: number;
  readonly path: string;
  readonly reads: boolean;
  readonly clock: Clock;
}

class DeviceStream extends Duplex {
  readonly #device: DeviceFile;
  /** Calls that are inside the system; the file is closed once there are none. */
  #calls = 0;
  #letGo: (() => void) | undefined;

  constructor(device: DeviceFile) {
    super();
    this.#device = device;
  }

  override _write(
    chunk: Buffer,
    _: BufferEncoding,
    done: (error?: Error | null) => void,
    from = 0,
  ): void {
    const { file } = this.#device;
    const rest = chunk.length - from;
    this.#call(writeFile(file, chunk, from, rest, null), done, ({ bytesWritten = 0 }) => {
      if (bytesWritten === rest) done();
      else this.#again(() => this._write(chunk, 'binary', done, from + bytesWritten));
    });
  }

  override _read(): void {
    const { file, reads } = this.#device;
    if (!reads) return;
    const buffer = Buffer.alloc(readBytesMax);
    const failed = (error: Error) => this.destroy(error);
    this.#call(readFile(file, buffer, 0, readBytesMax, null), failed, ({ bytesRead = 0 }) => {
      // Printers answer a read with nothing while they have nothing to say.
      if (bytesRead === 0) this.#again(() => this._read());
      else this.push(buffer.subarray(0, bytesRead));
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    const { path, file } = this.#device;
    this.#letGo = () => release(path, file);
    if (this.#calls === 0) this.#letGo();
    done(error);
  }

  /** Hands on what came of one call; nothing of it once the stream is destroyed. */
  #call<R extends { bytesRead?: number; bytesWritten?: number }>(
    call: Promise<R>,
    failed: (error: Error) => void,
    settled: (result: { bytesRead?: number; bytesWritten?: number }) => void,
  ): void {
    this.#calls += 1;
    const returned = (hand: () => void) => {
      this.#calls -= 1;
      if (!this.destroyed) hand();
      else if (this.#calls === 0) this.#letGo?.();
    };
    call.then(
      (result) => returned(() => settled(result)),
      (error: Error) => returned(() => (notYet.has(codeOf(error)) ? settled({}) : failed(error))),
    );
  }

  #again(call: () => void): void {
    this.#device.clock.after(lookEveryMs, () => {
      if (!this.destroyed) call();
    });
  }
}

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';
