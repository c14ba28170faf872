import type { LoadUnit } from '../domain/books.ts';
import {
  type LoadUnitId,
  type LocationId,
  OUTSIDE,
  type Sscc,
  type WorkflowId,
} from '../domain/ids.ts';
import { answerItself, makeUnknown } from './identify.ts';
import { adjustGoods, restateGoods } from './picking.ts';
import { cameBack } from './returns.ts';
import type { Runner } from './runner.ts';
import { bringTarget } from './station-scans.ts';
import { takeFromStation } from './taken-away.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

const clarifyOf = (station: LocationId): WorkflowId => `clarify/${station}` as WorkflowId;

/** One load unit at a time is clarified at a station. */
export function startClarify(work: Work, runner: Runner, station: LocationId): void {
  runner.start(work, 'clarify@1', clarifyOf(station), { station });
}

interface AtHand {
  readonly loadUnit: LoadUnitId;
  readonly station: LocationId;
}

export function lookAt(work: Work, workflow: WorkflowId, { loadUnit, station }: AtHand): void {
  const unit = work.warehouse.loadUnit(loadUnit);
  const isFree = unit?.workflow === undefined || unit.workflow === workflow;
  if (unit?.place !== station || !isFree) return work.send(workflow, { type: 'unit.isElsewhere' });
  cameBack(work, loadUnit);
  work.move(loadUnit, station, 'scanned');
  work.edit(loadUnit, { workflow });
  work.send(workflow, { type: 'unit.isHere' });
}

/** The books follow what a person has before them. */
export function takeHere(
  work: Work,
  workflow: WorkflowId,
  { loadUnit, station, sscc }: AtHand & { readonly sscc: Sscc | undefined },
): void {
  const unit = work.warehouse.loadUnit(loadUnit);
  const isNew = unit === undefined || unit.status === 'announced' || unit.status === 'gone';
  if (isNew) bringTarget(work, { station, order: undefined, loadUnit, sscc });
  else {
    const why = takeFromStation(work, unit);
    if (why !== undefined) return work.send(workflow, { type: 'unit.refused', why } as never);
    cameBack(work, loadUnit);
    answerItself(work, loadUnit);
    work.move(loadUnit, station, 'scanned');
    const isUnknown = loadUnit.startsWith('UNKNOWN-');
    const now = work.edit(loadUnit, { ...(!isUnknown && { status: 'present' }), order: undefined });
    tellMovement(work, unit.status === 'missing' ? 'found' : 'relocated', now);
    if (unit.status !== now.status) tellLoadUnit(work, work.unit(loadUnit), 'resolved');
  }
  work.edit(loadUnit, { workflow });
  const from = isNew ? 'new to the books' : `booked at ${unit?.place} before`;
  work.explain(`${loadUnit} is at ${station}, as a person says: ${from}.`, loadUnit, station);
  work.send(workflow, { type: 'unit.isHere' });
}

export function nameUnknown(
  work: Work,
  workflow: WorkflowId,
  { station }: { readonly station: LocationId },
): void {
  const { loadUnit } = makeUnknown(work, undefined);
  work.move(loadUnit, station, 'scanned');
  tellMovement(work, 'found', work.edit(loadUnit, { workflow }));
  tellLoadUnit(work, work.unit(loadUnit), 'clarification');
  work.send(workflow, { type: 'unit.named', loadUnit } as never);
}

/** Our own name for it ends with the one that it bears. */
export function dropUnknown(
  work: Work,
  { loadUnit, isNow }: { readonly loadUnit: LoadUnitId; readonly isNow: LoadUnitId },
): void {
  takeOutOfBooks(work, loadUnit, `it is ${isNow}`);
}

export function blockUnit(work: Work, { loadUnit }: { readonly loadUnit: LoadUnitId }): void {
  for (const { qty: _, ...goods } of work.unit(loadUnit).lines) {
    const why = 'found damaged in clarification';
    restateGoods(work, { loadUnit, goods, stockStatus: 'blocked', why });
  }
}

export function emptyUnit(work: Work, { loadUnit }: { readonly loadUnit: LoadUnitId }): void {
  for (const { qty: _, ...goods } of work.unit(loadUnit).lines) {
    const why = 'found empty in clarification';
    adjustGoods(work, 'adjusted', { loadUnit, goods, qty: 0, why });
  }
}

export function discardUnit(
  work: Work,
  { loadUnit, why }: { readonly loadUnit: LoadUnitId; readonly why: string },
): void {
  takeOutOfBooks(work, loadUnit, `discarded in clarification: ${why}`);
}

function takeOutOfBooks(work: Work, loadUnit: LoadUnitId, detail: string): void {
  answerItself(work, loadUnit);
  work.move(loadUnit, OUTSIDE, 'scanned');
  const gone = work.edit(loadUnit, { status: 'gone', workflow: undefined, order: undefined });
  tellMovement(work, 'adjusted', gone, { reasons: [{ code: 'OPERATOR', detail }] });
  tellLoadUnit(work, work.unit(loadUnit), 'left');
  work.explain(`${loadUnit} is taken out of the books: ${detail}.`, loadUnit);
}

/** One without a name of its own stays in clarification: no machine would know it again. */
export function settleUnit(work: Work, { loadUnit }: { readonly loadUnit: LoadUnitId }): void {
  const { status }: LoadUnit = work.unit(loadUnit);
  answerItself(work, loadUnit);
  work.explain(`${loadUnit} is clarified.`, loadUnit);
  if (status !== 'clarification' || loadUnit.startsWith('UNKNOWN-')) return;
  tellLoadUnit(work, work.edit(loadUnit, { status: 'present' }), 'resolved');
  work.isAllocationDue = true;
}
