import type { Timer } from '../domain/books.ts';
import { CLARIFICATION, type LoadUnitId, type LocationId, type WorkflowId } from '../domain/ids.ts';
import { timerKey } from '../domain/warehouse.ts';
import { placed, putBack, removed } from './resolutions.ts';
import type { Work } from './work.ts';

/** Type of the event of such a timer. */
export const returnLateType = 'return.late';
const code = 'RETURN_LATE';
const timer = 'late';

interface ReturnLate {
  readonly type: typeof returnLateType;
  readonly loadUnit: LoadUnitId;
  readonly station: LocationId;
}

const nameOf = (loadUnit: LoadUnitId) => `return/${loadUnit}` as WorkflowId;

/**
 * A load unit is sent back from a station, or put back by a person: it is carried to an infeed and identified
 * there. One whose code cannot be read comes in as a stranger, and nobody would ever ask for this one.
 */
export function expectBack(work: Work, loadUnit: LoadUnitId): void {
  const { place: station } = work.unit(loadUnit);
  const event: ReturnLate = { type: returnLateType, loadUnit, station };
  work.warehouse.tables.timer.put({
    ...{ workflow: nameOf(loadUnit), timer, event: event as Timer['event'] },
    dueMs: work.nowMs + work.parts.topology.site.limits.conveyorLimitMs,
  });
}

/** It is identified at an infeed: nobody has to look for it. */
export function cameBack(work: Work, loadUnit: LoadUnitId): void {
  work.warehouse.tables.timer.remove(timerKey(nameOf(loadUnit), timer));
  work.settleWhere((open) => open.code === code && open.loadUnit === loadUnit);
}

/** Somebody is to say where it is already. */
const isAskedAbout = ({ warehouse }: Work, loadUnit: LoadUnitId): boolean =>
  [...warehouse.openDiscrepancies()].some(
    (open) =>
      open.loadUnit === loadUnit && open.resolutions.some(({ needs }) => needs.includes('place')),
  );

export function onReturnLate(work: Work, { event }: Timer): void {
  const { loadUnit, station } = event as unknown as ReturnLate;
  const unit = work.warehouse.loadUnit(loadUnit);
  // A conveyor may say only after a person has taken it off that it has vanished there, or that something has left as it.
  const isUnclear = unit?.place === CLARIFICATION || unit?.status === 'clarification';
  const isStillAway = unit?.place === station || isUnclear;
  if (unit === undefined || !isStillAway || unit.workflow !== undefined || unit.status === 'gone')
    return;
  if (isAskedAbout(work, loadUnit)) return;
  work.raise({
    code,
    text: `${loadUnit} was to go back from ${station} and has not come to the infeed. A load unit without a readable code may be it.`,
    loadUnit,
    resolutions: [placed, putBack, removed],
  });
}
