import { type Mode, type Moment, restartLink } from '../lib/plc-link.ts';
import { emit } from './events.ts';
import { interrupt, loadWithoutHandle, stop, watchLoad } from './interrupt.ts';
import {
  type ArmedFault,
  type Crane,
  emptyRetentive,
  type ForcedEnd,
  lhdNumbers,
  setLoad,
} from './model.ts';

/** A person turns the mode switch. Leaving autoRemote ends the mission where it is. */
export function changeMode(crane: Crane, mode: Mode, simMs: number): void {
  const { plc } = crane.state;
  if (plc.mode === mode) return;
  if (plc.mode === 'autoRemote') interrupt(crane, 'modeLeft', simMs);
  plc.mode = mode;
  plc.enabled = false;
  plc.isSelfTest = false;
  emit(crane, 'modeChanged', { code: crane.setup.modeCodes.get(mode) ?? 0 });
}

/** The PLC stops and starts. Steel stays where it is; nothing resumes by itself. */
export function restart(crane: Crane, memory: 'whole' | 'lost', now: Moment): void {
  const { state } = crane;
  const { plc } = state;
  restartLink(plc, memory, now);
  Object.assign(plc, { isSelfTest: false, ignoredCount: 0, faultCount: 0 });
  Object.assign(plc, { barcode: '', warning: false });
  if (memory === 'lost') {
    stop(crane, now.simMs);
    state.stroke = undefined;
    state.waitingSinceMs = undefined;
    Object.assign(plc, emptyRetentive(), { probes: 0 });
    for (const lhd of lhdNumbers(crane.setup)) {
      setLoad(plc, lhd, crane.floor.load(lhd) === undefined ? 0 : loadWithoutHandle);
    }
    return;
  }
  repair(crane);
  emit(crane, 'restarted');
  interrupt(crane, 'restarted', now.simMs);
  watchLoad(crane);
}

/** Power may have gone in the middle of a scan: what accept and end write in several steps is completed. */
function repair({ state: { plc } }: Crane): void {
  const missionId = plc.mission?.missionId ?? 0;
  if (missionId > plc.seqAnswered) {
    plc.seqAnswered = missionId;
    plc.answer = 'accepted';
  }
  if (missionId !== 0 && missionId === plc.lastMissionId) {
    plc.mission = undefined;
    plc.phase = 'none';
  }
}

/** Makes something go wrong at its next occasion, once, or takes it back. */
export function arm({ state }: Crane, fault: ArmedFault, isOn: boolean): void {
  state.armed = state.armed.filter((armed) => armed !== fault);
  if (isOn) state.armed.push(fault);
}

/** The next command is answered with this reject, whatever it asks for; undefined takes it back. */
export function forceAnswer({ state }: Crane, answer: string | undefined): void {
  state.forced.answer = answer;
}

/** The next mission that comes so far ends like this; undefined takes it back. */
export function forceEnd({ state }: Crane, end: ForcedEnd | undefined): void {
  state.forced.end = end;
}
