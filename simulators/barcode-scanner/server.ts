import type { ScannerSettings } from '../../src/domain/site.ts';
import { listen, openLine, type Wire } from './wire.ts';

export interface ScannerSimulatorOptions {
  /** As in the site file. For TCP it listens on `host` and `port`; a serial line is opened at `path`. */
  readonly settings: ScannerSettings;
  /** The other end of a serial line, where the site file names the controller's end. */
  readonly linePath?: string;
  /** Called when a trigger has come in; answer with `read` or `noRead`. */
  readonly onTrigger?: () => void;
  /** Sent, framed, for each trigger, as some makers do: `sAN mTCgateon 1`. */
  readonly triggerReply?: string;
}

/** A scanner as it looks from the wire. What stands before it is for the caller to know. */
export interface ScannerSimulator {
  /** TCP port; undefined on a serial line. */
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
  const { settings, onTrigger, triggerReply } = options;
  const { framing, noRead, aim: sendsAim } = settings;
  const framed = (text: string) =>
    Buffer.from(`${framing.prefix}${text}${framing.suffix}`, 'latin1');
  const triggers = triggerFinder(settings.trigger, () => {
    if (triggerReply !== undefined) wire.send(framed(triggerReply));
    onTrigger?.();
  });
  const wire = await openWire(options, triggers);
  const [noReadText] = noRead;
  return {
    port: wire.port,
    read: (code, aim = ']C0') => wire.send(framed(sendsAim ? `${aim}${code}` : code)),
    noRead: () => (noReadText === undefined ? 0 : wire.send(framed(noReadText))),
    raw: (bytes) => wire.send(bytes),
    cut: () => wire.cut(),
    close: () => wire.close(),
  };
}

async function openWire(
  { settings: { connection }, linePath }: ScannerSimulatorOptions,
  onBytes: (bytes: Uint8Array) => void,
): Promise<Wire> {
  if (linePath !== undefined) return openLine(linePath, onBytes);
  if (connection.kind === 'tcp') return await listen(connection, onBytes);
  return openLine(connection.path, onBytes);
}

/** Finds the trigger in what comes in, however it is split. Keeps no more than its length. */
function triggerFinder(trigger: string | undefined, found: () => void) {
  let tail = '';
  return (bytes: Uint8Array) => {
    if (trigger === undefined) return;
    for (const byte of bytes) {
      tail = (tail + String.fromCharCode(byte)).slice(-trigger.length);
      if (tail !== trigger) continue;
      tail = '';
      found();
    }
  };
}
