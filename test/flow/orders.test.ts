import { describe, expect, test } from 'vitest';
import type { HostId } from '../../src/domain/ids.ts';
import {
  craneRuns,
  first,
  lhd,
  orderFor,
  outfeeds,
  pdOut,
  retrieves,
  second,
  stocked,
} from '../lib/stories.ts';

const cancel = { order: 'SO-1' };

/** A site with one tote, which is ordered. */
async function ordered(more: object = {}) {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1', more));
  return rig;
}

describe('cancel before anything moves', () => {
  test('an unknown order: the late create finds its tombstone, also after a restart', async () => {
    const rig = await stocked(['T-1']);
    const reply = await rig.command('order.cancel', cancel);
    expect(reply).toMatchObject({ result: 'accepted', known: false });
    const late = await rig.restart().command('order.create', orderFor('SO-1', 'T-1'));
    expect(late).toMatchObject({ result: 'refused', order: 'SO-1', error: { code: 'CANCELED' } });
    expect(rig.order('SO-1')).toBeUndefined();
  });

  test('the tombstone of one host does not bury the order of another', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.cancel', cancel, { host: 'erp' as HostId });
    expect(await rig.command('order.create', orderFor('SO-1', 'T-1'))).toMatchObject({
      result: 'accepted',
    });
  });

  test.each<[string, object]>([
    ['held', { hold: true }],
    ['queued', { notBefore: '1980-01-01T00:00:00Z' }],
  ])('%s: canceled at once', async (_, more) => {
    const rig = await ordered(more);
    expect(await rig.command('order.cancel', cancel)).toMatchObject({ status: 'canceled' });
    expect([rig.unit('T-1').order, rig.crane.commands.length]).toEqual([undefined, 1]);
  });

  test('before the crane has answered: canceled when the crane says that it never ran', async () => {
    const rig = await ordered();
    expect(await rig.command('order.cancel', cancel)).toMatchObject({ status: 'canceling' });
    expect(rig.crane.command).toMatchObject({ command: 'cancel', missionId: 2, seq: 3 });
    rig.crane.answer('missionUnknown');
    rig.settle();
    expect(rig.order('SO-1')?.status).toBe('canceled');
    expect(rig.unit('T-1')).toMatchObject({ place: first, order: undefined, workflow: undefined });
  });
});

describe('cancel on the way', () => {
  test('on the crane: it is put back into a cell, then it is canceled', async () => {
    const rig = await ordered();
    rig.crane.answer();
    rig.crane.pick();
    rig.settle();
    await rig.command('order.cancel', cancel);
    rig.crane.answer();
    rig.crane.end('cancelled', lhd);
    rig.settle();
    expect(rig.order('SO-1')?.status).toBe('canceling');
    expect(rig.crane.command).toMatchObject({ command: 'deposit', to: first });
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe(first);
    expect(rig.told().slice(-2)).toEqual(['SO-1 canceling', 'SO-1 canceled']);
  });

  test('put back into another cell: the hosts are told before the order is canceled', async () => {
    const rig = await ordered();
    rig.crane.answer();
    rig.crane.pick();
    rig.settle();
    await rig.command('order.cancel', cancel);
    rig.crane.answer();
    rig.crane.end('cancelled', lhd);
    rig.settle();
    rig.crane.answer();
    rig.crane.end('binFull', lhd);
    rig.settle();
    craneRuns(rig);
    expect(rig.told().slice(-2)).toEqual([`T-1 relocated ${first} > ${second}`, 'SO-1 canceled']);
  });

  test('too late for the crane: it comes, and the order is completed', async () => {
    const rig = await ordered();
    rig.crane.answer();
    rig.crane.pick();
    rig.settle();
    await rig.command('order.cancel', cancel);
    rig.crane.answer('tooLate');
    rig.crane.end('done', pdOut);
    outfeeds(rig.settle());
    rig.read('scan-pick-1', 'T-1');
    expect(rig.order('SO-1')?.status).toBe('completed');
  });
});

