import type { Duplex } from 'node:stream';
import { DeviceTimeoutError, DeviceUnavailableError, LimitError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { withDeadline } from './deadline.ts';
import { type Link, writeBytesMax } from './link.ts';

const closeLimitMs = 1_000;

/** What differs between a socket and a serial port. */
export interface StreamEnds {
  /** As in messages: `10.0.0.7:9100`, `/dev/serial/by-id/…`. */
  readonly name: string;
  readonly clock: Clock;
  readonly writeLimitMs: number;
  /** Ends the stream when all is written. Its `close` event follows. */
  readonly end: () => void;
  /** Drops it at once, with what is unwritten. */
  readonly drop: () => void;
}

/** A link over an open stream. One `closed` for any number and order of its `error` and `close` events. */
export class StreamLink implements Link {
  readonly closed: Promise<Error | undefined>;
  readonly #stream: Duplex;
  readonly #ends: StreamEnds;
  #isOpen = true;
  #isClosing = false;
  /** Writes under way, so that the end of the link ends them too: not every stream does that. */
  readonly #writes = new Set<(reason: Error) => void>();
  #settle: (reason: Error | undefined) => void = () => {};

  constructor(stream: Duplex, ends: StreamEnds) {
    this.#stream = stream;
    this.#ends = ends;
    this.closed = new Promise((resolve) => {
      this.#settle = resolve;
    });
    stream.on('error', (error) => this.#ended(error));
    stream.on('close', (error?: unknown) =>
      this.#ended(error instanceof Error ? error : undefined),
    );
    stream.on('end', () => {
      if (!this.#isClosing) this.#ended(undefined);
    });
  }

  async write(bytes: Uint8Array, signal: AbortSignal): Promise<void> {
    const { name, clock, writeLimitMs } = this.#ends;
    if (!this.#isOpen || this.#isClosing || signal.aborted) {
      throw new DeviceUnavailableError(`No connection to ${name}`);
    }
    if (this.#stream.writableLength + bytes.length > writeBytesMax) {
      throw new LimitError(`Too much waits for ${name}`, { context: { writeBytesMax } });
    }
    const unknown = (what: string) => () => new DeviceTimeoutError(`${what} ${name}`);
    try {
      await withDeadline(this.#handOver(bytes), {
        clock,
        limitMs: writeLimitMs,
        signal,
        late: unknown('Bytes did not get out to'),
        aborted: unknown('Stopped while writing to'),
      });
    } catch (cause) {
      // Bytes that got stuck may not arrive later, when nobody expects them.
      this.#drop(cause instanceof Error ? cause : undefined);
      if (cause instanceof DeviceTimeoutError) throw cause;
      throw new DeviceTimeoutError(`Connection to ${name} lost while writing`, { cause });
    }
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#stream.on('data', (bytes: Uint8Array) => {
      if (this.#isOpen && !this.#isClosing) listener(bytes);
    });
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return;
    if (!this.#isClosing) {
      this.#isClosing = true;
      // What still comes in is read away, or the stream would never end.
      this.#stream.resume();
      this.#ends.end();
      const cancel = this.#ends.clock.after(closeLimitMs, () => this.#drop(undefined));
      this.closed.then(cancel, cancel);
    }
    await this.closed;
  }

  #handOver(bytes: Uint8Array): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#writes.add(reject);
      this.#stream.write(bytes, (error) => {
        this.#writes.delete(reject);
        if (error) reject(error);
        else resolve();
      });
    });
  }

  #drop(reason: Error | undefined): void {
    if (!this.#isOpen) return;
    this.#ends.drop();
    this.#ended(reason);
  }

  #ended(cause: Error | undefined): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { name, drop } = this.#ends;
    const what = cause ? `Connection to ${name} lost: ${cause.message}` : `${name} hung up`;
    const reason = new DeviceUnavailableError(what, { cause });
    drop();
    for (const reject of this.#writes) reject(reason);
    this.#writes.clear();
    this.#settle(this.#isClosing ? undefined : reason);
  }
}
