import type { LoadUnit } from '../../src/domain/books.ts';
import type { LoadUnitId, LocationId } from '../../src/domain/ids.ts';
import { type AisleOffer, Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { benchSite, cellsOf } from './bench-site.ts';
import { type Figure, percentiles } from './figures.ts';
import { storedUnits } from './stock.ts';

const aisles = 10;
const skus = 5_000;
const rounds = 500;

/** Where to store, in 10 aisles with 10,000 to a million cells that are half full. */
export const putawayDecisions = (): Figure[] => [10, 100, 999].flatMap(decisionsAt);

function decisionsAt(bays: number): Figure[] {
  const cranes = Array.from({ length: aisles }, () => 0);
  const site = benchSite({ conveyors: [], cranes, bays });
  const warehouse = new Warehouse(new Topology(site));
  const perAisle = cellsOf(bays) / 2;
  const units = site.aisles.flatMap((aisle, i) =>
    storedUnits(aisle, i * perAisle + 1, perAisle, skus),
  );
  for (const unit of units) warehouse.tables.loadUnit.load(unit);
  const before = process.memoryUsage().arrayBuffers;
  const slotting = new Slotting(warehouse.topology);
  const offers: AisleOffer[] = site.aisles.map((aisle) => ({
    aisle,
    pd: `${aisle.aisle}-PD-IN` as LocationId,
  }));
  const turnover = new Turnover(warehouse, units);
  const infeed: number[] = [];
  const atPd: number[] = [];
  for (let round = -rounds; round < rounds; round++) {
    const unit = turnover.next();
    const { chosen } = timed(infeed, () => slotting.chooseAisle(warehouse, unit, offers));
    const aisle = offers.find(({ pd }) => pd === chosen?.pd)?.aisle;
    if (aisle === undefined) throw new Error('the site is full');
    const cell = timed(atPd, () => slotting.assignLocation(warehouse, unit, aisle)).chosen;
    if (cell === undefined) throw new Error('the aisle is full');
    turnover.exchange(unit, cell);
  }
  const cells = aisles * cellsOf(bays);
  const bytes = (process.memoryUsage().arrayBuffers - before) / cells;
  const figure = (name: string, times: readonly number[]): Figure => ({
    name: `${name}, ${cells.toLocaleString('en')} cells`,
    ...{ unit: 'µs', values: percentiles(times.slice(rounds)) },
    note: `${bytes.toFixed(0)} bytes a cell`,
  });
  return [figure('which of 10 aisles to store in', infeed), figure('which cell of it', atPd)];
}

/** One goes out, wherever it is, for each that comes in. */
class Turnover {
  readonly #warehouse: Warehouse;
  readonly #stored: LoadUnitId[];
  readonly #template: LoadUnit;
  #count = 0;

  constructor(warehouse: Warehouse, units: readonly LoadUnit[]) {
    this.#warehouse = warehouse;
    this.#stored = units.map(({ loadUnit }) => loadUnit);
    this.#template = units[0] as LoadUnit;
  }

  next(): LoadUnit {
    const sku = `SKU-${this.#count % skus}`;
    const lines = this.#template.lines.map((line) => ({ ...line, sku: sku as typeof line.sku }));
    return { ...this.#template, loadUnit: `NEW-${++this.#count}` as LoadUnitId, lines };
  }

  exchange(unit: LoadUnit, place: LocationId): void {
    const { loadUnit } = this.#warehouse.tables;
    loadUnit.load({ ...unit, place });
    const leaving = (this.#count * 7919) % this.#stored.length;
    loadUnit.remove(this.#stored[leaving] as LoadUnitId);
    this.#stored[leaving] = unit.loadUnit;
  }
}

function timed<T>(times: number[], work: () => T): T {
  const startNs = process.hrtime.bigint();
  const result = work();
  times.push(Number(process.hrtime.bigint() - startNs) / 1000);
  return result;
}
