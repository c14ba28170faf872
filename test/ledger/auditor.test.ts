import { execFileSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LedgerDamagedError } from '../../src/domain/errors.ts';
import { startAuditor } from '../../src/ledger/auditor.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Log } from '../../src/ports/log.ts';
import { standing } from '../lib/commits.ts';
import { cell, demoTopology, loadUnit } from '../lib/demo.ts';
import { ManualClock } from '../lib/manual-clock.ts';

const minute = 60_000;
const hour = 60 * minute;
let folder: string;
let db: DatabaseSync;
let ledger: Ledger;
let clock: ManualClock;
let said: string[];
let damage: LedgerDamagedError[];
let auditor: { stop(): void };
const file = () => join(folder, 'ledger.db');
const keep = (_: object, text: string) => said.push(text);
const log: Log = { debug() {}, warn() {}, info: keep, error: keep };
const start = (path = file()) => {
  const onDamage = (error: LedgerDamagedError) => damage.push(error);
  auditor = startAuditor(path, { ledger, clock, log, onDamage });
};
const isSaid = (count: number) =>
  vi.waitFor(() => expect(said).toHaveLength(count), { timeout: 20_000 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-auditor-'));
  db = openLedger(file());
  ledger = new Ledger(db, demoTopology, { nonce: 1, nowMs: 0 });
  ledger.commit(standing([loadUnit('T-1', cell(1)), loadUnit('T-2', cell(2))]));
  clock = new ManualClock();
  [said, damage] = [[], []];
});
afterEach(() => {
  auditor.stop();
  if (db.isOpen) db.close();
  rmSync(folder, { recursive: true });
});

test('the whole ledger is audited a minute after the start, and every hour', async () => {
  start();
  expect(clock.waitingMs).toEqual([minute]);
  clock.advance(minute);
  await isSaid(1);
  expect(clock.waitingMs).toEqual([hour]);
  clock.advance(hour);
  await isSaid(2);
  expect(new Set(said)).toEqual(new Set(['The whole ledger is what was written']));
});

test('damage of the past stops the controller, and every start after it', async () => {
  db.exec("DROP TRIGGER movement_update; UPDATE movement SET by_id = 'operator/eve' WHERE no = 1");
  const distrust = vi.spyOn(ledger, 'distrust');
  start();
  clock.advance(minute);
  await vi.waitFor(() => expect(damage).toHaveLength(1), { timeout: 20_000 });
  expect(damage[0]).toBeInstanceOf(LedgerDamagedError);
  expect(damage[0]).toMatchObject({ message: 'A movement is not what was written' });
  expect(damage[0]?.context).toMatchObject({ no: 1 });
  expect(distrust).toHaveBeenCalledOnce();
  expect(clock.waitingMs).toEqual([]);
});

test('an audit that cannot be done is said, and tried again', async () => {
  start(join(folder, 'gone', 'ledger.db'));
  clock.advance(minute);
  await isSaid(1);
  expect(said).toEqual(['The ledger could not be audited; again in an hour']);
  expect(damage).toEqual([]);
  expect(clock.waitingMs).toEqual([hour]);
});

test('pages that are no pages any more are damage, not a failure', async () => {
  const other = join(folder, 'other.db');
  writeFileSync(other, 'not a database, but long enough to be looked at as if it were one');
  start(other);
  clock.advance(minute);
  await vi.waitFor(() => expect(damage).toHaveLength(1), { timeout: 20_000 });
  expect(damage[0]?.message).toBe('The ledger file is damaged');
});

test('an audit for which no process can be made, as no file may be opened, is said and tried again', async () => {
  const most = /Max open files +(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
  const limit = (files: string) =>
    execFileSync('prlimit', ['--pid', `${process.pid}`, `--nofile=${files}:`]);
  limit(`${readdirSync('/proc/self/fd').length + 16}`);
  const held: number[] = [];
  try {
    expect(() => {
      for (;;) held.push(openSync('/dev/null', 'r'));
    }).toThrow('EMFILE');
    start();
    clock.advance(minute);
    await isSaid(1);
  } finally {
    for (const fd of held) closeSync(fd);
    limit(most ?? '1024');
  }
  expect(said).toEqual(['The ledger could not be audited; again in an hour']);
  clock.advance(hour);
  await isSaid(2);
  expect(said[1]).toBe('The whole ledger is what was written');
});

test('nobody waits for an audit under way when the site stops', async () => {
  start();
  clock.advance(minute);
  auditor.stop();
  expect(clock.waitingMs).toEqual([]);
  expect(said).toEqual([]);
});
