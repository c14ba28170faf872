import { DeviceProtocolError, DeviceUnavailableError, invariant } from '../../src/domain/errors.ts';
import type { WireTap } from './tap.ts';

/** The part of a Modbus client that drivers use. Addresses are zero-based; words are unsigned 16-bit. */
export interface Modbus {
  /**
   * Reads `words` holding registers with one FC03.
   *
   * @param words  1 to 125
   * @throws {DeviceTimeoutError | DeviceProtocolError | DeviceUnavailableError}
   */
  readHolding(address: number, words: number, signal: AbortSignal): Promise<readonly number[]>;
  /**
   * Writes all of `words` with one FC16 and compares the echo.
   *
   * @param words  1 to 123 of them
   * @throws {DeviceUnavailableError} nothing was sent
   * @throws {DeviceTimeoutError} it was sent; nothing is known of what became of it
   * @throws {DeviceProtocolError} an exception answer (`context.exception`): it was refused;
   *   without one the answer made no sense, and nothing is known
   */
  writeHolding(address: number, words: readonly number[], signal: AbortSignal): Promise<void>;
}

/** Whom a request goes to. */
export interface ModbusTarget {
  /** Unit id: 0 to 255, on a serial line 1 to 247. */
  readonly unit: number;
  /** From sending a request to its reply. */
  readonly requestLimitMs: number;
  /** Records and judges its frames. */
  readonly traffic?: WireTap | undefined;
}

/** What one device sees of its line; a new object each time that it connects. */
export type ModbusLine = Modbus & { close(): void | Promise<void> };

/** The same client, but a write that `allowed` does not know stops the process instead of a crane. */
export function guardWrites(
  modbus: Modbus,
  allowed: (address: number, words: number) => boolean,
): Modbus {
  return {
    readHolding: (address, words, signal) => modbus.readHolding(address, words, signal),
    async writeHolding(address, words, signal) {
      invariant(allowed(address, words.length), `a write to ${address} is not allowed`);
      await modbus.writeHolding(address, words, signal);
    },
  };
}

/** The same client, but while `writesNothing` gives a reason no register is written: nothing is sent, and it counts. */
export function holdWrites(
  modbus: Modbus,
  device: { readonly writesNothing: string | undefined; readonly traffic: WireTap },
): Modbus {
  return {
    readHolding: (address, words, signal) => modbus.readHolding(address, words, signal),
    async writeHolding(address, words, signal) {
      const { writesNothing: why, traffic } = device;
      if (why !== undefined) {
        traffic.refused(Buffer.from(Uint16Array.from(words).buffer).swap16(), why);
        throw new DeviceUnavailableError(`Nothing was sent: ${why}`);
      }
      await modbus.writeHolding(address, words, signal);
    },
  };
}

/** What the exception codes of the specification say, to a technician. */
const exceptionTexts: Readonly<Record<number, string>> = {
  1: 'The device does not know this function',
  2: 'The device has no such register',
  3: 'The device does not take this length or value',
  4: 'The device failed at the request',
  5: 'The device needs longer for the request',
  6: 'The device is busy',
  8: 'The device found its memory damaged',
  10: 'The gateway has no path to the device',
  11: 'The gateway gets no answer from the device',
};

/**
 * An answer that refuses the request: the device, or the gateway before it, has been heard.
 *
 * Source: MODBUS Application Protocol V1.1b3, section 7.
 */
export function exceptionError(
  exception: number,
  context: Readonly<Record<string, string | number>>,
): DeviceProtocolError {
  const message = exceptionTexts[exception] ?? 'The device refused the request';
  return new DeviceProtocolError(message, { context: { ...context, exception } });
}

/** The exception code with which a request was refused; undefined for any other error. */
export function exceptionOf(error: unknown): number | undefined {
  const code = error instanceof DeviceProtocolError ? error.context['exception'] : undefined;
  return typeof code === 'number' ? code : undefined;
}
