import { invariant } from '../../src/domain/errors.ts';
import type { Framing } from './fields.ts';

/** What was thrown away, and why. */
export interface FramerCounters {
  readonly frames: number;
  /** Bytes outside a frame: noise before a prefix. */
  readonly strayBytes: number;
  /** Frames longer than `lengthMax`. */
  readonly tooLong: number;
  /** Frames that ended without their suffix: a new prefix came, or silence. */
  readonly cutOff: number;
  readonly empty: number;
}

/**
 * Cuts a stream of bytes into codes: prefix, code, suffix, the same however the bytes are split
 * into chunks. Bytes become characters one by one (latin1); control characters in a
 * code are kept. Holds at most one code.
 *
 * Without a prefix a code begins where the last one ended. With one, all before it is
 * noise, and a second prefix in a code means that the first code's end was lost.
 */
export class Framer {
  readonly #framing: Framing;
  readonly #hasPrefix: boolean;
  /** The part of a code that has come in, or the tail in which a prefix or suffix may be growing. */
  #text = '';
  #state: 'outside' | 'inside' | 'tooLong';
  #lastAtMs: number | undefined;
  readonly #counters = { frames: 0, strayBytes: 0, tooLong: 0, cutOff: 0, empty: 0 };

  constructor(framing: Framing) {
    invariant(framing.suffix.length > 0, 'a framing without a suffix never ends a code');
    this.#framing = framing;
    this.#hasPrefix = framing.prefix.length > 0;
    this.#state = this.#start();
  }

  get counters(): FramerCounters {
    return this.#counters;
  }

  /**
   * @param atMs  monotonic time at which the bytes came in; a gap before them ends half a code
   * @returns     the codes that they complete
   */
  push(bytes: Uint8Array, atMs: number): string[] {
    if (this.#lastAtMs !== undefined && atMs - this.#lastAtMs > this.#framing.gapMs) this.reset();
    this.#lastAtMs = atMs;
    const frames: string[] = [];
    for (const byte of bytes) {
      const frame = this.#take(String.fromCharCode(byte));
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  /** Forgets half a code; for a new connection. */
  reset(): void {
    if (this.#state === 'inside' && this.#text !== '') this.#counters.cutOff += 1;
    this.#start();
    this.#lastAtMs = undefined;
  }

  #start(): 'outside' | 'inside' {
    this.#text = '';
    this.#state = this.#hasPrefix ? 'outside' : 'inside';
    return this.#state;
  }

  #take(character: string): string | undefined {
    const { prefix, suffix, lengthMax } = this.#framing;
    // A scanner set to CR LF where CR is expected leaves its LF before the next code.
    if (!this.#hasPrefix && suffix === '\r' && this.#text === '' && character === '\n') return;
    this.#text += character;
    if (this.#hasPrefix && this.#text.endsWith(prefix)) return this.#begin();
    if (this.#state === 'outside') return this.#keepTail(prefix.length - 1, 'strayBytes');
    if (this.#text.endsWith(suffix)) return this.#end(this.#text.slice(0, -suffix.length));
    if (this.#state === 'tooLong')
      return this.#keepTail(Math.max(prefix.length, suffix.length) - 1);
    if (this.#text.length >= lengthMax + suffix.length) this.#overflow();
    return undefined;
  }

  #begin(): undefined {
    const before = this.#text.length - this.#framing.prefix.length;
    if (this.#state === 'inside') this.#counters.cutOff += 1;
    if (this.#state === 'outside') this.#counters.strayBytes += before;
    this.#text = '';
    this.#state = 'inside';
  }

  #end(frame: string): string | undefined {
    const wasTooLong = this.#state === 'tooLong';
    this.#start();
    if (wasTooLong) return undefined;
    if (frame === '') {
      this.#counters.empty += 1;
      return undefined;
    }
    this.#counters.frames += 1;
    return frame;
  }

  /** What is left of the code up to its suffix must not pass for a code, so it is read over. */
  #overflow(): void {
    this.#counters.tooLong += 1;
    this.#state = 'tooLong';
    this.#keepTail(Math.max(this.#framing.prefix.length, this.#framing.suffix.length) - 1);
  }

  #keepTail(length: number, count?: 'strayBytes'): undefined {
    const excess = this.#text.length - length;
    if (excess <= 0) return;
    if (count) this.#counters[count] += excess;
    this.#text = length === 0 ? '' : this.#text.slice(-length);
  }
}
