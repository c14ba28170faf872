import { describe, expect, test } from 'vitest';
import { announced } from '../lib/flow-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  orderFor,
  outfeeds,
  pdOut,
  retrieves,
  second,
  stocked,
  stores,
  toPd,
} from '../lib/stories.ts';

/** A tote is on its way to the workstation, and has been put down by the crane. */
async function onTheWay() {
  const rig = await stocked(['T-1'], ['T-2']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  return rig;
}

describe('a load that the books do not expect', () => {
  test('waits for the word of the crane, which may be read later', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('SO-1', 'T-1'));
    rig.crane.answer();
    rig.crane.pick();
    const scanSeq = rig.conveyor.arrive(2);
    rig.settle().advance(14_000);
    expect(rig.conveyor.answerTo(2, scanSeq)).toBeUndefined();
    rig.crane.end('done', pdOut);
    rig.settle();
    expect(rig.conveyor.answerTo(2, scanSeq)).toBe(1);
    rig.conveyor.leave(2, scanSeq);
    rig.settle().read('scan-pick-1', 'T-1').advance(10_000_000);
    expect([rig.order('SO-1')?.status, rig.asked]).toEqual(['completed', []]);
  });

  test('goes by the default exit when nobody has a word for it, and a person looks', async () => {
    const rig = await stocked(['T-1']);
    const scanSeq = rig.conveyor.arrive(2);
    rig.settle().advance(15_000);
    expect(rig.conveyor.answerTo(2, scanSeq)).toBe(2);
    expect(rig.questions()).toMatchObject([{ code: 'UNEXPECTED_LOAD', location: pdOut }]);
  });

  test('before a crane is named and left to a person, and the next tote is fetched as ever', async () => {
    const rig = await announced(['T-1']);
    rig.conveyor.arrive(3);
    rig.settle().advance(15_000);
    const [question] = rig.questions();
    expect(question).toMatchObject({
      ...{ code: 'UNEXPECTED_LOAD', location: 'A01-PD-IN' },
      resolutions: [{ resolution: 'putBack' }, { resolution: 'removed' }],
    });
    const { loadUnit = '' } = question ?? {};
    expect(rig.unit(loadUnit)).toMatchObject({ place: 'A01-PD-IN', status: 'clarification' });
    await rig.resolve('UNEXPECTED_LOAD', 'removed');
    expect(rig.unit(loadUnit)).toMatchObject({ place: 'OUTSIDE', status: 'gone' });
    stores(rig, 'T-1');
    expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
  });

  test('at a point that the site file does not have changes nothing', async () => {
    const rig = await announced(['T-1']);
    rig.conveyor.arrive(9);
    expect([rig.settle().fatal, rig.rows('decision_point')]).toEqual([[], []]);
  });
});

test('a divert is booked by its confirmation, never by the answer', async () => {
  const rig = await onTheWay();
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle();
  expect([rig.conveyor.answerTo(2, scanSeq), rig.unit('T-1').place]).toEqual([1, pdOut]);
  rig.conveyor.leave(2, scanSeq);
  expect(rig.settle().unit('T-1').place).toBe('PICK-01');
});

test('a confirmation is acknowledged only once it is stored', async () => {
  const rig = await onTheWay();
  const scanSeq = rig.conveyor.arrive(2);
  rig.settle();
  const ack = () => rig.conveyor.outputs.at(-1)?.points.get(2)?.confirmAck;
  rig.conveyor.leave(2, scanSeq);
  expect(ack()).toBe(0);
  rig.settle();
  expect(ack()).toBe(1);
});

test('two totes in a lane leave it in the order in which they came', async () => {
  const rig = await onTheWay();
  await rig.command('order.create', orderFor('SO-2', 'T-2'));
  craneRuns(rig);
  const before = rig.conveyor.arrive(2);
  rig.settle();
  rig.conveyor.leave(2, before);
  rig.settle();
  expect(rig.unit('T-1').place).toBe('PICK-01');
  outfeeds(rig);
  expect(rig.unit('T-2').place).toBe('PICK-01');
});

describe('a load leaves otherwise than it was told', () => {
  test.each(['late', 'exitFull', 'exitDown', 'notEnabled'] as const)('%s', async (outcome) => {
    const rig = await announced(['T-1']);
    const scanSeq = inducts(rig, 'T-1');
    rig.conveyor.confirm(1, { scanSeq, exitTaken: 2, outcome });
    rig.settle();
    expect(rig.unit('T-1')).toMatchObject({ place: 'REJECT-01', status: 'clarification' });
    expect([rig.asked, rig.rows('reservation'), rig.rows('workflow')]).toEqual([
      ['DIVERTED'],
      [],
      [],
    ]);
    stores(rig, 'T-1');
    expect([rig.unit('T-1').place, rig.asked]).toEqual([first, []]);
  });

  test('before it was read: nobody knows it, nothing is left waiting, and the next one is identified', async () => {
    const rig = await announced(['T-1']);
    const scanSeq = rig.conveyor.arrive(1);
    rig.settle();
    rig.conveyor.confirm(1, { scanSeq, exitTaken: 2, outcome: 'late' });
    rig.settle();
    expect([rig.asked, rig.rows('workflow'), rig.fatal]).toEqual([['TRACKING_LOST'], [], []]);
    stores(rig, 'T-1');
    expect(rig.unit('T-1').place).toBe(first);
  });

  test.each([
    // It stands there no more, and must not pass for the next one.
    ['vanished', 'CLARIFICATION'],
    ['jammed', 'IN-01'],
  ] as const)('%s: it is in question, at %s', async (outcome, place) => {
    const rig = await announced(['T-1']);
    const scanSeq = inducts(rig, 'T-1');
    rig.conveyor.confirm(1, { scanSeq, exitTaken: 0, outcome });
    rig.settle();
    expect(rig.unit('T-1')).toMatchObject({ place, status: 'clarification' });
    await rig.resolve('TRACKING_LOST', 'placed', second);
    expect(rig.unit('T-1')).toMatchObject({ place: second, status: 'present' });
    expect(rig.told().at(-1)).toBe(`T-1 relocated ${place} > ${second}`);
  });
});

