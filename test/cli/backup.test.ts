import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type BackupOptions, backUp } from '../../src/cli/backup-file.ts';
import { LedgerDamagedError, LimitError } from '../../src/domain/errors.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { takeDataFolder } from '../../src/machine/data-folder.ts';
import { craneway } from '../lib/cli.ts';
import { commitOf, moved, movement, rowsOf, standing } from '../lib/commits.ts';
import { cell, demoTopology, loadUnit } from '../lib/demo.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

let top: string;
let db: DatabaseSync;
let ledger: Ledger;
const data = () => join(top, 'data');
const file = () => join(data(), 'ledger.db');
const copies = () => join(top, 'copies');
const target = () => join(copies(), 'monday.db');
const t1 = loadUnit('T-1', cell(1));

beforeEach(() => {
  top = mkdtempSync(join(tmpdir(), 'craneway-backup-'));
  mkdirSync(data());
  mkdirSync(copies());
  db = openLedger(file());
  ledger = new Ledger(db, demoTopology, { nonce: 7, nowMs: 0 });
  ledger.commit(standing([t1]));
});
afterEach(() => {
  if (db.isOpen) db.close();
  rmSync(top, { recursive: true });
});

const make = (more: Partial<BackupOptions> = {}) =>
  backUp({ dataFolder: data(), target: target(), clock, rest: () => {}, ...more });

/** More than is copied in three steps. */
function grows(): void {
  const reason = { subject: 'T-1', atMs: 1, text: 'x'.repeat(90_000) };
  ledger.commit(commitOf({ reasons: Array.from({ length: 40 }, () => reason) }));
}

/** The load unit goes on to the next cell. */
function works(): void {
  const no = ledger.lastMovement() + 1;
  const place = cell(no);
  ledger.commit(
    commitOf({
      movements: [movement(no, 'T-1', [cell(no - 1), place])],
      rows: rowsOf({ loadUnit: [['T-1', { ...moved(t1, place), movedNo: no, receivedNo: 1 }]] }),
    }),
  );
}

/** What a start on a file finds. */
function started(path: string) {
  const other = openLedger(path);
  try {
    const again = new Ledger(other, demoTopology, { nonce: 8, nowMs: 0 });
    const warehouse = new Warehouse(demoTopology);
    again.load(warehouse);
    const place = warehouse.tables.loadUnit.get(t1.loadUnit)?.place;
    return { movement: again.lastMovement(), epoch: again.epoch, place };
  } finally {
    other.close();
  }
}

const nothingLeft = () => expect(readdirSync(copies())).toEqual([]);

describe('beside a controller that writes all the while', () => {
  beforeEach(grows);

  test('the copy is whole, of the moment when it began, and a start goes on from it', async () => {
    works();
    const made = await make({ rest: works });
    expect(made).toMatchObject({ file: target(), movement: 2, epoch: 1 });
    expect(made.bytes).toBe(readFileSync(target()).length);
    expect(readdirSync(copies())).toEqual(['monday.db']);
    expect(started(target())).toEqual({ movement: 2, epoch: 2, place: cell(2) });
    expect(ledger.lastMovement()).toBeGreaterThan(4);
    works();
    db.close();
    expect(started(file()).movement).toBe(ledger.lastMovement());
  });

  test('the copy never begins anew, however much is written', async () => {
    const pages = Number(db.prepare('PRAGMA page_count').get()?.['page_count']);
    let steps = 0;
    const rest = () => {
      steps++;
      works();
    };
    await make({ rest });
    expect(steps).toBeGreaterThan(2);
    expect(steps).toBeLessThanOrEqual(Math.ceil(pages / 256));
  });

  test('a log that grows too much ends the copy, with nothing left of it', async () => {
    // Its file is as long as it has ever been: what comes now makes it longer.
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    works();
    await expect(make({ rest: works, logGrowthMaxBytes: 4_096 })).rejects.toThrow(LimitError);
    nothingLeft();
  });

  test('a controller that starts is given way to', async () => {
    takeDataFolder(data()).release();
    const pid = join(data(), 'controller.pid');
    const rest = () => utimesSync(pid, 1, 1);
    await expect(make({ rest })).rejects.toThrow('A controller has started');
    nothingLeft();
  });
});

