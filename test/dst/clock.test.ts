import { expect, test } from 'vitest';
import { judge } from '../../simulators/dst/oracle/oracle.ts';
import { countCalls } from '../lib/crash-enumeration.ts';
import { play, type Scenario, scenarios } from '../lib/floor-scenarios.ts';
import { FloorWitness } from '../lib/floor-witness.ts';

const dayMs = 86_400_000;
/** Time of the first day, so that none is before 1970. */
const baseMs = 1_700_000_000_000;
/** The clock jumps at every one of so many calls. */
const callsPerJump = 17;

/** @returns what is wrong, or was asked, when the wall clock jumps at a call of the controller */
async function whenItJumps(scenario: Scenario, { call, byMs }: { call: number; byMs: number }) {
  const witness = new FloorWitness();
  let calls = 0;
  witness.dies = (_seam, _moment, rig) => {
    if (++calls === call) rig.clock.wallOffsetMs += byMs;
    return false;
  };
  const calm = await play(scenario, new FloorWitness(), baseMs);
  const { commits: perturbed = [] } = calm.evidence;
  const { rig, evidence } = await play(scenario, witness, baseMs);
  // A frame that was on its way while the clock was put right has the time of before.
  const findings = judge({ ...evidence, perturbed }).findings.filter(
    ({ invariant }) => invariant !== 'I12',
  );
  const asked = rig.db.prepare("SELECT body ->> 'code' AS code FROM discrepancy").all();
  return [
    ...findings.map(({ text }) => text),
    ...asked.map(({ code }) => String(code)),
    ...scenario.ended(rig),
  ];
}

test.each(
  scenarios.flatMap((scenario) => [dayMs, -dayMs].map((byMs) => ({ ...scenario, scenario, byMs }))),
)(
  'a wall clock that jumps by $byMs ms under a $name changes no decision and wakes nobody',
  { timeout: 60_000 },
  async ({ scenario, byMs }) => {
    const calls = await countCalls(scenario);
    for (let call = 1; call <= calls; call += callsPerJump) {
      expect({ call, wrong: await whenItJumps(scenario, { call, byMs }) }).toEqual({
        call,
        wrong: [],
      });
    }
  },
);
