import { describe, expect, test } from 'vitest';
import { station } from '../lib/flow-rig.ts';
import {
  answer,
  asked,
  atPick,
  gtin,
  linesOf,
  pickOrder,
  scan,
  scans,
  stockedWithArticles,
} from '../lib/station-run.ts';
import { craneRuns, first, outfeeds, retrieves, stores } from '../lib/stories.ts';

test('articles go from the tote of the rack into that of the order, and the rest goes back', async () => {
  const rig = await stockedWithArticles(['T-1', 10]);
  const from = rig.ledger.lastSequence();
  await rig.command('order.create', pickOrder('PK-1', 3));
  retrieves(rig, 'T-1');
  await scans(rig, 'C-1', gtin, 'C-1', 'T-1');
  expect([linesOf(rig, 'T-1'), linesOf(rig, 'C-1')]).toEqual([
    ['7 A available'],
    ['3 A available'],
  ]);
  expect(rig.told().slice(from)).toEqual([
    'PK-1 queued',
    'PK-1 active',
    `T-1 retrieved ${first} > PICK-01`,
    'C-1 received OUTSIDE > PICK-01',
    'C-1 inducted',
    'PK-1 active',
    'T-1 picked PICK-01 > PICK-01',
    'PK-1 active',
    'PK-1 completed',
  ]);
  expect(rig.order('PK-1')).toMatchObject({ target: 'C-1', lines: [{ line: 1, qtyDone: 3 }] });
  stores(rig, 'T-1');
  expect([rig.unit('T-1').place, rig.unit('C-1').place]).toEqual([first, station]);
});

test('a movement says what was picked, from which load unit into which, and who did it', async () => {
  const rig = await atPick(3, [['T-1', 10, '2030-01-31']]);
  await scans(rig, 'C-1', 'A', 'C-1');
  const picked = rig.events().find(({ data }) => (data as { kind?: string }).kind === 'picked');
  expect(picked?.data).toMatchObject({
    ...{ loadUnit: 'T-1', toLoadUnit: 'C-1', from: 'PICK-01', to: 'PICK-01' },
    ...{ order: 'PK-1', host: 'wms', operator: 'op-1' },
    lines: [{ line: 1, sku: 'A', qty: 3, expiry: '2030-01-31' }],
  });
});

test('a quantity is gathered from as many load units as it needs, into one tote', async () => {
  const rig = await atPick(15, [
    ['T-1', 10],
    ['T-2', 10],
  ]);
  await scans(rig, 'C-1', gtin, 'C-1', 'T-1');
  expect(asked(rig)).toBe('wait -');
  retrieves(rig, 'T-2');
  expect(asked(rig)).toBe('scanArticle T-2');
  await scans(rig, gtin, 'C-1', 'T-2');
  expect([linesOf(rig, 'C-1'), linesOf(rig, 'T-1'), linesOf(rig, 'T-2')]).toEqual([
    ['15 A available'],
    [],
    ['5 A available'],
  ]);
  expect(rig.order('PK-1')?.status).toBe('completed');
});

test('an empty source may leave the warehouse instead of going back', async () => {
  const rig = await atPick(10);
  await scans(rig, 'C-1', gtin, 'C-1');
  expect(rig.flow.books.station('PICK-01')?.choices.map(({ choice }) => choice)).toEqual([
    'return',
    'ship',
    'gone',
  ]);
  await answer(rig, 'ship');
  expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
  expect(rig.told().at(-1)).toBe('T-1 shipped PICK-01 > OUTSIDE');
});

test('a source that still holds something cannot be sent away by mistake', async () => {
  const rig = await atPick(3);
  await scans(rig, 'C-1', gtin, 'C-1');
  expect(await answer(rig, 'ship')).toMatchObject({ ok: false, code: 'CONFLICT' });
  expect(asked(rig)).toBe('sendBack T-1');
});

