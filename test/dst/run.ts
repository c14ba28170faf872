import { chanceOf } from '../../simulators/dst/chance.ts';
import type { CommitSeen, Evidence } from '../../simulators/dst/evidence.ts';
import { guardChance } from '../../simulators/dst/guards.ts';
import { judge } from '../../simulators/dst/oracle/oracle.ts';
import {
  drawPace,
  drawSchedule,
  paceBefore,
  type Schedule,
} from '../../simulators/dst/schedule.ts';
import { FencedError } from '../../src/domain/errors.ts';
import { happen, heal, tidyUp } from './faults.ts';
import { factsOfSurroundings } from './seen.ts';
import { SimulatedSite } from './simulated-site.ts';

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
  readonly missions: number;
  readonly crashes: number;
  readonly site: SimulatedSite;
  /** Things that have happened at all, with how often. */
  readonly facts: Readonly<Record<string, number>>;
}

/** What goes wrong in the run of a seed. */
export function scheduleOf(seed: number, faultsMs: number): Schedule {
  const pace = drawPace(chanceOf(seed, 'pace'));
  const { targets, db } = new SimulatedSite(seed, pace);
  db.close();
  return drawSchedule(seed, faultsMs, { targets, pace, random: chanceOf(seed, 'schedule') });
}

/** Which invariant a sentence is about. */
export const kindOf = (text: string | undefined): string => text?.split(/[:\n]/, 1)[0] ?? '';

/**
 * Lives through a schedule, takes all faults away, waits for rest, and judges.
 *
 * @param tamper  may plant a bug
 */
export async function runSchedule(
  schedule: Schedule,
  tamper: (site: SimulatedSite) => void = () => {},
): Promise<RunResult> {
  const site = new SimulatedSite(
    schedule.seed,
    schedule.pace ?? paceBefore(chanceOf(schedule.seed, 'pace')),
  );
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
  wrong.push(...unexpected(site));
  if (wrong.length === 0) {
    const rest = {
      ...{ tookMs, limitMs: restLimitMs, commitsMax: commitsAfterMax },
      commits: site.witness.commits.length - commitsBefore,
    };
    const { findings } = judge(evidenceOf(site, rest));
    wrong.push(...findings.map(({ invariant, text }) => `${invariant}: ${text}`));
    if (tookMs === undefined) wrong.push(...leftOver(site));
    wrong.push(...site.host.findings.map((text) => `HOST: ${text}`));
  }
  const facts = factsOf(site);
  return {
    ...{ schedule, wrong, site, facts, hash: site.witness.hash, virtualMs: kernel.monotonicMs() },
    missions: facts['a mission has ended'] ?? 0,
    crashes: site.counts.crashes,
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
  const isBusy = warehouse.tables.workflow.size > 0;
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

function evidenceOf(
  { files, db, witness, plant, host }: SimulatedSite,
  rest: NonNullable<Evidence['rest']>,
): Evidence {
  const { frames, commits, replies, acts, labels } = witness;
  const { world } = plant.model;
  return {
    ...{ site: files.site, db, frames, commits, replies, acts, labels, rest },
    isAtRest: rest.tookMs !== undefined,
    hosts: [host.evidence()],
    executions: world.executions(),
    truth: world.truth(),
  };
}

/** What a batch of runs should have met at least once, counted. */
function factsOf(site: SimulatedSite): Record<string, number> {
  const { counts, fatals, witness } = site;
  const facts: Record<string, number> = {
    'a process has died': counts.crashes,
    'a process has stopped by itself': counts.fatals,
    'an older controller was fenced': fatals.filter((error) => error instanceof FencedError).length,
  };
  const add = (fact: string) => {
    facts[fact] = (facts[fact] ?? 0) + 1;
  };
  for (const seen of witness.commits) addCommit(seen, add);
  for (const { reply, command } of witness.replies) {
    add(`${command.name} was ${reply.error?.code ?? reply.result}`);
  }
  for (const { act, outcome } of witness.acts) {
    const what = act.act === 'resolve' ? `${act.act} ${act.resolution}` : act.act;
    add(`${what} was ${outcome.ok ? 'done' : outcome.code}`);
  }
  addMissions(site, add);
  return { ...facts, ...factsOfSurroundings(site) };
}

function addCommit({ outcome, commit }: CommitSeen, add: (fact: string) => void): void {
  if (outcome !== 'done') add(`a commit ${outcome}`);
  for (const [, row] of commit.rows.discrepancy) {
    if (row?.state === 'open') add(`asked ${row.code}`);
  }
  for (const [, row] of commit.rows.mission) {
    if (row?.state === 'doubt') add('a mission was in doubt');
  }
}

function addMissions({ db }: SimulatedSite, add: (fact: string) => void): void {
  for (const { verdict, body } of db.prepare('SELECT verdict, body FROM mission').all()) {
    if (verdict === null) continue;
    const { command, result } = JSON.parse(String(body));
    add('a mission has ended');
    add(`${command.command} ${verdict}`);
    if (result !== undefined) add(`${command.command} ended ${result}`);
  }
}
