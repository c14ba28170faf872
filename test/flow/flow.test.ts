import { expect, test } from 'vitest';
import { timeText } from '../../src/contract/time.ts';
import { FencedError } from '../../src/domain/errors.ts';
import type { DeviceId, HostId } from '../../src/domain/ids.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { commitOf, row, rowsOf } from '../lib/commits.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { first, inducts, orderFor, stocked, stores } from '../lib/stories.ts';

const crane = 'crane-1' as DeviceId;
/** A tote is on its way, and is late in so many milliseconds. */
async function underWay(): Promise<{ rig: FlowRig; lateMs: number }> {
  const rig = await announced(['T-1']);
  rig.conveyor.leave(1, inducts(rig, 'T-1'));
  const lateMs = rig.settle().flow.warehouse.topology.site.limits.conveyorLimitMs;
  return { rig, lateMs };
}

test('what waits when the controller stops is decided, and then nothing happens any more', async () => {
  const { rig } = await underWay();
  const { flow, clock } = rig;
  const asked = flow.operator({ operator: 'op-1', key: 'k', act: 'release', device: crane });
  flow.hostChanged('wms' as HostId, 'online');
  rig.crane.change({ travelMm: 1_000 });
  flow.stop();
  expect(await asked).toMatchObject({ ok: false });
  expect(clock.waitingMs).toEqual([]);
  const { causes } = flow.counts;
  rig.crane.happens('restarted');
  rig.advance(1_000_000);
  expect([flow.counts.causes, clock.waitingMs]).toEqual([causes, []]);
});

test('what comes after the stop is not decided, though nothing waited then', async () => {
  const { rig } = await underWay();
  rig.flow.stop();
  const { causes } = rig.flow.counts;
  rig.crane.happens('restarted');
  rig.settle();
  expect(rig.flow.counts.causes).toBe(causes);
});

test('a device that was switched off is told so at the start, before it is connected', async () => {
  const rig = await announced(['T-1']);
  await rig.operator({ act: 'mode', device: crane, mode: 'off' });
  rig.crane.modes.length = 0;
  rig.restart({ isQuiet: true });
  expect(rig.crane.modes).toEqual(['off']);
});

test('a deadline of the books falls due though no device says a word', async () => {
  const { rig, lateMs } = await underWay();
  rig.restart({ isQuiet: true }).advance(lateMs);
  expect(rig.asked).toEqual(['CONVEYOR_LATE']);
});

test.each([3_600_000, -3_600_000])(
  'of a clock that is put right by %i ms no deadline falls due, and none is forgotten',
  async (byMs) => {
    const { rig, lateMs } = await underWay();
    rig.clock.wallOffsetMs = byMs;
    rig.crane.change({ travelMm: 1_000 });
    rig.settle().advance(lateMs - 1);
    expect(rig.asked).toEqual([]);
    rig.advance(1);
    expect(rig.asked).toEqual(['CONVEYOR_LATE']);
  },
);

test('however much happens, one call waits for the next step and one for the next deadline', async () => {
  const { rig, lateMs } = await underWay();
  for (let i = 1; i <= 3; i++) {
    rig.crane.change({ travelMm: i });
    rig.crane.change({ travelMm: i * 10 });
    expect(rig.clock.waitingMs).toEqual([0, Math.min(lateMs, 60_000)]);
    rig.settle();
  }
});

test('an order that may begin at a time begins then, though nothing else happens', async () => {
  const rig = await stocked(['T-1']);
  const notBefore = timeText(rig.clock.nowMs() + 90_000);
  await rig.command('order.create', orderFor('SO-1', 'T-1', { notBefore }));
  rig.restart().advance(89_999);
  expect(rig.order('SO-1')?.status).toBe('queued');
  rig.advance(1);
  expect(rig.crane.command).toMatchObject({ command: 'transfer', from: first });
});

test('an order that may begin begins, though something else comes at that very moment', async () => {
  const rig = await stocked(['T-1']);
  const notBefore = timeText(rig.clock.nowMs() + 90_000);
  await rig.command('order.create', orderFor('SO-1', 'T-1', { notBefore }));
  rig.advance(89_999);
  rig.crane.change({ travelMm: 1 });
  // It is decided a little late, and before the timer of the order is called.
  rig.clock.standStill(2);
  rig.settle();
  expect(rig.crane.command).toMatchObject({ command: 'transfer', from: first });
});

