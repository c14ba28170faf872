import { endMission } from '../../simulators/asrs-crane/events.ts';
import { interrupt } from '../../simulators/asrs-crane/interrupt.ts';
import { noPlace } from '../../simulators/asrs-crane/model.ts';
import { forceAnswer } from '../../simulators/asrs-crane/power.ts';
import { peopleAnswer } from './floor-people.ts';
import { type home, lhd, putawayPhases, retrievalPhases, thaw } from './floor-phases.ts';
import { conveyor1, crane1 } from './floor-plant.ts';
import { type FloorRig, toteOf } from './floor-rig.ts';

export type Way = 'putaway' | 'retrieval';
export const phasesOf = { putaway: putawayPhases, retrieval: retrievalPhases } as const;

/** One thing that goes wrong, in whatever phase it meets. */
export interface Exception {
  /** Where it cannot happen, and why. */
  readonly cannot?: (way: Way, phase: string) => string | undefined;
  /** Makes it happen while everything is held in its phase. */
  happen(rig: FloorRig): void | Promise<void>;
  /** It is over: the cable is in again, the switch turned back. Everything goes on already. */
  end?(rig: FloorRig): void | Promise<void>;
}

/** The mission in hand ends now, with its load where it is. */
export const endsNow = (rig: FloorRig, result: string): void => {
  rig.byHand((_, simMs) => interrupt(rig.crane, result, simMs));
};

/** The same, and the crane does not say where its load is. */
const endsUnknown = (rig: FloorRig, result: string): void => {
  rig.byHand(() => {
    rig.crane.state.move = undefined;
    rig.crane.state.stroke = undefined;
    endMission(rig.crane, result, noPlace);
  });
};

const underway = [
  'accepted',
  'toSource',
  'picking',
  'picked',
  'carrying',
  'depositing',
  'deposited',
];
/** Only in these phases, for this reason. */
export const onlyIn =
  (phases: readonly string[], why: string) =>
  (_: Way, phase: string): string | undefined =>
    phases.includes(phase) ? undefined : why;
const noMission = 'the crane has no mission that could end';

/** Which part of a mission each abort belongs to. */
const abortPhases: Readonly<Record<string, readonly [readonly string[], string]>> = {
  binFull: [['carrying', 'depositing'], 'a bin is found full when the load is before it'],
  binEmpty: [['picking'], 'a bin is found empty when the forks are in it'],
  frontBlocked: [['toSource', 'carrying'], 'depth 1 is looked at before depth 2 is reached into'],
  codeMismatch: [['picked', 'carrying'], 'it reads what lies on its forks'],
  noRead: [['picked', 'carrying'], 'it reads what lies on its forks'],
  contour: [['picked', 'carrying'], 'it measures what lies on its forks'],
  overweight: [['picked', 'carrying'], 'it weighs what lies on its forks'],
  stationTimeout: [['toSource', 'carrying'], 'it waits before a station, with its forks at rest'],
  loadLost: [['carrying', 'depositing'], 'only what lies on the forks can be lost'],
  loadShifted: [['picked', 'carrying', 'depositing'], 'only what lies on the forks can shift'],
};
/** A station is left behind, or waited for, on one of the two ways only. */
function otherSide(name: string, way: Way, phase: string): string | undefined {
  const isAtStation = (way === 'putaway') === (phase === 'toSource' || phase === 'picking');
  if (name === 'stationTimeout' && !isAtStation) return 'it is on its way to a cell';
  if (name === 'frontBlocked' && isAtStation) return 'a station has no depth';
  return undefined;
}

/** Every abort of the interface file. @param unknown  those after which it does not say where its load is */
export const abortException = (name: string, unknown: boolean): Exception => ({
  cannot(way, phase) {
    if (!underway.includes(phase)) return noMission;
    const [phases, why] = abortPhases[name] ?? [underway, ''];
    return phases.includes(phase) ? otherSide(name, way, phase) : why;
  },
  async happen(rig) {
    const isFront = name === 'frontBlocked';
    if (isFront) blockFront(rig);
    if (unknown) endsUnknown(rig, name);
    else endsNow(rig, name);
  },
});

/** What stands before the place that the crane wants, and no book knows it. */
function blockFront(rig: FloorRig): void {
  const mission = rig.crane.state.plc.mission;
  const isLoaded = rig.model.world.at(lhd) !== undefined;
  const place = isLoaded ? mission?.to : mission?.from;
  if (place?.kind !== 'rackLeft' && place?.kind !== 'rackRight') return;
  const side = place.kind === 'rackLeft' ? 'L' : 'R';
  const number = (n: number, digits: number) => String(n).padStart(digits, '0');
  const front = `A01-${side}-${number(place.bay, 3)}-${number(place.level, 2)}-1` as typeof home;
  const tote = { ...toteOf('X-1'), lpn: undefined };
  rig.byHand((people, simMs) => people.bring(tote, front, simMs));
}

