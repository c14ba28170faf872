import { describe, expect, test } from 'vitest';
import { timeText } from '../../src/contract/time.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { id } from '../lib/demo.ts';
import { loopSite } from '../lib/loop-site.ts';
import { NetworkRig } from '../lib/network-rig.ts';

/** Two double-deep aisles, whose cranes may move what stands badly. */
const deep = (perHour: number) => ({
  ...loopSite,
  aisles: loopSite.aisles.map((aisle) => ({ ...aisle, depths: 2 })),
  idleWork: { checks: false, relocationsPerHour: perHour, relocationGainMs: 2_000 },
});
const front = 'A01-L-001-01-1';
const rear = 'A01-L-001-01-2';
const crane = (rig: NetworkRig, number = 1) => {
  const found = rig.cranes.get(`crane-${number}` as DeviceId);
  if (found === undefined) throw new Error(`there is no crane-${number}`);
  return found;
};
const told = (rig: NetworkRig, number = 1) =>
  crane(rig, number).commands.map((command) =>
    'to' in command && 'from' in command ? `${command.from} > ${command.to}` : command.command,
  );
const why = (rig: NetworkRig, subject: string) =>
  rig.flow.books.why(subject).map(({ text }) => text);
const quiet = (rig: NetworkRig, ms = 61_000) => {
  rig.clock.advance(ms);
  rig.settle();
};

describe('a crane that nobody has wanted for a minute', () => {
  test('brings what stands alone before an empty cell to the wall, and why is told', () => {
    const rig = new NetworkRig({ site: deep(60), stored: { 'T-1': front } });
    quiet(rig, 58_000);
    expect(told(rig)).toEqual([]);
    quiet(rig, 3_000);
    expect(told(rig)).toEqual([`${front} > ${rear}`]);
    rig.run();
    expect([rig.where('T-1'), rig.placeOf('T-1'), rig.asked]).toEqual([rear, rear, []]);
    expect(why(rig, 'T-1').join()).toContain(
      `Nothing waits for crane-1: T-1 is moved from ${front} to ${rear}, as it stands before ${rear}, which is empty`,
    );
    quiet(rig, 3_600_000);
    expect(told(rig)).toHaveLength(1);
  });

  test('moves no more in an hour than the site allows', () => {
    const stored = Object.fromEntries(
      [1, 2, 3, 4].map((bay) => [`T-${bay}`, `A01-L-00${bay}-01-1`]),
    );
    const rig = new NetworkRig({ site: deep(2), stored });
    const counts = [15, 30, 30, 30].map((minutes) => {
      for (let minute = 0; minute < minutes; minute++) {
        quiet(rig, 60_000);
        rig.run();
      }
      return told(rig).length;
    });
    expect(counts).toEqual([1, 2, 3, 4]);
  });
});

describe('a crane of its own accord', () => {
  test('moves nothing where the site does not ask for it', () => {
    const rig = new NetworkRig({ site: deep(0), stored: { 'T-1': front } });
    quiet(rig, 3_600_000);
    expect(told(rig)).toEqual([]);
  });

  test('moves nothing while a tote is on its way to it', async () => {
    const stored = { 'T-1': front, 'T-2': front.replace('A01', 'A02') };
    const rig = new NetworkRig({ site: deep(60), stored });
    rig.stuck.add('conveyor-1/2');
    await rig.brings('T-7');
    rig.until(() => rig.where('T-7') === 'LOOP-A');
    const goal = rig.flow.warehouse.loadUnit(id('T-7'))?.transit?.to;
    quiet(rig, 600_000);
    expect([told(rig, 1).length, told(rig, 2).length]).toEqual(
      goal === 'A01-PD-IN' ? [0, 1] : [1, 0],
    );
  });

  test.each(['in', 'out'] as const)(
    'moves nothing in an aisle that is locked (%s)',
    async (lock) => {
      const rig = new NetworkRig({ site: deep(60), stored: { 'T-1': front } });
      await rig.operator({ act: 'lock', part: 'A01', lock, reason: 'works' });
      quiet(rig, 3_600_000);
      expect([told(rig), rig.flow.warehouse.counter('idleRelocation')]).toEqual([[], 0]);
    },
  );

  test('moves nothing that an order would have to wait for', async () => {
    const rig = new NetworkRig({
      site: deep(60),
      stored: { 'T-1': front, 'T-2': 'A01-R-002-01-2' },
    });
    const notBefore = timeText(rig.clock.nowMs() + 64_000);
    await rig.command('order.create', {
      ...{ order: 'SO-1', kind: 'retrieval', station: 'PICK-01', loadUnit: 'T-2', notBefore },
    });
    quiet(rig, 62_000);
    expect(told(rig)).toEqual([]);
    quiet(rig, 3_000);
    expect(told(rig)).toEqual(['A01-R-002-01-2 > A01-PD-OUT']);
  });
});

