import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type PlantedBug, type Verdict, whyIn } from './planted-bug.ts';
import { withBug } from './scratch-copy.ts';

/** Longer than the longest test: a bug may make it wait until its own deadline. */
const runLimitMs = 400_000;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What the first red test says. */
  readonly says: string;
}

/** Whether the test that a bug names goes red by it; one that is red without proves nothing. */
export function testJudge(scratch: string): (planted: PlantedBug) => Promise<Verdict> {
  const sound = new Map<string, string>();
  return async (planted) => {
    const key = `${planted.caughtBy} ${planted.only ?? ''}`;
    const unsound = sound.get(key) ?? whyUnsound(runTest(scratch, planted));
    sound.set(key, unsound);
    if (unsound !== '') return { isCaught: false, why: unsound };
    try {
      const outcome = await withBug(scratch, planted, async () => runTest(scratch, planted));
      if (outcome === undefined) return { isCaught: false, why: 'it did not even run' };
      if (outcome.failed === 0) return { isCaught: false, why: 'it stayed green' };
      return { isCaught: true, why: outcome.says };
    } catch (error) {
      return { isCaught: false, why: whyIn(error) };
    }
  };
}

function whyUnsound(outcome: Outcome | undefined): string {
  if (outcome === undefined) return 'it does not run even without a bug';
  return outcome.failed > 0 ? `it is red even without a bug: ${outcome.says}` : '';
}

interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly failureMessages: readonly string[] }[];
  }[];
}

/** @returns undefined when no test ran, as with a file that does not parse */
function runTest(scratch: string, { caughtBy, only }: PlantedBug): Outcome | undefined {
  const report = join(scratch, 'report.json');
  rmSync(report, { force: true });
  const name = only === undefined ? [] : ['-t', only];
  const args = ['run', '--config', 'test/vitest.config.ts', '--reporter=json'];
  spawnSync(
    process.execPath,
    [
      'node_modules/vitest/vitest.mjs',
      ...args,
      `--outputFile=${report}`,
      ...caughtBy.split(' '),
      ...name,
    ],
    { cwd: scratch, stdio: 'ignore', timeout: runLimitMs, killSignal: 'SIGKILL' },
  );
  if (!existsSync(report)) return undefined;
  const {
    numPassedTests: passed,
    numFailedTests: failed,
    testResults,
  } = JSON.parse(readFileSync(report, 'utf8')) as Report;
  const [says = ''] = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ failureMessages }) => failureMessages);
  return passed + failed === 0 ? undefined : { passed, failed, says };
}
