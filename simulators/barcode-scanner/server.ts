import { InvariantError, invariant } from '../../src/domain/errors.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { dial, listen, openLine, type Wire } from './wire.ts';

export interface ScannerSimulatorOptions {
  /**
   * As in the site file. For `tcp` it listens on `host` and `port`, for `tcpListen` it dials them; a
   * serial line is opened at `path`.
   */
  readonly settings: ScannerSettings;
  /** The other end of a serial line, where the site file names the controller's end. */
  readonly linePath?: string;
  /** For dialing again; needed with `tcpListen` only. */
  readonly clock?: Clock;
  /** Called when a trigger has come in; answer with `read` or `noRead`. */
  readonly onTrigger?: () => void;
  /** Called when the scanner was told to stop reading. */
  readonly onTriggerOff?: () => void;
  /** Sent, framed, for each trigger, as some makers do: `sAN mTCgateon 1`. */
  readonly triggerReply?: string;
}

/** A scanner as it looks from the wire. What stands before it is for the caller to know. */
export interface ScannerSimulator {
  /** TCP port that it listens on; undefined where it does not. */
  readonly port: number | undefined;
  /**
   * Sends a code to whoever listens; to nobody, it is lost.
   *
   * @param aim  symbology, sent only where the settings say that this scanner tells it
   * @returns    how many listened
   */
  read(code: string, aim?: string): number;
  /** Sends its no-read text; nothing where it has none. @returns how many listened */
  noRead(): number;
  /** Any bytes, for faults: noise, half a code. */
  raw(bytes: Uint8Array): number;
  /** Drops the connections; clients may come back. */
  cut(): void;
  close(): Promise<void>;
}

/** @throws when the port is taken, or the serial line is not there */
export async function startScannerSimulator(
  options: ScannerSimulatorOptions,
): Promise<ScannerSimulator> {
  let wire: Wire | undefined;
  const scanner = scannerOver(options, (bytes) => wire?.send(bytes) ?? 0);
  wire = await openWire(options, scanner.received);
  const { port, cut, close } = wire;
  return { ...scanner, port, cut, close };
}

/** What a scanner sends and obeys, over whatever wire. */
export type ScannerVoice = Pick<ScannerSimulator, 'read' | 'noRead' | 'raw'> & {
  /** Bytes have come in. */
  readonly received: (bytes: Uint8Array) => void;
};

/** @param send  @returns how many listened */
export function scannerOver(
  options: Omit<ScannerSimulatorOptions, 'linePath' | 'clock'>,
  send: (bytes: Uint8Array) => number,
): ScannerVoice {
  const { settings, onTrigger, onTriggerOff, triggerReply } = options;
  const { noRead, aim: sendsAim } = settings;
  const onTriggers = finder(settings.trigger, () => {
    if (triggerReply !== undefined) send(framed(settings, triggerReply));
    onTrigger?.();
  });
  const offTriggers = finder(settings.triggerOff, () => onTriggerOff?.());
  const [noReadText] = noRead;
  return {
    received: (bytes) => {
      onTriggers(bytes);
      offTriggers(bytes);
    },
    read: (code, aim = ']C0') => send(framed(settings, sendsAim ? `${aim}${code}` : code)),
    noRead: () => (noReadText === undefined ? 0 : send(framed(settings, noReadText))),
    raw: send,
  };
}

/** A code as the scanner frames it; by its first suffix where it has several. */
const framed = ({ framing }: Pick<ScannerSettings, 'framing'>, text: string): Buffer =>
  Buffer.from(`${framing.prefix}${text}${framing.suffixes[0] ?? ''}`, 'latin1');

async function openWire(
  { settings: { connection }, linePath, clock }: ScannerSimulatorOptions,
  onBytes: (bytes: Uint8Array) => void,
): Promise<Wire> {
  if (linePath !== undefined) return openLine(linePath, onBytes);
  switch (connection.kind) {
    case 'tcp':
      return await listen(connection, onBytes);
    case 'serial':
      return openLine(connection.path, onBytes);
    case 'tcpListen':
      invariant(clock !== undefined, 'who dials needs a clock to dial again');
      return dial(connection, clock, onBytes);
    default:
      throw new InvariantError(`there is no simulated scanner for ${connection.kind}`);
  }
}

/** Finds a command in what comes in, however it is split. Keeps no more than its length. */
function finder(command: string | undefined, found: () => void) {
  let tail = '';
  return (bytes: Uint8Array) => {
    if (command === undefined) return;
    for (const byte of bytes) {
      tail = (tail + String.fromCharCode(byte)).slice(-command.length);
      if (tail !== command) continue;
      tail = '';
      found();
    }
  };
}
