import type { LoadUnit } from '../domain/books.ts';
import { type LoadUnitId, type LocationId, OUTSIDE } from '../domain/ids.ts';
import { foundBeyond } from './conveyor-arrivals.ts';
import { answerItself } from './identify.ts';
import { listenerOf } from './listener.ts';
import { goOnFromHand } from './placed-by-hand.ts';
import type { Runner } from './runner.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

/**
 * A question about a load unit may be older than the work that has it now. What identifies it, or carries it at this
 * moment, has newer word of it than any person.
 *
 * @returns why nobody can say any more that it is at `place`
 */
export function whyNotFoundAt(
  work: Work,
  loadUnit: LoadUnitId,
  place: LocationId,
): string | undefined {
  const { workflow, place: booked } = work.unit(loadUnit);
  if (workflow === undefined || place === booked || listenerOf(work, workflow)) return undefined;
  return `${loadUnit} has come to ${booked} since, and is under way (${workflow}): confirm that place, or settle first what that asks`;
}

/**
 * A person has found a load unit elsewhere than its work waits for it. Its crane goes on from there; the order of a
 * retrieval gets another one, and this one goes on by itself; what was to be brought out is seen to where it is.
 *
 * @param before  as it was in the books
 */
export function goOnElsewhere(work: Work, runner: Runner, before: LoadUnit): void {
  const { loadUnit, workflow, status } = before;
  const { place } = work.unit(loadUnit);
  foundBeyond(work, loadUnit, place);
  const listener = workflow && listenerOf(work, workflow);
  if (listener?.startsWith('carry/')) {
    return work.send(listener, { type: 'operator.placed', place } as never);
  }
  const isGone = place === OUTSIDE;
  if (listener?.startsWith('eject/') && !isGone) {
    return work.send(listener, { type: 'unit.lostTrack' });
  }
  if (listener !== undefined) work.send(listener, { type: 'unit.taken' });
  const now = work.edit(loadUnit, { workflow: undefined, order: undefined, transit: undefined });
  if (isGone) {
    answerItself(work, loadUnit);
    return leaveByHand(work, now);
  }
  tellMovement(work, status === 'missing' ? 'found' : 'relocated', now);
  // What is asked about it is asked there, too.
  if (status === 'clarification') return;
  answerItself(work, loadUnit);
  work.edit(loadUnit, { status: 'present' });
  goOnFromHand(work, runner, loadUnit);
}

/** A person has taken out what is booked outside by now: the hosts are told as of any other that leaves. */
export function leaveByHand(work: Work, { loadUnit, status }: LoadUnit): void {
  const gone = work.edit(loadUnit, { status: 'gone' });
  const reasons = [{ code: 'OPERATOR', detail: 'taken out by a person' }];
  tellMovement(work, status === 'missing' ? 'adjusted' : 'shipped', gone, { reasons });
  tellLoadUnit(work, work.unit(loadUnit), 'left');
}
