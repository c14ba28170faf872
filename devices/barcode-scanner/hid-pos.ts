import type { Frame } from './frame-link.ts';
import { layoutByReport, type ScanLayout } from './hid-descriptor.ts';

/** Reports of one scan follow each other within milliseconds. */
const gapMs = 200;
const rightBracket = 0x5d;

/** What was thrown away, and why. */
export interface HidPosCounters {
  readonly scans: number;
  /** Reports that hold no scan: another id, another length. */
  readonly foreign: number;
  /** Scans with a length byte above what the report has room for, or longer than `lengthMax`. */
  readonly tooLong: number;
  /** Scans of which a report is missing. */
  readonly cutOff: number;
  readonly empty: number;
}

/**
 * Puts scans together from the input reports of a HID POS scanner. The length byte says how much of
 * a report is data, so that a code may hold NUL; a scan goes on while its reports have the flag for
 * it. Holds at most one scan.
 */
export class HidPosAssembler {
  #layouts: readonly ScanLayout[] = [];
  readonly #lengthMax: number;
  #text = '';
  #aim: string | undefined;
  /** `skipping`: what is left of a scan that was thrown away. */
  #state: 'between' | 'inside' | 'skipping' = 'between';
  #lastAtMs = 0;
  readonly #counters = { scans: 0, foreign: 0, tooLong: 0, cutOff: 0, empty: 0 };

  constructor(lengthMax: number) {
    this.#lengthMax = lengthMax;
  }

  get counters(): HidPosCounters {
    return { ...this.#counters };
  }

  /**
   * @param report  as it came, its id first
   * @param atMs    monotonic time
   * @returns       the scan that it completes, or none
   */
  push(report: Uint8Array, atMs: number): Frame[] {
    const layout = this.#layoutOf(report);
    if (layout === undefined) {
      this.#counters.foreign += 1;
      return [];
    }
    if (this.#state !== 'between' && atMs - this.#lastAtMs > gapMs) this.reset();
    this.#lastAtMs = atMs;
    const goesOn = hasMore(report, layout);
    if (this.#state === 'skipping') {
      if (!goesOn) this.#state = 'between';
      return [];
    }
    this.#belongs(aimOf(report, layout));
    const { lengthAt, dataAt, dataBytes } = layout;
    const length = report[lengthAt] ?? 0;
    if (length > dataBytes || this.#text.length + length > this.#lengthMax) {
      return this.#refuse(goesOn);
    }
    this.#text += Buffer.from(report.subarray(dataAt, dataAt + length)).toString('latin1');
    this.#state = 'inside';
    return goesOn ? [] : this.#end();
  }

  /** A new connection. @param layouts  from the report descriptor; none: by id and length of each report */
  begin(layouts: readonly ScanLayout[]): void {
    this.reset();
    this.#layouts = layouts;
  }

  /** Forgets half a scan. */
  reset(): void {
    if (this.#state === 'inside') this.#counters.cutOff += 1;
    this.#text = '';
    this.#state = 'between';
  }

  /** A report of another symbology is of another scan: the one before has lost its end. */
  #belongs(aim: string | undefined): void {
    if (this.#state === 'inside' && aim !== undefined && aim !== this.#aim) this.reset();
    if (this.#state === 'between') this.#aim = aim;
  }

  #refuse(goesOn: boolean): Frame[] {
    this.#counters.tooLong += 1;
    this.#text = '';
    this.#state = goesOn ? 'skipping' : 'between';
    return [];
  }

  #end(): Frame[] {
    const frame = { text: this.#text, aim: this.#aim };
    this.#text = '';
    this.#state = 'between';
    if (frame.text === '') {
      this.#counters.empty += 1;
      return [];
    }
    this.#counters.scans += 1;
    return [frame];
  }

  #layoutOf(report: Uint8Array): ScanLayout | undefined {
    if (this.#layouts.length === 0) return shifted(layoutByReport(report), report);
    return this.#layouts.find(
      ({ reportId, reportBytes }) => reportId === report[0] && reportBytes === report.length,
    );
  }
}

/** Some scanners put one byte more before the AIM identifier. Source: NielsLeenheer/WebHidBarcodeScanner. */
function shifted(layout: ScanLayout | undefined, report: Uint8Array): ScanLayout | undefined {
  if (layout?.aimAt === undefined) return layout;
  const { aimAt, dataAt, dataBytes } = layout;
  if (report[aimAt] === rightBracket || report[aimAt + 1] !== rightBracket) return layout;
  return { ...layout, aimAt: aimAt + 1, dataAt: dataAt + 1, dataBytes: dataBytes - 1 };
}

function hasMore(report: Uint8Array, { continued }: ScanLayout): boolean {
  return continued !== undefined && ((report[continued.at] ?? 0) & continued.mask) !== 0;
}

function aimOf(report: Uint8Array, { aimAt }: ScanLayout): string | undefined {
  if (aimAt === undefined || report[aimAt] !== rightBracket) return undefined;
  return Buffer.from(report.subarray(aimAt, aimAt + 3)).toString('latin1');
}
