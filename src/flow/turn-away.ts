import type { LoadUnit } from '../domain/books.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { lockText } from '../domain/locks.ts';
import type { Aisle, DecisionPoint } from '../domain/site.ts';
import type { AisleOffer } from '../domain/slotting.ts';
import { whyNotTurned } from './admission.ts';
import { whyFailed } from './aisle-failure.ts';
import { aislesFrom, whyNotTo } from './aisle-offers.ts';
import { openRoutes } from './closures.ts';
import { whyNotBegun } from './destinations.ts';
import { freeLocations } from './moves.ts';
import type { Work } from './work.ts';

/** So often one load unit gets another aisle; then it stays with the one that it has. */
const turnsMax = 3;

/**
 * Gives a load unit another aisle where its own one has failed, at a point from where another one can be
 * reached. Where none can take it, it goes on as before, and waits at the P&D station for its crane.
 *
 * Nothing is turned back when its first aisle works again.
 */
export function turnAway(work: Work, at: DecisionPoint, loadUnit: LoadUnitId): void {
  const unit = work.unit(loadUnit);
  const { transit, workflow } = unit;
  const place = transit && work.parts.topology.placeOf(transit.to);
  if (transit === undefined || place?.kind !== 'pd' || place.station.direction !== 'in') return;
  const lock = work.warehouse.locks.onPlace(transit.to, 'in');
  const closed = lock && lockText(transit.to, lock);
  const why = closed ?? whyFailed(work, place.aisle) ?? whyNoCell(work, unit, place.aisle);
  if (why === undefined) return;
  const { aisle } = place.aisle;
  const turned = transit.turned ?? 0;
  if (turned >= turnsMax) return stay(work, unit, why, `it has been turned ${turned} times`);
  const offers = offersAt(work, at, unit, place.aisle, why);
  const { chosen, reasons } = work.parts.slotting.chooseAisle(work.warehouse, unit, offers);
  const because = reasons.map(({ detail }) => detail).join('; ');
  if (chosen === undefined) return stay(work, unit, why, because);
  freeLocations(work, loadUnit);
  const { pd, location } = chosen;
  work.warehouse.tables.reservation.put({ location, loadUnit });
  work.edit(loadUnit, { transit: { ...transit, to: pd, missed: 0, turned: turned + 1 } });
  if (workflow !== undefined)
    work.send(workflow, { type: 'location.chosen', location, pd } as never);
  const text = `${loadUnit} goes to ${pd} instead of ${transit.to}, and ${location} is kept for it: ${aisle} cannot take it, ${why}; ${because}.`;
  work.explain(text, loadUnit, pd, transit.to, place.aisle.crane);
}

/** Its aisle has no cell for it any more: the one that was kept is closed or taken, and no other one is free. */
function whyNoCell(work: Work, unit: LoadUnit, aisle: Aisle): string | undefined {
  const { warehouse, parts } = work;
  const kept = warehouse.reservedFor(unit.loadUnit);
  const lost = kept.find((cell) => whyNotBegun(work, cell, unit.loadUnit) !== undefined);
  if (lost === undefined) return undefined;
  const { chosen, reasons } = parts.slotting.assignLocation(warehouse, unit, aisle);
  return chosen === undefined ? reasons.map(({ detail }) => detail).join('; ') : undefined;
}

function offersAt(
  work: Work,
  at: DecisionPoint,
  unit: LoadUnit,
  failed: Aisle,
  why: string,
): readonly AisleOffer[] {
  return aislesFrom(work, unit, at.at).map((offer) => {
    if (offer.aisle === failed) return { ...offer, refused: why };
    const refused = whyNotTo(work, offer) ?? whyNoWay(work, at, unit, offer.pd);
    return refused === undefined ? offer : { ...offer, refused };
  });
}

function whyNoWay(
  work: Work,
  { device, point, at }: DecisionPoint,
  { loadUnit, transit }: LoadUnit,
  pd: LocationId,
): string | undefined {
  const isOpen = openRoutes(work)
    .to(pd)
    .exitsFrom(at)
    .some((edge) => edge.device === device && edge.point === point);
  if (!isOpen) return `no way to ${pd} is open`;
  return transit?.isAdmitted ? whyNotTurned(work, loadUnit, pd) : undefined;
}

/** It keeps its aisle; said once for each place where it could have turned. */
function stay(work: Work, { loadUnit, place, transit }: LoadUnit, why: string, because: string) {
  if (transit === undefined || transit.keptAt === place) return;
  work.edit(loadUnit, { transit: { ...transit, keptAt: place } });
  const text = `${loadUnit} goes on to ${transit.to} and waits there for its crane (${why}): ${because}.`;
  work.explain(text, loadUnit, transit.to);
}
