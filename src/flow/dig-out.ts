import type { LoadUnit } from '../domain/books.ts';
import type { CraneRequest } from '../domain/crane-command.ts';
import type { LocationId, WorkflowId } from '../domain/ids.ts';
import { whyKept } from '../domain/reachability.ts';
import { checkOf } from './cell-check.ts';
import { isNoted } from './reminders.ts';
import { placed, stillComing } from './resolutions.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** What stands before a place and is moved by nobody but a person; undefined: nothing does. */
export function whyBlocked({ warehouse, parts }: Work, place: LocationId): string | undefined {
  const front = parts.topology.frontOf(place);
  const unit = front === undefined ? undefined : warehouse.at(front)[0];
  if (unit === undefined || unit.workflow !== undefined || unit.status === 'present') return;
  return `${unit.loadUnit} stands before it at ${unit.place}, and no crane moves that one: take it out first`;
}

/**
 * Whether a place can be reached: nothing stands before it. What does is moved away first, by a
 * relocation of its own, as soon as nothing else is done with it.
 */
export function isClear(work: Work, runner: Runner, place: LocationId): boolean {
  const front = work.parts.topology.frontOf(place);
  const unit = front === undefined ? undefined : work.warehouse.at(front)[0];
  if (front === undefined || unit === undefined) return true;
  const { loadUnit, workflow, status } = unit;
  const lock = work.warehouse.tables.lock.get(front);
  // A closed cell has its question already; what is under way leaves by itself.
  if (workflow !== undefined || status !== 'present' || lock !== undefined) return false;
  // It could not be moved anywhere, and the retrieval waits as well as it would.
  if (whyKept(work.warehouse, front) !== undefined) return false;
  const relocation = `relocation/${loadUnit}/${work.warehouse.next('relocation')}` as WorkflowId;
  work.edit(loadUnit, { workflow: relocation });
  work.explain(`${loadUnit} stands before ${place} and is moved away.`, loadUnit, place);
  runner.start(work, 'relocation@1', relocation, { loadUnit, from: front });
  return false;
}

/**
 * A load unit waits behind what no crane moves, and about that nobody is asked any more, as where a person has said that
 * its cell stays closed: it would wait for ever.
 */
export function askAboutFront(work: Work, { workflow, loadUnit, from }: CraneRequest): void {
  const front = work.parts.topology.frontOf(from);
  const unit = front === undefined ? undefined : work.warehouse.at(front)[0];
  if (front === undefined || unit === undefined || unit.workflow !== undefined) return;
  const isClosed = work.warehouse.tables.lock.has(front);
  if ((unit.status === 'present' && !isClosed) || isLookedAt(work, front, unit)) return;
  const what = isClosed ? `${front} before it is closed` : `${unit.loadUnit} stands before it`;
  const question = {
    code: 'REFUSED',
    ...{ loadUnit, workflow },
    text: `${loadUnit} at ${from} waits for its crane, and ${what}: look into ${front}, and take out what does not belong there.`,
    resolutions: [stillComing, placed],
  };
  if (!isNoted(work, workflow, question)) work.raise(question);
}

/** The crane is to look at it, or a person. */
const isLookedAt = ({ warehouse }: Work, front: LocationId, { loadUnit }: LoadUnit): boolean =>
  warehouse.tables.workflow.has(checkOf(front)) ||
  [...warehouse.openDiscrepancies()].some(
    (open) => open.location === front || open.loadUnit === loadUnit,
  );
