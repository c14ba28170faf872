import {
  CLARIFICATION,
  type DeviceId,
  type LoadUnitId,
  type LocationId,
  MISSING,
  type WorkflowId,
} from '../domain/ids.ts';
import {
  isBehindStray,
  isKnownHere,
  isNobodys,
  isUnknown,
  type PointBook,
  type PointLoad,
  unknownLoad,
} from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { pointKey, timerKey } from '../domain/warehouse.ts';
import { doubtNamesakes, doubtNext, isFetched, noteNamesakes } from './conveyor-doubt.ts';
import { whyNotAuto, whyNotCommanded } from './device-modes.ts';
import { makeUnknown } from './identify.ts';
import { putBack, removed } from './resolutions.ts';
import { answerPoint, convey, steer } from './steer.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

/** A load that the books do not know waits this long at its point for its crane to be heard. */
const unexpectedLoadMs = 15_000;

/**
 * Without a scanner, what comes next in a lane is what went into it first, unless one is looked for there, or its
 * crane may have it already.
 *
 * @param load  what stands there, where it was told before
 */
export function nextAt(
  work: Work,
  { at }: DecisionPoint,
  book: PointBook,
  load?: PointLoad,
): LoadUnitId | undefined {
  const next = work.warehouse.at(at).find((unit) => !isKnownHere(book, unit));
  if (next === undefined || isBehindStray(book, next) || isFetched(work, next)) return undefined;
  return load?.isNot?.includes(next.loadUnit) ? undefined : next.loadUnit;
}

/**
 * A load unit stands at a point: with an errand it is sent on, else its workflow is asked. One that neither
 * wants may not stay on the conveyors: it goes where people sort out.
 *
 * @returns false where there is nobody to ask and nothing to be done
 */
export function greet(
  work: Work,
  at: DecisionPoint,
  scanSeq: number,
  loadUnit: LoadUnitId,
): boolean {
  const { device, point } = at;
  const { workflow, transit } = work.unit(loadUnit);
  if (at.role !== 'arrival' && transit !== undefined) {
    steer(work, at, scanSeq, loadUnit);
    return true;
  }
  if (workflow === undefined) {
    const to = work.parts.topology.rejectLaneFrom(at.at);
    if (!work.parts.topology.network.isSegment(at.at) || to === undefined) return false;
    convey(work, at, scanSeq, { loadUnit, to, workflow });
    return true;
  }
  if (at.role === 'arrival') {
    answerPoint(work, at, scanSeq, { exit: at.exits[0]?.exit ?? 0, loadUnit });
    work.send(workflow, { type: 'unit.atPd' });
  } else {
    work.send(workflow, { type: 'point.arrived', device, point, scanSeq } as never);
  }
  return true;
}

const waitingName = ({ device, point }: DecisionPoint) => `point/${device}/${point}` as WorkflowId;

/**
 * A load stands where the books have none. Mostly the books are late: after a start the conveyor
 * may be read before the crane has told what it has deposited there. So it waits for a while.
 */
export function awaitLoad(work: Work, point: DecisionPoint, scanSeq: number): void {
  const { device, point: number } = point;
  work.warehouse.tables.timer.put({
    workflow: waitingName(point),
    timer: String(scanSeq),
    dueMs: work.nowMs + unexpectedLoadMs,
    event: { type: 'point.unexpected', device, point: number, scanSeq } as never,
  });
}

/** The books have caught up: what was put down at `location` is what waits at its point. */
export function onBooked(work: Work, location: LocationId): void {
  const { topology } = work.parts;
  for (const point of topology.pointsAt(location)) {
    if (point.role === 'induct') continue;
    doubtNamesakes(work, point);
    const book = work.warehouse.pointBook(point.device, point.point);
    const load = book.open.find(isUnknown);
    const loadUnit = load && nextAt(work, point, book, load);
    const workflow = loadUnit && work.unit(loadUnit).workflow;
    if (load === undefined || loadUnit === undefined || workflow === undefined) continue;
    const open = book.open.map((other) =>
      other === load ? { ...load, workflow, loadUnit } : other,
    );
    work.warehouse.tables.point.put({ ...book, open });
    work.warehouse.tables.timer.remove(timerKey(waitingName(point), String(load.scanSeq)));
    greet(work, point, load.scanSeq, loadUnit);
  }
}

