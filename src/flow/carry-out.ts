import type { Discrepancy } from '../domain/books.ts';
import { noteDemand } from '../domain/class-books.ts';
import { type LoadUnitId, type OrderId, OUTSIDE, type WorkflowId } from '../domain/ids.ts';
import type { Intent, TaskCode } from '../workflows/intents.ts';
import { chooseAisle } from './aisle-choice.ts';
import { compareCell, leaveClosed, requestCheck } from './cell-check.ts';
import {
  blockUnit,
  discardUnit,
  dropUnknown,
  emptyUnit,
  lookAt,
  nameUnknown,
  settleUnit,
  takeHere,
} from './clarifying.ts';
import { chooseCount, endCount } from './counting.ts';
import { cancelMission, doubt, redirectMission } from './crane-commands.ts';
import { crossDock } from './cross-dock.ts';
import { whyNotAuto } from './device-modes.ts';
import { startEject } from './eject.ts';
import { identify } from './identify.ts';
import { bookRest, bookSeen, bookUncoded, leaveUnseen, releaseInspected } from './inspecting.ts';
import { labelVerified, printLabel, withdrawLabel } from './labels.ts';
import { carryOf, chooseLocation, freeLocations, startCarry, startPutaway } from './moves.ts';
import { deliver, giveUp } from './order-progress.ts';
import { bookPack, endPack, holdTarget, letGoAll, printAtStation } from './packing.ts';
import { bookCount, bookPick, choosePick, endPick, restateGoods, takeTarget } from './picking.ts';
import { forgetReminder, isNoted } from './reminders.ts';
import {
  labelFates,
  noted,
  notThere,
  placed,
  putBack,
  removed,
  stillComing,
} from './resolutions.ts';
import { expectBack } from './returns.ts';
import type { Runner } from './runner.ts';
import { urgencyOf } from './sharing.ts';
import { askStep, clearStep, stationWorkOf } from './station-steps.ts';
import { convey } from './steer.ts';
import { tellLoadUnit, tellMovement } from './telling.ts';
import type { Work } from './work.ts';

type Params<T extends Intent['type']> = Extract<Intent, { type: T }>['params'];
type Table = {
  readonly [T in Intent['type']]: (
    work: Work,
    runner: Runner,
    workflow: WorkflowId,
    params: Params<T>,
  ) => void;
};

