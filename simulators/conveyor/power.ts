import { type Mode, type Moment, restartLink } from '../lib/plc-link.ts';
import { type Conveyor, emptyCounters, forgotten, type PointMemory } from './model.ts';
import { confirm } from './point.ts';

/**
 * The PLC stops and starts: belts stand, tracking is void. What stands at a point is confirmed as
 * lost to the tracking and then scanned anew.
 */
export function restartConveyor({ state }: Conveyor, memory: 'whole' | 'lost', now: Moment): void {
  const { link } = state;
  restartLink(link, memory, now);
  link.isSelfTest = false;
  if (memory === 'lost') link.counterEra = link.bootId;
  state.transits = [];
  for (const point of state.points) {
    const hadLoad = (point.load?.scanSeq ?? 0) !== 0;
    Object.assign(point, forgotten());
    if (memory === 'lost') Object.assign(point, emptyCounters(), { countedTote: undefined });
    if (hadLoad) confirm(point, 0, 'restarted', 0);
  }
}

/** A person turns the mode switch: answers do not count while it is not autoRemote. */
export function changeMode({ state: { link } }: Conveyor, mode: Mode): void {
  link.mode = mode;
  if (mode !== 'autoRemote') link.enabled = false;
  link.isSelfTest = false;
}

/** The next load sticks in the divert; off: a person has freed it, and it is scanned anew. */
export function jam(memory: PointMemory, isOn: boolean): void {
  if (!isOn) memory.jam = 'no';
  else if (memory.jam === 'no') memory.jam = 'armed';
}
