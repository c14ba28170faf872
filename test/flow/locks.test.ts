import { describe, expect, test } from 'vitest';
import { Topology } from '../../src/domain/topology.ts';
import { at, demoSite, id } from '../lib/demo.ts';
import { announce, announced, FlowRig } from '../lib/flow-rig.ts';
import { loopSite } from '../lib/loop-site.ts';
import { NetworkRig } from '../lib/network-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  orderFor,
  outfeeds,
  second,
  stocked,
  third,
  toPd,
} from '../lib/stories.ts';

type Rig = FlowRig | NetworkRig;
const set = (rig: Rig, part: string, lock: 'in' | 'out' | 'both' | 'none', reason = 'sprinkler') =>
  rig.operator({ act: 'lock', part, lock, reason });
const why = (rig: Rig, subject: string) => rig.flow.books.why(subject).map(({ text }) => text);
const wants = (rig: FlowRig, order: string, what: string | number) =>
  rig.command('order.create', orderFor(order, what));

describe('what nothing may be taken out of', () => {
  test.each(['A01', first, 'A01-L', 'A01-LR-1'])(
    'an order for what is in %s waits and says which lock, until it is unlocked, also over a restart',
    async (part) => {
      const rig = await stocked(['T-1', 10]);
      await set(rig, part, 'out');
      await wants(rig, 'SO-1', 'T-1');
      expect(rig.crane.command).toBeUndefined();
      rig.restart();
      expect(rig.order('SO-1')).toMatchObject({
        status: 'queued',
        reasons: [{ code: 'LOCKED', detail: expect.stringContaining('by op-1: sprinkler') }],
      });
      expect(why(rig, 'T-1')[0]).toMatch(/^Now: A01.* is locked \(out\) by op-1: sprinkler\.$/);
      await set(rig, part, 'none', 'mended');
      expect(rig.order('SO-1')?.status).toBe('active');
      craneRuns(rig);
      expect(rig.asked).toEqual([]);
    },
  );

  test('an order for a quantity gets another load unit', async () => {
    const rig = await stocked(['T-1', 10], ['T-2', 10]);
    await set(rig, first, 'out');
    await wants(rig, 'SO-1', 10);
    expect(rig.crane.command).toMatchObject({ from: second });
    expect(why(rig, 'SO-1').join(' ')).toContain('sprinkler');
  });

  test('what the crane has been sent for is brought, and nothing else', async () => {
    const rig = await stocked(['T-1', 10], ['T-2', 10]);
    await wants(rig, 'SO-1', 'T-1');
    expect(rig.crane.command).toMatchObject({ from: first });
    await wants(rig, 'SO-2', 'T-2');
    const { ok } = await set(rig, 'A01', 'out');
    expect(ok).toBe(true);
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe('A01-PD-OUT');
    expect(rig.crane.command).toBeUndefined();
    expect(rig.order('SO-2')).toMatchObject({ status: 'queued', reasons: [{ code: 'LOCKED' }] });
    await set(rig, 'A01', 'none');
    outfeeds(rig);
    expect(rig.crane.command).toMatchObject({ from: second });
    expect(rig.asked).toEqual([]);
  });

  test('what waits for the crane is taken back, and its order gets what is not locked', async () => {
    const rig = await stocked(['T-1', 10], ['T-2', 10], ['T-3', 10]);
    await wants(rig, 'SO-1', 'T-3');
    await wants(rig, 'SO-2', 10);
    expect(rig.unit('T-1').order).toBe('SO-2');
    const outcome = await set(rig, first, 'out');
    expect(outcome).toMatchObject({ text: expect.stringContaining('1 that were to be fetched') });
    expect([rig.unit('T-1').order, rig.unit('T-2').order]).toEqual([undefined, 'SO-2']);
  });

  test('it does not count as reachable', async () => {
    const rig = await stocked(['T-1', 10]);
    const line = () => rig.flow.books.stock({ by: 'sku', limit: 10 }).items[0];
    expect(line()).toMatchObject({ qty: 10, reachable: 10 });
    await set(rig, 'A01', 'out');
    expect(line()).toMatchObject({ qty: 10, reachable: 0 });
  });
});

