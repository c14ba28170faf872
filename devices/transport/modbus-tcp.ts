import { connect } from 'node:net';
import modbusSerial from 'modbus-serial';
import {
  DeviceProtocolError,
  DeviceTimeoutError,
  DeviceUnavailableError,
  invariant,
} from '../../src/domain/errors.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { offAbort, onAbort } from './abort-watch.ts';
import { exceptionError, type Modbus, type ModbusTarget } from './modbus.ts';
import { type ByteSocket, ModbusTcpPort } from './modbus-tcp-port.ts';
import { TapSwitch, type WireTap } from './tap.ts';

/** What went over a wire. One object may count several connections, one after the other. */
export interface ModbusCounters {
  requests: number;
  timeouts: number;
  exceptions: number;
  framingErrors: number;
  lateReplies: number;
}

export const noTraffic = (): ModbusCounters => ({
  ...{ requests: 0, timeouts: 0, exceptions: 0, framingErrors: 0, lateReplies: 0 },
});

/** One connection. When it has ended it stays so: a new one is a new object. */
export interface ModbusConnection extends Modbus {
  /** The same connection to another unit behind it. Requests to all of them go out one at a time. */
  of(target: ModbusTarget): Modbus;
  /** Ends it at once. A request that waits for its reply is rejected, and so are those behind it. */
  close(): void;
  /** Resolves when it has ended: with the reason, or with undefined after `close`. Never rejects. */
  readonly closed: Promise<Error | undefined>;
  readonly counters: Readonly<ModbusCounters>;
}

export interface ModbusTcpOptions {
  readonly host: string;
  readonly port: number;
  /** Unit id, 0 to 255. */
  readonly unit: number;
  readonly connectLimitMs: number;
  /** From sending a request to its reply. Past it the connection is ended. */
  readonly requestLimitMs: number;
  readonly clock: Clock;
  /** Ends the connecting, and the connection too. */
  readonly signal: AbortSignal;
  /** Counted here instead of in a new object. */
  readonly counters?: ModbusCounters;
  /** Every frame is recorded and judged here. */
  readonly traffic?: WireTap | undefined;
}

// More than a driver asks at once, and few enough that the last one still gets its turn in time.
const waitingMax = 32;
const keepAliveMs = 5_000;

/**
 * Connects to a Modbus TCP server. One request is out at a time, the others wait in order.
 *
 * A timeout, a reply that the protocol does not allow and an aborted request end the connection: what
 * comes late on it can then answer nothing. An exception does not.
 *
 * @throws {DeviceUnavailableError} refused, unreachable, not in time, or aborted
 */
export async function connectModbusTcp(options: ModbusTcpOptions): Promise<ModbusConnection> {
  const { host, port, connectLimitMs, clock, signal } = options;
  const socket = connect({
    ...{ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: keepAliveMs },
  });
  await new Promise<void>((resolve, reject) => {
    const settle = (error?: Error) => {
      cancel();
      signal.removeEventListener('abort', aborted);
      socket.removeListener('error', failed);
      if (error === undefined) return resolve();
      socket.on('error', () => {}); // a second one has nothing more to tell
      socket.destroy();
      reject(error);
    };
    const unavailable = (message: string, cause?: unknown) =>
      settle(new DeviceUnavailableError(message, { context: { host, port }, cause }));
    const failed = (cause: Error) => unavailable('Cannot connect', cause);
    const aborted = () => unavailable('Connecting was given up');
    const cancel = clock.after(connectLimitMs, () => unavailable('Connecting took too long'));
    socket.once('error', failed);
    socket.once('connect', () => settle());
    signal.addEventListener('abort', aborted, { once: true });
    if (signal.aborted) aborted();
  });
  return new ModbusTcpConnection(socket, options);
}

type Callback<T> = (error: Error | null, result: T) => void;
interface Job {
  readonly target: ModbusTarget;
  readonly signal: AbortSignal;
  send(): void;
  fail(error: Error): void;
}

/** Over a socket that is open already. */
export class ModbusTcpConnection implements ModbusConnection {
  readonly closed: Promise<Error | undefined>;
  readonly counters: ModbusCounters;
  readonly #options: ModbusTcpOptions;
  readonly #socket: ByteSocket;
  readonly #tap: TapSwitch;
  readonly #modbus: InstanceType<typeof modbusSerial.default>;
  readonly #waiting: Job[] = [];
  readonly #sayClosed: (reason: Error | undefined) => void;
  #current: Job | undefined;
  #cancelDeadline: () => void = () => {};
  #ended = false;

