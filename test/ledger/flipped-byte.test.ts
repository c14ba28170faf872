import { copyFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { LedgerDamagedError } from '../../src/domain/errors.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { auditLedger } from '../../src/ledger/audit.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { commitsBehindDamage } from '../../src/ledger/log-check.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { commitOf, movement, rowsOf, standing } from '../lib/commits.ts';
import { cell, demoTopology, loadUnit } from '../lib/demo.ts';

const seed = Number(process.env['CRANEWAY_FLIP_SEED'] ?? 1);
const flips = 200;
const t1 = loadUnit('T-1', cell(1));
/** Where it is after so many movements: round and round the 30 bays of the demo site. */
const placeAt = (no: number) => cell(1 + ((no - 1) % 30));
let folder: string;
let db: DatabaseSync;
let whole: string;
/** Where the last commit begins in the log. */
let lastCommitAt: number;
const file = () => join(folder, 'ledger.db');

/** Half of the history in the file, half of it in the log, as in a controller at work. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-flip-'));
  db = openLedger(file());
  const ledger = new Ledger(db, demoTopology, { nonce: 1, nowMs: 0 });
  ledger.commit(standing([t1]));
  for (let no = 2; no <= 120; no++) {
    lastCommitAt = no === 60 ? 0 : statSync(`${file()}-wal`).size;
    if (no === 60) db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    ledger.commit(
      commitOf({
        causes: [`crane-1/event/${no}`],
        movements: [movement(no, 'T-1', [placeAt(no - 1), placeAt(no)])],
        rows: rowsOf({
          loadUnit: [['T-1', { ...t1, place: placeAt(no), movedNo: no, receivedNo: 1 }]],
        }),
      }),
    );
  }
  whole = stockOf(db);
});
afterAll(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

/** What is chained or compared with it. Other rows, such as those of workflows, carry no sum of their own. */
const stockOf = (from: DatabaseSync): string =>
  JSON.stringify([
    from.prepare('SELECT * FROM movement').all(),
    from.prepare('SELECT load_unit, place FROM load_unit').all(),
  ]);

/** What a start and an audit make of a copy with one byte that is not what was written. */
function flipped(ending: '' | '-wal', at: number, mask: number): 'whole' | 'refused' | 'changed' {
  const copy = join(folder, 'copy.db');
  for (const each of ['', '-wal']) copyFileSync(file() + each, copy + each);
  rmSync(`${copy}-shm`, { force: true });
  const bytes = readFileSync(copy + ending);
  bytes[at] = (bytes[at] ?? 0) ^ mask;
  writeFileSync(copy + ending, bytes);
  let opened: DatabaseSync | undefined;
  try {
    opened = openLedger(copy);
    new Ledger(opened, demoTopology, { nonce: 2, nowMs: 0 }).load(new Warehouse(demoTopology));
    auditLedger(opened);
    return stockOf(opened) === whole ? 'whole' : 'changed';
  } catch (error) {
    expect(error, `${ending} at ${at}, mask ${mask}`).toBeInstanceOf(LedgerDamagedError);
    return 'refused';
  } finally {
    opened?.close();
  }
}

test.each(['', '-wal'] as const)(
  'a byte that changes in ledger.db%s is found or leaves movements and places as they were, but for the commit written last',
  {
    timeout: 60_000,
  },
  (ending) => {
    const random = seededRandom(seed);
    const { size } = statSync(file() + ending);
    const found = { whole: 0, refused: 0, changed: 0 };
    const places: number[] = [];
    for (let i = 0; i < flips / 2; i++) {
      const at = random.u32() % size;
      const verdict = flipped(ending, at, 1 << (random.u32() % 8));
      found[verdict]++;
      // Of the last commit nobody can tell whether it was damaged or never wholly written.
      const isLast = ending === '-wal' && at >= lastCommitAt;
      if (verdict === 'changed' && !isLast) places.push(at);
    }
    expect(places, `seed ${seed}: ${JSON.stringify(found)}`).toEqual([]);
    expect(found.refused).toBeGreaterThan(0);
  },
);

test('a log that breaks off before one commit is what a power cut leaves; before more it is damage', () => {
  const copy = join(folder, 'cut.db');
  const frame = 24 + 4_096;
  for (const each of ['', '-wal']) copyFileSync(file() + each, copy + each);
  const bytes = readFileSync(`${copy}-wal`);
  const spoil = (...places: number[]) => {
    const harmed = Buffer.from(bytes);
    for (const at of places) harmed[at] = (harmed[at] ?? 0) ^ 1;
    writeFileSync(`${copy}-wal`, harmed);
    return commitsBehindDamage(copy);
  };
  expect(commitsBehindDamage(file())).toBe(0);
  const starts = Array.from(
    { length: Math.floor((bytes.length - 32) / frame) },
    (_, i) => 32 + i * frame,
  );
  const ends = starts.filter((at) => bytes.readUInt32BE(at + 4) !== 0);
  const [before = 0, last = 0] = ends.slice(-2);
  expect(last - before, 'the last commit has several frames').toBeGreaterThan(2 * frame);
  expect(spoil(last + 30)).toBeLessThanOrEqual(1);
  expect(spoil(before + 30)).toBeGreaterThan(1);
  // A cut that has taken a sector with the first words of a frame, and others: it looks like one more end.
  const torn = before + frame;
  expect(spoil(torn + 4, torn + frame + 30)).toBeLessThanOrEqual(1);
  expect(spoil(40)).toBeGreaterThan(50);
  expect(spoil(20)).toBeGreaterThan(50);
});

// The last one: it brings the log into the file, where page 1 would hide behind it.
test('a byte that changes where the file says what its tables are is told as damage', {
  timeout: 60_000,
}, () => {
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const bytes = readFileSync(file());
  const pages = new Set<number>([0]);
  for (let at = bytes.indexOf('CREATE '); at >= 0; at = bytes.indexOf('CREATE ', at + 1)) {
    pages.add(at - (at % 4_096));
  }
  expect(pages.size).toBeGreaterThan(2);
  const random = seededRandom(seed);
  const places = [...pages].flatMap((page) =>
    Array.from({ length: 15 }, () => page + (random.u32() % 4_096)),
  );
  const found = { whole: 0, refused: 0, changed: 0 };
  for (const at of places) found[flipped('', at, 1 << (random.u32() % 8))]++;
  expect(found, `seed ${seed}`).toMatchObject({ changed: 0 });
  expect(found.refused).toBeGreaterThan(10);
});