describe('what nothing may be put into', () => {
  test('a putaway that waits for the crane gets another cell', async () => {
    const rig = await announced(['T-1'], ['T-2']);
    toPd(rig, inducts(rig, 'T-1'));
    toPd(rig, inducts(rig, 'T-2'));
    await set(rig, 'A01-LR-1', 'in');
    craneRuns(rig);
    expect(rig.unit('T-1').place).toBe(first);
    craneRuns(rig);
    expect(rig.unit('T-2').place).toMatch(/^A01-[LR]-002-/);
    expect(why(rig, 'T-2').join(' ')).toContain('A01-LR-001 by op-1: sprinkler');
  });

  test('what waits for the crane is not stored while its aisle is locked, and what the crane has been sent for is', async () => {
    const rig = await announced(['T-1'], ['T-2']);
    toPd(rig, inducts(rig, 'T-1'));
    toPd(rig, inducts(rig, 'T-2'));
    await set(rig, 'A01', 'in');
    craneRuns(rig);
    expect([rig.unit('T-1').place, rig.crane.command]).toEqual([first, undefined]);
    expect(rig.asked).toEqual(['NO_LOCATION']);
    await set(rig, 'A01', 'none');
    rig.advance(30_000);
    craneRuns(rig);
    expect([rig.unit('T-2').place, rig.asked]).toEqual([third, []]);
  });

  test('with its whole aisle locked it waits at the P&D station, with a person, and goes on when that is unlocked', async () => {
    const rig = await announced(['T-1']);
    const scan = inducts(rig, 'T-1');
    await set(rig, 'A01', 'in');
    toPd(rig, scan);
    expect(rig.crane.command).toBeUndefined();
    expect(rig.asked).toEqual(['NO_LOCATION']);
    await set(rig, 'A01', 'none');
    rig.advance(30_000);
    craneRuns(rig);
    expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
  });

  test('at the infeed it is sent to people at once, and why is told', async () => {
    const rig = await announced(['T-1']);
    await set(rig, 'A01', 'in');
    inducts(rig, 'T-1');
    expect(why(rig, 'T-1').join(' ')).toContain('A01 is locked (in) by op-1: sprinkler');
    expect(rig.flow.warehouse.reservedFor(id('T-1'))).toEqual([]);
  });
});

describe('who may lock what', () => {
  test('a host locks aisles and ranges, and does not unlock what a person has locked', async () => {
    const rig = await stocked(['T-1', 10]);
    const block = (lock: string) =>
      rig.command('stock.block', { location: 'A01', lock, reason: 'recall' });
    await block('out');
    expect(rig.flow.books.locks()).toMatchObject([
      { part: 'A01', kind: 'aisle', lock: 'out', by: 'host/wms', reason: 'recall' },
    ]);
    expect(await set(rig, 'A01', 'both')).toMatchObject({
      text: expect.stringContaining('It was: A01 is locked (out) by wms: recall.'),
    });
    expect((await block('none')).error).toMatchObject({ code: 'CONFLICT' });
    await set(rig, 'A01', 'none');
    expect(rig.flow.books.locks()).toEqual([]);
  });

  test('a lock of a person and an open question about the same cell leave each other alone', async () => {
    const rig = await stocked(['T-1', 10]);
    await wants(rig, 'SO-1', 'T-1');
    rig.crane.answer();
    rig.crane.end('binEmpty', undefined);
    rig.settle();
    await set(rig, first, 'both');
    await rig.resolve('BIN_EMPTY', 'lost');
    expect(rig.flow.warehouse.tables.lock.has(first)).toBe(false);
    expect(rig.flow.books.locks()).toMatchObject([{ part: first }]);
  });

  test.each([
    ['A99', 'both', 'NOT_FOUND'],
    ['A01-LHD', 'both', 'NOT_FOUND'],
    ['conveyor-1/1/1', 'in', 'INVALID'],
  ] as const)('%s as %s is refused, and what would do is said', async (part, lock, code) => {
    const rig = await announced();
    expect(await set(rig, part, lock)).toMatchObject({ ok: false, code });
    expect(rig.flow.books.locks()).toEqual([]);
  });

  test('the same act told twice counts once', async () => {
    const rig = await announced();
    const act = { act: 'lock', part: 'A01', lock: 'in', reason: 'once' } as const;
    await rig.operator(act, 'key-1');
    await set(rig, 'A01', 'none');
    await rig.operator(act, 'key-1');
    expect(rig.flow.books.locks()).toEqual([]);
  });

  test('an area locks its aisles', async () => {
    const areas = [{ area: 'COLD', aisles: ['A02'], places: [at('PICK-02')] }];
    const rig = new NetworkRig({
      site: { ...loopSite, areas },
      stored: { 'T-1': 'A02-L-001-01-1' },
    });
    await set(rig, 'COLD', 'both');
    await rig.orders('SO-1', 'PICK-01', 'T-1');
    rig.run();
    expect(why(rig, 'A02-L-001-01-1')[0]).toBe('Now: COLD is locked by op-1: sprinkler.');
    expect(rig.placeOf('T-1')).toBe('A02-L-001-01-1');
    await set(rig, 'COLD', 'none');
    rig.run();
    expect(rig.gone).toEqual(['T-1']);
  });
});

