import { invariant } from '../../src/domain/errors.ts';
import { type LocationId, MISSING, OUTSIDE } from '../../src/domain/ids.ts';

/**
 * Where one tote can stand, exactly: a location code, and for a lane of a conveyor its zone too,
 * `A01-PD-IN#0` where it begins to `A01-PD-IN#3` where it ends.
 */
export type Spot = LocationId | `${LocationId}#${number}`;

export interface Tote {
  readonly id: string;
  /** Barcode of the license plate; undefined where there is none or it cannot be read. */
  lpn: string | undefined;
  /** What a scanner reads of the label stuck on: `00` and the 18 digits of an SSCC. */
  label: string | undefined;
  /** Codes that it bore before they were torn off or covered. */
  torn?: readonly string[];
  massKg: number;
  heightMm: number;
  spot: Spot;
  /** Put there by a fault; no book knows it. */
  readonly isForeign: boolean;
}

/** Something that steel would not have survived, or a machine must never do. Recorded, never mended. */
export interface Violation {
  readonly simMs: number;
  readonly kind: 'collision' | 'executedTwice';
  readonly detail: string;
}

/** What a crane did for one mission. */
export interface Execution {
  readonly crane: string;
  readonly missionId: number;
  /** How often its motion was started; more than once is a violation. */
  starts: number;
  picks: number;
  deposits: number;
}

/** Where every tote is, as a person with keys to every door would write it down. */
export interface Truth {
  readonly totes: readonly {
    readonly id: string;
    /** What a scanner can read on it, the label first. */
    readonly codes: readonly string[];
    /** What could be read on it once, and cannot any more. */
    readonly torn?: readonly string[];
    readonly location: LocationId;
    readonly isForeign: boolean;
  }[];
  readonly violations: readonly Violation[];
  /** Totes that left the site so long ago that only their number is kept. */
  readonly forgotten: number;
}

interface Totals {
  toteNumber: number;
  violations: Violation[];
  forgotten: number;
}

interface LaneContents {
  count: number;
  readonly zones: (Tote | undefined)[];
}
const noZones: readonly (Tote | undefined)[] = [];

/** Totes outside that are still known one by one; beyond, the oldest are only counted. */
const outsideMax = 5_000;
const violationsMax = 1_000;
const executionsMax = 20_000;

/** Steel has no name for these; both hold any number of totes. */
const isOpenAir = (spot: Spot): boolean => spot === OUTSIDE || spot === MISSING;

export const locationOf = (spot: Spot): LocationId => {
  const end = spot.indexOf('#');
  return (end < 0 ? spot : spot.slice(0, end)) as LocationId;
};

export const codesOf = ({ label, lpn }: Tote): string[] =>
  [label, lpn].filter((code) => code !== undefined);

/**
 * The physical truth that all simulators of a plant share. Every tote has exactly one spot. It is
 * kept in named parts, so that what one step changed can be written down alone.
 */
export class World {
  readonly #totes = new Map<string, Tote>();
  readonly #bySpot = new Map<Spot, string[]>();
  /** What stands in each lane: mostly nothing, and looked at all the time. */
  readonly #lanes = new Map<string, LaneContents>();
  readonly #executions = new Map<string, Execution>();
  readonly #dirty = new Set<string>();
  #totals: Totals = { toteNumber: 0, violations: [], forgotten: 0 };
  /** How often anything has changed: whoever has seen it all need not look again. */
  changes = 0;
  /** Told of every tote that has come somewhere else, and from where. */
  onMoved: (tote: Tote, from: Spot) => void = () => {};

  /** Takes up parts that were saved before. */
  load(parts: ReadonlyMap<string, unknown>): void {
    for (const [name, state] of parts) {
      if (name === 'world') this.#totals = state as Totals;
      else if (name.startsWith('mission/')) this.#executions.set(name, state as Execution);
      else if (name.startsWith('tote/')) this.#enter(state as Tote);
    }
  }

  /** The parts changed since the last call; undefined: gone. */
  takeChanges(): Map<string, unknown> {
    const changes = new Map<string, unknown>();
    for (const name of this.#dirty) changes.set(name, this.#part(name));
    this.#dirty.clear();
    return changes;
  }

  #part(name: string): unknown {
    if (name === 'world') return this.#totals;
    if (name.startsWith('mission/')) return this.#executions.get(name);
    return this.#totes.get(name.slice('tote/'.length));
  }

  tote(id: string): Tote | undefined {
    return this.#totes.get(id);
  }

  /** The tote at a spot; of two that collided there the one that came last. */
  at(spot: Spot): Tote | undefined {
    const ids = this.#bySpot.get(spot);
    return ids === undefined ? undefined : this.#totes.get(ids.at(-1) ?? '');
  }

  /** Totes in a lane, over all its zones. */
  countIn(lane: LocationId): number {
    return this.#lanes.get(lane)?.count ?? 0;
  }

