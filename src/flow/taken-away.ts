import type { LoadUnit } from '../domain/books.ts';
import { type LoadUnitId, type LocationId, MISSING, type WorkflowId } from '../domain/ids.ts';
import { found, lost } from './resolutions.ts';
import { stationWorkOf } from './station-steps.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

/** A person says that what a step is about does not stand there: nobody knows where it is. */
export function leftStation(
  work: Work,
  station: LocationId,
  step: {
    readonly workflow?: WorkflowId | undefined;
    readonly loadUnit?: LoadUnitId | undefined;
    readonly target?: LoadUnitId | undefined;
  },
): void {
  // Once all has been put into it, a step is about nothing else.
  const loadUnit = step.loadUnit ?? step.target;
  if (loadUnit === undefined) return;
  const { workflow, place } = work.unit(loadUnit);
  const asking = step.workflow ?? workflow;
  if (asking !== undefined) work.send(asking, { type: 'unit.taken' });
  const text = `${loadUnit} was to be at ${place}, and somebody has taken it away, as was found at ${station}.`;
  work.move(loadUnit, MISSING, 'disputed');
  const unit = work.edit(loadUnit, { status: 'missing' });
  const reasons = [{ code: 'LOAD_UNIT_MISSING', detail: text.slice(0, 200) }];
  tellMovement(work, 'lost', unit, { order: unit.order, reasons });
  tellLoadUnit(work, work.unit(loadUnit), 'missing');
  work.raise({ code: 'TAKEN_AWAY', text, loadUnit, resolutions: [found, lost] });
}

/**
 * It stands elsewhere than at the workstation where the books have it: what was done with it there ends.
 *
 * @returns why nobody may take it from where the books have it
 */
export function takeFromStation(work: Work, unit: LoadUnit): string | undefined {
  const { loadUnit, workflow, place } = unit;
  if (workflow === undefined) return undefined;
  const at = work.parts.topology.placeOf(place);
  const isAtHand = at.kind === 'station' && at.station.kind === 'workstation';
  if (!isAtHand || !workflow.startsWith('retrieval/')) {
    return `${loadUnit} is under way (${workflow}): settle what that asks first`;
  }
  const working = stationWorkOf(workflow);
  const isWorkedOn = work.warehouse.tables.workflow.has(working);
  work.send(isWorkedOn ? working : workflow, { type: 'unit.taken' });
  return undefined;
}
