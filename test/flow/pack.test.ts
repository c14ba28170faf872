import { describe, expect, test } from 'vitest';
import { type FlowRig, station } from '../lib/flow-rig.ts';
import { answer, asked, atPick, gtin, linesOf, scan, scans } from '../lib/station-run.ts';

/** A tote C-1 with 3 pieces, complete. */
async function picked(): Promise<FlowRig> {
  const rig = await atPick(3);
  await scans(rig, 'C-1', gtin, 'C-1', 'T-1');
  return rig;
}
const pack = (rig: FlowRig, more: object = {}) =>
  rig.command('order.create', {
    ...{ order: 'PC-1', kind: 'pack', station: 'PICK-01', orders: ['PK-1'] },
    ...more,
  });

describe('the tote of a pick', () => {
  test('is closed and shipped where it was picked', async () => {
    const rig = await picked();
    expect(asked(rig)).toBe('closeTote -');
    await answer(rig, 'close');
    await answer(rig, 'ship');
    expect(rig.unit('C-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone', order: undefined });
    expect(rig.told().at(-1)).toBe('C-1 shipped PICK-01 > OUTSIDE');
    expect([rig.asked, rig.rows('workflow'), asked(rig)]).toEqual([[], [], 'wait -']);
  });

  test('may stay as it is, and is free for others', async () => {
    const rig = await picked();
    await answer(rig, 'keep');
    expect(rig.unit('C-1')).toMatchObject({ place: station, order: undefined });
  });

  test('of a canceled order: a person says what becomes of what is in it', async () => {
    const rig = await atPick(15);
    await scans(rig, 'C-1', gtin, 'C-1');
    await rig.command('order.cancel', { order: 'PK-1' });
    await scans(rig, 'T-1');
    expect(rig.order('PK-1')).toMatchObject({ status: 'canceled', lines: [{ qtyDone: 10 }] });
    expect(rig.flow.books.station('PICK-01')).toMatchObject({
      kind: 'closeTote',
      instruction: 'PK-1 was canceled: say what becomes of C-1.',
    });
  });

  test('that is empty is free again, and nobody is asked', async () => {
    const rig = await atPick(8);
    await scans(rig, 'C-1');
    await rig.command('order.cancel', { order: 'PK-1' });
    await scans(rig, 'T-1');
    expect([rig.order('PK-1')?.status, asked(rig)]).toEqual(['canceled', 'wait -']);
    expect([rig.unit('C-1').order, rig.unit('C-1').workflow]).toEqual([undefined, undefined]);
  });
});

describe('a pack order', () => {
  test('waits for its pick, packs all of it into a carton, and ends with that', async () => {
    const rig = await atPick(3);
    await scans(rig, 'C-1', gtin, 'C-1');
    await pack(rig);
    expect(rig.order('PC-1')).toMatchObject({ reasons: [{ detail: 'PK-1 is not picked yet' }] });
    await scans(rig, 'T-1');
    expect(asked(rig)).toBe('scanSource C-1');
    await scans(rig, 'C-1', 'B-1', 'B-1');
    await answer(rig, 'ship');
    expect(rig.order('PC-1')).toMatchObject({ status: 'completed', target: 'B-1' });
    const told = rig.told();
    expect(told).toContain('C-1 packed PICK-01 > PICK-01');
    expect(told.slice(-2)).toEqual(['B-1 shipped PICK-01 > OUTSIDE', 'PC-1 completed']);
    expect([linesOf(rig, 'C-1'), linesOf(rig, 'B-1')]).toEqual([[], ['3 A available']]);
  });

  test('one tote may be shipped as it is', async () => {
    const rig = await atPick(3);
    await scans(rig, 'C-1', gtin, 'C-1');
    await pack(rig);
    await scans(rig, 'T-1', 'C-1');
    await answer(rig, 'same');
    await answer(rig, 'ship');
    expect(rig.unit('C-1').place).toBe('OUTSIDE');
    expect(rig.told().some((line) => line.includes('packed'))).toBe(false);
  });

  test('canceled while it packs: what is packed is packed, the rest stays', async () => {
    const rig = await picked();
    await answer(rig, 'keep');
    await pack(rig);
    await scans(rig, 'C-1');
    expect(await rig.command('order.cancel', { order: 'PC-1' })).toMatchObject({
      status: 'canceling',
    });
    expect(rig.order('PC-1')?.status).toBe('canceled');
    expect([rig.unit('C-1').order, rig.unit('C-1').workflow]).toEqual([undefined, undefined]);
  });

  test('a carton that is not empty is refused', async () => {
    const rig = await picked();
    await answer(rig, 'keep');
    await pack(rig);
    await scans(rig, 'C-1');
    expect(await scan(rig, 'C-1')).toMatchObject({ ok: false });
  });

  test.each([
    [{ orders: ['PK-9'] }, '/orders/0'],
    [{ orders: undefined, loadUnits: ['X-1'] }, '/loadUnits/0'],
    [{ target: { loadUnitType: 'BOX' } }, '/target/loadUnitType'],
  ])('%j is not known', async (more, path) => {
    const rig = await picked();
    const reply = await pack(rig, more);
    expect(reply.error).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ path }] });
  });

  test('what is in the rack has to be ordered out first: it waits, and says so', async () => {
    const rig = await atPick(3, [
      ['T-1', 10],
      ['T-2', 5],
    ]);
    await pack(rig, { orders: undefined, loadUnits: ['T-2'] });
    expect(rig.order('PC-1')?.reasons?.[0]?.detail).toContain('order it to a station first');
  });
});
