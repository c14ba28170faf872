import type { MissionCommand } from './crane-command.ts';
import type { Transit } from './errands.ts';
import type {
  DeviceId,
  HostId,
  LoadUnitId,
  LocationId,
  OrderId,
  Sku,
  Sscc,
  WorkflowId,
} from './ids.ts';
import type { KindFields, OrderKind } from './order-kind.ts';
import type { Alarm } from './reactions.ts';
import type { Demand } from './storage-classes.ts';

/** What the books hold. Every row is replaced as a whole; only movements, events and reasons are appended. */

export type StockStatus = 'available' | 'quality' | 'blocked';
export type Strategy = 'fefo' | 'fifo' | 'lifo' | 'nearest';
/** How a quantity is made up of load units: in the order of the strategy, or of as few as possible. */
export type Split = 'inOrder' | 'fewest';

/** A quantity of one SKU on a load unit, in its base unit, ≥ 0. */
export interface StockLine {
  readonly sku: Sku;
  readonly qty: number;
  readonly lot?: string | undefined;
  /** `2027-03-31`; text, so that it sorts and never meets a time zone. */
  readonly expiry?: string | undefined;
  readonly stockStatus: StockStatus;
}

export interface LoadUnit {
  readonly loadUnit: LoadUnitId;
  /** Its number for the PLCs, 1 to 0xFFFFFFFE, never reused. */
  readonly handle: number;
  readonly lpn?: string | undefined;
  readonly sscc?: Sscc | undefined;
  readonly type: string;
  readonly massKg?: number | undefined;
  readonly heightMm?: number | undefined;
  readonly lines: readonly StockLine[];
  readonly status: 'announced' | 'present' | 'clarification' | 'missing' | 'gone';
  readonly place: LocationId;
  /** Where the hosts believe it to be: they are not told of cranes and conveyors. */
  readonly toldPlace: LocationId;
  /** How the place is known: a code was read there, a sensor reported it, it follows from a plan, or it is in question. */
  readonly confidence: 'scanned' | 'sensed' | 'inferred' | 'disputed';
  /** Number of its last movement; 0 before the first. Orders what stands in one lane. */
  readonly movedNo: number;
  /** Number of the movement that brought it in: first in, first out. */
  readonly receivedNo: number;
  /** The workflow that moves it now; one at a time. */
  readonly workflow?: WorkflowId | undefined;
  /** The order that it is promised to. */
  readonly order?: OrderId | undefined;
  /** Pick orders that take from it in the same visit of their station, one after the other, once that one has. */
  readonly alsoFor?: readonly OrderId[] | undefined;
  /** Its errand on the conveyors, until it has come there or has left them otherwise. */
  readonly transit?: Transit | undefined;
  readonly asn?: string | undefined;
  readonly expectedAt?: string | undefined;
  readonly station?: string | undefined;
}

export interface SkuRecord {
  readonly sku: Sku;
  readonly unit: string;
  readonly strategy: Strategy;
  /** Absent: `inOrder`. */
  readonly split?: Split | undefined;
  /** Shelf life that must be left at retrieval, days. */
  readonly minRemainingDays?: number | undefined;
  /** Learned from what was retrieved; absent: not yet wanted. */
  readonly demand?: Demand | undefined;
  /** The record as the host put it. */
  readonly record: object;
}

export interface Reason {
  readonly code: string;
  readonly detail: string;
}

export interface OrderLine {
  readonly line?: number | undefined;
  readonly sku: Sku;
  readonly qty: number;
  readonly lot?: string | undefined;
  /** The earliest allowed. */
  readonly expiry?: string | undefined;
  readonly stockStatus: StockStatus;
  readonly qtyDone: number;
}

export type OrderStatus =
  | 'queued'
  | 'active'
  | 'held'
  | 'needsOperator'
  | 'canceling'
  | 'completed'
  | 'canceled'
  | 'failed';

export const isFinal = (status: OrderStatus): boolean =>
  status === 'completed' || status === 'canceled' || status === 'failed';

export interface Order extends KindFields {
  readonly order: OrderId;
  readonly host: HostId;
  readonly kind: OrderKind;
  /** The command as accepted, as canonical JSON: what a repetition is compared with. */
  readonly content: string;
  /** Order of arrival. */
  readonly no: number;
  /** When it was accepted; absent in books of older versions. */
  readonly acceptedAtMs?: number | undefined;
  /** 0 to 9, 9 first. */
  readonly priority: number;
  readonly dueAtMs?: number | undefined;
  readonly notBeforeMs?: number | undefined;
  readonly hold: boolean;
  /** Where it is to be worked on; absent where no person is needed. */
  readonly station?: LocationId | undefined;
  /** The one load unit that is wanted; else `lines` say what. */
  readonly wanted?: LoadUnitId | undefined;
  readonly lines: readonly OrderLine[];
  readonly strategy?: Strategy | undefined;
  readonly split?: Split | undefined;
  readonly ifShort: 'wait' | 'partial' | 'reject';
  readonly status: OrderStatus;
  readonly revision: number;
  /** Every load unit that was ever promised to it. */
  readonly loadUnits: readonly LoadUnitId[];
  /** Those of them that are on their way. */
  readonly open: readonly LoadUnitId[];
  readonly reasons: readonly Reason[];
  readonly reference?: string | undefined;
  readonly changedAtMs: number;
}

