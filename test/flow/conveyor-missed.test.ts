import { describe, expect, test } from 'vitest';
import { announced, type FlowRig } from '../lib/flow-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  orderFor,
  outfeeds,
  second,
  stocked,
  stores,
  toPd,
} from '../lib/stories.ts';

// What stands at a point, or has left it, is not what the books take it for.

/** A tote is on its way to the workstation, and has been put down by the crane. */
async function onTheWay() {
  const rig = await stocked(['T-1'], ['T-2']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  return rig;
}

test('what leaves a point as a tote that a person has taken out comes in without a name', async () => {
  const rig = await onTheWay();
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle().advance(10_000_000);
  await rig.resolve('CONVEYOR_LATE', 'notThere');
  await rig.resolve('TRACKING_LOST', 'removed');
  rig.conveyor.leave(2, scanSeq);
  rig.settle();
  expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
  expect(rig.questions('UNEXPECTED_LOAD')).toMatchObject([
    { location: 'PICK-01', resolutions: [{ resolution: 'putBack' }, { resolution: 'removed' }] },
  ]);
  const { loadUnit = '' } = rig.questions('UNEXPECTED_LOAD')[0] ?? {};
  expect(rig.unit(loadUnit)).toMatchObject({ place: 'PICK-01', status: 'clarification' });
});

test('a tote that is not on its way to a station any more is where a person finds it', async () => {
  const rig = await onTheWay();
  rig.settle().advance(10_000_000);
  await rig.resolve('CONVEYOR_LATE', 'notThere');
  expect(rig.questions('TRACKING_LOST')[0]?.text).toContain('is not on its way any more');
  await rig.resolve('TRACKING_LOST', 'placed', second);
  expect(rig.unit('T-1')).toMatchObject({ place: second, status: 'present' });
});

test('what leaves a point as a tote that stands elsewhere by now comes in without a name', async () => {
  const rig = await onTheWay();
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle().advance(10_000_000);
  await rig.resolve('CONVEYOR_LATE', 'notThere');
  await rig.resolve('TRACKING_LOST', 'putBack');
  stores(rig, 'T-1');
  rig.conveyor.leave(2, scanSeq);
  rig.settle();
  expect(rig.unit('T-1').place).toBe(first);
  const [{ loadUnit = '', text } = {}] = rig.questions('UNEXPECTED_LOAD');
  expect(text).toContain(`taken for T-1, which is known to be at ${first}`);
  expect(rig.unit(loadUnit)).toMatchObject({ place: 'PICK-01', status: 'clarification' });
});

test('what a person takes back to the infeed is asked for where it does not come, though its point says since that it has vanished', async () => {
  const rig = await onTheWay();
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle().advance(10_000_000);
  await rig.resolve('CONVEYOR_LATE', 'notThere');
  await rig.resolve('TRACKING_LOST', 'putBack');
  rig.conveyor.confirm(2, { scanSeq, exitTaken: 0, outcome: 'vanished' });
  rig.settle().advance(rig.topology.site.limits.conveyorLimitMs);
  expect(rig.asked).toContain('RETURN_LATE');
});

test('what a person has found where it was sent is not taken for another when its point tells of it at last', async () => {
  const rig = await announced(['T-1']);
  const scanSeq = inducts(rig, 'T-1');
  rig.settle().advance(10_000_000);
  await rig.resolve('CONVEYOR_LATE', 'notThere');
  await rig.resolve('TRACKING_LOST', 'placed', 'A01-PD-IN' as never);
  craneRuns(rig);
  rig.conveyor.leave(1, scanSeq);
  rig.settle();
  expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
});

test('what nobody answers for any more goes by the default exit, and holds up no one', async () => {
  const rig = await onTheWay();
  const mode = (to: string) =>
    rig.operator({ act: 'mode', device: 'conveyor-1' as never, mode: to as never });
  await mode('manual');
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle().advance(10_000_000);
  await rig.resolve('CONVEYOR_LATE', 'notThere');
  await rig.resolve('TRACKING_LOST', 'removed');
  await mode('auto');
  rig.advance(14_000);
  expect(rig.conveyor.answerTo(2, scanSeq)).toBeUndefined();
  rig.advance(2_000);
  expect(rig.conveyor.answerTo(2, scanSeq)).toBe(2);
  expect(rig.questions('UNEXPECTED_LOAD')).toHaveLength(1);
});

test('what stands at a point that has forgotten all of its loads is answered for again', async () => {
  const rig = await onTheWay();
  rig.conveyor.arrive(2);
  rig.settle();
  rig.conveyor.restart();
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle().advance(16_000);
  expect(rig.conveyor.answerTo(2, scanSeq)).toBeDefined();
});

test('what a person takes from before its crane is looked for, and the next one does not pass for it', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  await rig.operator({ act: 'mode', device: 'crane-1' as never, mode: 'manual' });
  const arrival = toPd(rig, inducts(rig, 'T-1'));
  rig.conveyor.confirm(3, { scanSeq: arrival, exitTaken: 0, outcome: 'vanished' });
  rig.settle();
  expect(rig.unit('T-1').place).toBe('CLARIFICATION');
  expect(rig.questions()).toMatchObject([{ code: 'PLACE_UNKNOWN', location: 'A01-PD-IN' }]);
  toPd(rig, inducts(rig, 'T-2'));
  await rig.operator({ act: 'mode', device: 'crane-1' as never, mode: 'auto' });
  craneRuns(rig);
  expect(rig.unit('T-1').place).toBe('CLARIFICATION');
  expect(rig.unit('T-2').place).toMatch(/^A01-[LR]/);
});

