import { describe, expect, test } from 'vitest';
import { announce, type FlowRig } from '../lib/flow-rig.ts';
import {
  asked,
  atPick,
  gtin,
  linesOf,
  pickOrder,
  scans,
  stockedWithArticles,
} from '../lib/station-run.ts';
import { first, stocked } from '../lib/stories.ts';

const adjust = (rig: FlowRig, more: object = {}) =>
  rig.command('stock.adjust', {
    ...{ loadUnit: 'T-1', sku: 'A', expectedQty: 10, qty: 8, reason: 'two damaged' },
    ...more,
  });
const block = (rig: FlowRig, what: object) =>
  rig.command('stock.block', { reason: 'recall', ...what });
const movements = (rig: FlowRig) =>
  rig.events().flatMap(({ name, data }) => (name === 'movement' ? [data] : []));

describe('stock.adjust', () => {
  test('the books follow, and every host is told the difference and why', async () => {
    const rig = await stocked(['T-1', 10]);
    expect(await adjust(rig)).toMatchObject({ result: 'accepted' });
    expect(linesOf(rig, 'T-1')).toEqual(['8 A available']);
    expect(movements(rig).at(-1)).toMatchObject({
      ...{ kind: 'adjusted', loadUnit: 'T-1', from: first, to: 'ADJUSTMENT', host: 'wms' },
      lines: [{ sku: 'A', qty: 2 }],
      reasons: [{ code: 'HOST', detail: 'two damaged' }],
    });
    await adjust(rig, { expectedQty: 8, qty: 9 });
    expect(movements(rig).at(-1)).toMatchObject({ from: 'ADJUSTMENT', to: first });
  });

  test('a host that believes something else is refused, and told what is booked', async () => {
    const rig = await stocked(['T-1', 10]);
    const reply = await adjust(rig, { expectedQty: 9 });
    expect(reply.error).toMatchObject({ code: 'PRECONDITION_FAILED', current: { qty: 10 } });
    expect(linesOf(rig, 'T-1')).toEqual(['10 A available']);
  });

  test('down to nothing the line is gone', async () => {
    const rig = await stocked(['T-1', 10]);
    await adjust(rig, { qty: 0 });
    expect(linesOf(rig, 'T-1')).toEqual([]);
  });

  test.each([
    [{ loadUnit: 'X-1' }, '/loadUnit'],
    [{ loadUnit: 'T-2' }, '/loadUnit'],
    [{ sku: 'X' }, '/sku'],
  ])('%j is not known, or not here', async (more, path) => {
    const rig = await stocked(['T-1', 10]);
    await announce(rig, 'T-2');
    const reply = await adjust(rig, more);
    expect(reply.error).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ path }] });
  });
});

describe('stock.block', () => {
  test('what is blocked is given to nobody until it is free again, and no quantity changes', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    await block(rig, { sku: 'A', stockStatus: 'blocked' });
    expect(linesOf(rig, 'T-1')).toEqual(['10 A blocked']);
    expect(movements(rig).at(-1)).toMatchObject({
      ...{ kind: 'adjusted', from: first, to: first },
      lines: [{ sku: 'A', qty: 10, stockStatus: 'blocked', fromStatus: 'available' }],
    });
    await rig.command('order.create', pickOrder('PK-1', 3));
    expect(rig.order('PK-1')).toMatchObject({ reasons: [{ code: 'STOCK_SHORT' }] });
    await block(rig, { loadUnit: 'T-1', stockStatus: 'available' });
    expect(rig.order('PK-1')?.status).toBe('active');
  });

  test('only the lot that is meant', async () => {
    const rig = await stocked(['T-1', 10]);
    await block(rig, { sku: 'A', lot: 'L9', stockStatus: 'blocked' });
    expect(linesOf(rig, 'T-1')).toEqual(['10 A available']);
  });

  test('what is announced comes in blocked', async () => {
    const rig = await stocked(['T-1', 10]);
    await announce(rig, 'T-2', 5);
    await block(rig, { sku: 'A', stockStatus: 'quality' });
    expect(linesOf(rig, 'T-2')).toEqual(['5 A quality']);
    expect(rig.told().at(-1)).toBe('T-2 statusChanged');
  });

  test('while it is being picked: nobody takes more of it', async () => {
    const rig = await atPick(3);
    await scans(rig, 'C-1', gtin);
    await block(rig, { sku: 'A', stockStatus: 'blocked' });
    expect([asked(rig), linesOf(rig, 'C-1')]).toEqual(['sendBack T-1', []]);
    expect(linesOf(rig, 'T-1')).toEqual(['10 A blocked']);
  });

  test('a locked cell gives nothing out until it is open', async () => {
    const rig = await stockedWithArticles(['T-1', 10]);
    await block(rig, { location: first, lock: 'out' });
    await rig.command('order.create', pickOrder('PK-1', 3));
    expect(rig.crane.command).toBeUndefined();
    await block(rig, { location: first, lock: 'none' });
    expect(rig.order('PK-1')?.status).toBe('active');
  });

  test('a cell that waits for a look is not opened from afar', async () => {
    const rig = await stocked(['T-1', 10]);
    await rig.command('order.create', {
      ...{ order: 'SO-1', kind: 'retrieval', station: 'PICK-01', loadUnit: 'T-1' },
    });
    rig.crane.answer();
    rig.crane.end('binEmpty', undefined);
    rig.settle();
    const reply = await block(rig, { location: first, lock: 'none' });
    expect(reply.error).toMatchObject({ code: 'CONFLICT' });
    expect(rig.flow.warehouse.tables.lock.has(first)).toBe(true);
  });

  test.each([
    [{ loadUnit: 'X-1', stockStatus: 'blocked' }, '/loadUnit'],
    [{ sku: 'X', stockStatus: 'blocked' }, '/sku'],
    [{ location: 'PICK-01', lock: 'in' }, '/location'],
  ])('%j is not known', async (what, path) => {
    const rig = await stocked(['T-1', 10]);
    const reply = await block(rig, what);
    expect(reply.error).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ path }] });
  });
});
