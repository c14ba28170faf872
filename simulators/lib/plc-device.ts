import type { Moment } from './plc-link.ts';

/** One simulated device with a PLC, as the plant sees it: its state, its time and its registers. */
export interface PlcDevice {
  readonly device: string;
  /** Plain data; all of it is kept over a kill. */
  readonly state: object;
  /** Zero-based address and registers of the blocks that the controller may write. */
  readonly writable: readonly { readonly base: number; readonly length: number }[];
  /** Those and the blocks that it publishes. */
  readonly readable: readonly { readonly base: number; readonly length: number }[];
  readonly registers: Uint16Array;
  /** Simulated time of the next thing that happens by itself. */
  simDueMs(): number;
  /** Real time of the next thing that communication asks for. */
  realDueMs(): number;
  /** Something is in motion, so that its position changes all the time. */
  isMoving(): boolean;
  /** Communication: life, watchdog, patience. */
  watch(now: Moment): void;
  /** All that is due. Harmless when nothing is. */
  run(now: Moment): void;
  /** The registers were written; looked at at once. */
  written(address: number, words: number, now: Moment): void;
  /** @param at  the block that begins at this register is about to be read; absent: any */
  prepare(now: Moment, at?: number): void;
  show(): void;
}
