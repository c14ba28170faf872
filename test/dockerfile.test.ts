import { execFile, spawn } from 'node:child_process';
import {
  cpSync,
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startSimulatedSite } from '../simulators/site.ts';
import { plcFiles } from '../src/cli/demo-site.ts';
import { readSiteFiles } from '../src/cli/site-files.ts';
import { seededRandom } from '../src/machine/random.ts';
import { admitted, readStages, type Stage, stepsOf, words } from './lib/dockerfile.ts';
import { silent } from './lib/silent-log.ts';
import { copyDemoSite } from './lib/site-copy.ts';
import { systemClock as clock } from './lib/system-clock.ts';
import { freePort } from './upstream/rig.ts';

const run = promisify(execFile);
const [check, production] = readStages(readFileSync('Dockerfile', 'utf8')) as [Stage, Stage];
const context = admitted(readFileSync('.dockerignore', 'utf8'));
const { engines, dependencies } = JSON.parse(readFileSync('package.json', 'utf8'));

const makeFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-image-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
};

/** Copies what COPY names, from the context or from the stage before, as far as it is let in. */
function copyInto(folder: string, stage: Stage): void {
  for (const { rest } of stepsOf(stage, 'COPY')) {
    const [to = '', ...sources] = rest.split(' ').reverse();
    for (const source of sources.map((path) => path.replace(/^\/app\//, ''))) {
      expect(context, `${source} is not ignored`).toContain(source);
      cpSync(source, join(folder, to.endsWith('/') ? join(to, source) : to), { recursive: true });
    }
  }
}

/** Runs the RUN lines that need npm or Node, as the shell of the image does. */
async function runIn(folder: string, stage: Stage, isWanted: (command: string) => boolean) {
  const commands = stepsOf(stage, 'RUN').map(({ rest }) => rest);
  for (const command of commands.filter(isWanted)) {
    await run('sh', ['-c', command], { cwd: folder, env: imageEnv(), timeout: 150_000 }).catch(
      ({ stdout, stderr }) => expect.fail(`${command}\n${stdout}${stderr}`),
    );
  }
}

/** The image's `node` is the one that runs these tests; nothing of vitest's environment goes along. */
const imageEnv = (more: Readonly<Record<string, string>> = {}) => ({
  ...{ PATH: `${resolve('node_modules/.bin')}:${process.env['PATH']}`, HOME: process.env['HOME'] },
  ...{ npm_config_prefer_offline: 'true', ...more },
});

test('the image has the Node that package.json asks for, in every stage', () => {
  const [, major] = /^>=(\d+)$/.exec(engines.node) ?? [];
  expect([check.from, production.from]).toEqual([`node:${major}-slim`, `node:${major}-slim`]);
});

test('nobody is root in the container, and only the data can be written', () => {
  const [user] = stepsOf(production, 'USER');
  expect(user?.rest).toBe('node');
  const after = production.steps.slice(production.steps.findIndex(({ name }) => name === 'USER'));
  expect(after.map(({ name }) => name)).not.toContain('COPY');
  expect(stepsOf(production, 'VOLUME').map(({ rest }) => rest)).toEqual(['/data']);
  expect(stepsOf(production, 'RUN').at(-1)?.rest).toBe('mkdir /data && chown node:node /data');
});

test('nothing of the one who builds gets into the image', () => {
  expect(context.length).toBeGreaterThan(4);
  for (const name of context) expect(existsSync(name), name).toBe(true);
  for (const name of ['.git', 'node_modules', '.craneway', '.env', 'coverage'])
    expect(context).not.toContain(name);
});

test('what the image is made of passes the checks of its build', { timeout: 180_000 }, async () => {
  const folder = makeFolder();
  copyInto(folder, check);
  // The same lock file would bring the same packages.
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const commands = stepsOf(check, 'RUN').filter(({ rest }) => !rest.startsWith('npm ci'));
  expect(commands.length).toBeGreaterThan(3);
  await runIn(folder, check, (command) => !command.startsWith('npm ci'));
});

test('the image runs a site without development packages, tells its health and stops', {
  timeout: 240_000,
}, async () => {
  const folder = makeFolder();
  const app = join(folder, 'app');
  mkdirSync(app);
  copyInto(app, production);
  await runIn(app, production, (command) => command.startsWith('npm ci'));
  for (const name of ['vitest', 'typescript', 'node'])
    expect(existsSync(packageIn(app, name)), `${name} is in the image`).toBe(false);
  expect(importedPackages(app).filter((name) => dependencies[name] === undefined)).toEqual([]);

  const httpPort = await mountSite(app, folder);
  const [entry, command] = ['ENTRYPOINT', 'CMD'].map((name) => stepsOf(production, name)[0]);
  const [node = '', ...args] = [entry, command].flatMap((step) => (step ? words(step) : []));
  const env = imageEnv({ CRANEWAY_URL: `http://127.0.0.1:${httpPort}` });
  const data = (arg: string) => (arg === '/data' ? join(folder, 'data') : arg);
  const child = spawn(node, args.map(data), { cwd: app, env, stdio: ['ignore', 'ignore', 'pipe'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let said = '';
  child.stderr.on('data', (text: Buffer) => {
    said += text.toString();
  });
  const health = async () => {
    const [step] = stepsOf(production, 'HEALTHCHECK');
    const [program = '', ...rest] = step ? words(step) : [];
    await run(program, rest, { cwd: app, env }).catch(() => expect.fail(`not healthy: ${said}`));
  };
  await expect(health()).rejects.toThrow('not healthy');
  await vi.waitFor(health, { timeout: 20_000, interval: 200 });
  const ended = new Promise((resolveCode) => child.once('exit', resolveCode));
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
});

const packageIn = (app: string, name: string) => join(app, 'node_modules', name, 'package.json');

/** Every package that a file of the image imports, at once or later. */
function importedPackages(app: string): readonly string[] {
  const files = globSync('{src,devices,simulators}/**/*.ts', { cwd: app });
  expect(files.length).toBeGreaterThan(100);
  const names = files.flatMap((file) => {
    const text = readFileSync(join(app, file), 'utf8');
    const found = text.matchAll(
      /(?:^|\n)(?:import|export)[^;]*? from '([^']+)'|import\('([^']+)'\)/g,
    );
    return [...found].map(([, once, later]) => once ?? later ?? '');
  });
  const packages = names.filter((name) => !/^(?:\.|node:)/.test(name));
  expect(packages).toContain('zpl-renderer-js');
  return [
    ...new Set(
      packages.map((name) =>
        name
          .split('/')
          .slice(0, name[0] === '@' ? 2 : 1)
          .join('/'),
      ),
    ),
  ];
}

/** The demo as `config/sites/site.yaml`, with its devices simulated here. @returns its API's port */
async function mountSite(app: string, folder: string): Promise<number> {
  const files = readSiteFiles('demo');
  const plantFolder = join(folder, 'plant');
  mkdirSync(plantFolder);
  const simulated = await startSimulatedSite({
    ...{ site: files.site, interfaces: plcFiles(files), clock, random: seededRandom(1), speed: 1 },
    ...{ log: silent, dataFolder: plantFolder },
  });
  onTestFinished(() => simulated.stop());
  const [httpPort, brokerPort] = [await freePort(), await freePort()];
  // They dial until the broker of the site is there.
  simulated.mqtt.join({ host: '127.0.0.1', port: brokerPort });
  const ports = [
    [['http', 'port'], httpPort],
    [['broker', 'port'], brokerPort],
  ] as const;
  copyDemoSite(join(app, 'config'), simulated.site, ports, 'site');
  return httpPort;
}
