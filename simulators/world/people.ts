import { type LocationId, OUTSIDE } from '../../src/domain/ids.ts';
import { endOf, type Lane, startOf, zoneOf } from './layout.ts';
import { locationOf, type Spot, type Tote, type World } from './world.ts';

/** A tote as a person brings it. */
export interface NewTote {
  /** Barcode of its license plate; absent: it has none that can be read. */
  readonly lpn?: string | undefined;
  /** Content of an SSCC label already on it: `00` and 18 digits. */
  readonly label?: string | undefined;
  readonly massKg: number;
  readonly heightMm: number;
}

/** Whether a person could do it, with the reason if not. */
export type Handled =
  | { readonly done: true; readonly tote: Tote }
  | { readonly done: false; readonly reason: string };

/** What people do with their hands. Nobody puts a tote onto another. */
export class People {
  readonly #world: World;
  readonly #lanes: ReadonlyMap<LocationId, Lane>;
  readonly #infeed: LocationId | undefined;

  /** @param infeed  where totes are put on if nothing else is said */
  constructor(world: World, lanes: ReadonlyMap<LocationId, Lane>, infeed: LocationId | undefined) {
    this.#world = world;
    this.#lanes = lanes;
    this.#infeed = infeed;
  }

  /** Puts a tote from outside onto the first zone of an infeed. */
  feed(tote: NewTote, simMs: number, at = this.#infeed): Handled {
    const lane = at === undefined ? undefined : this.#lanes.get(at);
    if (lane === undefined) return { done: false, reason: `${at} is no lane` };
    return this.#bring(tote, startOf(lane), simMs);
  }

  /** Puts a tote from outside anywhere: into a cell when a site is set up, onto a station. */
  bring(tote: NewTote, to: LocationId, simMs: number): Handled {
    return this.#bring(tote, this.#spotIn(to), simMs);
  }

  /** Takes a tote off a place and out of the building. */
  takeAway(from: LocationId, toteId: string, simMs: number): Handled {
    const tote = this.#world.tote(toteId);
    if (tote === undefined || locationOf(tote.spot) !== from) {
      return { done: false, reason: `${toteId} is not at ${from}` };
    }
    this.#world.move(toteId, OUTSIDE, simMs);
    return { done: true, tote };
  }

  /** Carries a tote from wherever it is to the start of an infeed. */
  putBack(toteId: string, simMs: number, at = this.#infeed): Handled {
    const lane = at === undefined ? undefined : this.#lanes.get(at);
    if (lane === undefined) return { done: false, reason: 'the site has no infeed' };
    return this.#carry(toteId, startOf(lane), simMs);
  }

  /** Carries a tote from wherever it is to another place: a cell, a station, an LHD, OUTSIDE. */
  carry(toteId: string, to: LocationId, simMs: number): Handled {
    return this.#carry(toteId, this.#spotIn(to), simMs);
  }

  /** What stands at a place, the foremost first. */
  contentsOf(location: LocationId): readonly Tote[] {
    const lane = this.#lanes.get(location);
    if (lane === undefined) return this.#world.allIn(location);
    const zones = Array.from({ length: lane.zones }, (_, at) => zoneOf(location, at));
    return zones.reverse().flatMap((zone) => this.#world.allIn(zone));
  }

  #bring({ lpn, label, massKg, heightMm }: NewTote, spot: Spot, simMs: number): Handled {
    if (!this.#world.isFree(spot)) return occupied(spot);
    const tote = { lpn, label, massKg, heightMm, spot, isForeign: false };
    return { done: true, tote: this.#world.create(tote, simMs) };
  }

  #carry(toteId: string, spot: Spot, simMs: number): Handled {
    const tote = this.#world.tote(toteId);
    if (tote === undefined) return { done: false, reason: `${toteId} does not exist` };
    if (!this.#world.isFree(spot)) return occupied(spot);
    this.#world.move(toteId, spot, simMs);
    return { done: true, tote };
  }

  // People put a tote down as far on as they can reach: where a lane ends.
  #spotIn(location: LocationId): Spot {
    const lane = this.#lanes.get(location);
    if (lane === undefined) return location;
    return lane.point === undefined ? endOf(lane) : startOf(lane);
  }
}

const occupied = (spot: Spot): Handled => ({ done: false, reason: `${spot} is occupied` });
