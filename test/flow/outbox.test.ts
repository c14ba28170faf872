import { describe, expect, test } from 'vitest';
import type { HostId } from '../../src/domain/ids.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { whyPaused } from '../../src/flow/host-orders.ts';
import type { WorkParts } from '../../src/flow/work.ts';
import { announce, announced } from '../lib/flow-rig.ts';
import { orderFor, retrieves, stocked, stores } from '../lib/stories.ts';

const wms = 'wms' as HostId;

test('numbers have no gap over restarts and groups', async () => {
  const rig = await stocked(['T-1']);
  rig.restart();
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  rig.restart();
  retrieves(rig, 'T-1');
  expect(rig.events().map(({ sequence }) => sequence)).toEqual(rig.events().map((_, i) => i + 1));
  expect(new Set(rig.events().map(({ epoch }) => epoch))).toEqual(new Set([1]));
});

test('what was told is read back byte for byte', async () => {
  const rig = await stocked(['T-1']);
  const before = JSON.stringify(rig.events());
  expect(JSON.stringify(rig.restart().events())).toBe(before);
});

describe('the mark of a host', () => {
  test('only rises, and is there after a restart', async () => {
    const rig = await stocked(['T-1']);
    for (const mark of [2, 1, 3, 0]) await rig.acknowledge(mark);
    expect(rig.ledger.ackThrough(wms)).toBe(3);
    expect(rig.restart().ledger.ackThrough(wms)).toBe(3);
  });

  test('leaves what lies behind it as it is: an event stays until it is acknowledged', async () => {
    const rig = await stocked(['T-1']);
    await rig.acknowledge(2);
    expect(rig.events(3).map(({ sequence }) => sequence)).toEqual([3, 4]);
    expect(rig.flow.books.status().outbox).toMatchObject({ events: 2 });
  });

  test('may fall when the host was restored; its new orders wait for a person', async () => {
    const rig = await stocked(['T-1']);
    await rig.acknowledge(4, 1);
    await rig.acknowledge(2, 2);
    expect(rig.ledger.ackThrough(wms)).toBe(2);
    const order = orderFor('SO-1', 'T-1');
    const paused = await rig.command('order.create', order, { id: 'c1' });
    expect(paused.error).toMatchObject({ code: 'INTAKE_PAUSED', retryable: true });
    expect(await rig.command('order.query', {})).toMatchObject({ result: 'accepted' });
    await rig.resolve('HOST_RESTORED', 'release');
    expect(await rig.command('order.create', order, { id: 'c1' })).toMatchObject({
      result: 'accepted',
    });
  });

  test('of a time before the host was restored is not believed', async () => {
    const rig = await stocked(['T-1']);
    await rig.acknowledge(1, 2);
    await rig.acknowledge(4, 1);
    expect(rig.ledger.ackThrough(wms)).toBe(1);
    await rig.acknowledge(2, 2);
    expect([rig.ledger.ackThrough(wms), rig.asked]).toEqual([2, []]);
  });
});

