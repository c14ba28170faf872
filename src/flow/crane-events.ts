import type { Mission } from '../domain/books.ts';
import { carriesLoad } from '../domain/crane-command.ts';
import type { DeviceId } from '../domain/ids.ts';
import { abortReaction } from '../domain/reactions.ts';
import { lhdsOf } from '../domain/topology.ts';
import type { CraneEvent } from '../ports/crane.ts';
import { bookAborted, disputed } from './crane-aborts.ts';
import { doubt, editBook, missionOf, reactionsOf, settleMission } from './crane-commands.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** Books one entry of the event ring. Only picked and ended move stock, and to the reported place. */
export function onCraneEvent(work: Work, runner: Runner, crane: DeviceId, event: CraneEvent): void {
  const { eventStored } = work.warehouse.craneBook(crane);
  if (event.eventSeq <= eventStored) return;
  editBook(work, crane, { eventStored: event.eventSeq });
  const mission = missionOf(work, crane, event.missionId);
  switch (event.type) {
    case 'picked':
      return mission ? onPicked(work, mission, event) : onStrange(work, crane, event);
    case 'ended':
      return mission ? onEnded(work, runner, mission, event) : onStrange(work, crane, event);
    case 'modeChanged':
      // Back in automatic: nobody knows what was handled meanwhile.
      if (event.result !== 'autoRemote') return work.explain(`${crane} left automatic.`, crane);
      return doubt(work, crane, { code: 'HANDLED', detail: 'it was operated by hand' });
    case 'loadAdded':
    case 'loadRemoved': {
      const what = event.type === 'loadAdded' ? 'put onto' : 'taken from';
      return doubt(work, crane, { code: 'HANDLED', detail: `a load was ${what} its device` });
    }
    case 'restarted':
      return work.explain(`The controller of ${crane} restarted.`, crane);
  }
}

/** A load was moved for a mission that the books have closed: nobody knows which, and where it is. */
function onStrange(work: Work, crane: DeviceId, { type, missionId }: CraneEvent): void {
  const detail = `it reports mission ${missionId} as ${type}, which the books have closed`;
  doubt(work, crane, { code: 'STRANGE', detail });
}

function onPicked(work: Work, mission: Mission, { place }: CraneEvent): void {
  const { crane, seq, loadUnit, workflow } = mission;
  if (loadUnit === undefined || mission.isPicked || mission.state === 'settled') return;
  const aisle = work.parts.topology.aisleOfCrane(crane);
  const meant = carriesLoad(mission.command) ? mission.command.lhd : 1;
  const lhd = place ?? (aisle && lhdsOf(aisle)[meant - 1]);
  const state = mission.state === 'committed' ? 'accepted' : mission.state;
  work.warehouse.tables.mission.put({ ...mission, state, isPicked: true });
  if (lhd !== undefined) work.move(loadUnit, lhd, 'sensed');
  if (workflow !== undefined) work.send(workflow, { type: 'mission.picked', seq } as never);
}

/** How a mission ended, by its event or by what the status block keeps of the last one. */
export type MissionEnd = Pick<CraneEvent, 'result' | 'place' | 'sourceOccupied' | 'isInferred'>;

/** A mission is over: its load is where the crane says, and the rest follows from how it ended. */
export function onEnded(work: Work, runner: Runner, mission: Mission, end: MissionEnd): void {
  if (mission.state === 'settled') return;
  settleMission(work, mission, 'done', end.result);
  if (end.result === 'done' || end.result === 'cancelled') onOrderlyEnd(work, mission, end);
  else onAborted(work, runner, mission, end);
}

function onOrderlyEnd(work: Work, mission: Mission, end: MissionEnd): void {
  const { seq, loadUnit, workflow } = mission;
  const { result, place, sourceOccupied } = end;
  if (loadUnit !== undefined) {
    if (place === undefined) disputed(work, mission, `mission ${seq} ended, but not where`);
    else work.move(loadUnit, place, end.isInferred === true ? 'inferred' : 'sensed');
  }
  if (workflow === undefined) return;
  const type = result === 'done' ? 'mission.done' : 'mission.canceled';
  work.send(workflow, { type, seq, place, sourceOccupied } as never);
}

function onAborted(work: Work, runner: Runner, mission: Mission, end: MissionEnd): void {
  const { crane, seq, workflow, command } = mission;
  const { result, place, isInferred } = end;
  const reaction = abortReaction(reactionsOf(work, crane), result);
  bookAborted(work, runner, mission, { result, reaction, place, isInferred });
  const { next, retries: retriesMax, otherwise } = reaction;
  if (workflow !== undefined) {
    const to = 'to' in command ? command.to : undefined;
    const isDisputed = reaction.loadUnit === 'disputed';
    const follows = { next, retriesMax, otherwise, isDisputed };
    work.send(workflow, {
      ...{ type: 'mission.aborted', seq, result, place, to },
      ...follows,
    } as never);
  }
  if (next === 'hold' || next === 'reenter') {
    const reason = { code: result, detail: `mission ${seq} ended with ${result}` };
    doubt(work, crane, reason, { ...mission, alarm: reaction.alarm });
  }
}
