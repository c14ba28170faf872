import type { CraneBook, Mission, MissionCommand, Reason } from '../domain/books.ts';
import type { DeviceId, WorkflowId } from '../domain/ids.ts';
import { rejectNext } from '../domain/reactions.ts';
import { missionKey } from '../domain/warehouse.ts';
import type { Work } from './work.ts';

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
  const isMoving = 'loadHandle' in command;
  work.warehouse.tables.mission.put({
    ...about,
    crane,
    seq,
    command,
    state: 'committed',
    isPicked: command.command === 'deposit',
    atMs: work.nowMs,
  });
  editBook(work, crane, { seqHighest: seq, ...(isMoving ? { open: seq } : { side: seq }) });
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
  const reactions = work.parts.reactions.get(crane);
  const next = reactions === undefined ? 'hold' : rejectNext(reactions, answer);
  work.explain(`${crane} refused mission ${seq}: ${answer}.`, crane, loadUnit);
  if (workflow !== undefined) {
    work.send(workflow, { type: 'mission.rejected', seq, next } as never);
  }
  if (next === 'doubt' || next === 'hold') {
    doubt(work, crane, { code: 'REJECTED', detail: `it refused mission ${seq} (${answer})` });
  }
}

/** A sequenced command of its own that names its mission: a late one can hit no other. */
export function cancelMission(work: Work, workflow: WorkflowId, seq: number): void {
  const crane = [...work.parts.topology.site.aisles]
    .map((aisle) => aisle.crane)
    .find((id) => missionOf(work, id, seq)?.workflow === workflow);
  if (crane === undefined || work.warehouse.craneBook(crane).side !== undefined) return;
  const loadUnit = missionOf(work, crane, seq)?.loadUnit;
  issue(work, crane, { command: 'cancel', missionId: seq }, { workflow, loadUnit });
  work.explain(`Mission ${seq} of ${crane} is to be canceled.`, crane, loadUnit, workflow);
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
  ended?: Pick<Mission, 'loadUnit' | 'workflow'>,
): void {
  const book = work.warehouse.craneBook(crane);
  const mission = missionOf(work, crane, book.open);
  if (book.doubt === undefined) editBook(work, crane, { doubt: reason });
  if (mission !== undefined && mission.state !== 'doubt') {
    work.warehouse.tables.mission.put({ ...mission, state: 'doubt', verdict: 'unknown' });
  }
  const { loadUnit, workflow } = mission ?? ended ?? {};
  const unit = loadUnit === undefined ? undefined : work.unit(loadUnit);
  // What the crane has reported only needs a look; what nobody knows needs a place.
  const isReported = mission === undefined && unit?.confidence !== 'disputed';
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
    resolutions: [
      {
        resolution: 'confirmed',
        text: isReported ? right : `${loadUnit} is at this place.`,
        needs: isReported ? [] : ['place'],
      },
    ],
  });
}
