import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import { id } from '../lib/demo.ts';
import { loopSite } from '../lib/loop-site.ts';
import { NetworkRig } from '../lib/network-rig.ts';

// Two aisles on one loop: IN-01 > LOOP-A (A01) > LOOP-B (A02) > LOOP-C > LOOP-D > LOOP-A.
const unit = (rig: NetworkRig, code: string) => rig.flow.warehouse.loadUnit(id(code));
const goesTo = (rig: NetworkRig, code: string) => unit(rig, code)?.transit?.to;
const crane = (rig: NetworkRig, number: number) => {
  const found = rig.cranes.get(`crane-${number}` as DeviceId);
  if (found === undefined) throw new Error(`there is no crane-${number}`);
  return found;
};
const keptFor = (rig: NetworkRig, code: string) =>
  rig.flow.warehouse.reservedFor(id(code)).map((cell) => cell.slice(0, 3));
const why = (rig: NetworkRig, subject: string) =>
  rig.flow.books.why(subject).map(({ text }) => text);
const fault = { faultLatched: true, faultCode: 7 };
const mended = { faultLatched: false, faultCode: 0 };
const aisleOf = (rig: NetworkRig, code: string) => String(rig.placeOf(code)).slice(0, 3);

/** One tote on the loop, on its way to the aisle 1, which stands at the point that leads there. */
async function onItsWay(): Promise<NetworkRig> {
  const rig = new NetworkRig();
  rig.stuck.add('conveyor-1/2');
  await rig.brings('T-7');
  rig.until(() => rig.where('T-7') === 'LOOP-A');
  expect([goesTo(rig, 'T-7'), keptFor(rig, 'T-7')]).toEqual(['A01-PD-IN', ['A01']]);
  return rig;
}

describe('a tote on its way to an aisle gets another one at the next point', () => {
  test.each<[string, (rig: NetworkRig) => unknown, string]>([
    ['has a fault', (rig) => crane(rig, 1).change(fault), 'it has fault 7'],
    ['is in manual', (rig) => crane(rig, 1).change({ mode: 'manual' }), 'it is in mode manual'],
    [
      'has its safety circuit open',
      (rig) => crane(rig, 1).change({ safetyOk: false }),
      'its safety circuit is open',
    ],
    [
      'has been offline for half a minute',
      (rig) => {
        crane(rig, 1).offline();
        rig.settle().clock.advance(30_000);
      },
      'it is offline: connection refused',
    ],
  ])('when its crane %s, and why is told', async (_, fails, because) => {
    const rig = await onItsWay();
    fails(rig);
    rig.settle().stuck.clear();
    rig.run();
    expect([aisleOf(rig, 'T-7'), rig.where('T-7')]).toEqual(['A02', rig.placeOf('T-7')]);
    expect(keptFor(rig, 'T-7')).toEqual([]);
    const told = why(rig, 'T-7').find((text) => text.includes('instead of A01-PD-IN'));
    expect(told).toContain(`A01 cannot take it, ${because}`);
    expect(rig.asked.filter((code) => code !== 'CRANE_FAULT')).toEqual([]);
  });

  test('when every cell of its aisle has been closed', async () => {
    const rig = await onItsWay();
    for (const side of ['L', 'R'])
      for (let bay = 1; bay <= 4; bay++)
        for (let level = 1; level <= 3; level++) {
          const location = `A01-${side}-00${bay}-0${level}-1`;
          await rig.command('stock.block', { location, lock: 'both', reason: 'rack damaged' });
        }
    rig.stuck.clear();
    rig.run();
    expect(aisleOf(rig, 'T-7')).toBe('A02');
  });

  test('not when its crane was away for a moment only', async () => {
    const rig = await onItsWay();
    crane(rig, 1).offline();
    rig.settle().clock.advance(29_000);
    rig.stuck.clear();
    rig.until(() => rig.where('T-7') === 'A01-PD-IN');
    crane(rig, 1).connect((fact) => rig.flow.report(fact));
    rig.run();
    expect(aisleOf(rig, 'T-7')).toBe('A01');
  });
});

describe('where no other aisle can take it', () => {
  test('it goes on and waits at the P&D station of its own one, and why is told once', async () => {
    const rig = await onItsWay();
    for (const number of [1, 2]) crane(rig, number).change(fault);
    rig.settle().stuck.clear();
    rig.run();
    expect(rig.where('T-7')).toBe('A01-PD-IN');
    const told = why(rig, 'T-7').filter((text) => text.includes('goes on to A01-PD-IN'));
    expect(told).toHaveLength(1);
    expect(told[0]).toContain('crane-2 does not work: it has fault 7');
    crane(rig, 1).change(mended);
    rig.settle().run();
    expect(aisleOf(rig, 'T-7')).toBe('A01');
  });

  test('what stands at its P&D station already is told to wait there, and that it goes on', async () => {
    const rig = new NetworkRig();
    await rig.brings('T-7');
    rig.until(() => rig.where('T-7') === 'A01-PD-IN');
    crane(rig, 1).change(fault);
    rig.settle();
    expect(why(rig, 'T-7')[0]).toBe(
      'T-7 waits at A01-PD-IN: no other crane reaches it, and crane-1 does not work: it has fault 7.',
    );
    expect(why(rig, 'crane-1').join()).toContain('T-7 waits at A01-PD-IN');
    crane(rig, 1).change(mended);
    rig.settle();
    expect(why(rig, 'T-7')[0]).toContain('crane-1 works again: T-7 at A01-PD-IN is its next work');
    rig.run();
    expect(aisleOf(rig, 'T-7')).toBe('A01');
  });
});

