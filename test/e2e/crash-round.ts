import { readFileSync } from 'node:fs';
import { tally } from '../../simulators/tally.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { pause } from '../../src/ports/clock.ts';
import { type KillSite, removeSite, startKillSite } from '../lib/kill-site.ts';
import { readLedger } from '../lib/ledger-copy.ts';
import { startOutsideBroker } from '../lib/outside-broker.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { buildPreload } from '../power/preload.ts';
import { disturb, drawDisturbance } from './disturbances.ts';
import { drawKills, killAndRestart, type Timeline } from './kills.ts';
import { Observer } from './observer.ts';
import { Standstills } from './standstills.ts';

const speed = 20;
const settleLimitMs = 120_000;
const lookEveryMs = 250;
const missionsFirst = 10;
const swingLimitMs = 90_000;
const logLinesTold = 15;

/** People answer them all; any other question is one that no kill may cause. */
const expectedQuestions = new Set([
  // Totes of the workload that cannot be read, are not announced, too high or too heavy.
  'REJECTED',
  // The kill fell between a print job and its verdict.
  'LABEL_UNKNOWN',
  // Nothing seemed to happen, so somebody has scanned once more.
  'WRONG_AT_STATION',
]);
/**
 * A conveyor that restarts no longer knows which load is which, and lets one go by its default exit when
 * the answer of a controller that was dead comes too late: people say what stands where, and whether an
 * order for just that load unit is to be tried again.
 */
const questionsOfRestarts = new Set([
  'TRACKING_LOST',
  'CLARIFY',
  'DIVERTED',
  'UNEXPECTED_LOAD',
  'ORDER_STUCK',
]);
/** A printer's answer came while the controller, or this whole machine, stood still. It settles itself. */
const questionsOfStandstills = new Set(['PRINTER_FAULT']);
/** A crane that has forgotten what it did: a person looks at it. */
const questionsOfLostMemory = new Set(['CRANE_DOUBT', 'FOREIGN_CONTROLLER', 'RESTART_DUE']);

export interface RoundOptions {
  readonly seed: number;
  readonly kills: number;
  /** A broker outside, which is killed now and then too; else the controller brings its own. */
  readonly hasBroker?: boolean;
  /** Between the kills the process stands still, PLCs restart, wires fail. */
  readonly isDisturbed?: boolean;
}

/** What one life of a site has been, with everything that was found wrong. */
export interface Round {
  readonly seed: number;
  readonly kills: number;
  readonly stops: number;
  readonly plcRestarts: number;
  /** PLCs that have restarted with an empty memory, beside those. */
  readonly memoriesLost: number;
  readonly wireFaults: number;
  readonly brokerRestarts: number;
  readonly missions: number;
  readonly movements: number;
  /** Seen on the wires to the PLCs, both ways. */
  readonly frames: number;
  readonly questions: Readonly<Record<string, number>>;
  readonly seconds: number;
  /** Between the end of the work and a site at rest. */
  readonly restSeconds: number;
}

/**
 * A site at work, whose controller is killed again and again.
 *
 * @throws with everything that is known when anything is lost, done twice, or never at rest
 */
export async function runRound(options: RoundOptions): Promise<Round> {
  const { seed, hasBroker = false } = options;
  const counts = { ...noCounts };
  const onRestart = () => {
    counts.brokerRestarts++;
  };
  const broker = hasBroker ? await startOutsideBroker(onRestart) : undefined;
  const library = buildPreload('harm.c');
  const observer = new Observer();
  const site = await startKillSite({
    ...{ seed, speed, broker, harmLibrary: library.path },
    frame: (seen) => observer.frame(seen),
  });
  const timeline: Timeline = [`seed ${seed}`];
  const standstills = new Standstills();
  standstills.watch();
  try {
    return await liveThrough(site, { ...options, counts, timeline, observer, standstills });
  } catch (error) {
    const log = readFileSync(site.logFile, 'utf8').trimEnd().split('\n').slice(-logLinesTold);
    const told = [...timeline, ...log, `Everything lies in ${site.folder}`].join('\n');
    throw new Error(`${String(error)}\n${told}`, { cause: error });
  } finally {
    standstills.end();
    if (!site.controller.hasGivenUp()) await site.controller.kill();
    await site.stop();
    await broker?.stop();
    library.remove();
  }
}

