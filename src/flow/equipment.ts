import type { DeviceId } from '../domain/ids.ts';
import type { PointState } from '../ports/conveyor.ts';
import type { Claim, CraneSnapshot } from '../ports/crane.ts';
import type { PrinterFault } from '../ports/printer.ts';

/** What a crane shows now. Nothing of it is kept: after a start it is unknown until it is read. */
export interface CraneNow {
  readonly snapshot: CraneSnapshot | undefined;
  /** Read back with our claim, and every open mission has its verdict or its doubt. */
  readonly isReconciled: boolean;
  /** The claim may be written: it was found to be ours to make. */
  readonly isClaiming: boolean;
  readonly offline: string | undefined;
  /** It has been offline for longer than one waits for it. */
  readonly isOfflineLong?: boolean | undefined;
}

export interface PointNow {
  readonly state: PointState;
  readonly faultCode: number;
  readonly exitsDown: readonly number[];
}

export interface ConveyorNow {
  /** Whose it shows that it is; undefined until it was read. */
  readonly claim: Claim | undefined;
  readonly isReconciled: boolean;
  readonly isClaiming: boolean;
  readonly offline: string | undefined;
  readonly points: ReadonlyMap<number, PointNow>;
}

export interface PrinterNow {
  readonly faults: readonly PrinterFault[];
  readonly offline: string | undefined;
}

const unheard = 'not heard of since the start';

/** The state of every device at the moment, as far as it has been heard. Held in memory only. */
export class Equipment {
  readonly #cranes = new Map<DeviceId, CraneNow>();
  #craneVersion = 0;
  readonly #failures = new Map<DeviceId, string | undefined>();
  #aislesLookedAt = '';
  readonly #conveyors = new Map<DeviceId, ConveyorNow>();
  #conveyorVersion = 0;
  readonly #printers = new Map<DeviceId, PrinterNow>();
  readonly #scanners = new Map<DeviceId, string | undefined>();
  readonly #indicators = new Map<DeviceId, string | undefined>();
  #freeBytes: number | undefined;

  /** What the disk of the ledger has left; undefined until somebody has looked. */
  get freeBytes(): number | undefined {
    return this.#freeBytes;
  }

  noteFreeSpace(freeBytes: number | undefined): void {
    this.#freeBytes = freeBytes;
  }

  crane(device: DeviceId): CraneNow {
    const unknown = {
      snapshot: undefined,
      isReconciled: false,
      isClaiming: false,
      offline: unheard,
    };
    return this.#cranes.get(device) ?? unknown;
  }

  /** Another number after every change of a crane. */
  get craneVersion(): number {
    return this.#craneVersion;
  }

  /** Why an aisle was last told to have failed; undefined: it works. */
  failureOf(crane: DeviceId): string | undefined {
    return this.#failures.get(crane);
  }

  noteFailure(crane: DeviceId, why: string | undefined): void {
    this.#failures.set(crane, why);
  }

  /** Whether anything that aisles may fail by has changed. @param version  another one after every change */
  areAislesDue(version: string): boolean {
    const isDue = version !== this.#aislesLookedAt;
    this.#aislesLookedAt = version;
    return isDue;
  }

  setCrane(device: DeviceId, now: Partial<CraneNow>): void {
    this.#craneVersion++;
    this.#cranes.set(device, { ...this.crane(device), ...now });
  }

  conveyor(device: DeviceId): ConveyorNow {
    const unknown = {
      ...{ claim: undefined, isReconciled: false, isClaiming: false, offline: unheard },
      points: new Map(),
    };
    return this.#conveyors.get(device) ?? unknown;
  }

  /** Another number after every change of a conveyor. */
  get conveyorVersion(): number {
    return this.#conveyorVersion;
  }

  setConveyor(device: DeviceId, now: Partial<ConveyorNow>): void {
    this.#conveyorVersion++;
    this.#conveyors.set(device, { ...this.conveyor(device), ...now });
  }

  printer(device: DeviceId): PrinterNow {
    return this.#printers.get(device) ?? { faults: [], offline: unheard };
  }

  setPrinter(device: DeviceId, now: Partial<PrinterNow>): void {
    this.#printers.set(device, { ...this.printer(device), ...now });
  }

  /** Why a scanner cannot be relied on; undefined when it is connected. */
  scannerOffline(device: DeviceId): string | undefined {
    return this.#scanners.has(device) ? this.#scanners.get(device) : unheard;
  }

  setScanner(device: DeviceId, offline: string | undefined): void {
    this.#scanners.set(device, offline);
  }

  /** Why a light may be dark; undefined when it is connected. */
  indicatorOffline(device: DeviceId): string | undefined {
    return this.#indicators.has(device) ? this.#indicators.get(device) : unheard;
  }

  setIndicator(device: DeviceId, offline: string | undefined): void {
    this.#indicators.set(device, offline);
  }
}
