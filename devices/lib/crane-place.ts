import { invariant } from '../../src/domain/errors.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { cellCode, lhdsOf, type Topology } from '../../src/domain/topology.ts';

/** A place as four registers: the number of a station or of the load handling device stands in `bay`. */
export interface WirePlace {
  readonly kind: 'none' | 'rackLeft' | 'rackRight' | 'station' | 'lhd';
  readonly bay: number;
  readonly level: number;
  readonly depth: number;
}

export const nowhere: WirePlace = { kind: 'none', bay: 0, level: 0, depth: 0 };
export const onLhd = (lhd: number): WirePlace => ({ kind: 'lhd', bay: lhd, level: 0, depth: 0 });

/** @throws {InvariantError} when `location` is no place of this aisle: nobody may send a crane there */
export function wirePlace(topology: Topology, aisle: Aisle, location: LocationId): WirePlace {
  const place = topology.placeOf(location);
  invariant('aisle' in place && place.aisle === aisle, `${location} is not in ${aisle.aisle}`);
  if (place.kind === 'lhd') return onLhd(place.lhd);
  if (place.kind === 'pd') {
    return { kind: 'station', bay: place.station.number, level: 0, depth: 0 };
  }
  const { side, bay, level, depth } = place.cell;
  return { kind: side === 'L' ? 'rackLeft' : 'rackRight', bay, level, depth };
}

/** @returns undefined for `none` and for numbers that this aisle does not have */
export function locationOf(
  topology: Topology,
  aisle: Aisle,
  { kind, bay, level, depth }: WirePlace,
): LocationId | undefined {
  switch (kind) {
    case 'none':
      return undefined;
    case 'lhd':
      return lhdsOf(aisle)[bay - 1];
    case 'station':
      return aisle.stations.find(({ number }) => number === bay)?.location;
    case 'rackLeft':
    case 'rackRight': {
      const side = kind === 'rackLeft' ? 'L' : 'R';
      const code = cellCode(aisle.aisle, { side, bay, level, depth });
      return topology.find(code)?.kind === 'cell' ? code : undefined;
    }
  }
}

/** The four registers of a source. */
export const fromRegisters = ({ kind, bay, level, depth }: WirePlace) => ({
  ...{ fromKind: kind, fromBay: bay, fromLevel: level, fromDepth: depth },
});

/** The four registers of a destination. */
export const toRegisters = ({ kind, bay, level, depth }: WirePlace) => ({
  ...{ toKind: kind, toBay: bay, toLevel: level, toDepth: depth },
});
