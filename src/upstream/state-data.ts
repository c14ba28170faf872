import type { AlarmData, DeviceData } from '../contract/messages.ts';
import { timeText } from '../contract/time.ts';
import type { DeviceView, DiscrepancyView } from '../ports/reader.ts';

/** Words of the flow for what a device does, in the few words of the contract; any other is `unknown`. */
const states: Readonly<Record<string, DeviceData['state']>> = {
  ready: 'idle',
  idle: 'idle',
  busy: 'busy',
  held: 'held',
  stopped: 'held',
  doubt: 'held',
  fault: 'faulted',
  faulted: 'faulted',
};

/** A device as hosts see it. */
export function deviceData(view: DeviceView, simulated: boolean): DeviceData {
  const { device, kind, availability, mode, state, reasons, sinceMs } = view;
  const online = availability === 'online';
  const told = online ? (states[state] ?? 'unknown') : 'unknown';
  const [reason] = reasons;
  return {
    device,
    kind,
    simulated,
    since: timeText(sinceMs),
    availability: mode === 'off' ? 'disabled' : availability,
    mode: mode === 'auto' ? 'automatic' : mode,
    state: told,
    fault: told === 'faulted' || told === 'held' ? reason : undefined,
  };
}

/** Last level of an alarm's topic. */
export const alarmOf = ({ discrepancy }: DiscrepancyView): string => `discrepancy-${discrepancy}`;

const priorities = { critical: 1, warning: 2, info: 3, none: 3 } as const;

/** An open discrepancy as hosts see it. */
export function alarmData(view: DiscrepancyView): AlarmData {
  const { code, text, raisedAt, device, loadUnit, order, resolutions } = view;
  const { alarm = 'warning', location, hostCode = location } = view;
  const ways = resolutions.map((each) => each.text).join(' / ');
  return {
    alarm: alarmOf(view),
    code,
    priority: priorities[alarm],
    text: text.slice(0, 200),
    todo: ways === '' ? undefined : ways.slice(0, 200),
    count: 1,
    state: 'active',
    raisedAt,
    device,
    location: hostCode,
    loadUnit,
    order,
  };
}
