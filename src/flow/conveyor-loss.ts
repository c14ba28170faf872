import type { PointLoad } from '../domain/books.ts';
import { CLARIFICATION, type LoadUnitId } from '../domain/ids.ts';
import type { Work } from './work.ts';

/** The tracking of these loads is void: nobody knows by which exit they leave. */
export function loseTrack(work: Work, loads: readonly PointLoad[], outcome: string): void {
  for (const { workflow, loadUnit, hasLeft } of loads) {
    if (hasLeft) continue;
    if (loadUnit !== undefined) dispute(work, loadUnit, outcome);
    work.send(workflow, { type: 'point.confirmed', to: undefined, outcome } as never);
  }
}

/** It has left by no exit. One that vanished stands there no more, and must not pass for the next one. */
export function dispute(work: Work, loadUnit: LoadUnitId, outcome: string): void {
  work.edit(loadUnit, { transit: undefined });
  const { place } = work.unit(loadUnit);
  // What stands before its crane is told of again, and the crane will see it.
  if (work.parts.topology.pointsAt(place).every(({ role }) => role === 'arrival')) return;
  work.move(loadUnit, outcome === 'vanished' ? CLARIFICATION : place, 'disputed');
}
