import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { kindOf, type RunResult, runSchedule, scheduleOf } from './run.ts';
import { shrink } from './shrink.ts';

const usage = `Runs a small site under fire: real flow, ledger, workflows, drivers and way to hosts on virtual time.

  npm run simulate -- --seeds N [--seed S] [--minutes M] [--json] [--no-shrink]

  --seeds N     so many runs, each from its own seed, one after the other from S on; default 20
  --seed S      the first of them; default 1
  --minutes M   virtual minutes with faults; the rest comes on top; default 10
  --json        one line for each run
`;
const shrinkRunsMax = 300;
const folder = 'simulators/dst/regressions';
const dayMs = 86_400_000;

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    json: { type: 'boolean', default: false },
    'no-shrink': { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
const say = (line: string) => process.stdout.write(`${line}\n`);

/** Facts that a long batch must have met, or it has not looked where it matters. */
const wanted = [
  ...['a process has died', 'a process has stopped by itself', 'an older controller was fenced'],
  ...['a commit failed', 'a commit unknown', 'a mission was in doubt', 'a mission has ended'],
  ...[
    'order.create was accepted',
    'order.create was CONFLICT',
    'transfer done',
    'transfer notTaken',
  ],
];

async function report({ schedule, wrong }: RunResult): Promise<void> {
  const { seed, manner, events, faultsMs } = schedule;
  say(`FAILED  seed ${seed} (${manner}, ${events.length} faults in ${faultsMs / 60_000} min)`);
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
  const [first, count, minutes] = [values.seed, values.seeds, values.minutes].map(Number);
  const sum = { failures: 0, missions: 0, crashes: 0, virtualMs: 0 };
  const facts: Record<string, number> = {};
  const hash = createHash('sha256');
  let spentMs = 0;
  for (let seed = first as number; seed < (first as number) + (count as number); seed++) {
    const from = process.cpuUsage();
    const result = await runSchedule(scheduleOf(seed, (minutes as number) * 60_000));
    const { user, system } = process.cpuUsage(from);
    spentMs += (user + system) / 1_000;
    hash.update(result.hash);
    sum.missions += result.missions;
    sum.crashes += result.crashes;
    sum.virtualMs += result.virtualMs;
    for (const [fact, times] of Object.entries(result.facts))
      facts[fact] = (facts[fact] ?? 0) + times;
    const { virtualMs, missions, crashes, wrong } = result;
    if (values.json)
      say(JSON.stringify({ seed, hash: result.hash, virtualMs, missions, crashes, wrong }));
    if (wrong.length > 0) {
      sum.failures++;
      await report(result);
    }
    result.site.db.close();
  }
  const { virtualMs, ...counts } = sum;
  say(
    JSON.stringify({
      ...{ seeds: count, ...counts },
      siteDays: Math.round((1_000 * virtualMs) / dayMs) / 1_000,
      timesRealTime: Math.round(virtualMs / spentMs),
      facts: Object.keys(facts).length,
      unhit: wanted.filter((fact) => !facts[fact]),
      hash: hash.digest('hex'),
    }),
  );
  if (sum.failures > 0) process.exitCode = 1;
}

if (values.help) say(usage);
else await simulate();
