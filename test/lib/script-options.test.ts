import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  scripts: Record<string, string>;
};
const files = Object.values(scripts).flatMap(
  (script) => /^node (test\/(?!setup)\S+\.ts)$/.exec(script)?.[1] ?? [],
);
/** A script of one line: how all of them answer. */
const script = (...args: string[]) => {
  const code =
    "import { scriptOptions } from './test/lib/script-options.ts';" +
    "const { whole } = scriptOptions('usage\\n', { seeds: { type: 'string', default: '1' } });" +
    "console.log(whole('seeds', 1, 10));";
  const flags = ['--input-type=module-typescript', '-e', code, '--', ...args];
  return spawnSync(process.execPath, flags, { encoding: 'utf8' });
};

test('every script for developers reads its options in the same way', () => {
  expect(files.length).toBeGreaterThan(8);
  const others = files.filter((file) => !readFileSync(file, 'utf8').includes('scriptOptions('));
  expect(others).toEqual([]);
});

test('a script that is asked for help says how it is used', () => {
  expect(script('--help')).toMatchObject({ status: 0, stdout: 'usage\n', stderr: '' });
});

test.each([
  ['--sedes 3', "Unknown option '--sedes'"],
  ['--seeds', "Option '--seeds <value>' argument missing"],
  ['--seeds 11', '--seeds must be a whole number from 1 to 10: 11'],
  ['--seeds x', '--seeds must be a whole number from 1 to 10: x'],
  ['more', 'There is nothing called more'],
])('a script that is given %s says in one line what is wrong', (args, why) => {
  const { status, stderr } = script(...args.split(' '));
  expect({ status, stderr }).toEqual({ status: 2, stderr: `${why}\n\nusage\n` });
});
