/** One zone of a simulated module. */
interface Zone {
  /** Number that goes with the load; 0: a load without one. Undefined: the zone is clear. */
  load: number | undefined;
  isLeaving: boolean;
  arrivedCount: number;
  departedCount: number;
  accumulate: boolean;
  setHandle: number;
  /** Release number written last, and taken last. */
  release: number;
  releaseEcho: number;
}

const newZone = (): Zone => ({
  ...{ load: undefined, isLeaving: false, arrivedCount: 0, departedCount: 0 },
  ...{ accumulate: false, setHandle: 0, release: 0, releaseEcho: 0 },
});

const leave = 0;
const clear = 0xffff_ffff;
const next = (count: number): number => (count + 1) & 0xffff;

/** What a controller writes of one zone. */
export interface ZoneWish {
  readonly setHandle: number;
  readonly accumulate: boolean;
  readonly release: number;
}

/**
 * A conveyor module with two zones, one load in each, from the upstream to the downstream zone and out.
 * A load stops in a zone that accumulates until a release number other than the one before is written.
 *
 * Source: the interface file `conveylinx-zone`, which has its numbers from the maker's manual.
 */
export class ZoneModule {
  readonly zones: readonly [Zone, Zone] = [newZone(), newZone()];
  /** Handles of the loads that have left it, in their order. */
  readonly left: number[] = [];
  /** Whether what comes behind it has room. */
  isExitFree = true;

  /** A load comes onto the upstream zone. @returns false when it is taken */
  feed(handle = 0): boolean {
    const [up] = this.zones;
    if (up.load !== undefined) return false;
    arrive(up, handle);
    this.run();
    return true;
  }

  /** A person takes the load off a zone: it has departed as far as the photo-eye knows. */
  takeOff(index: 0 | 1): void {
    depart(this.zones[index]);
  }

  write(wishes: readonly [ZoneWish, ZoneWish]): void {
    for (const [i, wish] of wishes.entries()) {
      const zone = this.zones[i as 0 | 1];
      const isRelease = wish.release !== zone.release;
      Object.assign(zone, wish);
      if (!isRelease) continue;
      zone.releaseEcho = wish.release;
      if (zone.load === undefined) continue;
      if (wish.setHandle !== leave) zone.load = wish.setHandle === clear ? 0 : wish.setHandle;
      zone.isLeaving = true;
    }
    this.run();
  }

  /** The module restarts: it has forgotten its counts and what was written, and sees what stands on it. */
  restart(): void {
    for (const zone of this.zones) {
      const isTaken = zone.load !== undefined;
      Object.assign(zone, newZone(), { load: isTaken ? 0 : undefined, accumulate: true });
      if (isTaken) zone.arrivedCount = 1;
    }
  }

  /** Every load that may go and has room goes on. */
  run(): void {
    const [up, down] = this.zones;
    if (this.#goes(down) && this.isExitFree) this.left.push(depart(down));
    if (this.#goes(up) && down.load === undefined) {
      arrive(down, depart(up));
      this.run();
    }
  }

  #goes({ load, isLeaving, accumulate }: Zone): boolean {
    return load !== undefined && (isLeaving || !accumulate);
  }
}

function arrive(zone: Zone, handle: number): void {
  zone.load = handle;
  zone.isLeaving = false;
  zone.arrivedCount = next(zone.arrivedCount);
}

function depart(zone: Zone): number {
  const handle = zone.load ?? 0;
  zone.load = undefined;
  zone.isLeaving = false;
  zone.departedCount = next(zone.departedCount);
  return handle;
}
