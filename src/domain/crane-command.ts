import type { DeviceId, LoadUnitId, LocationId, WorkflowId } from './ids.ts';

/** Number of a load handling device on its crane. */
export type LhdNumber = 1 | 2;

/** What a PLC is told of the load of a mission. Absent: not known. */
export interface MissionLoad {
  /** Number of the load unit that the PLC carries along, 1 to 0xFFFFFFFE. */
  readonly loadHandle: number;
  /** Row of the site's load unit types, 1 to 65 535. */
  readonly loadType?: number | undefined;
  /** Row of the site's height classes, 1 to 65 535. */
  readonly heightClass?: number | undefined;
  /** Gross, kilograms, above 0. */
  readonly massKg?: number | undefined;
  /** What the crane's own reader should read on it, 1 to 20 printable ASCII characters. */
  readonly code?: string | undefined;
}

/** What else the crane is to look at. Absent: no. */
export interface MissionChecks {
  /** Read the load once it is on the crane and compare with `code`, which must be there. */
  readonly verifyCode?: boolean | undefined;
  /** Probe the destination before the deposit. */
  readonly probeDestination?: boolean | undefined;
  /** An empty source would be no surprise: no warning at the machine. */
  readonly sourceMayBeEmpty?: boolean | undefined;
}

/** One mission with a load: it starts, and its end is told. */
export type LoadMission = { readonly lhd: LhdNumber; readonly to: LocationId } & MissionLoad &
  MissionChecks &
  (
    | { readonly command: 'transfer'; readonly from: LocationId }
    /** Onto the load handling device `to` and no further: a crane with two fetches another one first. */
    | { readonly command: 'pick'; readonly from: LocationId }
    /** From the load handling device: how a load unit that found its bin full goes on. */
    | { readonly command: 'deposit' }
  );

/** A mission without a load. */
export type EmptyMission =
  /** References the axes. */
  | { readonly command: 'home' }
  /** Looks with its sensor whether a cell holds a load; moves none. */
  | { readonly command: 'check'; readonly from: LocationId };

/** A command of its own that starts nothing. */
export type SideCommand =
  | { readonly command: 'cancel'; readonly missionId: number }
  /** For a mission whose deposit has not begun. */
  | {
      readonly command: 'changeDestination';
      readonly missionId: number;
      readonly to: LocationId;
    }
  | { readonly command: 'resetFault' }
  /** After a loss of the PLC's memory and a person's check; numbers go on at `eventAck`. */
  | { readonly command: 'resync'; readonly eventHead: number };

/** What a crane can be told, apart from its number. */
export type MissionCommand = LoadMission | EmptyMission | SideCommand;

/** Whether it starts a mission, of which a crane has one at a time. */
export const startsMission = (command: MissionCommand): command is LoadMission | EmptyMission =>
  carriesLoad(command) || command.command === 'home' || command.command === 'check';

export const carriesLoad = (command: MissionCommand): command is LoadMission =>
  command.command === 'transfer' || command.command === 'pick' || command.command === 'deposit';

/** A workflow that waits for a crane: to carry a load unit, or, without one, to look into a cell. */
export interface CraneRequest {
  readonly workflow: WorkflowId;
  readonly crane: DeviceId;
  readonly loadUnit: LoadUnitId | undefined;
  readonly from: LocationId;
  readonly to: LocationId | undefined;
  /** Another cell is as good as `to`: nothing was tried yet, and whoever asks takes what it gets. */
  readonly mayChoose?: boolean | undefined;
  /** A destination of which its workflow has heard that it cannot take it any more. */
  readonly lostTo?: LocationId | undefined;
  readonly priority: number;
  readonly dueAtMs?: number | undefined;
  readonly sinceMs: number;
  readonly no: number;
}
