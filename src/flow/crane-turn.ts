import type { CraneRequest } from '../domain/crane-command.ts';
import { craneTravelMs, type Position } from '../domain/crane-kinematics.ts';
import { cycleTimesOf } from '../domain/fem-9851.ts';
import type { Candidate, Turn, WorkKind } from '../domain/sequencing.ts';
import type { Aisle } from '../domain/site.ts';
import type { Work } from './work.ts';

/** What a decision about the next mission of a crane needs to know of it and of what waits for it. */

export const isOnLhd = (work: Work, { from }: CraneRequest): boolean =>
  work.parts.topology.placeOf(from).kind === 'lhd';

/**
 * A request as urgent as what waits for it: whatever stands before a load unit that is wanted is moved
 * away as that one is wanted.
 */
export function asUrgentAs(
  work: Work,
  request: CraneRequest,
  waiting: readonly CraneRequest[],
): CraneRequest {
  const { topology } = work.parts;
  const behind = waiting.filter(({ from }) => topology.frontOf(from) === request.from);
  if (behind.length === 0) return request;
  const all = [request, ...behind];
  const dueAtMs = Math.min(...all.map(({ dueAtMs: due = Number.POSITIVE_INFINITY }) => due));
  return {
    ...request,
    priority: Math.max(...all.map(({ priority }) => priority)),
    dueAtMs: dueAtMs === Number.POSITIVE_INFINITY ? undefined : dueAtMs,
    sinceMs: Math.min(...all.map(({ sinceMs }) => sinceMs)),
  };
}

/** The requests of an aisle as its crane sees them from where it is: how far the next place is. */
export function candidatesOf(
  work: Work,
  aisle: Aisle,
  requests: readonly { readonly request: CraneRequest }[],
): Candidate[] {
  const at = cranePosition(work, aisle);
  const { topology } = work.parts;
  return requests.map(({ request }) => {
    const isOnBoard = isOnLhd(work, request);
    const next = isOnBoard ? request.to : request.from;
    const emptyMs =
      next === undefined ? 0 : craneTravelMs(at, topology.positionOf(next), aisle.kinematics);
    return { request, kind: isOnBoard ? 'within' : kindOf(work, request), emptyMs };
  });
}

export function kindOf(work: Work, { from, to }: CraneRequest): WorkKind {
  const { topology } = work.parts;
  if (topology.placeOf(from).kind === 'pd') return 'store';
  return to !== undefined && topology.placeOf(to).kind === 'pd' ? 'retrieve' : 'within';
}

export function turnOf(work: Work, aisle: Aisle): Turn {
  const at = cranePosition(work, aisle);
  const isAtStation = aisle.stations.some((station) => isNear(at, station, aisle));
  // A dual cycle has two of them.
  return { nowMs: work.nowMs, isAtStation, missionMs: cycleTimesOf(aisle).dualMs / 2 };
}

/** Within half a cell: what a crane reports is a measurement. */
const isNear = (at: Position, { xMm, yMm }: Position, aisle: Aisle): boolean =>
  Math.abs(at.xMm - xMm) <= aisle.bayWidthMm / 2 &&
  Math.abs(at.yMm - yMm) <= aisle.levelHeightMm / 2;

/** Where the crane is; at its P&D end while it has not said. */
export function cranePosition(work: Work, { crane, stations }: Aisle): Position {
  const { snapshot } = work.parts.equipment.crane(crane);
  if (snapshot !== undefined) return { xMm: snapshot.travelMm, yMm: snapshot.hoistMm };
  return stations[0] ?? { xMm: 0, yMm: 0 };
}
