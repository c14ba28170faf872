import { describe, expect, test } from 'vitest';
import { announce, announced } from '../lib/flow-rig.ts';
import { craneRuns, first, inducts, second, stocked, stores, third, toPd } from '../lib/stories.ts';

const relocation = (more: object = {}) => ({
  ...{ order: 'RL-1', kind: 'relocation', loadUnit: 'T-1', location: third },
  ...more,
});
const putaway = (more: object = {}) => ({
  ...{ order: 'PA-1', kind: 'putaway', loadUnit: 'T-1' },
  ...more,
});

describe('relocation', () => {
  test('a load unit is moved into the cell that is wanted, and the movement names the order', async () => {
    const rig = await stocked(['T-1']);
    const from = rig.ledger.lastSequence();
    await rig.command('order.create', relocation());
    expect(rig.crane.command).toMatchObject({ command: 'transfer', from: first, to: third });
    craneRuns(rig);
    expect(rig.unit('T-1')).toMatchObject({ place: third, order: undefined, workflow: undefined });
    expect(rig.told().slice(from)).toEqual([
      'RL-1 queued',
      'RL-1 active',
      `T-1 relocated ${first} > ${third}`,
      'RL-1 completed',
    ]);
    const moved = rig.events().find(({ data }) => (data as { kind?: string }).kind === 'relocated');
    expect(moved?.data).toMatchObject({ order: 'RL-1', host: 'wms' });
  });

  test('without a cell the rules choose one', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', relocation({ location: undefined }));
    craneRuns(rig);
    expect(rig.unit('T-1').place).not.toBe(first);
    expect(rig.order('RL-1')?.status).toBe('completed');
  });

  test('into a cell that is taken it waits, says for whom, and goes on when that is free', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    await rig.command('order.create', relocation({ location: second }));
    expect(rig.order('RL-1')).toMatchObject({
      status: 'queued',
      reasons: [{ code: 'NO_LOCATION', detail: `${second} is taken by T-2` }],
    });
    await rig.command('order.create', relocation({ order: 'RL-2', loadUnit: 'T-2' }));
    craneRuns(rig);
    craneRuns(rig);
    expect([rig.unit('T-1').place, rig.unit('T-2').place]).toEqual([second, third]);
    expect([rig.order('RL-1')?.status, rig.order('RL-2')?.status]).toEqual([
      'completed',
      'completed',
    ]);
  });
});

describe('a relocation is refused', () => {
  test.each([
    [{ loadUnit: 'X-1' }, 'UNKNOWN_REFERENCE'],
    [{ location: 'PICK-01' }, 'UNKNOWN_REFERENCE'],
    [{ loadUnit: undefined }, 'INVALID'],
  ])('%j is refused', async (more, code) => {
    const rig = await stocked(['T-1']);
    const reply = await rig.command('order.create', relocation(more));
    expect(reply.error?.code).toBe(code);
  });

  test('what is not in a rack cannot be relocated', async () => {
    const rig = await announced(['T-1']);
    const reply = await rig.command('order.create', relocation());
    expect(reply.error).toMatchObject({ code: 'LOCATION_REFUSED' });
  });

  test('another cell than the wanted one is no success: the order fails and says where it is', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', relocation());
    rig.crane.answer();
    rig.crane.pick();
    rig.crane.end('binFull', 'A01-LHD' as never);
    rig.settle();
    craneRuns(rig);
    expect(rig.unit('T-1').place).not.toBe(third);
    expect(rig.order('RL-1')).toMatchObject({
      status: 'failed',
      reasons: [{ detail: expect.stringContaining('T-1 is at') }],
    });
  });
});

describe('putaway', () => {
  test('it waits for the load unit, goes into the cell that is wanted, and ends when it stands there', async () => {
    const rig = await announced(['T-1']);
    await rig.command('order.create', putaway({ location: third }));
    expect(rig.order('PA-1')).toMatchObject({
      status: 'queued',
      reasons: [{ detail: 'T-1 has not come by the infeed yet' }],
    });
    const arrival = toPd(rig, inducts(rig, 'T-1'));
    expect(rig.order('PA-1')?.status).toBe('active');
    craneRuns(rig);
    rig.conveyor.confirm(3, { scanSeq: arrival, exitTaken: 1, outcome: 'asAnswered' });
    rig.settle();
    expect([rig.unit('T-1').place, rig.order('PA-1')?.status]).toEqual([third, 'completed']);
  });

  test('a cell that is taken is not insisted upon: the load unit may not block the infeed', async () => {
    const rig = await stocked(['T-1']);
    await announce(rig, 'T-2');
    await rig.command('order.create', putaway({ loadUnit: 'T-2', location: first }));
    stores(rig, 'T-2');
    expect(rig.unit('T-2').place).toBe(second);
    expect(rig.order('PA-1')?.status).toBe('completed');
  });

  test('what is stored already is too late', async () => {
    const rig = await stocked(['T-1']);
    const reply = await rig.command('order.create', putaway());
    expect(reply.error).toMatchObject({ code: 'TOO_LATE' });
  });
});