const noCounts = {
  ...{ kills: 0, stops: 0, plcRestarts: 0, memoriesLost: 0, wireFaults: 0, brokerRestarts: 0 },
};
type Counts = Record<keyof typeof noCounts, number>;
type Life = RoundOptions & {
  readonly counts: Counts;
  readonly timeline: Timeline;
  readonly observer: Observer;
  readonly standstills: Standstills;
};

async function liveThrough(site: KillSite, life: Life): Promise<Round> {
  const { seed, counts } = life;
  const startedMs = clock.monotonicMs();
  site.controller.spawn();
  await site.controller.runs();
  await site.workload.start();
  await isInFullSwing(site);
  await killAgainAndAgain(site, life);
  await pause(clock, 2_000);
  site.workload.close();
  site.simulated.board.clear();
  const closedMs = clock.monotonicMs();
  await settles(site, life);
  const restMs = clock.monotonicMs();
  const code = await site.controller.stop();
  const findings = [
    ...(code === 0 ? [] : [`the stop ended with ${code}`]),
    ...findingsOf(site, life),
    ...life.observer.judge(site, { tookMs: restMs - closedMs, limitMs: settleLimitMs }),
  ];
  if (findings.length > 0) throw new Error(findings.join('\n'));
  const { movements, missions, questions } = readLedger(site.ledgerFile, site.site);
  removeSite(site);
  return {
    ...{ seed, ...counts, movements, missions: missions.size, questions },
    frames: life.observer.frames.length,
    seconds: Math.round((restMs - startedMs) / 1000),
    restSeconds: Math.round((restMs - closedMs) / 1000),
  };
}

const counted = {
  stop: 'stops',
  wire: 'wireFaults',
  plcRestart: 'plcRestarts',
  memoryLost: 'memoriesLost',
} as const;

async function killAgainAndAgain(
  site: KillSite,
  { seed, kills, isDisturbed = false, counts, timeline, observer, standstills }: Life,
): Promise<void> {
  const random = seededRandom(seed);
  for (const kill of drawKills(random, kills)) {
    const disturbance = drawDisturbance(random);
    if (isDisturbed && disturbance.kind !== 'none') {
      const happens = () => disturb(site, disturbance);
      const isStop = disturbance.kind === 'stop';
      timeline.push(await (isStop ? standstills.during(happens) : happens()));
      counts[counted[disturbance.kind]]++;
    }
    counts.kills += await killAndRestart(site, kill, { timeline, observer });
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
async function settles(site: KillSite, life: Life): Promise<void> {
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
      `Never at rest: ${[restless, ...openQuestions, ...findingsOf(site, life)].join('\n')}`,
    );
  }
}

/** Steel, cranes, host and ledger must say the same. */
function findingsOf(site: KillSite, { counts, standstills }: Life): string[] {
  const { plcRestarts, memoriesLost } = counts;
  const books = readLedger(site.ledgerFile, site.site);
  const { findings } = tally(site.simulated.plant, site.host, books);
  const isExpected = ({ code, atMs }: (typeof books.asked)[number]) =>
    expectedQuestions.has(code) ||
    (questionsOfStandstills.has(code) && standstills.explains(atMs)) ||
    (plcRestarts + memoriesLost > 0 && questionsOfRestarts.has(code)) ||
    (memoriesLost > 0 && questionsOfLostMemory.has(code));
  const strange = books.asked.filter((question) => !isExpected(question));
  return [
    ...findings.map(({ kind, text }) => `${kind}: ${text}`),
    ...strange.map(
      ({ code, atMs }) => `asked: ${code} at ${atMs}, which nothing that was done explains`,
    ),
  ];
}
