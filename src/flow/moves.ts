import { invariant } from '../domain/errors.ts';
import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { Aisle } from '../domain/site.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/** One crane leg at a time for each workflow. */
export const carryOf = (parent: WorkflowId): WorkflowId => `carry/${parent}` as WorkflowId;

/** Chooses and reserves a storage location; `location.chosen` or `location.none` follows. */
export function chooseLocation(
  work: Work,
  workflow: WorkflowId,
  {
    loadUnit,
    except,
    via,
  }: { loadUnit: LoadUnitId; except: readonly LocationId[]; via?: LocationId },
): void {
  if (via !== undefined && !work.warehouse.hasRoom(via))
    return work.send(workflow, { type: 'lane.full' });
  const { reservation } = work.warehouse.tables;
  for (const location of work.warehouse.reservedFor(loadUnit)) reservation.remove(location);
  const unit = work.unit(loadUnit);
  const aisle = aisleFor(work, unit.place);
  const { chosen, reasons } = work.parts.slotting.assignLocation(
    work.warehouse,
    unit,
    aisle,
    except,
  );
  const why = reasons.map(({ detail }) => detail).join('; ');
  work.explain(`${chosen ?? 'No location'} for ${loadUnit}: ${why}.`, loadUnit, chosen);
  if (chosen === undefined) {
    work.send(workflow, { type: 'location.none', why } as never);
    return;
  }
  reservation.put({ location: chosen, loadUnit });
  work.send(workflow, { type: 'location.chosen', location: chosen } as never);
}

/** The aisle that a load unit stands in already, or else the first one: sites of several aisles choose by more. */
function aisleFor(work: Work, place: LocationId): Aisle {
  const at = work.parts.topology.placeOf(place);
  const aisle = 'aisle' in at ? at.aisle : work.parts.topology.site.aisles[0];
  invariant(aisle !== undefined, 'a site needs an aisle');
  return aisle;
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
