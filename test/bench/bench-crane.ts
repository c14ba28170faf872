import { type CraneEventSlot, craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import { type BlockValues, bind } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { BenchImage, BenchLink, sharedMs } from './bench-plc.ts';

const eventsKept = 5;
/** Code of `done` in the list of results. */
const done = 1;

type Frame = BlockValues<typeof craneFields.command, Record<never, never>>;
interface Move {
  readonly frame: Frame;
  isPicked: boolean;
  dueMs: number;
}

/** A crane PLC that takes every transfer, moves in no time to speak of, and tells of it. */
export class BenchCrane {
  readonly #image = new BenchImage();
  readonly #link = new BenchLink();
  readonly #file: InterfaceFile;
  readonly #deviceNumber: number;
  readonly #legMs: number;
  readonly #command;
  readonly #status;
  #answered = 0;
  #last: Frame | undefined;
  #move: Move | undefined;
  #events: CraneEventSlot[] = [];
  #eventHead = 0;
  #eventAcked = 0;
  #endedAtMs: number | undefined;
  /** From the register image showing the end of a mission to the frame with the next one, ms. */
  nextMs: number[] = [];

  /** @param legMs  to the load, and with it to its destination */
  constructor(file: InterfaceFile, deviceNumber: number, legMs: number) {
    this.#file = file;
    this.#deviceNumber = deviceNumber;
    this.#legMs = legMs;
    this.#command = bind(file, 'command', craneFields.command);
    this.#status = bind(file, 'status', craneFields.status, craneGroups.status);
    this.#image.allowWrites(this.#command.base, this.#command.length);
    const { base, length } = this.#status;
    this.#image.publish({ base, length, words: (guard) => this.#words(guard) });
  }

  listen(): Promise<number> {
    return this.#image.listen(0, (_, words) => this.#take(words));
  }

  tick(nowMs: number): void {
    this.#link.life = Math.floor(nowMs / 100) & 0xffff;
    this.#image.changed(this.#status.base);
    const move = this.#move;
    if (move === undefined || nowMs < move.dueMs) return;
    const { toKind, toBay, toLevel, toDepth } = move.frame;
    if (!move.isPicked) {
      move.isPicked = true;
      move.dueMs = nowMs + this.#legMs;
      return this.#tell('picked', 0, {
        eventKind: 'lhd',
        eventBay: 1,
        eventLevel: 0,
        eventDepth: 0,
      });
    }
    this.#move = undefined;
    this.#last = move.frame;
    const place = { eventKind: toKind, eventBay: toBay, eventLevel: toLevel, eventDepth: toDepth };
    this.#tell('ended', done, place);
    this.#endedAtMs = sharedMs();
  }

  #take(words: number[]): void {
    const frame = this.#command.decode(words);
    if (!this.#command.crcHolds(words)) return;
    const nowMs = sharedMs();
    this.#link.take(frame);
    this.#eventAcked = frame.eventAck;
    if (frame.command === 'transfer' && frame.seq > this.#answered) {
      if (this.#endedAtMs !== undefined) this.nextMs.push(nowMs - this.#endedAtMs);
      this.#endedAtMs = undefined;
      this.#answered = frame.seq;
      this.#move = { frame, isPicked: false, dueMs: nowMs + this.#legMs };
    }
    this.#image.changed(this.#status.base);
  }

  #tell(
    eventType: 'picked' | 'ended',
    eventCode: number,
    place: Pick<CraneEventSlot, 'eventKind' | 'eventBay' | 'eventLevel' | 'eventDepth'>,
  ): void {
    const eventSeq = ++this.#eventHead;
    const event: CraneEventSlot = {
      ...{ eventSeq, eventType, eventCode, eventMissionId: this.#answered },
      ...place,
      ...{ eventSensors: 0, eventDetail: 0 },
    };
    this.#events = [...this.#events, event].slice(-eventsKept);
  }

  #words(guard: number): number[] {
    const isActive = this.#move !== undefined;
    const isLoaded = this.#move?.isPicked === true;
    const last = this.#last;
    return this.#status.encode({
      ...nothingElse,
      ...this.#link.head(this.#file, this.#deviceNumber),
      ...{ guardA: guard, guardB: guard, seqAnswered: this.#answered },
      answer: this.#answered === 0 ? 'none' : 'accepted',
      state: isActive ? 'executing' : 'idle',
      phase: isActive ? (isLoaded ? 'carrying' : 'toSource') : 'none',
      ...{ ready: this.#link.enabled && !isActive, standstill: !isActive, homed: true },
      activeMissionId: isActive ? this.#answered : 0,
      ...{ lhd1Loaded: isLoaded, lhd1Load: isLoaded ? (this.#move?.frame.loadHandle ?? 0) : 0 },
      ...{ lastMissionId: last?.seq ?? 0, lastResult: last === undefined ? 'none' : 'done' },
      ...{ lastKind: last?.toKind ?? 'none', lastBay: last?.toBay ?? 0 },
      ...{ lastLevel: last?.toLevel ?? 0, lastDepth: last?.toDepth ?? 0 },
      ...{ eventHead: this.#eventHead, eventAcked: this.#eventAcked, events: this.#events },
    });
  }
}

const nothingElse = {
  ...{ warning: false, faultLatched: false, eventBufferHigh: false },
  ...{ lhd2Loaded: false, lhd1Centered: false, lhd2Centered: false },
  ...{ fromProbed: false, fromOccupied: false, toProbed: false, toOccupied: false },
  ...{ frontProbed: false, frontOccupied: false, loadShifted: false },
  ...{ lhdCount: 1, lhd2Load: 0, lastSensors: 0, travelMm: 0, hoistMm: 0 },
  ...{ faultCode: 0, faultCount: 0, eventsLost: 0 },
} as const;