describe('what is scanned is compared with what the step asks for', () => {
  test.each([
    ['an article of another number', '04012345123456'],
    ['the tote instead of the article', 'C-1'],
  ])('%s: it is said, and nothing is booked', async (_, code) => {
    const rig = await atPick(3);
    await scans(rig, 'C-1');
    expect(await scan(rig, code)).toMatchObject({ ok: false, code: 'CONFLICT' });
    expect([asked(rig), linesOf(rig, 'C-1')]).toEqual(['scanArticle T-1', []]);
    expect(rig.flow.books.station('PICK-01')?.last).toMatchObject({ verdict: 'wrong' });
    expect(rig.asked).toEqual([]);
  });

  test.each([
    ['an article', gtin, 'is an article'],
    ['a place', 'PICK-01', 'is a place'],
    ['the load unit that it takes from', 'T-1', 'not empty'],
    ['a load unit in the rack', 'T-2', 'not empty'],
    ['nothing that names a load unit', '#', 'malformed'],
  ])('%s cannot be the tote of an order', async (_, code, why) => {
    const rig = await atPick(3, [
      ['T-1', 10],
      ['T-2', 10],
    ]);
    const outcome = await scan(rig, code);
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringContaining(why) });
    expect(asked(rig)).toBe('scanTarget T-1');
  });

  test('where the host wants one tote, no other one is taken', async () => {
    const rig = await atPick(3, [['T-1', 10]], { target: { loadUnit: 'C-7' } });
    expect(await scan(rig, 'C-1')).toMatchObject({ ok: false });
    expect(await scan(rig, 'C-7')).toMatchObject({ ok: true });
  });

  test('a second scan of the same code by a nervous hand books nothing twice', async () => {
    const rig = await atPick(3);
    await scans(rig, 'C-1', gtin);
    await scan(rig, gtin);
    await scan(rig, 'C-1');
    await scan(rig, 'C-1');
    expect(linesOf(rig, 'C-1')).toEqual(['3 A available']);
  });

  test('the answer to a step that is over is refused', async () => {
    const rig = await atPick(3);
    await scans(rig, 'C-1');
    const { step = 0 } = rig.flow.books.station('PICK-01') ?? {};
    await scans(rig, gtin);
    expect(await answer(rig, 'done', { step })).toMatchObject({ ok: false });
    expect(linesOf(rig, 'C-1')).toEqual([]);
  });

  test('the scanner of the station and the page are one: either goes on where the other was', async () => {
    const rig = await atPick(3);
    await scans(rig, 'C-1');
    rig.read('scan-pick-1', gtin);
    expect(asked(rig)).toBe('putInto T-1');
    rig.read('scan-pick-1', 'CRANEWAY-DONE');
    expect(linesOf(rig, 'C-1')).toEqual(['3 A available']);
  });
});

describe('there are fewer than the books say', () => {
  test('what is left is counted, the hosts are told the loss, and the order looks elsewhere', async () => {
    const rig = await atPick(8, [
      ['T-1', 10],
      ['T-2', 10],
    ]);
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 5, reason: 'notThere' });
    expect(asked(rig)).toBe('countRest T-1');
    await answer(rig, 'counted', { qty: 0 });
    expect(rig.told()).toContain('T-1 counted PICK-01 > ADJUSTMENT');
    await scans(rig, 'T-1');
    expect(rig.order('PK-1')).toMatchObject({ status: 'active', lines: [{ qtyDone: 5 }] });
    retrieves(rig, 'T-2');
    await scans(rig, gtin, 'C-1', 'T-2');
    expect(rig.order('PK-1')).toMatchObject({ status: 'completed', lines: [{ qtyDone: 8 }] });
    expect(linesOf(rig, 'T-2')).toEqual(['7 A available']);
  });

  test('counted anew and there after all: they are asked for again', async () => {
    const rig = await atPick(8);
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 5, reason: 'notThere' });
    await answer(rig, 'counted', { qty: 5 });
    expect(rig.flow.books.station('PICK-01')).toMatchObject({ line: { qty: 3 } });
  });

  test('damaged: what is left is blocked, and not given to anybody', async () => {
    const rig = await atPick(8);
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 5, reason: 'damaged' });
    expect(linesOf(rig, 'T-1')).toEqual(['5 A blocked']);
    expect(asked(rig)).toBe('sendBack T-1');
  });

  test.each([
    [{}, 'Say how many'],
    [{ qty: 8, reason: 'notThere' }, 'Say how many'],
    [{ qty: -1, reason: 'notThere' }, 'Say how many'],
    [{ qty: 1 }, 'Say why'],
    [{ qty: 1, reason: 'lazy' }, 'Say why'],
  ])('%j is not enough to be short with', async (more, why) => {
    const rig = await atPick(8);
    await scans(rig, 'C-1', gtin);
    const outcome = await answer(rig, 'short', more);
    expect(outcome).toMatchObject({ ok: false, reason: expect.stringContaining(why) });
  });

  test('with partial the order ends with what there was', async () => {
    const rig = await atPick(8, [['T-1', 10]], { ifShort: 'partial' });
    await scans(rig, 'C-1', gtin);
    await answer(rig, 'short', { qty: 5, reason: 'damaged' });
    await scans(rig, 'T-1');
    expect(rig.order('PK-1')).toMatchObject({
      status: 'completed',
      lines: [{ qtyDone: 5, qtyShort: 3 }],
    });
  });
});

