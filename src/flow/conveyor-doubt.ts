import type { LoadUnit } from '../domain/books.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { isBehindStray, isKnownHere, type PointLoad } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { missionOf } from './crane-commands.ts';
import { placed } from './resolutions.ts';
import type { Work } from './work.ts';

/**
 * A conveyor has lost its memory, and nobody knows where what it was letting off a point is now. The rule: **where
 * such a load unit may stand, what stands there behind it is not known by its turn, and no crane brings anything
 * there, until it has been read, or a person has said where it is.**
 *
 * @param beforeNo  what was booked there up to this movement stands before it; 0: nothing does
 */
export function mayStandAt(
  work: Work,
  { device, point, at }: DecisionPoint,
  loadUnit: LoadUnitId,
  beforeNo: number,
): void {
  const book = work.warehouse.pointBook(device, point);
  const { strays = [] } = book;
  const known = strays.find((stray) => stray.loadUnit === loadUnit);
  const nearest = Math.min(beforeNo, known?.beforeNo ?? beforeNo);
  const others = strays.filter((stray) => stray !== known);
  work.warehouse.tables.point.put({
    ...book,
    strays: [...others, { loadUnit, beforeNo: nearest }],
  });
  if (known === undefined) {
    const text = `${loadUnit} may stand at ${at}, or not: before it is seen, what stands there is nobody's, and no crane brings anything.`;
    work.explain(text, loadUnit, at);
  }
}

/** Number of the movement by which the last one has come to a lane; 0: it is empty. */
export const lastCome = (work: Work, at: LocationId): number =>
  Math.max(0, ...work.warehouse.at(at).map(({ movedNo }) => movedNo));

/** Whether a load unit is looked for at a place. */
export const isInDoubt = ({ warehouse, parts }: Work, at: LocationId): boolean =>
  parts.topology
    .pointsAt(at)
    .some(({ device, point }) => (warehouse.pointBook(device, point).strays ?? []).length > 0);

/**
 * Whether a crane is on its way for what stands before it, or has it and has not told yet. Of such a load unit the
 * crane tells alone: where its conveyor has forgotten that it left, what stands there now may be the next one.
 */
export const isFetched = (work: Work, { loadUnit, place }: LoadUnit): boolean =>
  work.parts.topology.site.aisles.some(({ crane, stations }) => {
    if (!stations.some(({ location }) => location === place)) return false;
    const mission = missionOf(work, crane, work.warehouse.craneBook(crane).open);
    if (mission === undefined || mission.loadUnit !== loadUnit) return false;
    return 'from' in mission.command && mission.command.from === place;
  });

/**
 * What goes on without a name may be the one that comes next by the books: now that one may have gone, too, and is
 * looked for.
 */
export function doubtNext(work: Work, point: DecisionPoint): void {
  const book = work.warehouse.pointBook(point.device, point.point);
  const isStray = ({ loadUnit }: LoadUnit) =>
    book.strays?.some((stray) => stray.loadUnit === loadUnit) === true;
  const next = work.warehouse
    .at(point.at)
    .find((unit) => !isKnownHere(book, unit) && isBehindStray(book, unit) && !isStray(unit));
  if (next === undefined) return;
  doubtAt(work, point, next, 'may have left it without a name');
}

/** It may stand there, or have gone: its workflow looks for it, or a person is asked. */
function doubtAt(
  work: Work,
  point: DecisionPoint,
  { loadUnit, workflow }: LoadUnit,
  why: string,
): void {
  work.edit(loadUnit, { transit: undefined });
  work.move(loadUnit, point.at, 'disputed');
  mayStandAt(work, point, loadUnit, 0);
  if (workflow !== undefined) return work.send(workflow, { type: 'unit.lostTrack' });
  work.raise({
    code: 'PLACE_UNKNOWN',
    ...{ loadUnit, location: point.at },
    text: `${loadUnit} stood at ${point.at}, and ${why}: where is it?`,
    resolutions: [placed],
  });
}

/**
 * What stands there gets a name, though a conveyor that is not heard may have brought it: it may be any of those that
 * were let go there before it came.
 */
export function noteNamesakes(work: Work, point: DecisionPoint, { isNot = [] }: PointLoad): void {
  const { equipment, topology } = work.parts;
  const unheard = topology.site.points.filter(
    ({ device }) => !equipment.conveyor(device).isReconciled,
  );
  const sent = unheard.flatMap(({ device, point: number, exits }) => {
    const leadsHere = exits.filter(({ to }) => to === point.at).map(({ exit }) => exit);
    const { open } = work.warehouse.pointBook(device, number);
    return open
      .filter(({ answer }) => answer !== undefined && leadsHere.includes(answer.exit))
      .flatMap(({ loadUnit }) => loadUnit ?? []);
  });
  const maybe = sent.filter((loadUnit) => !isNot.includes(loadUnit));
  if (maybe.length === 0) return;
  const book = work.warehouse.pointBook(point.device, point.point);
  const namesakes = [...new Set([...(book.namesakes ?? []), ...maybe])];
  work.warehouse.tables.point.put({ ...book, namesakes });
}

/**
 * Its coming is told late: what got another name meanwhile may have been it, and a person may have taken it away since.
 * Without a doubt the next one that comes would pass for it.
 */
export function doubtNamesakes(work: Work, point: DecisionPoint): void {
  const { namesakes = [], ...book } = work.warehouse.pointBook(point.device, point.point);
  // What a person says of it is newer.
  const come = work.warehouse
    .at(point.at)
    .filter(({ loadUnit, confidence }) => namesakes.includes(loadUnit) && confidence === 'sensed');
  if (come.length === 0) return;
  const left = namesakes.filter((name) => come.every(({ loadUnit }) => loadUnit !== name));
  work.warehouse.tables.point.put({ ...book, namesakes: left });
  for (const unit of come) doubtAt(work, point, unit, 'what has been named there may be it');
}
