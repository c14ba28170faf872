import { DeviceProtocolError } from '../../src/domain/errors.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ConveyorFact, PointOutput } from '../../src/ports/conveyor.ts';
import { isOlder, nextCount } from '../lib/plc.ts';
import type { LinkStatusBlock, PointBlock } from './fields.ts';
import { isSameOutput, isSettled, wishIn } from './frame.ts';
import { interpretPoint, type PointTold } from './interpret.ts';

/** What is known of one decision point. */
export interface Point {
  readonly number: number;
  /** Number of the answers frame written last; goes on over connections, as only newer ones count. */
  frame: number | undefined;
  told: PointTold | undefined;
  /** Last reading believed, of this connection and this start of the PLC. */
  block: PointBlock | undefined;
  /** What the registers of the point were told last, under the claim in force. */
  sent: { readonly frame: number; readonly output: PointOutput } | undefined;
  readDueMs: number;
  repeatDueMs: number;
  tornInRow: number;
}

interface Wishes {
  readonly outputs: ReadonlyMap<number, PointOutput>;
  readonly status: Pick<LinkStatusBlock, 'pointCount' | 'news' | 'counterEra'>;
  readonly nowMs: number;
}

// A block that is torn again at once will be so for a while: the link must get its turn.
const tornInRowMax = 2;

/** Which decision points are to be read and answered next. Does no input or output itself. */
export class Points {
  readonly #device: DeviceId;
  readonly #timing: { readonly pollPointMs: number; readonly framePeriodMs: number };
  readonly #points = new Map<number, Point>();
  readonly #toAnswer = new Set<Point>();
  readonly #toRead = new Set<Point>();

  constructor(device: DeviceId, timing: { pollPointMs: number; framePeriodMs: number }) {
    this.#device = device;
    this.#timing = timing;
  }

