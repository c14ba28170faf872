import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { machineRandom, seededRandom } from '../../src/machine/random.ts';
import { demoTopology } from '../lib/demo.ts';
import { type Damage, Disk, damages } from './disk.ts';
import { buildPreload } from './preload.ts';
import { type Op, readRecording } from './recording.ts';

const seed = Number(process.env['CRANEWAY_POWER_SEED'] ?? machineRandom.u32() % 1_000_000);
const limits = { timeout: 60_000 };
let folder: string;
let ops: readonly Op[];
let newest: unknown;
const data = () => join(folder, 'data');

/** A ledger as the first version has made it, and all that a start of this one writes into it. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-migration-'));
  mkdirSync(data());
  const old = new DatabaseSync(join(data(), 'ledger.db'));
  old.exec(readFileSync(new URL('../../src/ledger/schema.sql', import.meta.url), 'utf8'));
  old.exec("INSERT INTO claim VALUES (7, 7, 0); INSERT INTO reason VALUES (1, 'T-1', 0, 'old')");
  old.exec('PRAGMA user_version = 1');
  old.close();
  const bytes = readFileSync(join(data(), 'ledger.db'));
  const recorder = buildPreload('recorder.c');
  const log = join(folder, 'recording');
  const opener = new URL('opener.ts', import.meta.url).pathname;
  const { signal, stderr } = spawnSync(process.execPath, [opener, join(data(), 'ledger.db')], {
    env: {
      ...process.env,
      LD_PRELOAD: recorder.path,
      CRANEWAY_RECORD_FOLDER: data(),
      CRANEWAY_RECORD_LOG: log,
    },
    encoding: 'utf8',
  });
  recorder.remove();
  expect(signal, stderr).toBe('SIGKILL');
  const file = 'ledger.db';
  ops = [
    { kind: 'create', file },
    { kind: 'write', file, offset: 0, bytes },
    { kind: 'syncBegun', file, thread: 0 },
    { kind: 'synced', file, thread: 0 },
    ...readRecording(log),
  ];
  const fresh = openLedger(':memory:');
  newest = schemaOf(fresh);
  fresh.close();
}, limits.timeout);
afterAll(() => rmSync(folder, { recursive: true }));

const schemaOf = (db: DatabaseSync): unknown => [
  db.prepare('PRAGMA user_version').get(),
  db
    .prepare("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%' ORDER BY name")
    .all(),
];

/** What the next start makes of these files: the newest version, whole, with what was there before. */
function startsFrom(image: ReadonlyMap<string, Buffer>): unknown {
  const place = join(folder, 'image');
  rmSync(place, { recursive: true, force: true });
  mkdirSync(place);
  for (const [name, bytes] of image) writeFileSync(join(place, name), bytes);
  const db = openLedger(join(place, 'ledger.db'));
  try {
    const { epoch } = new Ledger(db, demoTopology, { nonce: 2, nowMs: 0 });
    return {
      schema: schemaOf(db),
      isRaised: epoch > 7,
      old: db.prepare('SELECT text FROM reason').get(),
    };
  } finally {
    db.close();
  }
}
const whole = () => ({ schema: newest, isRaised: true, old: { text: 'old' } });

test(
  'a start that is killed at any call while it brings a ledger to a newer version harms nothing',
  limits,
  () => {
    const disk = new Disk();
    // The first four are the file that it finds.
    for (const [i, op] of ops.entries()) {
      disk.apply(op);
      if (i >= 3)
        expect(startsFrom(disk.afterKill()), `killed after call ${i - 3}`).toEqual(whole());
    }
    expect(ops.length, 'calls').toBeGreaterThan(50);
  },
);

test('the same holds when the power fails', limits, () => {
  const disk = new Disk();
  const random = seededRandom(seed);
  let harmed = 0;
  for (const [i, op] of ops.entries()) {
    disk.apply(op);
    if (i < 3 || disk.unsynced === 0) continue;
    harmed++;
    const damage = damages[i % damages.length] as Damage;
    const image = disk.afterPowerLoss(damage, random);
    expect(startsFrom(image), `seed ${seed}, ${damage} after call ${i - 3}`).toEqual(whole());
  }
  expect(harmed).toBeGreaterThan(20);
});
