import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';

const anyPackage = '*';
/** What of a device both sides of the wire share: the wire itself, as data, and how it is coded. */
const wireTables =
  /^devices\/(lib\/(codec|crc16|registers|interface-file|interface-rules|poll-plan|poll-pieces)|[^/]+\/fields)\.ts$/;

/** Who may import whom, besides the file's own folder. The first row that fits a file holds. */
const layers: readonly { in: string; may: readonly (string | RegExp)[]; because: string }[] = [
  { in: 'src/domain/', may: [], because: 'the rules of the warehouse depend on nothing' },
  {
    in: 'src/contract/',
    may: ['src/domain/', 'typebox', 'ajv', 'ajv-formats', 'node:buffer'],
    because: 'what hosts are promised depends on the domain and on nothing that runs',
  },
  {
    in: 'src/ports/',
    may: ['src/domain/', 'src/contract/'],
    because: "ports speak the domain's language, and the contract's where hosts are meant",
  },
  {
    in: 'src/workflows/',
    may: ['src/domain/', 'src/ports/', 'xstate'],
    because: 'a workflow decides, it never acts',
  },
  {
    in: 'src/flow/',
    may: ['src/domain/', 'src/ports/', 'src/contract/', 'src/workflows/', 'xstate'],
    because: 'the loop knows ports, not devices',
  },
  {
    in: 'src/machine/',
    may: ['src/domain/', 'src/ports/', anyPackage],
    because: 'the machine below knows nothing of the warehouse on top',
  },
  {
    in: 'src/main.ts',
    may: ['src/', 'devices/', anyPackage],
    because: 'only main and the verbs put parts together',
  },
  {
    in: 'src/virtual/',
    may: ['src/', 'devices/', 'simulators/', anyPackage],
    because: 'it puts a whole site together on virtual time, as main does on real time',
  },
  {
    in: 'src/cli/',
    may: ['src/', 'devices/', 'simulators/', anyPackage],
    because: 'only main and the verbs put parts together',
  },
  {
    in: 'src/',
    may: ['src/domain/', 'src/ports/', 'src/contract/', anyPackage],
    because: 'an adapter knows the core, not its neighbors',
  },
  {
    in: 'devices/',
    may: [
      ...['src/domain/', 'src/ports/', 'devices/lib/', 'devices/transport/', anyPackage],
      'src/config/did-you-mean.ts',
    ],
    because: 'a driver is an adapter',
  },
  {
    in: 'simulators/',
    may: ['src/domain/', 'src/ports/', 'src/contract/', 'simulators/', wireTables, anyPackage],
    because: 'or simulator and driver would share one mistake',
  },
  {
    in: 'test/',
    may: ['src/', 'devices/', 'simulators/', 'test/', anyPackage],
    because: 'tests may look everywhere',
  },
];

const roots = ['src', 'devices', 'simulators', 'test'];
const files = roots
  .flatMap((root) =>
    readdirSync(root, { recursive: true, encoding: 'utf8' }).map((name) => join(root, name)),
  )
  .filter((file) => file.endsWith('.ts'));
const textOf = (file: string) => readFileSync(file, 'utf8');

/** Static and dynamic imports and re-exports, ours as paths from the top. */
function importsOf(file: string, source: string): string[] {
  const statements = source.matchAll(
    /^(?:import|export)\s(?:[\w\s{},*$]+\sfrom\s)?'([^']+)';|\bimport\('([^']+)'\)/gm,
  );
  return [...statements]
    .map(([, fixed, dynamic]) => fixed ?? dynamic ?? '')
    .map((to) => (to.startsWith('.') ? join(dirname(file), to) : to));
}

const layerOf = (file: string) => layers.find((layer) => file.startsWith(layer.in));

function forbidden(file: string, source: string): string[] {
  const isOurs = (to: string) => roots.some((root) => to.startsWith(`${root}/`));
  const own = `${file.split('/').slice(0, 2).join('/')}/`;
  const fits = (to: string, rule: string | RegExp) => {
    if (rule === anyPackage) return !isOurs(to);
    if (typeof rule === 'string') {
      return rule.endsWith('/') ? to.startsWith(rule) : to === rule;
    }
    return rule.test(to);
  };
  const allowed = [own, ...(layerOf(file)?.may ?? [])];
  return importsOf(file, source).filter((to) => !allowed.some((rule) => fits(to, rule)));
}

