import { endMission } from '../../simulators/asrs-crane/events.ts';
import { interrupt } from '../../simulators/asrs-crane/interrupt.ts';
import { noPlace } from '../../simulators/asrs-crane/model.ts';
import { forceAnswer, forceEnd } from '../../simulators/asrs-crane/power.ts';
import type { FloorRig } from './floor-rig.ts';

/** The mission in hand ends now, with its load where it is. */
export const endsNow = (rig: FloorRig, result: string): void => {
  rig.byHand((_, simMs) => interrupt(rig.crane, result, simMs));
};

/** The same, and the crane does not say where its load is. */
export const endsUnknown = (rig: FloorRig, result: string): void => {
  rig.byHand(() => {
    rig.crane.state.move = undefined;
    rig.crane.state.stroke = undefined;
    endMission(rig.crane, result, noPlace);
  });
};

export const refuses = (rig: FloorRig, answer: string): void => forceAnswer(rig.crane, answer);

/** It ends on its way: before the pick, or with the load on its forks. */
export const ends = (rig: FloorRig, result: string, at: 'source' | 'lhd' | 'unknown'): void =>
  forceEnd(rig.crane, { result, at });
