import {
  type AnswersBlock,
  conveyorFields,
  conveyorGroups,
  type LinkBlock,
  type LinkStatusBlock,
  type PointBlock,
} from '../../devices/conveyor/fields.ts';
import { bind } from '../../devices/lib/codec.ts';
import { FakeRegisters } from './fake-registers.ts';
import { readConveyorInterface } from './interfaces.ts';
import type { ManualClock } from './manual-clock.ts';

export const conveyorFile = readConveyorInterface();
const { link, linkStatus, answers, point } = conveyorFields;
const linkCodec = bind(conveyorFile, 'link', link);
const statusCodec = bind(conveyorFile, 'linkStatus', linkStatus, conveyorGroups.linkStatus);
const answersCodec = bind(conveyorFile, 'answers', answers, conveyorGroups.answers);
const pointCodec = bind(conveyorFile, 'point', point, conveyorGroups.point);

/** linkStatus of a PLC with two points that nobody has claimed, by hand. */
const restWords = (): number[] => {
  const words = new Array<number>(88).fill(0);
  const known: Record<number, number> = {
    ...{ 1: 0x0100, 2: 0x0102, 3: 0x0304, 4: 1, 7: 1, 8: 2 }, // head; bootId 0x00010002
    ...{ 14: 9, 15: 4, 16: 0b101, 17: 2 }, // counterEra 9, autoRemote, two points
  };
  for (const [offset, word] of Object.entries(known)) words[Number(offset)] = word;
  return words;
};

const restPoint = (pointNumber: number): PointBlock => ({
  ...pointCodec.decode(new Array<number>(125).fill(0)),
  ...{ pointNumber, state: 'running' },
});

/** The registers of a conveyor PLC. It takes claim, life and frame counters; the rest is the test's. */
export class FakeConveyor extends FakeRegisters {
  status: LinkStatusBlock = statusCodec.decode(restWords());
  readonly points = new Map([1, 2].map((number) => [number, restPoint(number)]));
  /** The control task runs. */
  lives = true;
  /** Link frames, and answers frames, are looked at. */
  takesLink = true;
  takesAnswers = true;
  /** Reads of points that come torn from now on. */
  torn = 0;
  /** Addresses read, in order. */
  readonly reads: number[] = [];
  readonly #clock: ManualClock;
  #guard = 0;

  constructor(clock: ManualClock) {
    super();
    this.#clock = clock;
    this.beforeRead = (address) => this.#publish(address);
    this.afterWrite = (address, words) => this.#take(address, words);
  }

  get linkFrames(): LinkBlock[] {
    return this.written
      .filter(({ address }) => address === linkCodec.base)
      .map(({ words }) => linkCodec.decode(words));
  }

  get answersFrames(): AnswersBlock[] {
    return this.written
      .filter(({ address }) => address !== linkCodec.base)
      .map(({ words }) => answersCodec.decode(words));
  }

  showLink(change: Partial<LinkStatusBlock>): void {
    this.status = { ...this.status, ...change };
  }

  show(number: number, change: Partial<PointBlock>): void {
    const block = this.points.get(number) ?? restPoint(number);
    this.points.set(number, { ...block, ...change });
  }

  /** Changes one register of a point as it was published last. */
  point(number: number, offset: number, by: number): void {
    const at = pointCodec.at(number) + offset;
    this.image[at] = (this.image[at] ?? 0) + by;
  }

  #publish(address: number): void {
    this.reads.push(address);
    this.#guard = (this.#guard + 1) & 0xffff;
    const guardA = this.#guard;
    const life = this.lives ? Math.floor(this.#clock.monotonicMs() / 100) & 0xffff : 0;
    const news = Array.from({ length: 32 }, (_, i) => {
      const { scanHead = 0, confirmHead = 0 } = this.points.get(i + 1) ?? {};
      return { scanHeadLow: scanHead & 0xffff, confirmHeadLow: confirmHead & 0xffff };
    });
    this.set(3100, statusCodec.encode({ ...this.status, life, news, guardA, guardB: guardA }));
    const isTorn = address !== 3100 && this.torn > 0;
    if (isTorn) this.torn--;
    const guardB = isTorn ? guardA + 1 : guardA;
    for (const [number, block] of this.points) {
      this.set(pointCodec.at(number), pointCodec.encode({ ...block, guardA, guardB }));
    }
  }

  #take(address: number, words: readonly number[]): void {
    if (address === linkCodec.base) {
      const { life, epoch, claimNonce, enable, bootIdEcho } = linkCodec.decode(words);
      if (!this.takesLink || bootIdEcho !== this.status.bootId) return;
      this.showLink({ lifeEcho: life, epochAccepted: epoch, nonceAccepted: claimNonce });
      this.showLink({ enabled: enable });
    } else if (this.takesAnswers) {
      const { pointNumber, frame, confirmAck } = answersCodec.decode(words);
      this.show(pointNumber, { frameEcho: frame, confirmAcked: confirmAck });
    }
  }
}
