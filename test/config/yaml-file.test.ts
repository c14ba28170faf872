import Type from 'typebox';
import { expect, test } from 'vitest';
import { checkYaml, type Finding, readYaml } from '../../src/config/yaml-file.ts';
import { formatProblems } from '../../src/domain/config-problem.ts';
import { ConfigError } from '../../src/domain/errors.ts';

const schema = Type.Object(
  {
    name: Type.String({ minLength: 2 }),
    speed: Type.Integer({ minimum: 1, default: 5 }),
    modes: Type.Array(Type.Enum(['slow', 'fast']), { default: [] }),
    codes: Type.Record(Type.String({ pattern: '^\\d+$' }), Type.String(), { default: {} }),
  },
  { additionalProperties: false },
);

const linesOf = (text: string, rules?: Parameters<typeof checkYaml<typeof schema>>[3]) =>
  formatProblems(checkYaml('a.yaml', text, schema, rules).problems).map((line) =>
    line.replace(/ +/g, ' '),
  );

test('defaults are filled in, and nothing else is changed', () => {
  expect(readYaml('a.yaml', 'name: crane', schema)).toEqual({
    name: 'crane',
    speed: 5,
    modes: [],
    codes: {},
  });
});

test('all problems are told at once, in the order of the file', () => {
  const text = 'nmae: crane\nspeed: 0\nmodes: [slow, fats]\ncolor: red\n';
  expect(linesOf(text)).toEqual([
    'a.yaml:1:1 error "name" is missing',
    'a.yaml:1:1 error unknown key "nmae", did you mean "name"?',
    'a.yaml:2:8 error speed must be 1 or more, got 0',
    'a.yaml:3:15 error modes[1] must be one of "slow", "fast", got "fats", did you mean "fast"?',
    'a.yaml:4:1 error unknown key "color"',
  ]);
});

test.each([
  ['name: 12', 'a.yaml:1:7 error name must be text, got 12: put it in quotes'],
  ['name: crane\nspeed: "5"', 'a.yaml:2:8 error speed must be a whole number, got "5"'],
  ['name: crane\nspeed:', 'a.yaml:2:1 error speed must be a whole number, got nothing'],
  ['name: crane\nmodes: slow', 'a.yaml:2:8 error modes must be a list, got "slow"'],
  [
    'name: crane\ncodes: { 7: 8 }',
    'a.yaml:2:13 error codes[7] must be text, got 8: put it in quotes',
  ],
  ['name: &n crane\nspeed: *n', 'a.yaml:2:8 error speed must be a whole number, got "crane"'],
  ['', 'a.yaml:1:1 error must be a mapping with keys, got nothing'],
  ['- crane', 'a.yaml:1:1 error must be a mapping with keys, got a list'],
])('nothing is repaired: %j', (text, line) => {
  expect(linesOf(text)).toEqual([line]);
});

test.each([
  ['name: [a\nspeed: 1', /^a\.yaml:2:1 error Flow sequence/],
  ['name: a\nname: b', /^a\.yaml:2:1 error Map keys must be unique/],
  ['name: *nobody', /^a\.yaml:1:1 error Unresolved alias/],
  ['name: a\n---\nname: b', /^a\.yaml:2:1 error a file holds one document/],
])('what is not YAML comes first, with its place: %j', (text, line) => {
  expect(linesOf(text)[0]).toMatch(line);
});

test('aliases that would grow without end are refused', () => {
  const rows = ['a: &a [x, x, x, x, x, x, x, x, x, x]'];
  for (const [from, to] of ['ab', 'bc', 'cd', 'de']) {
    rows.push(`${to}: &${to} [${Array(10).fill(`*${from}`).join(', ')}]`);
  }
  expect(linesOf(rows.join('\n'))).toEqual([expect.stringContaining('Excessive alias count')]);
});

test('a file over the limit is not even parsed', () => {
  expect(linesOf(`# ${'x'.repeat(1_000_000)}`)).toEqual([
    'a.yaml error is over 1000000 characters long',
  ]);
});

const slow: Finding = { path: ['speed'], message: 'is slow', severity: 'warn' };
const bad: Finding = { path: ['name'], message: 'is taken' };

test('rules and the schema complain together where the shape allows it', () => {
  const lines = linesOf('name: crane\nspeed: 0\ncolor: red', () => [bad]);
  expect(lines).toEqual([
    'a.yaml:1:7 error name is taken',
    'a.yaml:2:8 error speed must be 1 or more, got 0',
    'a.yaml:3:1 error unknown key "color"',
  ]);
});

test('a rule never sees a value of the wrong shape, and the others still run', () => {
  const rules = [
    { needs: ['modes.*'], check: () => [{ path: [], message: 'saw a wrong shape' }] },
    { needs: ['speed'], check: () => [slow] },
    { needs: ['name'], check: () => [bad] },
  ];
  expect(linesOf('name: crane\nmodes: [12]', rules)).toEqual([
    'a.yaml:1:7 error name is taken',
    'a.yaml:2:9 error modes[0] must be one of "slow", "fast", got 12',
    'a.yaml:1:1 warn speed is slow',
  ]);
  expect(linesOf('name: [crane]', (value) => [{ path: [], message: value.name.trim() }])).toEqual([
    'a.yaml:1:7 error name must be text, got a list',
  ]);
});

test('a warning alone does not refuse the file', () => {
  const { value, problems } = checkYaml('a.yaml', 'name: crane', schema, () => [slow]);
  expect(value).toMatchObject({ name: 'crane' });
  expect(problems).toMatchObject([{ severity: 'warn', line: 1, path: 'speed' }]);
  expect(readYaml('a.yaml', 'name: crane', schema, () => [slow])).toMatchObject({ speed: 5 });
});

test('the error carries the problems as data and as text', () => {
  const read = () => readYaml('a.yaml', 'name: crane\nspeed: -1', schema);
  expect(read).toThrow(ConfigError);
  expect(read).toThrow(/^a\.yaml cannot be used:\na\.yaml:2:8 error {2}speed {2}must be 1 or more/);
  const problem = { file: 'a.yaml', line: 2, column: 8, severity: 'error', path: 'speed' };
  expect(read).toThrow(expect.objectContaining({ problems: [expect.objectContaining(problem)] }));
});
