import { judge, notApplicable } from '../../simulators/dst/oracle/oracle.ts';
import { play, type Scenario } from './floor-scenarios.ts';
import { FloorWitness, type Moment, type Seam } from './floor-witness.ts';

/** A second crash comes at one of so many calls after the restart. */
const callsAfterRestart = 5;
/** Another day, at another time of it. */
const otherWallMs = 1_234_567_890;

/** Where a controller dies: at a call of the run, counted from 1, and maybe once more so many calls later. */
export interface CrashPoint {
  readonly call: number;
  readonly again?: number | undefined;
}

/** As `npm run enumerate` takes it: `12`, or `12+3`. */
export const nameOf = ({ call, again }: CrashPoint): string =>
  again === undefined ? `${call}` : `${call}+${again}`;

interface CrashRun {
  readonly point: CrashPoint;
  /** What it died at, such as `before commit`; of a pair only the first where the work was over before the second. */
  readonly at: readonly string[];
  /** Everything that was wrong afterwards; empty: nothing was lost or doubled, and all has ended. */
  readonly wrong: readonly string[];
}

/** How many calls at the edge of the core a run makes, each of them before and after. */
export async function countCalls(scenario: Scenario): Promise<number> {
  const witness = new FloorWitness();
  let calls = 0;
  witness.dies = () => {
    calls++;
    return false;
  };
  await play(scenario, witness);
  return calls;
}

/**
 * Runs a scenario whose controller dies at a point, or at two, and judges what is left.
 *
 * @param isTwice  and once more on another wall clock, which has to lead to the same
 */
export async function crashAt(
  scenario: Scenario,
  point: CrashPoint,
  isTwice: boolean,
): Promise<CrashRun> {
  const at: string[] = [];
  try {
    const { rig, evidence } = await dieAt(scenario, point, at);
    const other = isTwice ? await dieAt(scenario, point, [], otherWallMs) : undefined;
    const perturbed = other?.evidence.commits;
    const { findings, notJudged } = judge({ ...evidence, ...(perturbed && { perturbed }) });
    const unseen = Object.keys(notJudged).filter((id) => isTwice && !(id in notApplicable));
    const wrong = [
      ...findings.map(({ invariant, text }) => `${invariant}: ${text}`),
      ...unseen.map((id) => `${id} is not judged: ${notJudged[id]}`),
      ...scenario.ended(rig),
      ...(at.length === 0 ? ['the run has ended before its crash'] : []),
    ];
    return { point, at, wrong };
  } catch (error) {
    return { point, at, wrong: [String(error)] };
  }
}

/** @param at  gets what the controller has died at */
function dieAt(scenario: Scenario, point: CrashPoint, at: string[], wallOffsetMs = 0) {
  const witness = new FloorWitness();
  const left = [point.call, ...(point.again === undefined ? [] : [point.again])];
  let calls = 0;
  witness.dies = (seam: Seam, moment: Moment) => {
    calls++;
    if (calls !== left[0]) return false;
    left.shift();
    calls = 0;
    at.push(`${moment} ${seam}`);
    return true;
  };
  return play(scenario, witness, wallOffsetMs);
}

/** Every point of a run, or every pair of them. */
export function* pointsOf(calls: number, isPair: boolean): Generator<CrashPoint> {
  for (let call = 1; call <= calls; call++) {
    if (!isPair) yield { call };
    for (let again = 1; isPair && again <= callsAfterRestart; again++) yield { call, again };
  }
}
