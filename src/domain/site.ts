import type { HostCodeSettings } from './cell-pattern.ts';
import type { CraneKinematics } from './crane-kinematics.ts';
import type { DeviceId, HostId, LocationId } from './ids.ts';
import type { LabelProof } from './label.ts';
import type { IndicatorSettings } from './mqtt-settings.ts';
import type { PutawayWeights } from './putaway-score.ts';
import type { ReactionChanges } from './reactions.ts';
import type { ScannerSettings } from './scanner-settings.ts';
import type { SignalSettings } from './signals/signals.ts';

/** One site as its file describes it, checked, with every default filled in. Nothing changes it at run time. */
export interface Site {
  /** First levels of every MQTT topic: `craneway/1/{site}/{controller}`. */
  readonly site: string;
  readonly controller: string;
  readonly hosts: readonly SiteHost[];
  readonly loadUnitTypes: readonly LoadUnitType[];
  /** The lowest first; none: PLCs are told no class. */
  readonly heightClasses: readonly HeightClass[];
  readonly aisles: readonly Aisle[];
  /** Absent: none. */
  readonly areas?: readonly Area[] | undefined;
  /** Locks that only another site file ends; absent: none. */
  readonly locks?: readonly FixedLock[] | undefined;
  /** Stations and lanes outside the racks. P&D stations belong to their aisle. */
  readonly stations: readonly Station[];
  readonly points: readonly DecisionPoint[];
  /** Where hosts call things otherwise; absent: nowhere. */
  readonly hostCodes?: HostCodeSettings | undefined;
  readonly sscc: SsccRange;
  readonly devices: readonly SiteDevice[];
  readonly indicators: readonly SiteIndicator[];
  readonly broker: BrokerSettings;
  readonly http: { readonly host: string; readonly port: number };
  readonly limits: SiteLimits;
  /** How inventory signals are reckoned; absent: there are none. */
  readonly signals?: SignalSettings | undefined;
  /** How storage locations are chosen; absent: by the defaults. */
  readonly slotting?: SlottingSettings | undefined;
  /** Absent: nothing. */
  readonly idleWork?: IdleWorkSettings | undefined;
  /** What a waiting order is short of goes from the identification point to its station; absent: no. */
  readonly crossDock?: boolean | undefined;
  /** What follows when a crane refuses or breaks off a mission, where it differs from the interface file. */
  readonly reactions?: ReactionChanges | undefined;
}

/** How storage locations are chosen. */
export interface SlottingSettings {
  readonly weights: PutawayWeights;
  /** Storage classes by expected stay; 1: none. */
  readonly classes: number;
}

/** What cranes do by themselves while nothing waits for them. */
export interface IdleWorkSettings {
  /** Look into cells that a question is open about. */
  readonly checks: boolean;
  /** Load units that one crane may move to better places in an hour; absent or 0: none. */
  readonly relocationsPerHour?: number | undefined;
  /** What a move has to save at least, milliseconds of the crane; absent: 2000. */
  readonly relocationGainMs?: number | undefined;
}

export interface SiteHost {
  readonly host: HostId;
  /** Its `ack` finishes events. At least one host must. */
  readonly acknowledges: boolean;
}

export interface LoadUnitType {
  readonly code: string;
  /** Row number in the load type tables of the PLCs, from 1. */
  readonly number: number;
  readonly heightMaxMm: number;
  readonly massMaxKg: number;
}

export interface HeightClass {
  /** Its number in the PLCs, from 1. */
  readonly number: number;
  readonly heightMaxMm: number;
}

/** One aisle with its crane. Cells are `A01-L-012-05-1`: aisle, side, bay, level, depth. */
export interface Aisle {
  readonly aisle: string;
  readonly crane: DeviceId;
  /** The crane's load handling device, which is a place too. */
  readonly lhd: LocationId;
  /** The second one, where it has two. */
  readonly lhd2: LocationId | undefined;
  /** What the crane is to look at in every mission. */
  readonly checks: AisleChecks;
  readonly bays: number;
  readonly levels: number;
  /** 1: single deep. */
  readonly depths: number;
  readonly bayWidthMm: number;
  readonly levelHeightMm: number;
  readonly heightMaxMm: number;
  readonly massMaxKg: number;
  /** Levels whose cells take less; the others have the limits of the aisle. */
  readonly cellClasses?: readonly CellClass[] | undefined;
  readonly kinematics: CraneKinematics;
  readonly stations: readonly PdStation[];
}

/** A part of the site with one purpose. What is locked there is locked in all that belongs to it. */
export interface Area {
  readonly area: string;
  /** An aisle belongs to one area at most, and so does a place. */
  readonly aisles: readonly string[];
  /** Stations, P&D stations and segments. */
  readonly places: readonly LocationId[];
}

export interface FixedLock {
  /** As people name it: `A01-L-003..005`. */
  readonly part: string;
  readonly lock: 'in' | 'out' | 'both';
  readonly reason: string;
}

export interface CellClass {
  /** The first and the last level, from 1. */
  readonly levels: readonly [number, number];
  readonly heightMaxMm: number;
  readonly massMaxKg: number;
}

export interface AisleChecks {
  /** Which code of a load unit the crane's own reader compares; `none`: it has no reader. */
  readonly code: 'none' | 'lpn' | 'sscc';
  readonly probeDestination: boolean;
}

/** Pickup-and-deposit place between crane and conveyor. */
export interface PdStation {
  readonly location: LocationId;
  /** Its number in the crane's PLC, from 1. */
  readonly number: number;
  readonly direction: 'in' | 'out';
  /** Load units that may stand on it and on the conveyor that belongs to it. */
  readonly capacity: number;
  readonly xMm: number;
  readonly yMm: number;
}

