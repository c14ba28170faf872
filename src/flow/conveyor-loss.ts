import type { LoadUnit } from '../domain/books.ts';
import { CLARIFICATION, type DeviceId, type LoadUnitId } from '../domain/ids.ts';
import { isKnownHere, type PointBook, type PointLoad, unknownLoad } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { pointKey } from '../domain/warehouse.ts';
import type { ConveyorFact } from '../ports/conveyor.ts';
import { bookUnknown } from './conveyor-arrivals.ts';
import { lastCome, mayStandAt } from './conveyor-doubt.ts';
import { carryOf } from './moves.ts';
import { placed, putBack, removed } from './resolutions.ts';
import type { Work } from './work.ts';

/**
 * The tracking of these loads is void: nobody knows by which exit they leave.
 *
 * @param isOneGone  one of them has left: the oldest could not be the next one at its point
 */
export function loseTrack(
  work: Work,
  loads: readonly PointLoad[],
  { outcome, isOneGone = false }: { readonly outcome: string; readonly isOneGone?: boolean },
): void {
  const there = loads.filter(({ hasLeft }) => !hasLeft);
  for (const [i, { workflow, loadUnit }] of there.entries()) {
    const isGone = isOneGone && i === 0;
    if (loadUnit !== undefined) dispute(work, loadUnit, isGone ? 'vanished' : outcome);
    work.send(workflow, { type: 'point.confirmed', to: undefined, outcome } as never);
  }
}

/**
 * The PLC counts anew: it has lost its memory, and with it its word on what has left its points. All of them
 * begin anew at once, as what has left one of them may be seen at another one first.
 */
export function forget(work: Work, device: DeviceId, era: number): void {
  for (const point of work.parts.topology.site.points) {
    if (point.device !== device) continue;
    const book = work.warehouse.pointBook(device, point.point);
    if (book.era === undefined || book.era === era) continue;
    const anew = { ...book, era, scanStored: 0, confirmStored: 0, open: [] };
    work.warehouse.tables.point.put(anew);
    for (const load of book.open) if (!load.hasLeft) loseSight(work, point, load);
  }
}

/**
 * Loads have come and gone at a point while nobody listened, and their scans were overwritten since. Each of them was
 * the next one in its turn: so of what the books have before the point, nobody knows any more what is still there.
 *
 * @param next  number of the scan that is told now, or that would be the next one
 */
export function missUnseen(
  work: Work,
  point: DecisionPoint,
  { era, next }: { readonly era: number; readonly next: number },
): void {
  const { device, point: number } = point;
  const book = work.warehouse.pointBook(device, number);
  const from = book.scanStored + 1;
  // At the first contact the numbers begin anywhere.
  if (book.era !== era || next <= from) return;
  work.warehouse.tables.point.put({ ...book, scanStored: next - 1 });
  tellGap(work, { device, point: number, what: 'scans', from, to: next - 1 });
  if (point.role === 'divert') loseTurns(work, point, book);
}

type Gap = Extract<ConveyorFact, { type: 'conveyor.gap' }>;

export const tellGap = (
  work: Work,
  { device, point, what, from, to }: Pick<Gap, 'device' | 'point' | 'what' | 'from' | 'to'>,
): void =>
  work.raise({
    code: 'TRACKING_GAP',
    device,
    text: `${pointKey(device, point)}: ${what} ${from} to ${to} were overwritten before they were read.`,
  });

/** Of all that the books have before a point, nobody knows whether it has left. */
function loseTurns(work: Work, point: DecisionPoint, known: Pick<PointBook, 'open'>): void {
  for (const unit of work.warehouse.at(point.at).filter((each) => !isKnownHere(known, each))) {
    loseTurn(work, point, unit);
  }
}

function loseTurn(work: Work, point: DecisionPoint, { loadUnit, workflow }: LoadUnit): void {
  loseSight(work, point, { scanSeq: 0, workflow: workflow ?? unknownLoad, loadUnit });
  if (workflow !== undefined) return;
  work.raise({
    code: 'PLACE_UNKNOWN',
    ...{ loadUnit, location: point.at },
    text: `${loadUnit} stood at ${point.at}, and may have left it unseen: where is it?`,
    resolutions: [placed],
  });
}

