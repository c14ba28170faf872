import { invariant } from '../../src/domain/errors.ts';
import type { Framing } from './fields.ts';

/** What was thrown away, and why. */
export interface FramerCounters {
  readonly frames: number;
  /** Bytes outside a frame: noise before a prefix. */
  readonly strayBytes: number;
  /** Frames longer than `lengthMax`. */
  readonly tooLong: number;
  /** Frames that ended without their end: a new prefix came, silence, or a new connection. */
  readonly cutOff: number;
  readonly empty: number;
}

/**
 * Cuts a stream of bytes into codes, the same however the bytes are split into chunks. A code begins
 * at the prefix, or without one where the last code ended; it ends at one of the suffixes, at a fixed
 * length, or where the site file says so at silence. Bytes become characters one by one (latin1);
 * control characters in a code are kept. Holds at most one code.
 *
 * With a prefix all before it is noise, and a second prefix in a code means that the first
 * code's end was lost; not so with a fixed length, where a code may hold anything.
 */
export class Framer {
  readonly #framing: Framing;
  readonly #hasPrefix: boolean;
  /** The longest one first: CR LF is one end, not an end and a byte. */
  readonly #suffixes: readonly string[];
  readonly #tailMax: number;
  /** A scanner set to CR LF where CR is expected leaves its LF before the next code. */
  readonly #isLfNothing: boolean;
  /** The part of a code that has come in, or the tail in which a prefix or suffix may be growing. */
  #text = '';
  #state: 'outside' | 'inside' | 'tooLong';
  #lastAtMs: number | undefined;
  readonly #counters = { frames: 0, strayBytes: 0, tooLong: 0, cutOff: 0, empty: 0 };

  constructor(framing: Framing) {
    const { prefix, suffixes, length, gap, lengthMax } = framing;
    invariant(
      suffixes.length > 0 || length !== undefined || gap === 'end',
      'a framing without an end never ends a code',
    );
    invariant(length === undefined || length <= lengthMax, 'a length above lengthMax never ends');
    invariant(!suffixes.includes(''), 'an empty suffix ends every code');
    this.#framing = framing;
    this.#hasPrefix = prefix !== '';
    this.#suffixes = suffixes.toSorted((a, b) => b.length - a.length);
    this.#tailMax = Math.max(prefix.length, ...suffixes.map((suffix) => suffix.length), 1) - 1;
    this.#isLfNothing = suffixes.includes('\r') && !prefix.startsWith('\n');
    this.#state = this.#start();
  }

  get counters(): FramerCounters {
    return { ...this.#counters };
  }

  get gapMs(): number {
    return this.#framing.gapMs;
  }

  /** Whether half a code waits that silence would end. */
  get waitsForSilence(): boolean {
    const { gap, length } = this.#framing;
    // A code of a fixed length that is short of it has lost bytes.
    const endsCodes = gap === 'end' && length === undefined;
    return endsCodes && this.#state === 'inside' && this.#text !== '';
  }

  /**
   * @param atMs  monotonic time at which the bytes came in
   * @returns     the codes that they complete, or that the silence before them has ended
   */
  push(bytes: Uint8Array, atMs: number): string[] {
    const frames = this.silence(atMs);
    this.#lastAtMs = atMs;
    for (const byte of bytes) {
      const frame = this.#take(String.fromCharCode(byte));
      if (frame !== undefined) frames.push(frame);
    }
    return frames;
  }

  /**
   * Nothing has come in until `atMs`: after more than `gapMs` half a code is a whole one, or is
   * thrown away, as the site file says.
   */
  silence(atMs: number): string[] {
    if (this.#lastAtMs === undefined || atMs - this.#lastAtMs <= this.#framing.gapMs) return [];
    if (!this.waitsForSilence) {
      this.reset();
      return [];
    }
    const frame = this.#end(this.#text);
    return frame === undefined ? [] : [frame];
  }

  /** Forgets half a code; for a new connection. */
  reset(): void {
    if (this.#state === 'inside' && this.#text !== '') this.#counters.cutOff += 1;
    this.#start();
  }

  #start(): 'outside' | 'inside' {
    this.#text = '';
    this.#state = this.#hasPrefix ? 'outside' : 'inside';
    return this.#state;
  }

  #take(character: string): string | undefined {
    const { prefix, length, lengthMax } = this.#framing;
    if (this.#isLfNothing && this.#isBetweenCodes && character === '\n') return;
    this.#text += character;
    if (this.#state === 'inside' && length !== undefined) {
      return this.#text.length < length ? undefined : this.#end(this.#text);
    }
    if (this.#hasPrefix && this.#text.endsWith(prefix)) return this.#begin();
    if (this.#state === 'outside') return this.#keepTail(prefix.length - 1, 'strayBytes');
    const suffix = this.#suffixes.find((end) => this.#text.endsWith(end));
    if (suffix !== undefined) return this.#end(this.#text.slice(0, -suffix.length));
    if (this.#state === 'tooLong') return this.#keepTail(this.#tailMax);
    if (this.#text.length > lengthMax + this.#tailMax) this.#overflow();
    return undefined;
  }

  get #isBetweenCodes(): boolean {
    return this.#text === '' && this.#state === (this.#hasPrefix ? 'outside' : 'inside');
  }

  #begin(): undefined {
    if (this.#state === 'inside') this.#counters.cutOff += 1;
    this.#text = '';
    this.#state = 'inside';
  }

  #end(frame: string): string | undefined {
    const isTooLong = frame.length > this.#framing.lengthMax;
    if (isTooLong && this.#state !== 'tooLong') this.#counters.tooLong += 1;
    const wasTooLong = isTooLong || this.#state === 'tooLong';
    this.#start();
    if (wasTooLong) return undefined;
    if (frame === '') {
      this.#counters.empty += 1;
      return undefined;
    }
    this.#counters.frames += 1;
    return frame;
  }

  /** What is left of the code up to its end must not pass for a code, so it is read over. */
  #overflow(): void {
    this.#counters.tooLong += 1;
    this.#state = 'tooLong';
  }

  #keepTail(length: number, count?: 'strayBytes'): undefined {
    const excess = this.#text.length - length;
    if (excess <= 0) return;
    if (count) this.#counters[count] += excess;
    this.#text = length === 0 ? '' : this.#text.slice(-length);
  }
}