test('what its crane has fetched is not looked for when the conveyor sees it gone', async () => {
  const rig = await announced(['T-1']);
  const arrival = toPd(rig, inducts(rig, 'T-1'));
  expect(rig.crane.command).toMatchObject({ command: 'transfer' });
  rig.conveyor.confirm(3, { scanSeq: arrival, exitTaken: 0, outcome: 'vanished' });
  craneRuns(rig);
  expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
});

describe('what stood there before a load unit was sent there does not pass for it', () => {
  test('before a crane', async () => {
    const rig = await announced(['T-1']);
    const stranger = rig.conveyor.arrive(3);
    rig.settle().conveyor.leave(1, inducts(rig, 'T-1'));
    rig.settle();
    expect([rig.unit('T-1').place, rig.crane.command]).toEqual(['A01-PD-IN', undefined]);
    rig.advance(15_000);
    await rig.resolve('UNEXPECTED_LOAD', 'removed');
    rig.conveyor.confirm(3, { scanSeq: stranger, exitTaken: 0, outcome: 'vanished' });
    rig.conveyor.arrive(3);
    craneRuns(rig.settle());
    expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
  });

  test('where a crane puts it down', async () => {
    const rig = await stocked(['T-1']);
    const stranger = rig.conveyor.arrive(2);
    rig.settle();
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    craneRuns(rig);
    expect([rig.unit('T-1').place, rig.conveyor.answerTo(2, stranger)]).toEqual([
      ...['A01-PD-OUT', undefined],
    ]);
    rig.advance(15_000);
    expect(rig.conveyor.answerTo(2, stranger)).toBe(2);
    expect(rig.questions('UNEXPECTED_LOAD')).toHaveLength(1);
    rig.conveyor.leave(2, stranger);
    const scanSeq = rig.settle().conveyor.arrive(2);
    expect(rig.settle().conveyor.answerTo(2, scanSeq)).toBe(1);
  });
});

describe('a conveyor that has lost its memory, and with it the word that a load unit has left', () => {
  /** T-1 was sent to the workstation, and nobody has heard whether it went. */
  async function sentBefore() {
    const rig = await onTheWay();
    rig.conveyor.arrive(2);
    rig.settle();
    rig.conveyor.restart();
    return rig.settle();
  }

  test('whoever finds it brings it to the infeed, where it is stored again', async () => {
    const rig = await sentBefore();
    rig.conveyor.arrive(2);
    rig.settle();
    await rig.resolve('TRACKING_LOST', 'putBack');
    stores(rig, 'T-1');
    expect(rig.flow.warehouse.topology.find(rig.unit('T-1').place)?.kind).toBe('cell');
  });

  test('what has been seen somewhere else since stays there', async () => {
    const rig = await announced(['T-1']);
    toPd(rig, inducts(rig, 'T-1'));
    // That the crane has taken it, the conveyor never tells.
    craneRuns(rig);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    craneRuns(rig);
    rig.conveyor.restart();
    rig.conveyor.arrive(3);
    rig.settle();
    expect([rig.unit('T-1').place, rig.unit('T-1').confidence]).toEqual(['A01-PD-OUT', 'sensed']);
    const scanSeq = rig.conveyor.arrive(2);
    expect(rig.settle().conveyor.answerTo(2, scanSeq)).toBe(1);
  });
});

