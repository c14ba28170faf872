import type { LoadUnit } from '../../src/domain/books.ts';
import type { LoadUnitId } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { measureAllocations } from './allocations.ts';
import { benchSite, cellsOf } from './bench-site.ts';
import { type Chapter, type Figure, percentiles, timesOf } from './figures.ts';
import { lockDecisions } from './locks.ts';
import { putawayDecisions } from './putaway.ts';
import { steeringDecisions } from './steering.ts';
import { storedUnits } from './stock.ts';

const rounds = 500;
/** SKUs in stock; an order wants some of one. */
const skus = 500;

/** What one decision costs as the warehouse grows: the books in memory, nothing written. */
export function measureDecisions(): Chapter {
  const sizes = [10, 999].map(stockedWarehouse);
  return {
    title: 'One decision in a warehouse that is half full',
    figures: [
      ...sizes.map(slotting),
      ...measureAllocations(),
      ...putawayDecisions(),
      ...lockDecisions(),
      ...steeringDecisions(),
    ],
  };
}

type Stocked = ReturnType<typeof stockedWarehouse>;

function stockedWarehouse(bays: number) {
  const site = benchSite({ conveyors: [], cranes: [], bays });
  const topology = new Topology(site);
  const warehouse = new Warehouse(topology);
  const aisle = site.aisles[0] as Aisle;
  const cells = cellsOf(bays);
  const units = storedUnits(aisle, 1, cells / 2, skus);
  for (const unit of units) warehouse.tables.loadUnit.load(unit);
  return { topology, warehouse, aisle, units, cells };
}

/** Each round stores one load unit, and takes another one out wherever it is. */
function slotting({ topology, warehouse, aisle, units, cells }: Stocked): Figure {
  const chooser = new Slotting(topology);
  const unit = units[0] as LoadUnit;
  const stored = units.map(({ loadUnit }) => loadUnit);
  const times = timesOf(rounds, (round) => {
    const { chosen } = chooser.assignLocation(warehouse, unit, aisle);
    if (chosen === undefined) throw new Error('the aisle is full');
    const loadUnit = `NEW-${round}` as LoadUnitId;
    warehouse.tables.loadUnit.put({ ...unit, loadUnit, place: chosen });
    const leaving = (round * 7919) % stored.length;
    warehouse.tables.loadUnit.remove(stored[leaving] as LoadUnitId);
    stored[leaving] = loadUnit;
  });
  return {
    name: `where to store, ${cells} cells, one goes out for each that comes in`,
    ...{ unit: 'µs', values: percentiles(times) },
  };
}