export interface Station {
  readonly location: LocationId;
  /** `segment`: a stretch of conveyor from one decision point to the next, which nobody works at. */
  readonly kind: 'infeed' | 'workstation' | 'rejectLane' | 'segment';
  readonly capacity: number;
  /** Handheld scanner of the people there. */
  readonly scanner: DeviceId | undefined;
  /** Prints the labels of what is packed there. */
  readonly printer?: DeviceId | undefined;
  readonly labelTemplate?: string | undefined;
}

/** A place where a conveyor PLC tells of a load unit, and mostly asks where it shall go. */
export interface DecisionPoint {
  readonly device: DeviceId;
  /** Number in the PLC, 1 to 32. */
  readonly point: number;
  /** Where a load unit is, in the books, while it stands at this point. */
  readonly at: LocationId;
  /**
   * `induct`: identifies and checks what comes in. `divert`: sends a load unit on its way.
   * `arrival`: tells that a load unit stands at the P&D station, ready for the crane.
   */
  readonly role: 'induct' | 'divert' | 'arrival';
  readonly exits: readonly PointExit[];
  /** Craneway's own fixed scanner there; without one the PLC reads. */
  readonly scanner: DeviceId | undefined;
  /** Prints and applies an SSCC label to a load unit that has none; only at `induct`. */
  readonly printer: DeviceId | undefined;
  readonly labelTemplate: string | undefined;
  /** How far a label has to be proved before its load unit goes on; absent: `scanned`. */
  readonly labelProof?: LabelProof | undefined;
}

export interface PointExit {
  /** 1 to 16. */
  readonly exit: number;
  readonly to: LocationId;
  /** Taken where no answer came in time. Exactly one exit of a point with several. */
  readonly isDefault: boolean;
  /** What the way costs, in milliseconds; absent: as much as there are places where it leads. */
  readonly costMs?: number | undefined;
}

/** SSCC = extension digit + company prefix + serial number + check digit; 18 digits. */
export interface SsccRange {
  /** 0 to 9. */
  readonly extension: number;
  /** GS1 company prefix, 4 to 12 digits. */
  readonly companyPrefix: string;
}

export type SiteDevice = { readonly device: DeviceId } & (
  | {
      readonly type: 'asrs-crane';
      readonly settings: ModbusSettings & { readonly deviceNumber: number };
      /** Of this crane alone, over those of the site. */
      readonly reactions?: ReactionChanges | undefined;
    }
  | {
      readonly type: 'conveyor';
      readonly settings: ModbusSettings & { readonly deviceNumber: number };
    }
  | { readonly type: 'barcode-scanner'; readonly settings: ScannerSettings }
  | { readonly type: 'zpl-printer'; readonly settings: PrinterSettings }
  | { readonly type: 'indicator'; readonly settings: IndicatorSettings }
);

export interface ModbusSettings {
  /** How frames look; absent: tcp. */
  readonly protocol?: 'tcp' | 'rtu';
  /** Only with rtu; without it RTU frames go over TCP to a gateway. */
  readonly serial?: SerialSettings | undefined;
  /** Empty where `serial` is given. */
  readonly host: string;
  readonly port: number;
  readonly unit: number;
  /** Name of a file under config/interfaces. */
  readonly interface: string;
}

export interface SerialSettings {
  readonly path: string;
  readonly baudRate: number;
  readonly parity: 'none' | 'even' | 'odd';
}

export interface PrinterSettings {
  readonly connection:
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    | ({ readonly kind: 'serial' } & PrinterLine)
    | { readonly kind: 'usb'; readonly path: string };
  /** False where the line goes one way: its status is unknown for ever, and a label counts as sent. */
  readonly answers: boolean;
  readonly dotsPerMm: 8 | 12;
  readonly statusEveryMs: number;
  readonly replyLimitMs: number;
  /** Without a label for so long, the connection is closed so that others can print; undefined: never. */
  readonly idleCloseMs: number | undefined;
}

export interface PrinterLine extends SerialSettings {
  /** As set in the printer, or labels are cut. */
  readonly flowControl: 'none' | 'xonXoff' | 'rtsCts';
}

/** A stack light, and the part of the site whose state it shows. */
export interface SiteIndicator {
  readonly device: DeviceId;
  readonly shows: 'aisle' | 'station' | 'site';
  /** Code of the aisle or the station; absent where it shows the whole site. */
  readonly of: string | undefined;
}

export interface BrokerSettings {
  /** Run the broker inside this process, on `host` and `port`, loopback only. */
  readonly embedded: boolean;
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  /** Name of the environment variable that holds the password. */
  readonly passwordEnv: string | undefined;
}

export interface SiteLimits {
  /** Open orders a host may have. */
  readonly openOrdersMax: number;
  /** Unfinished events kept for the hosts; at 80 % new orders are refused. */
  readonly outboxMax: number;
  /** An order that has waited so long counts as one priority more. */
  readonly agingMs: number;
  /** How long the crane may take from command to end before a person is told. */
  readonly missionLimitMs: number;
  /** How long a load unit may take on a conveyor before a person is told. */
  readonly conveyorLimitMs: number;
  /** How long a label may take until it is read back. */
  readonly labelLimitMs: number;
  /** How long to wait for the scanner after an arrival before it counts as a no-read. */
  readonly readLimitMs: number;
  /** Difference of a count that is booked without a second one, percent of what is booked; absent: 0. */
  readonly countTolerancePercent?: number;
}
