import type { CraneRequest } from '../domain/books.ts';
import { craneTravelMs } from '../domain/crane-kinematics.ts';
import type { LocationId } from '../domain/ids.ts';
import { chooseMission } from '../domain/sequencing.ts';
import type { Aisle } from '../domain/site.ts';
import { issue } from './crane-commands.ts';
import type { Work } from './work.ts';

/** Gives every crane that is free its next mission. */
export function dispatch(work: Work): void {
  for (const aisle of work.parts.topology.site.aisles) {
    if (whyNotFree(work, aisle) === undefined) sendNext(work, aisle);
  }
}

/** Why a crane gets no mission now; undefined when it may. */
export function whyNotFree(
  work: Pick<Work, 'warehouse' | 'parts'>,
  { crane }: Aisle,
): string | undefined {
  const book = work.warehouse.craneBook(crane);
  const { offline, isReconciled, snapshot } = work.parts.equipment.crane(crane);
  if (book.doubt !== undefined) return book.doubt.detail;
  if (offline !== undefined) return `it is offline: ${offline}`;
  if (!isReconciled || snapshot === undefined) return 'it has not said yet what it holds';
  if (!snapshot.retentiveOk) return 'its controller has lost its memory';
  if (snapshot.mode !== 'autoRemote') return `it is in mode ${snapshot.mode}`;
  if (!snapshot.safetyOk) return 'its safety circuit is open';
  if (snapshot.faultLatched) return `it has fault ${snapshot.faultCode}`;
  if (book.open !== undefined) return `it is at mission ${book.open}`;
  return book.side === undefined ? undefined : `it has not answered command ${book.side}`;
}

function sendNext(work: Work, aisle: Aisle): void {
  const { crane, lhd } = aisle;
  const requests = [...work.warehouse.tables.request.values()].filter(
    (request) => request.crane === crane && canStart(work, aisle, request),
  );
  const from = positionOf(work, aisle);
  const emptyMs = (request: CraneRequest) =>
    request.from === lhd
      ? 0
      : craneTravelMs(from, work.parts.topology.positionOf(request.from), aisle.kinematics);
  const { chosen, reasons } = chooseMission(requests, work.nowMs, emptyMs);
  if (chosen === undefined) return;
  start(work, aisle, chosen);
  work.explain(`${crane}: ${reasons[0]?.detail}.`, crane, chosen.loadUnit);
}

function start(work: Work, { crane, lhd }: Aisle, request: CraneRequest): void {
  const { workflow, loadUnit, from, to } = request;
  const { handle: loadHandle, massKg = 0 } = work.unit(loadUnit);
  const command =
    from === lhd
      ? ({ command: 'deposit', to, loadHandle } as const)
      : ({ command: 'transfer', from, to, loadHandle, massKg: Math.ceil(massKg) } as const);
  work.warehouse.tables.request.remove(workflow);
  const seq = issue(work, crane, command, { workflow, loadUnit });
  work.send(workflow, { type: 'mission.sent', seq } as never);
}

/** What is on the crane goes first; nothing is sent where there is no room for it. */
function canStart(work: Work, { lhd }: Aisle, { from, to, loadUnit }: CraneRequest): boolean {
  // It was found to be elsewhere, or nobody knows where: a person is asked.
  if (work.unit(loadUnit).place !== from) return false;
  const isOnBoard = work.warehouse.countAt(lhd) > 0;
  if (isOnBoard !== (from === lhd)) return false;
  const place = work.parts.topology.placeOf(to);
  if (place.kind !== 'pd') return true;
  if (work.warehouse.countAt(to) >= place.station.capacity) return false;
  const { order } = work.unit(loadUnit);
  const station = order && work.warehouse.tables.order.get(order)?.station;
  return station === undefined || hasRoom(work, to, station);
}

/** Counts what stands at the station and all that is on its way there: a full lane would send it elsewhere. */
function hasRoom(work: Work, pd: LocationId, station: LocationId): boolean {
  const isForStation = (order: string | undefined) =>
    work.warehouse.tables.order.get(order as never)?.station === station;
  const onTheWay = work.warehouse.at(pd).filter(({ order }) => isForStation(order)).length;
  const there = work.warehouse.countAt(station);
  return there + onTheWay < work.parts.topology.capacityOf(station);
}

/** Where the crane is; at its P&D end while it has not said. */
function positionOf(work: Work, aisle: Aisle): { xMm: number; yMm: number } {
  const { snapshot } = work.parts.equipment.crane(aisle.crane);
  return { xMm: snapshot?.travelMm ?? 0, yMm: snapshot?.hoistMm ?? 0 };
}
