import {
  DeviceProtocolError,
  DeviceTimeoutError,
  DeviceUnavailableError,
  invariant,
} from '../../src/domain/errors.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import type { Link } from './link.ts';
import { exceptionError, exceptionOf, type Modbus, type ModbusTarget } from './modbus.ts';
import { describeRtuReply, describeRtuRequest } from './modbus-describe.ts';
import { findReply, type RtuRequest, readRequest, writeRequest } from './modbus-rtu-frame.ts';
import { type ModbusConnection, type ModbusCounters, noTraffic } from './modbus-tcp.ts';
import { TapSwitch, tapLink, type WireTap } from './tap.ts';

export interface RtuCounters extends ModbusCounters {
  /** Bytes that nobody asked for: noise, late replies, replies to other masters. */
  droppedBytes: number;
}

export const noRtuTraffic = (): RtuCounters => ({ ...noTraffic(), droppedBytes: 0 });

export interface ModbusRtuOptions {
  /** A serial line, or a TCP connection to a gateway that passes RTU frames on. Closed with the connection. */
  readonly link: Link;
  /** Unit id, 1 to 247. */
  readonly unit: number;
  /** From sending a request to its reply. */
  readonly requestLimitMs: number;
  /**
   * After a timeout, and at the beginning, nothing is sent for so long, and what comes in is dropped:
   * longer than the slave ever takes to answer. Default: the limit of the request.
   */
  readonly quarantineMs?: number;
  /** Silence between what came in last and the next request. Default 5; t3.5 at 9600 baud is 4. */
  readonly silenceMs?: number;
  readonly clock: Clock;
  /** Ends the connection. */
  readonly signal: AbortSignal;
  /** Counted here instead of in a new object. */
  readonly counters?: RtuCounters;
  /** What goes over the line is recorded and judged here. */
  readonly traffic?: WireTap | undefined;
}

// More than a driver asks at once, and few enough that the last one still gets its turn in time.
const waitingMax = 32;
// Twice the longest frame: a line that babbles is no reply.
const bufferMax = 512;

/**
 * Modbus RTU over an open link. One request at a time. A frame has no number that would tie a reply
 * to its request, so that nothing is sent before the line has been silent, and after a timeout the line
 * is quarantined until the late reply must have come. Unlike over TCP the connection goes on then.
 */
export function connectModbusRtu(options: ModbusRtuOptions): ModbusConnection {
  const tap = new TapSwitch(options.traffic);
  const link = tapLink(options.link, tap, describeRtuRequest);
  return new RtuConnection({ ...options, link }, tap);
}

interface Job {
  readonly request: RtuRequest;
  readonly target: ModbusTarget;
  readonly signal: AbortSignal;
  done(body: Buffer): void;
  fail(error: Error): void;
}

class RtuConnection implements ModbusConnection {
  readonly closed: Promise<Error | undefined>;
  readonly counters: RtuCounters;
  readonly #options: ModbusRtuOptions;
  readonly #tap: TapSwitch;
  readonly #waiting: Job[] = [];
  readonly #sayClosed: (reason: Error | undefined) => void;
  #isRunning = false;
  #ended = false;
  #heardAtMs: number;
  #quietUntilMs: number;
  /** Hears what comes in while a request is out. */
  #onBytes: ((bytes: Buffer) => void) | undefined;
  #giveUp: ((message: string, cause: Error | undefined) => void) | undefined;

