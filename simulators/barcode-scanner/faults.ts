import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Random } from '../../src/ports/random.ts';
import { counted, type Faults, level, strikes } from '../lib/fault.ts';
import type { ScannerSimulator } from './server.ts';

export interface FaultyScannerOptions {
  readonly settings: ScannerSettings;
  /** Undefined while its line is unplugged: what it reads then is lost. */
  readonly scanner: () => ScannerSimulator | undefined;
  /** Breaks its connection now; it can be reached again soon. */
  readonly breakLine: () => void;
  readonly clock: Clock;
  readonly random: Random;
}

const noiseBytes = 12;
/** More than any framer keeps. */
const endlessBytes = 10_000;

/** A scanner whose reads can go wrong on their way to the wire. */
export class FaultyScanner implements ScannerSimulator {
  readonly #options: FaultyScannerOptions;
  readonly #unread = { times: 0 };
  readonly #doubled = { times: 0 };
  readonly #noisy = { times: 0 };
  readonly #endless = { times: 0 };
  readonly #halved = { times: 0 };
  readonly #fed = { times: 0 };
  #isSilent = false;
  #lateMs = 0;

  constructor(options: FaultyScannerOptions) {
    this.#options = options;
  }

  get port(): number | undefined {
    return this.#options.scanner()?.port;
  }

  /** @returns how many listened; none for what comes later */
  read(code: string, aim?: string): number {
    if (strikes(this.#unread)) return this.noRead();
    return this.#send((scanner) => this.#sendCode(scanner, code, aim));
  }

  noRead(): number {
    return this.#send((scanner) => scanner.noRead());
  }

  raw = (bytes: Uint8Array): number => this.#options.scanner()?.raw(bytes) ?? 0;
  cut = (): void => this.#options.scanner()?.cut();
  close = async (): Promise<void> => await this.#options.scanner()?.close();

  faults(): Faults {
    return {
      noRead: counted('Codes cannot be read.', this.#unread),
      doubles: counted('Codes are sent twice.', this.#doubled),
      noise: counted('Bytes that nobody has asked for come before a code.', this.#noisy),
      endlessFrame: counted('Instead of a code come 10 000 bytes without an end.', this.#endless),
      lineFeed: counted('LF comes behind a code, as from one that is set to CR LF.', this.#fed),
      cutInFrame: counted('The line breaks in the midst of a code.', this.#halved),
      silent: level(
        'It reads nothing and says nothing; its line stays up.',
        () => this.#isSilent,
        (isOn) => {
          this.#isSilent = isOn;
        },
      ),
      lateReads: {
        doc: 'What it reads is told later by ms.',
        parameters: { ms: { doc: 'milliseconds', min: 1, max: 60_000, default: 3_000 } },
        isOn: () => this.#lateMs > 0,
        set: (isOn, { ms = 0 }) => {
          this.#lateMs = isOn ? ms : 0;
        },
      },
    };
  }

  #send(send: (scanner: ScannerSimulator) => number): number {
    if (this.#isSilent) return 0;
    const now = () => {
      const scanner = this.#options.scanner();
      return scanner === undefined ? 0 : send(scanner);
    };
    if (this.#lateMs === 0) return now();
    this.#options.clock.after(this.#lateMs, now);
    return 0;
  }

  #sendCode(scanner: ScannerSimulator, code: string, aim: string | undefined): number {
    const { prefix } = this.#options.settings.framing;
    const part = (text: string) => scanner.raw(Buffer.from(`${prefix}${text}`, 'latin1'));
    if (strikes(this.#endless)) return part('9'.repeat(endlessBytes));
    if (strikes(this.#halved)) {
      const listened = part(code.slice(0, code.length >> 1));
      this.#options.breakLine();
      return listened;
    }
    if (strikes(this.#noisy)) scanner.raw(this.#noise());
    const listened = scanner.read(code, aim);
    if (strikes(this.#fed)) scanner.raw(Buffer.from('\n'));
    if (strikes(this.#doubled)) scanner.read(code, aim);
    return listened;
  }

  #noise(): Uint8Array {
    return Uint8Array.from({ length: noiseBytes }, () => this.#options.random.u32() & 0xff);
  }
}
