import { type Faults, level } from '../../simulators/lib/fault.ts';
import { ssccOf } from '../../simulators/zpl-printer/label-text.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { Clock } from '../ports/clock.ts';
import type { Printer, PrinterFact, PrintJob } from '../ports/printer.ts';
import { VirtualDevice } from './virtual-device.ts';

export interface VirtualPrinterOptions {
  readonly device: DeviceId;
  readonly clock: Clock;
  readonly report: (fact: PrinterFact) => void;
  /** A label has come out. */
  readonly printed: (sscc: string) => void;
}

/** From a job to its label at the peel-off edge. */
const labelMs = 1_200;

/** A printer without a wire: one label after the other, each once. */
export class VirtualPrinter extends VirtualDevice implements Printer {
  readonly #options: VirtualPrinterOptions;
  readonly #known = new Set<string>();
  readonly #waiting: PrintJob[] = [];
  #isPaperOut = false;
  #isPrinting = false;

  constructor(options: VirtualPrinterOptions) {
    super(options.device, 'printer', options.clock);
    this.#options = options;
  }

  print(job: PrintJob): void {
    if (this.#known.has(job.jobId)) return;
    this.#known.add(job.jobId);
    this.#waiting.push(job);
    this.wantTurn();
  }

  withdraw(jobId: string): void {
    const at = this.#waiting.findIndex((job) => job.jobId === jobId);
    if (at < 0) return;
    this.#waiting.splice(at, 1);
    const reason = 'withdrawn before it was sent';
    this.#options.report({ device: this.id, type: 'printer.notTaken', jobId, reason });
  }

  faults(): Faults {
    return {
      paperOut: level(
        'Its paper has run out.',
        () => this.#isPaperOut,
        (isOn) => {
          this.#isPaperOut = isOn;
          this.#tellState();
          this.wantTurn();
        },
      ),
    };
  }

  protected override connected(): void {
    this.#tellState();
    this.wantTurn();
  }

  protected override disconnected(reason: string): void {
    this.#options.report({ device: this.id, type: 'printer.offline', reason });
  }

  protected override turn(): void {
    const { clock, report, printed } = this.#options;
    const [job] = this.#waiting;
    if (job === undefined || this.#isPaperOut || this.#isPrinting) return;
    this.#waiting.shift();
    this.#isPrinting = true;
    clock.after(labelMs, () => {
      this.#isPrinting = false;
      const sscc = ssccOf(job.zpl);
      if (sscc !== undefined) printed(sscc);
      const { jobId } = job;
      report({ device: this.id, type: 'printer.printed', jobId, proof: 'accepted' });
      this.wantTurn();
    });
  }

  #tellState(): void {
    const { report } = this.#options;
    if (this.#isPaperOut) {
      report({ device: this.id, type: 'printer.faulted', faults: ['paperOut'] });
    } else report({ device: this.id, type: 'printer.ready' });
  }
}