  constructor(socket: ByteSocket, options: ModbusTcpOptions) {
    const { promise, resolve } = Promise.withResolvers<Error | undefined>();
    this.closed = promise;
    this.#sayClosed = resolve;
    this.#socket = socket;
    this.#options = options;
    const counters = options.counters ?? noTraffic();
    this.counters = counters;
    this.#tap = new TapSwitch(options.traffic);
    const owner = {
      late: () => counters.lateReplies++,
      broken: (error: DeviceProtocolError) => this.#breakOff(error),
    };
    const port = new ModbusTcpPort(socket, owner, this.#tap);
    this.#modbus = new modbusSerial.default(port);
    this.#modbus.open(() => {});
    const lost = (cause?: Error) => this.#lose(cause);
    socket.on('error', lost);
    socket.on('end', () => lost()); // `close` would wait until all is sent
    socket.on('close', () => lost());
    options.signal.addEventListener('abort', this.#abort, { once: true });
    if (options.signal.aborted) this.close();
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
    return await this.#request<{ data: number[]; buffer: Buffer }, number[]>(
      { target, signal },
      (next) => this.#modbus.writeFC3(target.unit, address, words, next),
      // The bytes too: `modbus-serial` takes an odd count of them for one register more.
      ({ data, buffer }) =>
        data.length === words && buffer.length === 2 * words ? data : undefined,
    );
  }

  async #write(
    target: ModbusTarget,
    address: number,
    words: readonly number[],
    signal: AbortSignal,
  ) {
    const { length } = words;
    invariant(length >= 1 && length <= 123, `${length} registers are more than one request writes`);
    // What does not fit must not reach the wire code: it would throw with the request half begun.
    const fits = words.every((word) => Number.isInteger(word) && word >= 0 && word <= 0xffff);
    invariant(fits, `a word for ${address} does not fit its register`);
    await this.#request<{ address: number; length: number }, true>(
      { target, signal },
      (next) => this.#modbus.writeFC16(target.unit, address, words as number[], next),
      (echo) => (echo.address === address && echo.length === length ? true : undefined),
    );
  }

  close(): void {
    this.#end(undefined, new DeviceTimeoutError('Closed before the reply', this.#where));
  }

  /** @param judge  what the reply says, or undefined when it is not one to this request */
  #request<Reply, T>(
    { target, signal }: Pick<Job, 'target' | 'signal'>,
    send: (next: Callback<Reply>) => void,
    judge: (reply: Reply) => T | undefined,
  ): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const next: Callback<Reply> = (error, reply) => {
        const result = error === null ? judge(reply) : undefined;
        if (result === undefined) return this.#refuse(error);
        this.#settle();
        resolve(result);
        this.#startNext();
      };
      const job = { target, signal, send: () => send(next), fail: reject };
      if (this.#ended) return reject(this.#unavailable('Connection has ended'));
      if (this.#waiting.length >= waitingMax) {
        return reject(this.#unavailable('Too many requests are waiting'));
      }
      this.#waiting.push(job);
      if (this.#current === undefined) this.#startNext();
    });
  }

  #startNext(): void {
    for (let job = this.#waiting.shift(); job !== undefined; job = this.#waiting.shift()) {
      if (job.signal.aborted) {
        job.fail(this.#unavailable('Given up before it was sent'));
        continue;
      }
      this.#current = job;
      onAbort(job.signal, this.#giveUp);
      const { clock } = this.#options;
      this.#cancelDeadline = clock.after(job.target.requestLimitMs, this.#tooLate);
      this.counters.requests++;
      this.#tap.to = job.target.traffic;
      job.send();
      return;
    }
  }

  #settle(): Job | undefined {
    const job = this.#current;
    this.#current = undefined;
    this.#cancelDeadline();
    if (job !== undefined) offAbort(job.signal, this.#giveUp);
    return job;
  }

  /** An exception is an answer; anything else that is not the reply expected breaks the connection. */
  #refuse(error: (Error & { modbusCode?: number }) | null): void {
    const exception = error?.modbusCode;
    if (exception === undefined) {
      const details = { ...this.#where, cause: error };
      this.#breakOff(new DeviceProtocolError('Reply does not fit its request', details));
      return;
    }
    this.counters.exceptions++;
    const refused = exceptionError(exception, this.#where.context);
    this.#settle()?.fail(refused);
    this.#startNext();
  }

  readonly #abort = () => this.close();

  readonly #giveUp = () => {
    const error = new DeviceTimeoutError('Given up before the reply', this.#where);
    this.#end(error, error);
  };

  readonly #tooLate = () => {
    this.counters.timeouts++;
    this.#tap.timedOut(`no reply within ${this.#current?.target.requestLimitMs} ms`);
    const error = new DeviceTimeoutError('No reply in time', this.#where);
    this.#end(error, error);
  };

  #breakOff(error: DeviceProtocolError): void {
    this.counters.framingErrors++;
    this.#end(error, error);
  }

  #lose(cause: Error | undefined): void {
    this.#end(
      this.#unavailable('Connection was lost', cause),
      new DeviceTimeoutError('Connection was lost before the reply', { ...this.#where, cause }),
    );
  }

  /** @param pending  for the request that is out: unlike those that wait, it may have been done */
  #end(reason: Error | undefined, pending: Error): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#socket.destroy();
    this.#options.signal.removeEventListener('abort', this.#abort);
    this.#settle()?.fail(pending);
    for (const job of this.#waiting.splice(0)) {
      job.fail(this.#unavailable('Connection ended before it was sent'));
    }
    this.#sayClosed(reason);
  }

  get #where() {
    const { host, port, unit } = this.#options;
    return { context: { host, port, unit: this.#current?.target.unit ?? unit } };
  }

  #unavailable(message: string, cause?: Error): DeviceUnavailableError {
    return new DeviceUnavailableError(message, { ...this.#where, cause });
  }
}