describe('cancel afterwards', () => {
  test('ended: too late, and the reply says how it ended', async () => {
    const rig = await ordered();
    retrieves(rig, 'T-1');
    expect(await rig.command('order.cancel', cancel)).toMatchObject({
      result: 'refused',
      status: 'completed',
      error: { code: 'TOO_LATE', current: { order: 'SO-1', status: 'completed' } },
    });
  });

  test('canceled again: accepted', async () => {
    const rig = await ordered({ hold: true });
    await rig.command('order.cancel', cancel);
    const again = await rig.command('order.cancel', cancel);
    expect(again).toMatchObject({ result: 'accepted', status: 'canceled' });
  });

  test('an order of another host is not known', async () => {
    const rig = await ordered();
    const reply = await rig.command('order.cancel', cancel, { host: 'erp' as HostId });
    expect(reply).toMatchObject({ error: { code: 'NOT_FOUND' } });
  });
});

describe('update', () => {
  test('hold and release', async () => {
    const rig = await ordered({ hold: true });
    expect(rig.order('SO-1')).toMatchObject({ status: 'held', reasons: [{ code: 'HELD' }] });
    await rig.command('order.update', { order: 'SO-1', hold: false });
    expect(rig.order('SO-1')).toMatchObject({ status: 'active', reasons: undefined });
  });

  test('every change raises the revision, and the reply has the newest', async () => {
    const rig = await ordered({ hold: true });
    const reply = await rig.command('order.update', { order: 'SO-1', priority: 9 });
    expect(reply.revision).toBe(2);
    expect(rig.order('SO-1')?.revision).toBe(2);
    const told = rig
      .events()
      .flatMap(({ name, data }) =>
        name === 'order' ? [(data as { revision: number }).revision] : [],
      );
    expect(told).toEqual([1, 2]);
  });

  test('the station is changed while nothing is under way, and refused afterwards', async () => {
    const rig = await ordered({ hold: true });
    const nowhere = await rig.command('order.update', { order: 'SO-1', station: 'PICK-09' });
    expect(nowhere).toMatchObject({ error: { code: 'UNKNOWN_REFERENCE' } });
    const same = { order: 'SO-1', station: 'PICK-01', hold: false };
    expect(await rig.command('order.update', same)).toMatchObject({ result: 'accepted' });
    expect(await rig.command('order.update', { order: 'SO-1', station: 'PICK-09' })).toMatchObject({
      result: 'refused',
    });
  });

  test('a higher priority hurries what waits for its crane already', async () => {
    const rig = await stocked(['T-1'], ['T-2'], ['T-3']);
    for (const no of [1, 2, 3]) await rig.command('order.create', orderFor(`SO-${no}`, `T-${no}`));
    const dueAt = '1970-01-01T02:00:00Z';
    await rig.command('order.update', { order: 'SO-3', priority: 9, dueAt });
    const [request] = [...rig.flow.warehouse.tables.request.values()].filter(
      ({ loadUnit }) => loadUnit === 'T-3',
    );
    expect(request).toMatchObject({ priority: 9, dueAtMs: 7_200_000 });
    craneRuns(rig);
    expect(rig.crane.command).toMatchObject({ command: 'transfer', from: rig.unit('T-3').place });
  });

  test('an order that waits for a person keeps its reasons', async () => {
    const rig = await ordered();
    rig.crane.answer();
    rig.crane.end('binEmpty', undefined);
    rig.settle();
    expect(rig.order('SO-1')).toMatchObject({ status: 'needsOperator' });
    await rig.command('order.update', { order: 'SO-1', priority: 9 });
    expect(rig.order('SO-1')).toMatchObject({ reasons: [{ code: 'LOAD_UNIT_MISSING' }] });
  });

  test('ended: too late', async () => {
    const rig = await ordered({ hold: true });
    await rig.command('order.cancel', cancel);
    expect(await rig.command('order.update', { order: 'SO-1', priority: 9 })).toMatchObject({
      error: { code: 'TOO_LATE' },
    });
  });
});

