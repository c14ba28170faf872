import {
  type CrashPoint,
  countCalls,
  crashAt,
  nameOf,
  pointsOf,
} from '../lib/crash-enumeration.ts';
import { type Scenario, scenarios } from '../lib/floor-scenarios.ts';
import { scriptOptions } from '../lib/script-options.ts';

const usage = `Lets the controller die before and after every call at its edge, and once more within five calls.
Each run is judged by all invariants; one with a single crash is repeated on another wall clock.

  npm run enumerate [-- scenario ...]          all points and all pairs
  npm run enumerate -- --at CALL[+CALLS] NAME  one of them

Scenarios: ${scenarios.map(({ name }) => name).join(', ')}
`;
/** Failures that are printed whole. */
const shownMax = 10;

const say = (line: string) => process.stdout.write(`${line}\n`);

interface Count {
  calls: number;
  runs: number;
  /** Pairs whose work was over before the second crash: the first one came at its end. */
  over: number;
  failures: number;
}

async function enumerate(scenario: Scenario, count: Count): Promise<void> {
  const calls = await countCalls(scenario);
  count.calls += calls;
  const before = { ...count };
  for (const isPair of [false, true]) {
    for (const point of pointsOf(calls, isPair)) await runOne(scenario, point, count);
  }
  const failures = count.failures - before.failures;
  say(
    `${scenario.name}: ${calls} calls, ${count.runs - before.runs} crashes, ${failures} failures`,
  );
}

async function runOne(scenario: Scenario, point: CrashPoint, count: Count): Promise<void> {
  const { at, wrong } = await crashAt(scenario, point, point.again === undefined);
  count.runs++;
  if (point.again !== undefined && at.length < 2) count.over++;
  if (wrong.length === 0) return;
  count.failures++;
  if (count.failures > shownMax) return;
  const how = `npm run enumerate -- --at ${nameOf(point)} ${scenario.name}`;
  say(`FAILED  ${how}   (dies ${at.join(', then ')})`);
  for (const text of wrong) say(`        ${text}`);
}

async function main(): Promise<number> {
  const { values, words, refuse } = scriptOptions(
    usage,
    { at: { type: 'string', default: '' } },
    { takesWords: true },
  );
  const chosen = scenarios.filter(({ name }) => words.length === 0 || words.includes(name));
  const unknown = words.filter((word) => !chosen.some(({ name }) => name === word));
  if (unknown.length > 0) refuse(`There is no scenario ${unknown.join(', ')}`);
  if (!/^(\d+(\+\d+)?)?$/.test(values.at)) refuse(`--at must be as 12 or 12+3: ${values.at}`);
  const count: Count = { calls: 0, runs: 0, over: 0, failures: 0 };
  const [call, again] = values.at.split('+').map(Number);
  for (const scenario of chosen) {
    if (call === undefined || call === 0) await enumerate(scenario, count);
    else await runOne(scenario, { call, again }, count);
  }
  say(JSON.stringify(count));
  return count.failures === 0 ? 0 : 1;
}

process.exitCode = await main();
