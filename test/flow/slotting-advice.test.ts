import { expect, test } from 'vitest';
import type { SignalData } from '../../src/contract/messages.ts';
import { validateMessage } from '../../src/contract/validate.ts';
import type { SkuRecord } from '../../src/domain/books.ts';
import { noteStay } from '../../src/domain/class-books.ts';
import { defaultWeights } from '../../src/domain/putaway-score.ts';
import { Topology } from '../../src/domain/topology.ts';
import { demoSite, sku } from '../lib/demo.ts';
import { announce, FlowRig, ssccOf } from '../lib/flow-rig.ts';
import { craneRuns, first, stores } from '../lib/stories.ts';

const minuteMs = 60_000;
/** Of what was stored before, minutes. */
const stays = [10, 4_000, 240_000];
const farCell = 'A01-R-030-10-1';
const signals = {
  ...{ everyS: 60, windowDays: 30, leadTimeDays: 4, leadTimeDeviationDays: 0, serviceLevel: 0.95 },
  abc: { a: 0.8, b: 0.95, hysteresis: 0.02 },
};

/** One tote of a SKU that is wanted every ten minutes, and of one that nobody has wanted yet. */
async function site(classes: number) {
  const slotting = { weights: defaultWeights, classes };
  const rig = new FlowRig(new Topology({ ...demoSite, signals, slotting }));
  await rig.command('sku.put', { skus: ['A', 'B'].map((name) => ({ sku: name, unit: 'pcs' })) });
  await announce(rig, 'T-1');
  stores(rig, 'T-1');
  const notice = {
    lpn: 'T-2',
    sscc: ssccOf('T-2'),
    loadUnitType: 'TOTE-600',
    lines: [{ sku: 'B', qty: 1 }],
  };
  await rig.command('loadUnit.announce', { loadUnits: [notice] });
  stores(rig, 'T-2');
  const { warehouse } = rig.flow;
  const learned = { intervalMs: 10 * minuteMs, intervals: 16, lastAtMs: rig.clock.nowMs() };
  warehouse.tables.sku.put({
    ...(warehouse.tables.sku.get(sku('A')) as SkuRecord),
    demand: learned,
  });
  for (let i = 0; i < 256; i++) noteStay(warehouse, (stays[i % 3] ?? 0) * minuteMs, 3);
  return rig;
}

async function moves(rig: FlowRig, order: string, location: string) {
  const data = { order, kind: 'relocation', loadUnit: 'T-1', location };
  expect(await rig.command('order.create', data)).toMatchObject({ result: 'accepted' });
  craneRuns(rig);
}
const minute = (rig: FlowRig) => rig.advance(61_000).settle();
const told = (rig: FlowRig) =>
  rig.events().flatMap(({ name, data }) => {
    const signal = data as SignalData;
    return name === 'signal' && signal.signal === 'slotting' ? [signal] : [];
  });

test('hosts are told once that a SKU stands outside of its region, and once that it does not any more', async () => {
  const rig = await site(3);
  minute(rig);
  expect(told(rig)).toEqual([]);
  await moves(rig, 'RE-1', farCell);
  minute(rig);
  minute(rig);
  const [on, ...more] = told(rig);
  expect(more).toEqual([]);
  expect(on).toMatchObject({
    sku: 'A',
    active: true,
    slotting: { loadUnits: 1, moves: 1, storageClass: 1 },
  });
  expect(on?.slotting?.gainSPerDay).toBeGreaterThan(60);
  expect(validateMessage('signal', on)).toMatchObject({ ok: true });
  expect(rig.flow.books.why('A')[0]?.text).toMatch(
    /^A: signal slotting is on: 1 of 1 load units lie outside the region of storage class 1; .* save [\d.]+ s a day;/,
  );
  await moves(rig, 'RE-2', first);
  minute(rig);
  expect(told(rig).map(({ active }) => active)).toEqual([true, false]);
  expect(told(rig)[1]?.slotting).toBeUndefined();
});

test('people see what moves would save in all, and of which SKUs nobody knows the demand', async () => {
  const rig = await site(3);
  await moves(rig, 'RE-1', farCell);
  minute(rig);
  const view = rig.flow.books.slotting(10);
  const [item] = view.items;
  expect(view).toMatchObject({ leftOff: 0, isCut: false, unknown: 1 });
  expect(item).toMatchObject({ sku: 'A', abcClass: 'C', told: true, moves: 1 });
  const { gainSPerDay, costS } = item ?? {};
  expect(view.total).toEqual({ skus: 1, moves: 1, gainSPerDay, costS });
  const { items, leftOff, total } = rig.flow.books.slotting(0);
  expect([items, leftOff, total]).toEqual([[], 1, view.total]);
});

test('what is locked in or behind a crane that does not work is no advice', async () => {
  const rig = await site(3);
  await moves(rig, 'RE-1', farCell);
  await rig.operator({ act: 'lock', part: farCell, lock: 'out', reason: 'wet' });
  minute(rig);
  expect(rig.flow.books.slotting(10).items).toEqual([]);
  await rig.operator({ act: 'lock', part: farCell, lock: 'none', reason: 'dry' });
  await rig.operator({ act: 'mode', device: rig.crane.id, mode: 'manual' });
  minute(rig);
  expect(rig.flow.books.slotting(10).items).toEqual([]);
  await rig.operator({ act: 'mode', device: rig.crane.id, mode: 'auto' });
  minute(rig);
  expect(rig.flow.books.slotting(10).items).toMatchObject([{ sku: 'A' }]);
});

test('a site without storage classes says that nothing can be advised, and why', async () => {
  const rig = await site(1);
  await moves(rig, 'RE-1', farCell);
  minute(rig);
  expect(rig.flow.books.slotting(10)).toMatchObject({
    items: [],
    why: expect.stringContaining('no storage classes'),
  });
  expect(told(rig)).toEqual([]);
});
