import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { placesTaken } from '../domain/station-places.ts';
import { isInDoubt } from './conveyor-doubt.ts';
import { whyNotBegun } from './destinations.ts';
import type { Work } from './work.ts';

/**
 * Whether a load unit can be put down where it is to go.
 *
 * @param more  others that the crane will have brought to the same P&D station before
 */
export function hasRoomAt(
  work: Work,
  { to, loadUnit }: { readonly to: LocationId; readonly loadUnit: LoadUnitId },
  more = 0,
): boolean {
  const place = work.parts.topology.placeOf(to);
  if (whyNotBegun(work, to, loadUnit) !== undefined) return false;
  if (place.kind !== 'pd') return true;
  if (isInDoubt(work, to)) return false;
  if (work.warehouse.countAt(to) + more >= place.station.capacity) return false;
  const { order } = work.unit(loadUnit);
  const station = order && work.warehouse.tables.order.get(order)?.station;
  return station === undefined || hasRoom(work, station, more);
}

/** Counts what stands at the station and all that is on its way there: a full lane would send it elsewhere. */
function hasRoom(
  { warehouse, parts: { topology } }: Work,
  station: LocationId,
  more: number,
): boolean {
  const isForStation = (order: string | undefined) =>
    warehouse.tables.order.get(order as never)?.station === station;
  const pds = topology.site.aisles.flatMap((aisle) => aisle.stations);
  const notSentYet = pds
    .flatMap(({ location }) => warehouse.at(location))
    .filter(({ order, transit }) => !transit?.isAdmitted && isForStation(order)).length;
  const taken = placesTaken(warehouse, station) + warehouse.errands.boundFor(station) + notSentYet;
  return taken + more < topology.capacityOf(station);
}
