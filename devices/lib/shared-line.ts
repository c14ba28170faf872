import { DeviceProtocolError, DeviceTimeoutError, isDeviceError } from '../../src/domain/errors.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import { exceptionOf, type ModbusLine } from '../transport/modbus.ts';
import type { ModbusConnection } from '../transport/modbus-tcp.ts';
import {
  type Job,
  type LineUnit,
  LineMember as Member,
  replaced,
  unavailable,
  where,
} from './line-member.ts';
import { Rests, Turns } from './turns.ts';

// More than a driver asks at once, and few enough that the last one still gets its turn in time.
const waitingMax = 32;
/** The gateway must have seen the old connection end: many have places for a few only. */
const reopenPauseMs = 50;
/** A shorter turn holds nobody up, and a timer for it would cost more than it spares. */
const briefMs = 10;
const gatewayHasNoAnswer = [10, 11];

/**
 * The one owner of the connection to a gateway or of a serial line, for all devices behind it. One
 * request is out at a time; `Turns` says whose is next.
 *
 * Nobody holds the others up: after a turn that took c ms a unit rests for c ms for each other device
 * that uses the line before it is read again, so that a slow one gets its share of the time and not more.
 * After each further request without an answer, by itself or by the gateway for it, it rests for
 * twice as long, up to 30 s.
 *
 * Where a request has to end the connection (a timeout over TCP), only its own device is told so. The
 * others get a new connection: their reads wait for it; their writes, which were not sent, are refused
 * with `LineReplacedError` until the unit has been read on it. When that connection cannot be made, or
 * the old one was lost with no request out, all devices are told.
 */
export class SharedLine {
  readonly clock: Clock;
  readonly #dial: (signal: AbortSignal) => Promise<ModbusConnection>;
  readonly #members = new Set<Member>();
  readonly #turns = new Turns<Job>();
  readonly #rests: Rests;
  #opening: Promise<void> | undefined;
  #connection: ModbusConnection | undefined;
  #ending = new AbortController();
  /** Counts the connections. */
  generation = 0;
  #current: Job | undefined;
  /** By unit, the number of its last turn. */
  readonly #turnsHad = new Map<number, number>();
  #turnCount = 0;
  /** The next exchange waits for the line to be silent, which is not its own doing. */
  #isSettling = false;
  #cancelWake: () => void = () => {};

  constructor(dial: (signal: AbortSignal) => Promise<ModbusConnection>, clock: Clock) {
    this.#dial = dial;
    this.clock = clock;
    this.#rests = new Rests(clock);
  }

