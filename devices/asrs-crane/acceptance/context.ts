import type { CraneStatusBlock } from '../fields.ts';
import type { Defect } from './report.ts';
import type { Session } from './session.ts';

/** A place given by the person who runs the test. */
export interface TestPlace {
  readonly kind: string;
  readonly bay: number;
  readonly level: number;
  readonly depth: number;
}

/** What one check may use, and how it says what it found. */
export interface Context {
  readonly session: Session;
  /** Readings of the snapshot check. */
  readonly reads: number;
  /** The crane may move, also by a mistake of its program. */
  readonly mayMove: boolean;
  /** Where the crane may go without a load. */
  readonly moveTo: TestPlace | undefined;
  /** One load and where it stands, then two free places for it. */
  readonly loads: readonly [TestPlace, TestPlace, TestPlace] | undefined;
  readonly motionLimitMs: number;
  fail(defect: Defect, message: string): void;
  note(text: string): void;
  /** Asks the person at the machine. @returns false when nobody is there or it was not done */
  ask(instruction: string): Promise<boolean>;
}

/** Why a check cannot be made now. Caught by the runner, shown as `not run`. */
export class NotRun extends Error {}

export interface Check {
  /** Of the list of the acceptance, 1 to 13. */
  readonly point: number;
  readonly title: string;
  readonly run: (context: Context) => Promise<void>;
}

/** Brings the mode switch to where a check needs it. @throws {NotRun} */
export async function needMode(
  context: Context,
  mode: 'autoRemote' | 'other',
): Promise<CraneStatusBlock> {
  const { session } = context;
  const isRight = (status: CraneStatusBlock) =>
    (status.mode === 'autoRemote') === (mode === 'autoRemote');
  const status = await session.status();
  if (isRight(status)) return status;
  const where = mode === 'autoRemote' ? 'to autoRemote' : 'away from autoRemote, to manual';
  if (!(await context.ask(`Turn the mode switch ${where}.`))) {
    throw new NotRun(`needs the mode switch turned ${where}`);
  }
  const turned = await session.until(isRight, session.patienceMs);
  if (turned.tookMs === undefined) throw new NotRun(`the mode is still ${turned.status.mode}`);
  return turned.status;
}

/** Claimed, in autoRemote, all events acknowledged, enabled. @throws {NotRun} */
export async function needEnabled(context: Context): Promise<CraneStatusBlock> {
  const { session } = context;
  const { eventHead } = await needMode(context, 'autoRemote');
  session.levels = { ...session.levels, eventAck: eventHead };
  await session.send({ enable: true });
  const { status, tookMs } = await session.until(({ enabled }) => enabled, session.patienceMs);
  if (!status.retentiveOk) throw new NotRun('needs retentiveOk 1: point 8 with resync comes first');
  if (tookMs === undefined) throw new NotRun('the PLC does not take enable');
  return status;
}

/** A frame that asks for something harmless: it ends in a reject, and nobody knows that mission. */
export const harmless = { command: 'cancel', missionId: 0xfffffffe } as const;
