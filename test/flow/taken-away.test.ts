import { describe, expect, test } from 'vitest';
import { type FlowRig, station } from '../lib/flow-rig.ts';
import {
  answer,
  asked,
  atPick,
  choices,
  gtin,
  linesOf,
  scan,
  scans,
  stockedWithArticles,
} from '../lib/station-run.ts';
import { craneRuns, first, orderFor, outfeeds, retrieves, stores } from '../lib/stories.ts';

describe('a tote of a pick that somebody has taken away', () => {
  test.each<[string, string[]]>([
    ['before the tote of the order was scanned', []],
    ['before the article was scanned', ['C-1']],
    ['with the article in hand', ['C-1', gtin]],
  ])('%s: the order goes on with another one', async (_, before) => {
    const rig = await atPick(3, [
      ['T-1', 10],
      ['T-2', 10],
    ]);
    await scans(rig, ...before);
    expect(await answer(rig, 'gone')).toMatchObject({ ok: true });
    expect(rig.unit('T-1')).toMatchObject({
      ...{ place: 'MISSING', status: 'missing', workflow: undefined, order: undefined },
      lines: [{ qty: 10 }],
    });
    expect(rig.asked).toEqual(['TAKEN_AWAY']);
    retrieves(rig, 'T-2');
    await scans(rig, ...(before.length === 0 ? ['C-1'] : []), gtin, 'C-1', 'T-2');
    expect([rig.order('PK-1')?.status, linesOf(rig, 'C-1')]).toEqual([
      'completed',
      ['3 A available'],
    ]);
  });

  test('and there is no other one: the host is told how short the order is', async () => {
    const rig = await atPick(12, [['T-1', 10]], { ifShort: 'wait' });
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 4, reason: 'notThere' });
    await answer(rig, 'gone');
    expect(rig.order('PK-1')).toMatchObject({ status: 'queued', lines: [{ qty: 12, qtyDone: 4 }] });
    expect(rig.told()).toContain('T-1 lost PICK-01 > MISSING');
    expect(asked(rig)).toBe('wait -');
    expect(rig.rows('workflow')).toEqual([]);
  });

  test('when it had given all that was wanted: the order is complete', async () => {
    const rig = await atPick(3);
    await scans(rig, 'C-1', gtin, 'C-1');
    expect(choices(rig)).toEqual(['return', 'gone']);
    await answer(rig, 'gone');
    expect(rig.order('PK-1')?.status).toBe('completed');
    expect(rig.unit('T-1')).toMatchObject({ place: 'MISSING', lines: [{ qty: 7 }] });
  });

  test('under an order that is being canceled: the order is canceled', async () => {
    const rig = await atPick(12);
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 4, reason: 'notThere' });
    await rig.command('order.cancel', { order: 'PK-1' });
    await answer(rig, 'gone');
    expect(rig.order('PK-1')).toMatchObject({ status: 'canceled', lines: [{ qtyDone: 4 }] });
  });
});

describe('a tote that was taken away and is found again', () => {
  test('at the infeed: the question has answered itself', async () => {
    const rig = await atPick(3);
    await answer(rig, 'gone');
    stores(rig, 'T-1');
    expect(rig.unit('T-1')).toMatchObject({ place: first, status: 'present' });
    expect(rig.questions('TAKEN_AWAY')).toEqual([]);
    expect(rig.fatal).toEqual([]);
  });

  test('at the station: a person says that it is here, and nothing else is asked', async () => {
    const rig = await atPick(3);
    await answer(rig, 'gone');
    expect(await scan(rig, 'T-1')).toMatchObject({ ok: false });
    await rig.resolve('WRONG_AT_STATION', 'here');
    expect(rig.unit('T-1')).toMatchObject({ place: station, status: 'present' });
    expect(rig.asked).toEqual([]);
  });
});

test('a tote that was looked for and is scanned at a station is asked about no more', async () => {
  const rig = await stockedWithArticles(['T-1', 10]);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle();
  rig.conveyor.confirm(2, { scanSeq, exitTaken: 2, outcome: 'late' });
  rig.settle();
  expect(rig.asked).toContain('DIVERTED');
  expect(await scan(rig, 'T-1')).toMatchObject({ ok: false });
  await rig.resolve('WRONG_AT_STATION', 'here');
  expect(rig.unit('T-1')).toMatchObject({ place: station, status: 'present' });
  expect(rig.asked).not.toContain('DIVERTED');
});

