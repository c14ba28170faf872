import type { LoadUnit, Movement } from '../../src/domain/books.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { Rows, TableName, Tables } from '../../src/domain/warehouse.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import type { Commit } from '../../src/ports/store.ts';
import { at, demoTopology, id } from './demo.ts';

const none = new Warehouse(demoTopology).takeChanges();

/** Rows of some tables; the others have not changed. */
export const rowsOf = (rows: Partial<Rows>): Rows => ({ ...none, ...rows });

export const row = <T extends TableName>(key: string, value: Tables[T]): [string, Tables[T]] => [
  key,
  value,
];

export const commitOf = (more: Partial<Commit> = {}): Commit => ({
  atMs: 1_000,
  causes: [],
  movements: [],
  events: [],
  reasons: [],
  answered: [],
  rows: none,
  ...more,
});

export const movement = (
  no: number,
  name: string,
  [from, to]: readonly [string, string],
  cause = `crane-1/event/${no}`,
): Movement => ({
  ...{ no, atMs: 1_000, cause, loadUnit: id(name), from: at(from), to: at(to), by: 'crane-1' },
});

/** Load units that come in and stand at their place: rows and movements that agree. */
export function standing(units: readonly LoadUnit[], firstNo = 1): Commit {
  return commitOf({
    causes: units.map(({ loadUnit }) => `test/${loadUnit}`),
    movements: units.map(({ loadUnit, place }, i) =>
      movement(firstNo + i, loadUnit, ['OUTSIDE', place], `test/${loadUnit}`),
    ),
    rows: rowsOf({
      loadUnit: units.map((unit, i) => {
        const no = firstNo + i;
        return [unit.loadUnit, { ...unit, movedNo: no, receivedNo: no }];
      }),
      counter: [
        ['handle', { name: 'handle', value: Math.max(0, ...units.map(({ handle }) => handle)) }],
      ],
    }),
  });
}

export const moved = (unit: LoadUnit, place: LocationId): LoadUnit => ({ ...unit, place });
