import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { seededRandom } from '../../src/machine/random.ts';
import { type Damage, Disk, damages } from './disk.ts';
import { Judge } from './judge.ts';
import { type Ack, type Op, readRecording } from './recording.ts';

export interface WriterOptions {
  /** Made, and gets the ledger, the recording and the images. */
  readonly folder: string;
  /** Path of the recorder as a library. */
  readonly recorder: string;
  readonly seed: number;
  readonly commits: number;
  readonly synchronous: 'FULL' | 'NORMAL';
}

/** Lets a writer work, killed at the end, and once more open what it has left. @returns all that it did */
export async function recordWriter(options: WriterOptions): Promise<readonly Op[]> {
  const { folder, seed, commits, synchronous } = options;
  mkdirSync(join(folder, 'data'), { recursive: true });
  await runWriter(options, ['--seed', `${seed}`, '--commits', `${commits}`]);
  await runWriter(options, ['--reopen']);
  const ops = readRecording(join(folder, 'recording'));
  const acks = acksOf(ops);
  const last = acks.at(-1)?.commit;
  if (last !== commits) throw new Error(`${commits} commits were asked for, ${last} were recorded`);
  if (!ops.some(({ kind }) => kind === 'synced')) throw new Error('no sync was recorded');
  if (!acks.some(({ movement }) => movement > 0)) throw new Error(`${synchronous}: nothing moved`);
  return ops;
}

async function runWriter({ folder, recorder, synchronous }: WriterOptions, more: string[]) {
  const data = join(folder, 'data');
  const child = spawn(
    process.execPath,
    [
      new URL('writer.ts', import.meta.url).pathname,
      ...['--folder', data, ...more],
      // FULL is how the product opens it.
      ...(synchronous === 'NORMAL' ? ['--unsynced'] : []),
    ],
    {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: {
        ...process.env,
        LD_PRELOAD: recorder,
        CRANEWAY_RECORD_FOLDER: data,
        CRANEWAY_RECORD_LOG: join(folder, 'recording'),
      },
    },
  );
  let said = '';
  child.stderr.on('data', (bytes) => {
    said = (said + bytes).slice(-2_000);
  });
  const [code, signal] = await once(child, 'close');
  if (signal !== 'SIGKILL') throw new Error(`the writer ended with ${code ?? signal}: ${said}`);
}

const acksOf = (ops: readonly Op[]): Ack[] =>
  ops.flatMap((op) => (op.kind === 'acknowledged' ? [op.ack] : []));

export interface CutTally {
  readonly cuts: number;
  /** Cuts after which the ledger did not open, or an audit found something. */
  readonly corrupt: number;
  /** Cuts after which a commit was there in part. */
  readonly torn: number;
  /** Cuts that took a commit which had been acknowledged. */
  readonly lost: number;
  /** Acknowledged commits that one cut took, at the most. */
  readonly lostMost: number;
  /** Cuts with something unsynced to be harmed: what is whole anyway proves nothing. */
  readonly harmed: number;
  /** The first few that went wrong. */
  readonly findings: readonly string[];
}

const findingsMax = 5;

/** Cuts the power at drawn places of a recording, and lets the product open what is left. */
export async function cutPower(
  ops: readonly Op[],
  { cuts, seed, folder }: { readonly cuts: number; readonly seed: number; readonly folder: string },
): Promise<CutTally> {
  const random = seededRandom(seed);
  const places = Array.from({ length: cuts }, () => random.u32() % (ops.length + 1));
  places.sort((a, b) => a - b);
  const judge = new Judge(join(folder, 'image'), acksOf(ops));
  const disk = new Disk();
  const tally = { cuts, corrupt: 0, torn: 0, lost: 0, lostMost: 0, harmed: 0 };
  const findings: string[] = [];
  let [at, acknowledged] = [0, 0];
  for (const [i, place] of places.entries()) {
    for (const op of ops.slice(at, place)) {
      disk.apply(op);
      if (op.kind === 'acknowledged') acknowledged = op.ack.commit;
    }
    at = place;
    const damage = damages[i % damages.length] as Damage;
    if (disk.unsynced > 0) tally.harmed++;
    const verdict = judge.judge(disk.afterPowerLoss(damage, random));
    const where = `cut ${i} of seed ${seed}, after ${place} calls, ${damage}`;
    if (verdict.kind !== 'whole') {
      tally[verdict.kind]++;
      findings.push(`${where}: ${verdict.kind}: ${verdict.why}`);
    } else if (verdict.commit < acknowledged) {
      tally.lost++;
      tally.lostMost = Math.max(tally.lostMost, acknowledged - verdict.commit);
      findings.push(`${where}: commit ${acknowledged} was acknowledged, ${verdict.commit} is left`);
    }
    // Signals and timers of whoever waits for it.
    await turn();
  }
  return { ...tally, findings: findings.slice(0, findingsMax) };
}
