import { invariant } from '../../src/domain/errors.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { codesOf } from '../world/world.ts';
import { endMission, probed } from './events.ts';
import { latchFault, loadWithoutHandle, stop, tellPicked, watchLoad } from './interrupt.ts';
import {
  type Crane,
  lhdPlace,
  loadOf,
  locationOfPlace,
  type Mission,
  noPlace,
  positionOfPlace,
  type Stroke,
  setLoad,
  type WirePlace,
} from './model.ts';
import { moveEndsAtMs } from './motion.ts';

/** Simulated time at which motion next changes anything by itself. */
export function motionDueMs({ state, setup }: Crane): number {
  const { move, stroke, waitingSinceMs } = state;
  const { kinematics } = setup.aisle;
  if (move !== undefined) return moveEndsAtMs(move, kinematics);
  if (stroke !== undefined) {
    return stroke.startedAtMs + (stroke.isHalf ? 1 : 0.5) * kinematics.transferMs;
  }
  return (waitingSinceMs ?? Number.POSITIVE_INFINITY) + setup.stationWaitMs;
}

/** The crane at `simMs`: all that became due until then, each at its own time. */
export function advanceMotion(crane: Crane, simMs: number): void {
  for (let dueMs = motionDueMs(crane); dueMs <= simMs; dueMs = motionDueMs(crane)) {
    proceed(crane, dueMs);
  }
  proceed(crane, simMs);
}

/**
 * Everything that is due at `simMs`: ends of moves and strokes, and what follows from them. To be
 * called at each due time, and whenever something the crane waits for may have changed.
 */
function proceed(crane: Crane, simMs: number): void {
  const { state } = crane;
  watchLoad(crane);
  if (state.move !== undefined && motionDueMs(crane) <= simMs) stop(crane, simMs);
  if (state.stroke !== undefined && motionDueMs(crane) <= simMs) {
    advanceStroke(crane, state.stroke, simMs);
  }
  if (!state.plc.enabled) hold(crane, simMs);
  if (state.move === undefined && state.stroke === undefined) goOn(crane, simMs);
}

/** A stroke is finished, a move is not; a station is waited for anew. */
function hold(crane: Crane, simMs: number): void {
  stop(crane, simMs);
  crane.state.waitingSinceMs = undefined;
}

/** Starts the mission, continues it after a hold, or does what comes next. Nothing moves without enable. */
function goOn(crane: Crane, simMs: number): void {
  const { plc, armed } = crane.state;
  const { mission } = plc;
  if (mission === undefined || !plc.enabled) return;
  if (!mission.isStarted) {
    mission.isStarted = true;
    crane.floor.count(mission.missionId, 'starts', simMs);
  }
  if (armed.includes('driveFault')) {
    latchFault(crane, simMs);
    return;
  }
  if (plc.phase === 'carrying' && disarm(crane, 'loadLost')) {
    crane.floor.vanish(steel(crane, lhdPlace(mission.lhd)), simMs);
    watchLoad(crane);
    return;
  }
  if (isEndForced(crane, mission) || isUnreadOnLhd(crane, mission)) return;
  const place = targetOf(mission, plc.phase);
  const target =
    mission.command === 'home' ? { xMm: 0, yMm: 0 } : positionOfPlace(crane.setup, place);
  const { xMm, yMm } = crane.state.at;
  if (xMm === target.xMm && yMm === target.yMm) {
    arrive(crane, mission, place, simMs);
    return;
  }
  crane.state.waitingSinceMs = undefined;
  crane.state.move = { from: crane.state.at, to: target, startedAtMs: simMs };
}

/** Ends it as it was made to, at its occasion. */
function isEndForced(crane: Crane, mission: Mission): boolean {
  const { plc, forced } = crane.state;
  const { end } = forced;
  const isLoaded = plc.phase === 'carrying';
  if (end === undefined || isLoaded === (end.at === 'source')) return false;
  forced.end = undefined;
  const place = isLoaded ? lhdPlace(mission.lhd) : mission.from;
  endMission(crane, end.result, end.at === 'unknown' ? noPlace : place);
  return true;
}

/** A deposit that asks for it reads what lies on the LHD before it moves. */
function isUnreadOnLhd(crane: Crane, mission: Mission): boolean {
  if (mission.command !== 'deposit' || !mission.verifyCode || mission.isRead) return false;
  mission.isRead = true;
  const wrong = codeProblem(crane, mission);
  if (wrong !== undefined) endMission(crane, wrong, lhdPlace(mission.lhd));
  return wrong !== undefined;
}

const targetOf = ({ from, to }: Mission, phase: string): WirePlace =>
  phase === 'toSource' || phase === 'probing' ? from : to;

function arrive(crane: Crane, mission: Mission, place: WirePlace, simMs: number): void {
  const { plc } = crane.state;
  if (plc.phase === 'moving') {
    if (mission.command === 'home') plc.homed = true;
    endMission(crane, 'done', lhdPlace(mission.lhd));
  } else if (plc.phase === 'toSource') {
    const isCheck = mission.command === 'check';
    if (isCheck || !isFrontBlocked(crane, mission, place)) {
      begin(crane, isCheck ? 'probe' : 'pick', simMs);
    }
  } else {
    beginDeposit(crane, mission, place, simMs);
  }
}

function begin(crane: Crane, kind: Stroke['kind'], simMs: number): void {
  crane.state.stroke = { kind, startedAtMs: simMs, isHalf: false };
  crane.state.waitingSinceMs = undefined;
  crane.state.plc.phase = ({ pick: 'picking', deposit: 'depositing', probe: 'probing' } as const)[
    kind
  ];
}

