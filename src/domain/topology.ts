import { ConveyorNetwork, Routes } from './conveyor-network.ts';
import type { LhdNumber } from './crane-command.ts';
import type { Position } from './crane-kinematics.ts';
import { invariant } from './errors.ts';
import { HostCodes } from './host-codes.ts';
import type { DeviceId, LocationId } from './ids.ts';
import type { Aisle, DecisionPoint, PdStation, Site, Station } from './site.ts';

export interface Cell {
  readonly side: 'L' | 'R';
  /** 1 at the P&D end. */
  readonly bay: number;
  /** 1 is the lowest. */
  readonly level: number;
  /** 1 at the aisle. */
  readonly depth: number;
}

/** What a location code means on this site. */
export type Place =
  | { readonly kind: 'cell'; readonly aisle: Aisle; readonly cell: Cell }
  | { readonly kind: 'pd'; readonly aisle: Aisle; readonly station: PdStation }
  | { readonly kind: 'lhd'; readonly aisle: Aisle; readonly lhd: LhdNumber }
  | { readonly kind: 'station'; readonly station: Station }
  /** `OUTSIDE`, `MISSING`, `CLARIFICATION`: no steel behind it, no limit. */
  | { readonly kind: 'virtual' };

const cellForm = /^(.+)-([LR])-(\d{3})-(\d{2})-(\d)$/;
const pad = (n: number, digits: number) => String(n).padStart(digits, '0');

/** `A01-L-012-05-1`. */
export const cellCode = (aisle: string, { side, bay, level, depth }: Cell): LocationId =>
  `${aisle}-${side}-${pad(bay, 3)}-${pad(level, 2)}-${depth}` as LocationId;

/** The load handling devices of a crane, in the order of their numbers. */
export const lhdsOf = ({ lhd, lhd2 }: Aisle): readonly LocationId[] =>
  lhd2 === undefined ? [lhd] : [lhd, lhd2];

/** Where the crane stands at a cell: at the middle of its bay. */
export const positionIn = (
  { bayWidthMm, levelHeightMm }: Aisle,
  bay: number,
  level: number,
): Position => ({ xMm: (bay - 0.5) * bayWidthMm, yMm: (level - 1) * levelHeightMm });

/** A P&D station that the conveyors lead to. */
export interface PdReached {
  readonly aisle: Aisle;
  readonly station: PdStation;
  /** Milliseconds on the conveyors. */
  readonly costMs: number;
}

/** Answers what a code means, in one lookup. Cells are computed, not listed: a million of them cost nothing. */
export class Topology {
  readonly site: Site;
  readonly #aisles: ReadonlyMap<string, Aisle>;
  readonly #places: ReadonlyMap<LocationId, Place>;
  readonly #points: ReadonlyMap<string, DecisionPoint>;
  readonly #pointsAt = new Map<LocationId, DecisionPoint[]>();
  readonly #aisleOfCrane: ReadonlyMap<DeviceId, Aisle>;
  readonly network: ConveyorNetwork;
  /** Over all edges, as if none were ever closed. */
  readonly routes: Routes;
  /** How hosts call what is here. */
  readonly hostCodes: HostCodes;
  readonly #pdsReached = new Map<LocationId, readonly PdReached[]>();