describe('the check itself', () => {
  test('sees the code', () => {
    const imports = files.flatMap((file) => importsOf(file, textOf(file)));
    expect(imports.length).toBeGreaterThan(500);
  });

  test.each([
    ['src/domain/a.ts', "import { setup } from 'xstate';", 'xstate'],
    ['src/domain/a.ts', "import { readFileSync } from 'node:fs';", 'node:fs'],
    ['src/domain/a.ts', "import type { B } from '../flow/b.ts';", 'src/flow/b.ts'],
    ['src/contract/a.ts', "import { B } from '../ports/b.ts';", 'src/ports/b.ts'],
    ['src/workflows/a.ts', "import { B } from '../contract/b.ts';", 'src/contract/b.ts'],
    ['src/flow/a.ts', "import {\n  b,\n} from '../ledger/b.ts';", 'src/ledger/b.ts'],
    ['src/flow/a.ts', "import Fastify from 'fastify';", 'fastify'],
    ['src/ledger/a.ts', "export { b } from '../api/b.ts';", 'src/api/b.ts'],
    ['src/api/a.ts', "const b = await import('../ledger/b.ts');", 'src/ledger/b.ts'],
    ['src/main.ts', "import { b } from '../simulators/b.ts';", 'simulators/b.ts'],
    ['devices/zpl-printer/a.ts', "import '../asrs-crane/b.ts';", 'devices/asrs-crane/b.ts'],
    ['devices/lib/a.ts', "import { b } from '../../src/contract/b.ts';", 'src/contract/b.ts'],
    [
      'simulators/asrs-crane/a.ts',
      "import { interpret } from '../../devices/asrs-crane/interpret.ts';",
      'devices/asrs-crane/interpret.ts',
    ],
    [
      'simulators/plant.ts',
      "import { b } from '../devices/conveyor/driver.ts';",
      'devices/conveyor/driver.ts',
    ],
  ])('finds what %s must not import in %j', (file, source, to) => {
    expect(forbidden(file, source)).toEqual([to]);
  });
});

test.each(files)('%s keeps to its layer', (file) => {
  const because = layerOf(file)?.because;
  expect(because, 'every file belongs to a layer').toBeDefined();
  expect(forbidden(file, textOf(file)), because).toEqual([]);
});

/** Words that no file of a folder may hold. Each pattern is first seen to find a planted one. */
const banned: readonly { in: string; pattern: RegExp; planted: string; because: string }[] = [
  {
    in: '',
    pattern: /Math\.random/,
    planted: ['Math', 'random()'].join('.'),
    because: 'chance comes through a port',
  },
  {
    in: 'test/',
    pattern: /\b(?:describe|test|it)\.(?:only|skip|todo)\b/,
    planted: ['test', 'only('].join('.'),
    because: 'no test runs alone, none is left out',
  },
  {
    in: 'src/workflows/',
    pattern: /\b(?:createActor|invoke|spawn|spawnChild|fromPromise|sendTo)\b/,
    planted: ['in', 'voke: {'].join(''),
    because: 'what runs in a chart is run twice after a restart',
  },
  {
    in: 'src/flow/',
    pattern: /\bcreateActor\b|\bawait (?!this\.#ask)/,
    planted: ['aw', 'ait store.commit()'].join(''),
    because: 'a decision and its commit are one turn of the event loop',
  },
];

test.each(banned)('$because', ({ in: folder, pattern, planted }) => {
  expect(pattern.test(planted)).toBe(true);
  const looked = files.filter((file) => file.startsWith(folder));
  expect(looked.length).toBeGreaterThan(3);
  expect(looked.filter((file) => pattern.test(textOf(file)))).toEqual([]);
});

test('a file is read in one sitting: none has more than 300 lines', () => {
  const lengths = files.map((file) => ({ file, lines: textOf(file).trimEnd().split('\n').length }));
  expect(lengths.length).toBeGreaterThan(200);
  expect(lengths.filter(({ lines }) => lines > 300)).toEqual([]);
});
