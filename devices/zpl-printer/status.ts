import { DeviceProtocolError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Traffic } from '../lib/traffic.ts';
import type { Link } from '../transport/link.ts';
import {
  type HostStatus,
  hostStatusLines,
  hostStatusRequest,
  telegramEnd,
  telegramStart,
} from './fields.ts';
import { faultsOf, parseHostStatus } from './interpret.ts';

const telegramLengthMax = 256;
const lateAnswersMax = 1_000;
/** Silence after which questions without an answer count as never heard, in reply limits. */
const silenceLimits = 3;

/** Finds status telegrams in what a printer sends, however it is split. */
export class TelegramReader {
  #text = '';
  #lines: string[] = [];

  /** @throws {DeviceProtocolError} when something between STX and ETX is no line of the telegram */
  push(bytes: Uint8Array): HostStatus[] {
    const found: HostStatus[] = [];
    for (const byte of bytes) {
      const status = this.#take(String.fromCharCode(byte));
      if (status) found.push(status);
    }
    return found;
  }

  #take(character: string): HostStatus | undefined {
    if (character === telegramStart) {
      this.#text = character;
      return undefined;
    }
    // Between the lines stands CR LF, and whatever else a printer says unasked.
    if (this.#text === '') return undefined;
    if (character !== telegramEnd) {
      this.#text += character;
      if (this.#text.length <= telegramLengthMax) return undefined;
      throw new DeviceProtocolError('A status line does not end');
    }
    this.#lines.push(this.#text.slice(telegramStart.length));
    this.#text = '';
    if (this.#lines.length < hostStatusLines.length) return undefined;
    const lines = this.#lines;
    this.#lines = [];
    return parseHostStatus(lines);
  }
}

/**
 * Asks one printer for its status over one link, one question at a time.
 *
 * Printers stay silent in some faults, and may answer old questions when these are over. An answer
 * is believed only where it is known to be the one to the newest question: when there
 * have been as many answers as questions, or after silence and a question anew.
 */
export class StatusQuery {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #replyLimitMs: number;
  readonly #traffic: Traffic;
  readonly #reader = new TelegramReader();
  readonly #end: AbortController;
  #answered: ((status: HostStatus) => void) | undefined;
  /** Questions without an answer so far. */
  #unanswered = 0;
  /** Answers that nobody waited for. */
  lateAnswers = 0;

  /** @param end  aborted, with a device error as its reason, when the link is of no more use; also by this */
  constructor(
    link: Link,
    end: AbortController,
    options: { readonly clock: Clock; readonly replyLimitMs: number; readonly traffic: Traffic },
  ) {
    this.#link = link;
    this.#end = end;
    this.#clock = options.clock;
    this.#replyLimitMs = options.replyLimitMs;
    this.#traffic = options.traffic;
    link.onData((bytes) => this.#received(bytes));
  }

  /**
   * @returns undefined when there was no answer in time, or none that can be believed
   * @throws  the reason of `end`, or what a write throws
   */
  async ask(): Promise<HostStatus | undefined> {
    const isBehind = this.#unanswered > 0;
    const status = await this.#exchange();
    if (!isBehind || status === undefined || this.#unanswered === 0) return status;
    await this.#silence();
    this.#unanswered = 0;
    return await this.#exchange();
  }

  async #exchange(): Promise<HostStatus | undefined> {
    // Listened for first: over loopback the answer may be there before the write is done.
    const answer = this.#next(this.#replyLimitMs);
    this.#unanswered += 1;
    answer.catch(() => {});
    const askedMs = this.#clock.monotonicMs();
    await this.#link.write(Buffer.from(hostStatusRequest, 'ascii'), this.#end.signal);
    const status = await answer;
    if (status === undefined) this.#traffic.timedOut(`no status within ${this.#replyLimitMs} ms`);
    else this.#traffic.answeredIn(this.#clock.monotonicMs() - askedMs);
    return status;
  }

  async #silence(): Promise<void> {
    for (let late = 0; late < lateAnswersMax; late += 1) {
      if ((await this.#next(silenceLimits * this.#replyLimitMs)) === undefined) return;
      this.lateAnswers += 1;
    }
    throw new DeviceProtocolError('It answers without being asked');
  }

  /** The next answer; undefined when none comes in time. */
  #next(limitMs: number): Promise<HostStatus | undefined> {
    const { signal } = this.#end;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        this.#answered = undefined;
        cancel();
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = () => finish(() => reject(signal.reason));
      const cancel = this.#clock.after(limitMs, () => finish(() => resolve(undefined)));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#answered = (status) => finish(() => resolve(status));
      if (signal.aborted) onAbort();
    });
  }

  #received(bytes: Uint8Array): void {
    try {
      for (const status of this.#reader.push(bytes)) this.#heard(status);
    } catch (error) {
      if (error instanceof Error) this.#traffic.judge(`discarded: ${error.message}`);
      this.#end.abort(error);
    }
  }

  #heard(status: HostStatus): void {
    this.#unanswered = Math.max(0, this.#unanswered - 1);
    const decoded = `status: ${faultsOf(status).join(', ') || 'ready'}`;
    this.#traffic.judge(this.#answered === undefined ? 'late' : 'ok', decoded);
    if (this.#answered) this.#answered(status);
    else this.lateAnswers += 1;
  }
}
