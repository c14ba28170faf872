import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Table } from '../../src/domain/table.ts';

interface Row {
  readonly key: string;
  readonly value: number;
}

const key = fc.constantFrom('a', 'b', 'c');
const step = fc.oneof(
  fc.record({ do: fc.constant('put' as const), key, value: fc.nat(9) }),
  fc.record({ do: fc.constant('load' as const), key, value: fc.nat(9) }),
  fc.record({ do: fc.constant('remove' as const), key }),
  fc.record({ do: fc.constant('forgetOdd' as const) }),
  fc.record({ do: fc.constant('forgetOldest' as const), max: fc.nat(3) }),
  fc.record({ do: fc.constant('take' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never;

/** A disk that gets what is taken, and the rows that it should hold. */
function play(steps: readonly Step[]) {
  const table = new Table<string, Row>((row) => row.key);
  const disk = new Map<string, Row>();
  const truth = new Map<string, Row>();
  const take = () => {
    for (const [name, row] of table.takeChanges()) {
      if (row === undefined) disk.delete(name);
      else disk.set(name, row);
    }
  };
  const actions = {
    put: ({ key: name, value }: Row) => {
      table.put({ key: name, value });
      truth.set(name, { key: name, value });
    },
    // Only what is on disk is loaded.
    load: ({ key: name }: Row) => {
      const row = disk.get(name);
      if (row !== undefined && !table.has(name) && truth.get(name) === row) table.load(row);
    },
    remove: ({ key: name }: Row) => {
      if (table.has(name)) truth.delete(name);
      table.remove(name);
    },
    forgetOdd: () => table.forgetWhere(({ value }) => value % 2 === 1),
    forgetOldest: ({ max }: { max: number }) => table.forgetOldest(max, () => true),
    take,
  };
  for (const { do: action, ...rest } of steps) actions[action](rest as never);
  take();
  return { table, disk, truth };
}

test('whatever is forgotten in between, the disk gets every change', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { disk, truth } = play(steps);
      expect(new Map([...disk].sort())).toEqual(new Map([...truth].sort()));
    }),
  );
});

test('memory never holds what is not true', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const { table, truth } = play(steps);
      for (const row of table.values()) expect(truth.get(row.key)).toEqual(row);
    }),
  );
});

test('of many that may go, the oldest go and as many as necessary', () => {
  const table = new Table<string, Row>((row) => row.key);
  for (const [value, name] of ['a', 'b', 'c', 'd'].entries()) table.put({ key: name, value });
  table.forgetOldest(2, ({ key: name }) => name !== 'a');
  expect([...table.values()].map((row) => row.key)).toEqual(['a', 'd']);
});

test('as many rows as may be held are all held', () => {
  const table = new Table<string, Row>((row) => row.key);
  for (const name of ['a', 'b']) table.put({ key: name, value: 1 });
  table.forgetOldest(2, () => true);
  expect(table.size).toBe(2);
});

test('an index is told of every change with what was before, also while rows are loaded and forgotten', () => {
  const told: [number | undefined, number | undefined][] = [];
  const watch = (before?: Row, after?: Row) => told.push([before?.value, after?.value]);
  const table = new Table<string, Row>((row) => row.key, watch);
  table.load({ key: 'a', value: 1 });
  table.put({ key: 'a', value: 2 });
  table.remove('a');
  table.remove('a');
  table.put({ key: 'b', value: 3 });
  table.forgetWhere(() => true);
  expect(told).toEqual([
    [undefined, 1],
    [1, 2],
    [2, undefined],
    [undefined, 3],
    [3, undefined],
  ]);
});

test('a change is taken once, in its newest state', () => {
  const table = new Table<string, Row>((row) => row.key);
  table.put({ key: 'a', value: 1 });
  table.put({ key: 'a', value: 2 });
  table.load({ key: 'b', value: 1 });
  expect(table.takeChanges()).toEqual([['a', { key: 'a', value: 2 }]]);
  expect(table.takeChanges()).toEqual([]);
});

test('a row that is loaded is there, and is no change', () => {
  const table = new Table<string, Row>((row) => row.key);
  table.load({ key: 'a', value: 1 });
  expect([table.get('a'), table.takeChanges()]).toEqual([{ key: 'a', value: 1 }, []]);
});
