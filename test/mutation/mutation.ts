import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { machineClock } from '../../src/machine/clock.ts';
import { scriptOptions } from '../lib/script-options.ts';
import { modules } from './modules.ts';
import { type Mutant, mutantsOf } from './mutants.ts';

const usage = `Makes slips of the hand in a copy of the source, one after the other, and runs the tests that must see them.

  npm run mutation [-- --only WORD] [--every N]

--only   modules with WORD in their path
--every  one mutant of N (default 1: all of them)

Modules:
  ${Object.keys(modules).join('\n  ')}
`;
const leftOut = new Set(['node_modules', '.git', '.craneway', 'coverage']);
/** For the tests as they are, on a busy computer. */
const soundLimitMs = 600_000;
/** A mutant may make a loop endless: that is seen, too, after so many times what the tests have taken without it. */
const slower = 5;
const leastLimitMs = 30_000;
/** Lowest share of mutants that the tests must see. */
const goal = 0.85;

const say = (line: string) => process.stdout.write(`${line}\n`);

function copyTree(): string {
  const scratch = mkdtempSync(join(tmpdir(), 'craneway-mutation-'));
  const root = resolve('.');
  cpSync(root, scratch, {
    recursive: true,
    filter: (path) => path === root || !leftOut.has(basename(path)),
  });
  symlinkSync(join(root, 'node_modules'), join(scratch, 'node_modules'));
  return scratch;
}

/** Whether the tests are green. A run that does not end is not. */
function isGreen(cwd: string, tests: readonly string[], limitMs: number): boolean {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'test/vitest.config.ts'];
  // What has not changed since the run before is not compiled again, and what two files import is evaluated once.
  const cache = ['--fsModuleCache=true', `--fsModuleCachePath=${join(cwd, '.cache')}`];
  const once = ['--isolate=false', '--maxWorkers=1', '--bail=1'];
  const { status } = spawnSync(process.execPath, [...args, ...cache, ...once, ...tests], {
    ...{ cwd, stdio: 'ignore', timeout: limitMs, killSignal: 'SIGKILL' },
  });
  return status === 0;
}

interface Score {
  readonly seen: number;
  readonly made: number;
}

function judgeModule(scratch: string, file: string, every: number): Score {
  const tests = modules[file] ?? [];
  const path = join(scratch, file);
  const source = readFileSync(path, 'utf8');
  const fromMs = machineClock.monotonicMs();
  if (!isGreen(scratch, tests, soundLimitMs)) {
    throw new Error(`${tests.join(' ')} is red even without a mutant`);
  }
  const limitMs = leastLimitMs + slower * Math.round(machineClock.monotonicMs() - fromMs);
  const chosen = mutantsOf(source).filter((_, i) => i % every === 0);
  let seen = 0;
  try {
    for (const mutant of chosen) {
      writeFileSync(path, mutant.source);
      if (isGreen(scratch, tests, limitMs)) survived(file, mutant);
      else seen++;
    }
  } finally {
    writeFileSync(path, source);
  }
  say(`${file}: ${seen} of ${chosen.length} mutants were seen`);
  return { seen, made: chosen.length };
}

const survived = (file: string, { line, was, is }: Mutant) =>
  say(`SURVIVED  ${file}:${line}\n    was  ${was}\n    is   ${is || '(left out)'}`);

function main(): number {
  const { values, whole, refuse } = scriptOptions(usage, {
    only: { type: 'string', default: '' },
    every: { type: 'string', default: '1' },
  });
  const every = whole('every', 1, 1_000_000);
  const files = Object.keys(modules).filter((file) => file.includes(values.only));
  if (files.length === 0) refuse(`No module has ${values.only} in its path`);
  const scratch = copyTree();
  try {
    const scores = files.map((file) => judgeModule(scratch, file, every));
    const seen = scores.reduce((sum, score) => sum + score.seen, 0);
    const made = scores.reduce((sum, score) => sum + score.made, 0);
    say(JSON.stringify({ modules: files.length, mutants: made, seen, score: seen / made }));
    return made > 0 && seen / made >= goal ? 0 : 1;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

process.exitCode = main();
