import type { LoadUnit } from '../../src/domain/books.ts';
import { type LoadUnitId, type LocationId, OUTSIDE, type Sku } from '../../src/domain/ids.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { cellCode, type Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import type { Ledger } from '../../src/ledger/ledger.ts';
import { loadUnitName } from './plc-process.ts';

const rowsPerCommit = 10_000;

/** The first `count` cells of an aisle, bay by bay. */
function* cellsOf({ aisle, bays, levels }: Aisle): Generator<LocationId> {
  for (let bay = 1; bay <= bays; bay++) {
    for (let level = 1; level <= levels; level++) {
      yield cellCode(aisle, { side: 'L', bay, level, depth: 1 });
      yield cellCode(aisle, { side: 'R', bay, level, depth: 1 });
    }
  }
}

/** Load units `first`, `first + 1` … in so many cells of an aisle, each with a line of stock. */
export function storedUnits(aisle: Aisle, first: number, count: number, skus: number): LoadUnit[] {
  const cells = cellsOf(aisle);
  return Array.from({ length: count }, (_, i) => {
    const place = cells.next().value as LocationId;
    const no = first + i;
    return {
      loadUnit: loadUnitName(no) as LoadUnitId,
      handle: no,
      lpn: loadUnitName(no),
      type: 'TOTE',
      lines: [{ sku: `SKU-${no % skus}` as Sku, qty: 10, stockStatus: 'available' }],
      status: 'present',
      ...{ place, toldPlace: place, confidence: 'sensed', movedNo: no, receivedNo: no },
    };
  });
}

/** Books with these load units, and a ledger that says how they came there. */
export function stockLedger(ledger: Ledger, topology: Topology, units: readonly LoadUnit[]): void {
  const warehouse = new Warehouse(topology);
  for (let from = 0; from < units.length; from += rowsPerCommit) {
    const part = units.slice(from, from + rowsPerCommit);
    for (const unit of part) warehouse.tables.loadUnit.put(unit);
    warehouse.tables.counter.put({ name: 'handle', value: from + part.length });
    ledger.commit({
      ...{ atMs: 0, causes: [], events: [], reasons: [], answered: [] },
      movements: part.map(({ loadUnit, place: to }, i) => {
        return {
          no: from + i + 1,
          atMs: 0,
          cause: 'bench',
          loadUnit,
          from: OUTSIDE,
          to,
          by: 'bench',
        };
      }),
      rows: warehouse.takeChanges(),
    });
  }
}
