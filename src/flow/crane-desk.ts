import type { Mission } from '../domain/books.ts';
import type { DeviceId } from '../domain/ids.ts';
import type { CraneFact, CraneSnapshot } from '../ports/crane.ts';
import { cameOnline, wentOffline } from './aisle-failure.ts';
import {
  doubt,
  editBook,
  missionOf,
  onRedirected,
  refused,
  sendWish,
  settleMission,
} from './crane-commands.ts';
import { onCraneEvent } from './crane-events.ts';
import { reconcileCrane } from './crane-start.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** Takes in what a crane says. */
export function onCraneFact(work: Work, runner: Runner, fact: CraneFact): void {
  const { device: crane } = fact;
  const { equipment } = work.parts;
  switch (fact.type) {
    case 'crane.offline':
      equipment.setCrane(crane, { offline: fact.reason, isReconciled: false, isClaiming: false });
      wentOffline(work, crane);
      return work.explain(`${crane} is offline: ${fact.reason}.`, crane);
    case 'crane.misconfigured':
      equipment.setCrane(crane, { offline: fact.reason, isReconciled: false, isClaiming: false });
      wentOffline(work, crane);
      return work.raise({
        code: 'DEVICE_MISCONFIGURED',
        device: crane,
        text: `${crane} is not what the site file says: ${fact.reason}. Nothing is sent to it.`,
      });
    case 'crane.snapshot':
      equipment.setCrane(crane, { offline: undefined });
      cameOnline(work, crane);
      work.settleWhere((open) => open.code === 'DEVICE_MISCONFIGURED' && open.device === crane);
      note(work, crane, fact.snapshot);
      // Standing still was asked for and is proved: nothing else is new.
      return fact.because === 'held'
        ? undefined
        : reconcileCrane(work, runner, crane, fact.snapshot);
    case 'crane.changed':
      return note(work, crane, fact.snapshot);
    case 'crane.event':
      return onCraneEvent(work, runner, crane, fact.event);
    case 'crane.eventsLost':
      // Told again until it is acknowledged; what came after it is stored already.
      if (fact.to <= work.warehouse.craneBook(crane).eventStored) return;
      editBook(work, crane, { eventStored: fact.to });
      return doubt(work, crane, {
        code: 'EVENTS_LOST',
        detail: `events ${fact.from} to ${fact.to} were overwritten before they were read`,
      });
    case 'crane.answered':
      return onAnswer(work, crane, fact.seq, fact.answer);
  }
}

/** Keeps the reading, and asks a person about a fault as long as it is there. */
function note(work: Work, crane: DeviceId, snapshot: CraneSnapshot): void {
  const { equipment } = work.parts;
  const wasLatched = equipment.crane(crane).snapshot?.faultLatched;
  equipment.setCrane(crane, { snapshot });
  if (wasLatched !== snapshot.faultLatched) work.touched.add(crane);
  if (snapshot.faultLatched) return askAboutFault(work, crane, snapshot);
  work.settleWhere((open) => open.code === 'CRANE_FAULT' && open.device === crane);
}

function askAboutFault(work: Work, crane: DeviceId, { faultCode }: CraneSnapshot): void {
  work.raise({
    code: 'CRANE_FAULT',
    device: crane,
    text: `${crane} has fault ${faultCode}. See to it, then reset.`,
    resolutions: [{ resolution: 'reset', text: 'Seen to: reset the fault.', needs: [] }],
  });
}

function onAnswer(work: Work, crane: DeviceId, seq: number, answer: string): void {
  const mission = missionOf(work, crane, seq);
  if (mission === undefined || mission.state === 'settled') return;
  const { side } = work.warehouse.craneBook(crane);
  if (seq === side) return onSideAnswer(work, mission, answer);
  if (answer === 'accepted') {
    if (mission.state !== 'committed') return;
    work.warehouse.tables.mission.put({ ...mission, state: 'accepted' });
    work.touched.add(crane);
    return;
  }
  refused(work, mission, answer);
}

/** A command that starts nothing: answered is finished, whatever the answer; events tell what it did. */
function onSideAnswer(work: Work, side: Mission, answer: string): void {
  const { crane, command } = side;
  const isAccepted = answer === 'accepted';
  settleMission(work, side, isAccepted ? 'done' : 'notTaken', answer);
  if (command.command === 'resync' && !isAccepted && answer !== 'alreadySynchronized') {
    const detail = `it refused to take up its numbers again (${answer})`;
    return doubt(work, crane, { code: 'LOSS', detail });
  }
  if (command.command === 'resetFault' && !isAccepted) onResetRefused(work, crane, answer);
  if (command.command === 'cancel' || command.command === 'changeDestination') {
    settleVoid(work, missionOf(work, crane, command.missionId), answer);
  }
  if (command.command === 'changeDestination') onRedirected(work, side, command, answer);
  sendWish(work, crane);
}

/** The question was answered with the reset: without another one nobody would see to the fault again. */
function onResetRefused(work: Work, crane: DeviceId, answer: string): void {
  const { snapshot } = work.parts.equipment.crane(crane);
  if (snapshot?.faultLatched !== true) return;
  work.explain(`${crane} has not taken the reset of its fault: ${answer}.`, crane);
  askAboutFault(work, crane, snapshot);
}

/** The mission never ran and cannot any more: its number lies below what has been answered. */
function settleVoid(work: Work, target: Mission | undefined, answer: string): void {
  if (answer !== 'missionUnknown' || target?.state !== 'committed') return;
  settleMission(work, target, 'notTaken', answer);
  const { seq, workflow, loadUnit } = target;
  if (workflow === undefined || loadUnit === undefined) return;
  const { place } = work.unit(loadUnit);
  // Canceled as wished; with another destination it begins anew.
  const type = target.redirect === undefined ? 'mission.canceled' : 'mission.notTaken';
  work.send(workflow, { type, seq, place } as never);
}
