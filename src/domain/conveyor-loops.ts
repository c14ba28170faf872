import type { LocationId } from './ids.ts';

/** Segments of which each is reached from each other: load units can go round there. */
export interface Loop {
  readonly segments: readonly LocationId[];
  /** Load units that stand on all of its segments when they are full. */
  readonly capacity: number;
  /**
   * Load units that may be on it at a time, ≥ 0: one less than its shortest round holds. Then no round is ever full,
   * and what stands at the end of a segment never waits for itself.
   */
  readonly loadsMax: number;
}

/**
 * The loops of a graph of segments.
 *
 * @param after       the segments that the end of one leads to
 * @param capacityOf  load units that a segment holds, ≥ 1
 */
export function loopsOf(
  segments: readonly LocationId[],
  after: (segment: LocationId) => readonly LocationId[],
  capacityOf: (segment: LocationId) => number,
): Loop[] {
  const reach = new Map(segments.map((segment) => [segment, reachedFrom(segment, after)]));
  const isOnRound = (segment: LocationId) => reach.get(segment)?.has(segment);
  const seen = new Set<LocationId>();
  return segments.flatMap((segment): Loop[] => {
    if (seen.has(segment) || !isOnRound(segment)) return [];
    const together = segments.filter(
      (other) => reach.get(segment)?.has(other) && reach.get(other)?.has(segment),
    );
    for (const other of together) seen.add(other);
    const shortest = Math.min(...together.map((start) => roundFrom(start, after, capacityOf)));
    const capacity = together.reduce((sum, other) => sum + capacityOf(other), 0);
    return [{ segments: together, capacity, loadsMax: shortest - 1 }];
  });
}

function reachedFrom(
  start: LocationId,
  after: (segment: LocationId) => readonly LocationId[],
): Set<LocationId> {
  const reached = new Set<LocationId>();
  const next = [...after(start)];
  for (let place = next.pop(); place !== undefined; place = next.pop()) {
    if (reached.has(place)) continue;
    reached.add(place);
    next.push(...after(place));
  }
  return reached;
}

/** What the shortest round through `start` holds, `start` included. @returns Infinity where none leads back */
function roundFrom(
  start: LocationId,
  after: (segment: LocationId) => readonly LocationId[],
  capacityOf: (segment: LocationId) => number,
): number {
  const held = new Map<LocationId, number>([[start, capacityOf(start)]]);
  const next = [start];
  let shortest = Number.POSITIVE_INFINITY;
  // Relaxed until nothing gets shorter: graphs of conveyors are small.
  for (let place = next.shift(); place !== undefined; place = next.shift()) {
    const here = held.get(place) ?? 0;
    for (const to of after(place)) {
      if (to === start) shortest = Math.min(shortest, here);
      const there = here + capacityOf(to);
      if (to === start || there >= (held.get(to) ?? Number.POSITIVE_INFINITY)) continue;
      held.set(to, there);
      next.push(to);
    }
  }
  return shortest;
}
