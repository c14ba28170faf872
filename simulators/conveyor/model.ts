import type { ConfirmationSlot, ScanSlot } from '../../devices/conveyor/fields.ts';
import type { DeviceId, LocationId } from '../../src/domain/ids.ts';
import type { DecisionPoint } from '../../src/domain/site.ts';
import { type LinkRules, newLink, type PlcLink } from '../lib/plc-link.ts';
import type { Chance } from '../world/chance.ts';
import type { Lane } from '../world/layout.ts';
import type { Spot, World } from '../world/world.ts';
import type { ZoneLevels } from '../zone-conveyor/line.ts';

export type Outcome =
  | 'asAnswered'
  | 'exitFull'
  | 'late'
  | 'exitDown'
  | 'restarted'
  | 'jammed'
  | 'vanished'
  | 'notEnabled';

/** The load that stands at a point, from its arrival until it has left by an exit. */
export interface TrackedLoad {
  readonly toteId: string;
  /** Simulated time at which the PLC tells of it. */
  readonly scanDueMs: number;
  /** 0 until then. */
  scanSeq: number;
  /** Real time of the scan; the limit of the answer runs from here. */
  scannedAtMs: number;
  /** As answered, 0 = the default exit; undefined: not answered. */
  exit: number | undefined;
  handle: number;
  isConflicted: boolean;
  /** Why it leaves by the default exit without an answer. */
  defaulted: 'late' | 'notEnabled' | undefined;
  /** Could leave, but its exit takes nothing now. */
  isBlocked: boolean;
  /** The lane that it waits to enter, and since when, simulated: where conveyors meet, whoever came first goes first. */
  waits?: { readonly lane: LocationId; readonly sinceMs: number } | undefined;
}

/** The memory of a PLC for one point. Plain data; the fields above the blank line are retentive. */
export interface PointMemory {
  readonly number: number;
  scanHead: number;
  confirmHead: number;
  confirmAcked: number;
  arrivedCount: number;
  departedCount: number;
  scans: ScanSlot[];
  confirmations: ConfirmationSlot[];

  lateCount: number;
  conflictCount: number;
  ignoredCount: number;
  ignoredReason: string;
  frameEcho: number;
  /** False after a start and after a new claim: then any frame is new. */
  isFrameKnown: boolean;
  incompleteSinceMs: number | undefined;
  exitsClosed: number;
  load: TrackedLoad | undefined;
  guard: number;
  /** The answers block as it stands in the registers. */
  answers: number[];
  /** Whom the photo-eye counted last: a tote that is scanned again arrives once. */
  countedTote: string | undefined;
  jam: 'no' | 'armed' | 'stuck';
  /** Exits that a fault keeps full or down; bit n is exit n + 1. */
  fullByFault: number;
  downByFault: number;
  /** What is wrong with the next totes that come here. */
  armed: ToteFault[];
}

export type ToteFault = 'noRead' | 'wrongCode' | 'unknownCode' | 'overweight' | 'tooHigh';

/** A tote under way into its next spot. Until it arrives it stands in the old one. */
export interface Transit {
  readonly toteId: string;
  readonly from: Spot;
  readonly to: Spot;
  readonly arrivesAtMs: number;
  /** Over the divert of this point, by this exit. */
  readonly divert:
    | { readonly point: number; readonly exit: number; readonly outcome: Outcome }
    | undefined;
}

export interface ConveyorState {
  link: PlcLink & { counterEra: number; isSelfTest: boolean; guard: number };
  /** The link block as it stands in the registers. */
  linkFrame: number[];
  points: PointMemory[];
  transits: Transit[];
  /** Scanners that will look at what stands at a point, and labels on their way to it. */
  reads: { readonly point: number; readonly dueMs: number }[];
  labels: { readonly point: number; readonly code: string; readonly dueMs: number }[];
  labelsWasted: number;
  chance: Chance;
  /** Only of a module with zones: what each was told. */
  zones?: ZoneLevels[];
}

export interface ConveyorSetup {
  readonly device: DeviceId;
  /** Of the whole site; it runs its own. */
  readonly lanes: ReadonlyMap<LocationId, Lane>;
  /** By number. */
  readonly points: ReadonlyMap<number, DecisionPoint>;
  readonly rules: LinkRules;
  /** Time for one zone, simulated. */
  readonly zoneMs: number;
  /** By number of the point; absent or 0: a load waits for its answer, however long. */
  readonly answerLimitMs: ReadonlyMap<number, number>;
  /** What leaves by its exits is gone: the conveyor runs alone. */
  readonly discardsAtExits: boolean;
}

export interface Conveyor {
  readonly setup: ConveyorSetup;
  readonly state: ConveyorState;
  readonly world: World;
  /** All of the site, this one too: they hand loads over to each other, and meet in one lane. */
  readonly conveyors: ReadonlyMap<DeviceId, Conveyor>;
}

/** What a scanner at a point reads; undefined: nothing. */
export interface ScannerRead {
  readonly scanner: DeviceId;
  readonly code: string | undefined;
}

/** A conveyor with empty lanes whose program was just loaded. */
export function newConveyor(setup: ConveyorSetup, bootId: number, seed: number): ConveyorState {
  return {
    link: {
      ...newLink(bootId),
      retentiveOk: true,
      counterEra: bootId,
      isSelfTest: false,
      guard: 0,
    },
    linkFrame: [],
    points: [...setup.points.keys()].map(newPoint),
    transits: [],
    reads: [],
    labels: [],
    labelsWasted: 0,
    chance: { state: seed },
  };
}

const newPoint = (number: number): PointMemory => ({
  number,
  ...emptyCounters(),
  ...forgotten(),
  countedTote: undefined,
  guard: 0,
  answers: [],
  jam: 'no',
  fullByFault: 0,
  downByFault: 0,
  armed: [],
});

/** Retentive memory of a point before its first load. */
export const emptyCounters = () => ({
  scanHead: 0,
  confirmHead: 0,
  confirmAcked: 0,
  arrivedCount: 0,
  departedCount: 0,
  scans: [],
  confirmations: [],
});

/** What a point does not keep over a start. */
export const forgotten = () => ({
  lateCount: 0,
  conflictCount: 0,
  ignoredCount: 0,
  ignoredReason: 'none',
  frameEcho: 0,
  isFrameKnown: false,
  incompleteSinceMs: undefined,
  exitsClosed: 0,
  load: undefined,
});

export const exitBit = (exit: number): number => 1 << (exit - 1);

export const defaultExitOf = ({ exits }: DecisionPoint): number =>
  (exits.find(({ isDefault }) => isDefault) ?? exits[0])?.exit ?? 0;
