import type { LoadUnit, PointBook, PointLoad } from '../domain/books.ts';
import type { DeviceId, LocationId, WorkflowId } from '../domain/ids.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { pointKey, timerKey } from '../domain/warehouse.ts';
import type { Work } from './work.ts';

/** A load that the books do not know waits this long at its point for its crane to be heard. */
const unexpectedLoadMs = 15_000;

/** Stands for the workflow of a load that the books do not know. */
export const unknownLoad = 'nobody' as WorkflowId;

/** Without a scanner, what comes next in a lane is what went into it first. */
export function nextAt(work: Work, { at }: DecisionPoint, { open }: PointBook) {
  const isKnown = (unit: LoadUnit) =>
    open.some((load) => load.loadUnit === unit.loadUnit && load.workflow === unit.workflow);
  return work.warehouse.at(at).find((unit) => !isKnown(unit))?.loadUnit;
}

/** Tells the workflow of a load unit that it stands at a point. */
export function greet(
  work: Work,
  at: DecisionPoint,
  scanSeq: number,
  workflow: WorkflowId,
  loadUnit: PointLoad['loadUnit'],
): void {
  const { device, point } = at;
  if (at.role === 'arrival') {
    answer(work, at, scanSeq, at.exits[0]?.exit ?? 0, loadUnit);
    return work.send(workflow, { type: 'unit.atPd' });
  }
  work.send(workflow, { type: 'point.arrived', device, point, scanSeq } as never);
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
    const book = work.warehouse.pointBook(point.device, point.point);
    const load = book.open.find((open) => open.workflow === unknownLoad && !open.answer);
    const loadUnit = load && nextAt(work, point, book);
    const workflow = loadUnit && work.unit(loadUnit).workflow;
    if (load === undefined || workflow === undefined) continue;
    const open = book.open.map((other) =>
      other === load ? { ...load, workflow, loadUnit } : other,
    );
    work.warehouse.tables.point.put({ ...book, open });
    work.warehouse.tables.timer.remove(timerKey(waitingName(point), String(load.scanSeq)));
    greet(work, point, load.scanSeq, workflow, loadUnit);
  }
}

/** It has waited long enough: nobody knows it. */
export function onUnexpected(
  work: Work,
  { device, point, scanSeq }: { device: DeviceId; point: number; scanSeq: number },
): void {
  const at = work.parts.topology.point(device, point);
  const load = work.warehouse
    .pointBook(device, point)
    .open.find((open) => open.scanSeq === scanSeq);
  if (at !== undefined && load?.workflow === unknownLoad) answerUnknown(work, at, scanSeq);
}

function answer(
  work: Work,
  { device, point }: DecisionPoint,
  scanSeq: number,
  exit: number,
  loadUnit: PointLoad['loadUnit'],
): void {
  const handle = loadUnit === undefined ? 0 : work.unit(loadUnit).handle;
  const book = work.warehouse.pointBook(device, point);
  const open = book.open.map((load) =>
    load.scanSeq === scanSeq ? { ...load, answer: { exit, handle } } : load,
  );
  work.warehouse.tables.point.put({ ...book, open });
  work.touched.add(device);
}

/** Something stands where the books have nothing: it goes by the default exit, and a person looks. */
function answerUnknown(work: Work, point: DecisionPoint, scanSeq: number): void {
  const exit = point.exits.find(({ isDefault }) => isDefault) ?? point.exits[0];
  answer(work, point, scanSeq, exit?.exit ?? 0, undefined);
  work.raise({
    code: 'UNEXPECTED_LOAD',
    device: point.device,
    location: point.at,
    text: `A load that the books do not know stands at ${pointKey(point.device, point.point)}; it goes to ${exit?.to}.`,
  });
}
