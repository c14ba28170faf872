import type { LoadUnit, Mission } from '../domain/books.ts';
import { CLARIFICATION, type DeviceId, type LocationId, MISSING } from '../domain/ids.ts';
import { type AbortReaction, abortReaction } from '../domain/reactions.ts';
import type { CraneEvent } from '../ports/crane.ts';
import { doubt, editBook, missionOf, settleMission } from './crane-commands.ts';
import { makeUnknown } from './identify.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { NewDiscrepancy, Work } from './work.ts';

/** Books one entry of the event ring. Only picked and ended move stock, and to the reported place. */
export function onCraneEvent(work: Work, crane: DeviceId, event: CraneEvent): void {
  const { eventStored } = work.warehouse.craneBook(crane);
  if (event.eventSeq <= eventStored) return;
  editBook(work, crane, { eventStored: event.eventSeq });
  const mission = missionOf(work, crane, event.missionId);
  switch (event.type) {
    case 'picked':
      return mission ? onPicked(work, mission, event) : onStrange(work, crane, event);
    case 'ended':
      return mission
        ? onEnded(work, mission, event.result, event.place)
        : onStrange(work, crane, event);
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
  const lhd = place ?? work.parts.topology.aisleOfCrane(crane)?.lhd;
  const state = mission.state === 'committed' ? 'accepted' : mission.state;
  work.warehouse.tables.mission.put({ ...mission, state, isPicked: true });
  if (lhd !== undefined) work.move(loadUnit, lhd, 'sensed');
  if (workflow !== undefined) work.send(workflow, { type: 'mission.picked', seq } as never);
}

/** A mission is over: its load is where the crane says, and the rest follows from how it ended. */
export function onEnded(
  work: Work,
  mission: Mission,
  result: string,
  place: LocationId | undefined,
): void {
  if (mission.state === 'settled') return;
  const { crane, seq, loadUnit, workflow } = mission;
  settleMission(work, mission, 'done', result);
  if (loadUnit === undefined || workflow === undefined) return;
  if (result === 'done' || result === 'cancelled') {
    if (place === undefined) disputed(work, mission, `mission ${seq} ended, but not where`);
    else work.move(loadUnit, place, 'sensed');
    const type = result === 'done' ? 'mission.done' : 'mission.canceled';
    return work.send(workflow, { type, seq, place } as never);
  }
  const reactions = work.parts.reactions.get(crane) ?? { rejects: new Map(), aborts: new Map() };
  const reaction = abortReaction(reactions, result);
  bookAborted(work, mission, result, reaction, place);
  const { next, retries: retriesMax } = reaction;
  work.send(workflow, { type: 'mission.aborted', seq, result, next, retriesMax, place } as never);
  if (next === 'hold' || next === 'reenter') {
    doubt(work, crane, { code: result, detail: `mission ${seq} ended with ${result}` }, mission);
  }
}

/** Books and locks by the reaction table; the workflow decides how it goes on. */
function bookAborted(
  work: Work,
  { command, crane, seq, loadUnit }: Mission,
  result: string,
  reaction: AbortReaction,
  place: LocationId | undefined,
): void {
  if (loadUnit === undefined || !('to' in command)) return;
  const from = 'from' in command ? command.from : undefined;
  const closes = { source: [from], destination: [command.to], both: [from, command.to] };
  const which = reaction.location.replace('close', '').toLowerCase() as keyof typeof closes;
  const places: readonly (LocationId | undefined)[] = closes[which] ?? [];
  const closed = places.filter(
    (location): location is LocationId => location !== undefined && lock(work, location, result),
  );

  const text = `${crane}, mission ${seq} with ${loadUnit}: ${reaction.doc}`;
  work.explain(text, loadUnit, crane, from, command.to);
  if (reaction.loadUnit === 'missing') return missing(work, loadUnit, from, text);
  if (reaction.loadUnit === 'disputed' || place === undefined) {
    disputed(work, { loadUnit, crane, seq }, result);
  } else {
    work.move(loadUnit, place, 'sensed');
  }
  for (const location of closed) {
    const stranger = reaction.next === 'redirect' ? findStranger(work, location) : undefined;
    const code = result.replace(/[A-Z]/g, '_$&').toUpperCase();
    askAboutClosed(work, { code, text, device: crane, location, loadUnit: stranger });
  }
}

/** Only a person opens again what was closed. */
function askAboutClosed(work: Work, closed: NewDiscrepancy): void {
  const { loadUnit: stranger } = closed;
  work.raise({
    ...closed,
    resolutions: [
      stranger === undefined
        ? { resolution: 'opened', text: 'Looked: the location may be used.', needs: [] }
        : { resolution: 'removed', text: `${stranger} was taken out; it may be used.`, needs: [] },
      { resolution: 'keptClosed', text: 'Looked: it stays closed.', needs: [] },
    ],
  });
}

/** What stands where the books have nothing gets a name, so that books and steel agree again. */
function findStranger(work: Work, location: LocationId): LoadUnit['loadUnit'] | undefined {
  if (work.warehouse.countAt(location) > 0) return undefined;
  const { loadUnit } = makeUnknown(work, undefined);
  work.move(loadUnit, location, 'sensed');
  tellMovement(work, 'found', work.unit(loadUnit));
  tellLoadUnit(work, work.unit(loadUnit), 'clarification');
  return loadUnit;
}

/** Only cells are closed: a P&D station that one mission found empty serves the next. */
function lock(work: Work, location: LocationId, reason: string): boolean {
  if (work.parts.topology.placeOf(location).kind !== 'cell') return false;
  work.warehouse.tables.lock.put({ location, lock: 'both', reason });
  return true;
}

function missing(
  work: Work,
  loadUnit: Mission['loadUnit'] & string,
  from: LocationId | undefined,
  text: string,
): void {
  work.move(loadUnit, MISSING, 'disputed');
  const unit = work.edit(loadUnit, { status: 'missing' });
  const reasons = [{ code: 'LOAD_UNIT_MISSING', detail: text.slice(0, 200) }];
  tellMovement(work, 'lost', unit, { order: unit.order, reasons });
  tellLoadUnit(work, work.unit(loadUnit), 'missing');
  work.raise({
    code: 'BIN_EMPTY',
    text,
    loadUnit,
    location: from,
    resolutions: [
      { resolution: 'found', text: 'It was found at this place.', needs: ['place'] },
      { resolution: 'lost', text: 'It is not in the building.', needs: [] },
    ],
  });
}

function disputed(
  work: Work,
  { loadUnit, crane, seq }: Pick<Mission, 'loadUnit' | 'crane' | 'seq'>,
  result: string,
): void {
  if (loadUnit === undefined) return;
  work.move(loadUnit, CLARIFICATION, 'disputed');
  work.explain(
    `Nobody knows where ${loadUnit} is: mission ${seq} of ${crane}, ${result}.`,
    loadUnit,
  );
}
