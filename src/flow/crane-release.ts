import type { Discrepancy } from '../domain/books.ts';
import type { DeviceId, LocationId } from '../domain/ids.ts';
import { lhdsOf } from '../domain/topology.ts';
import type { CraneSnapshot } from '../ports/crane.ts';
import { editBook, issue, missionOf, settleMission } from './crane-commands.ts';
import { whyNotCommanded } from './device-modes.ts';
import { goOnElsewhere, whyNotFoundAt } from './found-elsewhere.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** Clears the fault in the crane's controller; it moves nothing. */
export function reset(work: Work, crane: DeviceId | undefined): string | undefined {
  if (crane === undefined) return undefined;
  const refusal = whyNoSideCommand(work, crane);
  if (refusal !== undefined) return refusal;
  // A later number would overtake it, and the crane would never take it.
  const { open } = work.warehouse.craneBook(crane);
  if (missionOf(work, crane, open)?.state === 'committed') {
    return `${crane} has not answered mission ${open} yet`;
  }
  issue(work, crane, { command: 'resetFault' }, { workflow: undefined, loadUnit: undefined });
  return undefined;
}

function whyNoSideCommand(work: Work, crane: DeviceId): string | undefined {
  const mode = whyNotCommanded(work, crane);
  if (mode !== undefined) return `${crane} is sent nothing: ${mode}`;
  const { offline, isReconciled } = work.parts.equipment.crane(crane);
  if (offline !== undefined || !isReconciled)
    return `${crane} cannot be reached: ${offline ?? 'it is being read'}`;
  const { side } = work.warehouse.craneBook(crane);
  return side === undefined ? undefined : `${crane} has not answered command ${side} yet`;
}

/**
 * A person has confirmed every place in question: the crane may work again. Not before it is
 * proved to stand still with no mission in hand; one that it still has is canceled first.
 */
export function confirmCrane(
  work: Work,
  open: Discrepancy,
  { place }: { readonly place?: LocationId | undefined },
  runner: Runner,
): string | undefined {
  const crane = open.device;
  if (crane === undefined) return undefined;
  const mode = whyNotCommanded(work, crane);
  if (mode !== undefined) return `${crane} is sent nothing: ${mode}`;
  const { snapshot, offline, isClaiming } = work.parts.equipment.crane(crane);
  if (offline !== undefined || snapshot === undefined)
    return `${crane} cannot be reached: ${offline}`;
  const book = work.warehouse.craneBook(crane);
  if (!isClaiming) {
    return `${crane} is not commanded by this controller: settle first whose it is`;
  }
  const moving = whyNotStill(work, crane, snapshot);
  if (moving !== undefined) return moving;
  const stranger = strangerOn(work, crane, place);
  if (stranger !== undefined) return stranger;
  const told = whyToldSince(work, open, place);
  if (told !== undefined) return told;
  const mission = missionOf(work, crane, book.open);
  if (mission !== undefined) settleMission(work, mission, 'unknown', 'settled by a person');
  if (mission?.loadUnit === undefined && mission?.workflow !== undefined) {
    // It carried nothing: whatever has become of it, it may be done again.
    work.send(mission.workflow, { type: 'mission.notTaken', seq: mission.seq } as never);
  }
  goOnFrom(work, runner, open, place);
  if (hasOtherDoubt(work, open)) return undefined;
  editBook(work, crane, { doubt: undefined });
  work.parts.equipment.setCrane(crane, { isReconciled: true });
  if (!snapshot.retentiveOk) {
    const command = { command: 'resync', eventHead: snapshot.eventHead } as const;
    issue(work, crane, command, { workflow: undefined, loadUnit: undefined });
  }
  return undefined;
}

/** Nothing is judged before it stands still, with no mission in hand. */
function whyNotStill(work: Work, crane: DeviceId, snapshot: CraneSnapshot): string | undefined {
  const { activeMissionId: missionId, unproven, held } = snapshot;
  if (missionId !== 0) {
    if (work.warehouse.craneBook(crane).side === undefined) {
      const nobody = { workflow: undefined, loadUnit: undefined };
      issue(work, crane, { command: 'cancel', missionId }, nobody);
    }
    return `${crane} still has mission ${missionId}, which is being canceled: confirm again when it has ended`;
  }
  if (unproven?.first !== undefined) return `${crane}: ${unproven.first}`;
  return held ? undefined : `${crane} is not proved to stand still: confirm again in a moment`;
}

/** What lies on the crane and is in no book would be met by its next mission. @param seen  the place that a person says */
function strangerOn(work: Work, crane: DeviceId, seen: LocationId | undefined): string | undefined {
  const aisle = work.parts.topology.aisleOfCrane(crane);
  const { lhds = [] } = work.parts.equipment.crane(crane).snapshot ?? {};
  const lhd = (aisle === undefined ? [] : lhdsOf(aisle)).find(
    (place, i) => lhds[i]?.loaded && place !== seen && work.warehouse.countAt(place) === 0,
  );
  return lhd && `${lhd} is loaded, and the books know of no load there: take it off first`;
}

/** Whoever asked waits for the answer, or has ended since: the crane has told how its mission ended. */
const isAsking = ({ warehouse }: Work, { workflow }: Discrepancy): boolean =>
  workflow !== undefined && warehouse.tables.workflow.has(workflow);

function whyToldSince(
  work: Work,
  open: Discrepancy,
  seen: LocationId | undefined,
): string | undefined {
  const { loadUnit } = open;
  if (loadUnit === undefined || seen === undefined || isAsking(work, open)) return undefined;
  return whyNotFoundAt(work, loadUnit, seen);
}

/** The load is where the person says, or where the crane has said; its workflow goes on from there. */
function goOnFrom(
  work: Work,
  runner: Runner,
  open: Discrepancy,
  seen: LocationId | undefined,
): void {
  const { loadUnit, workflow } = open;
  if (loadUnit === undefined) return;
  const before = work.unit(loadUnit);
  if (seen !== undefined) work.move(loadUnit, seen, 'inferred');
  const { place } = work.unit(loadUnit);
  if (workflow !== undefined && isAsking(work, open)) {
    work.send(workflow, { type: 'operator.placed', place } as never);
  } else if (place !== before.place) goOnElsewhere(work, runner, before);
}

const hasOtherDoubt = (work: Work, { no, device, code }: Discrepancy): boolean =>
  [...work.warehouse.openDiscrepancies()].some(
    (other) => other.no !== no && other.device === device && other.code === code,
  );
