import type { DatabaseSync, SQLInputValue } from 'node:sqlite';
import { startsMission } from '../domain/crane-command.ts';
import type { Topology } from '../domain/topology.ts';
import type { TableName, Tables } from '../domain/warehouse.ts';

/** Where a table of the books lives in SQL: its key, and the columns beside `body`. */
interface SqlTable<Row> {
  readonly name: string;
  readonly key: string;
  /** Rows that a start needs; the others are history. */
  readonly needed?: string;
  readonly columns?: Readonly<Record<string, (row: Row, topology: Topology) => SQLInputValue>>;
}

const sqlTables: { readonly [T in TableName]: SqlTable<Tables[T]> } = {
  loadUnit: {
    name: 'load_unit',
    key: 'load_unit',
    columns: {
      handle: (row) => row.handle,
      status: (row) => row.status,
      place: (row) => row.place,
      cell: (row, topology) => (topology.capacityOf(row.place) === 1 ? row.place : null),
    },
  },
  sku: { name: 'sku', key: 'sku' },
  demand: { name: 'demand', key: 'sku' },
  signal: { name: 'signal', key: 'sku' },
  order: {
    name: 'transport_order',
    key: 'order_id',
    columns: { host: (row) => row.host, status: (row) => row.status },
  },
  reservation: {
    name: 'reservation',
    key: 'location',
    columns: { load_unit: (row) => row.loadUnit },
  },
  lock: { name: 'location_lock', key: 'location' },
  partLock: { name: 'part_lock', key: 'part' },
  request: { name: 'crane_request', key: 'workflow' },
  mission: {
    name: 'mission',
    key: 'mission',
    needed: 'moving IS NOT NULL OR verdict IS NULL',
    columns: {
      crane: (row) => row.crane,
      seq: (row) => row.seq,
      moving: (row) => (row.state !== 'settled' && startsMission(row.command) ? row.crane : null),
      verdict: (row) => row.verdict ?? null,
    },
  },
  crane: { name: 'crane', key: 'crane' },
  takeOver: { name: 'take_over', key: 'device', columns: { epoch: (row) => row.epoch } },
  mode: { name: 'device_mode', key: 'device', columns: { mode: (row) => row.mode } },
  point: { name: 'decision_point', key: 'point' },
  label: {
    name: 'label',
    key: 'label',
    needed: "status NOT IN ('verified', 'failed')",
    columns: { status: (row) => row.status },
  },
  labelWish: { name: 'label_wish', key: 'label', columns: { host: (row) => row.host } },
  step: { name: 'station_step', key: 'workflow', columns: { station: (row) => row.station } },
  station: { name: 'station', key: 'station' },
  discrepancy: { name: 'discrepancy', key: 'no', columns: { state: (row) => row.state } },
  host: { name: 'host', key: 'host' },
  workflow: { name: 'workflow', key: 'workflow', columns: { machine: (row) => row.machine } },
  timer: { name: 'timer', key: 'timer', columns: { due_ms: (row) => row.dueMs } },
  counter: { name: 'counter', key: 'name', columns: { value: (row) => row.value } },
};

export const tableNames = Object.keys(sqlTables) as TableName[];

function textsOf({ name, key, needed = 'TRUE', columns = {} }: SqlTable<never>) {
  const all = [key, ...Object.keys(columns), 'body'];
  const takesOver = all.slice(1).map((column) => `${column} = excluded.${column}`);
  return {
    upsert: `INSERT INTO ${name} (${all.join(', ')}) VALUES (${all.map(() => '?').join(', ')})
     ON CONFLICT (${key}) DO UPDATE SET ${takesOver.join(', ')}`,
    remove: `DELETE FROM ${name} WHERE ${key} = ?`,
    select: `SELECT body FROM ${name} WHERE ${needed}`,
  };
}

const sqlOf = Object.fromEntries(
  tableNames.map((table) => [table, textsOf(sqlTables[table] as SqlTable<never>)]),
);

export interface TableStore<Row> {
  write(key: string, row: Row | undefined): void;
  rows(): Iterable<Row>;
}

/** Statements for one table, prepared once. */
export function tableStore<T extends TableName>(
  db: DatabaseSync,
  table: T,
  topology: Topology,
): TableStore<Tables[T]> {
  const { columns = {} } = sqlTables[table] as SqlTable<Tables[T]>;
  const texts = sqlOf[table] as ReturnType<typeof textsOf>;
  const [upsert, remove] = [db.prepare(texts.upsert), db.prepare(texts.remove)];
  const select = db.prepare(texts.select);
  const values = Object.values(columns);
  return {
    write(rowKey, row) {
      if (row === undefined) remove.run(rowKey);
      else upsert.run(rowKey, ...values.map((of) => of(row, topology)), JSON.stringify(row));
    },
    *rows() {
      for (const { body } of select.iterate()) yield JSON.parse(String(body)) as Tables[T];
    },
  };
}