test('an aisle that comes back gets nothing back that has been given another one', async () => {
  const rig = await onItsWay();
  rig.stuck.add('conveyor-2/1');
  crane(rig, 1).change(fault);
  rig.settle().stuck.delete('conveyor-1/2');
  rig.until(() => rig.where('T-7') === 'LOOP-B');
  expect([goesTo(rig, 'T-7'), keptFor(rig, 'T-7')]).toEqual(['A02-PD-IN', ['A02']]);
  crane(rig, 1).change(mended);
  rig.settle().stuck.clear();
  rig.run();
  expect(aisleOf(rig, 'T-7')).toBe('A02');
  expect(why(rig, 'T-7').filter((text) => text.includes('instead of'))).toHaveLength(1);
});

test('a tote that has been turned three times stays with its aisle, and why is told', async () => {
  const rig = await onItsWay();
  const points = ['conveyor-1/2', 'conveyor-2/1'] as const;
  for (let turn = 0; turn < 6; turn++) {
    const failed = goesTo(rig, 'T-7') === 'A01-PD-IN' ? 1 : 2;
    crane(rig, failed).change(fault);
    crane(rig, 3 - failed).change(mended);
    // Before the point that leads to its aisle it is told of the fault, and goes round to the other one.
    rig.settle().stuck.clear();
    const from = rig.where('T-7');
    rig.stuck.add(points[failed % 2] ?? '');
    rig.until(() => rig.where('T-7') !== from);
    rig.until(() =>
      ['LOOP-A', 'LOOP-B', 'A01-PD-IN', 'A02-PD-IN'].includes(String(rig.where('T-7'))),
    );
    if (String(rig.where('T-7')).includes('PD')) break;
  }
  expect(String(rig.where('T-7'))).toContain('PD');
  expect(why(rig, 'T-7').filter((text) => text.includes('instead of'))).toHaveLength(3);
  expect(why(rig, 'T-7').join()).toContain('it has been turned 3 times');
});

/** One place between two points of the loop: four load units would fill it. */
const tightSite = {
  ...loopSite,
  stations: loopSite.stations.map((station) =>
    station.kind === 'segment' ? { ...station, capacity: 1 } : station,
  ),
};
const totes = ['T-11', 'T-12', 'T-13', 'T-14', 'T-15', 'T-16'];

interface Turn {
  readonly number: number;
  readonly steps: number;
}

/** Cranes fail and come back by turns, while things happen in the order drawn. @returns the most turns of one tote */
function failByTurns(rig: NetworkRig, turns: readonly Turn[]): number {
  let most = 0;
  for (const { number, steps } of turns) {
    const { faultLatched } = crane(rig, number).shows;
    crane(rig, number).change(faultLatched ? mended : fault);
    for (let step = 0; step < steps; step++) {
      rig.step();
      most = Math.max(most, ...totes.map((code) => unit(rig, code)?.transit?.turned ?? 0));
    }
  }
  for (const number of [1, 2]) crane(rig, number).change(mended);
  rig.settle();
  return most;
}

test('whichever crane fails and comes back when, every tote is stored or with a person, and turned three times at the most', async () => {
  const turn = fc.record({ number: fc.constantFrom(1, 2), steps: fc.nat(12) });
  const turns = fc.array(turn, { minLength: 4, maxLength: 20 });
  const choices = fc.array(fc.nat(99), { minLength: 30, maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(turns, choices, async (drawnTurns, drawn) => {
      let next = 0;
      const draw = (below: number) => (drawn[next++ % drawn.length] ?? 0) % Math.max(1, below);
      const rig = new NetworkRig({ site: tightSite, draw });
      await rig.brings(...totes);
      expect(failByTurns(rig, drawnTurns)).toBeLessThanOrEqual(3);
      rig.run();
      for (const code of totes) {
        const { place, workflow } = unit(rig, code) ?? {};
        expect([place, workflow]).toEqual([rig.where(code), undefined]);
        // On so tight a loop another one may come into the place that it was sent to: its PLC then rejects it.
        const isRejected = why(rig, code)[0]?.includes('left by another exit (exitFull)');
        expect(place).toMatch(isRejected ? /^REJECT-01$/ : /^A0[12]-[LR]-/);
      }
      expect(rig.asked.filter((code) => code !== 'DIVERTED')).toEqual([]);
      expect(rig.flow.warehouse.tables.reservation.size).toBe(0);
    }),
    { numRuns: 40 },
  );
});
