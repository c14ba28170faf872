import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { SignalData } from '../../src/contract/messages.ts';
import type { DeviceId, LocationId, Sku } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import { cell, demoSite } from '../lib/demo.ts';
import { announce, FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, outfeeds, retrieves, stores } from '../lib/stories.ts';

const day = 86_400_000;
const signals = {
  ...{ everyS: 60, windowDays: 30, leadTimeDays: 4, leadTimeDeviationDays: 0, serviceLevel: 0.95 },
  abc: { a: 0.8, b: 0.95, hysteresis: 0.02 },
};
const skus = [{ sku: 'A', unit: 'pcs', reorderPoint: 12, safetyStock: 3, orderQty: 50 }];

/** A site with two totes of ten A each, as its signals see it. */
async function site(more = {}) {
  const rig = new FlowRig(new Topology({ ...demoSite, signals: { ...signals, ...more } }));
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

const line = {
  ...{ station: 'PICK-01' as LocationId, sku: 'A' as Sku, perHour: 60, qty: 10 },
  ...{ leadTimeS: 300, leadTimeDeviationS: 0, safetyTimeS: 60 },
};
const calls = (rig: FlowRig) =>
  rig.events().flatMap(({ name, data }) => {
    const { signal, active, station, qty } = data as SignalData;
    return name === 'signal' && signal === 'justInTimeCall' ? [{ active, station, qty }] : [];
  });

test('a station that runs empty calls the next load unit once, and the order for it answers', async () => {
  const rig = await site({ consumption: [line] });
  minute(rig);
  const on = { active: true, station: 'PICK-01', qty: 10 };
  expect(calls(rig)).toMatchObject([on]);
  minute(rig);
  await rig.restart();
  minute(rig);
  expect(calls(rig)).toMatchObject([on]);
  await rig.command('order.create', {
    ...{ order: 'SO-1', kind: 'retrieval', station: 'PICK-01', lines: [{ sku: 'A', qty: 10 }] },
  });
  minute(rig);
  const off = { active: false, station: 'PICK-01', qty: undefined };
  expect(calls(rig)).toMatchObject([on, off]);
  const [book] = rig.flow.books.signals({ limit: 10 }).items;
  expect(book?.calls).toMatchObject([{ station: 'PICK-01', booked: 0, coming: 10, active: false }]);
});

test('a load unit at the station counts down as it is used, and the next call comes in time', async () => {
  const rig = await site({ consumption: [line] });
  await rig.command('order.create', {
    ...{ order: 'SO-1', kind: 'retrieval', station: 'PICK-01', lines: [{ sku: 'A', qty: 10 }] },
  });
  retrieves(rig, 'T-1');
  minute(rig);
  const [book] = rig.flow.books.signals({ limit: 10 }).items;
  expect(book?.calls).toMatchObject([{ booked: 10, coming: 0, active: false }]);
  expect(calls(rig)).toEqual([]);
  // Ten minutes of stock, less 1 of safety and 5 of lead time: 4 minutes, and one look ahead.
  for (let i = 0; i < 2; i++) minute(rig);
  expect(calls(rig)).toEqual([]);
  for (let i = 0; i < 2; i++) minute(rig);
  expect(calls(rig)).toMatchObject([{ active: true, qty: 10 }]);
});

test.each([
  ['its name', { loadUnit: 'T-1' }],
  ['what is in it', { lines: [{ sku: 'A', qty: 10 }] }],
])(
  'a load unit that is ordered by %s is coming until it stands there, read or not',
  async (_, what) => {
    const rig = await site({ consumption: [line] });
    await rig.command('order.create', {
      ...{ order: 'SO-1', kind: 'retrieval', station: 'PICK-01', ...what },
    });
    const call = () => {
      minute(rig);
      return rig.flow.books.signals({ limit: 10 }).items[0]?.calls?.[0];
    };
    expect(call()).toMatchObject({ booked: 0, coming: 10 });
    craneRuns(rig);
    outfeeds(rig);
    expect(rig.unit('T-1').place).toBe('PICK-01');
    expect(call()).toMatchObject({ booked: 10, coming: 0 });
    rig.read('scan-pick-1', 'T-1');
    expect(call()).toMatchObject({ booked: 10, coming: 0 });
  },
);
