import { craneFaults } from '../asrs-crane/faults.ts';
import { latchFault } from '../asrs-crane/interrupt.ts';
import { arm } from '../asrs-crane/power.ts';
import { type Faults, level, moment } from '../lib/fault.ts';
import type { Act } from '../lib/plc-view.ts';
import { resetAtMachine, restartStartBit, type StartBitCrane } from './model.ts';

/**
 * What can go wrong with an old crane, its load and its PLC. It has no reader and no list of events.
 *
 * @param restarting  as `act`, and the connections of the PLC are gone afterwards
 */
export function startBitFaults(plc: StartBitCrane, act: Act, restarting: Act): Faults {
  const { crane, startBit } = plc;
  const { binFull, binEmpty, loadLost, stationBlocked, modeManual, emergencyStop } = craneFaults(
    crane,
    act,
    restarting,
  );
  const shared = { binFull, binEmpty, loadLost, stationBlocked, modeManual, emergencyStop };
  return {
    ...(shared as Faults),
    driveFault: {
      doc: 'A drive fails: in a mission at once, else with the next one; off: reset at the machine.',
      isOn: () => crane.state.armed.includes('driveFault') || crane.state.plc.faultLatched,
      set: (isOn) =>
        act((now) => {
          if (!isOn) resetAtMachine(plc);
          else if (crane.state.plc.mission !== undefined) latchFault(crane, now.simMs);
          else arm(crane, 'driveFault', true);
        }),
    },
    startIgnored: level(
      'A start is not looked at while this is on: the crane does not become busy.',
      () => startBit.isDeaf,
      (isOn) =>
        act(() => {
          startBit.isDeaf = isOn;
        }),
    ),
    doneMissed: level(
      'Done is never shown: it is over before anybody reads it.',
      () => startBit.hidesDone,
      (isOn) =>
        act(() => {
          startBit.hidesDone = isOn;
        }),
    ),
    plcRestart: moment('The PLC restarts with empty registers; a mission is forgotten.', () =>
      restarting((now) => restartStartBit(plc, 'empty', now)),
    ),
    plcRestartKept: moment('The PLC restarts; its command registers keep what they hold.', () =>
      restarting((now) => restartStartBit(plc, 'kept', now)),
    ),
  };
}
