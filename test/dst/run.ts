import { chanceOf } from '../../simulators/dst/chance.ts';
import type { CommitSeen } from '../../simulators/dst/evidence.ts';
import { guardChance } from '../../simulators/dst/guards.ts';
import { judge } from '../../simulators/dst/oracle/oracle.ts';
import {
  drawPace,
  drawSchedule,
  type Pace,
  paceBefore,
  type Schedule,
  type Targets,
} from '../../simulators/dst/schedule.ts';
import { FencedError } from '../../src/domain/errors.ts';
import { evidenceOf } from './evidence-of.ts';
import { happen, heal, tidyUp } from './faults.ts';
import { SimulatedSite } from './simulated-site.ts';
import { siteOf } from './small-site.ts';
import { factsOf, missionsEnded } from './sometimes.ts';

/** After the last fault, until nothing is under way any more and nobody is asked. */
const restLimitMs = 20 * 60_000;
const lookMs = 15_000;
/** Orders that wait for goods are taken back after this. */
const patienceMs = 120_000;
const commitsAfterMax = 20_000;

export interface RunResult {
  readonly schedule: Schedule;
  /** What was wrong, in sentences that begin with the invariant; empty when all held. */
  readonly wrong: readonly string[];
  readonly hash: string;
  readonly virtualMs: number;
  /** The same, and that of a life before on another wall clock. */
  readonly livedMs: number;
  readonly missions: number;
  readonly crashes: number;
  readonly site: SimulatedSite;
  /** Things that have happened at all, with how often. */
  readonly facts: Readonly<Record<string, number>>;
  /** Invariants that nothing was noted for, each with what is missing; empty after a process has failed. */
  readonly notJudged: Readonly<Record<string, string>>;
}

/** What goes wrong in the run of a seed. */
export function scheduleOf(seed: number, faultsMs: number): Schedule {
  const pace = drawPace(chanceOf(seed, 'pace'));
  const random = chanceOf(seed, 'schedule');
  return drawSchedule(seed, faultsMs, { targets: targetsOf(seed, pace), pace, random });
}

const targetsKnown = new Map<string, Targets>();

/** What can fail in the site of a seed: looked up at one that is built for it, once for each kind of site. */
function targetsOf(seed: number, pace: Pace): Targets {
  const layout = JSON.stringify(siteOf(seed));
  const known = targetsKnown.get(layout);
  if (known !== undefined) return known;
  const { targets, db } = new SimulatedSite(seed, pace);
  db.close();
  targetsKnown.set(layout, targets);
  return targets;
}

/** Which invariant a sentence is about. */
export const kindOf = (text: string | undefined): string => text?.split(/[:\n]/, 1)[0] ?? '';

/** Another wall clock: decisions are the same on it. */
const otherWallMs = 315_000_000_000;

/**
 * Lives through a schedule, takes all faults away, waits for rest, and judges.
 *
 * @param tamper  may plant a bug
 * @param perturbed  commits of the same run on another wall clock, where there was one
 */
export async function runSchedule(
  schedule: Schedule,
  tamper: (site: SimulatedSite) => void = () => {},
  perturbed?: readonly CommitSeen[],
): Promise<RunResult> {
  return judged(await live(schedule, tamper), perturbed);
}

/** The same, once more on a wall clock that is ten years ahead, which must change no decision. */
export async function runTwice(
  schedule: Schedule,
  tamper: (site: SimulatedSite) => void = () => {},
): Promise<RunResult> {
  const { site } = await live(schedule, tamper, otherWallMs);
  site.db.close();
  const result = judged(await live(schedule, tamper), site.witness.commits);
  return { ...result, livedMs: result.virtualMs + site.kernel.monotonicMs() };
}

/** What has come of a run, before anybody judges it. */
interface Lived {
  readonly schedule: Schedule;
  readonly site: SimulatedSite;
  readonly tookMs: number | undefined;
  /** Since the last fault was taken away. */
  readonly commits: number;
  readonly wrong: readonly string[];
}

