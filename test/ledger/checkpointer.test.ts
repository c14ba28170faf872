import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Checkpointer, startCheckpointer } from '../../src/ledger/checkpointer.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Log } from '../../src/ports/log.ts';
import { commitOf } from '../lib/commits.ts';
import { demoTopology } from '../lib/demo.ts';

let folder: string;
let warnings: string[];
const checkpointers: Checkpointer[] = [];
const file = () => join(folder, 'ledger.db');
const log: Log = { debug() {}, info() {}, error() {}, warn: (_, text) => warnings.push(text) };
const start = (path: string, ledger: Pick<Ledger, 'onCheckpointDue'>) => {
  const checkpointer = startCheckpointer(path, { ledger, log });
  checkpointers.push(checkpointer);
  return checkpointer;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-checkpoint-'));
  warnings = [];
});
afterEach(async () => {
  await Promise.all(checkpointers.splice(0).map((each) => each.stop()));
  rmSync(folder, { recursive: true });
});

/** Causes that the ledger file would have if its log were lost. */
const causesWithoutLog = () => {
  const copy = join(folder, 'copy.db');
  cpSync(file(), copy);
  const db = openLedger(copy);
  const row = db.prepare('SELECT count(*) AS n FROM inbox').get();
  db.close();
  return Number(row?.['n']);
};

test('what is committed comes into the file while the writer goes on', async () => {
  const db = openLedger(file());
  const ledger = new Ledger(db, demoTopology, { nonce: 1, nowMs: 0 });
  db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  const before = statSync(file()).size;
  let commits = 0;
  const commit = () => ledger.commit(commitOf({ causes: [`crane-1/event/${++commits}`] }));
  const rows = 500;
  while (commits < rows) commit();
  // Without a checkpoint all of it is in the log only.
  expect(statSync(file()).size).toBe(before);
  start(file(), ledger);
  await vi.waitFor(
    () => {
      commit();
      expect(statSync(file()).size).toBeGreaterThan(before);
    },
    { timeout: 15_000, interval: 5 },
  );
  expect(causesWithoutLog()).toBeGreaterThanOrEqual(rows);
  ledger.close();
  expect(warnings).toEqual([]);
});

test('a file that cannot be opened is said once, and nobody waits for it', async () => {
  let due = () => {};
  const onCheckpointDue = (listener: () => void) => {
    due = listener;
  };
  const checkpointer = start(join(folder, 'gone', 'ledger.db'), { onCheckpointDue });
  due();
  await vi.waitFor(() => expect(warnings).toHaveLength(1), { timeout: 15_000 });
  due();
  await checkpointer.stop();
  expect(warnings).toEqual(['No checkpoints beside the loop; commits do them from now on']);
});