test('a lock on what the site file does not have any more is shown as such, and can be cleared', async () => {
  const rig = await announced();
  await set(rig, 'A01-L-001', 'in');
  const shorter = { ...demoSite, aisles: demoSite.aisles.map((a) => ({ ...a, aisle: 'A77' })) };
  const { warehouse } = rig.flow;
  expect(new Topology(shorter).find('A01-L-001-01-1')).toBeUndefined();
  warehouse.tables.partLock.put({
    ...{ part: 'OLD', lock: 'both', reason: 'gone', by: 'operator/x', atMs: 0 },
  });
  expect(rig.flow.books.locks().find(({ part }) => part === 'OLD')?.kind).toBeUndefined();
  expect(await set(rig, 'OLD', 'none')).toMatchObject({ ok: true });
  expect(rig.flow.books.locks().map(({ part }) => part)).toEqual(['A01-L-001']);
});

test('the crane takes nothing from a P&D station that is locked out, until it is unlocked', async () => {
  const rig = await announced(['T-1']);
  const scan = inducts(rig, 'T-1');
  await set(rig, 'A01-PD-IN', 'out');
  toPd(rig, scan);
  expect([rig.unit('T-1').place, rig.crane.command]).toEqual(['A01-PD-IN', undefined]);
  await set(rig, 'A01-PD-IN', 'none');
  craneRuns(rig);
  expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
});

test('what the site file locks stays locked, whatever people lock and clear beside it', async () => {
  const locks = [{ part: 'A01-L', lock: 'in', reason: 'low beam' } as const];
  const rig = new FlowRig(new Topology({ ...demoSite, locks }));
  await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs' }] });
  await announce(rig, 'T-1');
  expect(await set(rig, 'A01-L', 'none')).toMatchObject({ ok: false, code: 'CONFLICT' });
  await set(rig, 'A01-L', 'out');
  await set(rig, 'A01-L', 'none');
  expect(rig.flow.books.locks()).toMatchObject([{ part: 'A01-L', by: 'site/file' }]);
  toPd(rig, inducts(rig, 'T-1'));
  craneRuns(rig);
  expect(rig.unit('T-1').place).toBe(second);
  expect(why(rig, first)[0]).toBe('Now: A01-L is locked (in) by the site file: low beam.');
});

test('what stands behind a load unit that is locked in waits, and nothing is moved meanwhile', async () => {
  const stored = { 'T-1': 'A01-L-001-01-2', 'T-2': 'A01-L-001-01-1' };
  const aisles = loopSite.aisles.map((aisle) => ({ ...aisle, depths: 2 }));
  const rig = new NetworkRig({ site: { ...loopSite, aisles }, stored });
  await set(rig, 'A01-L-001-01-1', 'out');
  await rig.orders('SO-1', 'PICK-01', 'T-1');
  rig.run();
  expect(rig.flow.books.order('SO-1')?.reasons?.[0]).toEqual({
    code: 'LOCKED',
    detail:
      'T-1 stands behind T-2, which may not be moved: A01-L-001-01-1 is locked (out) by op-1: sprinkler',
  });
  await set(rig, 'A01', 'in');
  await set(rig, 'A01-L-001-01-1', 'none');
  rig.run();
  expect(rig.placeOf('T-2')).toBe('A01-L-001-01-1');
  await set(rig, 'A01', 'none');
  rig.run();
  expect(rig.gone).toEqual(['T-1']);
  expect(rig.asked).toEqual([]);
});
