import type { Loop } from '../domain/conveyor-loops.ts';
import type { Edge } from '../domain/conveyor-network.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { openRoutes } from './closures.ts';
import type { Work } from './work.ts';

/**
 * Why a load unit may not begin its errand now; undefined: it may.
 *
 * It begins only when there is room for it where it goes, and while so few are on the way over each loop that no
 * round can be full. So whatever is on the conveyors gets off them, without waiting for anything that waits for it.
 * Reject lanes are emptied by people, whatever else stands still: nothing is kept waiting for their room in the books.
 */
export function whyNotAdmitted(work: Work, from: LocationId, to: LocationId): string | undefined {
  const { warehouse, parts } = work;
  if (parts.topology.routes.to(to).costFrom(from) === undefined) return undefined;
  const place = parts.topology.placeOf(to);
  const isRejectLane = place.kind === 'station' && place.station.kind === 'rejectLane';
  if (!isRejectLane && !warehouse.hasRoom(to)) return `${to} has no room for it`;
  const loops = openRoutes(work).to(to).loopsFrom(from);
  const full = loops.find((loop) => promised(work, loop) >= loop.loadsMax);
  return full && tooMany(full);
}

/**
 * Why a load unit that is on its way may not get another destination; undefined: it may. It leaves the promises of
 * its old way behind, and needs a new one for every loop that it was not to come to.
 */
export function whyNotTurned(work: Work, loadUnit: LoadUnitId, to: LocationId): string | undefined {
  const { place, transit } = work.unit(loadUnit);
  const routes = openRoutes(work);
  const counted = transit === undefined ? [] : routes.to(transit.to).loopsFrom(place);
  const full = routes
    .to(to)
    .loopsFrom(place)
    .find((loop) => !counted.includes(loop) && promised(work, loop) >= loop.loadsMax);
  return full && tooMany(full);
}

/** Load units on a loop, and those that are on their way and will come to it. */
function promised(work: Work, loop: Loop): number {
  const { warehouse } = work;
  const routes = openRoutes(work);
  let loads = 0;
  for (const { place, transit } of warehouse.errands.underWay()) {
    if (transit !== undefined && routes.to(transit.to).loopsFrom(place).includes(loop)) loads++;
  }
  for (const segment of loop.segments) {
    loads += warehouse.at(segment).filter(({ transit }) => !transit?.isAdmitted).length;
  }
  return loads;
}

/**
 * Why the next step of an errand that has begun has to wait; undefined: it may be made.
 *
 * A PLC sends what finds its exit full by the default exit: a step onto a segment waits for room there, unless that
 * is the default exit, for which the PLC waits itself. That a loop has room was seen to when the errand began: it can
 * only be otherwise where ways have been closed since.
 */
export function whyNotInto(work: Work, edge: Edge): string | undefined {
  const { warehouse, parts } = work;
  const { network } = parts.topology;
  if (!network.isSegment(edge.to)) return undefined;
  const loop = network.loopOf(edge.to);
  if (loop !== undefined && !loop.segments.includes(edge.from)) {
    const there = loop.segments.reduce((sum, segment) => sum + warehouse.countAt(segment), 0);
    if (there + entering(work, loop.segments) >= loop.loadsMax) return tooMany(loop);
  }
  const taken = warehouse.countAt(edge.to) + entering(work, [edge.to]);
  const isFull = !edge.isDefault && taken >= parts.topology.capacityOf(edge.to);
  return isFull ? `${edge.to} is full` : undefined;
}

/** Load units that were told to come onto some segments and have not been confirmed yet. */
function entering({ warehouse, parts }: Work, segments: readonly LocationId[]): number {
  const entries = segments
    .flatMap((segment) => parts.topology.network.into(segment))
    .filter(({ from }) => !segments.includes(from));
  return entries.reduce((sum, { device, point, exit }) => {
    const { open } = warehouse.pointBook(device, point);
    return sum + open.filter(({ answer }) => answer?.exit === exit).length;
  }, 0);
}

const tooMany = ({ segments, loadsMax }: Loop): string =>
  `${loadsMax} load units are on the loop of ${segments[0]} or on their way to it, and one more could block it`;
