import { describe, expect, test } from 'vitest';
import type { FlowRig } from '../lib/flow-rig.ts';
import { openOf, ordered, shared, visited, type Wish } from '../lib/shared-visit.ts';
import { asked, gtin, linesOf, scans, stockedWithArticles } from '../lib/station-run.ts';
import { craneRuns, orderFor, outfeeds } from '../lib/stories.ts';

const retrievals = (rig: FlowRig) => rig.told().filter((line) => line.includes(' retrieved '));

test('one visit serves several orders, each with a tote, a confirmation and an end of its own', async () => {
  const rig = await visited(['PK-1', 3], ['PK-2', 4], ['PK-3', 2]);
  const from = rig.ledger.lastSequence();
  expect(asked(rig)).toBe('scanTarget T-1');
  await scans(rig, 'C-1', gtin, 'C-1');
  // The books are right after each order, before the next one has begun.
  expect(rig.order('PK-1')).toMatchObject({ status: 'completed', lines: [{ qtyDone: 3 }] });
  expect(linesOf(rig, 'T-1')).toEqual(['7 A available']);
  expect(rig.flow.books.station('PICK-01')).toMatchObject({ kind: 'scanTarget', order: 'PK-2' });
  await scans(rig, 'C-2', gtin, 'C-2', 'C-3', gtin, 'C-3');
  expect(asked(rig)).toBe('sendBack T-1');
  await scans(rig, 'T-1');
  expect(['T-1', 'C-1', 'C-2', 'C-3'].map((name) => linesOf(rig, name))).toEqual([
    ['1 A available'],
    ['3 A available'],
    ['4 A available'],
    ['2 A available'],
  ]);
  expect(retrievals(rig)).toHaveLength(1);
  expect(rig.told().slice(from)).toEqual([
    ...['C-1 received OUTSIDE > PICK-01', 'C-1 inducted', 'PK-1 active'],
    ...['T-1 picked PICK-01 > PICK-01', 'PK-1 active', 'PK-1 completed'],
    ...['C-2 received OUTSIDE > PICK-01', 'C-2 inducted', 'PK-2 active'],
    ...['T-1 picked PICK-01 > PICK-01', 'PK-2 active', 'PK-2 completed'],
    ...['C-3 received OUTSIDE > PICK-01', 'C-3 inducted', 'PK-3 active'],
    ...['T-1 picked PICK-01 > PICK-01', 'PK-3 active', 'PK-3 completed'],
  ]);
  expect(rig.unit('T-1')).toMatchObject({ order: undefined, workflow: undefined });
  expect(rig.flow.books.station('PICK-01')).toMatchObject({ kind: 'closeTote', target: 'C-1' });
});

test('an order that comes while the load unit is being picked from is served before it is sent back', async () => {
  const rig = await visited(['PK-1', 3]);
  await scans(rig, 'C-1', gtin);
  await ordered(rig, ['PK-2', 4]);
  expect(openOf(rig, 'PK-2')).toEqual(['T-1']);
  await scans(rig, 'C-1');
  expect(rig.flow.books.station('PICK-01')).toMatchObject({ kind: 'scanTarget', order: 'PK-2' });
});

test('what a person may have on the conveyor already is not asked for any more', async () => {
  const rig = await visited(['PK-1', 3]);
  await scans(rig, 'C-1', gtin, 'C-1');
  await ordered(rig, ['PK-2', 4]);
  expect([asked(rig), ...openOf(rig, 'PK-2')]).toEqual(['sendBack T-1', 'T-2']);
});

test('craneway why tells of the order and of the load unit that the visit is shared', async () => {
  const rig = await shared(['PK-1', 3], ['PK-2', 4]);
  const text =
    'T-1 goes to PICK-01 for PK-1 anyway: PK-2 takes from it in the same visit, after them.';
  for (const subject of ['PK-2', 'T-1']) {
    expect(rig.flow.books.why(subject).map((reason) => reason.text)).toContain(text);
  }
  craneRuns(rig);
  outfeeds(rig);
  expect(rig.flow.books.station('PICK-01')).toMatchObject({
    instruction: 'T-1 has come for PK-1, PK-2: scan it.',
  });
});

test('what the next one would not find is not promised to it: it gets another load unit as well', async () => {
  const rig = await shared(['PK-1', 8], ['PK-2', 4]);
  expect(openOf(rig, 'PK-1', 'PK-2')).toEqual(['T-1', 'T-1,T-2']);
  expect(rig.flow.books.station('PICK-01')?.coming).toBe(2);
});