  /** The tote in each zone of a lane, by its index, as `at` would give it. */
  zonesOf(lane: LocationId): readonly (Tote | undefined)[] {
    return this.#lanes.get(lane)?.zones ?? noZones;
  }

  isFree(spot: Spot): boolean {
    return isOpenAir(spot) || this.at(spot) === undefined;
  }

  /** Every tote at a spot: more than one only where they collided, or in the open air. */
  allIn(spot: Spot): Tote[] {
    return (this.#bySpot.get(spot) ?? []).flatMap((id) => this.#totes.get(id) ?? []);
  }

  /** A tote that was not there before. */
  create(tote: Omit<Tote, 'id'>, simMs: number): Tote {
    this.#totals.toteNumber += 1;
    this.#dirty.add('world');
    const created: Tote = { ...tote, id: `T${this.#totals.toteNumber}` };
    this.#reportCollision(created, this.#enter(created), simMs);
    this.changed(created);
    return created;
  }

  /** The one way for a tote to get anywhere. Two totes in one place are a violation, and both stay. */
  move(id: string, spot: Spot, simMs: number): void {
    const tote = this.#totes.get(id);
    invariant(tote !== undefined, `tote ${id} does not exist`);
    this.#leave(tote);
    const from = tote.spot;
    tote.spot = spot;
    this.#reportCollision(tote, this.#enter(tote), simMs);
    this.changed(tote);
    this.onMoved(tote, from);
    if (spot === OUTSIDE) this.#forgetOldest();
  }

  /** To be called after a tote's codes or measures were changed. */
  changed(tote: Tote): void {
    this.changes++;
    this.#dirty.add(`tote/${tote.id}`);
  }

  /** Counts what a crane does for a mission. A second start is a violation. */
  execute(crane: string, missionId: number, what: 'starts' | 'picks' | 'deposits', simMs: number) {
    const name = `mission/${crane}/${missionId}`;
    const known = this.#executions.get(name);
    const execution = known ?? { crane, missionId, starts: 0, picks: 0, deposits: 0 };
    execution[what] += 1;
    if (known === undefined) {
      this.#executions.set(name, execution);
      if (this.#executions.size > executionsMax) {
        const [oldest = ''] = this.#executions.keys();
        this.#executions.delete(oldest);
        this.#dirty.add(oldest);
      }
    }
    this.#dirty.add(name);
    if (execution[what] > 1) {
      this.#report({
        simMs,
        kind: 'executedTwice',
        detail: `${crane} mission ${missionId} ${what}`,
      });
    }
  }

  executions(): Execution[] {
    return [...this.#executions.values()];
  }

  truth(): Truth {
    return {
      totes: [...this.#totes.values()].map((tote) => ({
        id: tote.id,
        codes: codesOf(tote),
        ...(tote.torn && { torn: tote.torn }),
        location: locationOf(tote.spot),
        isForeign: tote.isForeign,
      })),
      violations: this.#totals.violations,
      forgotten: this.#totals.forgotten,
    };
  }

  /** @returns the id of the tote that was there before, if any */
  #enter(tote: Tote): string | undefined {
    this.#totes.set(tote.id, tote);
    const there = this.#bySpot.get(tote.spot);
    const met = there?.at(-1);
    if (there === undefined) this.#bySpot.set(tote.spot, [tote.id]);
    else there.push(tote.id);
    this.#noteLane(tote.spot, 1, tote);
    return met;
  }

  #leave({ id, spot }: Tote): void {
    const left = this.#bySpot.get(spot) ?? [];
    left.splice(left.indexOf(id), 1);
    if (left.length === 0) this.#bySpot.delete(spot);
    this.#noteLane(spot, -1, this.#totes.get(left.at(-1) ?? ''));
  }

  /** @param foremost  the tote that `at` gives from now on */
  #noteLane(spot: Spot, by: number, foremost: Tote | undefined): void {
    const location = locationOf(spot);
    if (location === spot) return;
    const lane = this.#lanes.get(location) ?? { count: 0, zones: [] };
    lane.count += by;
    lane.zones[Number(spot.slice(location.length + 1))] = foremost;
    this.#lanes.set(location, lane);
  }

  #reportCollision({ id, spot }: Tote, met: string | undefined, simMs: number): void {
    if (met === undefined || isOpenAir(spot)) return;
    this.#report({ simMs, kind: 'collision', detail: `${id} met ${met} at ${spot}` });
  }

  #report(violation: Violation): void {
    if (this.#totals.violations.length < violationsMax) this.#totals.violations.push(violation);
    this.#dirty.add('world');
  }

  #forgetOldest(): void {
    const outside = this.#bySpot.get(OUTSIDE) ?? [];
    const oldest = outside[0];
    if (outside.length <= outsideMax || oldest === undefined) return;
    outside.shift();
    this.#totes.delete(oldest);
    this.#totals.forgotten += 1;
    this.#dirty.add('world').add(`tote/${oldest}`);
  }
}