/** It has waited long enough: nobody knows it, unless the one before it is known to have left by now. */
export function onUnexpected(
  work: Work,
  { device, point, scanSeq }: { device: DeviceId; point: number; scanSeq: number },
): void {
  const at = work.parts.topology.point(device, point);
  const waiting = () =>
    work.warehouse
      .pointBook(device, point)
      .open.find((open) => open.scanSeq === scanSeq && !open.answer && !open.hasLeft);
  if (at === undefined || waiting() === undefined) return;
  const isCraneAtIt = work.warehouse.at(at.at).some((unit) => isFetched(work, unit));
  if (isCraneAtIt || isBringerUnheard(work, at)) return awaitLoad(work, at, scanSeq);
  forgetTurn(work, at, scanSeq);
  onBooked(work, at.at);
  const load = waiting();
  if (load === undefined) return;
  if (load.workflow === unknownLoad || isAbandoned(work, load)) answerUnknown(work, at, load);
}

/** By its turn it was a load unit that has been seen somewhere else since, and may be on its way here: it is another one. */
function forgetTurn(work: Work, at: DecisionPoint, scanSeq: number): void {
  const book = work.warehouse.pointBook(at.device, at.point);
  const isWrong = (load: PointLoad) =>
    load.scanSeq === scanSeq &&
    isNobodys(load) &&
    load.loadUnit !== undefined &&
    (load.isNot?.includes(load.loadUnit) || isKnownElsewhere(work, load.loadUnit, at));
  if (!book.open.some(isWrong)) return;
  const open = book.open.map((load) => (isWrong(load) ? { ...load, loadUnit: undefined } : load));
  work.warehouse.tables.point.put({ ...book, open });
}

/**
 * What could have brought it there is not heard at the moment, and may yet say what it is. Of a conveyor before it that
 * people have set to be only observed, or not at all, nobody knows when it will: people are asked.
 */
function isBringerUnheard({ parts, warehouse }: Work, { device, at }: DecisionPoint): boolean {
  const { equipment, topology } = parts;
  const { points, aisles } = topology.site;
  const before = points.filter(({ exits }) => exits.some(({ to }) => to === at));
  const heard = before.filter(
    (point) => whyNotCommanded({ warehouse }, point.device) === undefined,
  );
  const conveyors = [device, ...heard.map((point) => point.device)];
  if (conveyors.some((conveyor) => !equipment.conveyor(conveyor).isReconciled)) return true;
  return aisles.some(
    ({ crane, stations }) =>
      stations.some(({ location }) => location === at) &&
      warehouse.craneBook(crane).open !== undefined &&
      !equipment.crane(crane).isReconciled,
  );
}

/**
 * Whoever was to answer for a load has ended meanwhile: it waits as one that nobody knows, or it would stand in the
 * way of all others for ever.
 */
export function awaitAbandoned(work: Work): void {
  const { timer } = work.warehouse.tables;
  for (const { device, point, open } of work.warehouse.errands.pointsWaiting()) {
    const at = work.parts.topology.point(device, point);
    if (at === undefined || at.role === 'arrival' || whyNotAuto(work, device)) continue;
    for (const { scanSeq } of open.filter((load) => isAbandoned(work, load))) {
      if (!timer.has(timerKey(waitingName(at), String(scanSeq)))) awaitLoad(work, at, scanSeq);
    }
  }
}

function isAbandoned(
  { warehouse }: Work,
  { answer, hasLeft, workflow, loadUnit }: PointLoad,
): boolean {
  if (answer !== undefined || hasLeft || workflow === unknownLoad) return false;
  const isOnErrand = loadUnit !== undefined && warehouse.loadUnit(loadUnit)?.transit !== undefined;
  return !isOnErrand && !warehouse.tables.workflow.has(workflow);
}

/**
 * Something stands where the books have nothing, and a person looks. On a segment, or before one, it gets a name and goes where
 * people sort out: without a name, what follows it would be taken for what it is. Before a crane it gets a name
 * too, and stays, as no crane fetches what nobody knows. Elsewhere it goes by the default exit.
 */
