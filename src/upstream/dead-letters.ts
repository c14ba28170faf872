import type { Buffer } from 'node:buffer';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

/** A message that could not be read. It was acknowledged and is never tried again. */
export interface DeadLetter {
  readonly atMs: number;
  readonly topic: string;
  readonly reason: string;
  /** The first 4 KiB. */
  readonly payload: string;
  readonly payloadBytes: number;
}

const lettersMax = 100;
const keptBytes = 4096;

/** The last unreadable messages, for people to look at. */
export class DeadLetters {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #letters: DeadLetter[] = [];
  #count = 0;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  add(topic: string, payload: Buffer, reason: string): void {
    this.#count += 1;
    if (this.#letters.length >= lettersMax) this.#letters.shift();
    this.#letters.push({
      atMs: this.#clock.nowMs(),
      topic: topic.slice(0, 200),
      reason,
      payload: payload.subarray(0, keptBytes).toString('utf8'),
      payloadBytes: payload.byteLength,
    });
    this.#log.warn(
      { topic: topic.slice(0, 200), reason, bytes: payload.byteLength },
      'Dead letter',
    );
  }

  /** Since the start, kept or not. */
  get count(): number {
    return this.#count;
  }

  /** Oldest first. */
  list(): readonly DeadLetter[] {
    return [...this.#letters];
  }
}
