import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { machineRandom } from '../../src/machine/random.ts';
import { scriptOptions } from '../lib/script-options.ts';
import { cutPower, recordWriter } from './cuts.ts';
import { buildPreload } from './preload.ts';

const usage = `Cuts the power at drawn places of everything that a site has written, and looks for what is missing.

  npm run power-loss -- [--cuts N] [--commits N] [--seed S] [--json]

  --cuts N      so many cuts; default 3000
  --commits N   so many commits are written before; default 300
  --seed S      the same seed cuts at the same places; default: drawn, and printed
  --json        the result on one line
`;
const { values, whole } = scriptOptions(usage, {
  cuts: { type: 'string', default: '3000' },
  commits: { type: 'string', default: '300' },
  seed: { type: 'string', default: String(machineRandom.u32() % 1_000_000) },
  json: { type: 'boolean', default: false },
});
const [cuts, commits] = [whole('cuts', 1, 10_000_000), whole('commits', 1, 100_000)];
const seed = whole('seed', 0, 0xffff_ffff);

/** One cut in so many is made into a ledger that does not sync, to see that a loss is noticed. */
const plantedShare = 10;

/**
 * Cuts the power of a site at work, as often as it is told to. With `synchronous=FULL`, which is what
 * Craneway opens, nothing may be lost; with NORMAL something must be, or the check sees nothing.
 */
async function main(): Promise<number> {
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