  /** A connection or a start of the PLC begins: what was read before is no longer so. */
  forget(): void {
    for (const point of this.#points.values()) point.block = undefined;
    this.unsay();
  }

  /** A claim begins: the PLC takes no answers of the one before. */
  unsay(): void {
    for (const point of this.#points.values()) point.sent = undefined;
    this.#toAnswer.clear();
    this.#toRead.clear();
  }

  /** Marks the points whose registers say other than the core wants. */
  want({ outputs, status }: Omit<Wishes, 'nowMs'>): void {
    for (const [number, output] of outputs) {
      if (number > status.pointCount) continue;
      const point = this.#pointOf(number);
      const wish = wishIn(status.counterEra, output);
      if (!isSameOutput(point.sent?.output, wish)) this.#toAnswer.add(point);
    }
  }

  /**
   * Marks the points with news, those not read for long, and those that may have missed a frame.
   *
   * @returns whether there are news: loads move
   */
  heed({ status, nowMs }: Omit<Wishes, 'outputs'>): boolean {
    let isNews = false;
    for (let number = 1; number <= status.pointCount; number++) {
      const point = this.#pointOf(number);
      const hasNews = isNewsOf(point, status.news[number - 1]);
      isNews ||= hasNews;
      if (hasNews || point.block === undefined || isReadDue(point, nowMs)) this.#toRead.add(point);
    }
    return isNews;
  }

  /** The next point to write to. One that was not read yet is read first: only it knows its counter. */
  nextToAnswer(): Point | undefined {
    for (const point of this.#toAnswer) {
      if (point.block !== undefined) return point;
      this.#toRead.add(point);
    }
    return undefined;
  }

  nextToRead(): Point | undefined {
    const [point] = this.#toRead;
    return point;
  }

  /** @returns the number of the frame that takes `output` to the point now */
  frameFor(point: Point, output: PointOutput, nowMs: number): number {
    const frame = nextCount(point.frame ?? 0);
    point.frame = frame;
    point.sent = { frame, output };
    point.repeatDueMs = nowMs + this.#timing.framePeriodMs;
    this.#toAnswer.delete(point);
    return frame;
  }

  /** The core has no wishes for this point any more. */
  drop(point: Point): void {
    this.#toAnswer.delete(point);
  }

  /** A reading across an update of the PLC. */
  torn(point: Point): void {
    point.tornInRow++;
    if (point.tornInRow >= tornInRowMax) this.#toRead.delete(point);
  }

  /**
   * Takes a whole reading.
   *
   * @returns what to tell, or why its numbers cannot be those of this era; undefined when it is older than one before
   * @throws {DeviceProtocolError} when it is of another point
   */
  take(
    point: Point,
    block: PointBlock,
    now: { readonly era: number; readonly output: PointOutput | undefined; readonly nowMs: number },
  ): { readonly facts: readonly ConveyorFact[] } | { readonly wentBack: string } | undefined {
    if (block.pointNumber !== point.number) {
      const context = { expected: point.number, actual: block.pointNumber };
      throw new DeviceProtocolError('Block of another decision point', { context });
    }
    const last = point.block;
    if (last !== undefined && isOlder(block.guardA, last.guardA)) return undefined;
    this.#toRead.delete(point);
    point.tornInRow = 0;
    const wentBack = whyWentBack(point, block, now);
    if (wentBack !== undefined) return { wentBack };
    point.readDueMs = now.nowMs + this.#timing.pollPointMs;
    // A counter of ours that the point is ahead of belongs to a process before this one.
    if (point.frame === undefined || isOlder(point.frame, block.frameEcho)) {
      point.frame = block.frameEcho;
    }
    const reading = { ...now, device: this.#device, block, isFirst: last === undefined };
    const { facts, told } = interpretPoint(point.told, reading);
    point.block = block;
    point.told = told;
    if (isRepeatDue(point, now.nowMs)) this.#toAnswer.add(point);
    return { facts };
  }

  #pointOf(number: number): Point {
    const known = this.#points.get(number);
    if (known !== undefined) return known;
    const point: Point = {
      number,
      ...{ frame: undefined, told: undefined, block: undefined, sent: undefined },
      ...{ readDueMs: 0, repeatDueMs: 0, tornInRow: 0 },
    };
    this.#points.set(number, point);
    return point;
  }
}

/**
 * Numbers that begin anew without a new era: of what they count from then on, the books would take each for something
 * that they have stored already, and drop it.
 */
function whyWentBack(
  { number, told }: Point,
  { scanHead, confirmHead }: PointBlock,
  { era, output }: { readonly era: number; readonly output: PointOutput | undefined },
): string | undefined {
  const { scanSeq, confirmSeq } = told?.era === era ? told : { scanSeq: 0, confirmSeq: 0 };
  const confirmed = Math.max(confirmSeq, output?.confirmAck ?? 0);
  const back = [
    ...(scanHead < scanSeq ? [`scanHead reads ${scanHead} after ${scanSeq}`] : []),
    ...(confirmHead < confirmed ? [`confirmHead reads ${confirmHead} after ${confirmed}`] : []),
  ].join(', ');
  if (back === '') return undefined;
  return `point ${number}: ${back} in counterEra ${era}: numbers that begin anew need another counterEra, so restart the PLC with one`;
}

const isNewsOf = ({ block }: Point, news: LinkStatusBlock['news'][number] | undefined): boolean =>
  block !== undefined &&
  (news?.scanHeadLow !== (block.scanHead & 0xffff) ||
    news.confirmHeadLow !== (block.confirmHead & 0xffff));

const isReadDue = (point: Point, nowMs: number): boolean =>
  nowMs >= point.readDueMs || isRepeatDue(point, nowMs);

const isRepeatDue = ({ block, sent, repeatDueMs }: Point, nowMs: number): boolean =>
  block !== undefined && sent !== undefined && nowMs >= repeatDueMs && !isSettled(block, sent);
