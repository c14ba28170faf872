import { invariant } from '../../src/domain/errors.ts';
import type { PointOutput } from '../../src/ports/conveyor.ts';
import type { Claim } from '../../src/ports/crane.ts';
import type { AnswersBlock, LinkBlock, PointBlock } from './fields.ts';

/** What every frame says of who writes it, and to which start of which PLC. */
export interface FrameHead {
  readonly claim: Claim;
  readonly bootId: number;
}

export function linkFrame(
  { claim, bootId }: FrameHead,
  rest: Pick<
    LinkBlock,
    'mapVersion' | 'wordOrderTest' | 'deviceNumber' | 'life' | 'enable' | 'utcS'
  >,
): LinkBlock {
  return {
    ...rest,
    ...{ epoch: claim.epoch, claimNonce: claim.nonce, bootIdEcho: bootId },
    ...{ selfTest: false, commit: rest.life },
  };
}

/** @throws {InvariantError} when there are more than four answers, or an exit is not from 1 to 16 */
export function answersFrame(
  { claim, bootId }: FrameHead,
  { pointNumber, frame }: { readonly pointNumber: number; readonly frame: number },
  { answers, confirmAck, exitsClosed }: PointOutput,
): AnswersBlock {
  return {
    ...{ pointNumber, frame, confirmAck, commit: frame },
    ...{ epoch: claim.epoch, claimNonce: claim.nonce, bootIdEcho: bootId },
    exitsClosed: bitsOf(exitsClosed),
    answer: answers.map(({ scanSeq, exit, handle }) => {
      invariant(exit >= 0 && exit <= 16, `${exit} is no exit`);
      return { answerScanSeq: scanSeq, answerExit: exit, answerHandle: handle };
    }),
  };
}

/**
 * What the core wants of a point in an era of its PLC. Numbers of another era would be taken for those of
 * other loads: an old answer for scan 1 would divert the first load after a loss of memory.
 */
export const wishIn = (era: number, output: PointOutput): PointOutput =>
  output.era === era ? output : { ...output, era, answers: [], confirmAck: 0 };

/** Exits 1 to 16 as bits 0 to 15. */
function bitsOf(exits: readonly number[]): number {
  let bits = 0;
  for (const exit of exits) {
    invariant(Number.isInteger(exit) && exit >= 1 && exit <= 16, `${exit} is no exit`);
    bits |= 1 << (exit - 1);
  }
  return bits;
}

/** Bits 0 to 15 as exits 1 to 16. */
export const exitsOf = (bits: number): number[] =>
  Array.from({ length: 16 }, (_, i) => i + 1).filter((exit) => ((bits >> (exit - 1)) & 1) === 1);

export function isSameOutput(a: PointOutput | undefined, b: PointOutput): boolean {
  if (a === b) return true;
  return (
    a !== undefined &&
    a.confirmAck === b.confirmAck &&
    isSameList(a.exitsClosed, b.exitsClosed, (x, y) => x === y) &&
    isSameList(a.answers, b.answers, (x, y) => {
      return x.scanSeq === y.scanSeq && x.exit === y.exit && x.handle === y.handle;
    })
  );
}

const isSameList = <T>(a: readonly T[], b: readonly T[], isSame: (x: T, y: T) => boolean) =>
  a.length === b.length && a.every((x, i) => isSame(x, b[i] as T));

/**
 * Whether the point has taken this frame, and each of its answers is taken, defaulted, or about a
 * scan that the ring no longer holds: then it need not be repeated.
 */
export function isSettled(
  { frameEcho, scans }: Pick<PointBlock, 'frameEcho' | 'scans'>,
  { frame, output }: { readonly frame: number; readonly output: PointOutput },
): boolean {
  const isWaiting = (scanSeq: number) =>
    scans.some((scan) => scan.scanSeq === scanSeq && scan.answerState === 'waiting');
  return frameEcho === frame && !output.answers.some(({ scanSeq }) => isWaiting(scanSeq));
}
