import type { CraneBook, Mission, Reason } from '../domain/books.ts';
import { carriesLoad, type MissionCommand, startsMission } from '../domain/crane-command.ts';
import type { DeviceId, LocationId, WorkflowId } from '../domain/ids.ts';
import { type Alarm, type Reactions, rejectNext } from '../domain/reactions.ts';
import { missionKey } from '../domain/warehouse.ts';
import { forgetCommand, watchCommand } from './command-watch.ts';
import { whyNotAuto } from './device-modes.ts';
import { setOut } from './set-out.ts';
import type { Work } from './work.ts';

export const reactionsOf = (work: Work, crane: DeviceId): Reactions =>
  work.parts.reactions.get(crane) ?? { rejects: new Map(), aborts: new Map() };

/** The mission row of a crane's `seq`. */
export const missionOf = (
  work: Work,
  crane: DeviceId,
  seq: number | undefined,
): Mission | undefined =>
  seq === undefined ? undefined : work.warehouse.tables.mission.get(missionKey(crane, seq));

export const editBook = (work: Work, crane: DeviceId, change: Partial<CraneBook>): void => {
  work.warehouse.tables.crane.put({ ...work.warehouse.craneBook(crane), ...change });
  work.touched.add(crane);
};

/** Commits a command under the next number. It goes out after the commit, and never under another number. */
export function issue(
  work: Work,
  crane: DeviceId,
  command: MissionCommand,
  about: Pick<Mission, 'workflow' | 'loadUnit'>,
): number {
  const book = work.warehouse.craneBook(crane);
  const seq = book.seqHighest + 1;
  if (about.loadUnit !== undefined && 'to' in command) setOut(work, about.loadUnit, command.to);
  work.warehouse.tables.mission.put({
    ...about,
    crane,
    seq,
    command,
    state: 'committed',
    isPicked: command.command === 'deposit',
    atMs: work.nowMs,
  });
  watchCommand(work, { crane, seq, command });
  editBook(work, crane, {
    seqHighest: seq,
    ...(startsMission(command) ? { open: seq } : { side: seq }),
  });
  return seq;
}

/** A mission has its verdict; the crane is free for the next one. */
export function settleMission(
  work: Work,
  mission: Mission,
  verdict: NonNullable<Mission['verdict']>,
  result: string,
): void {
  const { crane, seq } = mission;
  work.warehouse.tables.mission.put({ ...mission, state: 'settled', verdict, result });
  forgetCommand(work, mission);
  const { open, side } = work.warehouse.craneBook(crane);
  editBook(work, crane, {
    open: open === seq ? undefined : open,
    side: side === seq ? undefined : side,
  });
}

/** It was refused and never began: what follows is said by its code. */
export function refused(work: Work, mission: Mission, answer: string): void {
  const { crane, seq, loadUnit, workflow } = mission;
  settleMission(work, mission, 'notTaken', answer);
  const next = rejectNext(reactionsOf(work, crane), answer);
  work.explain(`${crane} refused mission ${seq}: ${answer}.`, crane, loadUnit);
  if (workflow !== undefined) {
    work.send(workflow, { type: 'mission.rejected', seq, next } as never);
  }
  // Not when it was asked to already: it would refuse for ever.
  if (next === 'home' && mission.command.command !== 'home') sendHome(work, crane);
  if (next === 'doubt' || next === 'hold') {
    doubt(work, crane, { code: 'REJECTED', detail: `it refused mission ${seq} (${answer})` });
  }
}

/** References the axes; whoever was refused for that asks again meanwhile. */
function sendHome(work: Work, crane: DeviceId): void {
  if (work.warehouse.craneBook(crane).doubt !== undefined) return;
  const mode = whyNotAuto(work, crane);
  if (mode !== undefined) return work.explain(`${crane} is not sent home: ${mode}.`, crane);
  issue(work, crane, { command: 'home' }, { workflow: undefined, loadUnit: undefined });
  work.explain(`${crane} is sent home: its axes are not referenced.`, crane);
}

/** The mission that a workflow means by its number. */
const ownMission = (work: Work, workflow: WorkflowId, seq: number): Mission | undefined =>
  work.parts.topology.site.aisles
    .map(({ crane }) => missionOf(work, crane, seq))
    .find((mission) => mission?.workflow === workflow);

/** The mission with which a crane is at the load of a workflow, before it has told how that ends. */
export const missionUnderWay = (work: Work, workflow: WorkflowId): Mission | undefined =>
  work.parts.topology.site.aisles
    .map(({ crane }) => missionOf(work, crane, work.warehouse.craneBook(crane).open))
    .find((mission) => mission?.workflow === workflow && mission.state !== 'settled');

