import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineRandom } from '../../src/machine/random.ts';
import { type CutTally, cutPower, recordWriter } from './cuts.ts';
import { buildPreload } from './preload.ts';
import type { Op } from './recording.ts';

// A slice of `npm run power-loss`, which cuts thousands of times.
const seed = Number(process.env['CRANEWAY_POWER_SEED'] ?? machineRandom.u32() % 1_000_000);
const commits = 160;
const limits = { timeout: 120_000 };
let folder: string;
let recorder: ReturnType<typeof buildPreload>;
let full: readonly Op[];

const record = (synchronous: 'FULL' | 'NORMAL') =>
  recordWriter({
    folder: join(folder, synchronous),
    ...{ recorder: recorder.path, seed, commits, synchronous },
  });
const cut = (ops: readonly Op[], cuts: number): Promise<CutTally> =>
  cutPower(ops, { cuts, seed, folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-power-'));
  recorder = buildPreload('recorder.c');
  full = await record('FULL');
}, 60_000);
afterAll(() => {
  recorder.remove();
  rmSync(folder, { recursive: true, force: true });
});

test(
  'a power cut at any moment loses nothing that was acknowledged, and leaves nothing in part',
  limits,
  async () => {
    const tally = await cut(full, 200);
    const sound = { corrupt: 0, torn: 0, lost: 0, findings: [] };
    expect(tally, `seed ${seed}`).toMatchObject(sound);
    expect(tally.harmed).toBeGreaterThan(100);
  },
);

test(
  'a ledger that does not sync each commit is found to lose acknowledged ones',
  limits,
  async () => {
    const tally = await cut(await record('NORMAL'), 30);
    // Where the loss leaves a gap in the log, the start finds it.
    expect(tally.torn).toBe(0);
    expect(tally.lost).toBeGreaterThan(0);
    expect(tally.lost + tally.corrupt).toBeGreaterThan(5);
  },
);

test(
  'a disk that says it has synced the log and has not is found to leave a damaged ledger',
  limits,
  async () => {
    const lying = full.filter((op) => op.kind !== 'synced' || op.file !== 'ledger.db-wal');
    const { corrupt, torn, lost } = await cut(lying, 40);
    expect(corrupt + torn).toBeGreaterThan(0);
    expect(lost).toBeGreaterThan(0);
  },
);