test('stock counts as promised as far as orders pick it, and no further', async () => {
  const rig = await shared(['PK-1', 3], ['PK-2', 4]);
  const { items } = rig.flow.books.stock({ by: 'loadUnit', limit: 10 } as never);
  const lines = items as readonly { loadUnit: string; qty: number; reserved: number }[];
  expect(lines.map(({ loadUnit, qty, reserved }) => [loadUnit, qty, reserved])).toEqual([
    ['T-1', 10, 7],
    ['T-2', 10, 0],
  ]);
});

test('stock that has expired on its way counts as promised no more: nobody may pick it', async () => {
  const rig = await ordered(await stockedWithArticles(['T-1', 10, '1970-01-02']), ['PK-1', 3]);
  const reserved = () =>
    rig.flow.books.stock({ by: 'loadUnit', limit: 10 } as never).items.map((line) => line.reserved);
  expect(reserved()).toEqual([3]);
  rig.advance(2 * 86_400_000);
  expect(reserved()).toEqual([0]);
});

test.each<[string, object, object]>([
  ['another station', {}, { station: 'PACK-01' }],
  ['another lot', {}, { lines: [{ sku: 'A', qty: 2, lot: 'L9' }] }],
  ['stock that is blocked', {}, { lines: [{ sku: 'A', qty: 2, stockStatus: 'blocked' }] }],
  ['a whole load unit', {}, { kind: 'retrieval' }],
  ['later', {}, { notBefore: '1970-01-02T00:00:00Z' }],
  ['on hold', {}, { hold: true }],
])('an order for %s does not share the visit', async (_, first, more) => {
  const rig = await shared(['PK-1', 3, first], ['PK-2', 2, more]);
  expect(openOf(rig, 'PK-2')[0] ?? '').not.toContain('T-1');
});

test('so many orders share a visit, and no more: each of them has a tote that stands somewhere', async () => {
  const wishes = Array.from({ length: 11 }, (_, i): Wish => [`PK-${i}`, 1]);
  const rig = await ordered(await stockedWithArticles(['T-1', 50], ['T-2', 50]), ...wishes);
  expect(openOf(rig, 'PK-9', 'PK-10')).toEqual(['T-1', 'T-2']);
});

test('what waits for the crane waits as urgently as the most urgent of its orders', async () => {
  const dueAt = '1970-01-01T01:00:00Z';
  const rig = await shared(['PK-0', 30], ['PK-1', 3], ['PK-2', 1, { priority: 9, dueAt }]);
  const requests = [...rig.flow.warehouse.tables.request.values()];
  expect(requests.map(({ loadUnit }) => loadUnit)).toEqual(['T-2']);
  await rig.command('order.cancel', { order: 'PK-0' });
  await ordered(rig, ['PK-3', 1, { priority: 8, dueAt }]);
  expect(openOf(rig, 'PK-3')).toEqual(['T-2']);
  expect([...rig.flow.warehouse.tables.request.values()]).toMatchObject([
    { loadUnit: 'T-2', priority: 9, dueAtMs: 3_600_000 },
  ]);
});

describe('the rule of the SKU decides first', () => {
  const fefo = async (second: string) => {
    const rig = await stockedWithArticles(['T-1', 10, '2030-01-31'], ['T-2', 10, second]);
    await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fefo', gtin }] });
    await ordered(rig, ['PK-1', 3, { lines: [{ sku: 'A', qty: 3, expiry: '2030-01-15' }] }]);
    return ordered(rig, ['PK-2', 4]);
  };

  test('what expires before it is fetched all the same', async () => {
    expect(openOf(await fefo('2030-01-10'), 'PK-1', 'PK-2')).toEqual(['T-1', 'T-2']);
  });

  test('of what expires on one day, that which comes anyway is taken', async () => {
    expect(openOf(await fefo('2030-01-31'), 'PK-1', 'PK-2')).toEqual(['T-1', 'T-1']);
  });
});

test('a retrieval of the whole load unit waits until it is back in the rack', async () => {
  const rig = await stockedWithArticles(['T-1', 10]);
  await ordered(rig, ['PK-1', 3]);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  expect(openOf(rig, 'SO-1')).toEqual(['']);
});
