import type { LoadUnitId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { pointKey } from '../domain/warehouse.ts';
import type { Work } from './work.ts';

/**
 * Gives a load unit an errand on the conveyors, and answers the point where it stands. At the points after that it
 * is sent on without asking its workflow, which is told (`point.confirmed`) when it has come to `to`, or has come
 * to a place from where no way leads there.
 */
export function convey(
  work: Work,
  at: DecisionPoint,
  scanSeq: number,
  { loadUnit, to, workflow }: Errand,
): void {
  work.edit(loadUnit, { transit: { to, missed: 0 } });
  const exit = steer(work, at, scanSeq, loadUnit);
  work.explain(`Sent to ${to} by exit ${exit} of ${pointKey(at.device, at.point)}.`, workflow);
}

interface Errand {
  readonly loadUnit: LoadUnitId;
  readonly to: LocationId;
  /** Whose errand it is. */
  readonly workflow: WorkflowId | undefined;
}

/** Answers a point with the next step of an errand. @returns the exit; 0 is the default exit */
export function steer(
  work: Work,
  at: DecisionPoint,
  scanSeq: number,
  loadUnit: LoadUnitId,
): number {
  const { transit } = work.unit(loadUnit);
  const exit = transit === undefined ? 0 : (exitTo(work, at, transit.to) ?? 0);
  answerPoint(work, at, scanSeq, { exit, loadUnit });
  return exit;
}

/** The exit of the cheapest way; undefined: none leads there. */
function exitTo({ parts }: Work, at: DecisionPoint, to: LocationId): number | undefined {
  const ways = parts.topology.routes.to(to).exitsFrom(at.at);
  return ways.find(({ device, point }) => device === at.device && point === at.point)?.exit;
}

/** Books that a load has come to the next place. @returns whether its errand goes on from there */
export function takeStep(work: Work, loadUnit: LoadUnitId, to: LocationId): boolean {
  const { place, transit } = work.unit(loadUnit);
  const { routes } = work.parts.topology;
  work.move(loadUnit, to, 'sensed');
  if (transit === undefined || to === transit.to) return false;
  const isOnItsWay = routes.to(transit.to).exitsFrom(place)[0]?.to === to;
  const missed = isOnItsWay ? transit.missed : transit.missed + 1;
  const goesOn =
    work.parts.topology.network.isSegment(to) && routes.to(transit.to).costFrom(to) !== undefined;
  work.edit(loadUnit, { transit: goesOn ? { ...transit, missed } : undefined });
  return goesOn;
}

export function answerPoint(
  work: Work,
  { device, point }: DecisionPoint,
  scanSeq: number,
  { exit, loadUnit }: { readonly exit: number; readonly loadUnit: LoadUnitId | undefined },
): void {
  const handle = loadUnit === undefined ? 0 : work.unit(loadUnit).handle;
  const book = work.warehouse.pointBook(device, point);
  const open = book.open.map((load) =>
    load.scanSeq === scanSeq ? { ...load, answer: { exit, handle } } : load,
  );
  work.warehouse.tables.point.put({ ...book, open });
  work.touched.add(device);
}
