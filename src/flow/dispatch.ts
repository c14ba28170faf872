import type {
  CraneRequest,
  EmptyMission,
  LhdNumber,
  LoadMission,
} from '../domain/crane-command.ts';
import type { LoadUnitId, LocationId } from '../domain/ids.ts';
import { chooseMission } from '../domain/sequencing.ts';
import type { Aisle } from '../domain/site.ts';
import { lhdsOf } from '../domain/topology.ts';
import { issue } from './crane-commands.ts';
import { asUrgentAs, candidatesOf, isOnLhd, turnOf } from './crane-turn.ts';
import { whyLost } from './destinations.ts';
import { whyNotAuto } from './device-modes.ts';
import { isClear } from './dig-out.ts';
import { missionContent } from './mission-content.ts';
import type { Runner } from './runner.ts';
import { aimStore } from './store-target.ts';
import type { Work } from './work.ts';

/** Gives every crane that is free its next mission. */
export function dispatch(work: Work, runner: Runner): void {
  for (const aisle of work.parts.topology.site.aisles) {
    if (whyNotFree(work, aisle) === undefined) sendNext(work, runner, aisle);
  }
}

/** Why a crane gets no mission now; undefined when it may. */
export function whyNotFree(
  work: Pick<Work, 'warehouse' | 'parts'>,
  aisle: Aisle,
): string | undefined {
  const book = work.warehouse.craneBook(aisle.crane);
  const down = whyDown(work, aisle);
  if (down !== undefined) return down;
  if (book.open !== undefined) return `it is at mission ${book.open}`;
  return book.side === undefined ? undefined : `it has not answered command ${book.side}`;
}

/** Why a crane does not work, however long one waits for its mission to end; undefined when it does. */
export function whyDown(
  work: Pick<Work, 'warehouse' | 'parts'>,
  { crane }: Aisle,
): string | undefined {
  const book = work.warehouse.craneBook(crane);
  const { offline, isReconciled, snapshot } = work.parts.equipment.crane(crane);
  if (book.doubt !== undefined) return book.doubt.detail;
  const mode = whyNotAuto(work, crane);
  if (mode !== undefined) return mode;
  if (offline !== undefined) return `it is offline: ${offline}`;
  if (!isReconciled || snapshot === undefined) return 'it has not said yet what it holds';
  if (!snapshot.retentiveOk) return snapshot.unproven?.why ?? 'its controller has lost its memory';
  if (snapshot.mode !== 'autoRemote') return `it is in mode ${snapshot.mode}`;
  if (!snapshot.safetyOk) return 'its safety circuit is open';
  return snapshot.faultLatched ? `it has fault ${snapshot.faultCode}` : undefined;
}

function sendNext(work: Work, runner: Runner, aisle: Aisle): void {
  const { crane } = aisle;
  const waiting = [...work.warehouse.tables.request.values()].filter(
    (request) => request.crane === crane,
  );
  const starts = waiting.flatMap((request) => {
    const lhd = isClear(work, runner, request.from) ? lhdFor(work, aisle, request) : undefined;
    return lhd === undefined ? [] : [{ request: asUrgentAs(work, request, waiting), lhd }];
  });
  // What is on the crane goes first.
  const onBoard = starts.filter(({ request }) => isOnLhd(work, request));
  const candidates = candidatesOf(work, aisle, onBoard.length > 0 ? onBoard : starts);
  const turn = turnOf(work, aisle);
  const { chosen, reasons } = chooseMission(candidates, turn);
  const lhd = starts.find(({ request }) => request === chosen)?.lhd;
  if (chosen === undefined || lhd === undefined) return;
  work.explain(`${crane}: ${reasons[0]?.detail}.`, crane, chosen.loadUnit);
  const isStore = candidates.some(({ request, kind }) => request === chosen && kind === 'store');
  const aimed = isStore ? aimStore(work, aisle, chosen, { candidates, turn }) : chosen;
  start(work, aisle, aimed, lhd);
}

function start(work: Work, aisle: Aisle, request: CraneRequest, lhd: LhdNumber): void {
  const { workflow, loadUnit, to } = request;
  work.warehouse.tables.request.remove(workflow);
  const seq = issue(work, aisle.crane, commandOf(work, aisle, request, lhd), {
    workflow,
    loadUnit,
  });
  const onto = lhdsOf(aisle)[lhd - 1];
  work.send(workflow, { type: 'mission.sent', seq, lhd: onto, ...(to && { to }) } as never);
}

function commandOf(
  work: Work,
  aisle: Aisle,
  request: CraneRequest,
  lhd: LhdNumber,
): LoadMission | EmptyMission {
  const { loadUnit, from, to } = request;
  if (loadUnit === undefined || to === undefined) return { command: 'check', from };
  const content = missionContent(work.parts.topology, aisle, work.unit(loadUnit), from);
  return isOnLhd(work, request)
    ? { command: 'deposit', lhd, to, ...content }
    : { command: 'transfer', lhd, from, to, ...content };
}

/**
 * The load handling device that a mission is for: the one that the load unit stands on, or else the
 * first that is empty in the books.
 *
 * @returns undefined when it cannot start now: nothing is sent where there is no room for it
 */
function lhdFor(work: Work, aisle: Aisle, request: CraneRequest): LhdNumber | undefined {
  const { from, to, loadUnit } = request;
  if (loadUnit === undefined || to === undefined) return emptyLhd(work, aisle);
  // It was found to be elsewhere, or nobody knows where: a person is asked.
  if (work.unit(loadUnit).place !== from || !hasRoomAt(work, to, loadUnit)) return undefined;
  const source = work.parts.topology.placeOf(from);
  return source.kind === 'lhd' ? source.lhd : emptyLhd(work, aisle);
}

function emptyLhd(work: Work, aisle: Aisle): LhdNumber | undefined {
  const numbers: readonly LhdNumber[] = [1, 2];
  return numbers[lhdsOf(aisle).findIndex((lhd) => work.warehouse.countAt(lhd) === 0)];
}

function hasRoomAt(work: Work, to: LocationId, loadUnit: LoadUnitId): boolean {
  const place = work.parts.topology.placeOf(to);
  if (place.kind !== 'pd') return whyLost(work, to, loadUnit) === undefined;
  if (work.warehouse.countAt(to) >= place.station.capacity) return false;
  const { order } = work.unit(loadUnit);
  const station = order && work.warehouse.tables.order.get(order)?.station;
  return station === undefined || hasRoom(work, station);
}

/** Counts what stands at the station and all that is on its way there: a full lane would send it elsewhere. */
function hasRoom({ warehouse, parts: { topology } }: Work, station: LocationId): boolean {
  const isForStation = (order: string | undefined) =>
    warehouse.tables.order.get(order as never)?.station === station;
  const pds = topology.site.aisles.flatMap((aisle) => aisle.stations);
  const notSentYet = pds
    .flatMap(({ location }) => warehouse.at(location))
    .filter(({ order, transit }) => transit === undefined && isForStation(order)).length;
  const taken = warehouse.countAt(station) + warehouse.boundFor(station) + notSentYet;
  return taken < topology.capacityOf(station);
}
