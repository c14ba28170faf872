import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readSite } from '../../src/config/read-site.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { at } from '../lib/demo.ts';
import { loopSite, loopText } from '../lib/loop-site.ts';
import { NetworkRig } from '../lib/network-rig.ts';
import type { FakeConveyor } from '../lib/plc-fakes.ts';

const conveyor1 = 'conveyor-1' as DeviceId;
const conveyor2 = 'conveyor-2' as DeviceId;
const stored = { 'T-1': 'A02-L-001-01-1', 'T-2': 'A02-R-001-01-1', 'T-3': 'A01-R-001-01-1' };
const ofAisle = /^A0[12]-[LR]-/;

/** Every step of a tote, as booked since the beginning. */
const stepsOf = (rig: NetworkRig, code: string, from = 0) =>
  rig.db
    .prepare('SELECT to_id FROM movement WHERE load_unit = ? AND no > ? ORDER BY no')
    .all(code, from)
    .map((row) => String(row['to_id']));

const why = (rig: NetworkRig, subject: string) =>
  rig.flow.books.why(subject).map(({ text }) => text);

/** Steel and books have the same totes in the same places. */
const differences = (rig: NetworkRig) =>
  [...rig.steel].flatMap(([place, codes]) => {
    const booked = rig.flow.warehouse.at(place).map(({ loadUnit }) => String(loadUnit));
    return booked.toSorted().join() === codes.toSorted().join() ? [] : [{ place, codes, booked }];
  });

describe('a load unit on conveyors with several decision points', () => {
  test('goes from the infeed into a cell, and every step is booked at its confirmation', async () => {
    const rig = new NetworkRig();
    await rig.brings('T-7');
    rig.run();
    const cell = String(rig.placeOf('T-7'));
    const [, onLoop, ...rest] = stepsOf(rig, 'T-7');
    expect(onLoop).toBe('LOOP-A');
    expect(rest.slice(-3).map((place) => place.replace('A02', 'A01'))).toEqual([
      'A01-PD-IN',
      'A01-LHD',
      cell.replace('A02', 'A01'),
    ]);
    expect(cell).toMatch(ofAisle);
    expect([rig.where('T-7'), rig.asked]).toEqual([cell, []]);
  });

  test('comes from its aisle to either station, over the points of two PLCs', async () => {
    const rig = new NetworkRig({ stored, finish: () => 'wait' });
    await rig.orders('SO-1', 'PICK-02', 'T-1');
    await rig.orders('SO-2', 'PICK-01', 'T-3');
    rig.run();
    expect(stepsOf(rig, 'T-1', 3)).toEqual([
      ...['A02-LHD', 'A02-PD-OUT', 'LOOP-C', 'LOOP-D', 'PICK-02'],
    ]);
    expect(stepsOf(rig, 'T-3', 3)).toEqual([
      ...['A01-LHD', 'A01-PD-OUT', 'LOOP-B', 'LOOP-C', 'PICK-01'],
    ]);
    expect(differences(rig)).toEqual([]);
  });

  test('that nobody announced goes over the loop to where people sort out', async () => {
    const rig = new NetworkRig();
    rig.outside.push('T-9');
    rig.run();
    expect(rig.where('T-9')).toBe('REJECT-01');
    expect(rig.asked).toEqual(['REJECTED']);
  });
});

/** T-1 stands on the loop and is to leave it at PICK-01. */
async function beforeItsExit() {
  const rig = new NetworkRig({ stored, finish: () => 'wait' });
  await rig.orders('SO-1', 'PICK-01', 'T-1');
  rig.until(() => rig.where('T-1') === 'LOOP-C');
  return rig;
}
const pointChanged = {
  device: conveyor2,
  type: 'conveyor.pointChanged',
  point: 2,
  state: 'running',
  faultCode: 0,
  exitsFull: [],
} as const;

describe('an exit that cannot be taken', () => {
  test('is taken as soon as it can, and what waits for it meanwhile goes round', async () => {
    const rig = await beforeItsExit();
    rig.tell({ ...pointChanged, exitsDown: [1] });
    rig.until(() => rig.where('T-1') === 'LOOP-B');
    rig.tell({ ...pointChanged, exitsDown: [] }).run();
    expect(rig.where('T-1')).toBe('PICK-01');
    expect(stepsOf(rig, 'T-1', 3).slice(2)).toEqual(
      'LOOP-C LOOP-D LOOP-A LOOP-B LOOP-C PICK-01'.split(' '),
    );
  });

  test('is missed ten times at the most: then the load unit goes where people sort out, and a person is asked', async () => {
    const rig = await beforeItsExit();
    rig.tell({ ...pointChanged, exitsDown: [1] }).run();
    expect([rig.where('T-1'), rig.placeOf('T-1')]).toEqual(['REJECT-01', 'REJECT-01']);
    expect(stepsOf(rig, 'T-1', 3).filter((place) => place === 'LOOP-D')).toHaveLength(10);
    expect(rig.asked).toContain('DIVERTED');
    expect(why(rig, 'T-1').join()).toContain('missed its exit to PICK-01 10 times');
  });
});

