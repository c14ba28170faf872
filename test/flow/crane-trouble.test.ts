import { describe, expect, test } from 'vitest';
import { announced } from '../lib/flow-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  lhd,
  orderFor,
  retrieves,
  second,
  stocked,
  stores,
  toPd,
} from '../lib/stories.ts';

/** A tote stands before the crane, which has been told to store it: mission 1. */
async function told(...others: [string][]) {
  const rig = await announced(['T-1'], ...others);
  toPd(rig, inducts(rig, 'T-1'));
  return rig;
}

describe('the bin is full', () => {
  async function full() {
    const rig = await told();
    rig.crane.answer();
    rig.crane.pick();
    rig.crane.end('binFull', lhd);
    return rig.settle();
  }

  test('the tote goes from the crane to the next location, and the hosts hear of that one only', async () => {
    const rig = await full();
    expect(rig.crane.command).toMatchObject({ command: 'deposit', to: second });
    craneRuns(rig);
    expect(rig.unit('T-1')).toMatchObject({ place: second, workflow: undefined });
    expect(rig.told().at(-1)).toBe(`T-1 putaway IN-01 > ${second}`);
    expect(rig.rows('reservation')).toEqual([]);
  });

  test('the full one is closed until a person has looked', async () => {
    const rig = await full();
    craneRuns(rig);
    expect(rig.rows('location_lock')).toMatchObject([{ location: first }]);
    expect(rig.questions()).toMatchObject([{ code: 'BIN_FULL', location: first }]);
    await rig.resolve('BIN_FULL', 'removed');
    expect([rig.rows('location_lock'), rig.flow.warehouse.countAt(first)]).toEqual([[], 0]);
  });
});

describe('the bin is empty', () => {
  async function empty() {
    const rig = await stocked(['T-1'], ['T-2']);
    await rig.command('order.create', orderFor('SO-1', 10));
    rig.crane.answer();
    rig.crane.end('binEmpty', undefined);
    return rig.settle();
  }

  test('the tote is missing and told so, and the order gets another one', async () => {
    const rig = await empty();
    expect(rig.unit('T-1')).toMatchObject({
      place: 'MISSING',
      status: 'missing',
      order: undefined,
    });
    expect(rig.told()).toEqual(
      expect.arrayContaining([`T-1 lost ${first} > MISSING`, 'T-1 missing']),
    );
    retrieves(rig, 'T-2');
    expect(rig.order('SO-1')).toMatchObject({ status: 'completed' });
  });

  test('found: it is where the person says, and its cell is open again', async () => {
    const rig = await empty();
    expect(await rig.resolve('BIN_EMPTY', 'found')).toMatchObject({ ok: false, code: 'INVALID' });
    await rig.resolve('BIN_EMPTY', 'found', first);
    expect(rig.unit('T-1')).toMatchObject({ place: first, status: 'present' });
    expect(rig.told().at(-1)).toBe(`T-1 found MISSING > ${first}`);
    expect(rig.rows('location_lock')).toEqual([]);
  });

  test('lost: it leaves the books', async () => {
    const rig = await empty();
    await rig.resolve('BIN_EMPTY', 'lost');
    expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
  });

  test('it turns up at the infeed: the question is answered, and its cell is open again', async () => {
    const rig = await empty();
    toPd(rig, inducts(rig, 'T-1'));
    expect(rig.unit('T-1')).toMatchObject({ status: 'present', place: 'A01-PD-IN' });
    expect(rig.told()).toContain('T-1 found MISSING > IN-01');
    expect([rig.asked, rig.rows('location_lock')]).toEqual([[], []]);
  });
});

describe('refused', () => {
  test.each(['stationNotReady', 'busy', 'notEnabled', 'eventBufferFull'])(
    '%s: after a second the same again, under a new number, as often as necessary',
    async (answer) => {
      const rig = await told();
      for (const seq of [1, 2, 3]) {
        expect(rig.crane.command).toMatchObject({ seq, command: 'transfer', to: first });
        rig.crane.answer(answer);
        rig.settle();
        expect(rig.crane.command).toBeUndefined();
        rig.advance(1_000);
      }
      craneRuns(rig);
      expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
    },
  );

  test.each(['lhdOccupied', 'outOfRange', 'code-99'])(
    '%s: the crane is stopped',
    async (answer) => {
      const rig = await told();
      rig.crane.answer(answer);
      rig.settle().advance(10_000);
      expect(rig.crane.output).toMatchObject({ enable: false, command: undefined });
      expect(rig.asked.toSorted()).toEqual(['CRANE_DOUBT', 'PLACE_UNKNOWN']);
      await rig.resolve('PLACE_UNKNOWN', 'placed', 'A01-PD-IN' as typeof first);
      expect(rig.crane.command).toBeUndefined();
      await rig.resolve('CRANE_DOUBT', 'confirmed');
      craneRuns(rig);
      expect(rig.unit('T-1').place).toBe(first);
    },
  );
});

