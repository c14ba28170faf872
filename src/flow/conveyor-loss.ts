import { CLARIFICATION, type LoadUnitId } from '../domain/ids.ts';
import type { PointLoad } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { carryOf } from './moves.ts';
import { placed } from './resolutions.ts';
import type { Work } from './work.ts';

/** The tracking of these loads is void: nobody knows by which exit they leave. */
export function loseTrack(work: Work, loads: readonly PointLoad[], outcome: string): void {
  for (const { workflow, loadUnit, hasLeft } of loads) {
    if (hasLeft) continue;
    if (loadUnit !== undefined) dispute(work, loadUnit, outcome);
    work.send(workflow, { type: 'point.confirmed', to: undefined, outcome } as never);
  }
}

/**
 * The PLC has lost its memory, and with it its word on what has left. What stood there is taken to stand there still: a
 * conveyor mostly stops when its PLC does.
 */
export function loseMemory(
  work: Work,
  point: DecisionPoint | undefined,
  loads: readonly PointLoad[],
): void {
  // One that has been seen somewhere else since: of that the memory says nothing.
  const isElsewhere = ({ loadUnit }: PointLoad) =>
    loadUnit !== undefined && work.unit(loadUnit).place !== point?.at;
  const isInduct = point?.role === 'induct';
  loseTrack(work, isInduct ? loads : loads.filter((load) => !isElsewhere(load)), 'restarted');
}

/** It has left by no exit that is known. One that vanished stands there no more, and must not pass for the next one. */
export function dispute(work: Work, loadUnit: LoadUnitId, outcome: string): void {
  work.edit(loadUnit, { transit: undefined });
  const { place } = work.unit(loadUnit);
  // What stands before its crane is told of again, and the crane will see it.
  if (work.parts.topology.pointsAt(place).every(({ role }) => role === 'arrival')) return;
  work.move(loadUnit, outcome === 'vanished' ? CLARIFICATION : place, 'disputed');
}

/**
 * It stood before its crane, and is gone without it: what comes to stand there next must not pass for it. Of one
 * that the crane is sent for, the crane tells.
 */
export function missBeforeCrane(work: Work, { at }: DecisionPoint, loadUnit: LoadUnitId): void {
  const { place, workflow } = work.unit(loadUnit);
  const { tables } = work.warehouse;
  const carrying = workflow && carryOf(workflow);
  const isAsked = carrying !== undefined && tables.request.has(carrying);
  if (place !== at || !isAsked) return;
  work.move(loadUnit, CLARIFICATION, 'disputed');
  work.raise({
    code: 'PLACE_UNKNOWN',
    ...{ loadUnit, workflow: carrying, location: at },
    text: `${loadUnit} stood at ${at} and is gone, and no crane has fetched it: where is it?`,
    resolutions: [placed],
  });
}
