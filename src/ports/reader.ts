import type {
  LoadUnitData,
  OrderData,
  OrderQueryData,
  Reason,
  StatusData,
  StockLine,
  StockQueryData,
} from '../contract/messages.ts';
import type { DeviceMode } from '../domain/device-mode.ts';
import type { AbcClass } from '../domain/signals/abc.ts';
import type { CallBook } from '../domain/signals/calls.ts';
import type { SignalBook } from '../domain/signals/signals.ts';
import type { SlottingAdvice } from '../domain/slotting-advice.ts';
import type { DeviceStatus } from './device.ts';

/** How a SKU stood at the last look. */
export interface SignalView extends Omit<SignalBook, 'calls'> {
  /** Its consumption points; absent: it has none. */
  readonly calls?: readonly CallView[];
}

export interface CallView extends Pick<CallBook, 'booked' | 'coming' | 'qty' | 'active'> {
  readonly station: string;
  /** Where it is another one than ours. */
  readonly hostCode?: string;
  /** When the next load unit has to stand there. */
  readonly dueAt: string;
  /** When it has to be called at the latest. */
  readonly callAt: string;
}

/** What moving load units to the region of their storage class would save, as found at the last look. */
export interface SlottingView {
  /** Those that save most in a day first; each without the load units of it that no move is advised for. */
  readonly items: readonly (SlottingAdvice & {
    readonly sku: string;
    readonly abcClass: AbcClass;
    /** Hosts have been told. */
    readonly told: boolean;
  })[];
  /** Of all, those that are left off included. */
  readonly total: {
    readonly skus: number;
    readonly moves: number;
    readonly gainSPerDay: number;
    readonly costS: number;
  };
  /** SKUs that are not listed, as more were asked for than `limit`. */
  readonly leftOff: number;
  /** There are as many moves as are advised at a time: SKUs that are wanted less were not looked at. */
  readonly isCut: boolean;
  /** SKUs in stock whose demand nobody knows. */
  readonly unknown: number;
  /** Why nothing is advised at all. */
  readonly why?: string;
}

export interface SignalQuery {
  readonly sku?: string | undefined;
  /** The last one of the page before. */
  readonly after?: string | undefined;
  readonly limit: number;
}

/** A place where floor and books differ, or may differ, until a person has settled it. */
export interface DiscrepancyView {
  readonly discrepancy: number;
  readonly code: string;
  /** What differs, in a sentence. */
  readonly text: string;
  readonly raisedAt: string;
  readonly state: 'open' | 'resolved';
  readonly device?: string;
  readonly location?: string;
  /** Of the location, where it is another one than ours. */
  readonly hostCode?: string;
  readonly loadUnit?: string;
  readonly order?: string;
  /** How urgent it is; absent: `warning`. */
  readonly alarm?: 'none' | 'info' | 'warning' | 'critical';
  /** The ways to settle it, each with what it does. Empty when resolved. */
  readonly resolutions: readonly {
    readonly resolution: string;
    readonly text: string;
    readonly needs: readonly ('place' | 'loadUnit')[];
  }[];
  readonly resolvedAs?: string;
  readonly resolvedBy?: string;
}

/** A device as people see it: what its driver knows of the wire, and what the books know of its work. */
export interface DeviceView extends DeviceStatus {
  /** How far it may be used, as a person has set it. */
  readonly mode: DeviceMode;
  /** Who has set it and when (UTC); absent: nobody ever. */
  readonly modeBy?: string;
  readonly modeAtMs?: number;
  /** `ready`, `busy`, `doubt` … in the words of the flow. */
  readonly state: string;
  /** Why it does not work, when it does not. */
  readonly reasons: readonly Reason[];
}

/** A workstation as the people there see it: the one thing to do next, and what answers it. */
export interface StationView {
  readonly station: string;
  /** Where it is another one than ours. */
  readonly hostCode?: string;
  /** Number of the step, for its answer; absent where it follows from what stands there. */
  readonly step?: number;
  readonly kind: string;
  readonly title: string;
  readonly instruction: string;
  /** What may be scanned. */
  readonly expects: readonly {
    readonly scan: string;
    readonly loadUnit?: string | undefined;
    readonly sku?: string | undefined;
    readonly lot?: string | undefined;
  }[];
  /** What may be answered; `CRANEWAY-` and its name in capitals is the bar code of one that needs nothing more. */
  readonly choices: readonly {
    readonly choice: string;
    readonly text: string;
    readonly needs: readonly ('qty' | 'reason')[];
    readonly qtyMin?: number | undefined;
    readonly qtyMax?: number | undefined;
    readonly reasons?: readonly string[] | undefined;
  }[];
  readonly order?: string;
  readonly loadUnit?: string;
  /** What takes the articles. */
  readonly target?: string;
  /** Of the order: what is to be taken now. */
  readonly line?: {
    readonly line?: number;
    readonly sku: string;
    readonly qty: number;
    readonly lot?: string | undefined;
    readonly expiry?: string | undefined;
  };
  /** Since when it is asked for. */
  readonly since?: string;
  /** What stands there. */
  readonly loadUnits: readonly string[];
  /** Load units that are on their way to it. */
  readonly coming: number;
  /** How the last scan or answer was taken. */
  readonly last?: { readonly verdict: string; readonly text: string; readonly at: string };
}

/** A part of the site that is locked, until somebody unlocks it. */
export interface LockView {
  /** Its code, as short as it can be said. */
  readonly part: string;
  /** Where it is another one than ours. */
  readonly hostCode?: string;
  /** Absent: the site file does not have it any more, and nothing follows from the lock. */
  readonly kind?: 'area' | 'aisle' | 'cells' | 'cell' | 'place' | 'exit';
  readonly lock: 'in' | 'out' | 'both';
  readonly reason: string;
  /** `operator/anna`, `host/wms`, `site/file`. */
  readonly by: string;
  /** Absent: it stands in the site file. */
  readonly at?: string;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor for `after`; absent on the last page. */
  readonly next?: string;
}

/** Questions, answered from the committed state. Nothing here changes anything. */
export interface Reader {
  status(): StatusData;
  orders(query: OrderQueryData): Page<OrderData>;
  order(order: string): OrderData | undefined;
  stock(query: StockQueryData): Page<StockLine>;
  /** How SKUs stood when they were last looked at, by name. */
  signals(query: SignalQuery): Page<SignalView>;
  /** @param limit  SKUs, at most */
  slotting(limit: number): SlottingView;
  /** By its own name or by its SSCC. */
  loadUnit(loadUnit: string): LoadUnitData | undefined;
  devices(): readonly DeviceView[];
  /** Workstations, each with what is to be done there now. */
  stations(): readonly StationView[];
  station(station: string): StationView | undefined;
  locks(): readonly LockView[];
  discrepancies(state: 'open' | 'all'): readonly DiscrepancyView[];
  /** Why something is as it is: sentences, newest first. `subject`: an order, load unit, location or device. */
  why(subject: string): readonly { readonly at: string; readonly text: string }[];
  /** Whether a part may be relied on: `ledger`, `upstream`, `devices`; the reason when not. */
  readiness(): Readonly<Record<string, { readonly ok: boolean; readonly detail: string }>>;
}
