import {
  type AcceptanceReport,
  type CheckResult,
  isAccepted,
} from '../../devices/asrs-crane/acceptance/report.ts';
import { acceptancePage } from '../../devices/asrs-crane/acceptance/report-page.ts';
import { runAcceptance } from '../../devices/asrs-crane/acceptance/run.ts';
import { craneFields, craneGroups } from '../../devices/asrs-crane/fields.ts';
import type { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { dialModbus } from '../../devices/lib/modbus-line.ts';
import { needsOf as startBitNeeds } from '../../devices/start-bit-crane/fields.ts';
import { type Look, lookAtPlc } from '../../devices/start-bit-crane/look.ts';
import { timeText } from '../contract/time.ts';
import { ConfigError, isDeviceError } from '../domain/errors.ts';
import { machineClock as clock } from '../machine/clock.ts';
import { machineRandom as random } from '../machine/random.ts';
import { CommandFailure } from './failure.ts';
import { readInterface } from './interface-files.ts';
import type { CheckOptions } from './plc-check.ts';

interface Person {
  readonly onResult: (result: CheckResult) => void;
  readonly ask: (instruction: string) => Promise<boolean>;
}

/** Runs the acceptance of a crane's PLC as the command line asks for it. */
export async function acceptance(options: CheckOptions, { onResult, ask }: Person) {
  const file = readInterface(options.interface);
  const isOld = file.meta.device === 'startBitCrane';
  const problems = isOld
    ? interfaceProblems(file, startBitNeeds(file))
    : interfaceProblems(file, craneFields, craneGroups);
  if ((file.meta.device !== 'asrsCrane' && !isOld) || problems.length > 0) {
    const found = problems.map(({ message }) => message);
    throw new ConfigError(options.interface, ['plc check is for cranes', ...found]);
  }
  const ending = new AbortController();
  const end = () => ending.abort();
  process.once('SIGINT', end);
  try {
    if (isOld) return texts(await lookOnly(options, { file, onResult, signal: ending.signal }));
    const report = await runAcceptance({
      ...{ file, clock, random, onResult, signal: ending.signal, reads: options.reads },
      target: targetOf(options),
      connect: connector(options),
      mayMove: options.allowMotion === true,
      moveTo: options.moveTo,
      loads: options.load,
      motionLimitMs: options.motionLimitS * 1000,
      ask: options.manual === true ? ask : async () => false,
    });
    return texts(report);
  } catch (error) {
    if (!isDeviceError(error)) throw error;
    const advice =
      'Check host, port and unit, or the serial line, and that nobody else is connected.';
    throw new CommandFailure('unreachable', `${targetOf(options)}: ${error.message}`, { advice });
  } finally {
    process.off('SIGINT', end);
  }
}

interface Looking {
  readonly file: InterfaceFile;
  readonly onResult: Person['onResult'];
  readonly signal: AbortSignal;
}

/** A PLC without numbers is read and nothing else; the report says what that cannot show. */
async function lookOnly(
  options: CheckOptions,
  { file, onResult, signal }: Looking,
): Promise<AcceptanceReport> {
  const startedAtMs = clock.nowMs();
  const line = await connector(options)(signal);
  try {
    const looks = await lookAtPlc({ line, file, clock, reads: options.reads, signal });
    const results = looks.map((look, i) => resultOf(look, i + 1));
    for (const result of results) onResult(result);
    const { id, version } = file.meta;
    return {
      ...{ interface: `${id} ${version.major}.${version.minor}`, target: targetOf(options) },
      ...{ deviceNumber: undefined, startedAtMs, results, timings: [] },
      remarks: [
        'It was only read. What is not run here is for people at the machine, before production.',
      ],
    };
  } finally {
    await line.close();
  }
}

const resultOf = ({ title, findings, notes, isLookedAt }: Look, point: number): CheckResult => ({
  ...{ point, title, findings, notes, elapsedMs: 0 },
  outcome: findings.length > 0 ? 'failed' : isLookedAt ? 'passed' : 'notRun',
});

function texts(report: AcceptanceReport) {
  const startedAt = timeText(report.startedAtMs);
  return {
    report,
    isAccepted: isAccepted(report),
    json: `${JSON.stringify({ startedAt, ...report }, undefined, 2)}\n`,
    html: acceptancePage(report, startedAt),
  };
}

const targetOf = ({ rtu, host, port, unit }: CheckOptions): string =>
  `${rtu ?? `${host}:${port}`}, unit ${unit}`;

const limits = { connectLimitMs: 3000, requestLimitMs: 1000, clock };

const connector =
  ({ rtu, baud, parity, host, port, unit, interface: name }: CheckOptions) =>
  (signal: AbortSignal) =>
    dialModbus(
      {
        ...{ host, port, unit, interface: name },
        protocol: rtu === undefined ? 'tcp' : 'rtu',
        serial: rtu === undefined ? undefined : { path: rtu, baudRate: baud, parity },
      },
      { ...limits, signal },
    );
