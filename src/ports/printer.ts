import type { DeviceId } from '../domain/ids.ts';
import type { Device } from './device.ts';

export interface PrintJob {
  /** Chosen once, in the transaction that wants the label. */
  readonly jobId: string;
  /** One label, `^XA` to `^XZ`. */
  readonly zpl: string;
}

export type PrinterFault =
  | 'paperOut'
  | 'ribbonOut'
  | 'headOpen'
  | 'paused'
  | 'bufferFull'
  /** Half a label stands in its memory and would be mixed into the next one; a person clears it. */
  | 'partialFormat'
  | 'overTemperature'
  | 'underTemperature'
  | 'corruptRam'
  /** Does not answer its status request: faulted or busy, never "ok". */
  | 'noAnswer';

export type PrinterFact = {
  readonly device: DeviceId;
} /** The printer has taken and finished it, by its own status. Not yet seen by a scanner. */ & (
  | { readonly type: 'printer.printed'; readonly jobId: string }
  /** No byte of it left us. */
  | { readonly type: 'printer.notTaken'; readonly jobId: string; readonly reason: string }
  /** A label may have come out. Never sent again by itself. */
  | { readonly type: 'printer.unknown'; readonly jobId: string; readonly reason: string }
  | { readonly type: 'printer.ready' }
  | { readonly type: 'printer.faulted'; readonly faults: readonly PrinterFault[] }
  | { readonly type: 'printer.offline'; readonly reason: string }
);

export interface Printer extends Device {
  /** Prints a committed job once. The same `jobId` again is ignored; jobs go out in order, one at a time, each after a good status. */
  print(job: PrintJob): void;
  /** Takes back a job of which no byte has been sent. Its verdict follows as a fact either way. */
  withdraw(jobId: string): void;
}
