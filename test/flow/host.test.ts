import { describe, expect, test } from 'vitest';
import type { HostId } from '../../src/domain/ids.ts';
import { announce, announced, ssccOf } from '../lib/flow-rig.ts';
import { first, orderFor, retrieves, stocked, stores } from '../lib/stories.ts';

const erp = { host: 'erp' as HostId };

describe('the same message again', () => {
  test('same id, same content: the same reply, no second effect', async () => {
    const rig = await stocked(['T-1']);
    const order = orderFor('SO-1', 'T-1');
    const once = await rig.command('order.create', order, { id: 'c1' });
    const last = rig.ledger.lastSequence();
    retrieves(rig, 'T-1');
    const moved = { ...order };
    const again = await rig.command('order.create', moved, { id: 'c1' });
    expect(again).toEqual({ ...once, duplicate: true });
    expect(
      rig
        .told()
        .slice(last)
        .filter((line) => line === 'SO-1 queued'),
    ).toEqual([]);
  });

  test('in one group with the first, and after a restart', async () => {
    const rig = await stocked(['T-1']);
    const both = [1, 2].map(() =>
      rig.command('order.create', orderFor('SO-1', 'T-1'), { id: 'c' }),
    );
    expect((await Promise.all(both)).map(({ duplicate }) => duplicate)).toEqual([false, true]);
    rig.restart();
    const third = await rig.command('order.create', orderFor('SO-1', 'T-1'), { id: 'c' });
    expect(third).toMatchObject({ result: 'accepted', duplicate: true, revision: 1 });
  });

  test('same id, other content: refused, and the first one stands', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'), { id: 'c1' });
    const other = await rig.command('order.create', orderFor('SO-1', 'T-2'), { id: 'c1' });
    expect(other).toMatchObject({ result: 'refused', error: { code: 'ID_REUSED' } });
    const same = await rig.command('order.create', orderFor('SO-1', 'T-1'), { id: 'c1' });
    expect(same).toMatchObject({ result: 'accepted', duplicate: true });
  });

  test('new id, same order and content: accepted with what it is today', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    retrieves(rig, 'T-1');
    const reply = await rig.command('order.create', orderFor('SO-1', 'T-1'));
    expect(reply).toMatchObject({ result: 'accepted', duplicate: true, status: 'completed' });
    expect(rig.rows('transport_order')).toHaveLength(1);
  });

  test.each<[string, object, object]>([
    ['other content', { priority: 9 }, {}],
    ['another host', {}, erp],
  ])('new id, same order, %s: conflict', async (_, more, from) => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    const reply = await rig.command('order.create', orderFor('SO-1', 'T-1', more), from);
    expect(reply).toMatchObject({ result: 'refused', error: { code: 'CONFLICT' } });
  });

  test('two hosts may use the same id', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'), { id: 'c1' });
    const reply = await rig.command('order.create', orderFor('SO-2', 'T-2'), { id: 'c1', ...erp });
    expect(reply).toMatchObject({ result: 'accepted', duplicate: false });
  });
});

describe('what is refused', () => {
  test('is remembered under its id, and does not use up the order', async () => {
    const rig = await announced(['T-1']);
    const unknown = orderFor('SO-1', 'T-9');
    const refusal = await rig.command('order.create', unknown, { id: 'c1' });
    expect(refusal).toMatchObject({
      error: { code: 'UNKNOWN_REFERENCE', errors: [{ path: '/loadUnit' }] },
    });
    await announce(rig, 'T-9');
    expect(await rig.command('order.create', unknown, { id: 'c1' })).toEqual({
      ...refusal,
      duplicate: true,
    });
    expect(await rig.command('order.create', unknown, { id: 'c2' })).toMatchObject({
      result: 'accepted',
      duplicate: false,
    });
  });

  test('for a reason that passes is decided anew', async () => {
    const rig = await stocked(['T-1']);
    for (const no of [1, 2, 3, 4, 5]) {
      await rig.command('order.create', orderFor(`SO-${no}`, 'T-1'));
    }
    const reply = await rig.command('order.create', orderFor('SO-6', 'T-1'), { id: 'c6' });
    expect(reply.error).toMatchObject({ code: 'LIMIT_REACHED', retryable: true });
    await rig.command('order.cancel', { order: 'SO-5' });
    const again = await rig.command('order.create', orderFor('SO-6', 'T-1'), { id: 'c6' });
    expect(again).toMatchObject({ result: 'accepted', duplicate: false });
  });

  test('the schema names the field, and nothing is taken of the rest', async () => {
    const rig = await announced();
    const skus = [{ sku: 'B', unit: 'pcs' }, { sku: 'C' }];
    const reply = await rig.command('sku.put', { skus });
    expect(reply.error).toMatchObject({ code: 'INVALID', errors: [{ path: '/skus/1/unit' }] });
    expect(rig.flow.warehouse.tables.sku.has('B' as never)).toBe(false);
  });

  test('a station that is none', async () => {
    const rig = await announced(['T-1']);
    const reply = await rig.command('order.create', orderFor('SO-1', 'T-1', { station: 'IN-01' }));
    expect(reply.error).toMatchObject({
      code: 'UNKNOWN_REFERENCE',
      errors: [{ path: '/station' }],
    });
  });
});

