import { allocate } from '../../src/domain/allocation.ts';
import type { LoadUnit } from '../../src/domain/books.ts';
import type { LoadUnitId, LocationId, Sku } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { orderFor } from './allocations.ts';
import { benchSite, cellsOf } from './bench-site.ts';
import { type Figure, percentiles, timesOf } from './figures.ts';
import { storedUnits } from './stock.ts';

const bays = 999;
const aisles = 10;
const skus = 500;
const rounds = 300;
const around = { dayIn: () => '2026-01-01', whyStopped: () => undefined };

/** What locks cost in a million cells that are half full: to set, and in every decision after that. */
export function lockDecisions(): Figure[] {
  const { warehouse, slotting, all, unit } = stocked();
  const [first] = all as [Aisle];
  const set = (part: string, isSet: boolean) => {
    const { partLock } = warehouse.tables;
    const row = { part, lock: 'both', reason: 'bench', by: 'operator/bench', atMs: 0 } as const;
    if (isSet) partLock.load(row);
    else partLock.remove(part);
  };
  const toggled = (part: string) => timesOf(rounds, (round) => set(part, round % 2 === 0));
  const range = `${first.aisle}-L-001..100-01..${first.levels}`;
  // Now that everybody watches who does in a running site.
  slotting.assignLocation(warehouse, unit, first);
  for (let n = 0; n < skus; n++) allocate(warehouse, orderFor(`SKU-${n}` as Sku, 'fifo'), around);
  const figures = [
    figure('lock or unlock an aisle of 100,000 cells', toggled('A02')),
    figure(`lock or unlock a range of ${100 * first.levels * first.depths} cells`, toggled(range)),
  ];
  // The oldest of each SKU stand in the aisles that are locked.
  for (let aisle = 1; aisle < 5; aisle++) set(nameOf(aisle), true);
  const last = all.at(-1) as Aisle;
  for (let bay = 500; bay < 600; bay++) set(`${last.aisle}-L-${bay}`, true);
  return [
    ...figures,
    figure(
      'which cell, with 100 ranges of the aisle locked',
      timesOf(rounds, (round) => {
        const { chosen } = slotting.assignLocation(warehouse, unit, last);
        if (chosen === undefined) throw new Error('the aisle is full');
        warehouse.tables.loadUnit.put({ ...unit, loadUnit: idOf(round), place: chosen });
        warehouse.tables.loadUnit.remove(idOf(round - 1));
      }),
    ),
    figure(
      'which load units an order gets by fifo, with 4 of 10 aisles locked',
      timesOf(rounds, (round) => {
        const order = orderFor(`SKU-${round % skus}` as Sku, 'fifo');
        if (allocate(warehouse, order, around).loadUnits.length === 0) throw new Error('none');
      }),
    ),
  ];
}

const nameOf = (n: number): string => `A${String(n).padStart(2, '0')}`;
const idOf = (round: number): LoadUnitId => `NEW-${round}` as LoadUnitId;

function stocked() {
  const site = benchSite({ conveyors: [], cranes: [], bays });
  const [one] = site.aisles as [Aisle];
  const all = Array.from({ length: aisles }, (_, i) => ({ ...one, aisle: nameOf(i + 1) }));
  const topology = new Topology({ ...site, aisles: all });
  const warehouse = new Warehouse(topology);
  const perAisle = cellsOf(bays) / 2;
  const units = all.flatMap((aisle, i) => storedUnits(aisle, 1 + i * perAisle, perAisle, skus));
  for (const unit of units) warehouse.tables.loadUnit.load(unit);
  const slotting = new Slotting(topology);
  const unit = { ...(units[0] as LoadUnit), place: 'IN-01' as LocationId };
  return { warehouse, slotting, all, unit };
}

const figure = (name: string, times: readonly number[]): Figure => ({
  ...{ name, unit: 'µs', values: percentiles(times) },
});