describe('a tote of another order that somebody has taken away', () => {
  test('never scanned there at all: its retrieval ends, and the order is told', async () => {
    const rig = await stockedWithArticles(['T-1', 10], ['T-2', 10]);
    await rig.command('order.create', orderFor('SO-1', 5));
    craneRuns(rig);
    outfeeds(rig);
    expect(asked(rig)).toBe('scanLoadUnit T-1');
    await answer(rig, 'gone');
    expect(rig.unit('T-1')).toMatchObject({ place: 'MISSING', workflow: undefined });
    expect(rig.order('SO-1')).toMatchObject({ status: 'active', loadUnits: ['T-1', 'T-2'] });
  });

  test('after a retrieval was confirmed: the order keeps what it got, and the load unit is looked for', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    retrieves(rig, 'T-1');
    await answer(rig, 'gone');
    expect(rig.order('SO-1')?.status).toBe('completed');
    expect(rig.unit('T-1')).toMatchObject({ status: 'missing', workflow: undefined });
  });

  test('in the middle of a count: a person says whether it is tried again', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    await rig.command('order.create', { order: 'CC-1', kind: 'count', loadUnit: 'T-1' });
    retrieves(rig, 'T-1');
    expect(asked(rig)).toBe('count T-1');
    await answer(rig, 'gone');
    expect(rig.order('CC-1')?.status).toBe('needsOperator');
    expect(rig.asked.toSorted()).toEqual(['ORDER_STUCK', 'TAKEN_AWAY']);
  });

  test('when all of it has been counted: the count is complete', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    await rig.command('order.create', { order: 'CC-1', kind: 'count', loadUnit: 'T-1' });
    retrieves(rig, 'T-1');
    await answer(rig, 'counted', { qty: 10 });
    await answer(rig, 'nothing');
    await answer(rig, 'gone');
    expect(rig.order('CC-1')?.status).toBe('completed');
  });

  test('is counted once, however often it is said, and after a restart', async () => {
    const rig = await atPick(3);
    const act = { act: 'answer', station, choice: 'gone' } as const;
    await rig.operator(act, 'click');
    const before = [rig.rows('load_unit'), rig.rows('outbox'), rig.rows('discrepancy')];
    expect(await rig.restart().operator(act, 'click')).toMatchObject({ ok: true });
    expect([rig.rows('load_unit'), rig.rows('outbox'), rig.rows('discrepancy')]).toEqual(before);
  });
});

describe('what is to be packed and is nowhere to be found', () => {
  const picked = async () => {
    const rig = await atPick(3);
    await rig.command('order.create', {
      ...{ order: 'PC-1', kind: 'pack', station: 'PICK-01', orders: ['PK-1'] },
    });
    await scans(rig, 'C-1', gtin, 'C-1', 'T-1');
    return rig;
  };

  test.each<[string, string[]]>([
    ['before it was scanned', []],
    ['before a carton was scanned', ['C-1']],
    ['before it was put into the carton', ['C-1', 'B-1']],
  ])('%s: the pack order ends, and nothing is labeled', async (_, before) => {
    const rig = await picked();
    await scans(rig, ...before);
    if (before.length === 1) return expect(choices(rig)).not.toContain('gone');
    await answer(rig, 'gone');
    expect(rig.order('PC-1')?.status).toBe('canceled');
    expect(rig.unit('C-1')).toMatchObject({ status: 'missing', workflow: undefined });
    expect([rig.printed, rig.rows('workflow'), asked(rig)]).toEqual([[], [], 'wait -']);
  });
});

describe('what has been packed and is nowhere to be found', () => {
  test.each<[string, (rig: FlowRig) => Promise<unknown>]>([
    ['before it was closed', async () => {}],
    ['before it was handed over', (rig) => answer(rig, 'close')],
  ])('%s: it is looked for, and nobody says that it has left', async (_, before) => {
    const rig = await atPick(3);
    await scans(rig, 'C-1', gtin, 'C-1', 'T-1');
    await before(rig);
    await answer(rig, 'gone');
    expect(rig.unit('C-1')).toMatchObject({
      ...{ place: 'MISSING', status: 'missing', workflow: undefined, order: undefined },
      lines: [{ qty: 3 }],
    });
    expect(rig.asked).toEqual(['TAKEN_AWAY']);
    expect(rig.told()).toContain('C-1 lost PICK-01 > MISSING');
    expect([rig.rows('workflow'), asked(rig)]).toEqual([[], 'wait -']);
  });
});

describe('a tote that is full', () => {
  test('is followed by another one; each of them is closed by itself', async () => {
    const rig = await atPick(5);
    await scans(rig, 'C-1', gtin);
    expect(await answer(rig, 'full', { qty: 2 })).toMatchObject({ ok: true });
    expect(asked(rig)).toBe('scanTarget T-1');
    expect(await scan(rig, 'C-1')).toMatchObject({ ok: false });
    await scans(rig, 'C-2', gtin, 'C-2', 'T-1');
    expect([linesOf(rig, 'C-1'), linesOf(rig, 'C-2'), linesOf(rig, 'T-1')]).toEqual([
      ['2 A available'],
      ['3 A available'],
      ['5 A available'],
    ]);
    for (const tote of ['C-1', 'C-2']) {
      expect(rig.flow.books.station('PICK-01')).toMatchObject({ kind: 'closeTote', target: tote });
      await answer(rig, 'close');
    }
    for (const _ of ['C-1', 'C-2']) await answer(rig, 'ship');
    expect([rig.unit('C-1').status, rig.unit('C-2').status]).toEqual(['gone', 'gone']);
    expect(rig.rows('workflow')).toEqual([]);
  });

  test('before anything more goes into it, the next one is asked for at once', async () => {
    const rig = await atPick(5);
    await scans(rig, 'C-1');
    await answer(rig, 'full');
    await scans(rig, 'C-2', gtin, 'C-2');
    expect([linesOf(rig, 'C-1'), linesOf(rig, 'C-2')]).toEqual([[], ['5 A available']]);
  });

  test('where the host wanted one tote: the second one is any', async () => {
    const rig = await atPick(5, [['T-1', 10]], { target: { loadUnit: 'C-7' } });
    await scans(rig, 'C-7', gtin);
    await answer(rig, 'full', { qty: 1 });
    await scans(rig, 'C-8', gtin, 'C-8');
    expect([linesOf(rig, 'C-7'), linesOf(rig, 'C-8')]).toEqual([
      ['1 A available'],
      ['4 A available'],
    ]);
  });

  test('does not take more than was to go into it', async () => {
    const rig = await atPick(5);
    await scans(rig, 'C-1', gtin);
    expect(await answer(rig, 'full', { qty: 5 })).toMatchObject({ ok: false });
    expect(linesOf(rig, 'C-1')).toEqual([]);
  });
});
