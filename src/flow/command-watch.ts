import type { Mission, Timer } from '../domain/books.ts';
import { carriesLoad } from '../domain/crane-command.ts';
import type { DeviceId, WorkflowId } from '../domain/ids.ts';
import { missionKey, timerKey } from '../domain/warehouse.ts';
import type { Work } from './work.ts';

/** Type of the event of such a timer. */
export const commandLateType = 'command.late';
const code = 'MISSION_LATE';
const timer = 'late';

interface CommandLate {
  readonly type: typeof commandLateType;
  readonly crane: DeviceId;
  readonly seq: number;
}

const nameOf = ({ crane, seq }: Pick<Mission, 'crane' | 'seq'>) =>
  `command/${crane}/${seq}` as WorkflowId;

/**
 * A command that carries nothing, as to look into a cell, or to reset a fault: no work with a load unit asks for it when it
 * is late, and its crane does nothing else before.
 */
export function watchCommand(
  work: Work,
  mission: Pick<Mission, 'crane' | 'seq' | 'command'>,
): void {
  if (carriesLoad(mission.command)) return;
  askAfter(work, mission, work.parts.topology.site.limits.missionLimitMs);
}

function askAfter(work: Work, mission: Pick<Mission, 'crane' | 'seq'>, afterMs: number): void {
  const { crane, seq } = mission;
  const event: CommandLate = { type: commandLateType, crane, seq };
  work.warehouse.tables.timer.put({
    ...{ workflow: nameOf(mission), timer, event: event as Timer['event'] },
    dueMs: work.nowMs + afterMs,
  });
}

/** It has its verdict. */
export function forgetCommand(work: Work, mission: Mission): void {
  if (carriesLoad(mission.command)) return;
  work.warehouse.tables.timer.remove(timerKey(nameOf(mission), timer));
  work.settleWhere((open) => open.code === code && open.device === mission.crane);
}

/** Nothing is concluded from it: the crane may still tell. A person who has seen it is asked again by and by. */
export function onCommandLate(work: Work, { event }: Timer): void {
  const { crane, seq } = event as unknown as CommandLate;
  const mission = work.warehouse.tables.mission.get(missionKey(crane, seq));
  if (mission === undefined || mission.state === 'settled') return;
  askAfter(work, mission, work.parts.topology.site.limits.conveyorLimitMs);
  // Of a crane in doubt a person is asked already.
  if (mission.state === 'doubt') return;
  work.raise({
    code,
    device: crane,
    text: `Command ${seq} to ${crane} (${mission.command.command}) takes longer than it should, and ${crane} begins nothing else before.`,
  });
}
