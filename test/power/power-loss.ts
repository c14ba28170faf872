import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machineRandom } from '../../src/machine/random.ts';
import { cutPower, recordWriter } from './cuts.ts';
import { buildPreload } from './preload.ts';

const { values } = parseArgs({
  options: {
    cuts: { type: 'string', default: '3000' },
    commits: { type: 'string', default: '300' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** One cut in so many is made into a ledger that does not sync, to see that a loss is noticed. */
const plantedShare = 10;

/**
 * Cuts the power of a site at work, as often as it is told to. With `synchronous=FULL`, which is what
 * Craneway opens, nothing may be lost; with NORMAL something must be, or the check sees nothing.
 */
async function main(): Promise<number> {
  const seed = Number(values.seed ?? machineRandom.u32() % 1_000_000);
  const [cuts, commits] = [Number(values.cuts), Number(values.commits)];
  const folder = mkdtempSync(join(tmpdir(), 'craneway-power-'));
  const recorder = buildPreload('recorder.c');
  const cut = async (synchronous: 'FULL' | 'NORMAL', count: number) => {
    const own = { folder: join(folder, synchronous), seed };
    const options = { ...own, recorder: recorder.path, commits, synchronous };
    const ops = await recordWriter(options);
    return { calls: ops.length, ...(await cutPower(ops, { ...own, cuts: count })) };
  };
  try {
    const full = await cut('FULL', cuts);
    const normal = await cut('NORMAL', Math.ceil(cuts / plantedShare));
    const isSound = full.corrupt + full.torn + full.lost === 0 && full.harmed > 0;
    const ok = isSound && normal.lost > 0 && normal.torn === 0;
    const result = { seed, commits, full, normal, ok };
    process.stdout.write(
      values.json ? `${JSON.stringify(result)}\n` : `${JSON.stringify(result, undefined, 2)}\n`,
    );
    return ok ? 0 : 1;
  } finally {
    recorder.remove();
    rmSync(folder, { recursive: true, force: true });
  }
}

process.exitCode = await main();
