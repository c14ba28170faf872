import type { LoadUnit } from '../domain/books.ts';
import type { LocationId } from '../domain/ids.ts';
import { lockText } from '../domain/locks.ts';
import type { AisleOffer } from '../domain/slotting.ts';
import { openRoutes } from './closures.ts';
import { whyDown } from './dispatch.ts';
import { cellWanted } from './order-kinds.ts';
import type { Work } from './work.ts';

/**
 * The aisles that a load unit can be sent to from a place. Where an order wants a cell, its aisle is the only one that
 * counts, if it can be reached at all.
 */
export function aislesFrom(
  work: Work,
  { loadUnit }: LoadUnit,
  from: LocationId,
  wanted = cellWanted(work, loadUnit, []),
): readonly AisleOffer[] {
  const { topology } = work.parts;
  const reached = topology
    .pdsReachedFrom(from)
    .map(({ aisle, station }): AisleOffer => ({ aisle, pd: station.location }));
  const place = wanted === undefined ? undefined : topology.placeOf(wanted);
  const own = reached.filter(
    ({ aisle }) => place?.kind === 'cell' && aisle.aisle === place.aisle.aisle,
  );
  return refuseClosedWays(work, own.length > 0 ? own : reached, from);
}

/** Where a way to one aisle at least is open, the others are not for now; where none is, all wait for it alike. */
function refuseClosedWays(
  work: Work,
  offers: readonly AisleOffer[],
  from: LocationId,
): readonly AisleOffer[] {
  const routes = openRoutes(work);
  const isOpen = ({ pd }: AisleOffer) => routes.to(pd).costFrom(from) !== undefined;
  if (!offers.some(isOpen)) return offers;
  return offers.map((offer) =>
    isOpen(offer) ? offer : { ...offer, refused: `no way to ${offer.pd} is open` },
  );
}

/** Why an aisle gets nothing for the time being; undefined: it may. @param isOnlyOne  there its P&D station is the place to wait */
export function whyNotTo(
  work: Work,
  { aisle, pd }: AisleOffer,
  isOnlyOne = false,
): string | undefined {
  const down = isOnlyOne ? undefined : whyDown(work, aisle);
  if (down !== undefined) return `${aisle.crane} does not work: ${down}`;
  const lock = work.warehouse.locks.onPlace(pd, 'in');
  if (lock !== undefined) return lockText(pd, lock);
  return work.warehouse.hasRoom(pd) ? undefined : `${pd} is full`;
}
