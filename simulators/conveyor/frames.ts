import {
  type AnswersBlock,
  conveyorFields,
  conveyorGroups,
  type LinkBlock,
} from '../../devices/conveyor/fields.ts';
import { bind, type Codec } from '../../devices/lib/codec.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import {
  type IgnoredReason,
  ignore,
  isNewer16,
  judgeHeader,
  type Moment,
  type PlcLink,
  takeHeader,
} from '../lib/plc-link.ts';
import type { Conveyor, PointMemory } from './model.ts';
import { memoryOf, settle } from './point.ts';

export interface FrameWire {
  readonly link: Codec<typeof conveyorFields.link>;
  readonly answers: Codec<typeof conveyorFields.answers, typeof conveyorGroups.answers>;
}

export const frameWire = (file: InterfaceFile): FrameWire => ({
  link: bind(file, 'link', conveyorFields.link),
  answers: bind(file, 'answers', conveyorFields.answers, conveyorGroups.answers),
});

const isSame = (words: readonly number[], before: readonly number[]): boolean =>
  words.every((word, at) => word === before[at]);

/** @param words  the whole link block as it stands after a write */
export function takeLinkWrite(
  conveyor: Conveyor,
  { link: codec }: FrameWire,
  words: readonly number[],
  now: Moment,
): void {
  const { state } = conveyor;
  const { link } = state;
  const isKnown = isSame(words, state.linkFrame);
  state.linkFrame = [...words];
  if (isKnown) return;
  const frame = codec.decode(words);
  if (!codec.crcHolds(words) || frame.commit !== frame.life) {
    link.incompleteSinceMs ??= now.realMs;
    return;
  }
  link.incompleteSinceMs = undefined;
  takeLink(conveyor, frame, now);
}

/** A whole link frame, however it has come. */
export function takeLink({ state, setup }: Conveyor, frame: LinkBlock, now: Moment): void {
  const { link } = state;
  const verdict = judgeHeader(link, frame, setup.rules);
  if (verdict === 'known') return;
  if (verdict !== 'take') {
    ignore(link, verdict);
    return;
  }
  if (takeHeader(link, frame, now)) for (const point of state.points) point.isFrameKnown = false;
  link.enabled = frame.enable && link.mode === 'autoRemote';
  link.isSelfTest = frame.selfTest && link.mode !== 'autoRemote';
}

/** @param words  the whole answers block of point `number` as it stands after a write */
export function takeAnswersWrite(
  conveyor: Conveyor,
  { answers: codec }: FrameWire,
  number: number,
  words: readonly number[],
  now: Moment,
): void {
  const memory = memoryOf(conveyor, number);
  const isKnown = isSame(words, memory.answers);
  memory.answers = [...words];
  if (isKnown) return;
  const frame = codec.decode(words);
  if (!codec.crcHolds(words) || frame.commit !== frame.frame) {
    memory.incompleteSinceMs ??= now.realMs;
    return;
  }
  memory.incompleteSinceMs = undefined;
  takeAnswers(conveyor, memory, frame);
}

/** A whole answers frame, however it has come. */
export function takeAnswers(conveyor: Conveyor, memory: PointMemory, frame: AnswersBlock): void {
  const verdict = judge(conveyor.state.link, memory, frame);
  if (verdict === 'take') take(conveyor, memory, frame);
  else if (verdict !== 'known') ignore(memory, verdict);
}

/** Counts only with the claim in force, the current bootId, its own point and a newer frame. */
function judge(
  link: PlcLink,
  memory: PointMemory,
  frame: AnswersBlock,
): 'take' | 'known' | IgnoredReason {
  if (frame.pointNumber !== memory.number) return 'deviceNumber';
  if (frame.bootIdEcho !== link.bootId) return 'restarted';
  if (frame.epoch < link.epochAccepted || frame.epoch === 0) return 'staleEpoch';
  const isMine = frame.epoch === link.epochAccepted && frame.claimNonce === link.nonceAccepted;
  if (!isMine) return 'otherController';
  if (!memory.isFrameKnown || isNewer16(frame.frame, memory.frameEcho)) return 'take';
  return frame.frame === memory.frameEcho ? 'known' : 'lateFrame';
}

function take({ state }: Conveyor, memory: PointMemory, frame: AnswersBlock): void {
  memory.frameEcho = frame.frame;
  memory.isFrameKnown = true;
  memory.exitsClosed = frame.exitsClosed;
  if (frame.confirmAck <= memory.confirmHead) {
    memory.confirmAcked = Math.max(memory.confirmAcked, frame.confirmAck);
  }
  // Without enable answers do not count; they come again until they are settled.
  if (!state.link.enabled) return;
  for (const answer of frame.answer) takeAnswer(memory, answer);
}

/** For the load of that very scan, the first one only. Anything else is too late or not of here. */
function takeAnswer(
  memory: PointMemory,
  { answerScanSeq, answerExit, answerHandle }: AnswersBlock['answer'][number],
): void {
  const { load } = memory;
  if (answerScanSeq === 0 || load?.scanSeq !== answerScanSeq) return;
  if (load.exit === undefined && load.defaulted === undefined) {
    load.exit = answerExit;
    load.handle = answerHandle;
    settle(memory, answerScanSeq, 'taken');
  } else if (load.exit !== undefined && load.exit !== answerExit && !load.isConflicted) {
    load.isConflicted = true;
    memory.conflictCount = (memory.conflictCount + 1) & 0xffff;
  }
}