describe('a mark beyond the last event', () => {
  test('says that these books are an old copy', async () => {
    const rig = await announced(['T-1']);
    await rig.acknowledge(99);
    expect(rig.ledger.ackThrough(wms)).toBe(0);
    expect(rig.questions()).toMatchObject([{ code: 'EVENTS_MISSING_HERE' }]);
  });

  test('stays so: neither new events nor a new start close the gap', async () => {
    const rig = await announced(['T-1']);
    await rig.acknowledge(4);
    for (const name of ['T-2', 'T-3', 'T-4']) await announce(rig, name);
    await rig.acknowledge(4);
    rig.restart();
    await rig.acknowledge(4);
    expect([rig.ledger.ackThrough(wms), rig.ledger.ahead(wms)]).toMatchObject([
      0,
      { through: 4, booksEnd: 1 },
    ]);
    expect(rig.flow.books.status()).toMatchObject({
      state: 'degraded',
      reasons: [{ code: 'EVENTS_HELD', detail: expect.stringContaining('only up to 1') }],
    });
  });

  test('keeps from being sent again what the books have numbered since', async () => {
    const rig = await announced(['T-1']);
    await rig.acknowledge(4);
    await announce(rig, 'T-2');
    const from = '0000000000000001';
    expect(await rig.command('event.resend', { from })).toMatchObject({ from, to: from });
    expect((await rig.command('event.resend', { from: '0000000000000002' })).error).toMatchObject({
      code: 'NOT_FOUND',
      detail: 'events 1 to 1 can be sent again',
    });
  });

  test('is believed again when the people of the host have set it back to what the books know', async () => {
    const rig = await announced(['T-1']);
    await rig.acknowledge(4);
    await announce(rig, 'T-2');
    await rig.acknowledge(1);
    expect(rig.ledger.ahead(wms)).toBeDefined();
    await rig.acknowledge(1, 1);
    expect([rig.ledger.ackThrough(wms), rig.ledger.ahead(wms)]).toEqual([1, undefined]);
    expect(rig.asked).toEqual(['HOST_RESTORED']);
  });
});

test('new orders wait while the disk of the ledger is nearly full', async () => {
  const { flow, topology } = await stocked(['T-1']);
  const why = (freeBytes: number | undefined) => {
    const equipment = new Equipment();
    equipment.noteFreeSpace(freeBytes);
    const parts = { topology, equipment } as WorkParts;
    return whyPaused({ warehouse: flow.warehouse, parts }, wms);
  };
  const mebibyte = 2 ** 20;
  expect(why(99 * mebibyte)).toBe('the disk of the ledger has 99 MiB left');
  expect(why(100 * mebibyte)).toBeUndefined();
  // A disk that does not say is not taken for a full one: a commit that fails will.
  expect(why(undefined)).toBeUndefined();
});

test('new orders wait when hosts have not stored what they are owed; movements are told all the same', async () => {
  const rig = await stocked(['T-1']);
  const { limits } = rig.flow.warehouse.topology.site;
  const last = limits.outboxMax * 0.9;
  rig.db.exec(
    `UPDATE counter SET value = ${last}, body = '{"name":"event","value":${last}}' WHERE name = 'event'`,
  );
  rig.restart();
  const reply = await rig.command('order.create', orderFor('SO-1', 'T-1'));
  expect(reply.error).toMatchObject({ code: 'INTAKE_PAUSED', retryable: true });
  expect(rig.flow.books.status()).toMatchObject({ intake: 'paused', outbox: { share: 0.9 } });
  await announce(rig, 'T-2');
  stores(rig, 'T-2');
  expect(rig.told().at(-1)).toContain('T-2 putaway');
});

describe('event.resend', () => {
  const seq = (n: number) => String(n).padStart(16, '0');
  test.each([
    [1, undefined, 4],
    [2, 3, 3],
    [2, 99, 4],
    [4, 4, 4],
  ])('from %s to %s', async (from, to, until) => {
    const rig = await stocked(['T-1']);
    const range = { from: seq(from), ...(to && { to: seq(to) }) };
    expect(await rig.command('event.resend', range)).toMatchObject({
      result: 'accepted',
      ...{ from: seq(from), to: seq(until) },
    });
  });

  test.each([0, 5])('number %s was never given out', async (from) => {
    const rig = await stocked(['T-1']);
    expect(await rig.command('event.resend', { from: seq(from) })).toMatchObject({
      error: { code: 'NOT_FOUND' },
    });
  });
});

test('a question is answered anew each time, and all that it asks is committed', async () => {
  const rig = await stocked(['T-1']);
  const ask = () => rig.command('stock.query', {}, { id: 'q' });
  expect((await ask()).stock).toMatchObject([
    { loadUnit: 'T-1', qty: 10, reachable: 10, reserved: 0 },
  ]);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  const reply = await ask();
  expect(reply).toMatchObject({ duplicate: false, stock: [{ reachable: 10, reserved: 10 }] });
  expect(reply.asOf).toBe('0000000000000006');
});
