import { expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import { inducts, orderFor, retrieves, stocked } from '../lib/stories.ts';

const whyOf = (rig: FlowRig, subject: string) =>
  rig.flow.books.why(subject).map(({ text }) => text);

test('a second read of the tote before is not given to the one that already waits behind it', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  inducts(rig, 'T-1');
  const next = rig.conveyor.arrive(1);
  rig.settle().read('scan-in-1', 'T-1');
  expect(rig.conveyor.answerTo(1, next)).toBeUndefined();
  expect(whyOf(rig, 'scan-in-1')).toContainEqual(expect.stringContaining('a duplicate'));
  rig.read('scan-in-1', 'T-2');
  expect(rig.unit('T-2').place).toBe('IN-01');
});

test('a tote that comes back at once is read as itself, also before its arrival is told', async () => {
  const rig = await announced(['T-1']);
  const before = inducts(rig, 'T-1', { massG: 100_000 });
  rig.conveyor.leave(1, before);
  rig.settle().advance(2_001);
  await rig.resolve('REJECTED', 'putBack');
  rig.read('scan-in-1', 'T-1');
  const again = rig.conveyor.arrive(1, { massG: 1_000 });
  rig.settle();
  expect(rig.conveyor.answerTo(1, again)).toBe(1);
});

test('a scanner is told when nothing stands before it any more, and not while something waits', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  const before = inducts(rig, 'T-1');
  const next = rig.conveyor.arrive(1);
  rig.settle().conveyor.leave(1, before);
  rig.settle();
  expect(rig.released).toEqual([]);
  rig.read('scan-in-1', 'T-2').conveyor.leave(1, next);
  rig.settle();
  expect(rig.released).toEqual(['scan-in-1']);
});

test('a code that a person at a station reads twice by one pull counts once', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 10));
  retrieves(rig, 'T-1');
  const device = 'scan-pick-1' as DeviceId;
  const ship = { device, type: 'scanner.read', code: 'CRANEWAY-SHIP', aim: ']C0' } as const;
  rig.tell({ ...ship, readId: 'a' }, { ...ship, readId: 'b', repeat: true });
  expect(rig.told().filter((text) => text.includes('shipped'))).toHaveLength(1);
  expect(whyOf(rig, 'scan-pick-1')).toContainEqual(expect.stringContaining('Read twice'));
});
