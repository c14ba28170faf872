import { createHash } from 'node:crypto';
import type { Evidence } from '../evidence.ts';
import { invariantOf } from './invariant.ts';
import { all, asText, doubles, isSameText } from './rows.ts';

const triggers = ['movement_update', 'movement_delete', 'outbox_update'];

export const appendOnly = invariantOf(
  'I16',
  'History is only appended to: dense numbers, an unbroken chain, and no way to change a row',
  [],
  ({ db }) => {
    const found: string[] = [];
    let previous = '';
    all(db, 'SELECT * FROM movement ORDER BY no').forEach((row, i) => {
      if (row['no'] !== i + 1)
        found.push(`movement ${i + 1} is missing: ${row['no']} stands in its place`);
      const { hash, ...said } = row;
      const columns = [
        'no',
        'at_ms',
        'cause',
        'load_unit',
        'from_id',
        'to_id',
        'by_id',
        'order_id',
      ];
      const own = JSON.stringify([previous, ...columns.map((column) => said[column])]);
      const right = createHash('sha256').update(own).digest('hex');
      if (right !== hash)
        found.push(`movement ${row['no']} has the hash ${hash}, and its content ${right}`);
      previous = String(hash);
    });
    const known = new Set(
      all(db, "SELECT name FROM sqlite_schema WHERE type = 'trigger'").map(({ name }) => name),
    );
    const open = triggers.filter((name) => !known.has(name));
    return [...found, ...open.map((name) => `nothing forbids what ${name} has forbidden`)];
  },
);

/** Where a table of the books is stored, where its name does not say so. */
const names: Readonly<Record<string, string>> = {
  ...{ order: 'transport_order', lock: 'location_lock', request: 'crane_request' },
  ...{ mode: 'device_mode', point: 'decision_point', step: 'station_step' },
};
const storedAs = (table: string): string =>
  names[table] ?? table.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Ended ones may be gone from memory; they stay on disk. */
const forgotten = new Set(['mission', 'label']);

export const sameFromDisk = invariantOf(
  'I23',
  'What the controller knows is what is stored: two starts from one image are the same',
  [],
  (evidence) => {
    const differing = doubles(evidence.starts ?? [], ({ image }) => image).flatMap(([, both]) =>
      new Set(both.map(({ state }) => state)).size === 1
        ? []
        : [
            `starts ${both.map(({ generation }) => generation)} read one image, and know different things`,
          ],
    );
    const tables = new Map<string, ReturnType<Disk>>();
    const disk: Disk = (table) => {
      if (!tables.has(table)) tables.set(table, storedOf(evidence, table));
      return tables.get(table);
    };
    return [...differing, ...fromCommits(evidence, disk), ...fromMemory(evidence, disk)];
  },
);

/** The rows of a table on disk by key; undefined: the ledger has no such table. */
type Disk = (table: string) => ReadonlyMap<string, string> | undefined;

function storedOf({ db }: Evidence, table: string): ReturnType<Disk> {
  const name = storedAs(table);
  const [key] = all(db, `SELECT name FROM pragma_table_info('${name}') WHERE pk = 1`);
  if (key === undefined) return undefined;
  const rows = all(db, `SELECT ${key['name']} AS key, body FROM ${name}`);
  return new Map(rows.map((row) => [String(row['key']), String(row['body'])]));
}

/** Every row is what the last commit with it has said. */
function fromCommits({ commits }: Evidence, disk: Disk): string[] {
  if (commits === undefined) return [];
  const last = new Map<string, Map<string, unknown>>();
  for (const { commit, outcome } of commits) {
    if (outcome === 'failed') continue;
    for (const [table, rows] of Object.entries(commit.rows)) {
      const kept = last.get(table) ?? new Map<string, unknown>();
      for (const [key, row] of rows) kept.set(key, row);
      last.set(table, kept);
    }
  }
  return [...last.keys()].flatMap((table) => {
    const stored = disk(table);
    if (stored === undefined) return [`${table} is committed, and stored nowhere`];
    const said = new Map(
      [...(last.get(table) ?? [])].flatMap(([key, row]): [string, string][] =>
        row === undefined ? [] : [[key, asText(row)]],
      ),
    );
    return differences(`${table} of the commits`, said, 'on disk', stored);
  });
}

/** The running controller believes nothing else than what is on disk. */
function fromMemory({ memory }: Evidence, disk: Disk): string[] {
  return [...(memory ?? [])].flatMap(([table, rows]) => {
    const stored = disk(table);
    if (stored === undefined) return [`${table} is in memory, and stored nowhere`];
    const known = new Map([...rows].map(([key, row]) => [key, asText(row)]));
    const expected = forgotten.has(table)
      ? new Map([...stored].filter(([key]) => known.has(key)))
      : stored;
    return differences(`${table} in memory`, known, 'on disk', expected);
  });
}

function differences(
  one: string,
  left: ReadonlyMap<string, string>,
  other: string,
  right: ReadonlyMap<string, string>,
): string[] {
  return [...new Set([...left.keys(), ...right.keys()])]
    .filter(
      (key) => !isSameText(left.get(key) ?? asText(undefined), right.get(key) ?? asText(undefined)),
    )
    .map(
      (key) =>
        `${one}: ${key} is ${left.get(key) ?? 'absent'}, and ${other} ${right.get(key) ?? 'absent'}`,
    );
}
