import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LoadUnit, Order } from '../../src/domain/books.ts';
import { isFinal } from '../../src/domain/books.ts';
import type { Sku, Sscc } from '../../src/domain/ids.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { at, cell, demoTopology, id, loadUnit, stock } from '../lib/demo.ts';

const places = [cell(1), cell(2), at('PICK-01'), at('OUTSIDE')];
const skus = ['A', 'B'] as Sku[];
/** Two labels for each load unit: a number belongs to one, but it can be labeled anew. */
const ssccsOf = (name: string) => [`${name}/first`, `${name}/second`] as Sscc[];
const ssccs = ['T-1', 'T-2', 'T-3'].flatMap(ssccsOf);

const unit = fc
  .record({
    name: fc.constantFrom('T-1', 'T-2', 'T-3'),
    place: fc.constantFrom(...places),
    sku: fc.option(fc.constantFrom('A', 'B')),
    label: fc.nat(2),
  })
  .map(({ name, place, sku, label }) => {
    const sscc = ssccsOf(name)[label];
    return loadUnit(name, place, { sscc, lines: sku === null ? [] : [stock(sku, 1)] });
  });

/** What the indexes of a warehouse answer, and the same counted from the rows. */
function answers(warehouse: Warehouse) {
  const rows = [...warehouse.tables.loadUnit.values()];
  const names = (units: readonly LoadUnit[]) => units.map((row) => row.loadUnit).sort();
  const asked = {
    at: places.map((place) => names(warehouse.at(place))),
    counts: places.map((place) => warehouse.countAt(place)),
    skus: skus.map((name) => names(warehouse.withSku(name))),
  };
  const counted = {
    at: places.map((place) => names(rows.filter((row) => row.place === place))),
    counts: places.map((place) => rows.filter((row) => row.place === place).length),
    skus: skus.map((name) => names(rows.filter((row) => row.lines.some((l) => l.sku === name)))),
  };
  return { asked, counted, rows };
}

test('what the indexes say is what a recount of the rows says', () => {
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 20 }), (history) => {
      const warehouse = new Warehouse(demoTopology);
      for (const row of history) warehouse.tables.loadUnit.put(row);
      const { asked, counted } = answers(warehouse);
      expect(asked).toEqual(counted);
    }),
  );
});

test('an SSCC leads to the load unit that bears it now, or to none', () => {
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 20 }), (history) => {
      const warehouse = new Warehouse(demoTopology);
      for (const row of history) warehouse.tables.loadUnit.put(row);
      for (const sscc of ssccs) {
        const bearer = answers(warehouse).rows.find((row) => row.sscc === sscc);
        expect(warehouse.bySscc(sscc)).toEqual(bearer);
      }
    }),
  );
});

test('a lane keeps the order of coming in, also when its load units change on the spot', () => {
  const warehouse = new Warehouse(demoTopology);
  const lane = at('A01-PD-OUT');
  for (const name of ['T-1', 'T-2', 'T-3']) warehouse.tables.loadUnit.put(loadUnit(name, lane));
  warehouse.tables.loadUnit.put(loadUnit('T-1', lane, { confidence: 'scanned' }));
  warehouse.tables.loadUnit.put(loadUnit('T-2', cell(1)));
  warehouse.tables.loadUnit.put(loadUnit('T-2', lane));
  expect(warehouse.at(lane).map((row) => row.loadUnit)).toEqual(['T-1', 'T-3', 'T-2']);
});

test('what is reserved for a load unit is what the rows say', () => {
  const reservation = fc.record({
    location: fc.constantFrom(...places),
    loadUnit: fc.constantFrom(id('T-1'), id('T-2')),
    isFreed: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.array(reservation, { maxLength: 20 }), (history) => {
      const warehouse = new Warehouse(demoTopology);
      const { reservation: table } = warehouse.tables;
      for (const { isFreed, ...row } of history) {
        if (isFreed) table.remove(row.location);
        else table.put(row);
      }
      for (const name of [id('T-1'), id('T-2')]) {
        const counted = [...table.values()].filter((row) => row.loadUnit === name);
        expect([...warehouse.reservedFor(name)].sort()).toEqual(
          counted.map((row) => row.location).sort(),
        );
      }
    }),
  );
});

const order = fc.record({
  order: fc.constantFrom('SO-1', 'SO-2', 'SO-3'),
  status: fc.constantFrom('queued', 'active', 'held', 'completed', 'canceled', 'failed'),
});

test('open orders are those that are not final', () => {
  fc.assert(
    fc.property(fc.array(order, { maxLength: 20 }), (history) => {
      const warehouse = new Warehouse(demoTopology);
      for (const row of history) warehouse.tables.order.put(row as Order);
      const open = [...warehouse.openOrders()].map((row) => row.order).sort();
      const rows = [...warehouse.tables.order.values()];
      expect(open).toEqual(
        rows
          .filter((row) => !isFinal(row.status))
          .map((row) => row.order)
          .sort(),
      );
    }),
  );
});

test('numbers of a series are given out once each, from 1, and stored with what they number', () => {
  const warehouse = new Warehouse(demoTopology);
  expect([warehouse.counter('handle'), warehouse.next('handle'), warehouse.next('handle')]).toEqual(
    [0, 1, 2],
  );
  expect(warehouse.takeChanges().counter).toEqual([['handle', { name: 'handle', value: 2 }]]);
});
