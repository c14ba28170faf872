import type { CraneEventSlot, CraneStatusBlock } from '../../devices/asrs-crane/fields.ts';
import type { LhdNumber } from '../../src/domain/crane-command.ts';
import type { Position } from '../../src/domain/crane-kinematics.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { cellCode, lhdsOf } from '../../src/domain/topology.ts';
import { type LinkRules, newLink, type PlcLink } from '../lib/plc-link.ts';
import type { StartBitState } from '../start-bit-crane/model.ts';
import type { Tote } from '../world/world.ts';
import type { Move } from './motion.ts';

/** A place as the registers hold it. */
export interface WirePlace {
  readonly kind: CraneStatusBlock['lastKind'];
  readonly bay: number;
  readonly level: number;
  readonly depth: number;
}

export const noPlace: WirePlace = { kind: 'none', bay: 0, level: 0, depth: 0 };
export const lhdPlace = (lhd: LhdNumber): WirePlace => ({
  ...{ kind: 'lhd', bay: lhd, level: 0, depth: 0 },
});

export type MissionCommand = 'transfer' | 'pick' | 'deposit' | 'move' | 'check' | 'home';

/** The mission in hand, as the PLC stored it. */
export interface Mission {
  readonly missionId: number;
  readonly command: MissionCommand;
  readonly lhd: LhdNumber;
  readonly from: WirePlace;
  /** Another one after changeDestination. */
  to: WirePlace;
  readonly loadHandle: number;
  readonly loadCode: string;
  readonly verifyCode: boolean;
  readonly probeDestination: boolean;
  readonly sourceMayBeEmpty: boolean;
  /** A deposit that has read its load. */
  isRead: boolean;
  /** Its motion has begun. */
  isStarted: boolean;
  /** The event picked was told. */
  isPicked: boolean;
  /** Ends when the stroke that runs has ended. */
  isCancelled: boolean;
}

/** Forks out and back. The load changes hands in the middle. */
export interface Stroke {
  readonly kind: 'pick' | 'deposit' | 'probe';
  readonly startedAtMs: number;
  /** The middle is past. */
  isHalf: boolean;
}

export interface CranePlc extends PlcLink {
  seqAnswered: number;
  answer: string;
  mission: Mission | undefined;
  phase: CraneStatusBlock['phase'];
  lastMissionId: number;
  lastResult: string;
  lastSensors: number;
  lastPlace: WirePlace;
  /** Handles by LHD, the first one first; 0 = empty. */
  lhdLoads: number[];
  eventHead: number;
  eventAcked: number;
  eventsLost: number;
  /** Newest modeChanged, loadAdded or loadRemoved: enable counts only when it is acknowledged. */
  handledHead: number;
  events: CraneEventSlot[];

  isSelfTest: boolean;
  /** …Probed and …Occupied of the mission in hand. */
  probes: number;
  homed: boolean;
  faultLatched: boolean;
  faultCode: number;
  faultCount: number;
  barcode: string;
  /** Something at the machine wants to be seen; until the next mission. */
  warning: boolean;
  /** Snapshot number of the newest publication. */
  guard: number;
}

/** What can be made to go wrong. Armed ones wait for their occasion, once. */
export type ArmedFault =
  | 'binFull'
  | 'binEmpty'
  | 'noRead'
  | 'codeMismatch'
  | 'loadLost'
  | 'driveFault';

/** A code that the next command is answered with, and one that the next mission ends with. */
export interface Forced {
  answer: string | undefined;
  end: ForcedEnd | undefined;
}

export interface ForcedEnd {
  readonly result: string;
  /** `source`: before the pick. `lhd`: with the load on it. `unknown`: there too, and it does not say so. */
  readonly at: 'source' | 'lhd' | 'unknown';
}

/** One stacker crane with its PLC: all that a power cut or a kill must not change. Plain data. */
export interface CraneState {
  plc: CranePlc;
  /** The command block as it stands in the registers. */
  command: number[];
  /** Where it stands, or stood when the move began. */
  at: Position;
  move: Move | undefined;
  stroke: Stroke | undefined;
  /** Since when it waits for a station to take or give; simulated time. */
  waitingSinceMs: number | undefined;
  armed: ArmedFault[];
  /** A fault keeps every station from taking a load. */
  isStationBlocked?: boolean;
  /** What the crane is made to say, whatever the steel says; each once. */
  forced: Forced;
  /** Only behind an old PLC: what that knows instead of numbers. */
  startBit?: StartBitState;
}

