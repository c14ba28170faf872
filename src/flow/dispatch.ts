import type {
  CraneRequest,
  EmptyMission,
  LhdNumber,
  LoadMission,
} from '../domain/crane-command.ts';
import { chooseMission, type Turn } from '../domain/sequencing.ts';
import type { Aisle } from '../domain/site.ts';
import { lhdsOf } from '../domain/topology.ts';
import { issue } from './crane-commands.ts';
import { asUrgentAs, candidatesOf, isOnLhd, turnOf } from './crane-turn.ts';
import { whyNotAuto } from './device-modes.ts';
import { askAboutFront, isClear, whyBlocked } from './dig-out.ts';
import { missionContent } from './mission-content.ts';
import { hasRoomAt } from './room.ts';
import type { Runner } from './runner.ts';
import { aimStore } from './store-target.ts';
import { companionsOf, type Start } from './two-lhds.ts';
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

/** A mission's part of the crane. */
interface Stroke {
  readonly lhd: LhdNumber;
  /** It only fetches: another one is fetched before both are brought. */
  readonly isPick: boolean;
}

function sendNext(work: Work, runner: Runner, aisle: Aisle): void {
  const { crane } = aisle;
  const waiting = [...work.warehouse.tables.request.values()].filter(
    (request) => request.crane === crane,
  );
  if (waiting.length === 0) return;
  for (const request of waiting) {
    const { workflow, loadUnit, from } = request;
    if (loadUnit !== undefined) askAboutFront(work, request);
    const why = loadUnit === undefined ? whyBlocked(work, from) : undefined;
    if (why !== undefined) work.send(workflow, { type: 'check.blocked', why } as never);
  }
  const starts = waiting.flatMap((request) => {
    const lhd = isClear(work, runner, request.from) ? lhdFor(work, aisle, request) : undefined;
    return lhd === undefined ? [] : [{ request: asUrgentAs(work, request, waiting), lhd }];
  });
  const turn = turnOf(work, aisle);
  const { pool, isSecond } = poolOf(work, aisle, starts, turn);
  const candidates = candidatesOf(work, aisle, pool.filter(isNext(work)));
  const { chosen, reasons } = chooseMission(candidates, turn);
  const lhd = starts.find(({ request }) => request === chosen)?.lhd;
  if (chosen === undefined || lhd === undefined) return;
  work.explain(`${crane}: ${reasons[0]?.detail}.`, crane, chosen.loadUnit);
  const isPick = isSecond || companionsOf(work, aisle, chosen, { starts, turn }).length > 0;
  const isStore = candidates.some(({ request, kind }) => request === chosen && kind === 'store');
  // All that waits to be brought out counts, whatever is begun with.
  const all = { candidates: candidatesOf(work, aisle, starts), turn };
  const aimed = isStore ? aimStore(work, aisle, chosen, all) : chosen;
  start(work, aisle, aimed, { lhd, isPick });
}

/** In a lane before a crane nothing is fetched before what has come earlier, whatever a person has said of its place. */
const isNext =
  ({ warehouse }: Work) =>
  ({ request: { from, loadUnit } }: Start): boolean => {
    const [foremost] = warehouse.at(from);
    return loadUnit === undefined || foremost === undefined || foremost.loadUnit === loadUnit;
  };

/** What is on the crane goes first, unless there is room on it for another one that goes the same way. */
function poolOf(work: Work, aisle: Aisle, starts: readonly Start[], turn: Turn) {
  const onBoard = starts.filter(({ request }) => isOnLhd(work, request));
  const [first, other] = onBoard;
  const companions =
    first === undefined || other !== undefined
      ? []
      : companionsOf(work, aisle, first.request, { starts, turn });
  if (companions.length > 0) return { pool: companions, isSecond: true };
  return { pool: onBoard.length > 0 ? onBoard : starts, isSecond: false };
}

function start(work: Work, aisle: Aisle, request: CraneRequest, by: Stroke): void {
  const { workflow, loadUnit, to } = request;
  work.warehouse.tables.request.remove(workflow);
  const seq = issue(work, aisle.crane, commandOf(work, aisle, request, by), {
    workflow,
    loadUnit,
  });
  const onto = lhdsOf(aisle)[by.lhd - 1];
  work.send(workflow, { type: 'mission.sent', seq, lhd: onto, ...(to && { to }) } as never);
}

function commandOf(
  work: Work,
  aisle: Aisle,
  request: CraneRequest,
  { lhd, isPick }: Stroke,
): LoadMission | EmptyMission {
  const { loadUnit, from, to } = request;
  if (loadUnit === undefined || to === undefined) return { command: 'check', from };
  const content = missionContent(work.parts.topology, aisle, work.unit(loadUnit), from);
  if (isOnLhd(work, request)) return { command: 'deposit', lhd, to, ...content };
  const onto = lhdsOf(aisle)[lhd - 1];
  return isPick && onto !== undefined
    ? { command: 'pick', lhd, from, to: onto, ...content }
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
  // Its cell is nobody's promise any more: another one is being chosen, or waited for.
  if (request.lostTo === to) return undefined;
  // It was found to be elsewhere, or nobody knows where: a person is asked.
  if (work.unit(loadUnit).place !== from || !hasRoomAt(work, { to, loadUnit })) return undefined;
  if (work.warehouse.locks.on(from, 'out') !== undefined) return undefined;
  const source = work.parts.topology.placeOf(from);
  return source.kind === 'lhd' ? source.lhd : emptyLhd(work, aisle);
}

function emptyLhd(work: Work, aisle: Aisle): LhdNumber | undefined {
  const numbers: readonly LhdNumber[] = [1, 2];
  return numbers[lhdsOf(aisle).findIndex((lhd) => work.warehouse.countAt(lhd) === 0)];
}
