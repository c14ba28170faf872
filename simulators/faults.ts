import { ValueError } from '../src/domain/errors.ts';
import { latchFault } from './asrs-crane/interrupt.ts';
import type { Crane } from './asrs-crane/model.ts';
import { arm, changeMode, restart } from './asrs-crane/power.ts';
import { type Conveyor, exitBit, type PointMemory, type ToteFault } from './conveyor/model.ts';
import { jam, restartConveyor } from './conveyor/power.ts';
import type { Moment } from './lib/plc-link.ts';

/** Where at a conveyor. */
export interface FaultPlace {
  /** Number of the decision point; without it the first induct point, else the first one. */
  readonly point?: number;
  /** `exitFull`, `exitDown`: which exit; without it the first. */
  readonly exit?: number;
}

/** Everything that can be made to go wrong, and at what. `once`: switching it off does nothing. */
export const faultKinds = {
  binFull: { at: 'crane', once: false, doc: 'The next deposit into a cell meets a foreign tote.' },
  binEmpty: { at: 'crane', once: false, doc: 'At the next pick the tote has vanished.' },
  codeUnread: {
    at: 'crane',
    once: false,
    doc: "The crane's reader reads nothing at its next read.",
  },
  driveFault: {
    at: 'crane',
    once: false,
    doc: 'A drive fails: in a mission at once, else with the next one. Latched until resetFault.',
  },
  modeManual: {
    at: 'crane',
    once: false,
    doc: 'A person turns the mode switch; off turns it back.',
  },
  linkCut: {
    at: 'both',
    once: false,
    doc: 'The cable is out; machines go on until life is missed.',
  },
  plcRestart: { at: 'both', once: true, doc: 'The PLC restarts with its memory whole.' },
  memoryLost: { at: 'both', once: true, doc: 'The PLC restarts with an empty memory.' },
  jam: { at: 'conveyor', once: false, doc: 'The next load sticks in the divert; off frees it.' },
  exitFull: { at: 'conveyor', once: false, doc: 'An exit takes nothing.' },
  exitDown: { at: 'conveyor', once: false, doc: 'An exit is out of order.' },
  noRead: { at: 'conveyor', once: false, doc: 'The next tote at the point has no readable code.' },
  unknownCode: { at: 'conveyor', once: false, doc: 'The next tote carries a code nobody knows.' },
  wrongCode: {
    at: 'conveyor',
    once: false,
    doc: 'The next label shows another code than was printed.',
  },
  overweight: { at: 'conveyor', once: false, doc: 'The next tote weighs 100 kg.' },
  tooHigh: { at: 'conveyor', once: false, doc: 'The next tote is 1000 mm high.' },
} as const satisfies Record<string, FaultKind>;

interface FaultKind {
  readonly at: 'crane' | 'conveyor' | 'both';
  readonly once: boolean;
  readonly doc: string;
}

export type FaultName = keyof typeof faultKinds;

/** @throws {ValueError} when a crane cannot fail like this */
export function failCrane(crane: Crane, name: FaultName, isOn: boolean, now: Moment): void {
  refuseFor('conveyor', name, crane.setup.device);
  if (faultKinds[name].once && !isOn) return;
  switch (name) {
    case 'binFull':
    case 'binEmpty':
      arm(crane, name, isOn);
      break;
    case 'codeUnread':
      arm(crane, 'noRead', isOn);
      break;
    case 'driveFault':
      if (isOn && crane.state.plc.mission !== undefined) latchFault(crane, now.simMs);
      else arm(crane, name, isOn);
      break;
    case 'modeManual':
      changeMode(crane, isOn ? 'manual' : 'autoRemote', now.simMs);
      break;
    case 'plcRestart':
      restart(crane, 'whole', now);
      break;
    case 'memoryLost':
      restart(crane, 'lost', now);
      break;
    default: // A cut link is the business of the server.
  }
}

/** @throws {ValueError} when a conveyor cannot fail like this, or has no such point */
export function failConveyor(
  conveyor: Conveyor,
  name: FaultName,
  isOn: boolean,
  now: Moment,
  place: FaultPlace,
): void {
  refuseFor('crane', name, conveyor.setup.device);
  if (faultKinds[name].once && !isOn) return;
  const memory = pointOf(conveyor, place.point);
  switch (name) {
    case 'plcRestart':
      restartConveyor(conveyor, 'whole', now);
      break;
    case 'memoryLost':
      restartConveyor(conveyor, 'lost', now);
      break;
    case 'jam':
      jam(memory, isOn);
      break;
    case 'exitFull':
      memory.fullByFault = withBit(memory.fullByFault, place.exit ?? 1, isOn);
      break;
    case 'exitDown':
      memory.downByFault = withBit(memory.downByFault, place.exit ?? 1, isOn);
      break;
    case 'linkCut': // The business of the server.
      break;
    default:
      armTote(memory, name as ToteFault, isOn);
  }
}

function refuseFor(kind: 'crane' | 'conveyor', name: FaultName, device: string): void {
  if (faultKinds[name]?.at !== kind && name in faultKinds) return;
  throw new ValueError('This device cannot fail like this', { context: { device, fault: name } });
}

function pointOf({ setup, state }: Conveyor, number: number | undefined): PointMemory {
  const points = [...setup.points.values()];
  const wanted = number ?? (points.find(({ role }) => role === 'induct') ?? points[0])?.point;
  const memory = state.points.find((point) => point.number === wanted);
  if (memory !== undefined) return memory;
  const context = { device: setup.device, point: wanted ?? 0 };
  throw new ValueError('The conveyor has no such point', { context });
}

const withBit = (bits: number, exit: number, isOn: boolean): number =>
  isOn ? bits | exitBit(exit) : bits & ~exitBit(exit);

function armTote(memory: PointMemory, fault: ToteFault, isOn: boolean): void {
  memory.armed = memory.armed.filter((armed) => armed !== fault);
  if (isOn) memory.armed.push(fault);
}