test('a mission that is settled is in the ledger, and no longer in memory', async () => {
  const rig = await announced(['T-1']);
  stores(rig, 'T-1');
  expect(rig.rows('mission')).toHaveLength(1);
  expect(rig.flow.warehouse.tables.mission.size).toBe(0);
});

test('the status says since when the controller runs, and which hosts are there', async () => {
  const rig = await announced(['T-1']);
  rig.advance(5_000).restart();
  const host = rig.topology.site.hosts[0]?.host as HostId;
  const isOnline = () => rig.flow.books.status().hosts?.find((each) => each.host === host)?.online;
  expect(rig.flow.books.status().since).toBe('1970-01-01T00:00:05.000Z');
  rig.flow.hostChanged(host, 'online');
  expect(isOnline()).toBe(true);
  rig.flow.hostChanged(host, 'offline');
  expect(isOnline()).toBe(false);
});

test('the mark of a host is on disk when the host is told so', async () => {
  const rig = await stocked(['T-1']);
  await rig.acknowledge(2);
  expect(rig.ledger.ackThrough('wms' as HostId)).toBe(2);
});

test('commits, commands and answers to scans are measured, each as long as it took', async () => {
  const rig = await announced(['T-1']);
  rig.advance(1_000);
  const took: [string, number][] = [];
  const measured = {
    commitTook: (s: number) => took.push(['commit', s]),
    commandTook: (s: number) => took.push(['command', s]),
    divertTook: (s: number) => took.push(['divert', s]),
  };
  const store = (ledger: FlowRig['ledger']) => {
    const commit = ledger.commit.bind(ledger);
    ledger.commit = (rows) => {
      commit(rows);
      rig.clock.standStill(250);
    };
    return ledger;
  };
  rig.restart({ store, ports: { measured } });
  rig.advance(1_000);
  took.length = 0;
  rig.conveyor.arrive(1);
  rig.advance(1_000);
  const order = await rig.command('order.create', orderFor('SO-1', 'T-1')).catch(() => undefined);
  expect(order).toBeDefined();
  expect(took).toEqual([
    ['commit', 0.25],
    ['divert', 0.25],
    ['commit', 0.25],
    ['command', 0.25],
  ]);
});

test('of more waiting orders than one step looks at, the last one has its turn though nothing else happens', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('sku.put', { skus: [{ sku: 'B', unit: 'pcs' }] });
  const create = (order: string, sku: string) =>
    rig.flow.command({
      ...{ host: 'wms' as HostId, id: order, name: 'order.create' },
      ...{ expiresAtMs: undefined, retained: false },
      data: orderFor(order, 1, { lines: [{ sku, qty: 1 }], wave: 'W-1', hold: true }),
    });
  // The 100 most urgent ones and three times 100 others are looked at in one step: there is none of B for any of them.
  const orders = Array.from({ length: 450 }, (_, i) => create(`SO-${i + 1}`, 'B'));
  orders.push(create('SO-451', 'A'));
  rig.settle();
  await Promise.all(orders);
  await rig.command('order.update', { wave: 'W-1', hold: false });
  expect(rig.order('SO-451')?.status).toBe('active');
  expect(rig.crane.command).toMatchObject({ command: 'transfer', from: first });
});

test('a deadline that a later controller has written on the disk ends an earlier one, and keeps it busy with nothing', async () => {
  const { rig, lateMs } = await underWay();
  const { ledger, clock } = rig;
  const timersDue = ledger.timersDue.bind(ledger);
  let looks = 0;
  ledger.timersDue = (...asked) => {
    if (++looks > 100) throw new Error('it looks for ever');
    return timersDue(...asked);
  };
  const [late] = [...rig.flow.warehouse.tables.timer.values()];
  expect(late?.dueMs).toBe(clock.nowMs() + lateMs);
  const other = { ...late, timer: 'other' } as NonNullable<typeof late>;
  const timer = [
    [`${late?.workflow}#${late?.timer}`, undefined],
    row(`${other.workflow}#other`, other),
  ] as never;
  const second = new Ledger(rig.db, rig.topology, { nonce: 9, nowMs: clock.nowMs() });
  second.commit(commitOf({ rows: rowsOf({ timer }) }));
  rig.advance(lateMs);
  expect(rig.fatal).toEqual([expect.any(FencedError)]);
});
