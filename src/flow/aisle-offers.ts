import type { LoadUnit } from '../domain/books.ts';
import type { LocationId } from '../domain/ids.ts';
import type { AisleOffer } from '../domain/slotting.ts';
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
  if (place?.kind !== 'cell') return reached;
  const own = reached.filter(({ aisle }) => aisle.aisle === place.aisle.aisle);
  return own.length > 0 ? own : reached;
}

/** Why an aisle gets nothing for the time being; undefined: it may. @param isOnlyOne  there its P&D station is the place to wait */
export function whyNotTo(
  work: Work,
  { aisle, pd }: AisleOffer,
  isOnlyOne = false,
): string | undefined {
  const down = isOnlyOne ? undefined : whyDown(work, aisle);
  if (down !== undefined) return `${aisle.crane} does not work: ${down}`;
  return work.warehouse.hasRoom(pd) ? undefined : `${pd} is full`;
}