describe('a person decides about an order that is stuck', () => {
  async function stuck() {
    const rig = await ordered();
    rig.crane.answer();
    rig.crane.end('binEmpty', undefined);
    return rig.settle();
  }

  test('it is tried again once the load unit was found', async () => {
    const rig = await stuck();
    await rig.resolve('BIN_EMPTY', 'found', second);
    await rig.resolve('ORDER_STUCK', 'retry');
    expect(rig.order('SO-1')?.status).toBe('active');
    expect(rig.crane.command).toMatchObject({ from: second });
  });

  test('it fails', async () => {
    const rig = await stuck();
    await rig.resolve('ORDER_STUCK', 'fail');
    expect(rig.order('SO-1')?.status).toBe('failed');
  });

  test('its host cancels it: there is nothing to decide any more', async () => {
    const rig = await stuck();
    await rig.command('order.cancel', cancel);
    expect([rig.order('SO-1')?.status, rig.questions('ORDER_STUCK')]).toEqual(['canceled', []]);
  });

  test('two orders that are stuck are two questions', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    for (const no of [1, 2]) await rig.command('order.create', orderFor(`SO-${no}`, `T-${no}`));
    for (const _ of [1, 2]) {
      rig.crane.answer();
      rig.crane.end('binEmpty', undefined);
      rig.settle();
    }
    expect(rig.questions('ORDER_STUCK').map(({ order }) => order)).toEqual(['SO-1', 'SO-2']);
  });
});

describe('a wave', () => {
  const wave = { wave: 'W-1', hold: true };

  /** Two orders of a wave, on hold, and one beside it. */
  async function waves() {
    const rig = await stocked(['T-1'], ['T-2'], ['T-3']);
    await rig.command('order.create', orderFor('SO-1', 'T-1', wave));
    await rig.command('order.create', orderFor('SO-2', 'T-2', wave));
    await rig.command('order.create', orderFor('SO-3', 'T-3', { hold: true }));
    return rig;
  }
  const statuses = (rig: Awaited<ReturnType<typeof waves>>) =>
    ['SO-1', 'SO-2', 'SO-3'].map((order) => rig.order(order)?.status);

  test('is released together, and the reply tells of each of its orders', async () => {
    const rig = await waves();
    const reply = await rig.command('order.update', { wave: 'W-1', hold: false, priority: 9 });
    expect(reply.orders).toMatchObject([{ order: 'SO-1', wave: 'W-1' }, { order: 'SO-2' }]);
    expect(statuses(rig)).toEqual(['active', 'active', 'held']);
  });

  test('is canceled together', async () => {
    const rig = await waves();
    expect(await rig.command('order.cancel', { wave: 'W-1' })).toMatchObject({
      result: 'accepted',
      orders: [{ status: 'canceled' }, { status: 'canceled' }],
    });
    expect(statuses(rig)).toEqual(['canceled', 'canceled', 'held']);
  });

  test('is changed whole or not at all', async () => {
    const rig = await waves();
    await rig.command('order.update', { order: 'SO-2', hold: false });
    const change = { wave: 'W-1', station: 'PICK-09', priority: 9 };
    expect(await rig.command('order.update', change)).toMatchObject({ result: 'refused' });
    expect([rig.order('SO-1')?.revision, rig.order('SO-3')?.revision]).toEqual([1, 1]);
  });

  test.each([[{ wave: 'W-9' }], [{ wave: 'W-1', order: 'SO-1' }], [{}]])(
    '%j names no orders',
    async (which) => {
      const rig = await waves();
      for (const name of ['order.update', 'order.cancel'] as const) {
        expect(await rig.command(name, which)).toMatchObject({ result: 'refused' });
      }
      expect(statuses(rig)).toEqual(['held', 'held', 'held']);
    },
  );
});
