import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { backUp } from '../../src/cli/backup-file.ts';
import { examineCopy } from '../../src/ledger/backup.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { machineRandom, seededRandom } from '../../src/machine/random.ts';
import { commitOf, standing } from '../lib/commits.ts';
import { cell, demoTopology, loadUnit } from '../lib/demo.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { Disk, damages } from './disk.ts';
import { Harm, type HarmedCall } from './harm.ts';
import { buildPreload } from './preload.ts';
import { type Op, readRecording } from './recording.ts';

const seed = Number(process.env['CRANEWAY_POWER_SEED'] ?? machineRandom.u32() % 1_000_000);
const random = seededRandom(seed);
const limits = { timeout: 60_000 };
let top: string;
let db: DatabaseSync;
let ledger: Ledger;
let library: ReturnType<typeof buildPreload>;
let harm: Harm;
const data = () => join(top, 'data');
const copies = () => join(top, 'copies');
const target = () => join(copies(), 'monday.db');
const end = { movement: 2, epoch: 1 };

/** A controller that has not ended: a part of its ledger is in the log. More than is copied in two steps. */
beforeAll(() => {
  top = mkdtempSync(join(tmpdir(), 'craneway-backup-'));
  mkdirSync(data());
  mkdirSync(copies());
  db = openLedger(join(data(), 'ledger.db'));
  ledger = new Ledger(db, demoTopology, { nonce: 7, nowMs: 0 });
  ledger.commit(standing([loadUnit('T-1', cell(1)), loadUnit('T-2', cell(2))]));
  writes(30);
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  writes(1);
  library = buildPreload('harm.c');
  harm = new Harm({ library: library.path, folder: copies(), orders: join(top, 'orders') });
}, limits.timeout);
afterAll(() => {
  harm.close();
  library.remove();
  db.close();
  rmSync(top, { recursive: true });
});

function writes(rows: number): void {
  const reason = { subject: 'T-1', atMs: 1, text: 'x'.repeat(90_000) };
  ledger.commit(commitOf({ reasons: Array.from({ length: rows }, () => reason) }));
}

function backup(env: Readonly<Record<string, string>>) {
  rmSync(target(), { force: true });
  const program = new URL('backer.ts', import.meta.url).pathname;
  const { status, signal, stderr } = spawnSync(process.execPath, [program, data(), target()], {
    env: { ...process.env, ...env },
    encoding: 'utf8',
  });
  return { status, signal, stderr };
}

const live = () =>
  ['ledger.db', 'ledger.db-wal'].map((name) => hash('sha256', readFileSync(join(data(), name))));

test(
  'whichever of its calls the process or the power ends at, the copy is whole or not there',
  limits,
  () => {
    const recorder = buildPreload('recorder.c');
    const log = join(top, 'recording');
    const { status, stderr } = backup({
      LD_PRELOAD: recorder.path,
      CRANEWAY_RECORD_FOLDER: copies(),
      CRANEWAY_RECORD_LOG: log,
    });
    recorder.remove();
    expect(status, stderr).toBe(0);
    rmSync(target());
    const disk = new Disk();
    const ops = readRecording(log);
    const isNamed = (op: Op) => (op.kind === 'rename' ? op.to : op.kind === 'create' && op.file);
    const from = ops.findIndex((op) => isNamed(op) === 'monday.db');
    expect(from, 'calls before it has its name').toBeGreaterThan(200);
    for (const [i, op] of ops.entries()) {
      disk.apply(op);
      if (i < from) continue;
      const harmed = damages.map((damage) => disk.afterPowerLoss(damage, random));
      for (const image of [disk.afterKill(), ...harmed]) {
        const file = join(top, 'image.db');
        writeFileSync(file, image.get('monday.db') ?? '');
        examineCopy(file, end);
        expect([...image.keys()], `seed ${seed}, call ${i}`).toEqual(['monday.db']);
      }
    }
  },
);

test('a backup that is killed harms neither the ledger nor the next backup', limits, async () => {
  const env = { ...harm.env, NODE_COMPILE_CACHE: join(top, 'compiled') };
  expect(backup(env)).toMatchObject({ status: 0 });
  const kills = draws();
  expect(kills.length).toBe(8);
  for (const [call, number] of kills) {
    const what = `seed ${seed}, killed in ${call} ${number}`;
    const before = live();
    harm.killIn(call, number);
    const { signal, stderr } = backup(env);
    expect(signal, `${what} ${stderr}`).toBe('SIGKILL');
    expect(live(), what).toEqual(before);
    if (existsSync(target())) examineCopy(target(), end);
    rmSync(target(), { force: true });
    writes(1);
    const again = { dataFolder: data(), target: target(), clock, rest: () => {} };
    expect(await backUp(again), what).toMatchObject(end);
  }
  harm.spare();
});

/** Calls that the whole run has made, by kind and number. */
function draws(): readonly (readonly [HarmedCall, number])[] {
  const some = { naming: 3, writing: 3, syncing: 2 } as const;
  return (['naming', 'writing', 'syncing'] as const).flatMap((call) => {
    const all = harm.count(call);
    expect(all, call).toBeGreaterThanOrEqual(some[call]);
    return Array.from({ length: some[call] }, () => [call, 1 + (random.u32() % all)] as const);
  });
}

test(
  'a disk that is full, answers with errors or has too little room is named, and nothing is left',
  limits,
  () => {
    const says = (why: RegExp) => {
      const { status, stderr } = backup(harm.env);
      expect(stderr).toMatch(why);
      expect(status).toBe(1);
      expect(existsSync(target())).toBe(false);
      expect(existsSync(`${target()}.part`)).toBe(false);
    };
    harm.fail('writing', 'ENOSPC');
    says(/No backup was made at .*monday\.db .*full[\s\S]*free space/);
    harm.fail('writing');
    harm.fail('syncing', 'EIO');
    says(/No backup was made at .*monday\.db [\s\S]*look at the disk/);
    harm.fail('syncing');
    harm.setFree(300 * 2 ** 20);
    says(/copies has 300 MiB left, and a backup needs 3\d\d MiB/);
  },
);
