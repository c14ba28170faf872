import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Site } from '../../domain/site.ts';
import { nodeProblem } from '../node-version.ts';
import { bad, type Finding, type Machine, ok, reasonOf, warn } from './finding.ts';
import { type Need, needsOf } from './needs.ts';
import { checkAddress, checkListen } from './network.ts';
import { checkNode } from './nodes.ts';
import { checkStorage } from './storage.ts';
import { checkTime } from './time.ts';

/** Packages with native parts, and what must be there for them. */
const libraries = {
  serial: { name: 'serialport', fix: 'run npm ci on this machine' },
  hid: { name: 'node-hid', fix: 'sudo apt-get install libudev1 libusb-1.0-0, or run npm ci anew' },
} as const;

/**
 * Looks at all that a site needs of its machine and its network. Nothing is changed and nothing is sent.
 *
 * @param site  undefined: only what every site needs, and the demo
 */
export async function examine(
  machine: Machine,
  { site, dataFolder }: { readonly site: Site | undefined; readonly dataFolder: string },
): Promise<Finding[]> {
  const needs = site === undefined ? [] : needsOf(site);
  const network = needs.map((need) => checkNetwork(need, machine));
  return [
    checkVersion(machine.nodeVersion),
    ...checkStorage(dataFolder, machine),
    checkTime(machine),
    ...(site === undefined ? [checkSocat(machine)] : []),
    ...(await checkLibraries(needs, machine)),
    ...needs.flatMap((need) => checkHere(need, machine)),
    ...(await Promise.all(network)).flat(),
  ];
}

function checkVersion(version: string): Finding {
  const problem = nodeProblem(version);
  return problem === undefined
    ? ok('node', `Node.js ${version}`)
    : bad('node', problem, 'npm ci brings the right one; npm scripts and npx use it');
}

/** Only the demo's serial scanner goes through it. */
function checkSocat({ path }: Machine): Finding {
  const isThere = path.split(':').some((folder) => existsSync(join(folder, 'socat')));
  if (isThere) return ok('socat', 'is there, for the serial scanner of the demo');
  const text = 'is not there: the demo’s serial scanner speaks TCP';
  return warn('socat', text, 'sudo apt-get install socat');
}

async function checkLibraries(needs: readonly Need[], machine: Machine): Promise<Finding[]> {
  const kinds = new Set(needs.map(({ kind }) => kind));
  const found: Finding[] = [];
  for (const [kind, { name, fix }] of Object.entries(libraries)) {
    if (!kinds.has(kind as Need['kind'])) continue;
    try {
      await machine.load(name);
      found.push(ok(name, 'can be loaded'));
    } catch (error) {
      found.push(bad(name, `cannot be loaded: ${reasonOf(error)}`, fix));
    }
  }
  return found;
}

function checkHere(need: Need, machine: Machine): Finding[] {
  if ('host' in need) return [];
  if (need.kind !== 'variable') return [checkNode(need, machine)];
  const { about, name } = need;
  if (machine.environment[name] !== undefined) return [ok(about, `the variable ${name} is set`)];
  const fix = `export ${name}=… before craneway run, or in the file of the service`;
  return [bad(about, `the variable ${name}, which holds the password, is not set`, fix)];
}

async function checkNetwork(need: Need, { clock }: Machine): Promise<Finding[]> {
  if (need.kind === 'listen') return [await checkListen(need)];
  return need.kind === 'address' ? [await checkAddress(need, clock)] : [];
}
