import { type Fault, type Faults, level, moment } from '../lib/fault.ts';
import { type Act, restartFaults } from '../lib/plc-view.ts';
import { latchFault } from './interrupt.ts';
import type { ArmedFault, Crane } from './model.ts';
import { arm, changeMode, restart } from './power.ts';

/** Turns of the mode switch that are more than the event ring holds. */
const turnsOfSwitch = 3;

/**
 * What can go wrong with a crane and its load.
 *
 * @param restarting  as `act`, and the connections of the PLC are gone afterwards
 */
export function craneFaults(crane: Crane, act: Act, restarting: Act): Faults {
  const { state } = crane;
  const armed = (name: ArmedFault, doc: string): Fault =>
    level(
      doc,
      () => state.armed.includes(name),
      (isOn) => act(() => arm(crane, name, isOn)),
    );
  return {
    binFull: armed('binFull', 'The next deposit into a cell meets a foreign tote.'),
    binEmpty: armed('binEmpty', 'At the next pick the tote has vanished.'),
    loadLost: armed('loadLost', 'The load falls off on the way, now or at the next one.'),
    codeUnread: armed('noRead', "The crane's reader reads nothing at its next read."),
    codeMismatch: armed('codeMismatch', "The crane's reader reads another code at its next read."),
    stationBlocked: level(
      'The stations take no load: the crane waits before them, then gives up.',
      () => state.isStationBlocked === true,
      (isOn) =>
        act(() => {
          state.isStationBlocked = isOn;
        }),
    ),
    driveFault: {
      doc: 'A drive fails: in a mission at once, else with the next one. Latched until resetFault.',
      isOn: () => state.armed.includes('driveFault') || state.plc.faultLatched,
      set: (isOn) =>
        act((now) => {
          if (isOn && state.plc.mission !== undefined) latchFault(crane, now.simMs);
          else arm(crane, 'driveFault', isOn);
        }),
    },
    modeManual: level(
      'A person turns the mode switch; off turns it back.',
      () => state.plc.mode === 'manual',
      (isOn) => act((now) => changeMode(crane, isOn ? 'manual' : 'autoRemote', now.simMs)),
    ),
    emergencyStop: level(
      'The emergency stop is pressed; off releases it.',
      () => state.plc.mode === 'emergencyStop',
      (isOn) => act((now) => changeMode(crane, isOn ? 'emergencyStop' : 'autoRemote', now.simMs)),
    ),
    eventsLost: moment('The mode switch is turned so often that the event ring overflows.', () =>
      act((now) => {
        for (let turn = 0; turn < turnsOfSwitch; turn++) {
          changeMode(crane, 'manual', now.simMs);
          changeMode(crane, 'autoRemote', now.simMs);
        }
      }),
    ),
    ...restartFaults((memory) => restarting((now) => restart(crane, memory, now))),
  };
}
