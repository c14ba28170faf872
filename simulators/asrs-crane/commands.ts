import type { LhdNumber } from '../../src/domain/crane-command.ts';
import { endMission, isEventBufferHigh } from './events.ts';
import type { Command } from './frames.ts';
import { stop } from './interrupt.ts';
import {
  type Crane,
  type CranePlc,
  lhdNumbers,
  lhdPlace,
  loadOf,
  locationOfPlace,
  type MissionCommand,
  noPlace,
  type WirePlace,
} from './model.ts';

/** Answers a command that was not answered yet: refuses it, or stores it and accepts. */
export function judgeCommand(crane: Crane, command: Command, simMs: number): void {
  const { plc } = crane.state;
  const { forced } = crane.state;
  const reject = forced.answer ?? rejectOf(crane, command);
  forced.answer = undefined;
  if (reject === undefined) accept(crane, command, simMs);
  plc.answer = reject ?? 'accepted';
  plc.seqAnswered = command.seq;
  // Last of all: only now is the memory whole again.
  if (reject === undefined && command.command === 'resync') plc.retentiveOk = true;
}

/** @returns the name of a reject; undefined: accepted */
function rejectOf(crane: Crane, command: Command): string | undefined {
  const { plc } = crane.state;
  switch (command.command) {
    case 'cancel':
      return missionProblem(plc, command.missionId);
    case 'changeDestination':
      return missionProblem(plc, command.missionId) ?? destinationProblem(crane, command);
    case 'resetFault':
      return undefined;
    case 'resync':
      if (plc.retentiveOk) return 'alreadySynchronized';
      return command.missionId === plc.eventHead ? undefined : 'handledSince';
    default:
      return missionRefused(crane, command);
  }
}

/** Whether a mission can be changed: it is in hand and its deposit has not begun. */
function missionProblem({ mission, phase, lastMissionId }: CranePlc, missionId: number) {
  if (mission?.missionId === missionId) {
    return phase === 'depositing' || phase === 'retracting' ? 'tooLate' : undefined;
  }
  return missionId === lastMissionId && missionId !== 0 ? 'missionEnded' : 'missionUnknown';
}

function destinationProblem(crane: Crane, command: Command): string | undefined {
  const carries = ['transfer', 'deposit'].includes(crane.state.plc.mission?.command ?? '');
  return carries && isReachable(crane, toOf(command), 'out') ? undefined : 'outOfRange';
}

const missionCommands: readonly string[] = [
  'transfer',
  'pick',
  'deposit',
  'move',
  'check',
  'home',
] satisfies MissionCommand[];

/** In the order of the codes, except that what can never be right is said before what may change. */
function missionRefused(crane: Crane, command: Command): string | undefined {
  const { plc } = crane.state;
  if (plc.mode !== 'autoRemote') return 'notAutoRemote';
  if (!plc.enabled) return 'notEnabled';
  if (plc.mission !== undefined) return 'busy';
  if (!missionCommands.includes(command.command)) return 'unknownCommand';
  if (command.missionId !== command.seq) return 'missionIdInvalid';
  if (lhdOf(crane, command) === undefined) return 'noSuchLhd';
  if (!isInRange(crane, command)) return 'outOfRange';
  return (
    loadProblem(crane, command) ??
    (plc.faultLatched ? 'faultLatched' : undefined) ??
    (plc.homed || command.command === 'home' ? undefined : 'notHomed') ??
    stationProblem(crane, command) ??
    (isEventBufferHigh(plc) ? 'eventBufferFull' : undefined)
  );
}

const picks = (command: string): boolean => command === 'transfer' || command === 'pick';
const deposits = (command: string): boolean => command === 'transfer' || command === 'deposit';

function isInRange(crane: Crane, command: Command): boolean {
  const { command: name } = command;
  if ((picks(name) || name === 'check') && !isReachable(crane, fromOf(command), 'in')) return false;
  if (deposits(name)) return isReachable(crane, toOf(command), 'out');
  return name !== 'move' || isReachable(crane, toOf(command), undefined);
}

/** @param direction  what a station must be good for; undefined: the crane only goes there */
function isReachable(
  { setup }: Crane,
  place: WirePlace,
  direction: 'in' | 'out' | undefined,
): boolean {
  if (place.kind === 'lhd' || locationOfPlace(setup, place) === undefined) return false;
  if (place.kind !== 'station' || direction === undefined) return true;
  return setup.aisle.stations.some(
    (station) => station.number === place.bay && station.direction === direction,
  );
}

const lhdOf = ({ setup }: Crane, { lhd }: Command): LhdNumber | undefined =>
  lhdNumbers(setup).find((number) => number === lhd);