const onlyAsked = 'nothing is asked of the crane in this phase';
/** Rejects of what starts a mission. */
export const rejectException = (name: string): Exception => ({
  cannot: onlyIn(['committed'], onlyAsked),
  happen: (rig) => forceAnswer(rig.crane, name),
});
/** Rejects of a cancel: the host cancels while the mission is under way. */
export const cancelReject = (name: string): Exception => ({
  cannot(way, phase) {
    if (way === 'putaway') return 'nobody cancels a putaway';
    return onlyIn(underway, onlyAsked)(way, phase);
  },
  async happen(rig) {
    forceAnswer(rig.crane, name);
    await rig.command('order.cancel', { order: 'SO-1' });
  },
});
/** Rejects of a resync: the memory of the crane is lost, and a person has looked. */
export const resyncReject = (name: string): Exception => ({
  cannot: onlyIn(['committed', 'toSource'], 'craneMemoryLost covers the other phases'),
  async happen(rig) {
    rig.fault(crane1, 'memoryLost');
    thaw(rig);
    await rig.rest();
    rig.plc(crane1).isDeaf = true;
    await peopleAnswer(rig, 'removed', 1);
    // Somebody has synchronized it at its panel, or has handled loads, before it looks at the command.
    if (name === 'alreadySynchronized') rig.crane.state.plc.retentiveOk = true;
    else forceAnswer(rig.crane, name);
  },
});

/** Longer than the PLCs wait for a sign of life. */
const longMs = 4_000;
/** A while in which only the machines stand still where they were held. */
async function forLong(rig: FloorRig): Promise<void> {
  rig.isScannerHeld = false;
  if (rig.printer.isHeld) rig.printer.release();
  await rig.run(longMs);
  thaw(rig);
  await rig.run(longMs);
}
/** Until frames of ours arrive again. */
async function heardAgain(rig: FloorRig, device: typeof crane1): Promise<void> {
  const sinceMs = rig.model.now.realMs;
  const { plc } = rig.crane.state;
  const link = device === crane1 ? plc : rig.conveyor.state.link;
  await rig.until('frames arrive', () => link.frameAtMs > sinceMs);
}
const cable = (device: typeof crane1): Exception => ({
  async happen(rig) {
    rig.cut(device, true);
    await forLong(rig);
  },
  async end(rig) {
    rig.cut(device, false);
    await heardAgain(rig, device);
  },
});
const level = (device: typeof crane1, name: string): Exception => ({
  async happen(rig) {
    rig.fault(device, name);
    await forLong(rig);
  },
  async end(rig) {
    rig.fault(device, name, false);
    await heardAgain(rig, device);
  },
});
const moment = (device: typeof crane1, name: string): Exception => ({
  happen: (rig) => rig.fault(device, name),
});
const ourMode = (device: typeof crane1, mode: 'manual' | 'observe' | 'off'): Exception => ({
  async happen(rig) {
    await rig.operator({ act: 'mode', device, mode });
    await forLong(rig);
  },
  async end(rig) {
    await rig.operator({ act: 'mode', device, mode: 'auto' });
    await heardAgain(rig, device);
  },
});

/** Losses of links, of life, of memory and of the process; modes of machines and ours. */
export const linkExceptions = {
  craneLinkLost: cable(crane1),
  craneLifeLost: level(crane1, 'frozenLife'),
  craneRestart: moment(crane1, 'plcRestart'),
  craneMemoryLost: moment(crane1, 'memoryLost'),
  craneManual: level(crane1, 'modeManual'),
  emergencyStop: level(crane1, 'emergencyStop'),
  craneEventsLost: moment(crane1, 'eventsLost'),
  craneSetManual: ourMode(crane1, 'manual'),
  craneSetObserve: ourMode(crane1, 'observe'),
  craneSetOff: ourMode(crane1, 'off'),
  conveyorLinkLost: cable(conveyor1),
  conveyorLifeLost: level(conveyor1, 'frozenLife'),
  conveyorRestart: moment(conveyor1, 'plcRestart'),
  conveyorMemoryLost: moment(conveyor1, 'memoryLost'),
  conveyorManual: level(conveyor1, 'modeManual'),
  conveyorSetManual: ourMode(conveyor1, 'manual'),
  conveyorSetObserve: ourMode(conveyor1, 'observe'),
  conveyorSetOff: ourMode(conveyor1, 'off'),
  processRestart: { happen: (rig: FloorRig) => rig.restart() },
} as const satisfies Readonly<Record<string, Exception>>;
