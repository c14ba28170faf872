import { machineClock } from '../../src/machine/clock.ts';
import { scriptOptions } from '../lib/script-options.ts';
import { simulationJudge } from './by-simulation.ts';
import { testJudge } from './by-test.ts';
import { plantedBugs } from './catalog.ts';
import type { PlantedBug, Verdict } from './planted-bug.ts';
import { copyTree, removeTree } from './scratch-copy.ts';
import { outsideOfSimulation, seenBySimulation } from './simulation.ts';

const usage = `Plants every known bug in a copy of the work tree, one after the other: somebody must catch it.

  npm run sabotage -- [--simulated] [--seeds N] [--json] [word ...]

  word          only the bugs that have it in their id
  --simulated   not the test that a bug names: the simulation under fire, which must find those bugs that it
                is known to find by so many seeds, and says of the others whether it does. Those that do not live in it are left
                out, each with the reason, unless a word asks for them
  --seeds N     of the simulation, for each bug, from seed 1 on; default 8
  --json        one line for each bug instead of the table, and one with the counts

It ends with a table: who has caught which bug, by which seed first, and after how many seconds.
`;
const whyMax = 160;
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Choice {
  readonly words: readonly string[];
  readonly isSimulated: boolean;
  readonly seeds: number;
  readonly isJson: boolean;
}

/**
 * `unseen`: the simulation does not find it, and nobody has said that it does. `outside`: what it is in
 * is no part of the simulation.
 */
type Outcome = 'caught' | 'unseen' | 'outside' | 'SURVIVED';

interface Row {
  readonly bug: string;
  readonly outcome: Outcome;
  /** The test file, or the simulation. */
  readonly by: string;
  readonly seed?: number | undefined;
  /** From the moment when it was planted. */
  readonly tookS: number;
  readonly why: string;
}

/** @returns the exit code: 1 when a bug survives, or proves nothing */
async function plantAll(choice: Choice): Promise<number> {
  const { words, isJson } = choice;
  const chosen = plantedBugs.filter(
    ({ id }) => words.length === 0 || words.some((word) => id.includes(word)),
  );
  const rows: Row[] = [];
  const scratch = copyTree();
  try {
    const judge = await judgeOf(choice, scratch);
    for (const planted of chosen) {
      const row = await judge(planted);
      rows.push(row);
      say(isJson ? JSON.stringify(row) : told(row, planted.bug));
    }
  } finally {
    removeTree(scratch);
  }
  const counts = { caught: 0, unseen: 0, outside: 0, SURVIVED: 0 };
  for (const { outcome } of rows) counts[outcome]++;
  if (!isJson) for (const line of tableOf(rows)) say(line);
  say(isJson ? JSON.stringify({ bugs: rows.length, ...counts }) : summaryOf(counts));
  return counts.SURVIVED === 0 && counts.caught > 0 ? 0 : 1;
}

async function judgeOf({ words, isSimulated, seeds }: Choice, scratch: string) {
  if (!isSimulated) {
    const byTest = testJudge(scratch);
    return (planted: PlantedBug) => timed(planted, planted.caughtBy, byTest, 'SURVIVED');
  }
  const bySimulation = await simulationJudge(scratch, seeds);
  return async (planted: PlantedBug): Promise<Row> => {
    const { id } = planted;
    const why = words.length === 0 ? outsideOfSimulation[id] : undefined;
    const by = 'simulation';
    if (why !== undefined) return { bug: id, by, outcome: 'outside', tookS: 0, why };
    const isKnown = (seenBySimulation[id] ?? Number.POSITIVE_INFINITY) <= seeds;
    return timed(planted, by, bySimulation, isKnown ? 'SURVIVED' : 'unseen');
  };
}

/** @param unseen  what it is when it was not caught */
async function timed(
  planted: PlantedBug,
  by: string,
  judge: (planted: PlantedBug) => Promise<Verdict>,
  unseen: Outcome,
): Promise<Row> {
  const fromMs = machineClock.monotonicMs();
  const { isCaught, why, seed } = await judge(planted);
  const tookS = Math.round((machineClock.monotonicMs() - fromMs) / 1000);
  const said = why.split('\n', 1)[0]?.slice(0, whyMax) ?? '';
  return { bug: planted.id, by, seed, outcome: isCaught ? 'caught' : unseen, tookS, why: said };
}

const told = ({ outcome, bug, by, seed, tookS, why }: Row, what: string): string => {
  const who = seed === undefined ? by : `${by}, seed ${seed}`;
  return `${outcome.padEnd(10)}${bug}: ${what}\n          ${who}, after ${tookS} s: ${why}`;
};

function tableOf(rows: readonly Row[]): string[] {
  const cells = [
    ['bug', 'outcome', 'first seed', 'seconds', 'by'],
    ...rows.map(({ bug, outcome, seed, tookS, by }) => [
      ...[bug, outcome, String(seed ?? ''), outcome === 'outside' ? '' : String(tookS), by],
    ]),
  ];
  const widths = [0, 1, 2, 3].map((i) => Math.max(...cells.map((row) => row[i]?.length ?? 0)));
  const lines = cells.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return ['', ...lines, ''];
}

const summaryOf = (counts: Readonly<Record<Outcome, number>>): string =>
  Object.entries(counts)
    .map(([outcome, count]) => `${count} ${outcome}`)
    .join(', ');

const { values, words, whole, refuse } = scriptOptions(
  usage,
  {
    simulated: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '8' },
    json: { type: 'boolean', default: false },
  },
  { takesWords: true },
);
const unknown = words.filter((word) => !plantedBugs.some(({ id }) => id.includes(word)));
if (unknown.length > 0) refuse(`No planted bug has ${unknown.join(', ')} in its id`);
process.exitCode = await plantAll({
  ...{ words, isSimulated: values.simulated, isJson: values.json },
  seeds: whole('seeds', 1, 100_000),
});