test('a host blocks what is left before it is counted: the count is booked all the same', async () => {
  const rig = await atPick(8);
  await scans(rig, 'C-1', gtin);
  await answer(rig, 'short', { qty: 5, reason: 'notThere' });
  const block = { loadUnit: 'T-1', stockStatus: 'blocked', reason: 'recall' };
  await rig.command('stock.block', block);
  expect(asked(rig)).toBe('countRest T-1');
  await answer(rig, 'counted', { qty: 2 });
  expect(linesOf(rig, 'T-1')).toEqual(['2 A blocked']);
  expect(asked(rig)).toBe('sendBack T-1');
});

test('something else lies in it: nobody takes anything more out of it, and the order gets another one', async () => {
  const rig = await atPick(8, [
    ['T-1', 10],
    ['T-2', 10],
  ]);
  await scans(rig, 'C-1');
  await answer(rig, 'wrongArticle');
  expect(rig.unit('T-1')).toMatchObject({ status: 'clarification', workflow: undefined });
  expect(rig.questions()).toMatchObject([{ code: 'WRONG_ARTICLE', loadUnit: 'T-1' }]);
  retrieves(rig, 'T-2');
  await scans(rig, gtin, 'C-1', 'T-2');
  expect(rig.order('PK-1')?.status).toBe('completed');
});

describe('canceled', () => {
  test('at the station: nothing more is taken, and the order ends when its source is gone', async () => {
    const rig = await atPick(8);
    await scans(rig, 'C-1', gtin);
    const reply = await rig.command('order.cancel', { order: 'PK-1' });
    expect(reply).toMatchObject({ result: 'accepted', status: 'canceling' });
    expect(asked(rig)).toBe('sendBack T-1');
    await scans(rig, 'T-1');
    expect([rig.order('PK-1')?.status, linesOf(rig, 'T-1')]).toEqual([
      'canceled',
      ['10 A available'],
    ]);
  });

  test('on the way: it comes, is scanned, and goes back untouched', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    await rig.command('order.create', pickOrder('PK-1', 3));
    craneRuns(rig);
    outfeeds(rig);
    await rig.command('order.cancel', { order: 'PK-1' });
    await scans(rig, 'T-1');
    expect(asked(rig)).toBe('sendBack T-1');
    await scans(rig, 'T-1');
    expect(rig.order('PK-1')?.status).toBe('canceled');
  });
});

test('a load unit that is being picked cannot be sent off behind the picker', async () => {
  const rig = await atPick(3);
  const act = { act: 'finish', station, loadUnit: 'T-1', how: 'ship' } as const;
  expect(await rig.operator(act)).toMatchObject({ ok: false });
  expect(rig.unit('T-1').place).toBe(station);
});

test('the station says what is to be done, since when, and what is still to come', async () => {
  const rig = await stockedWithArticles(['T-1', 10]);
  expect(rig.flow.books.station('PICK-01')).toMatchObject({ kind: 'wait', coming: 0 });
  await rig.command('order.create', pickOrder('PK-1', 3));
  expect(rig.flow.books.station('PICK-01')).toMatchObject({ kind: 'wait', coming: 1 });
  craneRuns(rig);
  outfeeds(rig);
  expect(rig.flow.books.station('PICK-01')).toMatchObject({
    ...{ kind: 'scanLoadUnit', order: 'PK-1', loadUnit: 'T-1', coming: 0 },
    expects: [{ scan: 'loadUnit', loadUnit: 'T-1' }],
  });
  await scans(rig, 'T-1', 'C-1');
  expect(rig.flow.books.station('PICK-01')).toMatchObject({
    ...{ kind: 'scanArticle', target: 'C-1', since: '1970-01-01T00:00:00.000Z' },
    line: { line: 1, sku: 'A', qty: 3 },
    last: { verdict: 'accepted', text: 'C-1 takes them.' },
  });
  expect(rig.flow.books.station('IN-01')).toBeUndefined();
});