function answerUnknown(work: Work, point: DecisionPoint, unknown: PointLoad): void {
  const { device, at, role, point: number } = point;
  const { scanSeq } = unknown;
  const { network } = work.parts.topology;
  doubtNext(work, point);
  noteNamesakes(work, point, unknown);
  const byDefault = point.exits.find(({ isDefault }) => isDefault) ?? point.exits[0];
  const isOntoSegment = byDefault !== undefined && network.isSegment(byDefault.to);
  const lane =
    network.isSegment(at) || isOntoSegment ? work.parts.topology.rejectLaneFrom(at) : undefined;
  const what = `A load that the books do not know stands at ${pointKey(device, number)}`;
  if (lane === undefined && role !== 'arrival') {
    answerPoint(work, point, scanSeq, { exit: byDefault?.exit ?? 0, loadUnit: undefined });
    const text = `${what}; it goes to ${byDefault?.to}.`;
    return work.raise({ code: 'UNEXPECTED_LOAD', device, location: at, text });
  }
  const loadUnit = bookUnknown(work, at);
  const book = work.warehouse.pointBook(device, number);
  const open = book.open.map((load) => (load.scanSeq === scanSeq ? { ...load, loadUnit } : load));
  work.warehouse.tables.point.put({ ...book, open });
  if (lane !== undefined) convey(work, point, scanSeq, { loadUnit, to: lane, workflow: undefined });
  const next =
    lane === undefined
      ? 'no crane fetches it, and nothing gets past it: take it out by hand'
      : `it goes to ${lane}`;
  work.raise({
    code: 'UNEXPECTED_LOAD',
    ...{ device, location: at, loadUnit },
    text: `${what}: it is ${loadUnit} now, and ${next}.`,
    resolutions: [putBack, removed],
  });
}

/** Of what was read at a point, or follows from its turn there, somebody knows by now that it is somewhere else. */
export function isKnownElsewhere(work: Work, loadUnit: LoadUnitId, { at }: DecisionPoint): boolean {
  const { status, place } = work.unit(loadUnit);
  return status === 'gone' || (place !== at && place !== CLARIFICATION && place !== MISSING);
}

/**
 * What has left a point was taken there for a load unit that is known to be elsewhere, or out of the site. One of
 * the two is wrong: it comes in as a load unit that nobody knows, and a person looks.
 */
export function nameAnew(
  work: Work,
  { device, point }: DecisionPoint,
  takenFor: LoadUnitId,
  to: LocationId,
): void {
  const { status, place } = work.unit(takenFor);
  const why = status === 'gone' ? 'a person has taken out' : `is known to be at ${place}`;
  const loadUnit = bookUnknown(work, to);
  work.raise({
    code: 'UNEXPECTED_LOAD',
    ...{ device, location: to, loadUnit },
    text: `What has left ${pointKey(device, point)} was taken for ${takenFor}, which ${why}: it is ${loadUnit} now and stands at ${to}.`,
    resolutions: [putBack, removed],
  });
}

/**
 * A person has found at the end of its exit what had been sent there: the word of the conveyor, when it comes at last, is
 * old news, and must not bring in a load unit that nobody knows.
 */
export function foundBeyond(work: Work, loadUnit: LoadUnitId, place: LocationId): void {
  for (const book of [...work.warehouse.tables.point.values()]) {
    const { exits = [] } = work.parts.topology.point(book.device, book.point) ?? {};
    const isIt = (load: PointLoad) =>
      load.loadUnit === loadUnit &&
      exits.some(({ exit, to }) => exit === load.answer?.exit && to === place);
    if (!book.open.some(isIt)) continue;
    const open = book.open.map((load) =>
      isIt(load) ? { ...load, loadUnit: undefined, workflow: unknownLoad } : load,
    );
    work.warehouse.tables.point.put({ ...book, open });
  }
}

/** Something that nobody knows comes into the books, where it is seen. */
export function bookUnknown(work: Work, at: LocationId): LoadUnitId {
  const { loadUnit } = makeUnknown(work, undefined);
  work.move(loadUnit, at, 'sensed');
  tellMovement(work, 'received', work.unit(loadUnit));
  tellLoadUnit(work, work.unit(loadUnit), 'clarification');
  return loadUnit;
}
