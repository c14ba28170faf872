import type { Edge } from '../domain/conveyor-network.ts';
import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { PointLoad } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { pointKey } from '../domain/warehouse.ts';
import { whyNotAdmitted, whyNotInto } from './admission.ts';
import { openRoutes, whyClosed } from './closures.ts';
import { setOut } from './set-out.ts';
import { turnAway } from './turn-away.ts';
import type { Work } from './work.ts';

/** So often a load unit may miss its exit; then it goes where people sort out. */
const missedMax = 10;

interface Errand {
  readonly loadUnit: LoadUnitId;
  readonly to: LocationId;
  /** Whose errand it is. */
  readonly workflow: WorkflowId | undefined;
}

/**
 * Gives a load unit an errand on the conveyors, from the point where it stands. At the points after that it is sent
 * on without asking its workflow, which is told (`point.confirmed`) when it has come to `to`, or has come to a place
 * from where no way leads there.
 */
export function convey(work: Work, at: DecisionPoint, scanSeq: number, errand: Errand): void {
  const { loadUnit, to, workflow } = errand;
  work.edit(loadUnit, { transit: { to, isAdmitted: false, missed: 0 } });
  const exit = steer(work, at, scanSeq, loadUnit);
  if (exit === undefined) return;
  work.explain(`Sent to ${to} by exit ${exit} of ${pointKey(at.device, at.point)}.`, workflow);
}

/** Answers those that were held, as far as there is room or a way for them now. */
export function steerHeld(work: Work): void {
  for (const { device, point, open } of work.warehouse.errands.pointsWaiting()) {
    const at = work.parts.topology.point(device, point);
    const load = open.find(
      ({ answer, loadUnit }) => answer === undefined && loadUnit !== undefined,
    );
    const unit = load?.loadUnit && work.warehouse.loadUnit(load.loadUnit);
    if (at === undefined || load === undefined || !unit?.transit || unit.place !== at.at) continue;
    steer(work, at, load.scanSeq, unit.loadUnit);
  }
}

/** Answers a point with the next step of an errand, or holds it there. @returns the exit; undefined: it is held */
export function steer(
  work: Work,
  at: DecisionPoint,
  scanSeq: number,
  loadUnit: LoadUnitId,
): number | undefined {
  turnAway(work, at, loadUnit);
  giveUpCircling(work, at, loadUnit);
  const exit = begin(work, at, loadUnit) ?? nextExit(work, at, loadUnit);
  if (typeof exit === 'string') {
    hold(work, at, scanSeq, { loadUnit, held: exit });
    return undefined;
  }
  answerPoint(work, at, scanSeq, { exit, loadUnit });
  return exit;
}

/** Lets an errand begin. @returns why it may not yet; undefined: it has begun */
function begin(work: Work, at: DecisionPoint, loadUnit: LoadUnitId): string | undefined {
  const { transit } = work.unit(loadUnit);
  if (transit === undefined || transit.isAdmitted) return undefined;
  const held = whyNotAdmitted(work, at.at, transit.to);
  if (held === undefined) work.edit(loadUnit, { transit: { ...transit, isAdmitted: true } });
  return held;
}

/** The exit of the next step; a text says why it has to wait. */
function nextExit(work: Work, at: DecisionPoint, loadUnit: LoadUnitId): number | string {
  const { topology } = work.parts;
  const to = work.unit(loadUnit).transit?.to ?? at.at;
  const isHere = ({ device, point }: Edge) => device === at.device && point === at.point;
  const ways = topology.routes.to(to).exitsFrom(at.at).filter(isHere);
  // Nothing of the site leads there: the PLC's own rule is as good as any.
  if (ways.length === 0) return 0;
  const way = openRoutes(work).to(to).exitsFrom(at.at).find(isHere);
  const held = way === undefined ? whyNoWay(work, ways, to) : whyNotInto(work, way);
  if (held === undefined) return way?.exit ?? 0;
  // Round once more, rather than in the way of all others.
  const round = topology.network
    .outOf(at.at)
    .find((edge) => isHere(edge) && staysIn(work, edge) && whyClosed(work, edge) === undefined);
  return round?.exit ?? held;
}