describe('a backup that cannot be', () => {
  test.each(['monday.db', 'monday.db-wal', 'monday.db-journal'])(
    'overwrites nothing: %s is there',
    async (name) => {
      writeFileSync(join(copies(), name), 'mine');
      await expect(make()).rejects.toMatchObject({
        exit: 'conflict',
        message: `${join(copies(), name)} is there already`,
      });
      expect(readdirSync(copies())).toEqual([name]);
      expect(readFileSync(join(copies(), name), 'utf8')).toBe('mine');
    },
  );

  test('overwrites no folder, and no link to nowhere', async () => {
    await expect(make({ target: copies() })).rejects.toMatchObject({ exit: 'conflict' });
    symlinkSync(join(top, 'nowhere'), target());
    await expect(make()).rejects.toMatchObject({ exit: 'conflict' });
  });

  test('overwrites nothing that has come while it was made', async () => {
    grows();
    const rest = () => writeFileSync(target(), 'mine');
    await expect(make({ rest })).rejects.toMatchObject({ exit: 'conflict' });
    expect(readdirSync(copies())).toEqual(['monday.db']);
    expect(readFileSync(target(), 'utf8')).toBe('mine');
  });

  test('names the folder that is missing, for the ledger and for the copy', async () => {
    await expect(make({ dataFolder: join(top, 'other') })).rejects.toMatchObject({
      exit: 'notFound',
      message: `There is no ledger in ${join(top, 'other')}`,
    });
    expect(existsSync(join(top, 'other'))).toBe(false);
    await expect(make({ target: join(top, 'other', 'a.db') })).rejects.toMatchObject({
      exit: 'failure',
      message: expect.stringContaining(join(top, 'other')),
      advice: 'What to do: make the folder.',
    });
  });

  test('does not call a ledger missing that it may not look at', async () => {
    const loop = join(top, 'loop');
    symlinkSync(loop, loop);
    await expect(make({ dataFolder: loop })).rejects.toMatchObject({
      exit: 'failure',
      message: expect.stringMatching(/ledger\.db cannot be read \(ELOOP/),
      advice: 'Make the backup as the user whom the data folder belongs to.',
    });
  });

  test.each([
    ['behind a link to itself', () => 'loop/a.db', 'name a folder that is one'],
    ['under a name that no disk takes', () => 'x'.repeat(300), 'give it a shorter name'],
  ])('a file %s is told as what it is', async (_, name, advice) => {
    symlinkSync(join(copies(), 'loop'), join(copies(), 'loop'));
    await expect(make({ target: join(copies(), name()) })).rejects.toMatchObject({
      exit: 'failure',
      message: expect.stringContaining('No backup was made at'),
      advice: `What to do: ${advice}.`,
    });
  });

  test('leaves a ledger alone that a newer Craneway has written', async () => {
    db.exec('PRAGMA user_version = 1000');
    await expect(make()).rejects.toThrow('is newer than this program');
    nothingLeft();
  });
});

describe('a ledger that is damaged is refused, with nothing left of the copy', () => {
  const unguarded = (statement: string) => {
    db.exec(`DROP TRIGGER movement_update; DROP TRIGGER movement_delete; ${statement}`);
  };

  test.each([
    ['a movement is not what was written', "UPDATE movement SET by_id = 'eve' WHERE no = 1"],
    ['the last movement is missing', 'DELETE FROM movement WHERE no = 2'],
    ['stock and history differ', `UPDATE load_unit SET body = json_set(body, '$.place', 'X')`],
  ])('%s', async (_, statement) => {
    works();
    unguarded(statement);
    await expect(make()).rejects.toThrow(LedgerDamagedError);
    nothingLeft();
  });

  test('a page is not what was written', async () => {
    grows();
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    db.close();
    const bytes = readFileSync(file());
    bytes.fill(0x55, 4_096 * 100, 4_096 * 101);
    writeFileSync(file(), bytes);
    await expect(make()).rejects.toThrow(LedgerDamagedError);
    nothingLeft();
  });

  test('its log breaks off before commits that were acknowledged', async () => {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    for (let i = 0; i < 5; i++) works();
    const killed = join(top, 'killed');
    mkdirSync(killed);
    writeFileSync(join(killed, 'ledger.db'), readFileSync(file()));
    const log = readFileSync(`${file()}-wal`);
    log.writeUInt8(log.readUInt8(200) ^ 1, 200);
    writeFileSync(join(killed, 'ledger.db-wal'), log);
    await expect(make({ dataFolder: killed })).rejects.toThrow(LedgerDamagedError);
    nothingLeft();
  });
});

test('a copy that its disk has changed is refused, and the ledger is said to be sound', async () => {
  grows();
  const part = `${target()}.part`;
  const flip = () => {
    const bytes = readFileSync(part);
    if (bytes.length < 4_096 * 300) return;
    bytes.fill(0x55, 4_096 * 200, 4_096 * 201);
    writeFileSync(part, bytes);
  };
  await expect(make({ rest: flip })).rejects.toMatchObject({
    message: expect.stringContaining('monday.db.part is not what was written'),
    advice: 'The ledger itself is sound: look at the disk of the copy.',
  });
  nothingLeft();
});

describe('what lies at <file>.part', () => {
  test('is replaced when a killed backup has left it', async () => {
    for (const ending of ['', '-journal', '-wal']) {
      writeFileSync(`${target()}.part${ending}`, 'half of it');
    }
    expect(await make()).toMatchObject({ movement: 1 });
    expect(readdirSync(copies())).toEqual(['monday.db']);
    expect(started(target()).movement).toBe(1);
  });

  test('is not taken from another backup to the same file, which has come later', async () => {
    grows();
    const part = `${target()}.part`;
    const rest = () => {
      rmSync(part);
      writeFileSync(part, 'of the other one');
    };
    await expect(make({ rest })).rejects.toMatchObject({
      exit: 'conflict',
      message: `${part} was taken away or replaced meanwhile`,
    });
    expect(readFileSync(part, 'utf8')).toBe('of the other one');
    expect(existsSync(target())).toBe(false);
  });
});

test('a person gets one line, a program the same as data, and whoever names no site is asked for it', async () => {
  const said = await craneway(['backup', target(), '--data', data()]);
  expect(said, said.err).toMatchObject({ code: 0, err: '' });
  expect(said.out).toMatch(/monday\.db: \d+ bytes, up to movement 1 of epoch 1, read back, in \d/);
  const other = join(copies(), 'tuesday.db');
  const asData = await craneway(['backup', other, '--data', data(), '--json']);
  expect(JSON.parse(asData.out)).toEqual({
    ...{ file: other, bytes: readFileSync(other).length, movement: 1, epoch: 1 },
    tookMs: expect.any(Number),
  });
  expect(await craneway(['backup', other])).toMatchObject({ code: 2, out: '' });
  const nameless = await craneway(['backup', '', '--data', data()]);
  expect(nameless).toMatchObject({ code: 2, err: expect.stringContaining('needs a name') });
}, 60_000);