/** What was known at a point has left it by now, or stands there: others have come after it that nobody has seen. */
export function losePassed(work: Work, point: DecisionPoint, { open }: PointBook): void {
  const isNamed = ({ loadUnit }: PointLoad) => loadUnit !== undefined;
  const nameless = open.filter((load) => !isNamed(load));
  loseTrack(work, nameless, { outcome: 'gap' });
  for (const load of open.filter(isNamed)) if (!load.hasLeft) loseSight(work, point, load);
  loseTurns(work, point, { open });
}

/** It stood at a point, and now it may stand there, or be where it was sent, or in the hands of a person. */
function loseSight(work: Work, point: DecisionPoint, load: PointLoad): void {
  const { at, role } = point;
  const isThere = load.loadUnit !== undefined && work.unit(load.loadUnit).place === at;
  // One that has been seen somewhere else since: of that the memory says nothing.
  if (role !== 'induct' && load.loadUnit !== undefined && !isThere) return;
  if (role !== 'divert') loseTrack(work, [load], { outcome: 'restarted' });
  // What is identified there is identified anew, or goes its way with the name that it has by then.
  if (role === 'induct' && !isThere) return;
  // Nothing moves the foremost one before a crane but the crane, which tells.
  if (role === 'arrival' && load.loadUnit === work.warehouse.at(at)[0]?.loadUnit) return;
  const loadUnit = load.loadUnit ?? nameOf(work, point);
  work.edit(loadUnit, { transit: undefined });
  work.move(loadUnit, at, 'disputed');
  const isAsked = role === 'divert' && load.workflow !== unknownLoad;
  if (isAsked) work.send(load.workflow, { type: 'unit.lostTrack' });
  if (role !== 'induct') mayStandAt(work, point, loadUnit, 0);
  if (role !== 'arrival') mayHaveLeft(work, point, loadUnit, load.answer?.exit);
}

/** By the exit that it was told to take, or by the one that the PLC takes by itself. */
function mayHaveLeft(
  work: Work,
  { exits }: DecisionPoint,
  loadUnit: LoadUnitId,
  answered: number | undefined,
): void {
  const byDefault = exits.find(({ isDefault }) => isDefault) ?? exits[0];
  for (const exit of exits) {
    if (exit !== byDefault && exit.exit !== answered) continue;
    for (const next of work.parts.topology.pointsAt(exit.to)) {
      if (next.role !== 'induct') mayStandAt(work, next, loadUnit, lastCome(work, exit.to));
    }
  }
}

/** What had no name gets one, or nobody could look for it. */
function nameOf(work: Work, { device, at, point }: DecisionPoint): LoadUnitId {
  const unknown = bookUnknown(work, at);
  work.raise({
    code: 'UNEXPECTED_LOAD',
    ...{ device, location: at, loadUnit: unknown },
    text: `A load that the books do not know stood at ${pointKey(device, point)} when ${device} lost its memory: it is ${unknown} now. Look for it there and behind.`,
    resolutions: [putBack, removed],
  });
  return unknown;
}

/** It has left by no exit that is known. One that vanished stands there no more, and must not pass for the next one. */
export function dispute(work: Work, loadUnit: LoadUnitId, outcome: string): void {
  work.edit(loadUnit, { transit: undefined });
  const { place } = work.unit(loadUnit);
  // What stands before its crane is told of again, and the crane will see it.
  if (work.parts.topology.pointsAt(place).every(({ role }) => role === 'arrival')) return;
  work.move(loadUnit, outcome === 'vanished' ? CLARIFICATION : place, 'disputed');
}

/**
 * It stood before its crane, and is gone without it: what comes to stand there next must not pass for it. Of one
 * that the crane is sent for, the crane tells.
 */
export function missBeforeCrane(work: Work, { at }: DecisionPoint, loadUnit: LoadUnitId): void {
  const { place, workflow } = work.unit(loadUnit);
  const { tables } = work.warehouse;
  const carrying = workflow && carryOf(workflow);
  const isAsked = carrying !== undefined && tables.request.has(carrying);
  if (place !== at || !isAsked) return;
  work.move(loadUnit, CLARIFICATION, 'disputed');
  work.raise({
    code: 'PLACE_UNKNOWN',
    ...{ loadUnit, workflow: carrying, location: at },
    text: `${loadUnit} stood at ${at} and is gone, and no crane has fetched it: where is it?`,
    resolutions: [placed],
  });
}
