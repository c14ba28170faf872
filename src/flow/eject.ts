import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import { placed, putBack, removed } from './resolutions.ts';
import type { Runner } from './runner.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

/**
 * Brings a load unit out of its aisle, by a workflow of its own, to where people see to it. Where
 * nothing leads out, they are asked to fetch it.
 */
export function startEject(
  work: Work,
  runner: Runner,
  { loadUnit, from, why }: { loadUnit: LoadUnitId; from: LocationId | undefined; why: string },
): void {
  const way = from === undefined ? undefined : wayOut(work, from);
  if (from === undefined || way === undefined) {
    work.edit(loadUnit, { workflow: undefined, order: undefined, status: 'clarification' });
    tellMovement(work, 'relocated', work.unit(loadUnit));
    tellLoadUnit(work, work.unit(loadUnit), 'clarification');
    return work.raise({
      code: 'CLARIFY',
      text: `${loadUnit} may not stay at ${from} (${why}), and nothing leads out: fetch it.`,
      loadUnit,
      location: from,
      resolutions: [placed, putBack, removed],
    });
  }
  const workflow = `eject/${loadUnit}/${work.warehouse.next('eject')}` as WorkflowId;
  // From now on its code says nothing more that the crane would have to compare.
  work.edit(loadUnit, { workflow, order: undefined, status: 'clarification' });
  const { conveyorLimitMs } = work.parts.topology.site.limits;
  runner.start(work, 'eject@1', workflow, { loadUnit, from, ...way, why, conveyorLimitMs });
}

/** The station where it leaves the aisle, and the lane behind it: a reject lane, or where the PLC sends what it does not know. */
function wayOut(
  { parts: { topology } }: Work,
  from: LocationId,
): { readonly pd: LocationId; readonly lane: LocationId } | undefined {
  const place = topology.placeOf(from);
  if (!('aisle' in place)) return undefined;
  const [pd] = place.aisle.stations
    .filter(({ direction }) => direction === 'out')
    .map(({ location }) => location);
  if (pd === undefined) return undefined;
  const byDefault = topology.network.outOf(pd).find(({ isDefault }) => isDefault)?.to;
  const lane = topology.rejectLaneFrom(pd) ?? byDefault;
  return lane === undefined ? undefined : { pd, lane };
}