/** The second depth is out of reach while a load stands before it; then the mission ends. */
function isFrontBlocked(crane: Crane, mission: Mission, place: WirePlace): boolean {
  if (place.depth !== 2) return false;
  const front = crane.floor.find(steel(crane, { ...place, depth: 1 }));
  crane.state.plc.probes |= probed('front', front !== undefined);
  if (front !== undefined) {
    const isLoaded = loadOf(crane, mission) !== undefined;
    endMission(crane, 'frontBlocked', isLoaded ? lhdPlace(mission.lhd) : mission.from);
  }
  return front !== undefined;
}

function beginDeposit(crane: Crane, mission: Mission, place: WirePlace, simMs: number): void {
  const { state, floor, setup } = crane;
  const location = steel(crane, place);
  const isStuck = state.isStationBlocked === true && place.kind === 'station';
  if (isStuck || floor.isBlocked(location)) {
    state.waitingSinceMs ??= simMs;
    // The same sum as in `motionDueMs`: a difference may be rounded to less, and would be due for ever.
    if (simMs >= state.waitingSinceMs + setup.stationWaitMs) {
      endMission(crane, 'stationTimeout', lhdPlace(mission.lhd));
    }
    return;
  }
  if (place.kind === 'station') {
    begin(crane, 'deposit', simMs);
    return;
  }
  if (isFrontBlocked(crane, mission, place)) return;
  if (disarm(crane, 'binFull')) floor.plantForeign(location, simMs);
  const isOccupied = floor.find(location) !== undefined;
  // The forks notice a full bin in any case; a free one is told only where it was asked for.
  if (isOccupied || mission.probeDestination) state.plc.probes |= probed('to', isOccupied);
  if (isOccupied) endMission(crane, 'binFull', lhdPlace(mission.lhd));
  else begin(crane, 'deposit', simMs);
}

function advanceStroke(crane: Crane, stroke: Stroke, simMs: number): void {
  const { state } = crane;
  const { mission } = state.plc;
  invariant(mission !== undefined, 'a stroke belongs to a mission');
  if (!stroke.isHalf) {
    stroke.isHalf = true;
    reachMiddle(crane, mission, stroke.kind, simMs);
    return;
  }
  state.stroke = undefined;
  if (stroke.kind === 'pick') endPick(crane, mission, simMs);
  else endMission(crane, 'done', stroke.kind === 'deposit' ? mission.to : lhdPlace(mission.lhd));
}

/** The load changes hands, or the sensor sees what is there. */
function reachMiddle(crane: Crane, mission: Mission, kind: Stroke['kind'], simMs: number): void {
  const { floor, state } = crane;
  const { missionId, lhd, from, to } = mission;
  if (kind === 'deposit' && loadOf(crane, mission) === undefined) {
    // Somebody has taken it off meanwhile: its sensor says so.
    state.stroke = undefined;
    setLoad(state.plc, lhd, 0);
    return endMission(crane, 'loadLost', noPlace);
  }
  if (kind === 'deposit') {
    floor.put(steel(crane, to), lhd, simMs);
    floor.count(missionId, 'deposits', simMs);
    state.plc.phase = 'retracting';
    setLoad(state.plc, lhd, 0);
    return;
  }
  const source = steel(crane, from);
  if (kind === 'pick' && disarm(crane, 'binEmpty')) floor.vanish(source, simMs);
  const isOccupied = floor.find(source) !== undefined;
  state.plc.probes |= probed('from', isOccupied);
  if (kind === 'probe' || !isOccupied) return;
  floor.take(source, lhd, simMs);
  floor.count(missionId, 'picks', simMs);
  setLoad(state.plc, lhd, mission.loadHandle || loadWithoutHandle);
}

function endPick(crane: Crane, mission: Mission, simMs: number): void {
  const { plc } = crane.state;
  if (loadOf(crane, mission) === undefined) {
    plc.warning = !mission.sourceMayBeEmpty;
    endMission(crane, 'binEmpty', noPlace);
    return;
  }
  tellPicked(crane, mission);
  const wrong = mission.isCancelled ? 'cancelled' : codeProblem(crane, mission);
  if (wrong !== undefined) {
    endMission(crane, wrong, lhdPlace(mission.lhd));
  } else if (mission.command === 'pick') {
    endMission(crane, 'done', lhdPlace(mission.lhd));
  } else {
    plc.phase = 'carrying';
    goOn(crane, simMs);
  }
}

/** What the crane's own reader says of the load, where the mission asks for it. */
function codeProblem(crane: Crane, mission: Mission): string | undefined {
  if (!mission.verifyCode) return undefined;
  const load = loadOf(crane, mission);
  const codes = load === undefined || disarm(crane, 'noRead') ? [] : codesOf(load);
  const [code] = codes;
  crane.state.plc.barcode = (code ?? '').slice(0, 20);
  if (code === undefined) return 'noRead';
  if (disarm(crane, 'codeMismatch')) return 'codeMismatch';
  return codes.includes(mission.loadCode) ? undefined : 'codeMismatch';
}

function disarm({ state }: Crane, fault: Crane['state']['armed'][number]): boolean {
  if (!state.armed.includes(fault)) return false;
  state.armed = state.armed.filter((armed) => armed !== fault);
  return true;
}

/** The place of an accepted mission: it was in range when it was accepted. */
function steel(crane: Crane, place: WirePlace): LocationId {
  const location = locationOfPlace(crane.setup, place);
  invariant(location !== undefined, 'a mission was accepted for a place that is none');
  return location;
}
