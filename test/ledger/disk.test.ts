import { chmodSync, cpSync, mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/domain/errors.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { takeDataFolder } from '../../src/machine/data-folder.ts';
import { commitOf, movement, rowsOf, standing } from '../lib/commits.ts';
import { cell, demoTopology, loadUnit } from '../lib/demo.ts';

let folder: string;
let db: DatabaseSync;
let ledger: Ledger;
const file = () => join(folder, 'ledger.db');
const t1 = loadUnit('T-1', cell(1));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-disk-'));
  db = openLedger(file());
  ledger = new Ledger(db, demoTopology, { nonce: 7, nowMs: 0 });
  ledger.commit(standing([t1]));
});
afterEach(() => {
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true });
});

/** What a start reads of the ledger in a folder. */
function started(path = file()) {
  const other = openLedger(path);
  try {
    const warehouse = new Warehouse(demoTopology);
    const again = new Ledger(other, demoTopology, { nonce: 8, nowMs: 0 });
    again.load(warehouse);
    return {
      movements: again.lastMovement(),
      place: warehouse.tables.loadUnit.get(t1.loadUnit)?.place,
    };
  } finally {
    other.close();
  }
}

const step = (no: number, from: number, to: number) =>
  commitOf({
    movements: [movement(no, 'T-1', [cell(from), cell(to)])],
    rows: rowsOf({ loadUnit: [['T-1', { ...t1, place: cell(to), movedNo: no, receivedNo: 1 }]] }),
  });

describe('a disk that is full', () => {
  const pages = () => Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
  const limit = (max: number) => db.exec(`PRAGMA max_page_count = ${max}`);
  const big = commitOf({
    ...step(2, 1, 2),
    reasons: Array.from({ length: 500 }, () => ({
      subject: 'T-1',
      atMs: 1,
      text: 'x'.repeat(500),
    })),
  });

  test('in the midst of a commit leaves nothing of it, and no transaction open', () => {
    limit(pages());
    // It is not the books that do not allow it.
    expect(() => ledger.commit(big)).toThrow(/^database or disk is full$/);
    expect(db.isTransaction).toBe(false);
    expect(ledger.lastMovement()).toBe(1);
    db.close();
    expect(started()).toEqual({ movements: 1, place: cell(1) });
  });

  test('takes the same commit once there is room again', () => {
    limit(pages());
    expect(() => ledger.commit(big)).toThrow('full');
    limit(1_000_000);
    ledger.commit(big);
    db.close();
    expect(started()).toEqual({ movements: 2, place: cell(2) });
  });
});

test.each([
  ['full', 13, false],
  ['damaged', 11, true],
])(
  'a stop on a disk that is %s closes the file, and is told only if a start cannot do without',
  (_, errcode, isTold) => {
    db.exec = () => {
      throw Object.assign(new Error('no checkpoint'), { errcode });
    };
    const stop = () => ledger.close();
    if (isTold) expect(stop).toThrow('no checkpoint');
    else expect(stop).not.toThrow();
    expect(db.isOpen).toBe(false);
    expect(started()).toEqual({ movements: 1, place: cell(1) });
  },
);

describe('a folder that cannot be written', () => {
  const isRoot = process.geteuid?.() === 0;
  // Nothing is forbidden to root: the test goes on as nobody.
  beforeEach(() => {
    db.close();
    chmodSync(folder, 0o555);
    chmodSync(file(), 0o444);
    if (isRoot) process.seteuid?.(65_534);
  });
  afterEach(() => {
    if (isRoot) process.seteuid?.(0);
    chmodSync(folder, 0o755);
  });

  test('is told before anything starts, with what to do', () => {
    expect(() => openLedger(file())).toThrow(ConfigError);
    expect(() => openLedger(file())).toThrow(/cannot be written .*give it to the user/);
  });

  test('is not taken for another controller', () => {
    expect(() => takeDataFolder(folder)).toThrow(ConfigError);
    expect(() => takeDataFolder(folder)).toThrow(/cannot be written .*free space/);
    expect(() => takeDataFolder(join(folder, 'new'))).toThrow('cannot be written');
  });
});

test('a second process on the data folder is told which process has it', () => {
  const first = takeDataFolder(folder);
  expect(() => takeDataFolder(folder)).toThrow(
    `in use by another controller (process ${process.pid})`,
  );
  first.release();
  takeDataFolder(folder).release();
});

test('wherever a power cut ends the log, the ledger opens with all commits before it and none in part', () => {
  const lengths = [statSync(`${file()}-wal`).size];
  for (let no = 2; no <= 5; no++) {
    ledger.commit(step(no, no - 1, no));
    lengths.push(statSync(`${file()}-wal`).size);
  }
  const copy = mkdtempSync(join(tmpdir(), 'craneway-cut-'));
  const [first = 0] = lengths;
  const last = lengths.at(-1) ?? 0;
  for (let length = last; length >= first; length -= 2_053) {
    rmSync(copy, { recursive: true });
    cpSync(folder, copy, { recursive: true });
    rmSync(join(copy, 'ledger.db-shm'));
    truncateSync(join(copy, 'ledger.db-wal'), length);
    const whole = lengths.filter((end) => end <= length).length;
    expect(started(join(copy, 'ledger.db'))).toEqual({ movements: whole, place: cell(whole) });
  }
  rmSync(copy, { recursive: true });
});