  constructor(site: Site) {
    this.site = site;
    this.network = new ConveyorNetwork(site);
    this.routes = new Routes(this.network);
    this.hostCodes = new HostCodes(site, (location) => this.find(location));
    this.#aisles = new Map(site.aisles.map((aisle) => [aisle.aisle, aisle]));
    this.#aisleOfCrane = new Map(site.aisles.map((aisle) => [aisle.crane, aisle]));
    this.#points = new Map(site.points.map((point) => [`${point.device}/${point.point}`, point]));
    for (const point of site.points) {
      this.#pointsAt.set(point.at, [...(this.#pointsAt.get(point.at) ?? []), point]);
    }
    const virtual = ['OUTSIDE', 'MISSING', 'CLARIFICATION'] as LocationId[];
    this.#places = new Map<LocationId, Place>([
      ...virtual.map((code): [LocationId, Place] => [code, { kind: 'virtual' }]),
      ...site.stations.map((s): [LocationId, Place] => [
        s.location,
        { kind: 'station', station: s },
      ]),
      ...site.aisles.flatMap((aisle): [LocationId, Place][] => [
        ...lhdsOf(aisle).map((location, i): [LocationId, Place] => [
          location,
          { kind: 'lhd', aisle, lhd: i === 0 ? 1 : 2 },
        ]),
        ...aisle.stations.map((s): [LocationId, Place] => [
          s.location,
          { kind: 'pd', aisle, station: s },
        ]),
      ]),
    ]);
  }

  /** @returns undefined when this site has no such place */
  find(location: string): Place | undefined {
    return this.#places.get(location as LocationId) ?? this.#findCell(location);
  }

  /** @throws {InvariantError} when this site has no such place: whoever calls this has asked before */
  placeOf(location: LocationId): Place {
    const place = this.find(location);
    invariant(place !== undefined, `${location} is not a place of this site`);
    return place;
  }

  point(device: DeviceId, number: number): DecisionPoint | undefined {
    return this.#points.get(`${device}/${number}`);
  }

  /** Decision points where a load unit is at `location` in the books. */
  pointsAt(location: LocationId): readonly DecisionPoint[] {
    return this.#pointsAt.get(location) ?? [];
  }

  /** P&D stations with direction in that a load unit can be sent to from a place, the nearest first. */
  pdsReachedFrom(place: LocationId): readonly PdReached[] {
    const known = this.#pdsReached.get(place);
    if (known !== undefined) return known;
    const reached = this.site.aisles
      .flatMap((aisle) => aisle.stations.map((station) => ({ aisle, station })))
      .filter(({ station }) => station.direction === 'in')
      .flatMap(({ aisle, station }): PdReached[] => {
        const costMs = this.routes.to(station.location).costFrom(place);
        return costMs === undefined ? [] : [{ aisle, station, costMs }];
      })
      .sort((a, b) => a.costMs - b.costMs);
    this.#pdsReached.set(place, reached);
    return reached;
  }

  /** The reject lane that is nearest on the conveyors; undefined: no way leads to one. */
  rejectLaneFrom(place: LocationId): LocationId | undefined {
    const cost = ({ location }: Station) => this.routes.to(location).costFrom(place);
    const lanes = this.site.stations.filter(
      (station) => station.kind === 'rejectLane' && cost(station) !== undefined,
    );
    return lanes.sort((a, b) => (cost(a) ?? 0) - (cost(b) ?? 0))[0]?.location;
  }

  /** The P&D station by which a load unit leaves an aisle on its way to `to`: the nearest, or else the first. */
  pdOutTo({ stations }: Aisle, to: LocationId): LocationId | undefined {
    const out = stations.filter(({ direction }) => direction === 'out');
    const cost = ({ location }: PdStation) =>
      this.routes.to(to).costFrom(location) ?? Number.POSITIVE_INFINITY;
    return out.sort((a, b) => cost(a) - cost(b))[0]?.location;
  }

  aisleOfCrane(crane: DeviceId): Aisle | undefined {
    return this.#aisleOfCrane.get(crane);
  }

  /** The aisle whose crane reaches both places. @throws {InvariantError} when none does */
  aisleReaching(from: LocationId, to: LocationId): Aisle {
    const [first, second] = [this.#aisleOf(from), this.#aisleOf(to)];
    invariant(first !== undefined && first === second, `no crane reaches both ${from} and ${to}`);
    return first;
  }

  #aisleOf(location: LocationId): Aisle | undefined {
    const place = this.placeOf(location);
    return 'aisle' in place ? place.aisle : undefined;
  }

  /** The cell at the aisle that has to be free to reach `location`; undefined: nothing is in front of it. */
  frontOf(location: LocationId): LocationId | undefined {
    const place = this.find(location);
    if (place?.kind !== 'cell' || place.cell.depth === 1) return undefined;
    return cellCode(place.aisle.aisle, { ...place.cell, depth: 1 });
  }

  /** The cell behind `location`; undefined where the rack has none. */
  rearOf(location: LocationId): LocationId | undefined {
    const place = this.find(location);
    if (place?.kind !== 'cell' || place.cell.depth === place.aisle.depths) return undefined;
    return cellCode(place.aisle.aisle, { ...place.cell, depth: place.cell.depth + 1 });
  }

  /** Load units that may be there at a time; the load handling device and every cell hold one. */
  capacityOf(location: LocationId): number {
    const place = this.placeOf(location);
    if (place.kind === 'virtual') return Number.POSITIVE_INFINITY;
    return 'station' in place ? place.station.capacity : 1;
  }

  /** Where the crane stands to reach `location`. */
  positionOf(location: LocationId): Position {
    const place = this.placeOf(location);
    if (place.kind === 'pd') return { xMm: place.station.xMm, yMm: place.station.yMm };
    invariant(place.kind === 'cell', `${location} has no position in an aisle`);
    return positionIn(place.aisle, place.cell.bay, place.cell.level);
  }

  #findCell(location: string): Place | undefined {
    const [, name = '', side, bay, level, depth] = cellForm.exec(location) ?? [];
    const aisle = this.#aisles.get(name);
    if (aisle === undefined || (side !== 'L' && side !== 'R')) return undefined;
    const cell: Cell = { side, bay: Number(bay), level: Number(level), depth: Number(depth) };
    return cellFits(aisle, cell) ? { kind: 'cell', aisle, cell } : undefined;
  }
}

const cellFits = (aisle: Aisle, { bay, level, depth }: Cell): boolean =>
  isWithin(bay, aisle.bays) && isWithin(level, aisle.levels) && isWithin(depth, aisle.depths);

const isWithin = (n: number, max: number): boolean => n >= 1 && n <= max;
