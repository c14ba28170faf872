import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { by, missing } from './lib/proof.ts';

const qualityRows = [
  'Wire declared as data',
  'Sources cited',
  'Golden vectors',
  'Simulator on the real protocol',
  'Test before setup, error names the fix',
  'Offline reported once, recovery once',
  'Reconnect reads before it writes',
  'Timeout leaves the outcome unknown, not failed',
  'Sending twice is harmless',
  'Nothing parked while closed is sent later',
  'Writes only to its allow-list',
  'Bad frames counted and visible',
  'Buffers and queues limited',
  'Cancelable by `AbortSignal`',
  'No order state in the driver',
  'Known limits written',
  'Tested against hardware',
];
const drivers = readdirSync('devices').filter((name) => !['lib', 'transport'].includes(name));
const readmeOf = (driver: string) => readFileSync(join('devices', driver, 'README.md'), 'utf8');

test('there are drivers to look at', () => {
  expect(drivers.length).toBeGreaterThanOrEqual(6);
});

test.each(drivers)('%s has the files that every driver has', (driver) => {
  const expected = ['README.md', 'driver.ts', 'fields.ts', 'index.ts', 'interpret.ts'];
  expect(readdirSync(join('devices', driver))).toEqual(expect.arrayContaining(expected));
});

/** Name and state of each row of the last table of a README. */
const rowsOf = (markdown: string): [string, string][] =>
  [...markdown.matchAll(/^\| ([^|]+?) \| ([^|]+?) \|$/gm)]
    .map(([, name = '', state = '']): [string, string] => [name, state])
    .slice(-qualityRows.length);

/** What is wrong with the state of a row, if anything. Quoted names stand behind the file that has them. */
function faultsOf(state: string): string[] {
  if (/^exempt: .{10}/.test(state)) return [];
  if (!state.startsWith('done: '))
    return ['neither "done: " with a test nor "exempt: " with a reason'];
  const pieces = state.split(/`(test\/[^`]+\.test\.ts)`/);
  if (pieces.length === 1) return ['names no test file'];
  const namesIn = (text: string) => [...text.matchAll(/"([^"]+)"/g)].map(([, name = '']) => name);
  const before = namesIn(pieces[0] ?? '').map((name) => `"${name}" stands before its file`);
  const wrong = pieces.flatMap((file, i) =>
    i % 2 === 1 ? missing(by(file.slice('test/'.length), ...namesIn(pieces[i + 1] ?? ''))) : [],
  );
  return [...before, ...wrong];
}

const own = '`test/quality-rows.test.ts`';

test.each([
  ['', 'neither'],
  ['yes', 'neither'],
  ['todo', 'neither'],
  ['todo: later, when there is time', 'neither'],
  ['done', 'neither'],
  [`doner: ${own}`, 'neither'],
  ['exempt:', 'neither'],
  ['exempt: later', 'neither'],
  ['done: by hand', 'no test file'],
  ['done: `test/vectors/zpl-printer.ts`', 'no test file'],
  ['done: `test/no-such.test.ts`', 'does not exist'],
  [`done: ${own}; \`test/no-such.test.ts\``, 'does not exist'],
  [`done: ${own} "${['nobody', 'wrote it'].join(' ')}"`, 'has no test'],
  [`done: "there are drivers to look at" ${own}`, 'before its file'],
])('a row that proves nothing is found: %s', (state, fault) => {
  expect(faultsOf(state)).toEqual([expect.stringContaining(fault)]);
});

test.each([`done: ${own}`, `done: ${own} "there are drivers to look at", and more`])(
  'a row that names its proof is taken: %s',
  (state) => {
    expect(faultsOf(state)).toEqual([]);
    expect(rowsOf(`| Quality | State |\n|---|---|\n| A | ${state} |\n`)).toContainEqual([
      'A',
      state,
    ]);
  },
);

test.each(drivers)('%s proves every quality row, or says why it cannot', (driver) => {
  const rows = rowsOf(readmeOf(driver));
  expect(rows.map(([name]) => name)).toEqual(qualityRows);
  const faults = rows.flatMap(([name, state]) => faultsOf(state).map((fault) => [name, fault]));
  expect(faults).toEqual([]);
});

const citesSources = (wire: string) => /\bSources?: \S.{10}/.test(wire);

test.each(drivers)('%s cites its sources where the wire is written down', (driver) => {
  expect(['', 'sourceMayBeEmpty: flag', 'Source: .'].filter(citesSources)).toEqual([]);
  expect(citesSources(readFileSync(join('devices', driver, 'fields.ts'), 'utf8'))).toBe(true);
});

const tellsLimits = (markdown: string) => /^\*\*Known limits\.?\*\*\s+\S.{40}/m.test(markdown);

test.each(drivers)('%s tells its known limits', (driver) => {
  expect(['', '**Known limits**\n\n| Quality | State |\n'].filter(tellsLimits)).toEqual([]);
  expect(tellsLimits(readmeOf(driver))).toBe(true);
});
