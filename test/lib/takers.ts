import { isFinal } from '../../src/domain/books.ts';
import { leftFor, takersOf } from '../../src/domain/shared-visit.ts';
import type { Warehouse } from '../../src/domain/warehouse.ts';

/**
 * What is wrong with who takes from which load unit: an order and a load unit name each other or neither does, and what
 * orders are promised of it is there.
 */
export function wrongTakers(warehouse: Warehouse): readonly string[] {
  const orders = [...warehouse.tables.order.values()].filter(
    ({ kind, status }) => kind === 'pick' && !isFinal(status),
  );
  const units = [...warehouse.tables.loadUnit.values()];
  const taken = units.flatMap((unit) =>
    unit.workflow?.startsWith('retrieval/') || unit.alsoFor
      ? takersOf(unit).map((order) => ({ unit, order }))
      : [],
  );
  const pairs = taken.map(({ unit, order }) => `${unit.loadUnit} ${order}`);
  const open = orders.flatMap((order) => order.open.map((id) => `${id} ${order.order}`));
  const mine = pairs.filter(
    (_, i) => warehouse.tables.order.get(taken[i]?.order as never)?.kind === 'pick',
  );
  const dayIn = () => '1970-01-01';
  return [
    ...open.filter((pair) => !pairs.includes(pair)).map((pair) => `${pair}: open, and not taken`),
    ...mine.filter((pair) => !open.includes(pair)).map((pair) => `${pair}: taken, and not open`),
    ...pairs.filter((pair, i) => pairs.indexOf(pair) !== i).map((pair) => `${pair}: twice`),
    ...units
      .filter((unit) =>
        leftFor(warehouse, unit, undefined, { dayIn }).lines.some((l) => l.qty <= 0),
      )
      .map(({ loadUnit }) => `${loadUnit}: less than nothing is left`),
  ];
}
