import type { MissionCommand } from '../domain/crane-command.ts';
import type { DeviceId, LocationId } from '../domain/ids.ts';
import type { Device } from './device.ts';

/** A controller's claim on a PLC. A lower epoch, or the same with another nonce, is refused by it. */
export interface Claim {
  /** 1 to 4 294 967 295, +1 with every start of the controller, committed before it is sent. */
  readonly epoch: number;
  /** Random, drawn together with the epoch. */
  readonly nonce: number;
}

/** What a crane can be told. `seq` starts at 1, grows by one per crane and is never used twice. */
export type CraneCommand = { readonly seq: number } & MissionCommand;

/** Everything that the frames to a crane say from now on. All of it is committed before. */
export interface CraneOutput {
  /** Absent: nothing is written at all. */
  readonly claim: Claim | undefined;
  /** Missions may start and go on. */
  readonly enable: boolean;
  /** Newest event that is stored. */
  readonly eventAck: number;
  /** Highest seq ever issued; goes out while there is no command. */
  readonly seqHighest: number;
  /** The one unanswered command. The same seq again is the same command. */
  readonly command: CraneCommand | undefined;
}

/** One entry of the PLC's event ring. Numbers have no gaps; a missing one was overwritten. */
export interface CraneEvent {
  readonly eventSeq: number;
  readonly type: 'picked' | 'ended' | 'modeChanged' | 'loadAdded' | 'loadRemoved' | 'restarted';
  /** Mission concerned, 0 = none. */
  readonly missionId: number;
  /** `ended`: `done`, `cancelled` or the name of an abort; `modeChanged`: the mode; else empty. */
  readonly result: string;
  /** Where the load is now; undefined: the crane does not know, or there is none. */
  readonly place: LocationId | undefined;
  /** Whether the source held a load when it was probed; undefined: it was not. */
  readonly sourceOccupied: boolean | undefined;
  readonly faultCode: number;
  /** Nobody saw the load go there: it follows from what was asked for. Absent: a sensor saw it. */
  readonly isInferred?: boolean | undefined;
}

/** Why nobody can know what a crane has done, where its PLC keeps no numbers of it. */
export interface Unproven {
  /** A clause for a person: "nobody has read it for 12 s". */
  readonly why: string;
  /** What has to be done at the machine before the crane can be released; undefined: nothing. */
  readonly first: string | undefined;
}

/** One load handling device as it shows itself. */
export interface LhdReading {
  /** By its sensor. */
  readonly loaded: boolean;
  /** Handle of the load on it: 0 = none, 0xFFFFFFFF = a load without handle. */
  readonly handle: number;
}

/** One whole reading of the status block, all fields of one moment. */
export interface CraneSnapshot {
  readonly bootId: number;
  readonly claim: Claim;
  readonly seqAnswered: number;
  /** `none`, `accepted` or the name of a reject. */
  readonly answer: string;
  readonly mode: string;
  readonly state: string;
  readonly phase: string;
  /** Its numbers are those of all that it has done. */
  readonly retentiveOk: boolean;
  /** Only with `retentiveOk` false, and only of a PLC without numbers: its driver counts, and lost sight of it. */
  readonly unproven?: Unproven | undefined;
  readonly ready: boolean;
  readonly enabled: boolean;
  readonly safetyOk: boolean;
  readonly faultLatched: boolean;
  readonly faultCode: number;
  /** Proved to stand still: read with enabled 0 and standstill 1, for a frame with enable 0 that went out after the last call of `drive`. */
  readonly held: boolean;
  /** By number, 1 first: one or two. */
  readonly lhds: readonly LhdReading[];
  readonly activeMissionId: number;
  readonly lastMissionId: number;
  readonly lastResult: string;
  readonly lastPlace: LocationId | undefined;
  /** As `CraneEvent.sourceOccupied`. */
  readonly lastSourceOccupied: boolean | undefined;
  readonly eventHead: number;
  readonly eventAcked: number;
  readonly travelMm: number;
  readonly hoistMm: number;
  /** The ring, oldest first. */
  readonly events: readonly CraneEvent[];
}

/** What a crane reports. What one reading proves may be told again; the inbox drops it. */
export type CraneFact = { readonly device: DeviceId } /**
 * A reading that asks to be reconciled: the first one after connecting, after a new boot,
 * the first one that shows the claim that `drive` asked for, or one from which nobody can tell
 * what a crane without numbers has done. Until the core has answered
 * with `drive`, nothing else is reported.
 */ & (
  | {
      readonly type: 'crane.snapshot';
      readonly because: 'connected' | 'restarted' | 'claimed' | 'held' | 'unproven';
      readonly snapshot: CraneSnapshot;
    }
  | { readonly type: 'crane.event'; readonly event: CraneEvent }
  /** Events `from` to `to` were overwritten before they were read. */
  | { readonly type: 'crane.eventsLost'; readonly from: number; readonly to: number }
  /** The answer to the command `seq`: `accepted` or the name of a reject. */
  | { readonly type: 'crane.answered'; readonly seq: number; readonly answer: string }
  /** Anything that decides whether it can work has changed. */
  | { readonly type: 'crane.changed'; readonly snapshot: CraneSnapshot }
  /** Registers differ from the interface file: map version, word order, device number. Nothing is written. */
  | { readonly type: 'crane.misconfigured'; readonly reason: string }
  | { readonly type: 'crane.offline'; readonly reason: string }
);

export interface Crane extends Device {
  /** Replaces what the frames say, writes one at once and repeats it until the next call. */
  drive(output: CraneOutput): void;
}
