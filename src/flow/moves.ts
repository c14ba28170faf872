import type { LoadUnit } from '../domain/books.ts';
import { invariant } from '../domain/errors.ts';
import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { Aisle } from '../domain/site.ts';
import type { Choice } from '../domain/slotting.ts';
import type { Place } from '../domain/topology.ts';
import { cellWanted } from './order-kinds.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** One crane leg at a time for each workflow. */
export const carryOf = (parent: WorkflowId): WorkflowId => `carry/${parent}` as WorkflowId;

/** Chooses and reserves a storage location in its aisle; `location.chosen` or `location.none` follows. */
export function chooseLocation(
  work: Work,
  workflow: WorkflowId,
  { loadUnit, except }: { loadUnit: LoadUnitId; except: readonly LocationId[] },
): void {
  freeLocations(work, loadUnit);
  const unit = work.unit(loadUnit);
  const wanted = cellWanted(work, loadUnit, except);
  if (wanted !== undefined) {
    work.warehouse.tables.reservation.put({ location: wanted, loadUnit });
    return work.send(workflow, { type: 'location.chosen', location: wanted } as never);
  }
  const place = work.parts.topology.placeOf(unit.place);
  invariant('aisle' in place, `${loadUnit} is at ${unit.place}, which is in no aisle`);
  const { chosen, reasons } = choose(work, unit, place, except);
  const why = reasons.map(({ detail }) => detail).join('; ');
  work.explain(`${chosen ?? 'No location'} for ${loadUnit}: ${why}.`, loadUnit, chosen);
  if (chosen === undefined) {
    work.send(workflow, { type: 'location.none', why } as never);
    return;
  }
  work.warehouse.tables.reservation.put({ location: chosen, loadUnit });
  work.send(workflow, { type: 'location.chosen', location: chosen } as never);
}

/** What stands in a cell and makes room for what is behind it goes next to it: there the crane goes on. */
function choose(
  { warehouse, parts: { slotting } }: Work,
  unit: LoadUnit,
  place: Extract<Place, { aisle: Aisle }>,
  except: readonly LocationId[],
): Choice<LocationId> {
  const { aisle } = place;
  const [beside] =
    place.kind === 'cell'
      ? slotting.near(warehouse, unit, aisle, { place: unit.place, count: 1, except })
      : [];
  if (beside === undefined) return slotting.assignLocation(warehouse, unit, aisle, except);
  const detail = `it is the free cell next to ${unit.place}, and none suits it better but for the way`;
  return { chosen: beside, reasons: [{ code: 'BESIDE', detail }] };
}

/** Gives back every location that is reserved for a load unit. */
export function freeLocations({ warehouse }: Work, loadUnit: LoadUnitId): void {
  for (const location of warehouse.reservedFor(loadUnit)) {
    warehouse.tables.reservation.remove(location);
  }
}

export function startPutaway(
  work: Work,
  runner: Runner,
  { loadUnit, pd, location }: { loadUnit: LoadUnitId; pd: LocationId; location: LocationId },
): void {
  const { limits } = work.parts.topology.site;
  const workflow = `putaway/${loadUnit}/${work.warehouse.next('putaway')}` as WorkflowId;
  work.edit(loadUnit, { workflow });
  const input = { loadUnit, pd, location, conveyorLimitMs: limits.conveyorLimitMs };
  runner.start(work, 'putaway@1', workflow, input);
}

export function startCarry(
  work: Work,
  runner: Runner,
  parent: WorkflowId,
  { loadUnit, from, to }: { loadUnit: LoadUnitId; from: LocationId; to: LocationId },
): void {
  const { limits } = work.parts.topology.site;
  const { lhd } = work.parts.topology.aisleReaching(from, to);
  // Who sends it to a cell can send it to another one; a station is the one that is wanted.
  const canChoose = work.parts.topology.placeOf(to).kind === 'cell';
  const { missionLimitMs } = limits;
  const input = { parent, loadUnit, from, to, lhd, canChoose, missionLimitMs };
  runner.start(work, 'carry@1', carryOf(parent), input);
}
