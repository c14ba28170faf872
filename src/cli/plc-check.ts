import { writeFileSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TestPlace } from '../../devices/asrs-crane/acceptance/context.ts';
import type { AcceptanceReport, CheckResult } from '../../devices/asrs-crane/acceptance/report.ts';
import { CommandFailure, exitCodes } from './failure.ts';
import { common, print, say, table } from './output.ts';

export interface CheckOptions {
  readonly host: string;
  readonly port: number;
  readonly unit: number;
  readonly interface: string;
  readonly rtu?: string;
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly reads: number;
  readonly manual?: boolean;
  readonly allowMotion?: boolean;
  readonly moveTo?: TestPlace;
  readonly load?: readonly [TestPlace, TestPlace, TestPlace];
  readonly motionLimitS: number;
  readonly html?: string;
}

export function registerCheck(plc: Command): void {
  plc
    .command('check')
    .argument('[file]', 'where to write the report as JSON')
    .description('acceptance test of a live PLC that is not in production')
    .option('--host <host>', 'of the Modbus server', '127.0.0.1')
    .option('--port <port>', 'TCP port', whole(1, 65_535), 502)
    .option('--unit <unit>', 'Modbus unit', whole(0, 255), 1)
    .option('--rtu <path>', 'serial line with Modbus RTU instead of TCP')
    .option('--baud <rate>', 'of the serial line', whole(300, 921_600), 19_200)
    .addOption(
      new Option('--parity <parity>', 'of the serial line')
        .choices(['none', 'even', 'odd'])
        .default('none'),
    )
    .option('--interface <name>', 'in config/interfaces', 'crane-block-v1')
    .option('--reads <n>', 'readings of each snapshot check', whole(10, 100_000), 1000)
    .option('--manual', 'ask the person at the machine for what needs hands')
    .option('--allow-motion', 'the crane may move: people are out of its way')
    .option('--move-to <place>', 'where it may go empty, as rackLeft/3/2/1', place)
    .option('--load <places>', 'a place with a load and two free ones, with commas', places)
    .option('--motion-limit-s <s>', 'longest time of one mission', whole(1, 3600), 120)
    .option('--html <file>', 'write the report as a page to be printed and signed')
    .addHelpText('after', helpText)
    .action((file: string | undefined, _: unknown, command: Command) => check(command, file));
}

const helpText = `
It writes command blocks of its own claim, and leaves claim, sequence and event numbers in the memory of the
PLC: never run it on a PLC in production. Without --allow-motion no frame is sent that a right PLC moves by.
Ends with 0 when every check that was run has passed, with 6 when there are findings.`;

async function check(command: Command, file: string | undefined): Promise<void> {
  const options = command.opts<CheckOptions>();
  const shared = common(command);
  const { acceptance } = await import('./plc-acceptance.ts');
  const onResult = (result: CheckResult) => {
    say(shared, lineOf(result));
    for (const { defect, message } of result.findings) say(shared, `    ${defect}: ${message}`);
    for (const note of result.notes) say(shared, `    ${note}`);
  };
  const { report, json, html, isAccepted } = await acceptance(options, { onResult, ask });
  if (file !== undefined) write(file, json);
  if (options.html !== undefined) write(options.html, html);
  if (shared.json === true && file === undefined) print(json.trimEnd());
  else print(resultTable(report));
  for (const remark of report.remarks) say(shared, remark);
  if (!isAccepted) process.exitCode = exitCodes.findings;
}

const resultTable = ({ results }: AcceptanceReport): string =>
  table(results, {
    point: ({ point }) => point,
    outcome: ({ outcome }) => said[outcome],
    check: ({ title }) => title,
    defects: ({ findings }) => findings.map(({ defect }) => defect).join(' '),
  });

const said = { passed: 'passed', failed: 'FAILED', notRun: 'not run' } as const;

const lineOf = ({ point, title, outcome }: CheckResult): string =>
  `${String(point).padStart(2)} ${said[outcome].padEnd(7)} ${title}`;

/** @returns whether the person has done it; `s` is for skip */
async function ask(instruction: string): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const asked = lines.question(`>>> ${instruction}\n    Enter when done, s to skip: `);
    // Nobody is there when the input ends.
    const ended = new Promise<string>((resolve) => lines.once('close', () => resolve('skip')));
    const answer = await Promise.race([asked, ended]);
    return !answer.trim().toLowerCase().startsWith('s');
  } finally {
    lines.close();
  }
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandFailure('failure', `Cannot write ${path}: ${why}`);
  }
}

function whole(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`a whole number from ${min} to ${max}`);
  };
}

function places(text: string): readonly [TestPlace, TestPlace, TestPlace] {
  const [first, second, third, ...more] = text.split(',').map(place);
  if (first !== undefined && second !== undefined && third !== undefined && more.length === 0) {
    return [first, second, third];
  }
  throw new InvalidArgumentError('three places, such as rackLeft/3/2/1,rackLeft/4/2/1,station/2');
}

function place(text: string): TestPlace {
  const [, kind = '', bay, level, depth] =
    /^(rackLeft|rackRight|station)\/(\d{1,5})(?:\/(\d{1,5})\/(\d))?$/.exec(text) ?? [];
  if (kind === '') throw new InvalidArgumentError('kind/bay/level/depth, such as rackLeft/3/2/1');
  return { kind, bay: Number(bay), level: Number(level ?? 0), depth: Number(depth ?? 0) };
}
