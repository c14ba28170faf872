import { describe, expect, test } from 'vitest';
import type { FlowRig } from '../lib/flow-rig.ts';
import { openOf, ordered, shared, visited } from '../lib/shared-visit.ts';
import {
  answer,
  asked,
  type Day,
  gtin,
  linesOf,
  liveThrough,
  scan,
  scans,
  stockedWithArticles,
} from '../lib/station-run.ts';
import { craneRuns, first, outfeeds, retrieves } from '../lib/stories.ts';
import { wrongTakers } from '../lib/takers.ts';

describe('an order that is canceled', () => {
  test('before its turn is skipped, and is over at once', async () => {
    const rig = await visited(['PK-1', 3], ['PK-2', 4], ['PK-3', 2]);
    expect(await rig.command('order.cancel', { order: 'PK-2' })).toMatchObject({
      status: 'canceled',
    });
    await scans(rig, 'C-1', gtin, 'C-1');
    expect(rig.flow.books.station('PICK-01')).toMatchObject({ kind: 'scanTarget', order: 'PK-3' });
    expect(rig.flow.books.station('PICK-01')?.loadUnits).toEqual(['T-1', 'C-1']);
  });

  test('while it is picked ends its turn, and the next one follows', async () => {
    const rig = await visited(['PK-1', 3], ['PK-2', 4]);
    await scans(rig, 'C-1', gtin);
    await rig.command('order.cancel', { order: 'PK-1' });
    expect(rig.order('PK-1')?.status).toBe('canceled');
    expect([rig.flow.books.station('PICK-01')?.order, linesOf(rig, 'C-1')]).toEqual(['PK-2', []]);
    await scans(rig, 'C-2', gtin, 'C-2', 'T-1');
    expect(rig.order('PK-2')?.status).toBe('completed');
  });

  test.each([
    ['before the crane has begun', () => undefined],
    ['brought by the crane', craneRuns],
    ['at the station', (rig: FlowRig) => [craneRuns(rig), outfeeds(rig)]],
  ])('%s does not call back what another one waits for', async (_, go) => {
    const rig = await shared(['PK-1', 3], ['PK-2', 4]);
    go(rig);
    rig.settle();
    await rig.command('order.cancel', { order: 'PK-1' });
    expect(rig.order('PK-1')?.status).toBe('canceled');
    expect(rig.unit('T-1')).toMatchObject({ order: 'PK-2', alsoFor: undefined });
    if (rig.unit('T-1').place === first) craneRuns(rig);
    if (rig.unit('T-1').place !== 'PICK-01') outfeeds(rig);
    await scans(rig, 'T-1', 'C-2', gtin, 'C-2', 'T-1');
    expect(rig.order('PK-2')).toMatchObject({ status: 'completed', lines: [{ qtyDone: 4 }] });
  });
});

describe('there are fewer than the books say', () => {
  test('the next order is told by what is left: it gets another load unit at once', async () => {
    const rig = await visited(['PK-1', 3], ['PK-2', 4]);
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 2, reason: 'notThere' });
    await answer(rig, 'counted', { qty: 0 });
    expect(asked(rig)).toBe('sendBack T-1');
    // The last one of a visit ends when the load unit is on its way back.
    expect(openOf(rig, 'PK-1', 'PK-2')).toEqual(['T-2', 'T-1,T-2']);
    await scans(rig, 'T-1');
    retrieves(rig, 'T-2');
    await scans(rig, gtin, 'C-1', 'C-2', gtin, 'C-2', 'T-2');
    expect(['PK-1', 'PK-2'].map((name) => rig.order(name)?.status)).toEqual([
      'completed',
      'completed',
    ]);
    expect(linesOf(rig, 'T-2')).toEqual(['5 A available']);
  });

  test('with some left, the next one takes them and looks elsewhere for the rest', async () => {
    const rig = await visited(['PK-1', 3], ['PK-2', 4]);
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 0, reason: 'notThere' });
    await answer(rig, 'counted', { qty: 5 });
    // There after all: the first one takes them, and two are left.
    await scans(rig, gtin, 'C-1');
    expect(openOf(rig, 'PK-2')).toEqual(['T-1,T-2']);
    await scans(rig, 'C-2', gtin, 'C-2');
    expect(rig.order('PK-2')).toMatchObject({ status: 'active', lines: [{ qtyDone: 2 }] });
  });

  test('where nothing else is to be had, each that wants no more than there is ends short', async () => {
    const partial = { ifShort: 'partial' };
    const rig = await ordered(
      await stockedWithArticles(['T-1', 10]),
      ['PK-1', 3, partial],
      ['PK-2', 4, partial],
    );
    retrieves(rig, 'T-1');
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 2, reason: 'damaged' });
    expect(rig.order('PK-1')).toMatchObject({
      status: 'completed',
      lines: [{ qtyDone: 2, qtyShort: 1 }],
    });
    await scans(rig, 'T-1');
    expect(rig.order('PK-2')).toMatchObject({ status: 'completed', lines: [{ qtyShort: 4 }] });
  });
});