function loadProblem(crane: Crane, command: Command): string | undefined {
  const { floor, setup } = crane;
  const { command: name, loadType, heightClass, massKg } = command;
  const lhd = lhdOf(crane, command);
  const isLoaded = lhd !== undefined && floor.load(lhd) !== undefined;
  if (name === 'deposit') {
    if (!isLoaded) return 'lhdEmpty';
  } else if (isLoaded && name !== 'home') {
    return 'lhdOccupied';
  }
  const isKnownType = loadType === 0 || setup.loadTypes.has(loadType);
  const { heightClasses } = setup;
  const isKnownClass =
    heightClass === 0 || heightClasses.size === 0 || heightClasses.has(heightClass);
  const isAllowed = isKnownType && isKnownClass && massKg <= setup.aisle.massMaxKg;
  return isAllowed ? undefined : 'loadNotAllowed';
}

/** A station gives only what stands at its crane end. A full one takes later: the crane waits before it. */
function stationProblem({ floor, setup }: Crane, command: Command): string | undefined {
  if (!picks(command.command) || command.fromKind !== 'station') return undefined;
  const location = locationOfPlace(setup, fromOf(command));
  const isThere = location !== undefined && floor.find(location) !== undefined;
  return isThere ? undefined : 'stationNotReady';
}

function accept(crane: Crane, command: Command, simMs: number): void {
  const { plc } = crane.state;
  switch (command.command) {
    case 'cancel':
      cancel(crane, simMs);
      break;
    case 'changeDestination':
      redirect(crane, toOf(command), simMs);
      break;
    case 'resetFault':
      Object.assign(plc, { faultLatched: false, faultCode: 0 });
      break;
    case 'resync':
      resync(plc, command.eventAck);
      break;
    default:
      store(crane, command);
  }
}

function store(crane: Crane, command: Command): void {
  const { plc } = crane.state;
  const name = command.command as MissionCommand;
  plc.probes = 0;
  plc.warning = false;
  plc.mission = {
    missionId: command.missionId,
    command: name,
    lhd: lhdOf(crane, command) ?? 1,
    from: fromOf(command),
    to: toOf(command),
    loadHandle: command.loadHandle,
    loadCode: command.loadCode,
    verifyCode: command.verifyCode,
    probeDestination: command.probeDestination,
    sourceMayBeEmpty: command.sourceMayBeEmpty,
    isRead: false,
    isStarted: false,
    isPicked: false,
    isCancelled: false,
  };
  plc.phase = firstPhase[name];
}

const firstPhase = {
  transfer: 'toSource',
  pick: 'toSource',
  check: 'toSource',
  deposit: 'carrying',
  move: 'moving',
  home: 'moving',
} as const satisfies Record<MissionCommand, CranePlc['phase']>;

/** At once; only a stroke is finished first. The load stays where it is. */
function cancel(crane: Crane, simMs: number): void {
  const { stroke, plc } = crane.state;
  if (plc.mission === undefined) return;
  if (stroke !== undefined) {
    plc.mission.isCancelled = true;
    return;
  }
  stop(crane, simMs);
  const { command, lhd, from } = plc.mission;
  const isLoaded = loadOf(crane, plc.mission) !== undefined;
  endMission(crane, 'cancelled', picks(command) && !isLoaded ? from : lhdPlace(lhd));
}

function redirect(crane: Crane, to: WirePlace, simMs: number): void {
  const { plc } = crane.state;
  if (plc.mission === undefined) return;
  plc.mission.to = to;
  if (plc.phase !== 'carrying') return;
  stop(crane, simMs);
  crane.state.waitingSinceMs = undefined;
}

/** Numbers go on where Craneway says, after a person has looked at every place. */
function resync(plc: CranePlc, eventAck: number): void {
  Object.assign(plc, {
    mission: undefined,
    phase: 'none',
    lastMissionId: 0,
    lastResult: 'none',
    lastSensors: 0,
    lastPlace: noPlace,
    events: [],
    eventHead: eventAck,
    eventAcked: eventAck,
    eventsLost: 0,
    handledHead: 0,
  } satisfies Partial<CranePlc>);
}

const fromOf = (command: Command): WirePlace => ({
  kind: command.fromKind as WirePlace['kind'],
  bay: command.fromBay,
  level: command.fromLevel,
  depth: command.fromDepth,
});

const toOf = (command: Command): WirePlace => ({
  kind: command.toKind as WirePlace['kind'],
  bay: command.toBay,
  level: command.toLevel,
  depth: command.toDepth,
});
