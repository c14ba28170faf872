import type { LhdNumber } from '../../src/domain/crane-command.ts';
import type { Position } from '../../src/domain/crane-kinematics.ts';
import { emit, endMission } from './events.ts';
import {
  type Crane,
  lhdNumbers,
  lhdPlace,
  loadOf,
  type Mission,
  noPlace,
  type Stroke,
  setLoad,
  type WirePlace,
} from './model.ts';
import { positionDuring } from './motion.ts';

/** A load of which the PLC knows no number. */
export const loadWithoutHandle = 0xffff_ffff;

/** Travel drive: motor current too high, in this vendor's list. */
const driveFaultCode = 1201;

export function positionNow({ state, setup }: Crane, simMs: number): Position {
  const { move, at } = state;
  return move === undefined ? at : positionDuring(move, setup.aisle.kinematics, simMs);
}

/** Both axes stand where they are. */
export function stop(crane: Crane, simMs: number): void {
  crane.state.at = positionNow(crane, simMs);
  crane.state.move = undefined;
}

export function tellPicked(crane: Crane, mission: Mission): void {
  mission.isPicked = true;
  emit(crane, 'picked', { missionId: mission.missionId, place: lhdPlace(mission.lhd) });
}

/** Between strokes each LHD's sensor and the handle on it must agree; a person may have been there. */
export function watchLoad(crane: Crane): void {
  if (crane.state.stroke !== undefined) return;
  for (const lhd of lhdNumbers(crane.setup)) watchLhd(crane, lhd);
}

function watchLhd(crane: Crane, lhd: LhdNumber): void {
  const { plc } = crane.state;
  const isLoaded = crane.floor.load(lhd) !== undefined;
  if (isLoaded === (plc.lhdLoads[lhd - 1] !== 0)) return;
  setLoad(plc, lhd, isLoaded ? loadWithoutHandle : 0);
  if (plc.mission?.lhd === lhd) {
    endMission(crane, isLoaded ? 'sensorConflict' : 'loadLost', noPlace);
  }
  emit(crane, isLoaded ? 'loadAdded' : 'loadRemoved', {
    place: isLoaded ? lhdPlace(lhd) : noPlace,
  });
}

/** The drive stops at once; the mission ends where its load is. */
export function latchFault(crane: Crane, simMs: number): void {
  const { plc } = crane.state;
  crane.state.armed = crane.state.armed.filter((armed) => armed !== 'driveFault');
  plc.faultLatched = true;
  plc.faultCode = driveFaultCode;
  plc.faultCount = (plc.faultCount + 1) & 0xffff;
  interrupt(crane, 'driveFault', simMs);
}

/** Everything stops, the forks are taken back by hand, and the mission ends with its load where it is. */
export function interrupt(crane: Crane, result: string, simMs: number): void {
  const { state } = crane;
  const { mission } = state.plc;
  stop(crane, simMs);
  const { stroke } = state;
  state.stroke = undefined;
  if (mission === undefined) return;
  const isLoaded = loadOf(crane, mission) !== undefined;
  if (isLoaded && stroke?.kind === 'pick') tellPicked(crane, mission);
  endMission(crane, result, isLoaded ? lhdPlace(mission.lhd) : placeWithoutLoad(mission, stroke));
}

/** Where the load of a mission is when it is not on the LHD. */
function placeWithoutLoad(
  { command, lhd, from, to }: Mission,
  stroke: Stroke | undefined,
): WirePlace {
  if (stroke?.kind === 'deposit') return to;
  if (stroke?.kind === 'pick' && stroke.isHalf) return noPlace;
  return command === 'transfer' || command === 'pick' ? from : lhdPlace(lhd);
}
