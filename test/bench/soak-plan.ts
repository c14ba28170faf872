import type { MqttScannerConnection } from '../../src/domain/mqtt-settings.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';

export const host = '127.0.0.1';

/** What a soak consists of. Both of its processes count on it. */
export const plan = {
  /** How each scanner is connected. */
  scanners: [
    ...Array<'tcp'>(24).fill('tcp'),
    ...Array<'serial'>(8).fill('serial'),
    ...Array<'mqtt'>(8).fill('mqtt'),
  ],
  codeEveryMs: 500,
  printers: 10,
  labelEveryMs: 3_000,
  /** Modbus units behind each address. */
  gateways: [...Array<number>(10).fill(1), 5, 5],
} as const;

export const unitCount = plan.gateways.reduce((sum, units) => sum + units, 0);

/** Where a simulated scanner is: at a port, at the end of a serial line, or at the broker under its topic. */
export type ScannerAt =
  | { readonly kind: 'tcp'; readonly port: number }
  | { readonly kind: 'serial'; readonly path: string }
  | { readonly kind: 'mqtt'; readonly topic: string };

export function mqttConnection(topic: string): MqttScannerConnection {
  const payload = { format: 'json', code: 'code', aim: 'aim', id: 'id' } as const;
  return { kind: 'mqtt', topic, payload, payloadBytesMax: 1_000 };
}

function connectionOf(at: ScannerAt): ScannerSettings['connection'] {
  switch (at.kind) {
    case 'tcp':
      return { kind: 'tcp', host, port: at.port };
    case 'serial':
      return { kind: 'serial', path: at.path, baudRate: 115_200 };
    case 'mqtt':
      return mqttConnection(at.topic);
  }
}

export function scannerSettings(at: ScannerAt): ScannerSettings {
  return {
    connection: connectionOf(at),
    framing: { prefix: '\x02', suffixes: ['\x03'], lengthMax: 64, gapMs: 1_000, gap: 'discard' },
    ...{ noRead: ['NoRead'], trigger: undefined, triggerOff: undefined, aim: at.kind !== 'mqtt' },
    ...{ gs: [], strip: { first: 0, last: 0 }, expect: [], repeatMs: 0 },
  };
}

const digits = 8;

/** What a device sends or prints: who, and its number there, from 1. */
export const mark = (device: number, number: number): string =>
  `T${String(device).padStart(2, '0')}-${String(number).padStart(digits, '0')}`;

export const labelOf = (text: string): string => `^XA^FO40,40^A0N,40,40^FD${text}^FS^XZ`;

/**
 * Whether marks come exactly once and in order, in a few numbers, so that a soak of a week keeps no more than one of
 * a minute.
 */
export class OnceEach {
  readonly #last: number[];
  /** Different ones. */
  count = 0;
  doubled = 0;
  /** Of nobody, or not where they belong. */
  strange = 0;

  constructor(devices: number) {
    this.#last = Array<number>(devices).fill(0);
  }

  take(device: number, text: string): void {
    const [, of, digit] = /T(\d\d)-(\d{8})/.exec(text) ?? [];
    const number = Number(digit);
    const last = this.#last[device];
    if (of === undefined || Number(of) !== device || last === undefined) this.strange += 1;
    else if (number <= last) this.doubled += 1;
    else {
      this.#last[device] = number;
      this.count += 1;
    }
  }
}

/** What the process with the devices has counted. */
export interface SoakTally {
  readonly codesSent: number;
  readonly labelsPrinted: number;
  readonly labelsDoubled: number;
  readonly labelsStrange: number;
  /** PLCs that hear from their controller and let it work. */
  readonly enabled: number;
  /** How often the watchdog of a PLC has cut off its controller. */
  readonly heartbeatsMissed: number;
  /** The longest time between two frames to a PLC. */
  readonly heartbeatGapMaxMs: number;
}

/** What the process with the devices can be asked; it answers one message with one message. */
export interface SoakAsks {
  /** Starts every device. Serial lines are made in `folder`. */
  start: {
    ask: { readonly folder: string };
    answer: {
      readonly scanners: readonly ScannerAt[];
      readonly printers: readonly number[];
      readonly units: readonly { readonly port: number; readonly unit: number }[];
      readonly brokerPort: number;
    };
  };
  /** Lets the scanners read, once each of them has somebody who listens. */
  read: { ask: Record<never, never>; answer: true };
  /** They read no more. */
  rest: { ask: Record<never, never>; answer: SoakTally };
  tally: { ask: Record<never, never>; answer: SoakTally };
  /** The next code gets lost on its way, to see that it is noticed. */
  loseCode: { ask: Record<never, never>; answer: true };
}
export type SoakAskName = keyof SoakAsks;
