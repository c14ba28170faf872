import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { exitCodes } from '../../src/cli/failure.ts';
import { nodeProblem } from '../../src/cli/node-version.ts';
import { craneway } from '../lib/cli.ts';
import { at, minimal } from '../lib/site-text.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

let cwd: string;
const copy = (path: string, change = (text: string) => text) =>
  writeFileSync(join(cwd, path), change(readFileSync(path, 'utf8')));

beforeEach(() => {
  cwd = mkdtempSync(join(tmpdir(), 'craneway-cli-'));
  for (const folder of ['sites', 'interfaces', 'labels']) {
    mkdirSync(join(cwd, 'config', folder), { recursive: true });
  }
  copy('config/sites/minimal.yaml');
  copy('config/interfaces/crane-block-v1.yaml');
  copy('config/interfaces/conveyor-point-v1.yaml');
});
afterEach(() => rmSync(cwd, { recursive: true }));

test('a site without a problem passes in silence on stdout', async () => {
  expect(await craneway(['check', 'minimal'], { cwd })).toEqual({
    code: 0,
    out: '',
    err: 'config/sites/minimal.yaml: 0 errors, 0 warnings\n',
  });
});

test('every problem of every site is told at once, with file, line, column and fix', async () => {
  copy('config/sites/minimal.yaml', (text) =>
    text.replace('bays: 20', 'bay: 20').replace('to: OUT-01', 'to: OUT-1'),
  );
  writeFileSync(join(cwd, 'config/sites/other.yaml'), 'site: [\n');
  const { code, out, err } = await craneway(['check'], { cwd });
  expect(code).toBe(3);
  expect(out.replace(/ +/g, ' ').split('\n')).toEqual([
    `config/sites/minimal.yaml:${at(minimal, 'aisle: A01')} error aisles[0] "bays" is missing`,
    `config/sites/minimal.yaml:${at(minimal, 'bays: 20')} error aisles[0] unknown key "bay", did you mean "bays"?`,
    `config/sites/minimal.yaml:${at(minimal, 'OUT-01 }] }')} error points[2].exits[0].to unknown place "OUT-1", did you mean "OUT-01"?`,
    expect.stringMatching(/^config\/sites\/other\.yaml:2:1 error /),
    expect.stringContaining('warn stations[1].location "OUT-01": no exit leads here'),
    '',
  ]);
  expect(err).toContain('4 errors, 1 warning');
});

test('the same as data, for programs', async () => {
  copy('config/sites/minimal.yaml', (text) => text.replace('bays: 20', 'bays: 0'));
  const { code, out } = await craneway(['check', 'minimal', '--json', '--quiet'], { cwd });
  expect(code).toBe(3);
  expect(JSON.parse(out)).toMatchObject([
    {
      file: 'config/sites/minimal.yaml',
      line: Number(at(minimal, 'bays: 20').split(':')[0]),
      column: 11,
      severity: 'error',
      path: 'aisles[0].bays',
      message: 'must be 1 or more, got 0',
    },
  ]);
});

test('warnings alone pass, but not when they are to count', async () => {
  copy('config/sites/minimal.yaml', (text) => `${text}\nhttp: { host: 0.0.0.0 }\n`);
  expect(await craneway(['check', 'minimal'], { cwd })).toMatchObject({ code: 0 });
  const strict = await craneway(['check', 'minimal', '--strict'], { cwd });
  expect(strict).toMatchObject({ code: 6, out: expect.stringContaining(' warn ') });
});

test.each([
  [['check', 'nobody'], 3],
  [['frobnicate'], 2],
  [['scan', 'T-1'], 2],
  [['finish', 'T-1', '-s', 'PICK-01', '--how', 'eat'], 2],
  [['orders', 'create', '--line', 'A'], 2],
  [['status', '--timeout-s', '0'], 2],
  [['status', '--url', 'ftp://x'], 2],
  [['orders', 'create', '--file', 'nobody.json'], 2],
  [['--help'], 0],
])('%j ends with %i', async (args, code) => {
  const ended = await craneway(args, { cwd });
  expect(ended.code).toBe(code);
  expect(`${ended.out}${ended.err}`).not.toMatch(/^\s+at .*:\d+:\d+/m);
});

test('where there is no site at all, check says so', async () => {
  rmSync(join(cwd, 'config'), { recursive: true });
  expect(await craneway(['check'], { cwd })).toMatchObject({ code: 4, out: '' });
});

test('help names every exit code, and the version is the one of the package', async () => {
  const { out } = await craneway(['--help']);
  for (const code of Object.values(exitCodes)) expect(out).toMatch(new RegExp(`\\b${code} [a-z]`));
  const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
  expect((await craneway(['--version'])).out).toBe(`${version}\n`);
});

test('a Node that cannot run it is told in one line', () => {
  expect(nodeProblem('22.18.0')).toBe(
    'Craneway needs Node 24 or newer, and this is 22.18.0: start it with npm start or npx craneway',
  );
  expect(nodeProblem('24.0.0')).toBeUndefined();
  expect(nodeProblem('26.4.1')).toBeUndefined();
});