describe('a way that cannot begin', () => {
  test('for want of an open way is waited for, with the reason', async () => {
    const rig = new NetworkRig({ stored, finish: () => 'wait' });
    rig.tell({ device: conveyor2, type: 'conveyor.offline', reason: 'no route' });
    await rig.orders('SO-1', 'PICK-01', 'T-3');
    rig.run();
    expect(rig.where('T-3')).toBe('A01-PD-OUT');
    expect(why(rig, 'T-3')[0]).toContain('no way to PICK-01 is open');
    rig.conveyors.get(conveyor2)?.restart();
    rig.settle().run();
    expect(rig.where('T-3')).toBe('PICK-01');
  });

  test('at a point that is jammed begins when it is free', async () => {
    const rig = new NetworkRig({ stored, finish: () => 'wait' });
    const jam = {
      ...pointChanged,
      device: conveyor1,
      point: 4,
      exitsDown: [],
    } as const;
    rig.tell({ ...jam, state: 'jam', faultCode: 7 });
    await rig.orders('SO-1', 'PICK-01', 'T-3');
    rig.run();
    expect(rig.where('T-3')).toBe('A01-PD-OUT');
    expect(why(rig, 'T-3')[0]).toContain('conveyor-1/4: jam, fault 7');
    rig.tell({ ...jam, state: 'running' }).run();
    expect(rig.where('T-3')).toBe('PICK-01');
  });

  test('for want of room where it leads begins when there is room', async () => {
    const hands = { how: 'wait' as 'wait' | 'ship' };
    const four = { ...stored, 'T-4': 'A01-L-001-01-1' };
    const rig = new NetworkRig({ stored: four, finish: () => hands.how });
    for (const n of [1, 2, 3, 4]) await rig.orders(`SO-${n}`, 'PICK-01', `T-${n}`);
    rig.run();
    expect(rig.steel.get(at('PICK-01'))).toHaveLength(2);
    expect(rig.flow.warehouse.errands.boundFor(at('PICK-01'))).toBe(0);
    hands.how = 'ship';
    rig.run();
    expect([rig.gone.toSorted(), rig.asked]).toEqual([['T-1', 'T-2', 'T-3', 'T-4'], []]);
  });
});

test('a load that the books do not have goes from the loop to the reject lane, and others keep their names', async () => {
  const rig = new NetworkRig({ stored, finish: () => 'wait' });
  rig.steel.set(at('LOOP-C'), ['X']);
  rig.until(() => rig.asked.length > 0);
  await rig.orders('SO-1', 'PICK-02', 'T-1');
  rig.run();
  expect([rig.where('X'), rig.where('T-1')]).toEqual(['REJECT-01', 'PICK-02']);
  expect(rig.placeOf('T-1')).toBe('PICK-02');
  expect(rig.asked).toEqual(['UNEXPECTED_LOAD']);
});

/** The same loop with room for one load unit between two points: four of them would fill it. */
const tightSite = {
  ...loopSite,
  stations: loopSite.stations.map((station) =>
    station.kind === 'segment' ? { ...station, capacity: 1 } : station,
  ),
};

test('a loop is never filled up: what would take its last place waits outside', async () => {
  const rig = new NetworkRig({ site: tightSite, stored, finish: () => 'wait' });
  const onLoop = () => [...'ABCD'].map((name) => rig.steel.get(at(`LOOP-${name}`))?.[0]);
  for (const point of ['conveyor-1/2', 'conveyor-1/3', 'conveyor-2/1']) rig.stuck.add(point);
  await rig.orders('SO-1', 'PICK-02', 'T-1');
  rig.until(() => rig.where('T-1') === 'LOOP-D').stuck.add('conveyor-2/2');
  await rig.orders('SO-2', 'PICK-02', 'T-2');
  await rig.orders('SO-3', 'PICK-01', 'T-3');
  rig.run();
  expect(onLoop()).toEqual([undefined, 'T-3', 'T-2', 'T-1']);
  await rig.brings('T-11');
  rig.run();
  expect([rig.where('T-11'), why(rig, 'T-11')[0]]).toEqual([
    'IN-01',
    expect.stringContaining('one more could block it'),
  ]);
  rig.stuck.clear();
  rig.run();
  expect(onLoop()).toEqual([undefined, undefined, undefined, undefined]);
  expect([rig.where('T-1'), rig.where('T-2'), rig.where('T-3')]).toEqual([
    ...['PICK-02', 'PICK-02', 'PICK-01'],
  ]);
  expect([rig.placeOf('T-11'), rig.asked]).toEqual([expect.stringMatching(ofAisle), []]);
});