async function moving() {
  const rig = new NetworkRig({
    site: deep(60),
    stored: { 'T-1': front, 'T-2': 'A01-R-002-01-2' },
  });
  quiet(rig);
  expect(told(rig)).toEqual([`${front} > ${rear}`]);
  crane(rig).answer();
  rig.settle();
  return rig;
}

describe('work that comes while a crane moves something by itself', () => {
  test('goes first, as long as nothing has been picked up, and the move is withdrawn', async () => {
    const rig = await moving();
    await rig.orders('SO-1', 'PICK-01', 'T-2');
    expect(crane(rig).command).toMatchObject({ command: 'cancel', missionId: 1 });
    crane(rig).answer();
    rig.settle();
    crane(rig).end('cancelled', front as never);
    rig.settle();
    expect(told(rig).at(-1)).toBe('A01-R-002-01-2 > A01-PD-OUT');
    const { workflow, place } = rig.flow.warehouse.tables.loadUnit.get('T-1' as never) ?? {};
    expect([workflow, place, rig.flow.warehouse.tables.reservation.size]).toEqual([
      ...[undefined, front, 0],
    ]);
    expect(why(rig, 'crane-1').join()).toContain(
      'crane-1 is wanted: what it does by itself is withdrawn',
    );
    rig.run();
    expect([rig.gone, rig.asked]).toEqual([['T-2'], []]);
  });

  test('takes nothing of it: its cell stays promised until the crane has said that it is canceled', async () => {
    const rig = await moving();
    await rig.orders('SO-1', 'PICK-01', 'T-2');
    const promised = () => rig.flow.warehouse.tables.reservation.get(rear as never)?.loadUnit;
    expect([crane(rig).command?.command, promised()]).toEqual(['cancel', 'T-1']);
    crane(rig).answer();
    rig.settle();
    expect(promised()).toBe('T-1');
    crane(rig).end('cancelled', front as never);
    rig.settle();
    expect(promised()).toBeUndefined();
  });

  test('that asks for the very load unit gets it', async () => {
    const rig = await moving();
    await rig.orders('SO-1', 'PICK-01', 'T-2');
    await rig.orders('SO-2', 'PICK-01', 'T-1');
    crane(rig).answer();
    rig.settle();
    crane(rig).end('cancelled', front as never);
    rig.run();
    expect([rig.gone.toSorted(), rig.asked]).toEqual([['T-1', 'T-2'], []]);
  });

  test('waits for what is on the forks already', async () => {
    const rig = await moving();
    const missionId = crane(rig).shows.activeMissionId;
    crane(rig).happens('picked', { missionId, place: 'A01-LHD' as never });
    rig.settle();
    await rig.orders('SO-1', 'PICK-01', 'T-2');
    expect(crane(rig).command).toBeUndefined();
    crane(rig).end('done', rear as never);
    rig.settle();
    expect(told(rig).at(-1)).toBe('A01-R-002-01-2 > A01-PD-OUT');
  });
});
