import type { Site } from '../../../src/domain/site.ts';

const cellForm = /^(.+)-([LR])-(\d{3})-(\d{2})-(\d)$/;
/** In the books only: they hold any number. */
const openAir = new Set(['OUTSIDE', 'MISSING', 'CLARIFICATION']);

export const isOpenAir = (place: string): boolean => openAir.has(place);

/** Load units that fit into a place by the site file; undefined: there is no such place. */
export function roomOf(site: Site, place: string): number | undefined {
  if (isOpenAir(place)) return Number.POSITIVE_INFINITY;
  const [, name, , bay = 0, level = 0, depth = 0] = cellForm.exec(place) ?? [];
  for (const { aisle, bays, levels, depths, lhd, lhd2, stations } of site.aisles) {
    if (place === lhd || place === lhd2) return 1;
    const station = stations.find(({ location }) => location === place);
    if (station !== undefined) return station.capacity;
    if (name !== aisle) continue;
    const isInside = [
      [bay, bays],
      [level, levels],
      [depth, depths],
    ].every(([at, last]) => Number(at) >= 1 && Number(at) <= Number(last));
    return isInside ? 1 : undefined;
  }
  return site.stations.find(({ location }) => location === place)?.capacity;
}

/** A place as a crane's registers say it: kind, bay or number, level, depth. */
export function registersOf(site: Site, crane: string, place: string): readonly number[] {
  const aisle = site.aisles.find((each) => each.crane === crane);
  if (aisle === undefined) return [];
  const lhd = [aisle.lhd, aisle.lhd2].indexOf(place as never);
  if (lhd >= 0) return [4, lhd + 1, 0, 0];
  const station = aisle.stations.find(({ location }) => location === place);
  if (station !== undefined) return [3, station.number, 0, 0];
  const [, name, side, ...numbers] = cellForm.exec(place) ?? [];
  return name === aisle.aisle ? [side === 'L' ? 1 : 2, ...numbers.map(Number)] : [];
}