async function live(
  schedule: Schedule,
  tamper: (site: SimulatedSite) => void,
  wallOffsetMs = 0,
): Promise<Lived> {
  const { seed } = schedule;
  const pace = schedule.pace ?? paceBefore(chanceOf(seed, 'pace'));
  const site = new SimulatedSite(seed, pace, wallOffsetMs);
  tamper(site);
  const { kernel } = site;
  for (const event of schedule.events) kernel.after(event.atMs, () => happen(site, event));
  const back = guardChance();
  let tookMs: number | undefined;
  let commitsBefore = 0;
  const wrong: string[] = [];
  try {
    await kernel.run(schedule.faultsMs);
    kernel.after(0, () => {
      heal(site);
      site.workload.close();
    });
    commitsBefore = site.witness.commits.length;
    tookMs = await untilRest(site);
  } catch (error) {
    wrong.push(`THROWN: ${error instanceof Error ? error.stack : String(error)}`);
  } finally {
    back();
  }
  return { schedule, site, tookMs, commits: site.witness.commits.length - commitsBefore, wrong };
}

function judged(
  { schedule, site, tookMs, commits, wrong: thrown }: Lived,
  perturbed: readonly CommitSeen[] | undefined,
): RunResult {
  const wrong = [...thrown, ...unexpected(site)];
  let unjudged: RunResult['notJudged'] = {};
  if (wrong.length === 0) {
    const rest = { tookMs, limitMs: restLimitMs, commits, commitsMax: commitsAfterMax };
    const { findings, notJudged } = judge(evidenceOf(site, rest, perturbed));
    unjudged = notJudged;
    wrong.push(...findings.map(({ invariant, text }) => `${invariant}: ${text}`));
    if (tookMs === undefined) wrong.push(...leftOver(site));
    wrong.push(...site.host.findings.map((text) => `HOST: ${text}`));
  }
  const { witness, kernel, counts } = site;
  const virtualMs = kernel.monotonicMs();
  return {
    ...{ schedule, wrong, site, hash: witness.hash, virtualMs, livedMs: virtualMs },
    facts: factsOf(site),
    notJudged: unjudged,
    missions: missionsEnded(site),
    crashes: counts.crashes,
  };
}

async function untilRest(site: SimulatedSite): Promise<number | undefined> {
  const { kernel } = site;
  const fromMs = kernel.monotonicMs();
  while (kernel.monotonicMs() - fromMs < restLimitMs) {
    await kernel.run(kernel.monotonicMs() + lookMs);
    if (isAtRest(site)) return kernel.monotonicMs() - fromMs;
    kernel.after(0, () => {
      tidyUp(site);
      if (kernel.monotonicMs() - fromMs > patienceMs) site.workload.giveUp();
    });
  }
  return undefined;
}

function isAtRest({ controller, host, plant }: SimulatedSite): boolean {
  if (controller === undefined) return false;
  const { warehouse } = controller.flow;
  // What was sent back from a station, and has not come, is asked about when its time is over.
  const isAwaited = [...warehouse.tables.timer.values()].some(({ workflow }) =>
    workflow.startsWith('return/'),
  );
  const isBusy = warehouse.tables.workflow.size > 0 || isAwaited;
  const isAsking = [...warehouse.openDiscrepancies(), ...warehouse.openOrders()].length > 0;
  if (isBusy || isAsking || host.through !== controller.ledger.lastSequence()) return false;
  const { people, lanes } = plant.model;
  return [...lanes.keys()].every((lane) => people.contentsOf(lane).length === 0);
}

/** What has not ended, for whoever has to find out why. */
function leftOver({ controller, plant, host }: SimulatedSite): string[] {
  if (controller === undefined) return ['LEFT: no controller runs'];
  const { warehouse } = controller.flow;
  const { people, lanes } = plant.model;
  const lines = [
    ...[...warehouse.tables.workflow.values()].map((row) => JSON.stringify(row)),
    ...[...warehouse.openDiscrepancies()].map((row) => JSON.stringify(row)),
    ...[...warehouse.openOrders()].map((row) => JSON.stringify(row)),
    ...[...lanes.keys()].flatMap((lane) =>
      people.contentsOf(lane).map((tote) => JSON.stringify(tote)),
    ),
    ...controller.flow.books.devices().map((row) => JSON.stringify(row)),
  ];
  if (host.through !== controller.ledger.lastSequence()) lines.push(`the host has ${host.through}`);
  return lines.map((line) => `LEFT: ${line}`);
}

/** Processes that have stopped for a reason that no fault explains. */
const unexpected = ({ fatals }: SimulatedSite): string[] =>
  fatals
    .filter((error) => !(error instanceof FencedError || /disk|locked/.test(String(error))))
    .map((error) => `FATAL: ${error instanceof Error ? error.stack : String(error)}`);
