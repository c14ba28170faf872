import { readFileSync } from 'node:fs';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { formatProblems } from '../domain/config-problem.ts';
import { ConfigError, WarehouseError } from '../domain/errors.ts';
import * as backup from './backup.ts';
import * as check from './check.ts';
import * as demo from './demo.ts';
import * as devices from './devices.ts';
import * as discrepancies from './discrepancies.ts';
import * as doctor from './doctor.ts';
import { CommandFailure, exitCodes, exitHelp } from './failure.ts';
import * as finish from './finish.ts';
import * as label from './label.ts';
import * as locks from './locks.ts';
import * as orders from './orders.ts';
import { print } from './output.ts';
import * as plant from './plant.ts';
import * as plc from './plc.ts';
import * as run from './run.ts';
import * as scan from './scan.ts';
import * as scanner from './scanner.ts';
import * as sim from './sim.ts';
import * as simulate from './simulate.ts';
import * as station from './station.ts';
import * as status from './status.ts';
import * as stock from './stock.ts';
import * as why from './why.ts';

const verbs = [
  demo,
  run,
  plant,
  simulate,
  sim,
  check,
  doctor,
  status,
  orders,
  stock,
  devices,
  station,
  scan,
  scanner,
  finish,
  discrepancies,
  locks,
  why,
  backup,
  label,
  plc,
];

/** Runs one verb. @returns what the process should end with; a verb that goes on running sets its own */
export async function main(args: readonly string[]): Promise<number> {
  const program = buildProgram();
  try {
    await program.parseAsync([...args], { from: 'user' });
    return Number(process.exitCode ?? exitCodes.ok);
  } catch (error) {
    return tell(error, program.opts<{ json?: boolean }>().json ?? false);
  }
}

/** Every verb with its options and help, without running any. */
export function buildProgram(): Command {
  const program = new Command('craneway')
    .description('Edge warehouse control system')
    .version(versionOf())
    .option('--url <url>', 'where the site listens', process.env['CRANEWAY_URL'] ?? defaultUrl)
    .option('--timeout-s <seconds>', 'how long to wait for an answer', seconds, 10)
    .option('--json', 'data as JSON')
    .option('-q, --quiet', 'no talk on stderr')
    .addHelpText('after', exitHelp)
    .exitOverride();
  for (const { register } of verbs) register(program);
  return program;
}

const defaultUrl = 'http://127.0.0.1:8080';

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && value <= 3600)) throw new InvalidArgumentError('1 to 3600 seconds');
  return value;
}

function versionOf(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version: unknown }).version);
}

/** What went wrong, why, and what to do. A bug of ours passes through, with its stack. */
function tell(error: unknown, isJson: boolean): number {
  // Commander has said it already, in the same words as its help.
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  if (error instanceof ConfigError) {
    if (isJson) print(JSON.stringify(error.problems, undefined, 2));
    else process.stderr.write(`${formatProblems(error.problems).join('\n')}\n`);
    return exitCodes.configInvalid;
  }
  if (error instanceof CommandFailure) {
    const { message, code, advice } = error;
    const tail = code === undefined ? '' : ` [${code}]`;
    process.stderr.write(`${message}${tail}\n${advice === undefined ? '' : `${advice}\n`}`);
    return exitCodes[error.exit];
  }
  if (error instanceof WarehouseError && error.code !== 'INVARIANT_BROKEN') {
    const { message, context, code, advice } = error;
    const lines = [`${message} ${JSON.stringify(context)} [${code}]`, advice];
    process.stderr.write(`${lines.filter((line) => line !== '').join('\n')}\n`);
    return exitCodes.failure;
  }
  throw error;
}