describe('aborted', () => {
  test.each(['loadLost', 'sensorConflict', 'otherFault'])(
    '%s: both cells are closed, nobody knows the place, and a person says all of it',
    async (result) => {
      const rig = await stocked(['T-1']);
      await rig.command('order.create', orderFor('SO-1', 'T-1'));
      await rig.command('order.cancel', { order: 'SO-1' });
      rig.crane.answer('tooLate');
      rig.crane.shows = { ...rig.crane.shows, activeMissionId: 2 };
      rig.crane.pick();
      rig.crane.end(result, undefined);
      rig.settle();
      expect(rig.unit('T-1')).toMatchObject({ place: 'CLARIFICATION', confidence: 'disputed' });
      expect(rig.rows('location_lock').map(({ location }) => location)).toEqual([first]);
      expect(rig.crane.output?.enable).toBe(false);
      const locked = rig.questions().filter(({ location }) => location === first);
      expect(locked).toHaveLength(1);
      await rig.resolve(locked[0]?.code ?? '', 'opened');
      expect(rig.rows('location_lock')).toEqual([]);
      // Its device still reports a load: it cannot be in the cell as well.
      expect(await rig.resolve('CRANE_DOUBT', 'confirmed', first)).toMatchObject({ ok: false });
      rig.crane.change({ lhds: [{ loaded: false, handle: 0 }] });
      rig.settle();
      expect(await rig.resolve('CRANE_DOUBT', 'confirmed', first)).toMatchObject({ ok: true });
      expect(rig.unit('T-1').place).toBe(first);
      expect(rig.crane.output?.enable).toBe(true);
    },
  );

  test('left automatic on the way: both cells are closed, and both can be opened again', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    rig.crane.answer();
    rig.crane.pick();
    rig.settle();
    await rig.command('order.cancel', { order: 'SO-1' });
    rig.crane.answer();
    rig.crane.end('cancelled', lhd);
    rig.settle();
    rig.crane.answer();
    rig.crane.end('modeLeft', lhd);
    rig.settle();
    const closed = () => rig.rows('location_lock').map(({ location }) => location);
    for (const { code, location } of rig.questions()) {
      if (location !== undefined) await rig.resolve(code, 'opened');
    }
    expect(closed()).toEqual([]);
  });

  test('done, but not where: a person is asked, and nothing is told as stored', async () => {
    const rig = await told();
    rig.crane.answer();
    rig.crane.pick();
    rig.crane.end('done', undefined);
    rig.settle();
    expect(rig.asked).toEqual(['PLACE_UNKNOWN']);
    expect(rig.told().filter((line) => line.includes('putaway'))).toEqual([]);
    await rig.resolve('PLACE_UNKNOWN', 'placed', first);
    expect(rig.told().at(-1)).toBe(`T-1 putaway IN-01 > ${first}`);
  });
});

test('put where the books have another one: that one is in question, and the hosts are told', async () => {
  const rig = await stocked(['T-1'], ['T-2']);
  await rig.command('order.create', orderFor('SO-2', 'T-2'));
  rig.crane.answer();
  rig.crane.pick();
  rig.crane.end('done', first);
  rig.settle();
  expect(rig.unit('T-2').place).toBe(first);
  expect(rig.unit('T-1')).toMatchObject({ place: 'CLARIFICATION', status: 'clarification' });
  expect(rig.told()).toContain(`T-1 relocated ${first} > CLARIFICATION`);
  await rig.resolve('PLACE_CONFLICT', 'placed', second);
  expect(rig.unit('T-1')).toMatchObject({ place: second, status: 'present' });
});

test('what a crane has in hand nobody can say the place of: where it puts it counts', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  stores(rig, 'T-2');
  await rig.command('order.create', orderFor('SO-2', 'T-2'));
  rig.crane.answer();
  rig.crane.pick();
  rig.crane.end('done', undefined);
  rig.settle();
  expect(rig.asked).toEqual(['PLACE_UNKNOWN']);
  toPd(rig, inducts(rig, 'T-1'));
  rig.crane.answer();
  rig.crane.pick();
  rig.settle();
  // A mistake: the crane carries T-1.
  await rig.resolve('PLACE_UNKNOWN', 'placed', lhd);
  expect(rig.unit('T-1').place).toBe('CLARIFICATION');
  const said = await rig.resolve('PLACE_CONFLICT', 'placed', lhd);
  expect(said).toMatchObject({ ok: false, reason: expect.stringContaining('crane-1 is at T-1') });
  rig.crane.end('done', second);
  rig.settle();
  expect(rig.unit('T-1').place).toBe(second);
});

test.each([
  ['removed', { place: 'OUTSIDE', status: 'gone' }],
  ['putBack', { place: 'CLARIFICATION', status: 'clarification' }],
])(
  '%s by hand while it waits for the crane: its work ends, and its order is told',
  async (resolution, then) => {
    const rig = await stocked(['T-1'], ['T-2']);
    await rig.command('order.create', orderFor('SO-2', 'T-2'));
    rig.crane.answer();
    rig.crane.pick();
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    rig.crane.end('done', first);
    rig.settle();
    expect(rig.unit('T-1')).toMatchObject({ place: 'CLARIFICATION', status: 'clarification' });
    expect(await rig.resolve('PLACE_CONFLICT', resolution)).toMatchObject({ ok: true });
    expect(rig.unit('T-1')).toMatchObject(then);
    const left = rig.rows('workflow').map(({ workflow }) => String(workflow));
    expect(left.filter((name) => name.includes('T-1'))).toEqual([]);
    expect(rig.asked).toEqual(['ORDER_STUCK']);
  },
);