/** A location that is promised to a load unit under way. */
export interface Reservation {
  readonly location: LocationId;
  readonly loadUnit: LoadUnitId;
}

export interface Lock {
  readonly location: LocationId;
  readonly lock: 'in' | 'out' | 'both';
  readonly reason: string;
  /** A crane without other work has been sent to look into it: once is enough. */
  readonly isLookedInto?: boolean | undefined;
}

/**
 * A command to a crane. `committed`: in our books only. `accepted`: the PLC has said so.
 * `settled`: with a verdict. `doubt`: nobody knows; a person decides.
 */
export interface Mission {
  readonly crane: DeviceId;
  /** 1 to 4 294 967 295, never reused: the crane drops doubles by it. */
  readonly seq: number;
  readonly workflow: WorkflowId | undefined;
  readonly loadUnit: LoadUnitId | undefined;
  readonly command: MissionCommand;
  readonly state: 'committed' | 'accepted' | 'settled' | 'doubt';
  readonly verdict?: 'done' | 'notTaken' | 'unknown' | undefined;
  /** How it ended, in the PLC's words. */
  readonly result?: string | undefined;
  readonly isPicked: boolean;
  /** Where it is to end instead, until the crane has answered. */
  readonly redirect?: LocationId | undefined;
  /** It is to be canceled, once the crane has answered what was sent before. */
  readonly isUnwanted?: boolean | undefined;
  /** As in `CraneRequest`. */
  readonly lostTo?: LocationId | undefined;
  readonly atMs: number;
}

/** What we know of a crane's PLC, durably. What it shows at the moment is not kept. */
export interface CraneBook {
  readonly crane: DeviceId;
  readonly seqHighest: number;
  /** Newest event stored. */
  readonly eventStored: number;
  /** The mission that is open: committed, accepted or in doubt. */
  readonly open?: number | undefined;
  /** A second command that concerns it: its cancel. */
  readonly side?: number | undefined;
  /** Why nothing is sent until a person has looked. */
  readonly doubt?: Reason | undefined;
}

/** A claim of another controller on a machine that a person has set aside. */
export interface TakeOver {
  readonly device: DeviceId;
  readonly epoch: number;
  readonly nonce: number;
  readonly atMs: number;
  readonly by: string;
}

export interface Resolution {
  readonly resolution: string;
  readonly text: string;
  readonly needs: readonly ('place' | 'loadUnit')[];
}

export interface Discrepancy {
  readonly no: number;
  readonly code: string;
  readonly text: string;
  readonly raisedAtMs: number;
  readonly device?: DeviceId | undefined;
  readonly location?: LocationId | undefined;
  readonly loadUnit?: LoadUnitId | undefined;
  readonly order?: OrderId | undefined;
  readonly workflow?: WorkflowId | undefined;
  /** How urgent it is; absent: `warning`. */
  readonly alarm?: Alarm | undefined;
  readonly resolutions: readonly Resolution[];
  readonly state: 'open' | 'resolved';
  readonly resolvedAs?: string | undefined;
  readonly resolvedBy?: string | undefined;
  readonly resolvedAtMs?: number | undefined;
}

export interface HostBook {
  readonly host: HostId;
  readonly ackThrough: number;
  readonly hostEpoch: number;
  readonly isPaused: boolean;
  /** It has stored events that these books lack; nothing that it says of its marks is believed meanwhile. */
  readonly ahead?: HostAhead | undefined;
}

/** A host that knows more than the books: they are an old copy. */
export interface HostAhead {
  /** What it has stored, of which epoch of events. */
  readonly through: number;
  readonly epoch: number;
  /** Last event of the books when that was found. What they number above it is another event than the host has. */
  readonly booksEnd: number;
  readonly hostEpoch: number;
}

/** Where a workflow stands. Ended ones are removed: what they did is in the ledger. */
export interface WorkflowRow {
  readonly workflow: WorkflowId;
  /** `putaway@1`: an unknown name or version is parked for a person, never dropped. */
  readonly machine: string;
  readonly snapshot: object;
}

export interface Timer {
  readonly workflow: WorkflowId;
  readonly timer: string;
  /** Wall time, UTC. */
  readonly dueMs: number;
  readonly event: { readonly type: string };
}

/** One step of one load unit: from one place to another. Appended, never changed. */
export interface Movement {
  readonly no: number;
  readonly atMs: number;
  readonly cause: string;
  readonly loadUnit: LoadUnitId;
  readonly from: LocationId;
  readonly to: LocationId;
  /** Who or what moved it: a device, a person, a host. */
  readonly by: string;
  readonly order?: OrderId | undefined;
}