describe('retained and expired', () => {
  test('a retained command with a new id is refused and not remembered', async () => {
    const rig = await stocked(['T-1']);
    const order = orderFor('SO-1', 'T-1');
    const reply = await rig.command('order.create', order, { id: 'c1', retained: true });
    expect(reply).toMatchObject({ error: { code: 'RETAINED' } });
    expect(await rig.command('order.create', order, { id: 'c1' })).toMatchObject({
      result: 'accepted',
    });
    const again = await rig.command('order.create', order, { id: 'c1', retained: true });
    expect(again).toMatchObject({ result: 'accepted', duplicate: true });
  });

  test('a command is too late after its expirytime, and in time at it', async () => {
    const rig = await stocked(['T-1']);
    rig.advance(10_000);
    const nowMs = rig.clock.nowMs();
    const late = { expiresAtMs: nowMs - 1 };
    const reply = await rig.command('order.create', orderFor('SO-1', 'T-1'), late);
    expect(reply).toMatchObject({ error: { code: 'EXPIRED' } });
    const inTime = { expiresAtMs: nowMs };
    expect(await rig.command('order.create', orderFor('SO-1', 'T-1'), inTime)).toMatchObject({
      result: 'accepted',
    });
  });

  test('an order that was accepted never expires', async () => {
    const rig = await announced(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'), { expiresAtMs: 1 });
    rig.advance(1_000_000);
    stores(rig, 'T-1');
    expect(rig.order('SO-1')?.status).toBe('active');
  });
});

describe('advance notice', () => {
  const notice = (more: object) => ({ loadUnits: [{ loadUnitType: 'TOTE-600', ...more }] });

  test('can be changed until the load unit is received, then it is too late', async () => {
    const rig = await announced(['T-1', 10]);
    await announce(rig, 'T-1', 12);
    expect(rig.unit('T-1').lines).toMatchObject([{ qty: 12 }]);
    stores(rig, 'T-1');
    expect(await announce(rig, 'T-1', 14)).toMatchObject({
      error: { code: 'TOO_LATE', current: { status: 'present', location: first } },
    });
    expect(rig.unit('T-1').lines).toMatchObject([{ qty: 12 }]);
  });

  test('is taken whole or refused whole', async () => {
    const rig = await announced();
    const loadUnits = [
      { lpn: 'T-1', loadUnitType: 'TOTE-600' },
      { lpn: 'T-2', loadUnitType: 'PALLET' },
    ];
    const reply = await rig.command('loadUnit.announce', { loadUnits });
    expect(reply.error).toMatchObject({
      code: 'UNKNOWN_REFERENCE',
      errors: [{ path: '/loadUnits/1/loadUnitType' }],
    });
    expect(rig.rows('load_unit')).toEqual([]);
  });

  test.each([
    ['one name', { lpn: 'T-1' }, { lpn: 'T-1' }, 'T-1'],
    [
      'one SSCC',
      { lpn: 'T-1', sscc: ssccOf('T-7') },
      { lpn: 'T-2', sscc: ssccOf('T-7') },
      ssccOf('T-7'),
    ],
    [
      'one SSCC, once as its only name',
      { sscc: ssccOf('T-7') },
      { lpn: 'T-2', sscc: ssccOf('T-7') },
      ssccOf('T-7'),
    ],
  ])('two load units with %s in one notice: none is taken in', async (_, one, other, name) => {
    const rig = await announced();
    const loadUnits = [one, other].map((names) => ({ ...names, loadUnitType: 'TOTE-600' }));
    expect(await rig.command('loadUnit.announce', { loadUnits })).toMatchObject({
      error: {
        code: 'INVALID',
        errors: [{ path: '/loadUnits/1', message: `${name} is named at /loadUnits/0 already` }],
      },
    });
    expect(rig.told()).toEqual([]);
  });

  test('what is withdrawn is no longer expected, and can be announced again', async () => {
    const rig = await announced(['T-1']);
    await rig.command('loadUnit.announce', notice({ lpn: 'T-1', withdraw: true }));
    expect(rig.unit('T-1').status).toBe('gone');
    await announce(rig, 'T-1');
    expect(rig.told()).toEqual(['T-1 announced', 'T-1 withdrawn', 'T-1 announced']);
  });

  test('one SSCC belongs to one load unit', async () => {
    const rig = await stocked(['T-1']);
    const reply = await rig.command(
      'loadUnit.announce',
      notice({ lpn: 'T-2', sscc: ssccOf('T-1') }),
    );
    expect(reply.error).toMatchObject({ code: 'CONFLICT' });
    await announce(rig, 'T-3');
    const stolen = notice({ lpn: 'T-3', sscc: ssccOf('T-1') });
    expect(await rig.command('loadUnit.announce', stolen)).toMatchObject({
      error: { code: 'CONFLICT' },
    });
    expect(rig.unit('T-1').sscc).toBe(ssccOf('T-1'));
  });
});
