import { DeviceProtocolError } from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Traffic } from '../lib/traffic.ts';
import type { Link } from '../transport/link.ts';
import { type Answer, AnswerReader, type Answers } from './answer-reader.ts';
import { type Question, requests } from './fields.ts';
import { faultsOf } from './interpret.ts';

const lateAnswersMax = 1_000;
/** Silence after which questions without an answer count as never heard, in reply limits. */
const silenceLimits = 3;

/**
 * Asks one printer over one link, one question at a time.
 *
 * Printers stay silent in some faults, and may answer old questions when these are over. An answer
 * is believed only where it is known to be the one to the newest question: when there
 * have been as many answers as questions of its kind, or after silence and a question anew.
 */
export class Asking {
  readonly #link: Link;
  readonly #clock: Clock;
  readonly #replyLimitMs: number;
  readonly #traffic: Traffic;
  readonly #reader = new AnswerReader();
  readonly #end: AbortController;
  #waiting: { readonly question: Question; settle(answer: Answer): void } | undefined;
  /** Questions without an answer so far, by kind. */
  readonly #unanswered = { status: 0, extended: 0, identity: 0, odometer: 0 };
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
  async ask<Q extends Question>(question: Q): Promise<Answers[Q] | undefined> {
    const isBehind = this.#unanswered[question] > 0;
    const value = await this.#exchange(question);
    if (!isBehind || value === undefined || this.#unanswered[question] === 0) return value;
    await this.#silence(question);
    this.#unanswered[question] = 0;
    return await this.#exchange(question);
  }

  async #exchange<Q extends Question>(question: Q): Promise<Answers[Q] | undefined> {
    // Listened for first: over loopback the answer may be there before the write is done.
    const answer = this.#next(question, this.#replyLimitMs);
    this.#unanswered[question] += 1;
    answer.catch(() => {});
    const askedMs = this.#clock.monotonicMs();
    await this.#link.write(Buffer.from(requests[question], 'ascii'), this.#end.signal);
    const value = (await answer)?.value as Answers[Q] | undefined;
    if (value !== undefined) this.#traffic.answeredIn(this.#clock.monotonicMs() - askedMs);
    else this.#traffic.timedOut(`no ${question} within ${this.#replyLimitMs} ms`);
    return value;
  }

  async #silence(question: Question): Promise<void> {
    for (let late = 0; late < lateAnswersMax; late += 1) {
      const answer = await this.#next(question, silenceLimits * this.#replyLimitMs);
      if (answer === undefined) return;
      this.lateAnswers += 1;
    }
    throw new DeviceProtocolError('It answers without being asked');
  }

  /** The next answer to this kind of question; undefined when none comes in time. */
  #next(question: Question, limitMs: number): Promise<Answer | undefined> {
    const { signal } = this.#end;
    return new Promise((resolve, reject) => {
      const finish = (settle: () => void) => {
        this.#waiting = undefined;
        cancel();
        signal.removeEventListener('abort', onAbort);
        settle();
      };
      const onAbort = () => finish(() => reject(signal.reason));
      const cancel = this.#clock.after(limitMs, () => finish(() => resolve(undefined)));
      signal.addEventListener('abort', onAbort, { once: true });
      this.#waiting = { question, settle: (answer) => finish(() => resolve(answer)) };
      if (signal.aborted) onAbort();
    });
  }

  #received(bytes: Uint8Array): void {
    try {
      for (const answer of this.#reader.push(bytes)) this.#heard(answer);
    } catch (error) {
      if (error instanceof Error) this.#traffic.judge(`discarded: ${error.message}`);
      this.#end.abort(error);
    }
  }

  #heard(answer: Answer): void {
    const { question } = answer;
    this.#unanswered[question] = Math.max(0, this.#unanswered[question] - 1);
    const isAwaited = this.#waiting?.question === question;
    this.#traffic.judge(isAwaited ? 'ok' : 'late', wordsOf(answer));
    if (isAwaited) this.#waiting?.settle(answer);
    else this.lateAnswers += 1;
  }
}

/** An answer in words, for who looks at the wire. */
function wordsOf({ question, value }: Answer): string {
  switch (question) {
    case 'status':
      return `status: ${faultsOf(value).join(', ') || 'ready'}`;
    case 'extended':
      return `extended: ${value.faults.join(', ') || 'no errors'}`;
    case 'identity':
      return `identity: ${value.model} ${value.firmware}, ${value.dotsPerMm} dots per mm`;
    case 'odometer':
      return `odometer: ${value}`;
  }
}
