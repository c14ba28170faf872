import type { Frame } from './frame-link.ts';

/** What was thrown away, and why. */
export interface HidKeyboardCounters {
  readonly scans: number;
  readonly foreign: number;
  /** Keys that no US keyboard has a character for. */
  readonly unknownKeys: number;
  /** Codes that such a key was in: without it they would be other codes. */
  readonly spoiled: number;
  readonly tooLong: number;
  readonly cutOff: number;
}

/** A scanner types a key every few milliseconds; a person who fell on the keyboard does not. */
const gapMs = 500;
const bootReportBytes = 8;
const enterKeys: ReadonlySet<number> = new Set([0x28, 0x58]);
const ctrl = 0x11;
const shift = 0x22;
/** Alt and the logo key make no characters. */
const others = 0xcc;
/** More keys at once than the keyboard can tell. */
const rollOver = 0x01;

/**
 * Characters of the keys 0x04 to 0x38, plain and with shift, on a US keyboard; a space where there is none
 * but at the space bar. Source: HID Usage Tables 1.12, section 10.
 */
const plain = "abcdefghijklmnopqrstuvwxyz1234567890\0\0\0\t -=[]\\\\;'`,./";
const shifted = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ!@#$%^&*()\0\0\0\t _+{}||:"~<>?';
const firstKey = 0x04;

/**
 * Text out of the boot reports of a keyboard wedge: modifiers, 0, up to six keys that are down. A key counts
 * when it goes down; Enter ends a code. For a US layout without Caps Lock. A code with a key in it
 * that has no character is thrown away whole.
 */
export class HidKeyboardAssembler {
  readonly #lengthMax: number;
  #down: readonly number[] = [];
  #text = '';
  #isSpoiled = false;
  #lastAtMs = 0;
  readonly #counters = {
    ...{ scans: 0, foreign: 0, unknownKeys: 0, spoiled: 0, tooLong: 0, cutOff: 0 },
  };

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  get counters(): HidKeyboardCounters {
    return { ...this.#counters };
  }

  /** @returns the codes that the report completes: none or one, but for a keyboard with two Enters */
  push(report: Uint8Array, atMs: number): Frame[] {
    if (report.length !== bootReportBytes) {
      this.#counters.foreign += 1;
      return [];
    }
    if (this.#isInside && atMs - this.#lastAtMs > gapMs) this.reset();
    this.#lastAtMs = atMs;
    const [modifiers = 0] = report;
    const keys = [...report.subarray(2)].filter((key) => key !== 0);
    if (keys.includes(rollOver)) {
      this.#spoil();
      return [];
    }
    const pressed = keys.filter((key) => !this.#down.includes(key));
    this.#down = keys;
    return pressed.flatMap((key) => this.#press(key, modifiers) ?? []);
  }

  /** Forgets half a code and what is down; for a new connection. */
  reset(): void {
    if (this.#isInside) this.#counters.cutOff += 1;
    this.#begin();
    this.#down = [];
  }

  get #isInside(): boolean {
    return this.#text !== '' || this.#isSpoiled;
  }

  #begin(): void {
    this.#text = '';
    this.#isSpoiled = false;
  }

  #press(key: number, modifiers: number): Frame | undefined {
    if (enterKeys.has(key)) return this.#end();
    const character = characterOf(key, modifiers);
    if (character === undefined) this.#spoil();
    else if (this.#text.length < this.#lengthMax) this.#text += character;
    else if (!this.#isSpoiled) {
      this.#counters.tooLong += 1;
      this.#isSpoiled = true;
    }
    return undefined;
  }

  #spoil(): void {
    this.#counters.unknownKeys += 1;
    if (!this.#isSpoiled) this.#counters.spoiled += 1;
    this.#isSpoiled = true;
  }

  #end(): Frame | undefined {
    const text = this.#isSpoiled ? '' : this.#text;
    this.#begin();
    if (text === '') return undefined;
    this.#counters.scans += 1;
    return { text };
  }
}

function characterOf(key: number, modifiers: number): string | undefined {
  const character = ((modifiers & shift) === 0 ? plain : shifted)[key - firstKey];
  if (character === undefined || character === '\0' || (modifiers & others) !== 0) return undefined;
  if ((modifiers & ctrl) === 0) return character;
  // As on a terminal: Ctrl and ] are GS. Scanners send control characters so.
  const code = character.toUpperCase().charCodeAt(0);
  return code >= 0x40 && code <= 0x5f ? String.fromCharCode(code & 0x1f) : undefined;
}
