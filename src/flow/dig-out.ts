import type { LocationId, WorkflowId } from '../domain/ids.ts';
import { whyKept } from '../domain/reachability.ts';
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