  /**
   * A place on the line, once the unit may be asked again and the line is connected.
   *
   * @throws {DeviceUnavailableError} it cannot be connected, or `signal` was aborted
   */
  async join(unit: LineUnit, signal: AbortSignal): Promise<ModbusLine> {
    const restMs = this.#members.size === 0 ? 0 : this.#rests.silentForMs(unit.unit);
    if (restMs > 0) await pause(this.clock, restMs, signal);
    const member = new Member(this, unit);
    const givenUp = Promise.withResolvers<never>();
    const giveUp = () => givenUp.reject(unavailable('Connecting was given up', unit));
    signal.addEventListener('abort', giveUp, { once: true });
    if (signal.aborted) giveUp();
    this.#members.add(member);
    try {
      await Promise.race([givenUp.promise, this.#open()]);
      if (!this.has(member)) throw unavailable('Connection has ended', unit);
      member.readOn = this.generation; // whoever connects knows by itself to read first
      return member;
    } catch (error) {
      this.leave(member);
      throw error;
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  /** @param why  for what waits unsent; absent: the connection has ended */
  leave(member: Member, why?: Error): void {
    if (!this.#members.delete(member)) return;
    const { unit } = member.at;
    const isShared = [...this.#members].some(({ at }) => at.unit === unit);
    const left = isShared
      ? this.#turns.withdraw(unit, (job) => job.member === member)
      : this.#turns.remove(unit);
    for (const job of left) job.fail(why ?? unavailable('Connection has ended', member.at));
    if (this.#current?.member === member) {
      this.#current.fail(new DeviceTimeoutError('Closed before the reply', where(member.at)));
    }
    if (this.#members.size === 0) this.#end();
  }

  has(member: Member): boolean {
    return this.#members.has(member);
  }

  add(job: Job): void {
    const { at } = job.member;
    if (!this.has(job.member)) return job.fail(unavailable('Connection has ended', at));
    if (this.#turns.count(at.unit) >= waitingMax) {
      return job.fail(unavailable('Too many requests are waiting', at));
    }
    this.#turns.add(at.unit, job);
    this.#pump();
  }

  giveUp(job: Job): void {
    const { at } = job.member;
    const [waiting] = this.#turns.withdraw(at.unit, (other) => other === job);
    if (waiting !== undefined) return waiting.fail(unavailable('Given up before it was sent', at));
    // The connection still takes its reply: the others go on with it.
    job.fail(new DeviceTimeoutError('Given up before the reply', where(at)));
  }

  /** @throws what the dial throws, to everybody who waits for it */
  #open(): Promise<void> {
    this.#opening ??= this.#connect(this.#ending.signal);
    return this.#opening;
  }

  async #connect(signal: AbortSignal): Promise<void> {
    try {
      const connection = await this.#dial(signal);
      if (signal.aborted) return connection.close();
      this.generation++;
      this.#connection = connection;
      void connection.closed.then((reason) => this.#lost(connection, reason));
      this.#pump();
    } catch (error) {
      if (!signal.aborted) this.#opening = undefined;
      throw error;
    }
  }

  #end(): void {
    this.#ending.abort();
    this.#ending = new AbortController();
    this.#connection = undefined;
    this.#opening = undefined;
    this.#cancelWake();
  }

  #lost(connection: ModbusConnection, reason: Error | undefined): void {
    if (connection !== this.#connection) return;
    this.#connection = undefined;
    this.#opening = undefined;
    const culprit = this.#current?.member;
    if (culprit === undefined) return this.#endAll(reason);
    // Its request hears of the connection itself how it ended.
    this.#current = undefined;
    this.leave(culprit);
    if (this.#members.size === 0) return;
    for (const { at } of this.#members) {
      for (const job of this.#turns.withdraw(at.unit, ({ isWrite }) => isWrite)) {
        job.fail(replaced(at));
      }
    }
    void this.#reopen();
  }

  /** Once; whoever joins meanwhile waits for it too. */
  async #reopen(): Promise<void> {
    const { signal } = this.#ending;
    const dial = () => (signal.aborted ? undefined : this.#connect(signal));
    this.#opening = pause(this.clock, reopenPauseMs, signal).then(dial);
    try {
      await this.#opening;
    } catch (error) {
      if (!isDeviceError(error)) throw error;
      this.#endAll(error);
    }
  }

  #endAll(why: Error | undefined): void {
    for (const member of [...this.#members]) this.leave(member, why);
  }

  /** Sends the next request, or waits for the end of a rest. */
  #pump(): void {
    this.#cancelWake();
    const connection = this.#connection;
    if (this.#current !== undefined || connection === undefined) return;
    const nowMs = this.clock.monotonicMs();
    const job = this.#turns.next((unit, isWrite) => this.#dueMs(unit, isWrite) <= nowMs);
    if (job === undefined) return this.#wake(nowMs);
    if (job.isWrite && job.member.readOn !== this.generation) {
      job.fail(replaced(job.member.at));
      return this.#pump();
    }
    void this.#exchange(connection, job);
  }

  #wake(nowMs: number): void {
    const dues = [...this.#turns.kinds()].map(([unit, isWrite]) => this.#dueMs(unit, isWrite));
    if (dues.length === 0) return;
    const restMs = Math.max(0, Math.min(...dues) - nowMs);
    this.#cancelWake = this.clock.after(restMs, () => this.#pump());
  }

  #dueMs(unit: number, isWrite: boolean): number {
    return this.#members.size < 2 ? 0 : this.#rests.dueMs(unit, isWrite);
  }

  /** For as long as the turn took, once for each other unit that has had a turn since the last one or waits. */
  #rest(unit: number, tookMs: number, isSilent: boolean): void {
    const others = this.#members.size < 2 ? 0 : this.#othersSince(unit);
    this.#turnsHad.set(unit, ++this.#turnCount);
    const isBrief = tookMs < briefMs && !isSilent;
    const restMs = isBrief ? 0 : tookMs * Math.max(others, isSilent ? 1 : 0);
    this.#rests.begin(unit, { tookMs: restMs, isSilent });
  }

  #othersSince(unit: number): number {
    const before = this.#turnsHad.get(unit) ?? 0;
    const units = new Set([...this.#members].map(({ at }) => at.unit));
    const isOther = (other: number) =>
      other !== unit && (this.#turns.count(other) > 0 || (this.#turnsHad.get(other) ?? 0) > before);
    return [...units].filter(isOther).length;
  }

  async #exchange(connection: ModbusConnection, job: Job): Promise<void> {
    const { at } = job.member;
    const startedMs = this.clock.monotonicMs();
    const isOwnTime = !this.#isSettling;
    this.#current = job;
    this.#isSettling = false;
    let failure: unknown;
    try {
      const value = await job.send(connection.of(at));
      job.member.readOn = this.generation;
      job.done(value);
    } catch (error) {
      failure = error;
      this.#isSettling = exceptionOf(error) === undefined;
      job.fail(error instanceof Error ? error : new DeviceProtocolError(String(error)));
    }
    const isSilent = isSilence(failure);
    const tookMs = isOwnTime || isSilent ? this.clock.monotonicMs() - startedMs : 0;
    this.#rest(at.unit, tookMs, isSilent);
    if (this.#current === job) this.#current = undefined;
    this.#pump();
  }
}

const isSilence = (error: unknown): boolean =>
  error instanceof DeviceTimeoutError || gatewayHasNoAnswer.includes(exceptionOf(error) ?? 0);
