import { machineRandom } from '../../src/machine/random.ts';
import { scriptOptions } from '../lib/script-options.ts';
import { runRound } from './crash-round.ts';

const usage = `Kills the process of the controller again and again, beside PLCs, wires and a broker that fail.

  npm run crash -- [--kills N] [--seed S] [--json]

  --kills N   so many kills; default 200
  --seed S    the first of the sites; default: drawn, and printed
  --json      the result on one line
`;
const { values, whole } = scriptOptions(usage, {
  kills: { type: 'string', default: '200' },
  seed: { type: 'string', default: String(machineRandom.u32() % 1_000_000) },
  json: { type: 'boolean', default: false },
});

/** Ends, and takes along what it has started. */
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** Kills of one site before it has to come to rest; then a new one begins. */
const killsPerRound = 20;
const limits = { killsMax: 100_000, findingsMax: 20 } as const;
const [wanted, seed] = [whole('kills', 1, limits.killsMax), whole('seed', 0, 0xffff_ffff)];

/**
 * Kills the controller of simulated sites as often as it is told to, with PLCs that restart, wires that
 * fail, a process that stands still, and in every second site a broker outside that dies too. After each
 * round steel, host and ledger have to agree.
 */
async function main(): Promise<number> {
  const sum = {
    ...{ kills: 0, stops: 0, plcRestarts: 0, memoriesLost: 0, wireFaults: 0, brokerRestarts: 0 },
  };
  const work = { missions: 0, movements: 0, rounds: 0 };
  const findings: string[] = [];
  for (; sum.kills < wanted && findings.length === 0; work.rounds++) {
    const kills = Math.min(killsPerRound, wanted - sum.kills);
    const options = { seed: seed + work.rounds, kills, hasBroker: work.rounds % 2 === 1 };
    try {
      const round = await runRound({ ...options, isDisturbed: true });
      for (const name of Object.keys(sum) as (keyof typeof sum)[]) sum[name] += round[name];
      work.missions += round.missions;
      work.movements += round.movements;
      process.stderr.write(`${JSON.stringify(round)}\n`);
    } catch (error) {
      process.stderr.write(`${String(error)}\n`);
      findings.push(...String(error).split('\n').slice(0, limits.findingsMax));
    }
  }
  const ok = findings.length === 0 && sum.kills >= wanted;
  const result = { seed, ...sum, ...work, findings, ok };
  process.stdout.write(`${JSON.stringify(result, undefined, values.json ? undefined : 2)}\n`);
  return ok ? 0 : 1;
}

process.exitCode = await main();
