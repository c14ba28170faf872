import { noteStay } from '../domain/class-books.ts';
import type { LoadUnitId, WorkflowId } from '../domain/ids.ts';
import { aislesFrom, whyNotTo } from './aisle-offers.ts';
import { freeLocations } from './moves.ts';
import { cellWanted } from './order-kinds.ts';
import type { Work } from './work.ts';

interface Wish {
  readonly loadUnit: LoadUnitId;
  /** It has waited before, and why has been told. */
  readonly isRepeated: boolean;
}

/**
 * Chooses the aisle that a load unit goes to from the identification point, and reserves a cell there:
 * that much room is its own until it stands at the P&D station, where the cell is chosen anew.
 *
 * Aisles whose crane does not work get nothing, nor do those whose P&D station is full. Where those are the only ones
 * with a place for it, it waits. Where one aisle only can be reached there is no choice: its P&D station is
 * the place to wait for its crane.
 */
export function chooseAisle(work: Work, workflow: WorkflowId, wish: Wish): void {
  const { loadUnit } = wish;
  const { slotting } = work.parts;
  freeLocations(work, loadUnit);
  const unit = work.unit(loadUnit);
  const wanted = cellWanted(work, loadUnit, []);
  const all = aislesFrom(work, unit, unit.place, wanted);
  if (all.length === 0) {
    const why = `no aisle can be reached from ${unit.place}`;
    return work.send(workflow, { type: 'location.none', why } as never);
  }
  const isOnlyOne = all.every(({ aisle }) => aisle === all[0]?.aisle);
  const offers = all.map((offer) => ({
    ...offer,
    refused: offer.refused ?? whyNotTo(work, offer, isOnlyOne),
  }));
  const { chosen, reasons } = slotting.chooseAisle(work.warehouse, unit, offers);
  const why = reasons.map(({ detail }) => detail).join('; ');
  if (chosen !== undefined) {
    const { pd } = chosen;
    const location = wanted ?? chosen.location;
    work.explain(`${location} is kept for ${loadUnit}: ${why}.`, loadUnit, location);
    const stayMs = slotting.expectedStayMs(work.warehouse, unit);
    work.warehouse.tables.reservation.put({ location, loadUnit });
    const classes = work.parts.topology.site.slotting?.classes ?? 1;
    if (classes > 1 && stayMs !== undefined) noteStay(work.warehouse, stayMs, classes);
    return work.send(workflow, { type: 'location.chosen', location, pd } as never);
  }
  const unrefused = all.map(({ aisle, pd }) => ({ aisle, pd }));
  const isPassing = slotting.chooseAisle(work.warehouse, unit, unrefused).chosen !== undefined;
  if (!isPassing || !wish.isRepeated) {
    work.explain(`${loadUnit} ${isPassing ? 'waits' : 'gets no location'}: ${why}.`, loadUnit);
  }
  if (isPassing) work.send(workflow, { type: 'lane.full' });
  else work.send(workflow, { type: 'location.none', why } as never);
}
