import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Command } from 'commander';
import { expect, test } from 'vitest';
import { buildProgram } from '../src/cli/program.ts';

const documents = [
  'README.md',
  'src/ARCHITECTURE.md',
  '.github/CONTRIBUTING.md',
  ...globSync('src/decisions/*.md'),
];
const textOf = (document: string) => readFileSync(document, 'utf8');
const { scripts, dependencies, devDependencies } = JSON.parse(textOf('package.json'));

/** Files that whoever follows the README makes. */
const made = ['config/sites/site.yaml'];

const fence = /^```.*?^```$/gms;
/** What stands in code type within sentences and tables. */
const spansOf = (text: string): string[] =>
  [...text.replace(fence, '').matchAll(/`([^`\n]+)`/g)].map(([, span = '']) => span);
const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block = '']) => block.split('\n'));

const roots = [...readdirSync('.'), ...readdirSync('src')];
const endings = /\w\.(?:ts|md|yaml|json|sql|zpl|jsonc)$/;

const isPath = (span: string): boolean =>
  /^[\w.@<>/-]+$/.test(span) &&
  !/^[/-]/.test(span) &&
  (endings.test(span) || (span.includes('/') && roots.includes(span.split('/')[0] ?? '')));

/** `devices/<name>/fields.ts` is there when one device has it; `driver.ts` when any folder has it. */
function isThere(path: string, document: string): boolean {
  if (made.includes(path)) return true;
  const pattern = path.replace(/<[^>]+>/g, '*');
  const folders = ['', 'src', dirname(document), '{src,devices,simulators,test}/**'];
  const from = path.includes('/') ? folders.slice(0, 3) : folders;
  return from.some((folder) => globSync(join(folder, pattern)).length > 0);
}

const missingPaths = (document: string, text: string): string[] => [
  ...spansOf(text).filter((span) => isPath(span) && !isThere(span, document)),
  ...[...text.matchAll(/\]\(([^)#:]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !existsSync(join(dirname(document), link))),
];

const missingScripts = (text: string): string[] =>
  [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test)\b)/g)]
    .map(([, run, short]) => run ?? short ?? '')
    .filter((name) => scripts[name] === undefined);

/** Help by verb, or by verb and what follows it: `orders`, `orders ls`; the program's own is ''. */
const help = new Map<string, string>();
const verbsIn = (text = ''): string[] =>
  [...(text.split('Commands:')[1] ?? '').matchAll(/^ {2}([a-z]+)(?= |$)/gm)]
    .map(([, verb = '']) => verb)
    .filter((verb) => verb !== 'help');

const readHelp = (path: readonly string[], command: Command): void => {
  help.set(path.join(' '), command.helpInformation());
  for (const sub of command.commands) readHelp([...path, sub.name()], sub);
};
readHelp([], buildProgram());

/** Verbs and options of the command line that there are not. `npm start -- …` is the demo's. */
function missingVerbs(text: string): string[] {
  const lines = [...spansOf(text), ...blocksOf(text)].map((line) => line.replace(/\s+#.*$/, ''));
  return lines.flatMap((line) => {
    const [, call] =
      /^(?:npx )?(craneway [a-z].*)$/.exec(line.replace('npm start --', 'craneway demo')) ?? [];
    if (call === undefined) return [];
    const [, verb = '', second = ''] = call.split(' ');
    const path = help.has(`${verb} ${second}`) ? `${verb} ${second}` : verb;
    if (!help.has(path)) return [call];
    const options = call.split(' ').filter((word) => word.startsWith('--'));
    return options.filter((option) => !isOption(option, path)).map((option) => `${path} ${option}`);
  });
}

const isOption = (option: string, path: string): boolean =>
  [path, ''].some((of) => new RegExp(`${option}\\b`).test(help.get(of) ?? ''));

/** Options that stand alone: some verb has them. Those of other programs stand in blocks only. */
const missingOptions = (text: string): string[] =>
  spansOf(text)
    .filter((span) => /^--[a-z-]+$/.test(span))
    .filter((option) => ![...help.keys()].some((path) => isOption(option, path)));

test.each(documents)('%s names only what there is', (document) => {
  const text = textOf(document);
  expect(spansOf(text).length).toBeGreaterThan(3);
  expect(missingPaths(document, text)).toEqual([]);
  expect(missingScripts(text)).toEqual([]);
  expect(missingVerbs(text)).toEqual([]);
  expect(missingOptions(text)).toEqual([]);
});

test('what has gone would be found', () => {
  const planted = [
    'See `src/gone.ts`, `devices/<name>/gone.ts`, `gone.yaml` and [this](gone.md); `src/flow` is there.',
    'Run `npm run gone`, then `npx craneway gone` or `craneway demo --gone`, with `--gone-too`.',
    '```sh\nnpm start -- --gone-three\nnpx craneway orders ls --gone-four  # --not-this\n```',
  ].join('\n');
  expect(missingPaths('README.md', planted)).toEqual([
    ...['src/gone.ts', 'devices/<name>/gone.ts', 'gone.yaml', 'gone.md'],
  ]);
  expect(missingScripts(planted)).toEqual(['gone']);
  expect(missingVerbs(planted)).toEqual([
    ...['craneway gone', 'demo --gone', 'demo --gone-three', 'orders ls --gone-four'],
  ]);
  expect(missingOptions(planted)).toEqual(['--gone-too']);
});

test('the README tells every verb and every folder', () => {
  const text = textOf('README.md');
  const verbs = verbsIn(help.get(''));
  expect(verbs.length).toBeGreaterThan(10);
  expect(verbs.filter((verb) => !text.includes(`| \`craneway ${verb}\``))).toEqual([]);
  const folders = readdirSync('src', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => `src/${name}`)
    // They hold documents, which the architecture names.
    .filter((folder) => basename(folder) !== 'decisions');
  expect(folders.length).toBeGreaterThan(8);
  expect(folders.filter((folder) => !text.includes(`| \`${folder}\``))).toEqual([]);
});

test('routes that the README names are there', () => {
  const routes = spansOf(textOf('README.md')).filter((span) => span.startsWith('/health'));
  const text = textOf('src/api/health-routes.ts');
  expect(routes.length).toBeGreaterThan(1);
  expect(routes.filter((route) => !text.includes(`'${route}'`))).toEqual([]);
});

test('versions of packages stand in package.json and in no document', () => {
  const versions = Object.values({ ...dependencies, ...devDependencies }) as string[];
  expect(versions.length).toBeGreaterThan(20);
  for (const document of documents)
    expect(
      versions.filter((version) => textOf(document).includes(version)),
      document,
    ).toEqual([]);
});

test('the example messages are all told', () => {
  const text = textOf('README.md');
  const files = readdirSync('config/mqtt-examples');
  expect(files.length).toBeGreaterThan(8);
  expect(files.filter((file) => !text.includes(` ${file}`))).toEqual([]);
});

test('the licence is the one that package.json names', () => {
  expect(JSON.parse(textOf('package.json')).license).toBe('Apache-2.0');
  expect(textOf('src/LICENSE')).toMatch(/Apache License\s+Version 2\.0/);
});