/** What each intent does to the books. What leaves the house follows from the rows, after the commit. */
const table: Table = {
  identify: (work, _, workflow, read) => identify(work, workflow, read),
  chooseAisle(work, runner, workflow, wish) {
    if (!crossDock(work, runner, workflow, wish)) chooseAisle(work, workflow, wish);
  },
  chooseLocation: (work, _, workflow, wish) => chooseLocation(work, workflow, wish),
  freeLocation(work, _, workflow, { loadUnit }) {
    if (hasOrNobody(work, workflow, loadUnit)) freeLocations(work, loadUnit);
  },
  answerPoint: (work, _, workflow, answer) => answerAt(work, workflow, answer),
  triggerScanner(work, _, __, { device, point }) {
    const scanner = work.parts.topology.point(device, point)?.scanner;
    if (scanner !== undefined) work.triggers.push(scanner);
  },
  printLabel: (work, _, workflow, wish) => printLabel(work, workflow, wish),
  withdrawLabel: (work, _, __, { label }) => withdrawLabel(work, label),
  labelVerified: (work, _, __, proved) => labelVerified(work, proved),
  startPutaway: (work, runner, _, putaway) => startPutaway(work, runner, putaway),
  requestCrane(work, _, workflow, { loadUnit, from, to, mayChoose }) {
    const aisle = work.parts.topology.aisleReaching(from, to);
    const unit = work.unit(loadUnit);
    work.warehouse.tables.request.put({
      workflow,
      crane: aisle.crane,
      loadUnit,
      from,
      to,
      mayChoose,
      ...urgencyOf(work, unit),
      sinceMs: work.nowMs,
      no: work.warehouse.next('request'),
    });
    const mode = whyNotAuto(work, aisle.crane);
    const tail = mode === undefined ? '' : `: ${mode}`;
    const text = `${loadUnit} (${unit.toldPlace}) waits for ${aisle.crane} to ${to}${tail}.`;
    work.explain(text, loadUnit, workflow);
  },
  requestCheck: (work, _, workflow, { location }) => requestCheck(work, workflow, location),
  compareCell: (work, _, __, { location, isOccupied }) => compareCell(work, location, isOccupied),
  leaveClosed: (work, _, __, { location, why }) => leaveClosed(work, location, why),
  dropRequest: (work, _, workflow) => work.warehouse.tables.request.remove(workflow),
  cancelMission: (work, _, workflow, { seq }) => cancelMission(work, workflow, seq),
  redirectMission: (work, _, workflow, wish) => redirectMission(work, workflow, wish),
  stopCrane(work, _, workflow, { loadUnit, to, why }) {
    const place = work.parts.topology.placeOf(to);
    if (!('aisle' in place)) return;
    const reason = { code: why, detail: `${why} again and again with ${loadUnit}` };
    doubt(work, place.aisle.crane, reason, { loadUnit, workflow });
  },
  bringOut: (work, runner, _, ejection) => startEject(work, runner, ejection),
  startCarry: (work, runner, workflow, carry) => startCarry(work, runner, workflow, carry),
  redirectCarry(work, _, workflow, { to }) {
    work.send(carryOf(workflow), { type: 'carry.redirected', to } as never);
  },
  cancelCarry: (work, _, workflow) => work.send(carryOf(workflow), { type: 'carry.cancel' }),
  tellParent: (work, _, __, { parent, event }) => work.send(parent, event),
  postMove: (work, _, __, { loadUnit, to }) => {
    work.move(loadUnit, to, 'inferred');
    if (to === OUTSIDE) work.edit(loadUnit, { status: 'gone' });
  },
  reportMovement(work, _, __, { kind, loadUnit, order = orderOf(work, loadUnit) }) {
    const unit = work.unit(loadUnit);
    // What comes to be counted is wanted by nobody.
    const isWanted =
      order === undefined || work.warehouse.tables.order.get(order)?.kind !== 'count';
    if (kind === 'retrieved' && isWanted) noteDemand(work.warehouse, unit, work.nowMs);
    tellMovement(work, kind, unit, { order });
  },
  sendToClarification(work, _, workflow, { loadUnit }) {
    if (!hasOrNobody(work, workflow, loadUnit)) return;
    const unit = work.edit(loadUnit, { status: 'clarification' });
    tellMovement(work, 'relocated', unit);
    tellLoadUnit(work, work.unit(loadUnit), 'clarification');
  },
  deliver: (work, runner, workflow, delivery) => deliver(work, runner, workflow, delivery),
  askStep: (work, _, workflow, step) => askStep(work, workflow, step),
  clearStep: (work, _, workflow) => clearStep(work, workflow),
  choosePick: (work, _, workflow, wish) => choosePick(work, workflow, wish),
  takeTarget: (work, _, __, taken) => takeTarget(work, taken),
  bookPick: (work, _, __, picked) => bookPick(work, picked),
  bookCount: (work, _, __, count) => bookCount(work, count),
  blockGoods: (work, _, __, { loadUnit, goods, why }) =>
    restateGoods(work, { loadUnit, goods, stockStatus: 'blocked', why }),
  endPick: (work, _, __, ended) => endPick(work, ended),
  chooseCount: (work, _, workflow, wish) => chooseCount(work, workflow, wish),
  endCount: (work, _, __, ended) => endCount(work, ended),
  holdTarget: (work, _, workflow, wish) => holdTarget(work, workflow, wish),
  bookPack: (work, _, __, packed) => bookPack(work, packed),
  printAtStation: (work, _, workflow, wish) => printAtStation(work, workflow, wish),
  letGoAll: (work, _, workflow, of) => letGoAll(work, workflow, of),
  endPack: (work, _, __, ended) => endPack(work, ended),
  lookAt: (work, _, workflow, unit) => lookAt(work, workflow, unit),
  takeHere: (work, _, workflow, unit) => takeHere(work, workflow, unit),
  nameUnknown: (work, _, workflow, at) => nameUnknown(work, workflow, at),
  dropUnknown: (work, _, __, unit) => dropUnknown(work, unit),
  blockUnit: (work, _, __, unit) => blockUnit(work, unit),
  emptyUnit: (work, _, __, unit) => emptyUnit(work, unit),
  discardUnit: (work, _, __, unit) => discardUnit(work, unit),
  settleUnit: (work, _, __, unit) => settleUnit(work, unit),
  bookSeen: (work, _, workflow, seen) => bookSeen(work, workflow, seen),
  bookUncoded: (work, _, workflow, at) => bookUncoded(work, workflow, at),
  bookRest: (work, _, workflow, at) => bookRest(work, workflow, at),
  leaveUnseen: (work, _, __, at) => leaveUnseen(work, at),
  releaseInspected: (work, runner, workflow, of) => releaseInspected(work, runner, workflow, of),
  giveUp: (work, _, __, loss) => giveUp(work, loss),
  letGo(work, _, workflow, { loadUnit }) {
    if (work.unit(loadUnit).workflow !== workflow) return;
    work.edit(loadUnit, { workflow: undefined, order: undefined });
    work.isAllocationDue = true;
  },
  expectBack: (work, _, __, { loadUnit }) => expectBack(work, loadUnit),
  raiseTask(work, _, workflow, task) {
    // One question until something changes: a crane that refuses every few seconds tells nothing new.
    if (isNoted(work, workflow, task)) return;
    work.raise({ ...task, workflow, resolutions: resolutionsFor[task.code] });
  },
  settleTask(work, _, workflow, { code }) {
    forgetReminder(work, workflow, code);
    work.settleWhere((open) => open.code === code && open.workflow === workflow);
  },
};

