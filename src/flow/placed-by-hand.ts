import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import { placed, putBack, removed } from './resolutions.ts';
import type { Runner } from './runner.ts';
import { tellLoadUnit } from './telling.ts';
import type { Work } from './work.ts';

/** No crane takes a load from there, and it may not stay. */
export function isDeadEnd({ parts }: Work, place: LocationId): boolean {
  const at = parts.topology.placeOf(place);
  return at.kind === 'station' || (at.kind === 'pd' && at.station.direction === 'out');
}

/**
 * A person has said where a load unit is that belongs to no workflow. In a cell, or outside, it stays.
 * Where a crane can take it, it is brought into storage. Anywhere else it would stand in the way of
 * others until somebody carries it to the infeed, or out: that is asked for.
 */
export function goOnFromHand(work: Work, runner: Runner, loadUnit: LoadUnitId): void {
  const { place } = work.unit(loadUnit);
  const { kind } = work.parts.topology.placeOf(place);
  if (kind === 'cell' || kind === 'virtual') return;
  if (!isDeadEnd(work, place)) {
    const workflow = `relocation/${loadUnit}/${work.warehouse.next('relocation')}` as WorkflowId;
    work.edit(loadUnit, { workflow });
    work.explain(`${loadUnit} is at ${place} and is brought into storage.`, loadUnit);
    return runner.start(work, 'relocation@1', workflow, { loadUnit, from: place });
  }
  tellLoadUnit(work, work.edit(loadUnit, { status: 'clarification' }), 'clarification');
  work.raise({
    code: 'CLARIFY',
    text: `${loadUnit} is at ${place}, where no machine takes it: put it onto the infeed, or take it out.`,
    loadUnit,
    location: place,
    resolutions: [placed, putBack, removed],
  });
}
