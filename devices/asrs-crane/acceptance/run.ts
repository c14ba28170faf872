import { isDeviceError } from '../../../src/domain/errors.ts';
import type { InterfaceFile } from '../../lib/interface-file.ts';
import { checkResync, commandChecks } from './command-checks.ts';
import { type Check, type Context, NotRun, type TestPlace } from './context.ts';
import { frameChecks } from './frame-checks.ts';
import { loadChecks } from './load-checks.ts';
import { manualChecks } from './manual-checks.ts';
import { motionChecks } from './motion-checks.ts';
import { type AcceptanceReport, type CheckResult, type Finding, timingOf } from './report.ts';
import { Session, type SessionOptions } from './session.ts';
import { checkGuards, lifeChecks, snapshotChecks } from './status-checks.ts';
import { checkClaim, checkHead, wireChecks } from './wire-checks.ts';

export interface AcceptanceOptions extends SessionOptions {
  /** Address as people know it, for the report. */
  readonly target: string;
  /** Readings of each snapshot check. */
  readonly reads: number;
  /** Missions may be sent. Without it no frame is written that a right PLC could move by. */
  readonly mayMove: boolean;
  readonly moveTo: TestPlace | undefined;
  /** One load and where it stands, then two free places for it. */
  readonly loads: Context['loads'];
  /** Longest time of one mission. */
  readonly motionLimitMs: number;
  /** Asks the person at the machine to do something. @returns whether it was done */
  readonly ask: (instruction: string) => Promise<boolean>;
  /** Hears each result as it is known. */
  readonly onResult: (result: CheckResult) => void;
}

/**
 * Looks at a live PLC that is not in production: the points of the acceptance of the crane block, as
 * far as they can be done. Leaves it held (enable 0), with a claim, sequence and event numbers of the
 * test in its memory.
 *
 * @throws {DeviceUnavailableError} when it cannot be reached at the beginning
 */
export async function runAcceptance(options: AcceptanceOptions): Promise<AcceptanceReport> {
  const { file, clock, target, signal } = options;
  const session = new Session(options);
  const startedAtMs = clock.nowMs();
  const runner = new Runner(session, options);
  await session.words();
  let isSound = await runner.gate(1, 'word order, map version and device number', checkHead);
  if (isSound) {
    isSound = await runner.gate(1, 'the claim is taken: word order and CRC both ways', checkClaim);
  }
  if (isSound) isSound = await runner.gate(2, 'one snapshot number means one content', checkGuards);
  const resync: Check = { point: 8, title: 'resync after a loss of memory', run: checkResync };
  const checks = [
    resync,
    ...[...lifeChecks, ...wireChecks, ...frameChecks, ...snapshotChecks],
    ...[...commandChecks, ...motionChecks, ...loadChecks, ...manualChecks],
  ];
  for (const check of checks) {
    if (signal.aborted) runner.skip(check, 'the test was ended');
    else if (isSound) await runner.run(check);
    else runner.skip(check, 'needs a PLC that can be read and claimed: see the findings above');
  }
  const deviceNumber = session.levels.deviceNumber;
  if (isSound && !signal.aborted) await leave(session);
  await session.hangUp();
  return {
    ...{ interface: nameOf(file), target, deviceNumber, startedAtMs },
    results: runner.results.toSorted((a, b) => a.point - b.point),
    timings: [...session.times].map(([name, times]) => timingOf(name, times)),
    remarks: session.written.length > 0 ? remarks : [],
  };
}

const remarks = [
  'The memory of the PLC now holds the claim, the sequence and the event numbers of this test. Clear it before production: a controller that finds them takes them for those of a foreign one.',
];

const nameOf = ({ meta }: InterfaceFile) =>
  `${meta.id} ${meta.version.major}.${meta.version.minor}`;

async function leave(session: Session): Promise<void> {
  try {
    await session.send({ enable: false });
  } catch (error) {
    if (!isDeviceError(error)) throw error;
  }
}

class Runner {
  readonly results: CheckResult[] = [];
  readonly #session: Session;
  readonly #options: AcceptanceOptions;

  constructor(session: Session, options: AcceptanceOptions) {
    this.#session = session;
    this.#options = options;
  }

  /** A check on which all others rest. @returns whether they make sense */
  async gate(
    point: number,
    title: string,
    check: (context: Context) => Promise<boolean>,
  ): Promise<boolean> {
    let isOpen = false;
    const run = async (context: Context) => {
      isOpen = await check(context);
    };
    return (await this.run({ point, title, run })).outcome === 'passed' && isOpen;
  }

  skip({ point, title }: Check, why: string): void {
    this.#tell({ point, title, outcome: 'notRun', findings: [], notes: [why], elapsedMs: 0 });
  }

  async run({ point, title, run }: Check): Promise<CheckResult> {
    const { clock } = this.#session;
    const startedAtMs = clock.monotonicMs();
    const findings: Finding[] = [];
    const notes: string[] = [];
    let isRun = true;
    try {
      await run(this.#context(findings, notes));
    } catch (error) {
      if (error instanceof NotRun) {
        isRun = false;
        notes.push(error.message);
      } else if (isDeviceError(error)) {
        const facts = Object.entries(error.context).map(([key, value]) => `${key} ${value}`);
        findings.push({ defect: 'WIRE', message: [error.message, ...facts].join(', ') });
        await this.#session.hangUp();
      } else throw error;
    }
    const outcome = findings.length > 0 ? 'failed' : isRun ? 'passed' : 'notRun';
    const elapsedMs = Math.round(clock.monotonicMs() - startedAtMs);
    return this.#tell({ point, title, outcome, findings, notes, elapsedMs });
  }

  #tell(result: CheckResult): CheckResult {
    this.results.push(result);
    this.#options.onResult(result);
    return result;
  }

  #context(findings: Finding[], notes: string[]): Context {
    const { reads, mayMove, moveTo, loads, motionLimitMs, ask } = this.#options;
    return {
      ...{ session: this.#session, reads, mayMove, moveTo, loads, motionLimitMs, ask },
      fail: (defect, message) => void findings.push({ defect, message }),
      note: (text) => void notes.push(text),
    };
  }
}
