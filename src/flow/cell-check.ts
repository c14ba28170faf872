import type { LocationId, WorkflowId } from '../domain/ids.ts';
import { askAboutClosed, findStranger, missing } from './crane-aborts.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** The workflow that has a cell looked into. */
export const checkOf = (location: LocationId): WorkflowId => `check/${location}` as WorkflowId;

/**
 * Sends the crane to look into a cell, which is closed until books and crane agree.
 *
 * @returns why it cannot be done now
 */
export function startCheck(work: Work, runner: Runner, location: LocationId): string | undefined {
  const { lock, reservation, workflow } = work.warehouse.tables;
  if (workflow.has(checkOf(location))) return `${location} is being checked already`;
  const promised = reservation.get(location)?.loadUnit;
  if (promised !== undefined) return `${location} is promised to ${promised}, which is under way`;
  const busy = work.warehouse.at(location).find((unit) => unit.workflow !== undefined);
  if (busy !== undefined) return `${busy.loadUnit} in ${location} is under way (${busy.workflow})`;
  if (!lock.has(location)) lock.put({ location, lock: 'both', reason: 'check' });
  runner.start(work, 'check@1', checkOf(location), { location });
  work.explain(`The crane is to look into ${location}.`, location);
  return undefined;
}

export function requestCheck(work: Work, workflow: WorkflowId, location: LocationId): void {
  const place = work.parts.topology.placeOf(location);
  if (place.kind !== 'cell') return;
  work.warehouse.tables.request.put({
    ...{ workflow, crane: place.aisle.crane, loadUnit: undefined, from: location, to: undefined },
    ...{ priority: 5, sinceMs: work.nowMs, no: work.warehouse.next('request') },
  });
}

/** The crane has looked: books that agree open the cell again, others become a question. */
export function compareCell(work: Work, location: LocationId, isOccupied: boolean): void {
  const [unit] = work.warehouse.at(location);
  const found = `The crane found ${location} ${isOccupied ? 'occupied' : 'empty'}`;
  if (isOccupied === (unit !== undefined)) {
    work.warehouse.tables.lock.remove(location);
    work.settleWhere(
      (open) =>
        open.location === location &&
        open.resolutions.some(({ resolution }) => resolution === 'check'),
    );
    work.isAllocationDue = true;
    return work.explain(`${found}, as the books have it: it is open again.`, location);
  }
  if (unit !== undefined) {
    const text = `${found}, and the books have ${unit.loadUnit} there.`;
    return missing(work, unit.loadUnit, location, text);
  }
  const text = `${found}, and the books have nothing there.`;
  const loadUnit = findStranger(work, location);
  work.explain(text, location, loadUnit);
  askAboutClosed(work, { code: 'COUNT_DIFFERS', text, location, loadUnit }, false);
}

/** Nobody knows more than before: a person looks. */
export function leaveClosed(work: Work, location: LocationId, why: string): void {
  const text = `${location} stays closed: ${why}.`;
  askAboutClosed(work, { code: 'NOT_COUNTED', text, location }, true);
}
