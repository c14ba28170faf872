import { DeviceUnavailableError } from '../../src/domain/errors.ts';
import { type Clock, pause } from '../../src/ports/clock.ts';
import { AbortWatch, never } from '../transport/abort-watch.ts';
import {
  exceptionOf,
  type Modbus,
  type ModbusLine,
  type ModbusTarget,
} from '../transport/modbus.ts';

/** One unit behind the line. */
export type LineUnit = ModbusTarget;

/**
 * Another unit has cost the line its connection, and there is a new one: the write was not sent, and
 * none will be before this unit has been read.
 */
class LineReplacedError extends DeviceUnavailableError {}

export const isLineReplaced = (error: unknown): boolean => error instanceof LineReplacedError;

const busy = 6;
const busyPausesMs = [50, 100, 200];

/** One request of a member. */
export interface Job {
  readonly member: LineMember;
  readonly isWrite: boolean;
  send(modbus: Modbus): Promise<unknown>;
  done(value: unknown): void;
  fail(error: Error): void;
}

/** What a member asks of its line. */
interface Line {
  readonly clock: Clock;
  add(job: Job): void;
  giveUp(job: Job): void;
  leave(member: LineMember): void;
}

/** One device's place on a shared line. */
export class LineMember implements ModbusLine {
  readonly at: LineUnit;
  readonly #line: Line;
  readonly #aborts = new AbortWatch();
  /** Generation of the line on which the unit has been heard. */
  readOn = 0;

  constructor(line: Line, at: LineUnit) {
    this.#line = line;
    this.at = at;
  }

  async readHolding(address: number, words: number, signal: AbortSignal) {
    const ask = () =>
      // What is out is never taken back: its reply belongs to the line.
      this.#ask(false, signal, (modbus) => modbus.readHolding(address, words, never));
    for (const pauseMs of busyPausesMs) {
      try {
        return await ask();
      } catch (error) {
        if (exceptionOf(error) !== busy) throw error;
        await pause(this.#line.clock, pauseMs, signal);
      }
    }
    return await ask();
  }

  async writeHolding(address: number, words: readonly number[], signal: AbortSignal) {
    await this.#ask(true, signal, (modbus) => modbus.writeHolding(address, words, never));
  }

  close(): void {
    this.#line.leave(this);
    this.#aborts.end();
  }

  #ask<T>(isWrite: boolean, signal: AbortSignal, send: (modbus: Modbus) => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const giveUp = () => this.#line.giveUp(job);
      const settled = () => this.#aborts.off(signal, giveUp);
      const job: Job = {
        ...{ member: this, isWrite, send },
        done(value) {
          settled();
          resolve(value as T);
        },
        fail(error) {
          settled();
          reject(error);
        },
      };
      this.#aborts.on(signal, giveUp);
      this.#line.add(job);
      if (signal.aborted) giveUp();
    });
  }
}

export const where = ({ unit }: LineUnit) => ({ context: { unit } });
export const unavailable = (message: string, unit: LineUnit) =>
  new DeviceUnavailableError(message, where(unit));
export const replaced = (unit: LineUnit) =>
  new LineReplacedError('The line has a new connection: read first', where(unit));
