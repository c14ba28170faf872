import type { StartBitCommand } from '../../devices/start-bit-crane/fields.ts';
import { judgeCommand } from '../asrs-crane/commands.ts';
import type { Command } from '../asrs-crane/frames.ts';
import type { Crane } from '../asrs-crane/model.ts';
import { restart } from '../asrs-crane/power.ts';
import type { Moment } from '../lib/plc-link.ts';

/** What an old PLC knows of its commands. Plain data; none of it is retentive but `taken`, which only the tests read. */
export interface StartBitState {
  /** A start was taken; it has to fall before another one counts. */
  isSpent: boolean;
  isBusy: boolean;
  isDone: boolean;
  faultCode: number;
  /** Of a PLC that counts: the number of the command taken last. */
  seqAnswered: number;
  /** Starts taken in its life. */
  taken: number;
  /** Faults: starts are not looked at; done is cleared before anybody has read it. */
  isDeaf: boolean;
  hidesDone: boolean;
}

export const newStartBit = (): StartBitState => ({
  ...{ isSpent: false, isBusy: false, isDone: false, faultCode: 0, seqAnswered: 0, taken: 0 },
  ...{ isDeaf: false, hidesDone: false },
});

/** A crane of the world behind an old PLC. Its motion is that of every crane; what it says of it is not. */
export interface StartBitCrane {
  readonly crane: Crane;
  readonly startBit: StartBitState;
}

/**
 * One scan: a start that stands is taken once, as soon as the mission can begin.
 *
 * @param command  the registers as they are now
 */
export function scan({ crane, startBit }: StartBitCrane, command: StartBitCommand, simMs: number) {
  const { plc } = crane.state;
  plc.enabled = plc.mode === 'autoRemote';
  if (!command.start) startBit.isSpent = false;
  const isReady = plc.enabled && plc.mission === undefined && !plc.faultLatched;
  if (!command.start || startBit.isSpent || startBit.isDeaf || !isReady) return;
  const { seqAnswered } = plc;
  judgeCommand(crane, asMission(command, startBit.taken + 1), simMs);
  plc.seqAnswered = seqAnswered;
  // A station that has nothing to give yet: the start stands, and is looked at again.
  if (plc.answer !== 'accepted') return;
  Object.assign(startBit, { isSpent: true, isBusy: true, isDone: false, faultCode: 0 });
  startBit.seqAnswered = command.seq ?? 0;
  startBit.taken++;
}

const asMission = (command: StartBitCommand, missionId: number): Command => ({
  ...command,
  ...{ mapVersion: 0, wordOrderTest: 0, deviceNumber: 0, life: 0, epoch: 0, claimNonce: 0 },
  ...{ bootIdEcho: 0, enable: true, selfTest: false, eventAck: 0, utcS: 0, commit: 0 },
  ...{ seq: missionId, missionId, lhd: 1, loadHandle: 0, loadType: 0, heightClass: 0, massKg: 0 },
  ...{ loadCode: '', verifyCode: false, probeDestination: false, sourceMayBeEmpty: false },
});

/** What a mission that has ended leaves in the registers: done, or why not. */
export function publishEnd({ crane, startBit }: StartBitCrane): void {
  const { plc } = crane.state;
  // It keeps no list of events: nothing may fill up.
  plc.eventAcked = plc.eventHead;
  if (!startBit.isBusy || plc.mission !== undefined) return;
  startBit.isBusy = false;
  const isDone = plc.lastResult === 'done';
  startBit.isDone = isDone && !startBit.hidesDone;
  startBit.faultCode = isDone ? 0 : (crane.setup.resultCodes.get(plc.lastResult) ?? 199);
}

/**
 * The PLC stops and starts: the mission is forgotten, steel stays where it is. A start that stands counts
 * as taken.
 *
 * @param registers  whether its command registers keep what they held
 */
export function restartStartBit(
  { crane, startBit }: StartBitCrane,
  registers: 'kept' | 'empty',
  now: Moment,
): void {
  restart(crane, 'lost', now);
  if (registers === 'empty') crane.state.command = crane.state.command.map(() => 0);
  Object.assign(startBit, { isSpent: true, isBusy: false, isDone: false, faultCode: 0 });
  startBit.seqAnswered = 0;
}

/** Somebody at the machine resets the fault; it moves nothing. */
export function resetAtMachine({ crane: { state } }: StartBitCrane): void {
  Object.assign(state.plc, { faultLatched: false, faultCode: 0 });
  state.armed = state.armed.filter((fault) => fault !== 'driveFault');
}
