import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { contentChecks } from '../../src/cli/content-checks.ts';
import { loadSite } from '../../src/config/load.ts';
import { reactionsOfSite } from '../../src/main.ts';
import { demoSite } from '../lib/demo.ts';
import { readCraneInterface } from '../lib/interfaces.ts';
import { copyDemoSite } from '../lib/site-copy.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

type Change = readonly [path: readonly string[], value: unknown];

function load(...changes: readonly Change[]) {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-reactions-'));
  folders.push(folder);
  return loadSite(copyDemoSite(folder, demoSite, changes), { checks: contentChecks });
}
const ofSite = (value: object): Change => [['reactions'], value];
const ofCrane = (value: object): Change => [['devices', '0', 'reactions'], value];
const problems = (...changes: readonly Change[]) =>
  load(...changes).problems.map(({ severity, path, message }) => `${severity} ${path} ${message}`);

test('a site changes what follows for all cranes, and for one of them; all else stays as the interface file says', () => {
  const { site } = load(
    ofSite({ rejects: { stationNotReady: { next: 'hold' } }, aborts: { noRead: { retries: 5 } } }),
    ofCrane({ aborts: { noRead: { otherwise: 'rejectLane' } } }),
  );
  if (site === undefined) throw new Error('the site was refused');
  const interfaces = new Map([['crane-block-v1', readCraneInterface()]]);
  const [[, reactions] = []] = reactionsOfSite({ site, interfaces });
  expect(reactions?.rejects.get('stationNotReady')?.next).toBe('hold');
  expect(reactions?.rejects.get('busy')?.next).toBe('wait');
  expect(reactions?.aborts.get('noRead')).toMatchObject({
    ...{ next: 'retry', retries: 5, otherwise: 'rejectLane', location: 'keep' },
    doc: expect.stringContaining('as the site file says'),
  });
  expect(reactions?.aborts.get('binFull')?.doc).toBe('Destination holds a load.');
});

test.each([
  [
    'a name that the interface file does not know',
    ofSite({ aborts: { binFul: { alarm: 'critical' } } }),
    'error reactions.aborts.binFul unknown abort "binFul", did you mean "binFull"?',
  ],
  [
    'a reject that no crane knows',
    ofCrane({ rejects: { stationnotready: { next: 'wait' } } }),
    'error devices[0].reactions.rejects.stationnotready unknown reject "stationnotready", did you mean "stationNotReady"?',
  ],
  [
    'carrying on with a load whose place nobody knows',
    ofSite({ aborts: { loadLost: { next: 'retry', retries: 1 } } }),
    'error reactions.aborts.loadLost next retry needs to know where the load is, and loadUnit is disputed: use hold or clarify',
  ],
  [
    'another load unit for one that is not missing',
    ofCrane({ aborts: { binFull: { next: 'reallocate' } } }),
    'error devices[0].reactions.aborts.binFull next reallocate and loadUnit missing belong together: only what is missing is replaced by another one',
  ],
  [
    'a retry without an end',
    ofSite({ aborts: { noRead: { otherwise: 'retry' } } }),
    'error reactions.aborts.noRead otherwise must not be retry: it would never end',
  ],
  [
    'a retry that is never tried',
    ofSite({ aborts: { noRead: { retries: 0 } } }),
    'error reactions.aborts.noRead next retry needs retries, 1 or more',
  ],
  [
    'retries of what is not retried',
    ofSite({ aborts: { noRead: { next: 'hold' } } }),
    'error reactions.aborts.noRead retries means nothing with next hold',
  ],
  [
    'counting what is not closed',
    ofSite({ aborts: { loadShifted: { count: true } } }),
    'error reactions.aborts.loadShifted count means nothing with location keep: nothing is closed',
  ],
  [
    'a mission that is settled by being refused',
    ofSite({ rejects: { busy: { next: 'settle' } } }),
    'error reactions.rejects.busy.next next settle would leave a mission that never began: use wait, home, replan, doubt or hold',
  ],
  [
    'a mission for the answer to a cancel',
    ofSite({ rejects: { tooLate: { next: 'wait' } } }),
    'error reactions.rejects.tooLate.next next wait is for missions: this answers a command about one, use settle, doubt or hold',
  ],
  [
    'a word that is none',
    ofSite({ aborts: { binFull: { alarm: 'loud' } } }),
    expect.stringContaining('error reactions.aborts.binFull.alarm must be one of'),
  ],
])('%s is refused', (_, change, problem) => {
  expect(problems(change)).toEqual([problem]);
});

test('each problem has its line', () => {
  const [problem] = load(ofSite({ aborts: { binFul: { alarm: 'critical' } } })).problems;
  expect(problem?.line).toBeGreaterThan(90);
});
