import { describe, expect, test } from 'vitest';
import { at } from '../lib/demo.ts';
import { announced, type FlowRig, station } from '../lib/flow-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  orderFor,
  outfeeds,
  second,
  stocked,
  toPd,
} from '../lib/stories.ts';

/** A tote lies in the reject lane. @param code  undefined: nobody knows who it is */
async function rejected(code: string | undefined) {
  const rig = await announced(['T-1']);
  const scanSeq = inducts(rig, code, { massG: 60_000 });
  rig.conveyor.leave(1, scanSeq);
  return rig.settle();
}
/** It was repacked, and comes in again. */
const comesBack = (rig: FlowRig) => {
  toPd(rig, inducts(rig, 'T-1', { massG: 9_000 }));
  craneRuns(rig);
};
/** Everything that a person's answer could change. */
const books = (rig: FlowRig) =>
  ['load_unit', 'movement', 'outbox', 'discrepancy'].map((t) => rig.rows(t));

describe('a tote in the reject lane', () => {
  test('is put back: one that is known is identified at the infeed again', async () => {
    const rig = await rejected('T-1');
    await rig.resolve('REJECTED', 'putBack');
    expect(rig.unit('T-1')).toMatchObject({ place: 'REJECT-01', status: 'clarification' });
    comesBack(rig);
    expect(rig.unit('T-1')).toMatchObject({ place: first, status: 'present' });
    expect(rig.told()).toContain('T-1 resolved');
  });

  test('is put back, and asked for where it does not come to the infeed', async () => {
    const rig = await rejected('T-1');
    await rig.resolve('REJECTED', 'putBack');
    rig.advance(rig.topology.site.limits.conveyorLimitMs);
    expect(rig.questions().map(({ code, loadUnit }) => [code, loadUnit])).toEqual([
      ['RETURN_LATE', 'T-1'],
    ]);
    comesBack(rig);
    expect(rig.asked).toEqual([]);
  });

  test('is asked for in time, though the clock was put back while nobody ran', async () => {
    const rig = await rejected('T-1');
    await rig.resolve('REJECTED', 'putBack');
    rig.kill();
    rig.clock.wallOffsetMs -= 1_800_000;
    rig.restart().advance(rig.topology.site.limits.conveyorLimitMs);
    expect(rig.asked).toEqual(['RETURN_LATE']);
  });

  test('is put back: one that nobody knows leaves the books, and comes in as itself', async () => {
    const rig = await rejected(undefined);
    await rig.resolve('REJECTED', 'putBack');
    expect(rig.unit('UNKNOWN-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
    comesBack(rig);
    expect(rig.flow.warehouse.countAt(at('REJECT-01'))).toBe(0);
  });

  test('is removed', async () => {
    const rig = await rejected('T-1');
    await rig.resolve('REJECTED', 'removed');
    expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
    expect(rig.told().slice(-2)).toEqual(['T-1 shipped REJECT-01 > OUTSIDE', 'T-1 left']);
  });

  test('is found to be outside: the hosts are told that it has left', async () => {
    const rig = await rejected('T-1');
    await rig.resolve('REJECTED', 'putBack');
    rig.advance(rig.topology.site.limits.conveyorLimitMs);
    await rig.resolve('RETURN_LATE', 'placed', at('OUTSIDE'));
    expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
    expect(rig.told().slice(-2)).toEqual(['T-1 shipped REJECT-01 > OUTSIDE', 'T-1 left']);
  });

  test('comes in again before anybody has answered: the question has answered itself', async () => {
    const rig = await rejected('T-1');
    comesBack(rig);
    expect(rig.asked).toEqual([]);
    expect(rig.rows('discrepancy').map(({ state }) => state)).toEqual(['resolved']);
  });
});

describe('an answer', () => {
  test('counts once, however often it is clicked, and after a restart', async () => {
    const rig = await rejected('T-1');
    const discrepancy = rig.questions()[0]?.no ?? 0;
    const act = { act: 'resolve', discrepancy, resolution: 'removed' } as const;
    const both = await Promise.all([rig.operator(act, 'click'), rig.operator(act, 'click')]);
    expect(both.map(({ ok }) => ok)).toEqual([true, true]);
    const before = books(rig);
    expect(await rig.restart().operator(act, 'click')).toMatchObject({ ok: true });
    expect(books(rig)).toEqual(before);
  });

  test('to a question that somebody else has answered says so', async () => {
    const rig = await rejected('T-1');
    const discrepancy = rig.questions()[0]?.no ?? 0;
    const act = { act: 'resolve', discrepancy, resolution: 'putBack' } as const;
    await rig.operator(act);
    expect(await rig.operator(act)).toMatchObject({
      ...{ ok: false, code: 'CONFLICT' },
      reason: 'It was settled as putBack by operator/op-1',
    });
  });

  test('to a question that there is not', async () => {
    const rig = await announced();
    const act = { act: 'resolve', discrepancy: 7, resolution: 'noted' } as const;
    expect(await rig.operator(act)).toMatchObject({ ok: false, code: 'NOT_FOUND' });
  });

  test('about a load unit that is on its way again is refused, and moves nothing', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    rig.crane.answer();
    rig.crane.end('binEmpty', undefined);
    const before = rig.settle().questions('BIN_EMPTY')[0]?.no ?? 0;
    const found = { act: 'resolve', discrepancy: before, resolution: 'found' } as const;
    await rig.operator({ ...found, place: second });
    await rig.resolve('ORDER_STUCK', 'retry');
    expect(await rig.operator({ ...found, place: first })).toMatchObject({ ok: false });
    expect(rig.unit('T-1').place).toBe(second);
  });

  test('is kept with who gave it', async () => {
    const rig = await rejected('T-1');
    await rig.resolve('REJECTED', 'removed');
    const last = rig.rows('movement').at(-1);
    expect(last).toMatchObject({ by_id: 'operator/op-1', to_id: 'OUTSIDE' });
    expect(rig.flow.books.why('T-1')[0]?.text).toContain('op-1');
  });
});

describe('at a workstation', () => {
  async function delivered() {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    craneRuns(rig);
    outfeeds(rig);
    return rig;
  }

  test('typed in counts as scanned', async () => {
    const rig = await delivered();
    expect(await rig.operator({ act: 'scan', station, code: 'T-1' })).toMatchObject({ ok: true });
    expect(rig.order('SO-1')?.status).toBe('completed');
  });

  test('what is not there cannot be finished', async () => {
    const rig = await delivered();
    const finish = { act: 'finish', loadUnit: 'T-9', how: 'ship' } as const;
    expect(await rig.operator({ ...finish, station })).toMatchObject({ code: 'CONFLICT' });
    expect(await rig.operator({ ...finish, station: first })).toMatchObject({ code: 'NOT_FOUND' });
    rig.read('scan-pick-1', 'CRANEWAY-SHIP');
    expect(rig.unit('T-1').place).toBe(station);
  });

  test('the one that was confirmed is shipped, not the one beside it', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    for (const no of [1, 2]) await rig.command('order.create', orderFor(`SO-${no}`, `T-${no}`));
    for (const _ of [1, 2]) {
      craneRuns(rig);
      outfeeds(rig);
    }
    rig.read('scan-pick-1', 'T-2').read('scan-pick-1', 'CRANEWAY-SHIP');
    expect([rig.unit('T-1').place, rig.unit('T-2').place]).toEqual([station, 'OUTSIDE']);
  });
});

test('a lane that is full keeps the next one at the infeed, with nothing asked and nothing rejected', async () => {
  const rig = await announced(['T-1'], ['T-2'], ['T-3'], ['T-4'], ['T-5']);
  rig.crane.offline();
  for (const no of [1, 2, 3, 4]) toPd(rig, inducts(rig, `T-${no}`));
  const scanSeq = inducts(rig, 'T-5');
  rig.advance(60_000);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBeUndefined();
  rig.crane.connect((fact) => rig.flow.report(fact));
  rig.settle();
  craneRuns(rig);
  rig.advance(60_000);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  expect(rig.rows('load_unit').every(({ status }) => status === 'present')).toBe(true);
});