test.each([
  ['something else lies in it', 'wrongArticle'],
  ['somebody has taken it away', 'gone'],
])('%s: every order that was to take from it looks elsewhere', async (_, choice) => {
  const rig = await visited(['PK-1', 3], ['PK-2', 4]);
  await scans(rig, 'C-1');
  await answer(rig, choice);
  expect(openOf(rig, 'PK-1', 'PK-2')).toEqual(['T-2', 'T-2']);
  expect(wrongTakers(rig.flow.warehouse)).toEqual([]);
});

test('a cell that turns out to be empty: every order that was to take from it looks elsewhere', async () => {
  const rig = await shared(['PK-1', 3], ['PK-2', 4]);
  rig.crane.answer();
  rig.settle();
  rig.crane.end('binEmpty', first);
  rig.settle();
  expect(openOf(rig, 'PK-1', 'PK-2')).toEqual(['T-2', 'T-2']);
  expect(wrongTakers(rig.flow.warehouse)).toEqual([]);
});

/** Two orders in one visit, with a shortage at the first one. */
const day: Day = [
  ['ordered', (rig) => ordered(rig, ['PK-1', 3], ['PK-2', 4, { ifShort: 'partial' }])],
  ['brought by the crane', (rig) => craneRuns(rig)],
  ['at the station', (rig) => outfeeds(rig)],
  ['scanned there', (rig) => scan(rig, 'T-1')],
  ['with the tote of the first', (rig) => scan(rig, 'C-1')],
  ['with the article', (rig) => scan(rig, gtin)],
  ['short', (rig) => answer(rig, 'short', { qty: 2, reason: 'notThere' })],
  ['counted', (rig) => answer(rig, 'counted', { qty: 4 })],
  ['found after all', (rig) => scan(rig, gtin)],
  ['done with the first', (rig) => scan(rig, 'C-1')],
  ['with the tote of the second', (rig) => scan(rig, 'C-2')],
  ['with its article', (rig) => scan(rig, gtin)],
  ['done with the second', (rig) => scan(rig, 'C-2')],
  ['sent back', (rig) => scan(rig, 'T-1')],
];

async function live(restartAfter: number) {
  const rig = await liveThrough(day, restartAfter);
  return {
    ...{ told: rig.told(), moves: rig.moves(), asked: rig.asked, fatal: rig.fatal },
    lines: ['T-1', 'C-1', 'C-2'].map((name) => linesOf(rig, name)),
    orders: ['PK-1', 'PK-2'].map((name) => rig.order(name)),
  };
}

test.each(day.map(([name], i) => [name, i] as const))(
  'restarted when it was %s: the visit goes on with the same order, and nothing is told twice',
  async (_, i) => {
    const undisturbed = await live(-1);
    expect(undisturbed.orders).toMatchObject([
      { status: 'completed', lines: [{ qtyDone: 3 }] },
      { status: 'completed', lines: [{ qtyDone: 3, qtyShort: 1 }] },
    ]);
    expect(await live(i)).toEqual(undisturbed);
  },
);
