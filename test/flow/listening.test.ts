import { describe, expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { ConveyorFact } from '../../src/ports/conveyor.ts';
import { announced } from '../lib/flow-rig.ts';
import { NetworkRig } from '../lib/network-rig.ts';
import { inducts, orderFor, pdOut, stocked } from '../lib/stories.ts';

/** The crane brings a tote to the outfeed, which the conveyor tells of first. */
async function bringing() {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  rig.crane.answer();
  rig.crane.pick();
  const scanSeq = rig.conveyor.arrive(2);
  return { rig: rig.settle(), scanSeq };
}

describe('a process that has stood still', () => {
  test('hears what has come meanwhile before it finds that nothing has come', async () => {
    const { rig, scanSeq } = await bringing();
    rig.clock.standStill(60_000);
    rig.advance(900);
    rig.crane.end('done', pdOut);
    expect(rig.settle().conveyor.answerTo(2, scanSeq)).toBe(1);
    expect([rig.advance(5_000).asked, rig.fatal]).toEqual([[], []]);
  });

  test('finds it a second later', async () => {
    const { rig, scanSeq } = await bringing();
    rig.clock.standStill(60_000);
    rig.advance(999);
    expect(rig.conveyor.answerTo(2, scanSeq)).toBeUndefined();
    rig.advance(1);
    expect(rig.conveyor.answerTo(2, scanSeq)).toBe(2);
    expect(rig.asked).toEqual(['UNEXPECTED_LOAD']);
  });

  test('again and again judges all the same in the end', async () => {
    const { rig, scanSeq } = await bringing();
    rig.advance(20_000 - 5_500);
    for (let i = 0; i < 100 && rig.conveyor.answerTo(2, scanSeq) === undefined; i++) {
      rig.clock.standStill(500);
      rig.advance(400);
    }
    expect(rig.conveyor.answerTo(2, scanSeq)).toBe(2);
  });
});

test('of a fact and a deadline that come together, the fact counts', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  rig.crane.answer();
  rig.crane.pick();
  rig.clock.after(15_000, () => rig.crane.end('done', pdOut));
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle().advance(15_000);
  expect([rig.conveyor.answerTo(2, scanSeq), rig.asked]).toEqual([1, []]);
});

describe('a load that the books do not expect', () => {
  const isOffline = { type: 'conveyor.offline', reason: 'the cable is out' } as const;

  test('waits for a crane that is not heard and has a mission, however long that takes', async () => {
    const { rig, scanSeq } = await bringing();
    rig.crane.offline();
    rig.advance(100_000);
    expect([rig.conveyor.answerTo(2, scanSeq), rig.asked]).toEqual([undefined, []]);
    rig.crane.connect((fact) => rig.flow.report(fact));
    rig.crane.end('done', pdOut);
    expect(rig.settle().conveyor.answerTo(2, scanSeq)).toBe(1);
  });

  test('waits for a conveyor that is not heard: it may be gone again', async () => {
    const rig = await announced(['T-1']);
    rig.conveyor.arrive(3);
    rig.settle().tell({ device: rig.conveyor.id, ...isOffline } as ConveyorFact);
    expect(rig.advance(100_000).asked).toEqual([]);
  });

  test.each(['off', 'observe'] as const)(
    'waits for the conveyor before it that is not heard, but not for one that people have set to %s',
    async (mode) => {
      const rig = new NetworkRig();
      const device = 'conveyor-1' as DeviceId;
      rig.tell({ device, ...isOffline });
      rig.conveyors.get('conveyor-2' as DeviceId)?.arrive(1);
      rig.settle().clock.advance(100_000);
      expect(rig.asked).toEqual([]);
      await rig.operator({ act: 'mode', device, mode });
      rig.clock.advance(15_000);
      expect(rig.asked).toEqual(['UNEXPECTED_LOAD']);
    },
  );

  test('is asked about by nobody once it has left', async () => {
    const rig = await announced(['T-1']);
    const scanSeq = rig.conveyor.arrive(3);
    rig.settle();
    rig.conveyor.confirm(3, { scanSeq, exitTaken: 1, outcome: 'asAnswered' });
    rig.settle().advance(100_000);
    expect([rig.asked, rig.moves()]).toEqual([[], []]);
  });

  test('outlives a restart: the new process listens first, too', async () => {
    const { rig, scanSeq } = await bringing();
    rig.kill();
    rig.clock.standStill(60_000);
    rig.restart();
    rig.crane.end('done', pdOut);
    expect(rig.settle().conveyor.answerTo(2, scanSeq)).toBe(1);
    expect([rig.advance(20_000).asked, rig.fatal]).toEqual([[], []]);
  });
});

test('a clock that jumps in the middle of a decision makes nothing overdue', async () => {
  const rig = await announced(['T-1']);
  inducts(rig, 'T-1');
  rig.kill();
  let readingsLeft = Number.POSITIVE_INFINITY;
  const nowMs = () => rig.clock.nowMs() + (readingsLeft-- > 0 ? 0 : 86_400_000);
  const after = (delayMs: number, call: () => void) => rig.clock.after(delayMs, call);
  rig.restart({ ports: { clock: { ...rig.clock.reading, nowMs, after } } }).advance(5_000);
  readingsLeft = 1;
  rig.crane.change({ ready: false });
  rig.settle().advance(10_000);
  expect(rig.rows('reason').map(({ text }) => text)).toContainEqual(
    expect.stringContaining('was put forward by 86400 s'),
  );
  expect(rig.asked).toEqual([]);
});
