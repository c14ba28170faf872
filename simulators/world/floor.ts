import type { LhdNumber } from '../../src/domain/crane-command.ts';
import { type LocationId, MISSING, OUTSIDE } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { lhdsOf } from '../../src/domain/topology.ts';
import type { CraneFloor } from '../asrs-crane/model.ts';
import { endOf, type Lane, startOf } from './layout.ts';
import type { Spot, Tote, World } from './world.ts';

/**
 * What a crane can reach: the cells of its aisle, the ends of its stations and its own LHD.
 *
 * @param isAlone  no conveyor beside it: its stations always give a tote and take one away
 */
export function craneFloor(
  world: World,
  lanes: ReadonlyMap<LocationId, Lane>,
  { aisle, isAlone }: { readonly aisle: Aisle; readonly isAlone: boolean },
): CraneFloor {
  const spotOf = (lhd: LhdNumber): LocationId => lhdsOf(aisle)[lhd - 1] ?? aisle.lhd;
  const sourceOf = (location: LocationId): Spot => {
    const lane = lanes.get(location);
    return lane === undefined ? location : endOf(lane);
  };
  const find = (location: LocationId): Tote | undefined => {
    const spot = sourceOf(location);
    const isGiving = isAlone && lanes.has(location);
    return world.at(spot) ?? (isGiving ? world.create({ ...blank, spot }, 0) : undefined);
  };
  return {
    load: (lhd) => world.at(spotOf(lhd)),
    find,
    isBlocked(location) {
      const lane = lanes.get(location);
      return lane !== undefined && !isAlone && !world.isFree(startOf(lane));
    },
    take(location, lhd, simMs) {
      const tote = find(location);
      if (tote !== undefined) world.move(tote.id, spotOf(lhd), simMs);
    },
    put(location, lhd, simMs) {
      const tote = world.at(spotOf(lhd));
      if (tote === undefined) return;
      const lane = lanes.get(location);
      const isTaken = lane !== undefined && isAlone;
      world.move(tote.id, isTaken ? OUTSIDE : lane === undefined ? location : startOf(lane), simMs);
    },
    plantForeign(location, simMs) {
      if (world.isFree(location)) {
        world.create({ ...blank, spot: location, isForeign: true }, simMs);
      }
    },
    vanish(location, simMs) {
      const tote = world.at(sourceOf(location));
      if (tote !== undefined) world.move(tote.id, MISSING, simMs);
    },
    count: (missionId, what, simMs) => world.execute(aisle.crane, missionId, what, simMs),
  };
}

const blank = {
  lpn: undefined,
  label: undefined,
  massKg: 10,
  heightMm: 300,
  isForeign: false,
};
