import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Evidence } from '../../simulators/dst/evidence.ts';
import type { Invariant } from '../../simulators/dst/oracle/invariant.ts';
import { invariants, judge, notApplicable } from '../../simulators/dst/oracle/oracle.ts';
import { OUTSIDE } from '../../src/domain/ids.ts';
import { play, scenarios } from '../lib/floor-scenarios.ts';
import { FloorWitness } from '../lib/floor-witness.ts';
import type { Violation } from './violation.ts';
import { fallenOver, violations } from './violations.ts';

const tenYearsMs = 315_000_000_000;
const folder = mkdtempSync(join(tmpdir(), 'craneway-oracle-'));
const clean = new Map<string, Evidence>();
let copies = 0;

beforeAll(async () => {
  for (const scenario of scenarios) {
    const { rig, evidence } = await play(scenario);
    const other = await play(scenario, new FloorWitness(), tenYearsMs);
    const { commits: perturbed = [] } = other.evidence;
    rig.db.exec(`VACUUM INTO '${join(folder, scenario.name)}'`);
    clean.set(scenario.name, { ...evidence, perturbed });
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** What is seen of a run in which one thing is wrong. */
function tampered({ of, tamper }: Violation): Evidence {
  const file = join(folder, `copy-${++copies}`);
  copyFileSync(join(folder, of), file);
  const whole = { ...clean.get(of), db: new DatabaseSync(file) } as Evidence;
  return { ...whole, ...tamper(whole) };
}

/** Invariants that see nothing of something that breaks them, or that nothing has been seen to break. */
function blind(which: readonly Invariant[]): string[] {
  const missed = violations.filter(
    (violation) =>
      !judge(tampered(violation), which).findings.some(
        ({ invariant }) => invariant === violation.invariant,
      ),
  );
  const shown = new Set(violations.map(({ invariant }) => invariant));
  const unshown = which.filter(({ id }) => !shown.has(id));
  return [
    ...new Set([...missed.map(({ invariant }) => invariant), ...unshown.map(({ id }) => id)]),
  ];
}

test('every invariant from I1 to I24 is judged, or it is said why not', () => {
  const named = [...invariants.map(({ id }) => id), ...Object.keys(notApplicable)];
  const wanted = Array.from({ length: 24 }, (_, i) => `I${i + 1}`);
  expect(named.toSorted()).toEqual(wanted.toSorted());
});

test.each(scenarios)(
  'nothing is wrong with a $name in which nothing has gone wrong',
  (scenario) => {
    const { findings, notJudged } = judge(clean.get(scenario.name) as Evidence);
    expect(findings).toEqual([]);
    expect(Object.keys(notJudged)).toEqual(['I21']);
  },
);

test.each(violations)('$invariant finds $is', (violation) => {
  const { findings } = judge(tampered(violation));
  const found = findings.filter(({ invariant }) => invariant === violation.invariant);
  expect(found).not.toEqual([]);
  for (const { text } of found) expect(text.length).toBeGreaterThan(8);
});

test('a plate that went over to another tote, and was torn off it since, is where that one stands', () => {
  const { truth, ...rest } = clean.get('putaway') as Evidence;
  const floor = (torn: boolean) => ({
    ...{ violations: [], forgotten: 0 },
    totes: (truth?.totes ?? []).flatMap((tote) => [
      { ...tote, location: OUTSIDE },
      { ...tote, id: `${tote.id}-twin`, codes: [], ...(torn && { torn: tote.codes }) },
    ]),
  });
  const found = (torn: boolean) =>
    judge({ ...rest, truth: floor(torn) }).findings.map(({ invariant }) => invariant);
  expect(found(true)).toEqual([]);
  // One that has never borne it is a stranger.
  expect(found(false)).toContain('I6');
});

test('a tote that bears the plate of one that has left, too, is the one that the books have there', () => {
  const { truth, ...rest } = clean.get('retrieval') as Evidence;
  const totes = truth?.totes ?? [];
  const left = totes.flatMap(({ location, codes }) => (location === OUTSIDE ? codes : []));
  const both = totes.map((tote) =>
    tote.location === OUTSIDE ? tote : { ...tote, codes: [...left, ...tote.codes] },
  );
  expect(both).not.toEqual(totes);
  const { findings } = judge({ ...rest, truth: { totes: both, violations: [], forgotten: 0 } });
  expect(findings).toEqual([]);
});

test('what an older connection still brings of a PLC, behind a newer one, has not fallen', () => {
  const whole = clean.get('putaway') as Evidence;
  const found = (connections: number) =>
    judge({ ...whole, ...fallenOver(connections)(whole) }).findings.map(
      ({ invariant }) => invariant,
    );
  expect(found(-1)).toEqual([]);
  expect(found(1)).toContain('I11');
});

test.each(invariants)('an $id that always says yes is found out', ({ id }) => {
  const which = invariants.map((each) => (each.id === id ? { ...each, judge: () => [] } : each));
  expect(blind(which.filter((each) => each.id === id))).toContain(id);
});

test('what nobody has noted is not judged, and said', () => {
  const { db, site, isAtRest } = clean.get('putaway') as Evidence;
  const { findings, notJudged } = judge({ db, site, isAtRest });
  expect(findings).toEqual([]);
  expect(notJudged).toMatchObject({ I5: 'nobody has noted frames and commits' });
});
