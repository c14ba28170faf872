import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { machineClock } from '../../src/machine/clock.ts';
import { coreBugs, floorBugs } from './core-bugs.ts';
import { upstreamBugs, wireBugs } from './edge-bugs.ts';
import { crashBugs } from './floor-crash-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { scannerBugs } from './scanner-bugs.ts';
import { stockBugs } from './stock-bugs.ts';

const plantedBugs = [
  ...coreBugs,
  ...floorBugs,
  ...upstreamBugs,
  ...wireBugs,
  ...scannerBugs,
  ...stockBugs,
  ...crashBugs,
];

const leftOut = new Set(['node_modules', '.git', '.craneway', 'coverage']);
/** Longer than the longest test: a bug may make it wait until its own deadline. */
const runLimitMs = 400_000;

interface Verdict {
  readonly isCaught: boolean;
  /** How the test fails, or why it proves nothing. */
  readonly why: string;
}

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  /** What the first red test says. */
  readonly says: string;
}

/**
 * Plants every bug in a copy of the work tree, one after the other, and runs the test that must go
 * red. A bug that nobody catches, or that no longer applies, fails; so does a test that is red without.
 *
 *     node test/sabotage/sabotage.ts [word in the id ...]
 */
function main(words: readonly string[]): number {
  const chosen = plantedBugs.filter(
    ({ id }) => words.length === 0 || words.some((word) => id.includes(word)),
  );
  const scratch = mkdtempSync(join(tmpdir(), 'craneway-sabotage-'));
  try {
    copyTree(scratch);
    const sound = new Map<string, string>();
    const verdicts = chosen.map((planted) => {
      const startMs = machineClock.monotonicMs();
      const verdict = judge(scratch, planted, sound);
      const tookS = Math.round((machineClock.monotonicMs() - startMs) / 1000);
      say(`${verdict.isCaught ? 'caught  ' : 'SURVIVED'}  ${planted.id}: ${planted.bug}`);
      say(`          ${planted.caughtBy}, after ${tookS} s: ${verdict.why}`);
      return verdict;
    });
    const survivors = verdicts.filter(({ isCaught }) => !isCaught).length;
    say(`${chosen.length - survivors} of ${chosen.length} planted bugs were caught`);
    return survivors === 0 && chosen.length > 0 ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function copyTree(scratch: string): void {
  const root = resolve('.');
  cpSync(root, scratch, {
    recursive: true,
    filter: (path) => path === root || !leftOut.has(basename(path)),
  });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
}

function judge(scratch: string, planted: PlantedBug, sound: Map<string, string>): Verdict {
  const key = `${planted.caughtBy} ${planted.only ?? ''}`;
  const unsound = sound.get(key) ?? whyUnsound(runTest(scratch, planted));
  sound.set(key, unsound);
  if (unsound !== '') return { isCaught: false, why: unsound };
  const originals = new Map<string, string>();
  try {
    for (const { file, old, new: by } of planted.edits) {
      const path = join(scratch, file);
      const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
      const found = text.split(old).length - 1;
      const why = `the bug no longer applies: ${file} has its text ${found} times`;
      if (found !== 1) return { isCaught: false, why };
      if (!originals.has(path)) originals.set(path, text);
      writeFileSync(
        path,
        text.replace(old, () => by),
      );
    }
    const outcome = runTest(scratch, planted);
    if (outcome === undefined) return { isCaught: false, why: 'it did not even run' };
    if (outcome.failed === 0) return { isCaught: false, why: 'it stayed green' };
    return { isCaught: true, why: outcome.says.split('\n', 1)[0]?.slice(0, 160) ?? '' };
  } finally {
    for (const [path, text] of originals) writeFileSync(path, text);
  }
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

const say = (line: string) => process.stdout.write(`${line}\n`);

process.exitCode = main(process.argv.slice(2));
