import { describe, expect, test } from 'vitest';
import { CLARIFICATION, MISSING, OUTSIDE } from '../../src/domain/ids.ts';
import { cell } from '../lib/demo.ts';
import { brokenBooks, unaskedDifferences } from '../lib/floor-checks.ts';
import { peopleAnswer } from '../lib/floor-people.ts';
import { infeed, pdIn, pdOut, pick } from '../lib/floor-phases.ts';
import { conveyor1, floorSite } from '../lib/floor-plant.ts';
import { FloorRig, toteOf } from '../lib/floor-rig.ts';

// A conveyor loses its memory while a load unit is being let off a point, and with it the word on whether it has gone.

const deep = (bay: number) => cell(bay, 2).replace(/1$/, '2') as ReturnType<typeof cell>;
/** A crane that cannot read takes what stands there for what it is told to fetch. */
const site = {
  ...floorSite,
  aisles: floorSite.aisles.map((aisle) => ({
    ...aisle,
    checks: { code: 'none' as const, probeDestination: false },
  })),
};
const totes = ['T-1', 'T-2', 'T-3', 'T-4'];

/** What has really become of T-1, while nobody heard. */
const truths = ['stands', 'has left', 'was taken'] as const;
type Truth = (typeof truths)[number];

/** What else goes wrong before anybody has looked. */
const more: Readonly<Record<string, (rig: FloorRig) => void>> = {
  nothing: () => {},
  'a second loss': (rig) => rig.fault(conveyor1, 'memoryLost'),
  'a restart of the controller': (rig) => rig.restart(),
};

const cases = truths.flatMap((truth) =>
  Object.keys(more)
    .filter((then) => then === 'nothing' || truth === 'has left')
    .map((then) => ({ truth, then })),
);

/** T-1 has its answer at a point, the line is dead, and what comes of it is heard by nobody. */
async function unheard(rig: FloorRig, point: number, truth: Truth): Promise<void> {
  const at = point === 1 ? infeed : pdOut;
  const memory = () => rig.conveyor.state.points.find(({ number }) => number === point);
  let isFrozen = false;
  rig.frozenWhile = () => {
    isFrozen ||= memory()?.load?.exit !== undefined && rig.where('T-1') === at;
    return isFrozen;
  };
  await rig.until('the PLC has the answer', () => isFrozen);
  rig.cut(conveyor1, true);
  if (truth === 'was taken') {
    rig.byHand((people, simMs) => people.carry('T-1', OUTSIDE, simMs));
  }
  if (truth === 'has left') {
    rig.frozenWhile = () => false;
    await rig.until('it has left', () => rig.where('T-1') !== at);
  }
  rig.fault(conveyor1, 'memoryLost');
  rig.cut(conveyor1, false);
  rig.frozenWhile = () => false;
}

/** Load units that the books say for sure are where they are not. */
function misnamed(rig: FloorRig): string[] {
  const isNowhere = (place: string) => [CLARIFICATION, MISSING, OUTSIDE].includes(place as never);
  return totes.flatMap((lpn) => {
    const unit = rig.flow.warehouse.loadUnit(lpn as never);
    const where = rig.where(lpn) ?? OUTSIDE;
    if (unit === undefined || unit.confidence === 'disputed' || isNowhere(unit.place)) return [];
    const isUnderWay = unit.workflow !== undefined;
    return unit.place === where || isUnderWay
      ? []
      : [`${lpn} is booked at ${unit.place}, and is at ${where}`];
  });
}

/** Whoever is looked for is found, and everything is known again: nothing is asked, nothing is anywhere else. */
async function isSortedOut(rig: FloorRig): Promise<void> {
  expect(misnamed(rig)).toEqual([]);
  expect(await peopleAnswer(rig, 'putBack', 30)).toEqual([]);
  expect([...brokenBooks(rig), ...unaskedDifferences(rig), ...misnamed(rig)]).toEqual([]);
  expect(rig.asked).toEqual([]);
}

const order = (name: string, loadUnit: string) =>
  ({ order: name, kind: 'retrieval', station: pick, loadUnit }) as const;

describe('at a divert without a scanner', () => {
  test.each(cases)('T-1 $truth, then $then: nothing passes for it', async ({ truth, then }) => {
    const rig = await FloorRig.open({
      site,
      stored: totes.map((lpn, i) => ({ lpn, place: deep(1 + (i % 3)) })).slice(0, 3),
    });
    await rig.command('order.create', order('SO-1', 'T-1'));
    await unheard(rig, 2, truth);
    await rig.command('order.create', order('SO-2', 'T-2'));
    await rig.run(1_000);
    more[then]?.(rig);
    await rig.run(20_000);
    await isSortedOut(rig);
    await rig.command('order.create', order('SO-3', 'T-3'));
    await rig.until('the next one comes', () => rig.where('T-3') === pick);
    await rig.rest();
    await isSortedOut(rig);
  });
});

describe('at an identification point', () => {
  test.each(cases)('T-1 $truth, then $then: nothing passes for it', async ({ truth, then }) => {
    const rig = await FloorRig.open({ site });
    const loadUnits = totes.map((lpn) => ({
      ...{ lpn, loadUnitType: 'TOTE-600', lines: [{ sku: 'A', qty: 10 }] },
    }));
    await rig.command('loadUnit.announce', { loadUnits });
    const feed = (lpn: string) => rig.byHand((people, simMs) => people.feed(toteOf(lpn), simMs));
    feed('T-1');
    await unheard(rig, 1, truth);
    feed('T-2');
    await rig.run(1_000);
    more[then]?.(rig);
    await rig.run(20_000);
    await isSortedOut(rig);
    feed('T-3');
    await rig.until(
      'the next one is stored',
      () =>
        rig.where('T-3')?.startsWith('A01-L') === true ||
        rig.where('T-3')?.startsWith('A01-R') === true,
    );
    await rig.rest();
    await isSortedOut(rig);
    expect(rig.flow.warehouse.at(pdIn)).toEqual([]);
  });
});
