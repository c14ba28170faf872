import type { DeviceId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Scanner, ScannerFact } from '../ports/scanner.ts';
import { VirtualDevice } from './virtual-device.ts';

export interface VirtualScannerOptions {
  readonly device: DeviceId;
  readonly clock: Clock;
  readonly report: (fact: ScannerFact) => void;
  /** The core asks it to read what stands before it. */
  readonly trigger: () => void;
}

/** A scanner without a wire. What it reads is told in a moment; while its line is cut it is lost. */
export class VirtualScanner extends VirtualDevice implements Scanner {
  readonly #options: VirtualScannerOptions;
  #reads = 0;
  readonly #untold: (string | undefined)[] = [];

  constructor(options: VirtualScannerOptions) {
    super(options.device, 'scanner', options.clock);
    this.#options = options;
  }

  trigger(): void {
    if (this.isOnline) this.#options.trigger();
  }

  release(): void {}

  /** @param code  undefined: it was triggered and read nothing */
  read(code: string | undefined): void {
    if (!this.isOnline) return;
    this.#untold.push(code);
    this.wantTurn();
  }

  protected override connected(): void {
    this.#options.report({ device: this.id, type: 'scanner.online' });
  }

  protected override disconnected(reason: string): void {
    this.#untold.length = 0;
    this.#options.report({ device: this.id, type: 'scanner.offline', reason });
  }

  protected override turn(): void {
    for (const code of this.#untold.splice(0)) {
      const read = { device: this.id, readId: `virtual-${++this.#reads}` } as const;
      this.#options.report(
        code === undefined
          ? { ...read, type: 'scanner.noRead' }
          : { ...read, type: 'scanner.read', code, aim: isSscc(code) ? ']C1' : ']C0' },
      );
    }
  }
}

const isSscc = (code: string): boolean => code.length === 20 && code.startsWith('00');