describe('tracking is lost', () => {
  test('a load that was past its divert when its controller restarted is looked for', async () => {
    const rig = await onTheWay();
    const scanSeq = rig.conveyor.arrive(2);
    rig.settle();
    rig.conveyor.confirm(2, { scanSeq: 0, exitTaken: 0, outcome: 'restarted' });
    rig.settle();
    expect(rig.unit('T-1')).toMatchObject({ status: 'clarification', workflow: undefined });
    expect([scanSeq, rig.asked.toSorted()]).toEqual([1, ['ORDER_STUCK', 'TRACKING_LOST']]);
  });

  test('its memory is lost: it counts from one again, and what was open is in question', async () => {
    const rig = await announced(['T-1'], ['T-2']);
    inducts(rig, 'T-1');
    rig.conveyor.restart();
    rig.settle();
    toPd(rig, inducts(rig, 'T-2'));
    // What stands before the crane may be T-1, which has gone and was not heard of.
    expect(rig.crane.command).toBeUndefined();
    expect(rig.unit('T-1')).toMatchObject({ status: 'clarification', place: 'IN-01' });
    expect(rig.asked).toEqual(['TRACKING_LOST']);
    await rig.resolve('TRACKING_LOST', 'removed');
    craneRuns(rig);
    expect([rig.unit('T-2').place, rig.asked]).toEqual([first, []]);
  });

  test.each(['scans', 'confirmations'] as const)(
    '%s are missing: open loads are in question, once',
    async (what) => {
      const rig = await announced(['T-1'], ['T-2']);
      inducts(rig, 'T-1');
      const gap = { type: 'conveyor.gap', point: 1, era: 500, what, from: 2, to: 7 } as const;
      rig.conveyor.tell(gap);
      rig.settle();
      expect(rig.asked.toSorted()).toEqual(['TRACKING_GAP', 'TRACKING_LOST']);
      expect(rig.unit('T-1').status).toBe('clarification');
      const scan = { scanSeq: 8, read: 'arrivalOnly', answerState: 'waiting', code: '' } as const;
      const measures = { heightMm: undefined, massG: undefined };
      rig.conveyor.tell({
        ...{ type: 'conveyor.scanned', point: 1, era: 500, scan: { ...scan, ...measures } },
      } as never);
      rig.read('scan-in-1', 'T-2');
      rig.conveyor.tell(gap);
      rig.settle();
      expect(rig.unit('T-2')).toMatchObject({ place: 'IN-01', status: 'present' });
    },
  );
});

describe('whose conveyor it is', () => {
  test('an earlier claim of ours is replaced, and answers go on', async () => {
    const rig = await announced(['T-1']);
    const scanSeq = inducts(rig, 'T-1');
    rig.restart();
    expect(rig.conveyor.outputs.at(-1)).toMatchObject({ claim: { epoch: 2 }, enable: true });
    expect(rig.conveyor.answerTo(1, scanSeq)).toBe(1);
  });

  test('another controller: nothing is written, and the question goes when it is ours again', async () => {
    const rig = await announced(['T-1']);
    rig.kill();
    const ours = rig.conveyor.claim;
    rig.conveyor.claim = { epoch: 9, nonce: 9 };
    const before = rig.conveyor.outputs.length;
    rig.restart();
    expect(rig.conveyor.outputs.slice(before).every(({ claim }) => claim === undefined)).toBe(true);
    expect(rig.asked).toEqual(['FOREIGN_CONTROLLER']);
    rig.conveyor.claim = ours;
    rig.restart();
    expect([rig.conveyor.outputs.at(-1)?.enable, rig.asked]).toEqual([true, []]);
  });
});

test('a jam is asked about as long as it is there', async () => {
  const rig = await announced();
  const point = { type: 'conveyor.pointChanged', point: 1, exitsFull: [], exitsDown: [] } as const;
  const jam = { ...point, state: 'jam', faultCode: 3 } as const;
  rig.conveyor.tell(jam);
  rig.conveyor.tell(jam);
  expect(rig.settle().questions()).toMatchObject([{ code: 'CONVEYOR_JAM', location: 'IN-01' }]);
  rig.conveyor.tell({ ...point, state: 'running', faultCode: 0 });
  expect(rig.settle().asked).toEqual([]);
});

test('what stands at the workstation is never taken for what comes next', async () => {
  const rig = await onTheWay();
  outfeeds(rig);
  await rig.command('order.create', orderFor('SO-2', 'T-2'));
  retrieves(rig, 'T-2');
  expect([rig.order('SO-1')?.status, rig.order('SO-2')?.status]).toEqual(['active', 'completed']);
});
