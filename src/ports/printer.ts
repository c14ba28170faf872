import type { DeviceId } from '../domain/ids.ts';
import type { LabelProof } from '../domain/label.ts';
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
  | 'cutter'
  | 'headElement'
  | 'firmware'
  | 'paperPath'
  | 'mediaCalibration'
  /** It tells of an error that no manual names; the bits are in the detail. */
  | 'attention'
  /** Not the printer that the site file describes; the detail says what to change. */
  | 'misconfigured'
  /** Does not answer its status request: faulted, or busy with another computer; never "ok". */
  | 'noAnswer';

export type PrinterFact = {
  readonly device: DeviceId;
} & (
  | {
      readonly type: 'printer.printed';
      readonly jobId: string;
      /** What the printer has shown of it. Not yet seen by a scanner. */
      readonly proof: Exclude<LabelProof, 'scanned'>;
      /** Why it is no more than that, where more was to be expected. */
      readonly remark?: string;
    }
  /** No byte of it left us. */
  | { readonly type: 'printer.notTaken'; readonly jobId: string; readonly reason: string }
  /** A label may have come out. Never sent again by itself. */
  | { readonly type: 'printer.unknown'; readonly jobId: string; readonly reason: string }
  | { readonly type: 'printer.ready' }
  /** The line is open and goes one way: how the printer is, is never known. */
  | { readonly type: 'printer.unheard' }
  | {
      readonly type: 'printer.faulted';
      readonly faults: readonly PrinterFault[];
      /** What the fault's name does not say, in a sentence. */
      readonly detail?: string;
    }
  | { readonly type: 'printer.offline'; readonly reason: string }
);

export interface Printer extends Device {
  /** Prints a committed job once. The same `jobId` again is ignored; jobs go out in order, one at a time, each after a good status. */
  print(job: PrintJob): void;
  /** Takes back a job of which no byte has been sent. Its verdict follows as a fact either way. */
  withdraw(jobId: string): void;
}