  constructor(options: ModbusRtuOptions, tap: TapSwitch) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#sayClosed = resolve;
    this.#options = options;
    this.#tap = tap;
    this.counters = options.counters ?? noRtuTraffic();
    const { link, signal, clock } = options;
    this.#heardAtMs = clock.monotonicMs();
    this.#quietUntilMs = this.#heardAtMs + this.#quarantineMs;
    link.onData((bytes) => {
      this.#heardAtMs = clock.monotonicMs();
      if (this.#onBytes === undefined) this.#drop(bytes.length, true);
      else this.#onBytes(Buffer.from(bytes));
    });
    void link.closed.then((reason) => this.#end(reason ?? this.#unavailable('Line was closed')));
    signal.addEventListener('abort', this.#abort, { once: true });
    if (signal.aborted) this.close();
  }

  of(target: ModbusTarget): Modbus {
    return {
      readHolding: (address, words, signal) => this.#read(target, address, words, signal),
      writeHolding: (address, words, signal) => this.#write(target, address, words, signal),
    };
  }

  readHolding(address: number, words: number, signal: AbortSignal): Promise<number[]> {
    return this.#read(this.#options, address, words, signal);
  }

  writeHolding(address: number, words: readonly number[], signal: AbortSignal): Promise<void> {
    return this.#write(this.#options, address, words, signal);
  }

  async #read(target: ModbusTarget, address: number, words: number, signal: AbortSignal) {
    invariant(words >= 1 && words <= 125, `${words} registers are more than one request reads`);
    const request = readRequest(target.unit, address, words);
    const body = await this.#request(request, target, signal);
    return Array.from({ length: words }, (_, i) => body.readUInt16BE(2 * i));
  }

  async #write(
    target: ModbusTarget,
    address: number,
    words: readonly number[],
    signal: AbortSignal,
  ) {
    const { length } = words;
    invariant(length >= 1 && length <= 123, `${length} registers are more than one request writes`);
    const fits = words.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffff);
    invariant(fits, `a word for ${address} does not fit its register`);
    const request = writeRequest(target.unit, address, words);
    await this.#request(request, target, signal);
  }

  close(): void {
    this.#end(undefined);
  }

  #request(request: RtuRequest, target: ModbusTarget, signal: AbortSignal): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      if (this.#ended) return reject(this.#unavailable('Line has ended'));
      if (this.#waiting.length >= waitingMax) {
        return reject(this.#unavailable('Too many requests are waiting'));
      }
      this.#waiting.push({ request, target, signal, done: resolve, fail: reject });
      if (!this.#isRunning) void this.#run();
    });
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      await this.#silence();
      if (this.#ended) job.fail(this.#unavailable('Line ended before it was sent'));
      else if (job.signal.aborted) job.fail(this.#unavailable('Given up before it was sent'));
      else await this.#exchange(job);
    }
    this.#isRunning = false;
  }

  /** Until the line has been silent, and a quarantine is over. */
  async #silence(): Promise<void> {
    const { clock, silenceMs = 5, signal } = this.#options;
    const dueMs = () => Math.max(this.#quietUntilMs, this.#heardAtMs + silenceMs);
    while (!this.#ended && clock.monotonicMs() < dueMs()) {
      await pause(clock, Math.max(0, dueMs() - clock.monotonicMs()), signal);
    }
  }

  /** One request and its reply. Never rejects: the job hears how it went. */
  async #exchange({ request, target, signal, done, fail }: Job): Promise<void> {
    const { clock, link } = this.#options;
    const { requestLimitMs, traffic } = target;
    this.#tap.to = traffic;
    const where = { context: { unit: request.unit } };
    const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
    let received: Buffer = Buffer.alloc(0);
    const late = () => {
      this.counters.timeouts++;
      this.#tap.timedOut(`no reply within ${requestLimitMs} ms`);
      reject(new DeviceTimeoutError('No reply in time', where));
    };
    const aborted = () => reject(new DeviceTimeoutError('Given up before the reply', where));
    this.#giveUp = (message, cause) => reject(new DeviceTimeoutError(message, { ...where, cause }));
    this.#onBytes = (bytes) => {
      received = Buffer.concat([received, bytes]);
      this.#judge(request, received, resolve, reject);
    };
    this.counters.requests++;
    const cancel = clock.after(requestLimitMs, late);
    signal.addEventListener('abort', aborted, { once: true });
    link.write(request.bytes, this.#options.signal).catch(reject);
    try {
      done(await promise);
    } catch (error) {
      if (exceptionOf(error) === undefined) {
        this.#quietUntilMs = clock.monotonicMs() + (this.#options.quarantineMs ?? requestLimitMs);
        this.#drop(received.length, false);
      }
      fail(error instanceof Error ? error : new Error(String(error)));
    } finally {
      cancel();
      signal.removeEventListener('abort', aborted);
      this.#onBytes = undefined;
      this.#giveUp = undefined;
    }
  }

  #judge(
    request: RtuRequest,
    received: Buffer,
    resolve: (body: Buffer) => void,
    reject: (error: Error) => void,
  ): void {
    const broken = (message: string, verdict = `discarded: ${message}`) => {
      this.counters.framingErrors++;
      this.#tap.judge(verdict);
      reject(new DeviceProtocolError(message, where));
    };
    const where = { context: { unit: request.unit } };
    const found = findReply(request, received);
    if (found.kind === 'damaged') return broken('CRC of the reply is wrong', 'crc');
    if (found.kind === 'incomplete') {
      if (received.length > bufferMax) broken('No reply in what came in');
      return;
    }
    // With more behind it, one of the two is the reply to something else, and nobody knows which.
    if (found.rest > 0) return broken('More than one reply came in');
    this.#drop(found.dropped, false);
    this.#tap.judge('ok', describeRtuReply(received.subarray(found.dropped)));
    if (found.kind === 'reply') return resolve(found.body);
    this.counters.exceptions++;
    reject(exceptionError(found.exception, where.context));
  }

  #drop(bytes: number, isUnasked: boolean): void {
    this.counters.droppedBytes += bytes;
    if (!isUnasked) return;
    this.counters.lateReplies++;
    this.#tap.judge('late');
  }

  readonly #abort = () => this.close();

  #end(reason: Error | undefined): void {
    if (this.#ended) return;
    this.#ended = true;
    const { link, signal } = this.#options;
    signal.removeEventListener('abort', this.#abort);
    const message =
      reason === undefined ? 'Closed before the reply' : 'Line was lost before the reply';
    this.#giveUp?.(message, reason);
    for (const job of this.#waiting.splice(0)) {
      job.fail(this.#unavailable('Line ended before it was sent'));
    }
    void link.close();
    this.#sayClosed(reason);
  }

  get #quarantineMs(): number {
    return this.#options.quarantineMs ?? this.#options.requestLimitMs;
  }

  get #where() {
    return { context: { unit: this.#options.unit } };
  }

  #unavailable(message: string): DeviceUnavailableError {
    return new DeviceUnavailableError(message, this.#where);
  }
}