test('what a person has seen behind others before a crane is fetched after them', async () => {
  const rig = await announced(['T-1'], ['T-2'], ['T-3']);
  await rig.operator({ act: 'mode', device: 'crane-1' as never, mode: 'manual' });
  toPd(rig, inducts(rig, 'T-1'));
  rig.conveyor.leave(1, inducts(rig, 'T-2'));
  inducts(rig.settle(), 'T-3');
  rig.settle().conveyor.restart();
  rig.conveyor.arrive(3);
  rig.settle();
  await rig.resolve('TRACKING_LOST', 'placed', 'A01-PD-IN' as never);
  await rig.operator({ act: 'mode', device: 'crane-1' as never, mode: 'auto' });
  craneRuns(rig);
  const stored = () =>
    ['T-1', 'T-2', 'T-3'].filter((lpn) => /^A01-[LR]-/.test(rig.unit(lpn).place));
  expect([stored(), rig.crane.command]).toEqual([['T-1'], undefined]);
  rig.conveyor.arrive(3);
  craneRuns(rig.settle());
  expect(stored()).toEqual(['T-1', 'T-2']);
  craneRuns(rig);
  expect(stored()).toEqual(['T-1', 'T-2', 'T-3']);
});

test('what a conveyor of other registers than its site file has is not asked about before it is heard again', async () => {
  const rig = await onTheWay();
  outfeeds(rig);
  rig.conveyor.arrive(2);
  const device = 'conveyor-1' as never;
  rig.settle().tell({ device, type: 'conveyor.misconfigured', reason: 'deviceNumber reads 2' });
  rig.advance(60_000);
  expect(rig.questions('UNEXPECTED_LOAD')).toEqual([]);
  rig.conveyor.connect((fact) => rig.flow.report(fact));
  rig.settle().advance(16_000);
  expect(rig.questions('UNEXPECTED_LOAD')).toHaveLength(1);
});

describe('what comes behind loads that nobody has seen leave does not pass for one of them', () => {
  /** T-1 has left, T-2 stands at the point behind the crane, and T-3 behind it. */
  async function inARow() {
    const rig = await stocked(['T-1'], ['T-2'], ['T-3']);
    for (const lpn of ['T-1', 'T-2', 'T-3']) {
      await rig.command('order.create', orderFor(`SO-${lpn}`, lpn));
      craneRuns(rig);
      if (lpn === 'T-1') outfeeds(rig);
    }
    return rig.settle();
  }
  const lost = (rig: FlowRig) => rig.questions('TRACKING_LOST').map(({ loadUnit }) => loadUnit);
  const nameAt = (rig: FlowRig) =>
    rig.flow.warehouse.pointBook('conveyor-1' as never, 2).open.map(({ loadUnit }) => loadUnit);

  test('while no process listened: their scans were overwritten, and only where one went is told', async () => {
    const rig = await inARow();
    rig.kill();
    const unseen = rig.conveyor.arrive(2);
    rig.conveyor.confirm(2, { scanSeq: unseen, exitTaken: 2, outcome: 'late' });
    const seen = rig.conveyor.arrive(2);
    rig.restart();
    expect(rig.conveyor.answerTo(2, seen)).toBeUndefined();
    expect(rig.questions('TRACKING_GAP')[0]?.text).toContain('scans 2 to 2');
    expect(lost(rig)).toEqual(['T-2', 'T-3']);
    rig.advance(16_000);
    expect(rig.conveyor.answerTo(2, seen)).toBe(2);
  });

  test('while the link was cut: their scans were overwritten', async () => {
    const rig = await inARow();
    rig.conveyor.arrive(2);
    const gap = {
      type: 'conveyor.gap',
      point: 2,
      era: 500,
      what: 'scans',
      from: 3,
      to: 4,
    } as const;
    rig.settle().conveyor.tell(gap);
    const scan = { scanSeq: 5, read: 'arrivalOnly', answerState: 'waiting', code: '' } as const;
    const measures = { heightMm: undefined, massG: undefined };
    rig.conveyor.tell({
      ...{ type: 'conveyor.scanned', point: 2, era: 500, scan: { ...scan, ...measures } },
    });
    expect([lost(rig.settle()), nameAt(rig)]).toEqual([['T-2', 'T-3'], [undefined]]);
  });

  test('when their conveyor has restarted, and tells by which exit one has left', async () => {
    const rig = await inARow();
    rig.conveyor.arrive(2);
    rig.settle().conveyor.confirm(2, { scanSeq: 0, exitTaken: 1, outcome: 'restarted' });
    const next = rig.settle().conveyor.arrive(2);
    expect([lost(rig.settle()), nameAt(rig)]).toEqual([['T-2'], ['T-3']]);
    expect(rig.conveyor.answerTo(2, next)).toBe(1);
  });
});
