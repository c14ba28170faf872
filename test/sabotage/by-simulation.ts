import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type PlantedBug, type Verdict, whyIn } from './planted-bug.ts';
import { withBug } from './scratch-copy.ts';

/** Of the simulation under fire, for each seed. */
const minutes = 2;
/** For all seeds of one bug, beside other work on a small machine. */
const secondsPerSeedMax = 120;

/**
 * Whether the simulation under fire finds a bug, and by which seed first.
 *
 * @throws {Error} when a seed fails without any bug
 */
export async function simulationJudge(
  scratch: string,
  seeds: number,
): Promise<(planted: PlantedBug) => Promise<Verdict>> {
  const { failed } = await run(scratch, seeds);
  if (failed !== undefined) {
    throw new Error(`Without any bug seed ${failed.seed} fails: ${failed.why}`);
  }
  return async (planted) => {
    try {
      const { failed, survived } = await withBug(scratch, planted, () => run(scratch, seeds));
      if (failed !== undefined) return { isCaught: true, ...failed };
      return { isCaught: false, why: `${survived} seeds of ${seeds} do not see it` };
    } catch (error) {
      return { isCaught: false, why: whyIn(error) };
    }
  };
}

interface Seeds {
  readonly survived: number;
  /** The first seed that failed, and by what. */
  readonly failed: { readonly seed: number; readonly why: string } | undefined;
}

/** @throws {Error} when it ends before all seeds have: that proves nothing */
async function run(scratch: string, seeds: number): Promise<Seeds> {
  const told = ['--seeds', String(seeds), '--minutes', String(minutes), '--no-shrink', '--json'];
  const child = spawn(process.execPath, ['test/dst/simulate.ts', ...told], {
    ...{ cwd: scratch, timeout: seeds * secondsPerSeedMax * 1_000, killSignal: 'SIGKILL' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let survived = 0;
  for await (const line of createInterface(child.stdout)) {
    const { seed, wrong } = parsed(line);
    if (seed === undefined || wrong === undefined) continue;
    if (wrong[0] !== undefined) {
      child.kill('SIGKILL');
      return { survived, failed: { seed, why: wrong[0] } };
    }
    survived++;
  }
  if (survived < seeds) throw new Error(`it ended after ${survived} seeds of ${seeds}`);
  return { survived, failed: undefined };
}

/** Lines of people between those of the seeds say nothing here. */
function parsed(line: string): { readonly seed?: number; readonly wrong?: readonly string[] } {
  return line.startsWith('{') ? JSON.parse(line) : {};
}