/** Whoever has another's load unit by now keeps what it has reserved for it, and what it knows of it. */
function hasOrNobody({ warehouse }: Work, workflow: WorkflowId, loadUnit: LoadUnitId): boolean {
  const owner = warehouse.loadUnit(loadUnit)?.workflow;
  return owner === undefined || owner === workflow || stationWorkOf(owner) === workflow;
}

/** A relocation knows nothing of orders: the load unit says for which one it is moved. */
function orderOf(work: Work, loadUnit: LoadUnitId): OrderId | undefined {
  const { order } = work.unit(loadUnit);
  return order !== undefined && work.warehouse.tables.order.get(order)?.wanted === loadUnit
    ? order
    : undefined;
}

export function carryOut(work: Work, runner: Runner, workflow: WorkflowId, intent: Intent): void {
  const apply = table[intent.type] as Table['identify'];
  apply(work, runner, workflow, intent.params as Params<'identify'>);
}

/** What a person may answer to each question. */
const resolutionsFor: Readonly<Record<TaskCode, Discrepancy['resolutions']>> = {
  CLARIFY: [placed, putBack, removed],
  CONVEYOR_LATE: [stillComing, notThere],
  COUNT_DISPUTED: [placed, putBack, removed],
  DIVERTED: [putBack, removed],
  LABEL_UNKNOWN: labelFates,
  MISSION_LATE: [noted],
  NO_LOCATION: [noted],
  PLACE_UNKNOWN: [placed],
  REFUSED: [stillComing, placed],
  REJECTED: [putBack, removed],
  STATION_FULL: [noted],
  TRACKING_LOST: [placed, putBack, removed],
  WRONG_ARTICLE: [placed, putBack, removed],
  WRONG_AT_STATION: [noted],
};

function answerAt(
  work: Work,
  workflow: WorkflowId,
  { device, point, scanSeq, to }: Params<'answerPoint'>,
): void {
  const at = work.parts.topology.point(device, point);
  const { open } = work.warehouse.pointBook(device, point);
  const loadUnit = open.find((load) => load.scanSeq === scanSeq)?.loadUnit;
  // It has left meanwhile: the confirmation says where.
  if (at !== undefined && loadUnit !== undefined) {
    convey(work, at, scanSeq, { loadUnit, to, workflow });
  }
}
