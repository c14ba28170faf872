import { type Faults, level, moment } from '../lib/fault.ts';
import type { FaultyHost } from './host.ts';

/** What can go wrong with a host. */
export const hostFaults = (host: FaultyHost): Faults => ({
  away: level(
    'It takes leave of the broker, as for maintenance.',
    () => !host.isWanted(),
    (isOn) => host.online(!isOn),
  ),
  doubles: level(
    'It sends every command and every mark twice.',
    () => host.doubles,
    (isOn) => {
      host.doubles = isOn;
    },
  ),
  mute: level(
    'It stores events and does not say so.',
    () => host.isMute,
    (isOn) => {
      host.isMute = isOn;
    },
  ),
  memoryLost: moment('It is restored from a backup that holds no event.', () => host.forget()),
});
