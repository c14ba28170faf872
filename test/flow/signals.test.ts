import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SignalData } from '../../src/contract/messages.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import { cell, demoSite } from '../lib/demo.ts';
import { announce, FlowRig } from '../lib/flow-rig.ts';
import { retrieves, stores } from '../lib/stories.ts';

const day = 86_400_000;
const signals = {
  ...{ everyS: 60, windowDays: 30, leadTimeDays: 4, leadTimeDeviationDays: 0, serviceLevel: 0.95 },
  abc: { a: 0.8, b: 0.95, hysteresis: 0.02 },
};
const skus = [{ sku: 'A', unit: 'pcs', reorderPoint: 12, safetyStock: 3, orderQty: 50 }];

/** A site with two totes of ten A each, as its signals see it. */
async function site() {
  const rig = new FlowRig(new Topology({ ...demoSite, signals }));
  await rig.command('sku.put', { skus });
  for (const lpn of ['T-1', 'T-2']) {
    await announce(rig, lpn);
    stores(rig, lpn);
  }
  return rig;
}

const told = (rig: FlowRig) =>
  rig.events().flatMap(({ name, data }) => {
    const { signal, active } = data as SignalData;
    return name === 'signal' ? [`${signal} ${active ? 'on' : 'off'}`] : [];
  });
const minute = (rig: FlowRig) => rig.advance(61_000).settle();

test('a site that asks for no signals tells none', async () => {
  const rig = new FlowRig();
  await rig.command('sku.put', { skus });
  minute(rig);
  expect(told(rig)).toEqual([]);
});

test('signals are told when they change, and only then; events fold to how it is', async () => {
  const rig = await site();
  minute(rig);
  expect(told(rig)).toEqual(['abcClass on']);
  await rig.command('order.create', {
    ...{ order: 'SO-1', kind: 'retrieval', station: 'PICK-01', lines: [{ sku: 'A', qty: 10 }] },
  });
  minute(rig);
  expect(told(rig)).toEqual(['abcClass on', 'reorder on']);
  const [book] = rig.flow.books.signals({ limit: 10 }).items;
  expect(book).toMatchObject({ onHand: 20, reachable: 20, reserved: 10, qty: 50 });
  retrieves(rig, 'T-1');
  minute(rig);
  expect(told(rig)).toEqual(['abcClass on', 'reorder on']);
  await rig.restart();
  minute(rig);
  expect(told(rig)).toEqual(['abcClass on', 'reorder on']);
});

test('whatever is locked, no more is reachable than on hand, and none of it that is locked in', async () => {
  const parts = ['A01', 'A01-L', 'A01-LR-1', cell(1), cell(1, 1, 'R')];
  const acts = fc.array(
    fc.tuple(fc.constantFrom(...parts), fc.constantFrom('in', 'out', 'both', 'none')),
    { minLength: 1, maxLength: 6 },
  );
  await fc.assert(
    fc.asyncProperty(acts, async (history) => {
      const rig = await site();
      for (const [part, lock] of history) {
        await rig.operator({ act: 'lock', part, lock: lock as 'none', reason: 'test' });
        minute(rig);
        const [book] = rig.flow.books.signals({ limit: 10 }).items;
        const { locks } = rig.flow.warehouse;
        const places = ['T-1', 'T-2'].map((lpn) => rig.unit(lpn).place);
        const open = places.filter((place) => locks.on(place, 'out') === undefined);
        expect(book).toMatchObject({ onHand: 20, reachable: 10 * open.length });
      }
    }),
    { numRuns: 30 },
  );
});

test('what orders have taken is the demand of that day, also after a restart', async () => {
  const rig = await site();
  await rig.command('order.create', {
    ...{ order: 'SO-1', kind: 'retrieval', station: 'PICK-01', lines: [{ sku: 'A', qty: 6 }] },
  });
  retrieves(rig, 'T-1');
  rig.restart().advance(2 * day);
  minute(rig);
  const [book] = rig.flow.books.signals({ limit: 10 }).items;
  expect(book).toMatchObject({ demandPerDay: 3, abcClass: 'A', basis: { days: 2 } });
});

test('stock behind a crane that does not work is on hand, and not reachable', async () => {
  const rig = await site();
  const sums = () => rig.flow.books.stock({ by: 'sku', limit: 10 } as never).items[0];
  expect(sums()).toMatchObject({ qty: 20, reachable: 20 });
  rig.flow.report({
    type: 'crane.offline',
    device: 'crane-1' as DeviceId,
    reason: 'link cut',
  } as never);
  rig.settle();
  expect(sums()).toMatchObject({ qty: 20, reachable: 0 });
  minute(rig);
  expect(told(rig)).toEqual(['abcClass on', 'belowSafetyStock on', 'reorder on']);
});
