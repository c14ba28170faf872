import { setImmediate as turn } from 'node:timers/promises';
import type { ModbusLine } from '../../devices/transport/modbus.ts';
import type { ManualClock } from './manual-clock.ts';

/** A Modbus server without a wire: an image of registers that a test sets and looks at. */
export class FakeRegisters {
  readonly image = new Uint16Array(0x1_0000);
  /** Every write in order, also those that failed. */
  readonly written: { readonly address: number; readonly words: readonly number[] }[] = [];
  connections = 0;
  /** Thrown by connecting, by reads or by writes while it is set. */
  connectError: Error | undefined;
  readError: Error | undefined;
  writeError: Error | undefined;
  /** Called before a read is answered: where a PLC would publish. */
  beforeRead: (address: number) => void = () => {};
  /** Called for every write that arrived. */
  afterWrite: (address: number, words: readonly number[]) => void = () => {};

  readonly connect = async (): Promise<ModbusLine> => {
    if (this.connectError !== undefined) throw this.connectError;
    this.connections++;
    return {
      readHolding: async (address, words) => {
        this.beforeRead(address);
        if (this.readError !== undefined) throw this.readError;
        return Array.from(this.image.subarray(address, address + words));
      },
      writeHolding: async (address, words) => {
        this.written.push({ address, words });
        if (this.writeError !== undefined) throw this.writeError;
        this.image.set(words, address);
        this.afterWrite(address, words);
      },
      close: () => {},
    };
  };

  set(address: number, words: readonly number[]): void {
    this.image.set(words, address);
  }
}

/** Lets `ms` pass in small steps, so that everything that became possible in one happens before the next. */
export async function pass(clock: ManualClock, ms: number, stepMs = 5): Promise<void> {
  await turn();
  for (let passedMs = 0; passedMs < ms; passedMs += stepMs) {
    clock.advance(Math.min(stepMs, ms - passedMs));
    await turn();
  }
}
