import { stickLabel } from '../../simulators/conveyor/run.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { DeviceFact } from '../../src/flow/cause.ts';
import type { Printer, PrintJob } from '../../src/ports/printer.ts';
import { FakeDevice } from './fake-device.ts';
import type { FloorPlant } from './floor-plant.ts';

/**
 * A printer with an applicator at the identification point, or one on the table of a station. It prints at once,
 * unless it is held.
 */
export class FloorPrinter extends FakeDevice implements Printer {
  readonly id: DeviceId;
  /** Every label that it was given. */
  readonly jobs: PrintJob[] = [];
  /** Codes of all labels that have come out. */
  readonly labels: string[] = [];
  /** It keeps what it gets, and says nothing. */
  isHeld = false;
  report: (fact: DeviceFact) => unknown = () => {};
  /** Told of every label that comes out. */
  onLabel: (job: PrintJob) => void = () => {};
  readonly #plant: FloorPlant;
  #kept: PrintJob[] = [];

  constructor(plant: FloorPlant, id: 'printer-1' | 'printer-2') {
    super();
    this.id = id as DeviceId;
    this.#plant = plant;
  }

  print(job: PrintJob): void {
    if (this.jobs.some(({ jobId }) => jobId === job.jobId)) return;
    this.jobs.push(job);
    if (this.isHeld) this.#kept.push(job);
    else {
      // Whoever has asked hears of it, and nobody who was started since.
      const { report } = this;
      this.#plant.clock.after(1, () => this.#print(job, report));
    }
  }

  withdraw(jobId: string): void {
    if (this.jobs.some((job) => job.jobId === jobId)) return;
    this.report({ device: this.id, type: 'printer.notTaken', jobId, reason: 'withdrawn' });
  }

  /** It does what it has kept. */
  release(): void {
    this.isHeld = false;
    for (const job of this.#kept.splice(0)) this.#print(job);
  }

  /** What it has kept ends like this, and the label has come out, or not. */
  ends(type: 'notTaken' | 'unknown', { hasComeOut = false } = {}): void {
    this.isHeld = false;
    for (const job of this.#kept.splice(0)) {
      if (hasComeOut) this.#comesOut(job);
      const reason = type === 'unknown' ? 'the line was cut meanwhile' : 'out of paper';
      this.report({ device: this.id, type: `printer.${type}`, jobId: job.jobId, reason });
    }
  }

  #print(job: PrintJob, report = this.report): void {
    this.#comesOut(job);
    const proof = 'accepted' as const;
    report({ device: this.id, type: 'printer.printed', jobId: job.jobId, proof });
  }

  /** The applicator sticks it onto what stands at the point; from the table a person takes it. */
  #comesOut(job: PrintJob): void {
    this.onLabel(job);
    const code = `00${job.zpl.slice(3, -3)}`;
    this.labels.push(code);
    if (this.id !== 'printer-1') return;
    stickLabel(this.#plant.conveyor, 1, code, this.#plant.model.now.simMs);
  }
}