/** What of the world one crane can reach. */
export interface CraneFloor {
  load(lhd: LhdNumber): Tote | undefined;
  /** What it would find with its forks; for a station, what stands at its crane end. */
  find(location: LocationId): Tote | undefined;
  /** A station that cannot take a load now; a cell never refuses. */
  isBlocked(location: LocationId): boolean;
  take(location: LocationId, lhd: LhdNumber, simMs: number): void;
  put(location: LocationId, lhd: LhdNumber, simMs: number): void;
  /** Something nobody knows of is put into the cell. */
  plantForeign(location: LocationId, simMs: number): void;
  /** What stands there is gone. */
  vanish(location: LocationId, simMs: number): void;
  count(missionId: number, what: 'starts' | 'picks' | 'deposits', simMs: number): void;
}

/** What is the same for as long as the crane is built. */
export interface CraneSetup {
  readonly device: DeviceId;
  readonly aisle: Aisle;
  /** Rows of the load type table that the PLC knows. */
  readonly loadTypes: ReadonlySet<number>;
  /** Classes that it knows; empty: it does not look at them. */
  readonly heightClasses: ReadonlySet<number>;
  readonly rules: LinkRules;
  /** How long it waits before a full station, simulated. */
  readonly stationWaitMs: number;
  /** Codes for the event word, by name. */
  readonly resultCodes: ReadonlyMap<string, number>;
  readonly modeCodes: ReadonlyMap<string, number>;
}

export interface Crane {
  readonly setup: CraneSetup;
  readonly state: CraneState;
  readonly floor: CraneFloor;
}

/**
 * A crane that stands at the P&D end of its aisle.
 *
 * @param memory  `commissioned`: as after the resync of its commissioning; `new`: as after loading the program
 */
export function newCrane(bootId: number, memory: 'new' | 'commissioned'): CraneState {
  const link = newLink(bootId);
  link.retentiveOk = memory === 'commissioned';
  return {
    plc: {
      ...link,
      ...emptyRetentive(),
      isSelfTest: false,
      probes: 0,
      homed: true,
      faultLatched: false,
      faultCode: 0,
      faultCount: 0,
      barcode: '',
      warning: false,
      guard: 0,
    },
    command: [],
    at: { xMm: 0, yMm: 0 },
    move: undefined,
    stroke: undefined,
    waitingSinceMs: undefined,
    armed: [],
    forced: { answer: undefined, end: undefined },
  };
}

/** Retentive memory of a crane before its first mission. */
export const emptyRetentive = () => ({
  seqAnswered: 0,
  answer: 'none',
  mission: undefined,
  phase: 'none' as const,
  lastMissionId: 0,
  lastResult: 'none',
  lastSensors: 0,
  lastPlace: noPlace,
  lhdLoads: [0, 0],
  eventHead: 0,
  eventAcked: 0,
  eventsLost: 0,
  handledHead: 0,
  events: [],
});

/** The code of a place in this aisle. @returns undefined where the crane has no such place */
export function locationOfPlace(
  { aisle }: CraneSetup,
  { kind, bay, level, depth }: WirePlace,
): LocationId | undefined {
  if (kind === 'lhd') return lhdsOf(aisle)[bay - 1];
  if (kind === 'station') return aisle.stations.find(({ number }) => number === bay)?.location;
  if (kind !== 'rackLeft' && kind !== 'rackRight') return undefined;
  const fits =
    isWithin(bay, aisle.bays) && isWithin(level, aisle.levels) && isWithin(depth, aisle.depths);
  const side = kind === 'rackLeft' ? 'L' : 'R';
  return fits ? cellCode(aisle.aisle, { side, bay, level, depth }) : undefined;
}

const isWithin = (n: number, max: number): boolean => n >= 1 && n <= max;

/** Where the crane stands to reach a place of its aisle. */
export function positionOfPlace({ aisle }: CraneSetup, place: WirePlace): Position {
  const { kind, bay, level } = place;
  if (kind === 'station') {
    const { xMm = 0, yMm = 0 } = aisle.stations.find(({ number }) => number === bay) ?? {};
    return { xMm, yMm };
  }
  return { xMm: (bay - 0.5) * aisle.bayWidthMm, yMm: (level - 1) * aisle.levelHeightMm };
}

/** The numbers of its load handling devices. */
export const lhdNumbers = ({ aisle }: CraneSetup): readonly LhdNumber[] =>
  lhdsOf(aisle).map((_, i) => (i === 0 ? 1 : 2));

/** The load of the mission in hand, by sensor. */
export const loadOf = ({ floor }: Crane, { lhd }: Pick<Mission, 'lhd'>): Tote | undefined =>
  floor.load(lhd);

/** What the PLC remembers to be on an LHD. */
export function setLoad(plc: CranePlc, lhd: LhdNumber, handle: number): void {
  plc.lhdLoads = plc.lhdLoads.with(lhd - 1, handle);
}
