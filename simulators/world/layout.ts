import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { DecisionPoint, Site } from '../../src/domain/site.ts';
import type { Spot } from './world.ts';

/** A line of zones, each for one tote, first in first out. Its end may be a decision point. */
export interface Lane {
  readonly location: LocationId;
  readonly zones: number;
  /** The conveyor that drives it; undefined: nothing moves in it by itself. */
  readonly owner: DeviceId | undefined;
  readonly point: DecisionPoint | undefined;
}

/** Made once each: a text that is put together anew is slow to look up. */
const zoneNames = new Map<LocationId, Spot[]>();

export function zoneOf(location: LocationId, index: number): Spot {
  const names = zoneNames.get(location) ?? [];
  if (names.length === 0) zoneNames.set(location, names);
  for (let next = names.length; next <= index; next++) names.push(`${location}#${next}`);
  return names[index] as Spot;
}

/** Where loads enter a lane. */
export const startOf = ({ location }: Lane): Spot => zoneOf(location, 0);
/** Where they stop: at the point, before the crane, or for a person. */
export const endOf = ({ location, zones }: Lane): Spot => zoneOf(location, zones - 1);

/**
 * The lanes of a site: every station and every P&D station is one, with as many zones as it holds
 * load units. The decision point `at` a location stands at the end of its lane, and its exits lead to
 * the starts of others. A conveyor drives the lanes that its points name; the first one all the rest.
 */
export function lanesOf({ aisles, stations, points, devices }: Site): Map<LocationId, Lane> {
  const first = devices.find(({ type }) => type === 'conveyor')?.device;
  const places = [...stations, ...aisles.flatMap((aisle) => aisle.stations)];
  return new Map(
    places.map(({ location, capacity }): [LocationId, Lane] => {
      const point = points.find(({ at }) => at === location);
      const feeding = points.find(({ exits }) => exits.some(({ to }) => to === location));
      const owner = point?.device ?? feeding?.device ?? first;
      return [location, { location, zones: capacity, owner, point }];
    }),
  );
}
