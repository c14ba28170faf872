import type { CommitSeen, FrameSeen, Happened } from '../../simulators/dst/evidence.ts';
import { craneFrames, craneStatuses } from '../../simulators/dst/oracle/registers.ts';
import { FencedError } from '../../src/domain/errors.ts';
import { factsOfSurroundings } from './seen.ts';
import type { SimulatedSite } from './simulated-site.ts';
import type { Witness } from './witness.ts';

type Add = (fact: string, times?: number) => void;

const soonMs = 1_000;
const autoRemote = 4;
const emergencyStop = 6;

/** What a run has met at all, counted: proof that it has looked where it matters. */
export function factsOf(site: SimulatedSite): Record<string, number> {
  const facts: Record<string, number> = {};
  const add: Add = (fact, times = 1) => {
    if (times > 0) facts[fact] = (facts[fact] ?? 0) + times;
  };
  const { counts, fatals, witness } = site;
  add('a process has stopped by itself', counts.fatals);
  add('an older controller was fenced', fatals.filter((e) => e instanceof FencedError).length);
  addDeaths(site, add);
  for (const seen of witness.commits) addCommit(seen, add);
  addAnswers(site, add);
  addFrames(site, add);
  addMissions(site, add);
  for (const [fact, times] of Object.entries(factsOfSurroundings(site))) add(fact, times);
  for (const { during } of witness.faults) for (const phase of during) add(`a fault in ${phase}`);
  return facts;
}

/** Missions that have ended, by the books. */
export const missionsEnded = ({ db }: SimulatedSite): number =>
  Number(db.prepare('SELECT count(*) AS n FROM mission WHERE verdict IS NOT NULL').get()?.['n']);

/** When a process has ended, and what was under way by the books. */
function addDeaths({ witness }: SimulatedSite, add: Add): void {
  const { deaths, starts } = witness;
  deaths.forEach((death, i) => {
    addDeath(witness, death, add);
    if (death.atMs - (deaths[i - 1]?.atMs ?? -Infinity) < 5 * soonMs) {
      add('two processes have died within five seconds');
    }
  });
  // Each start is noted twice: as the process has read the rows, and as somebody else has.
  const again = starts.filter(({ image }, i) => starts[i - 2]?.image === image);
  add('two starts have found the same rows', again.length / 2);
  const isAlone = ({ generation, step }: Happened) =>
    generation === 1 ||
    deaths.some((death) => death.step < step && death.generation === generation - 1);
  add('two controllers have run at once', starts.filter((start) => !isAlone(start)).length / 2);
}

function addDeath(witness: Witness, death: Happened, add: Add): void {
  const { commits, frames, labels, starts } = witness;
  const own = <T extends Happened>(seen: readonly T[]) =>
    seen.findLast(({ generation, step }) => generation === death.generation && step < death.step);
  const [commit, frame, start] = [own(commits), own(frames), own(starts)];
  const isNow = (seen: Happened | undefined) => seen?.atMs === death.atMs;
  add('a process has died');
  if (isNow(commit) && (commit?.step ?? 0) > (frame?.step ?? 0)) {
    add('a process has died after a commit, before it told anybody');
  }
  if (isNow(frame) && frame?.kind === 'write') add('a process has died when a frame had left');
  if (death.atMs - (start?.atMs ?? 0) < soonMs) add('a process has died within a second');
  if (labels.some(({ atMs }) => Math.abs(atMs - death.atMs) < soonMs)) {
    add('a process has died about when a label came out');
  }
  for (const state of missionStates(commits, death.step)) {
    add(`a process has died with a mission ${state}`);
  }
}

/** States of open missions at a step. */
function missionStates(commits: readonly CommitSeen[], step: number): ReadonlySet<string> {
  const open = new Map<string, string>();
  for (const { commit, outcome, step: at } of commits) {
    if (at > step) break;
    if (outcome === 'failed') continue;
    for (const [key, row] of commit.rows.mission) {
      if (row === undefined || row.verdict !== undefined) open.delete(key);
      else open.set(key, row.state);
    }
  }
  return new Set(open.size === 0 ? ['nowhere'] : open.values());
}

function addCommit({ outcome, commit }: CommitSeen, add: Add): void {
  const { rows, movements, causes } = commit;
  const what = movements.length > 0 ? 'a movement' : rows.mission.length > 0 ? 'a mission' : 'rows';
  if (outcome !== 'done') add(`a commit of ${what} ${outcome}`);
  if (causes.length > 1) add('several causes were decided in one commit');
  for (const [, row] of rows.discrepancy) {
    if (row?.state === 'open') add(`asked ${row.code}`);
    const isByPerson = row?.resolvedBy?.startsWith('operator/') === true;
    if (row && isByPerson) add(`${row.code} was settled as ${row.resolvedAs}`);
  }
  for (const [, row] of rows.mission) if (row?.state === 'doubt') add('a mission was in doubt');
}

function addAnswers({ witness }: SimulatedSite, add: Add): void {
  const seen = new Set<string>();
  for (const { reply, command } of witness.replies) {
    add(`${command.name} was ${reply.error?.code ?? reply.result}`);
    const key = `${command.host}/${command.id}`;
    if (seen.has(key)) add('a host was answered twice');
    seen.add(key);
  }
  for (const { act, outcome } of witness.acts) {
    const what = act.act === 'resolve' ? `${act.act} ${act.resolution}` : act.act;
    add(`${what} was ${outcome.ok ? 'done' : outcome.code}`);
  }
  const copies = witness.labels.filter(
    ({ jobId }, i) => witness.labels.findIndex((label) => label.jobId === jobId) < i,
  );
  add('a label has come out twice', copies.length);
}

function addFrames(site: SimulatedSite, add: Add): void {
  const first = new Map<string, FrameSeen>();
  let highest = 0;
  for (const frame of craneFrames(site.files.site, site.witness.frames)) {
    const { said, generation, connection } = frame;
    if (said.epoch < highest) add('an older controller has written after a newer one');
    highest = Math.max(highest, said.epoch);
    const key = `${said.command} ${said.seq}`;
    const before = said.command === 'none' ? undefined : first.get(key);
    if (before === undefined) first.set(key, frame);
    else if (before.generation !== generation) add('a command was sent again by the next process');
    else if (before.connection !== connection) add('a command was sent again on a new connection');
  }
  addReadings(site, add);
}

function addReadings({ files, witness }: SimulatedSite, add: Add): void {
  const readings = craneStatuses(files.site, witness.frames).map(({ said }) => said);
  readings.forEach((said, i) => {
    const before = readings[i - 1] ?? said;
    if (said.mode === emergencyStop) add('a crane was read in emergency stop');
    else if (said.mode !== autoRemote) add('a crane was read out of automatic mode');
    if (!said.isRetentive) add('a crane was read that has lost its memory');
    if (said.bootId !== before.bootId) add('a crane has restarted');
    if (said.epochAccepted > before.epochAccepted) add('a claim was taken');
  });
  const torn = witness.frames.filter(
    ({ kind, address, words }) => kind === 'read' && address === 2000 && words[0] !== words.at(-1),
  );
  add('a torn block was read', torn.length);
}

function addMissions({ db }: SimulatedSite, add: Add): void {
  for (const { verdict, body } of db.prepare('SELECT verdict, body FROM mission').all()) {
    if (verdict === null) continue;
    const { command, result } = JSON.parse(String(body));
    add('a mission has ended');
    add(`${command.command} ${verdict}`);
    if (result !== undefined) add(`${command.command} ended ${result}`);
  }
}