/** Draws from a list, over and over. */
const drawing = (choices: readonly number[]) => {
  let next = 0;
  return (below: number) => (choices[next++ % choices.length] ?? 0) % Math.max(1, below);
};

test('in whatever order things happen, every load unit gets where it is to go, and steel and books agree', async () => {
  const choices = fc.array(fc.nat(99), { minLength: 40, maxLength: 40 });
  await fc.assert(
    fc.asyncProperty(choices, async (drawn) => {
      const draw = drawing(drawn);
      const rig = new NetworkRig({
        site: tightSite,
        stored,
        draw,
        finish: (code) => (code === 'T-2' ? 'return' : 'ship'),
      });
      await rig.brings('T-11', 'T-12', 'T-13', 'T-14', 'T-15', 'T-16');
      await rig.orders('SO-1', 'PICK-01', 'T-1');
      await rig.orders('SO-2', 'PICK-02', 'T-2');
      await rig.orders('SO-3', 'PICK-02', 'T-3');
      rig.run();
      expect(rig.gone.toSorted()).toEqual(['T-1', 'T-3']);
      for (const code of ['T-2', 'T-11', 'T-12', 'T-13', 'T-14', 'T-15', 'T-16']) {
        expect(rig.where(code)).toMatch(ofAisle);
      }
      expect([differences(rig), rig.asked]).toEqual([[], []]);
    }),
    { numRuns: 25 },
  );
});

describe('what a person has taken from before a crane, without a name', () => {
  /** Its conveyor was switched off before it could say that the tote had left for the crane. */
  async function takenUnheard() {
    const arrivals = 'point: 5, at: A01-PD-IN';
    const text = loopText.replace(`conveyor-1, ${arrivals}`, `conveyor-2, ${arrivals}`);
    const rig = new NetworkRig({ site: readSite('loop.yaml', text) });
    const [before, behind] = [conveyor1, conveyor2].map((name) => rig.conveyors.get(name));
    await rig.operator({ act: 'lock', part: 'A02', lock: 'both', reason: 'one aisle is enough' });
    await rig.brings('T-1');
    const scanSeq = () => rig.announced.get('conveyor-1/2')?.scanSeq ?? 0;
    rig.until(() => before?.answerTo(2, scanSeq()) === 1);
    await rig.operator({ act: 'mode', device: conveyor1, mode: 'off' });
    rig.tell({ device: conveyor1, type: 'conveyor.offline', reason: 'set to off' });
    before?.disconnect();
    before?.confirm(2, { scanSeq: scanSeq(), exitTaken: 1, outcome: 'asAnswered' });
    rig.steel.clear();
    rig.announced.clear();
    const arrival = behind?.arrive(5) ?? 0;
    rig.settle().clock.advance(20_000);
    await removes(rig, 'UNEXPECTED_LOAD');
    behind?.confirm(5, { scanSeq: arrival, exitTaken: 0, outcome: 'vanished' });
    return { rig, before };
  }
  const removes = (rig: NetworkRig, code: string) => {
    const [{ no = 0 } = {}, ...others] = rig.flow.warehouse.openDiscrepancies();
    expect([rig.asked, others]).toEqual([[code], []]);
    return rig.operator({ act: 'resolve', discrepancy: no, resolution: 'removed' });
  };
  const switchOn = async (rig: NetworkRig, before: FakeConveyor | undefined) => {
    await rig.operator({ act: 'mode', device: conveyor1, mode: 'auto' });
    before?.connect((fact) => rig.flow.report(fact));
    rig.settle();
  };

  test('may be the one whose coming is told only then: the next one does not pass for it', async () => {
    const { rig, before } = await takenUnheard();
    await switchOn(rig, before);
    await rig.brings('T-2');
    rig.until(() => rig.announced.get('conveyor-2/5')?.code === 'T-2');
    expect([...rig.cranes.values()].map(({ command }) => command)).toEqual([undefined, undefined]);
    await removes(rig, 'CLARIFY');
    rig.run();
    expect([rig.placeOf('T-1'), rig.asked]).toEqual(['OUTSIDE', []]);
    expect(rig.placeOf('T-2')).toMatch(ofAisle);
    expect(differences(rig)).toEqual([]);
  });

  test('is believed when it has been read and comes there again', async () => {
    const { rig, before } = await takenUnheard();
    before?.restart();
    await switchOn(rig, before);
    rig.outside.push('T-1');
    rig.until(() => rig.announced.get('conveyor-1/1')?.code === 'T-1');
    // It has been here before: it is read twice.
    rig.read('scan-in-1' as DeviceId, 'T-1');
    rig.run();
    expect(rig.placeOf('T-1')).toMatch(ofAisle);
    expect([differences(rig), rig.asked]).toEqual([[], []]);
  });
});
