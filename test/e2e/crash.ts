import { parseArgs } from 'node:util';
import { machineRandom } from '../../src/machine/random.ts';
import { runRound } from './crash-round.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '200' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
});

/** Ends, and takes along what it has started. */
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(130));

/** Kills of one site before it has to come to rest; then a new one begins. */
const killsPerRound = 20;
const limits = { killsMax: 100_000, findingsMax: 20 } as const;

/**
 * Kills the controller of simulated sites as often as it is told to, with PLCs that restart, wires that
 * fail, a process that stands still, and in every second site a broker outside that dies too. After each
 * round steel, host and ledger have to agree.
 */
async function main(): Promise<number> {
  const seed = Number(values.seed ?? machineRandom.u32() % 1_000_000);
  const wanted = Number(values.kills);
  if (!Number.isInteger(wanted) || wanted < 1 || wanted > limits.killsMax) {
    process.stderr.write(`--kills must be 1 to ${limits.killsMax}\n`);
    return 2;
  }
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