/** A sequenced command of its own that names its mission: a late one can hit no other. */
export function cancelMission(work: Work, workflow: WorkflowId, seq: number): void {
  const mission = ownMission(work, workflow, seq);
  if (mission === undefined || mission.state === 'settled') return;
  const before = missionOf(work, mission.crane, work.warehouse.craneBook(mission.crane).side);
  if (before?.command.command === 'cancel') return;
  work.warehouse.tables.mission.put({ ...mission, isUnwanted: true });
  sendWish(work, mission.crane);
}

/** Another destination for a mission under way, as a command of its own; its answer says whether it came in time. */
export function redirectMission(
  work: Work,
  workflow: WorkflowId,
  { seq, to }: { readonly seq: number; readonly to: LocationId },
): void {
  const mission = ownMission(work, workflow, seq);
  if (mission === undefined || mission.state === 'settled') return;
  // It ends on the crane, wherever its load goes from there.
  if (mission.command.command === 'pick') return;
  work.warehouse.tables.mission.put({ ...mission, redirect: to });
  sendWish(work, mission.crane);
}

/** The newest wish, once the crane has answered what was sent before. */
export function sendWish(work: Work, crane: DeviceId): void {
  const { open, side, doubt: isInDoubt } = work.warehouse.craneBook(crane);
  const mission = missionOf(work, crane, open);
  if (mission === undefined || side !== undefined) return;
  const { seq, isUnwanted, redirect: to, loadUnit, workflow } = mission;
  if (isUnwanted) {
    work.warehouse.tables.mission.put({ ...mission, isUnwanted: undefined });
    issue(work, crane, { command: 'cancel', missionId: seq }, { workflow, loadUnit });
    return work.explain(`Mission ${seq} of ${crane} is to be canceled.`, crane, loadUnit, workflow);
  }
  if (to === undefined || isInDoubt !== undefined) return;
  issue(work, crane, { command: 'changeDestination', missionId: seq, to }, { workflow, loadUnit });
  work.explain(`Mission ${seq} of ${crane} is to end at ${to} instead.`, crane, loadUnit, workflow);
}

/** What has become of the wish: taken, too late (then the mission's end says where), or not allowed. */
export function onRedirected(
  work: Work,
  { crane, loadUnit }: Mission,
  { missionId, to }: MissionCommand & { readonly command: 'changeDestination' },
  answer: string,
): void {
  const mission = missionOf(work, crane, missionId);
  if (mission === undefined || mission.state === 'settled') return;
  const { redirect, command } = mission;
  const isTaken = answer === 'accepted' && carriesLoad(command);
  work.warehouse.tables.mission.put({
    ...mission,
    command: isTaken ? { ...command, to } : command,
    // A newer wish stays; one that was refused is not said again.
    redirect: redirect === to ? undefined : redirect,
  });
  work.explain(`${crane}, mission ${missionId} to ${to} instead: ${answer}.`, crane, loadUnit);
  const next = isTaken ? 'settle' : rejectNext(reactionsOf(work, crane), answer);
  if (next === 'doubt' || next === 'hold') {
    doubt(work, crane, { code: 'REJECTED', detail: `it does not take ${to} (${answer})` });
  }
}

/**
 * Stops one crane until a person has looked: nothing is sent, an open mission is in doubt, and
 * the question names what is to be confirmed. The others go on.
 *
 * @param ended  the mission whose end is the reason, where it is not open any more
 */
export function doubt(
  work: Work,
  crane: DeviceId,
  reason: Reason,
  ended?: Pick<Mission, 'loadUnit' | 'workflow'> & { readonly alarm?: Alarm },
): void {
  const book = work.warehouse.craneBook(crane);
  const mission = missionOf(work, crane, book.open);
  if (book.doubt === undefined) editBook(work, crane, { doubt: reason });
  if (mission !== undefined && mission.state !== 'doubt') {
    work.warehouse.tables.mission.put({ ...mission, state: 'doubt', verdict: 'unknown' });
  }
  const { loadUnit, workflow } = mission ?? ended ?? {};
  const unit = loadUnit === undefined ? undefined : work.unit(loadUnit);
  // What the crane has reported only needs a look, as does one that carries nothing; what nobody knows needs a place.
  const isReported =
    loadUnit === undefined || (mission === undefined && unit?.confidence !== 'disputed');
  const where = isReported
    ? `It says that ${loadUnit} is at ${unit?.place}.`
    : `Where is ${loadUnit}?`;
  const right = 'Looked: the books are right.';
  work.raise({
    code: 'CRANE_DOUBT',
    device: crane,
    text: `${crane} is stopped: ${reason.detail}.${loadUnit === undefined ? '' : ` ${where}`}`,
    loadUnit,
    workflow,
    alarm: ended?.alarm,
    resolutions: [
      {
        resolution: 'confirmed',
        text: isReported ? right : `${loadUnit} is at this place.`,
        needs: isReported ? [] : ['place'],
      },
    ],
  });
}
