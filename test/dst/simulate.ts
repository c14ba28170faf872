import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { scriptOptions } from '../lib/script-options.ts';
import { Coverage } from './coverage.ts';
import { kindOf, type RunResult, runSchedule, runTwice, scheduleOf } from './run.ts';
import { shrink } from './shrink.ts';

/** A shorter batch lists what it has not met. */
const strictFromSeeds = 2_000;
/** One run of so many is lived through twice, the first time on another wall clock. */
const seedsPerTwice = 16;
const usage = `Runs a small site under fire: real flow, ledger, workflows, drivers and way to hosts on virtual time.

  npm run simulate -- --seeds N [--seed S] [--minutes M] [--json] [--strict] [--no-shrink]

  --seeds N     so many runs, each from its own seed, one after the other from S on; default 20
  --seed S      the first of them; default 1
  --minutes M   virtual minutes with faults; the rest comes on top; default 2: a site that is young and full of faults
                shows more in an hour of the processor than one that lives long
  --json        one line for each run
  --strict      fails, too, when a fact of test/dst/expected-facts.ts was not met, or a fault never came in a
                phase of the work where chance should have brought it; from ${strictFromSeeds} seeds on always
  --no-shrink   a failure is not made smaller, and not kept

The last line is JSON: what was run and met. thinned counts runs with more faults drawn than a run can take in
(400): every so many-th of them was kept. timesRealTime is virtual time, of both lives where a run is lived twice, by
processor time of this process.
`;
const shrinkRunsMax = 300;
const folder = 'simulators/dst/regressions';
const dayMs = 86_400_000;

/** Refusals are errors, and made by the thousand: where one comes from is kept only for a run that fails. */
const stackTraceLimit = Error.stackTraceLimit;
Error.stackTraceLimit = 0;

const { values, whole } = scriptOptions(usage, {
  seeds: { type: 'string', default: '20' },
  seed: { type: 'string', default: '1' },
  minutes: { type: 'string', default: '2' },
  json: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  'no-shrink': { type: 'boolean', default: false },
});
const [first, count] = [whole('seed', 0, 0xffff_ffff), whole('seeds', 1, 10_000_000)];
const minutes = whole('minutes', 1, 100_000);
const say = (line: string) => process.stdout.write(`${line}\n`);

const runOf = (seed: number) => (seed % seedsPerTwice === 0 ? runTwice : runSchedule);

/** Lives it once more, to say where its errors come from. */
async function traced({ schedule, wrong }: RunResult): Promise<readonly string[]> {
  Error.stackTraceLimit = stackTraceLimit;
  const again = await runOf(schedule.seed)(schedule);
  again.site.db.close();
  Error.stackTraceLimit = 0;
  // One that does not come again is told without traces.
  return again.wrong.length > 0 ? again.wrong : wrong;
}

async function report(result: RunResult): Promise<void> {
  const { schedule } = result;
  const wrong = await traced(result);
  const { seed, manner, events, faultsMs, drawn } = schedule;
  const faults = drawn === undefined ? events.length : `${events.length} of ${drawn} drawn`;
  say(`FAILED  seed ${seed} (${manner}, ${faults} faults in ${faultsMs / 60_000} min)`);
  for (const text of wrong.slice(0, 30)) say(`        ${text}`);
  if (values['no-shrink']) return;
  const kind = kindOf(wrong[0]);
  const fails = async (fewer: typeof schedule) =>
    (await runSchedule(fewer)).wrong.some((text) => kindOf(text) === kind);
  const small = await shrink(schedule, fails, shrinkRunsMax);
  const text = `${JSON.stringify({ invariant: kind, ...small.schedule }, undefined, 2)}\n`;
  const name = `${folder}/${createHash('sha256').update(text).digest('hex').slice(0, 12)}.json`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(name, text);
  say(`        ${small.schedule.events.length} faults are enough (${small.runs} runs): ${name}`);
  for (const { atMs, kind: what, target, args } of small.schedule.events) {
    say(`        ${String(atMs).padStart(8)} ms  ${what} ${target} ${JSON.stringify(args)}`);
  }
}

async function simulate(): Promise<void> {
  const sum = { failures: 0, missions: 0, crashes: 0, thinned: 0, virtualMs: 0, livedMs: 0 };
  const coverage = new Coverage();
  const hash = createHash('sha256');
  let spentMs = 0;
  for (let seed = first; seed < first + count; seed++) {
    const from = process.cpuUsage();
    const result = await runOf(seed)(scheduleOf(seed, minutes * 60_000));
    const { user, system } = process.cpuUsage(from);
    spentMs += (user + system) / 1_000;
    hash.update(result.hash);
    sum.missions += result.missions;
    sum.crashes += result.crashes;
    if (result.schedule.drawn !== undefined) sum.thinned++;
    sum.virtualMs += result.virtualMs;
    sum.livedMs += result.livedMs;
    coverage.add(result.facts, result.site.witness.faults);
    const { virtualMs, missions, crashes, wrong } = result;
    if (values.json)
      say(JSON.stringify({ seed, hash: result.hash, virtualMs, missions, crashes, wrong }));
    if (wrong.length > 0) {
      sum.failures++;
      await report(result);
    }
    result.site.db.close();
  }
  const { virtualMs, livedMs, ...counts } = sum;
  const { unhit, missed } = coverage;
  say(
    JSON.stringify({
      ...{ seeds: count, ...counts },
      siteDays: Math.round((1_000 * virtualMs) / dayMs) / 1_000,
      timesRealTime: Math.round(livedMs / spentMs),
      ...{ facts: coverage.facts.size, unhit, cells: coverage.cells, missed },
      hash: hash.digest('hex'),
    }),
  );
  const isStrict = values.strict || count >= strictFromSeeds;
  const isBlind = isStrict && unhit.length + missed.length > 0;
  if (sum.failures > 0 || isBlind) process.exitCode = 1;
}

await simulate();
