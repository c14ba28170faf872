import { DeviceProtocolError } from '../../src/domain/errors.ts';
import {
  type HostStatus,
  hostStatusLines,
  type Question,
  telegramEnd,
  telegramStart,
} from './fields.ts';
import {
  type ExtendedStatus,
  type Identity,
  parseExtendedStatus,
  parseHostStatus,
  parseIdentity,
} from './interpret.ts';

const telegramLengthMax = 512;
const quotedLengthMax = 16;

/** What a printer can answer, by question. */
export interface Answers {
  readonly status: HostStatus;
  readonly extended: ExtendedStatus;
  readonly identity: Identity;
  /** Labels in its life; `none` where the firmware does not know it. */
  readonly odometer: number | 'none';
}

export type Answer = {
  readonly [Q in Question]: { readonly question: Q; readonly value: Answers[Q] };
}[Question];

/**
 * Finds answers in what a printer sends, however it is split. What stands between telegrams is no
 * answer and is left out: printers say things unasked, and a line has noise.
 */
export class AnswerReader {
  /** The telegram that has begun, with its STX; empty between telegrams. */
  #telegram = '';
  #lines: string[] = [];
  /** Text after a quotation mark, between telegrams. */
  #quoted: string | undefined;

  /** @throws {DeviceProtocolError} when something between STX and ETX is nothing that a printer answers */
  push(bytes: Uint8Array): Answer[] {
    const found: Answer[] = [];
    for (const character of Buffer.from(bytes).toString('latin1')) {
      const answer = this.#take(character);
      if (answer) found.push(answer);
    }
    return found;
  }

  #take(character: string): Answer | undefined {
    if (character === telegramStart) {
      this.#telegram = character;
      this.#quoted = undefined;
      return undefined;
    }
    if (this.#telegram === '') return this.#takeBetween(character);
    if (character !== telegramEnd) {
      this.#telegram += character;
      if (this.#telegram.length <= telegramLengthMax) return undefined;
      throw new DeviceProtocolError('A status line does not end');
    }
    const text = this.#telegram.slice(telegramStart.length);
    this.#telegram = '';
    return this.#understand(text);
  }

  /** Variables are answered in quotation marks, without STX and ETX. */
  #takeBetween(character: string): Answer | undefined {
    if (character !== '"') {
      if (this.#quoted !== undefined) this.#quoted += character;
      if ((this.#quoted?.length ?? 0) > quotedLengthMax) this.#quoted = undefined;
      return undefined;
    }
    const text = this.#quoted;
    this.#quoted = text === undefined ? '' : undefined;
    if (text === '?') return { question: 'odometer', value: 'none' };
    if (text !== undefined && /^\d{1,15}$/.test(text)) {
      return { question: 'odometer', value: Number(text) };
    }
    // What looked like an end may be the beginning.
    if (text !== undefined) this.#quoted = '';
    return undefined;
  }

  #understand(text: string): Answer | undefined {
    if (/^\s*PRINTER STATUS/.test(text)) {
      return { question: 'extended', value: parseExtendedStatus(text) };
    }
    const identity = /^[\d ,]*$/.test(text) ? undefined : parseIdentity(text);
    if (identity) return { question: 'identity', value: identity };
    this.#lines.push(text);
    if (this.#lines.length < hostStatusLines.length) return undefined;
    const lines = this.#lines;
    this.#lines = [];
    return { question: 'status', value: parseHostStatus(lines) };
  }
}
