import { invariant } from '../../src/domain/errors.ts';

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
