import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { constants } from 'node:os';

/** Kinds of system calls, in the order of `harm.c`. */
export const harmedCalls = ['writing', 'syncing', 'naming', 'sending'] as const;
export type HarmedCall = (typeof harmedCalls)[number];

/** Where each order lies in the file, as `struct orders` in `harm.c` has it. */
const wordBytes = 8;
const killAt = harmedCalls.length * wordBytes;
const killCallAt = killAt + wordBytes;
const failsAt = killCallAt + wordBytes;
const clockAt = failsAt + harmedCalls.length * wordBytes;
const freeAt = clockAt + wordBytes;
const ordersBytes = freeAt + wordBytes;

export interface HarmOptions {
  /** Path of `harm.c` as a library. */
  readonly library: string;
  /** Of the data: calls on files below it are those that count. */
  readonly folder: string;
  /** Path of the file of orders; made. */
  readonly orders: string;
}

/** Harms one process at its system calls, also while it runs. */
export class Harm {
  /** What its environment must have. */
  readonly env: Readonly<Record<string, string>>;
  readonly #fd: number;

  constructor({ library, folder, orders }: HarmOptions) {
    this.env = {
      LD_PRELOAD: library,
      CRANEWAY_HARM_FOLDER: folder,
      CRANEWAY_HARM_ORDERS: orders,
    };
    this.#fd = openSync(orders, 'w+');
    writeSync(this.#fd, Buffer.alloc(ordersBytes));
    this.spare();
  }

  /** Calls of this kind since the process has started. */
  count(call: HarmedCall): number {
    const word = Buffer.alloc(wordBytes);
    readSync(this.#fd, word, 0, wordBytes, harmedCalls.indexOf(call) * wordBytes);
    return Number(word.readBigUInt64LE());
  }

  /** Kills it in the midst of its call of this number, counted from its start. */
  killIn(call: HarmedCall, number: number): void {
    this.#order(killAt, number);
    this.#order(killCallAt, harmedCalls.indexOf(call));
  }

  spare(): void {
    this.#order(killCallAt, -1);
  }

  /** All calls of this kind fail from now on; without an error they do what they do again. */
  fail(call: HarmedCall, error?: 'ENOSPC' | 'EIO' | 'EROFS'): void {
    const code = error === undefined ? 0 : constants.errno[error];
    this.#order(failsAt + harmedCalls.indexOf(call) * wordBytes, code);
  }

  /** Sets its wall clock, so many milliseconds away from the real one. */
  setClock(awayMs: number): void {
    this.#order(clockAt, awayMs);
  }

  /** Its disks say that so much is left, in bytes; 0: what is. */
  setFree(bytes: number): void {
    this.#order(freeAt, bytes);
  }

  close(): void {
    closeSync(this.#fd);
  }

  #order(at: number, value: number): void {
    const word = Buffer.alloc(wordBytes);
    word.writeBigInt64LE(BigInt(value));
    writeSync(this.#fd, word, 0, wordBytes, at);
  }
}
