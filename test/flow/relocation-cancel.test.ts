import { expect, test } from 'vitest';
import type { FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, lhd, second, stocked, third } from '../lib/stories.ts';

const relocation = (more: object = {}) => ({
  ...{ order: 'RL-1', kind: 'relocation', loadUnit: 'T-1', location: third },
  ...more,
});
const cancel = { order: 'RL-1' };
const ends = (rig: FlowRig) => {
  const { place, order, workflow } = rig.unit('T-1');
  return [rig.order('RL-1')?.status, place, order, workflow];
};

test('canceled while it waits for its crane: at once, and nothing moves', async () => {
  const rig = await stocked(['T-2'], ['T-1']);
  await rig.command('order.create', relocation({ order: 'RL-2', loadUnit: 'T-2' }));
  await rig.command('order.create', relocation({ location: undefined }));
  await rig.command('order.cancel', cancel);
  expect(ends(rig)).toEqual(['canceled', second, undefined, undefined]);
  craneRuns(rig);
  expect([rig.order('RL-2')?.status, rig.unit('T-2').place]).toEqual(['completed', third]);
});

test('canceled before the crane has answered: when the crane says that it never ran', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', relocation());
  expect(await rig.command('order.cancel', cancel)).toMatchObject({ status: 'canceling' });
  rig.crane.answer('missionUnknown');
  rig.settle();
  expect(ends(rig)).toEqual(['canceled', first, undefined, undefined]);
});

test.each([third, undefined])(
  'canceled on the crane, on its way to %s: it is put back',
  async (to) => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', relocation({ location: to }));
    rig.crane.answer();
    rig.crane.pick();
    rig.settle();
    await rig.command('order.cancel', cancel);
    rig.crane.answer();
    rig.crane.end('cancelled', lhd);
    rig.settle();
    craneRuns(rig);
    expect(ends(rig)).toEqual(['canceled', first, undefined, undefined]);
  },
);

test('canceled too late for the crane: it is there, and the order is completed', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', relocation());
  rig.crane.answer();
  rig.crane.pick();
  rig.settle();
  await rig.command('order.cancel', cancel);
  rig.crane.answer('tooLate');
  rig.crane.end('done', third);
  rig.settle();
  expect(ends(rig)).toEqual(['completed', third, undefined, undefined]);
});

test('canceled, and its load unit is not there: the order ends all the same', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', relocation());
  rig.crane.answer();
  rig.settle();
  await rig.command('order.cancel', cancel);
  rig.crane.end('binEmpty', undefined);
  rig.settle();
  expect(rig.order('RL-1')?.status).toBe('canceled');
});

test('put on hold while it is moved: the order ends with that', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', relocation());
  await rig.command('order.update', { order: 'RL-1', hold: true });
  craneRuns(rig);
  expect(rig.order('RL-1')?.status).toBe('completed');
});