function whyNoWay(work: Work, ways: readonly Edge[], to: LocationId): string {
  const why = ways.flatMap((edge) => whyClosed(work, edge) ?? [])[0];
  return `no way to ${to} is open${why === undefined ? '' : `: ${why}`}`;
}

/** Whether a step keeps a load unit on the loop on which it is. */
function staysIn({ parts }: Work, { from, to }: Edge): boolean {
  const loop = parts.topology.network.loopOf(from);
  return loop?.segments.includes(to) ?? false;
}

/** One that has missed its exit too often keeps others from theirs. */
function giveUpCircling(work: Work, at: DecisionPoint, loadUnit: LoadUnitId): void {
  const { transit } = work.unit(loadUnit);
  if (transit === undefined || transit.missed < missedMax) return;
  const lane = work.parts.topology.rejectLaneFrom(at.at);
  if (lane === undefined || lane === transit.to) return;
  work.explain(
    `${loadUnit} has missed its exit to ${transit.to} ${transit.missed} times: it goes to ${lane}.`,
    loadUnit,
    transit.to,
  );
  work.edit(loadUnit, { transit: { ...transit, to: lane } });
}

function hold(
  work: Work,
  { device, point }: DecisionPoint,
  scanSeq: number,
  { loadUnit, held }: { readonly loadUnit: LoadUnitId; readonly held: string },
): void {
  const book = work.warehouse.pointBook(device, point);
  const load = book.open.find((open) => open.scanSeq === scanSeq);
  if (load === undefined || load.held === held) return;
  editLoad(work, { device, point }, scanSeq, { held });
  const { place, workflow } = work.unit(loadUnit);
  work.explain(`${loadUnit} waits at ${place}: ${held}.`, loadUnit, place, workflow);
}

/** Books that a load has come to the next place. @returns whether its errand goes on from there */
export function takeStep(work: Work, loadUnit: LoadUnitId, to: LocationId): boolean {
  const { place, transit } = work.unit(loadUnit);
  const { routes, network } = work.parts.topology;
  work.move(loadUnit, to, 'sensed');
  if (transit === undefined || to === transit.to) return false;
  const isOnItsWay = routes.to(transit.to).exitsFrom(place)[0]?.to === to;
  const missed = isOnItsWay ? transit.missed : transit.missed + 1;
  const goesOn = network.isSegment(to) && routes.to(transit.to).costFrom(to) !== undefined;
  work.edit(loadUnit, { transit: goesOn ? { ...transit, missed } : undefined });
  return goesOn;
}

export function answerPoint(
  work: Work,
  at: Pick<DecisionPoint, 'device' | 'point'>,
  scanSeq: number,
  { exit, loadUnit }: { readonly exit: number; readonly loadUnit: LoadUnitId | undefined },
): void {
  const handle = loadUnit === undefined ? 0 : work.unit(loadUnit).handle;
  const { open } = work.warehouse.pointBook(at.device, at.point);
  // Answered before, it may have gone by now.
  const isFirst = open.some((load) => load.scanSeq === scanSeq && load.answer === undefined);
  const { exits } = work.parts.topology.point(at.device, at.point) ?? { exits: [] };
  const to = exits.find((other) => other.exit === exit)?.to;
  if (isFirst && loadUnit !== undefined && to !== undefined) setOut(work, loadUnit, to);
  editLoad(work, at, scanSeq, { answer: { exit, handle }, held: undefined });
  work.touched.add(at.device);
}

function editLoad(
  work: Work,
  { device, point }: Pick<DecisionPoint, 'device' | 'point'>,
  scanSeq: number,
  change: Partial<PointLoad>,
): void {
  const book = work.warehouse.pointBook(device, point);
  const open = book.open.map((load) => (load.scanSeq === scanSeq ? { ...load, ...change } : load));
  work.warehouse.tables.point.put({ ...book, open });
}
