import type { Day, Stored } from '../../simulators/virtual/day.ts';
import { Demand } from '../../simulators/virtual/demand.ts';
import type { LoadUnit } from '../domain/books.ts';
import { makeSscc } from '../domain/gs1.ts';
import type { LoadUnitId, LocationId, Sku, Sscc } from '../domain/ids.ts';
import type { Aisle, Site } from '../domain/site.ts';
import { cellCode } from '../domain/topology.ts';
import type { Random } from '../ports/random.ts';

/** Above all serial numbers of what comes in later. */
const serialBase = 5_000_000;
const supplier = { extension: 0, companyPrefix: '4099999' };

export const supplierSscc = (serial: number): string => makeSscc(supplier, serial);

export const cellsOf = ({ aisles }: Pick<Site, 'aisles'>): number =>
  aisles.reduce((sum, { bays, levels, depths }) => sum + 2 * bays * levels * depths, 0);

/** Stock in cells drawn at random over all aisles, each lane filled from its rear. */
export function drawStock(site: Site, { stock }: Pick<Day, 'stock'>, random: Random): Stored[] {
  const demand = new Demand(stock.skus, stock.busiest20Percent, random);
  const count = Math.floor((cellsOf(site) * stock.fillPercent) / 100);
  return drawCells(site, count, random).map((place, i) => ({
    loadUnit: `S-${String(i + 1).padStart(6, '0')}`,
    sscc: supplierSscc(serialBase + i),
    place,
    sku: demand.stocked(),
    ...drawQty(stock.wrongPercent ?? 0, random),
    heightMm: 200 + (random.u32() % 100),
    massKg: 5 + (random.u32() % 20),
  }));
}

/** Pieces as the papers say, and how many more lie in it. */
function drawQty(wrongPercent: number, random: Random) {
  const qty = 1 + (random.u32() % 24);
  const isWrong = wrongPercent > 0 && (random.u32() % 10_000) / 100 < wrongPercent;
  if (!isWrong) return { qty, surplus: 0 };
  const by = 1 + (random.u32() % 3);
  return { qty, surplus: by < qty && random.u32() % 2 === 0 ? -by : by };
}

function drawCells({ aisles }: Site, count: number, random: Random): LocationId[] {
  const lanes = aisles.flatMap((aisle) =>
    lanesOf(aisle).map((lane) => ({ aisle, ...lane, free: aisle.depths })),
  );
  // One entry for each cell; the lane of an entry takes one more, as deep as there is room.
  const draws = shuffled(
    lanes.flatMap((lane) => Array(lane.free).fill(lane) as (typeof lane)[]),
    random,
  );
  return draws.slice(0, count).map((lane) => {
    const { aisle, side, bay, level } = lane;
    return cellCode(aisle.aisle, { side, bay, level, depth: lane.free-- });
  });
}

function lanesOf({ bays, levels }: Aisle) {
  const lanes: { side: 'L' | 'R'; bay: number; level: number }[] = [];
  for (const side of ['L', 'R'] as const) {
    for (let bay = 1; bay <= bays; bay++) {
      for (let level = 1; level <= levels; level++) lanes.push({ side, bay, level });
    }
  }
  return lanes;
}

/** Fisher and Yates. */
function shuffled<T>(list: readonly T[], random: Random): T[] {
  const result = [...list];
  for (let i = result.length - 1; i > 0; i--) {
    const j = random.u32() % (i + 1);
    [result[i], result[j]] = [result[j] as T, result[i] as T];
  }
  return result;
}

/** The same as a row of the books. @param no  from 1; its place in the order of coming in */
export const bookedUnit = (stored: Stored, type: string, no: number): LoadUnit => ({
  loadUnit: stored.loadUnit as LoadUnitId,
  handle: no,
  lpn: stored.loadUnit,
  sscc: stored.sscc as Sscc,
  type,
  massKg: stored.massKg,
  heightMm: stored.heightMm,
  lines: [{ sku: stored.sku as Sku, qty: stored.qty, stockStatus: 'available' }],
  status: 'present',
  place: stored.place as LocationId,
  toldPlace: stored.place as LocationId,
  confidence: 'sensed',
  movedNo: no,
  receivedNo: no,
});
