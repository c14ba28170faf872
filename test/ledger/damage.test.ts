import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LedgerDamagedError } from '../../src/domain/errors.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { commitOf, moved, movement, rowsOf, standing } from '../lib/commits.ts';
import { cell, demoTopology, loadUnit } from '../lib/demo.ts';

let folder: string;
let db: DatabaseSync;
const file = () => join(folder, 'ledger.db');
const t1 = loadUnit('T-1', cell(1));
const t2 = loadUnit('T-2', cell(2));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-damage-'));
  db = openLedger(file());
  const ledger = new Ledger(db, demoTopology, { nonce: 7, nowMs: 0 });
  ledger.commit(standing([t1, t2]));
  ledger.commit(
    commitOf({
      movements: [movement(3, 'T-1', [cell(1), cell(3)])],
      rows: rowsOf({ loadUnit: [['T-1', moved(t1, cell(3))]] }),
      events: [{ sequence: 1, epoch: 1, name: 'order', atMs: 1, subject: 's', data: {} }],
    }),
  );
});
afterEach(() => {
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true });
});
const load = () => {
  db.close();
  db = openLedger(file());
  new Ledger(db, demoTopology, { nonce: 8, nowMs: 0 }).load(new Warehouse(demoTopology));
};
const unguarded = (...statements: string[]) => {
  db.exec('DROP TRIGGER movement_update; DROP TRIGGER movement_delete');
  for (const statement of statements) db.exec(statement);
};

test('what nobody has touched is loaded', () => {
  expect(load).not.toThrow();
});

describe('history cannot be edited', () => {
  test.each([
    "UPDATE movement SET to_id = 'B'",
    'DELETE FROM movement',
    'INSERT OR REPLACE INTO movement SELECT * FROM movement WHERE no = 1',
    "UPDATE outbox SET data = '{}'",
  ])('%s', (statement) => {
    expect(() => db.exec(statement)).toThrow('append-only');
  });
});

describe('the chain is broken', () => {
  test.each([
    ['a movement changed behind our back', `UPDATE movement SET to_id = '${cell(9)}' WHERE no = 2`],
    ['another time', 'UPDATE movement SET at_ms = 0 WHERE no = 2'],
    ['another person', "UPDATE movement SET by_id = 'operator/eve' WHERE no = 1"],
    ['a movement taken out of the middle', 'DELETE FROM movement WHERE no = 2'],
    ['a movement taken out of the front', 'DELETE FROM movement WHERE no = 1'],
    [
      'a movement put in',
      "INSERT INTO movement VALUES (4, 0, 'c', 'T-2', 'A', 'B', 'x', NULL, '')",
    ],
    ['its hash', "UPDATE movement SET hash = '' WHERE no = 3"],
  ])('%s', (_, statement) => {
    unguarded(statement);
    expect(load).toThrow(LedgerDamagedError);
  });
});

describe('history and stock disagree', () => {
  test.each([
    ['the last movement is gone', 'DELETE FROM movement WHERE no = 3'],
    ['all movements are gone', 'DELETE FROM movement'],
    [
      'a load unit stands elsewhere',
      `UPDATE load_unit SET body = json_set(body, '$.place', '${cell(9)}') WHERE load_unit = 'T-2'`,
    ],
    ['a load unit is gone', "DELETE FROM load_unit WHERE load_unit = 'T-2'"],
  ])('%s', (_, statement) => {
    unguarded(statement);
    expect(load).toThrow('History and stock do not agree');
  });
});

test('a ledger of a newer version is left alone', () => {
  db.exec('PRAGMA user_version = 999');
  const tables = db.prepare('SELECT count(*) AS n FROM sqlite_schema').get();
  expect(load).toThrow('newer than this program');
  db = new DatabaseSync(file());
  expect(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()).toEqual(tables);
});

test('a file that is no ledger is not taken for one', () => {
  db.close();
  writeFileSync(file(), 'not a database, but long enough to be looked at as if it were one');
  expect(() => openLedger(file())).toThrow(LedgerDamagedError);
});

test('a page that was overwritten is found when the file is opened', () => {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  db.close();
  const bytes = readFileSync(file());
  bytes.fill(0xa5, 4096, 3 * 4096);
  writeFileSync(file(), bytes);
  expect(() => openLedger(file())).toThrow(LedgerDamagedError);
});

test('every open writes through to the disk before it says that it has', () => {
  db.close();
  db = openLedger(file());
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
  expect(db.prepare('PRAGMA recursive_triggers').get()).toEqual({ recursive_triggers: 1 });
});

test('closing brings all of it into the file, though somebody still reads', () => {
  const reader = new DatabaseSync(file());
  reader.prepare('SELECT count(*) FROM movement').get();
  expect(statSync(`${file()}-wal`).size).toBeGreaterThan(0);
  new Ledger(db, demoTopology, { nonce: 9, nowMs: 0 }).close();
  expect(statSync(`${file()}-wal`).size).toBe(0);
  reader.close();
});

test('closing leaves one tidy file behind', () => {
  db.close();
  db = openLedger(file());
  new Ledger(db, demoTopology, { nonce: 9, nowMs: 0 }).close();
  expect(readdirSync(folder)).toEqual(['ledger.db']);
});
