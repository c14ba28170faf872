import { allocate } from '../../src/domain/allocation.ts';
import type { LoadUnit, Order } from '../../src/domain/books.ts';
import type { LoadUnitId, LocationId, OrderId, Sku } from '../../src/domain/ids.ts';
import type { Aisle, Site } from '../../src/domain/site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { benchSite, cellsOf } from './bench-site.ts';
import { type Figure, percentiles } from './figures.ts';
import { storedUnits } from './stock.ts';

const rounds = 500;
/** An order wants some of one; each is asked for in the first rounds, which are not counted. */
const skus = 500;
const bays = 999;
const around = { dayIn: () => '2026-01-01', whyStopped: () => undefined };
const rules = ['fifo', 'fefo', 'nearest', 'fewest'] as const;

/** What it costs to choose load units for an order as the warehouse grows, aisle by aisle, half full. */
export function measureAllocations(): Figure[] {
  return [10_000, 100_000, 1_000_000].flatMap((cells) => {
    const { warehouse, units } = stocked(cells);
    return rules.map((rule) => allocations(warehouse, { rule, units, cells }));
  });
}

function stocked(cells: number): { warehouse: Warehouse; units: LoadUnit[] } {
  const site = benchSite({ conveyors: [], cranes: [], bays });
  const [first] = site.aisles as [Aisle];
  const aisles = Array.from({ length: Math.ceil(cells / cellsOf(bays)) }, (_, i) => ({
    ...first,
    aisle: `A${String(i + 1).padStart(2, '0')}`,
  }));
  const warehouse = new Warehouse(new Topology({ ...site, aisles } as Site));
  const perAisle = Math.floor(cells / aisles.length / 2);
  const units = aisles.flatMap((aisle, i) => storedUnits(aisle, 1 + i * perAisle, perAisle, skus));
  for (const unit of units) warehouse.tables.loadUnit.load(unit);
  return { warehouse, units };
}

/** Between two orders what one got leaves the warehouse and comes back as new. */
function allocations(
  warehouse: Warehouse,
  { rule, units, cells }: { rule: (typeof rules)[number]; units: LoadUnit[]; cells: number },
): Figure {
  const times: number[] = [];
  let no = units.length;
  for (let round = -skus; round < rounds; round++) {
    const order = orderFor(`SKU-${(round + skus) % skus}` as Sku, rule);
    const startNs = process.hrtime.bigint();
    const { loadUnits } = allocate(warehouse, order, around);
    if (round >= 0) times.push(Number(process.hrtime.bigint() - startNs) / 1000);
    if (loadUnits.length === 0) throw new Error('nothing was found');
    for (const loadUnit of loadUnits) comeBack(warehouse, loadUnit, ++no);
  }
  return {
    name: `which load units an order gets by ${rule}, ${cells} cells, ${skus} SKUs`,
    ...{ unit: 'µs', values: percentiles(times) },
  };
}

function comeBack(warehouse: Warehouse, loadUnit: LoadUnitId, receivedNo: number): void {
  const unit = warehouse.loadUnit(loadUnit) as LoadUnit;
  warehouse.tables.loadUnit.put({ ...unit, place: 'OUTSIDE' as LocationId });
  warehouse.tables.loadUnit.put({ ...unit, receivedNo });
}

export function orderFor(sku: Sku, rule: (typeof rules)[number]): Order {
  return {
    order: 'O-1' as OrderId,
    host: 'wms' as Order['host'],
    station: 'PICK-01' as Order['station'],
    ...{ kind: 'retrieval', content: '', no: 1, priority: 5, hold: false },
    lines: [{ sku, qty: 25, stockStatus: 'available', qtyDone: 0 }],
    ...(rule === 'fewest' ? { split: rule } : { strategy: rule }),
    ...{ ifShort: 'wait', status: 'queued', revision: 1, changedAtMs: 0 },
    ...{ loadUnits: [], open: [], reasons: [] },
  };
}
