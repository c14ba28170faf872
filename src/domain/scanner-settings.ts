import type { MqttScannerConnection } from './mqtt-settings.ts';

/** How a scanner is connected, what it sends, and what of it counts; presets and defaults filled in. */
export interface ScannerSettings {
  readonly connection: ScannerConnection;
  /** Where a code begins and ends, on connections that carry a stream of bytes. */
  readonly framing: ScannerFraming;
  /** What it sends when it was triggered and read nothing. */
  readonly noRead: readonly string[];
  /** Sent to make it read; absent where it cannot be told. */
  readonly trigger: string | undefined;
  /** Sent to make it stop, when it has read or nothing stands there any more; absent where it stops by itself. */
  readonly triggerOff: string | undefined;
  /** Whether each code begins with its AIM symbology identifier (`]C1`). */
  readonly aim: boolean;
  /** Texts that stand for the separator of GS1 element strings, 0x1D, where the scanner sends another. */
  readonly gs: readonly string[];
  /** How many characters at each end of a code are not of the code, after the AIM identifier. */
  readonly strip: { readonly first: number; readonly last: number };
  /** What codes of ours look like: `sscc`, or a regular expression for the whole code. Empty: anything. */
  readonly expect: readonly string[];
  /** The same code again within this time is marked as a repeat; 0: never. */
  readonly repeatMs: number;
}

export type ScannerConnection =
  | MqttScannerConnection
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'tcpListen';
      /** Interface that Craneway listens on. */
      readonly host: string;
      readonly port: number;
      /** Addresses that may connect; empty: any. */
      readonly from: readonly string[];
    }
  | {
      readonly kind: 'serial';
      readonly path: string;
      readonly baudRate: number;
      /** Absent: 8 data bits, no parity, 1 stop bit, no flow control. */
      readonly dataBits?: 7 | 8;
      readonly parity?: 'none' | 'even' | 'odd';
      readonly stopBits?: 1 | 2;
      readonly flowControl?: 'none' | 'rtsCts' | 'xonXoff';
    }
  | (HidSelection & { readonly kind: 'hidPos' })
  /** Experimental: the layout of the keyboard decides what a code is. */
  | (HidSelection & { readonly kind: 'hidKeyboard' });

/** Which of the HID devices of this machine: all that is given must fit exactly one. */
interface HidSelection {
  readonly vendorId?: number;
  readonly productId?: number;
  readonly serialNumber?: string;
  readonly path?: string;
}

export interface ScannerFraming {
  /** Bytes before each code; empty is none. */
  readonly prefix: string;
  /** Any of them ends a code; empty where `length` or silence does. */
  readonly suffixes: readonly string[];
  /** Every code has as many bytes; undefined where they differ. */
  readonly length?: number | undefined;
  readonly lengthMax: number;
  readonly gapMs: number;
  /** What a silence of more than `gapMs` does to half a code. */
  readonly gap: 'discard' | 'end';
}
