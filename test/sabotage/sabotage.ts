import { machineClock } from '../../src/machine/clock.ts';
import { scriptOptions } from '../lib/script-options.ts';
import { simulationJudge } from './by-simulation.ts';
import { testJudge } from './by-test.ts';
import { plantedBugs, seenBySimulation } from './catalog.ts';
import type { PlantedBug, Verdict } from './planted-bug.ts';
import { copyTree, removeTree } from './scratch-copy.ts';

const usage = `Plants every known bug in a copy of the work tree, one after the other: somebody must catch it.

  npm run sabotage -- [--simulated] [--seeds N] [word ...]

  word          only the bugs that have it in their id
  --simulated   not the test that a bug names: the simulation under fire, which must find those bugs that it
                is known to find, and says of the others whether it does
  --seeds N     of the simulation, for each bug, from seed 1 on; default 20
`;
const whyMax = 160;
const say = (line: string) => process.stdout.write(`${line}\n`);

interface Choice {
  readonly words: readonly string[];
  readonly isSimulated: boolean;
  readonly seeds: number;
}

/** @returns the exit code: 1 when a bug survives, or proves nothing */
async function plantAll({ words, isSimulated, seeds }: Choice): Promise<number> {
  const chosen = plantedBugs.filter(
    ({ id }) => words.length === 0 || words.some((word) => id.includes(word)),
  );
  const scratch = copyTree();
  const counts: Record<Outcome, number> = { caught: 0, unseen: 0, SURVIVED: 0 };
  try {
    const judge = isSimulated ? await simulationJudge(scratch, seeds) : testJudge(scratch);
    for (const planted of chosen) {
      const fromMs = machineClock.monotonicMs();
      const verdict = await judge(planted);
      const tookS = Math.round((machineClock.monotonicMs() - fromMs) / 1000);
      const outcome = outcomeOf(planted, verdict, isSimulated);
      counts[outcome]++;
      const by = isSimulated ? '' : `${planted.caughtBy}, `;
      say(`${outcome.padEnd(10)}${planted.id}: ${planted.bug}`);
      say(`          ${by}after ${tookS} s: ${verdict.why.split('\n', 1)[0]?.slice(0, whyMax)}`);
    }
  } finally {
    removeTree(scratch);
  }
  say(`${counts.caught} of ${chosen.length} planted bugs were caught, ${counts.SURVIVED} survived`);
  return counts.SURVIVED === 0 && counts.caught > 0 ? 0 : 1;
}

type Outcome = 'caught' | 'unseen' | 'SURVIVED';

function outcomeOf({ id }: PlantedBug, { isCaught }: Verdict, isSimulated: boolean): Outcome {
  if (isCaught) return 'caught';
  return isSimulated && !seenBySimulation.has(id) ? 'unseen' : 'SURVIVED';
}

const { values, words, whole, refuse } = scriptOptions(
  usage,
  {
    simulated: { type: 'boolean', default: false },
    seeds: { type: 'string', default: '20' },
  },
  { takesWords: true },
);
const unknown = words.filter((word) => !plantedBugs.some(({ id }) => id.includes(word)));
if (unknown.length > 0) refuse(`No planted bug has ${unknown.join(', ')} in its id`);
process.exitCode = await plantAll({
  ...{ words, isSimulated: values.simulated, seeds: whole('seeds', 1, 100_000) },
});
