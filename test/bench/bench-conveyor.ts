import {
  type ConfirmationSlot,
  conveyorFields,
  conveyorGroups,
  type ScanSlot,
} from '../../devices/conveyor/fields.ts';
import { bind } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { BenchImage, BenchLink, sharedMs } from './bench-plc.ts';

/** Shortest time to the point of decision; a load without its answer then takes the default exit. */
export const answerLimitMs = 200;
const scansKept = 3;
const confirmationsKept = 5;
const defaultExit = 2;

interface Waiting {
  readonly scanSeq: number;
  readonly atMs: number;
}

interface Point {
  readonly number: number;
  scanHead: number;
  confirmHead: number;
  confirmAcked: number;
  frameEcho: number;
  scans: ScanSlot[];
  confirmations: ConfirmationSlot[];
  readonly waiting: Map<number, Waiting>;
}

/** What happened since the last time it was asked. */
export interface Tally {
  /** From the register image showing a scan to the answers frame with its answer, ms. */
  answeredMs: number[];
  /** Answered after the limit, overwritten, or never: by the default exit. */
  missed: number;
  confirmed: number;
}

/** Codec-exact decision points that tell, take answers and confirm, and do nothing else. */
export class BenchConveyor {
  readonly #file: InterfaceFile;
  readonly #deviceNumber: number;
  readonly #image = new BenchImage();
  readonly #link = new BenchLink();
  readonly #points: readonly Point[];
  readonly #wire;
  readonly #confirmAfterMs: number;
  /** Loads between scanner and exit, in the order of their confirmations. */
  #leaving: { dueMs: number; point: Point; slot: Omit<ConfirmationSlot, 'confirmSeq'> }[] = [];
  tally: Tally = { answeredMs: [], missed: 0, confirmed: 0 };

