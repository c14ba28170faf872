import type { Mission } from '../domain/books.ts';
import {
  type CraneLedger,
  type CraneReading,
  isStrangerActive,
  judgeClaim,
  judgeMission,
  whatIsForeign,
} from '../domain/crane-reconciliation.ts';
import type { DeviceId } from '../domain/ids.ts';
import { lhdsOf } from '../domain/topology.ts';
import type { CraneSnapshot } from '../ports/crane.ts';
import { bringOutStranger } from './crane-aborts.ts';
import {
  doubt,
  missionOf,
  onRedirected,
  refused,
  sendWish,
  settleMission,
} from './crane-commands.ts';
import { onCraneEvent, onEnded } from './crane-events.ts';
import { carryOf } from './moves.ts';
import type { Runner } from './runner.ts';
import { askToTakeOver, claimsOn, forgetForeign, waitsForStart } from './take-over.ts';
import type { Work } from './work.ts';

/**
 * Asks a crane what it holds before it is told anything: claim it and read the claim back, book
 * the events that we have missed, give every open mission its verdict. Until then it gets no
 * enable and no command. Guards first, in this order; whatever does not fit is doubt.
 */
export function reconcileCrane(
  work: Work,
  runner: Runner,
  crane: DeviceId,
  snapshot: CraneSnapshot,
): void {
  const { equipment } = work.parts;
  const reading = readingOf(snapshot);
  const ledger = ledgerOf(work, crane);
  equipment.setCrane(crane, { isReconciled: false });
  work.touched.add(crane);

  const claim = judgeClaim(ledger, reading);
  if (waitsForStart(work, crane, snapshot.claim)) {
    return equipment.setCrane(crane, { isClaiming: false });
  }
  if (claim === 'replaced') {
    equipment.setCrane(crane, { isClaiming: false });
    return doubt(work, crane, {
      code: 'REPLACED',
      detail: 'a newer start of this site commands it',
    });
  }
  const numbers = whatIsForeign(ledger, reading);
  if (numbers !== undefined || claim === 'foreign') {
    equipment.setCrane(crane, { isClaiming: false });
    const what = numbers ?? `it obeys epoch ${reading.epoch}, which these books never drew`;
    doubt(work, crane, {
      code: 'FOREIGN',
      detail: 'another controller commands it, or these books are an old copy',
    });
    return askToTakeOver(work, crane, what);
  }
  forgetForeign(work, crane);
  equipment.setCrane(crane, { isClaiming: true });
  if (claim === 'claim') return;
  settleOpen(work, runner, crane, snapshot);
}

function settleOpen(work: Work, runner: Runner, crane: DeviceId, snapshot: CraneSnapshot): void {
  const reading = readingOf(snapshot);
  if (!snapshot.retentiveOk) {
    return doubt(work, crane, { code: 'LOSS', detail: lossOf(snapshot) });
  }
  bookEvents(work, runner, crane, snapshot);
  if (snapshot.mode !== 'autoRemote') {
    work.explain(`${crane} is in ${snapshot.mode}; it waits for automatic.`, crane);
  }
  const { open, side } = work.warehouse.craneBook(crane);
  const sideCommand = missionOf(work, crane, side);
  if (sideCommand !== undefined) settleSide(work, sideCommand, reading);
  if (isStrangerActive(open, reading)) {
    const detail = `it is at mission ${reading.activeMissionId}, which the books have closed`;
    doubt(work, crane, { code: 'STRANGE', detail });
  }
  const mission = missionOf(work, crane, open);
  if (mission !== undefined) settle(work, runner, mission, snapshot);
  // A newer wish may have waited for the answer that was found here.
  sendWish(work, crane);
  compareLhds(work, runner, crane, snapshot);
  work.parts.equipment.setCrane(crane, { isReconciled: true });
}

/** What a person reads: of a PLC without numbers also what is to be done there first. */
function lossOf({ unproven }: CraneSnapshot): string {
  if (unproven === undefined) return 'its controller has lost its memory';
  return [unproven.why, unproven.first].filter((part) => part !== undefined).join('. ');
}

