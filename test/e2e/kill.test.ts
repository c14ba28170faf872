import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { tally } from '../../simulators/tally.ts';
import { machineRandom, seededRandom } from '../../src/machine/random.ts';
import { pause } from '../../src/ports/clock.ts';
import { type KillSite, type OutsideBroker, removeSite, startKillSite } from '../lib/kill-site.ts';
import { readLedger } from '../lib/ledger-copy.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { startMosquitto } from '../upstream/rig.ts';
import { drawKills, killAndRestart, type Timeline } from './kills.ts';

const speed = 20;
const settleLimitMs = 75_000;
const lookEveryMs = 250;
const missionsFirst = 10;
const swingLimitMs = 30_000;

/** People answer them all; any other question is one that no kill may cause. */
const expectedQuestions = new Set([
  // Totes of the workload that cannot be read, are not announced, too high or too heavy.
  'REJECTED',
  // The kill fell between a print job and its verdict.
  'LABEL_UNKNOWN',
  // Nothing seemed to happen, so somebody has scanned once more.
  'WRONG_AT_STATION',
]);

const seed = Number(process.env['CRANEWAY_KILL_SEED'] ?? machineRandom.u32() % 1_000_000);

test('no movement is lost and no mission runs twice, whenever the controller is killed', {
  timeout: 240_000,
}, async () => {
  await survives({ seed, kills: 14 });
});

test('the same holds with a broker outside, which is killed now and then too', {
  timeout: 180_000,
}, async () => {
  const first = await startMosquitto();
  const { port } = first;
  let { kill } = first;
  const restart = async () => {
    await kill();
    kill = (await startMosquitto(port)).kill;
  };
  await survives({ seed: seed + 1, kills: 6, broker: { port, restart } });
});

interface Round {
  readonly seed: number;
  readonly kills: number;
  readonly broker?: OutsideBroker;
}

async function survives({ seed, kills, broker }: Round): Promise<void> {
  const random = seededRandom(seed);
  const site = await startKillSite({ seed, speed, broker });
  const timeline: Timeline = [`seed ${seed} (CRANEWAY_KILL_SEED=${seed} repeats the draws)`];
  onTestFinished(async () => {
    if (!site.controller.hasGivenUp()) await site.controller.kill();
    await site.stop();
  });
  try {
    const startedMs = clock.monotonicMs();
    site.controller.spawn();
    await site.controller.runs();
    await site.workload.start();
    await isInFullSwing(site);
    let killed = 0;
    for (const kill of drawKills(random, kills)) {
      killed += await killAndRestart(site, kill, timeline);
    }
    await pause(clock, 2_000);
    site.workload.close();
    const closedMs = clock.monotonicMs();
    await settles(site);
    const restMs = clock.monotonicMs();
    expect(await site.controller.stop()).toBe(0);
    report(site, { killed, ms: restMs - startedMs, restMs: restMs - closedMs });
    const findings = findingsOf(site);
    if (findings.length > 0) throw new Error(findings.join('\n'));
    removeSite(site);
  } catch (error) {
    const log = readFileSync(site.logFile, 'utf8').trimEnd().split('\n').slice(-15);
    const told = [...timeline, ...log, `Everything lies in ${site.folder}`].join('\n');
    throw new Error(`${String(error)}\n${told}`, { cause: error });
  }
}

/** There is stock, and the crane works for both ends of the aisle. */
async function isInFullSwing({ simulated }: KillSite): Promise<void> {
  const startedMs = clock.monotonicMs();
  while (simulated.plant.executionLog().length < missionsFirst) {
    if (clock.monotonicMs() - startedMs > swingLimitMs) throw new Error('The crane has no work');
    await pause(clock, lookEveryMs);
  }
}

/** Waits until nothing is under way any more. Orders that no stock will ever serve are taken back. */
async function settles(site: KillSite): Promise<void> {
  const startedMs = clock.monotonicMs();
  const takenBack = new Set<string>();
  for (let quiet = 0; quiet < 5; ) {
    await pause(clock, lookEveryMs);
    const restless = site.restless();
    if (/^\d+ orders$/.test(restless)) {
      for (const order of site.starved()) {
        if (!takenBack.has(order)) void site.host.cancel(order);
        takenBack.add(order);
      }
    }
    quiet = restless === '' ? quiet + 1 : 0;
    const isLate = clock.monotonicMs() - startedMs > settleLimitMs;
    if (!isLate && !site.controller.hasGivenUp()) continue;
    await site.controller.stop();
    const { openQuestions } = readLedger(site.ledgerFile, site.site);
    throw new Error(
      `Never at rest: ${[restless, ...openQuestions, ...findingsOf(site)].join('\n')}`,
    );
  }
}

/** Steel, cranes, host and ledger must say the same. */
function findingsOf(site: KillSite): string[] {
  const books = readLedger(site.ledgerFile, site.site);
  const { findings } = tally(site.simulated.plant, site.host, books);
  const strange = Object.keys(books.questions).filter((code) => !expectedQuestions.has(code));
  return [
    ...findings.map(({ kind, text }) => `${kind}: ${text}`),
    ...strange.map((code) => `asked: ${books.questions[code]} × ${code}, which no kill explains`),
  ];
}

function report(
  site: KillSite,
  { killed, ms, restMs }: { killed: number; ms: number; restMs: number },
): void {
  const { movements, missions, questions } = readLedger(site.ledgerFile, site.site);
  const [all, last] = [ms, restMs].map((duration) => Math.round(duration / 1000));
  process.stdout.write(
    `${killed} kills in ${all} s, at rest ${last} s after the last: ` +
      `${missions.size} missions, ${movements} movements, asked ${JSON.stringify(questions)}\n`,
  );
}