  /** @param confirmAfterMs  from the answer to the photo-eye behind the divert */
  constructor(file: InterfaceFile, deviceNumber: number, points: number, confirmAfterMs: number) {
    this.#file = file;
    this.#deviceNumber = deviceNumber;
    this.#confirmAfterMs = confirmAfterMs;
    const { link, linkStatus, answers, point } = conveyorFields;
    this.#wire = {
      link: bind(file, 'link', link),
      status: bind(file, 'linkStatus', linkStatus, conveyorGroups.linkStatus),
      answers: bind(file, 'answers', answers, conveyorGroups.answers),
      point: bind(file, 'point', point, conveyorGroups.point),
    };
    this.#points = Array.from({ length: points }, (_, i) => newPoint(i + 1));
    this.#publishBlocks();
  }

  get pointCount(): number {
    return this.#points.length;
  }

  get isQuiet(): boolean {
    return (
      this.#leaving.length === 0 &&
      this.#points.every(
        (point) => point.waiting.size === 0 && point.confirmAcked === point.confirmHead,
      )
    );
  }

  listen(answerDelayMs: number): Promise<number> {
    return this.#image.listen(answerDelayMs, (address, words) => this.#take(address, words));
  }

  /** A load stands at the scanner of a point. */
  scan(index: number, code: string): void {
    const point = this.#points[index] as Point;
    const scanSeq = ++point.scanHead;
    const lost = point.waiting.get(scanSeq - scansKept);
    if (lost !== undefined) this.#miss(point, lost);
    const slot: ScanSlot = {
      ...{ scanSeq, readResult: 'good', answerState: 'waiting', code },
      ...{ lengthMm: 600, widthMm: 400, heightMm: 300, massG: 5000 },
    };
    point.scans = [...point.scans, slot].slice(-scansKept);
    this.#show(point);
    point.waiting.set(scanSeq, { scanSeq, atMs: sharedMs() });
  }

  /** What falls due: the control task's life, confirmations, loads that nobody answered. */
  tick(nowMs: number): void {
    this.#link.life = Math.floor(nowMs / 100) & 0xffff;
    this.#image.changed(this.#wire.status.base);
    let due = 0;
    for (const { dueMs, point, slot } of this.#leaving) {
      if (dueMs > nowMs) break;
      due++;
      const confirmSeq = ++point.confirmHead;
      point.confirmations = [...point.confirmations, { ...slot, confirmSeq }].slice(
        -confirmationsKept,
      );
      this.tally.confirmed++;
      this.#show(point);
    }
    this.#leaving.splice(0, due);
    for (const point of this.#points) {
      for (const waiting of point.waiting.values()) {
        if (nowMs - waiting.atMs > answerLimitMs) this.#miss(point, waiting);
        else break;
      }
    }
  }

  #take(address: number, words: number[]): void {
    const { link, answers } = this.#wire;
    const nowMs = sharedMs();
    if (address === link.base) {
      this.#link.take(link.decode(words));
      this.#image.changed(this.#wire.status.base);
      return;
    }
    const frame = answers.decode(words);
    const point = this.#points[frame.pointNumber - 1];
    if (point === undefined || !answers.crcHolds(words)) return;
    point.frameEcho = frame.frame;
    point.confirmAcked = frame.confirmAck;
    for (const { answerScanSeq, answerExit, answerHandle } of frame.answer) {
      const waiting = point.waiting.get(answerScanSeq);
      if (waiting === undefined) continue;
      this.tally.answeredMs.push(nowMs - waiting.atMs);
      const exitTaken = answerExit === 0 ? defaultExit : answerExit;
      this.#leave(point, answerScanSeq, 'taken', {
        ...{ confirmHandle: answerHandle, outcome: 'asAnswered', exitTaken },
      });
    }
    this.#show(point);
  }

  #miss(point: Point, { scanSeq }: Waiting): void {
    this.tally.missed++;
    this.#leave(point, scanSeq, 'defaulted', {
      ...{ confirmHandle: 0, outcome: 'late', exitTaken: defaultExit },
    });
    this.#show(point);
  }

  #leave(
    point: Point,
    scanSeq: number,
    answerState: ScanSlot['answerState'],
    how: Pick<ConfirmationSlot, 'confirmHandle' | 'outcome' | 'exitTaken'>,
  ): void {
    point.waiting.delete(scanSeq);
    point.scans = point.scans.map((scan) =>
      scan.scanSeq === scanSeq ? { ...scan, answerState } : scan,
    );
    const dueMs = sharedMs() + this.#confirmAfterMs;
    this.#leaving.push({ dueMs, point, slot: { ...how, confirmScanSeq: scanSeq } });
  }

  #show({ number }: Point): void {
    this.#image.changed(this.#wire.point.at(number));
    this.#image.changed(this.#wire.status.base);
  }

  #publishBlocks(): void {
    const { link, status, answers, point: codec } = this.#wire;
    this.#image.allowWrites(link.base, link.length);
    const { base, length } = status;
    this.#image.publish({ base, length, words: (guard) => this.#statusWords(guard) });
    for (const point of this.#points) {
      this.#image.allowWrites(answers.at(point.number), answers.length);
      this.#image.publish({
        base: codec.at(point.number),
        length: codec.length,
        words: (guard) => codec.encode({ ...pointBlock(point), guardA: guard, guardB: guard }),
      });
    }
  }

  #statusWords(guard: number): number[] {
    return this.#wire.status.encode({
      ...this.#link.head(this.#file, this.#deviceNumber),
      ...{ guardA: guard, guardB: guard, counterEra: this.#link.bootId },
      pointCount: this.#points.length,
      news: Array.from({ length: 32 }, (_, i) => {
        const { scanHead = 0, confirmHead = 0 } = this.#points[i] ?? {};
        return { scanHeadLow: scanHead & 0xffff, confirmHeadLow: confirmHead & 0xffff };
      }),
    });
  }
}

const newPoint = (number: number): Point => ({
  number,
  ...{ scanHead: 0, confirmHead: 0, confirmAcked: 0, frameEcho: 0 },
  ...{ scans: [], confirmations: [], waiting: new Map() },
});

const pointBlock = ({ number, waiting, ...point }: Point) =>
  ({
    ...point,
    pointNumber: number,
    ...{ exitsFull: 0, exitsDown: 0, faultCode: 0, arrivedCount: 0, departedCount: 0 },
    ...{ lateCount: 0, conflictCount: 0, ignoredCount: 0 },
    ignoredReason: 'none',
    // Its state would be one more fact per scan; loads follow each other too closely for one.
    state: 'running',
  }) as const;
