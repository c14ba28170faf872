import { FaultyScanner } from '../../simulators/barcode-scanner/faults.ts';
import { scannerOver } from '../../simulators/barcode-scanner/server.ts';
import { type DeviceChannel, StreamWire } from '../../simulators/dst/stream-wire.ts';
import type { Faults } from '../../simulators/lib/fault.ts';
import { printerFaults } from '../../simulators/zpl-printer/faults.ts';
import type { PrintedLabel, PrinterModel } from '../../simulators/zpl-printer/model.ts';
import { SimulatedPrinter } from '../../simulators/zpl-printer/printer.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import type { PrinterSettings, Site } from '../../src/domain/site.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { PrintJob } from '../../src/ports/printer.ts';
import type { Random } from '../../src/ports/random.ts';

interface LinesOptions {
  readonly site: Site;
  readonly clock: Clock;
  readonly random: Random;
  /** A scanner is asked to look at what stands before it. */
  readonly triggered: (scanner: DeviceId) => void;
  /** A label has come out; `jobId` and `generation` are those of who wanted it. */
  readonly printed: (label: LabelOut) => void;
}

interface LabelOut {
  readonly printer: DeviceId;
  readonly jobId: string;
  readonly generation: number;
  readonly sscc: string | undefined;
}

interface Given {
  readonly jobId: string;
  readonly generation: number;
  readonly zpl: string;
  isOut: boolean;
}

/** Half a label that nobody finishes stands in a printer so long until a person sees it. */
const halfLabelMs = 15_000;

/** The scanners and printers of a site, each at the end of its cable, in virtual time. */
export class DstLines {
  readonly wires = new Map<DeviceId, StreamWire>();
  readonly scanners = new Map<DeviceId, FaultyScanner>();
  readonly printers = new Map<DeviceId, DstPrinter>();
  readonly faults = new Map<DeviceId, Faults>();

  constructor(options: LinesOptions) {
    for (const device of options.site.devices) {
      const { device: id } = device;
      if (device.type === 'barcode-scanner') this.#addScanner(id, device.settings, options);
      else if (device.type === 'zpl-printer') this.#addPrinter(id, device.settings, options);
    }
  }

  /** A code stands before a scanner; undefined: it looks, and sees none. */
  show(scanner: DeviceId, code: string | undefined): void {
    const reader = this.scanners.get(scanner);
    if (code === undefined) reader?.noRead();
    else reader?.read(code, isSscc(code) ? ']C1' : ']C0');
  }

  #addScanner(id: DeviceId, settings: ScannerSettings, options: LinesOptions): void {
    const { clock, random, triggered } = options;
    const channels = new Set<DeviceChannel>();
    const send = (bytes: Uint8Array) => {
      for (const channel of channels) {
        if (channel.isOpen) channel.send(bytes);
        else channels.delete(channel);
      }
      return channels.size;
    };
    const voice = scannerOver({ settings, onTrigger: () => triggered(id) }, send);
    const wire = new StreamWire({
      ...{ clock, random },
      accept: (channel) => {
        channels.add(channel);
        return voice.received;
      },
    });
    const cut = () => wire.reset();
    const scanner = { ...voice, port: undefined, cut, close: async () => {} };
    const faulty = new FaultyScanner({
      ...{ settings, clock, random, breakLine: cut },
      scanner: () => scanner,
    });
    this.wires.set(id, wire);
    this.scanners.set(id, faulty);
    this.faults.set(id, faulty.faults());
  }

  #addPrinter(id: DeviceId, { dotsPerMm }: PrinterSettings, options: LinesOptions): void {
    const { clock, random, printed } = options;
    const printer = new DstPrinter({ dotsPerMm, clock }, (label) =>
      printed({ printer: id, ...label }),
    );
    this.wires.set(id, new StreamWire({ clock, random, accept: printer.accept }));
    this.printers.set(id, printer);
    this.faults.set(id, printer.faults);
  }
}

/** A simulated printer that wakes when it has to, and knows whose each label is. */
class DstPrinter {
  readonly faults: Faults;
  readonly #clock: Clock;
  readonly #device: SimulatedPrinter;
  readonly #given: Given[] = [];
  readonly #printed: (label: Omit<LabelOut, 'printer'>) => void;
  #cancel: () => void = () => {};
  #halfSinceMs: number | undefined;

  constructor(
    { dotsPerMm, clock }: { readonly dotsPerMm: number; readonly clock: Clock },
    printed: (label: Omit<LabelOut, 'printer'>) => void,
  ) {
    this.#clock = clock;
    this.#printed = printed;
    const onLabel = (label: PrintedLabel) => this.#cameOut(label);
    const device = new SimulatedPrinter({ dotsPerMm, clock, onLabel });
    this.#device = device;
    this.faults = printerFaults({
      state: () => device.printer,
      fault: (name, isOn) => {
        device.fault(name, isOn);
        this.#plan();
      },
    });
  }

  get state(): PrinterModel {
    return this.#device.printer;
  }

  readonly accept = (channel: DeviceChannel): ((bytes: Uint8Array) => void) => {
    const received = this.#device.accept(channel);
    return (bytes) => {
      received(bytes);
      this.#plan();
    };
  };

  /** A process has given a label to its driver; again after a restart, perhaps. */
  give({ jobId, zpl }: PrintJob, generation: number): void {
    if (this.#given.some((each) => each.jobId === jobId)) return;
    this.#given.push({ jobId, zpl, generation, isOut: false });
  }

  /** The same text may be wanted more than once: each copy is the first of those that are not out yet. */
  #cameOut({ zpl, sscc }: PrintedLabel): void {
    const wanted = this.#given.filter((each) => zpl.endsWith(each.zpl.slice('^XA'.length)));
    const given = wanted.find(({ isOut }) => !isOut) ?? wanted.at(-1);
    if (given !== undefined) given.isOut = true;
    const { jobId, generation } = given ?? { jobId: 'nobody has given', generation: 0 };
    this.#printed({ jobId, generation, sscc });
  }

  #plan(): void {
    this.#cancel();
    const isHalf = this.#device.printer.format !== undefined;
    this.#halfSinceMs = isHalf ? (this.#halfSinceMs ?? this.#clock.monotonicMs()) : undefined;
    const sinceMs = this.#halfSinceMs ?? Number.POSITIVE_INFINITY;
    const seenMs = sinceMs + halfLabelMs - this.#clock.monotonicMs();
    const delayMs = Math.min(this.#device.dueMs(), seenMs);
    if (delayMs === Number.POSITIVE_INFINITY) return;
    // A hair later than computed, or rounding would let it stand before its time for ever.
    this.#cancel = this.#clock.after(Math.max(0, delayMs) + 0.001, () => {
      this.#device.pass();
      // Whoever sees half a label in its display switches it off and on.
      if (delayMs === seenMs) this.#device.fault('restart', true);
      this.#plan();
    });
  }
}

const isSscc = (code: string): boolean => code.length === 20 && code.startsWith('00');
