import { describe, expect, test } from 'vitest';
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

test('a late code of a tote that is about to be put back names nothing that stands there before it', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  const before = inducts(rig, 'T-1', { massG: 100_000 });
  rig.conveyor.leave(1, before);
  rig.settle();
  await rig.resolve('REJECTED', 'putBack');
  rig.seen.set('scan-in-1', 'T-2');
  rig.conveyor.arrive(1, { massG: 1_000 });
  rig.settle().read('scan-in-1', 'T-1').settle();
  expect([rig.unit('T-1').place, rig.unit('T-2').place]).toEqual(['REJECT-01', 'IN-01']);
});

describe('a code of a tote that has left the site, while another one waits to be identified', () => {
  /** The first one is put aside and taken away, and the next one stands before the scanner. */
  async function nextOne(): Promise<{ rig: FlowRig; next: number }> {
    const rig = await announced(['T-1'], ['T-2']);
    const before = inducts(rig, 'T-1', { massG: 100_000 });
    rig.conveyor.leave(1, before);
    rig.settle();
    await rig.resolve('REJECTED', 'removed');
    const next = rig.conveyor.arrive(1, { massG: 1_000 });
    rig.settle().seen.set('scan-in-1', undefined);
    return { rig, next };
  }

  test('is not believed, and what is read when the scanner is told to is', async () => {
    const { rig } = await nextOne();
    rig.read('scan-in-1', 'T-1');
    expect(rig.triggered).toEqual(['scan-in-1']);
    rig.read('scan-in-1', 'T-2');
    expect(rig.unit('T-2').place).toBe('IN-01');
    expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
  });

  test('is believed when it is read once more at once: it has come again', async () => {
    const { rig, next } = await nextOne();
    rig.seen.set('scan-in-1', 'T-1');
    rig.read('scan-in-1', 'T-1').settle();
    expect(rig.unit('T-1').place).toBe('IN-01');
    expect(rig.conveyor.answerTo(1, next)).toBe(1);
  });

  test('proves nothing where it comes twice by one read, or much later than the scanner was told', async () => {
    const { rig } = await nextOne();
    const device = 'scan-in-1' as DeviceId;
    const late = { device, type: 'scanner.read', code: 'T-1', aim: undefined } as const;
    rig.tell({ ...late, readId: 'a' }, { ...late, readId: 'b', repeat: true });
    rig.settle().advance(1_500);
    rig.tell({ ...late, readId: 'c' });
    expect(rig.unit('T-1').status).toBe('gone');
  });

  test('is not believed either where it comes before the arrival is told', async () => {
    const { rig } = await nextOne();
    rig.read('scan-in-1', 'T-2').conveyor.leave(1, 2);
    rig.settle().read('scan-in-1', 'T-1');
    rig.conveyor.arrive(1);
    rig.settle();
    expect([rig.unit('T-1').status, rig.triggered]).toEqual(['gone', ['scan-in-1']]);
  });
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