/** What lies on each load handling device, by its sensor and by the books, while nothing moves. */
function compareLhds(
  work: Work,
  runner: Runner,
  crane: DeviceId,
  { activeMissionId, lhds }: CraneSnapshot,
): void {
  const { open, doubt: isInDoubt } = work.warehouse.craneBook(crane);
  const aisle = work.parts.topology.aisleOfCrane(crane);
  if (aisle === undefined || activeMissionId !== 0 || open !== undefined || isInDoubt) return;
  for (const [i, location] of lhdsOf(aisle).entries()) {
    const [unit] = work.warehouse.at(location);
    const isLoaded = lhds[i]?.loaded;
    if (isLoaded === undefined || isLoaded === (unit !== undefined)) continue;
    if (unit === undefined) bringOutStranger(work, runner, location, 'nobody knows what it is');
    else work.edit(unit.loadUnit, { confidence: 'disputed' });
    const what = isLoaded ? 'is loaded, and is empty' : 'is empty, and is loaded';
    const about = unit && {
      loadUnit: unit.loadUnit,
      workflow: unit.workflow && carryOf(unit.workflow),
    };
    doubt(work, crane, { code: 'LHD_DIFFERS', detail: `${location} ${what} in the books` }, about);
  }
}

/** Everything that the ring still holds and the ledger does not. */
function bookEvents(work: Work, runner: Runner, crane: DeviceId, snapshot: CraneSnapshot): void {
  const { eventStored } = work.warehouse.craneBook(crane);
  const missed = snapshot.events.filter(({ eventSeq }) => eventSeq > eventStored);
  const first = missed[0]?.eventSeq ?? snapshot.eventHead + 1;
  if (first > eventStored + 1) {
    const detail = `events ${eventStored + 1} to ${first - 1} were overwritten before they were read`;
    doubt(work, crane, { code: 'EVENTS_LOST', detail });
  }
  const { cause } = work;
  for (const event of missed) {
    const id = `${crane}/event/${event.eventSeq}`;
    if (!work.take(id)) continue;
    // The event moves the load, however it was heard: a snapshot has no name of its own.
    work.cause = { ...cause, id };
    onCraneEvent(work, runner, crane, event);
  }
  work.cause = cause;
}

function settle(work: Work, runner: Runner, mission: Mission, snapshot: CraneSnapshot): void {
  const reading = readingOf(snapshot);
  const { crane, seq, workflow } = mission;
  switch (judgeMission(mission, reading)) {
    case 'goOn':
      if (mission.state === 'committed') {
        work.warehouse.tables.mission.put({ ...mission, state: 'accepted' });
      }
      return work.explain(`${crane} is still at mission ${seq}.`, crane, mission.loadUnit);
    case 'bookResult':
      work.cause = { ...work.cause, id: `${crane}/mission/${seq}/ended` };
      return onEnded(work, runner, mission, {
        result: snapshot.lastResult,
        place: snapshot.lastPlace,
        sourceOccupied: snapshot.lastSourceOccupied,
      });
    case 'sendAgain':
      return work.explain(`${crane} has never seen mission ${seq}; it goes out again.`, crane);
    case 'rejected':
      return refused(work, mission, reading.answer);
    case 'notTaken':
      settleMission(work, mission, 'notTaken', reading.answer);
      work.explain(`${crane} never began mission ${seq}.`, crane, mission.loadUnit);
      if (workflow !== undefined) work.send(workflow, { type: 'mission.notTaken', seq } as never);
      return;
    case 'doubt':
      return doubt(work, crane, {
        code: 'UNKNOWN',
        detail: `it does not say what has become of mission ${seq}`,
      });
  }
}

/** A command that starts nothing is repeated until it is answered. Its answer stands as long as no later one does. */
function settleSide(work: Work, side: Mission, reading: CraneReading): void {
  if (reading.seqAnswered < side.seq) return;
  settleMission(work, side, 'done', reading.answer);
  if (side.command.command !== 'changeDestination') return;
  const answer = reading.seqAnswered === side.seq ? reading.answer : 'missionEnded';
  onRedirected(work, side, side.command, answer);
}

const ledgerOf = (work: Work, crane: DeviceId): CraneLedger => {
  const { epoch, nonce } = work.parts.store;
  const claims = claimsOn(work, crane);
  const { seqHighest, eventStored } = work.warehouse.craneBook(crane);
  return { epoch, nonce, claims, seqHighest, eventStored };
};

const readingOf = ({ claim, ...snapshot }: CraneSnapshot): CraneReading => ({
  ...claim,
  ...snapshot,
});
