import { describe, expect, test } from 'vitest';
import type { PointBlock } from '../../devices/conveyor/fields.ts';
import { interpretPoint } from '../../devices/conveyor/interpret.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { claimed, confirmations, output, point, scans, started } from '../lib/conveyor-run.ts';
import { pass } from '../lib/fake-registers.ts';

const scan = (scanSeq: number, answerState: 'waiting' | 'taken') => ({
  ...{ scanSeq, answerState, readResult: 'arrivalOnly', code: '' },
  ...{ lengthMm: 0, widthMm: 0, heightMm: 200, massG: 5_000 },
});
const confirmation = (confirmSeq: number, scanSeq: number, outcome: string) => ({
  ...{ confirmSeq, confirmScanSeq: scanSeq, exitTaken: scanSeq === 0 ? 0 : 1, outcome },
  ...{ confirmHandle: 0 },
});

/** What is told of a reading that holds a restart of the PLC, as kinds and numbers. */
function told(scans: readonly object[], confirmations: readonly object[]) {
  const block = {
    ...{
      pointNumber: 1,
      scanHead: 10,
      confirmHead: 6,
      confirmAcked: 4,
      exitsFull: 0,
      exitsDown: 0,
    },
    ...{ state: 'waitingForAnswer', faultCode: 0, scans, confirmations },
  } as unknown as PointBlock;
  const device = 'conveyor-1' as DeviceId;
  const output = { confirmAck: 4, exitsClosed: 0, answers: [] } as never;
  const reading = { device, block, era: 7, output, isFirst: false, nowMs: 0 };
  const before = interpretPoint(undefined, {
    ...reading,
    block: { ...block, scanHead: 8, confirmHead: 4, scans: [], confirmations: [] },
  }).told;
  return interpretPoint(before, reading).facts.flatMap((fact) => {
    if (fact.type === 'conveyor.scanned') return [`scan ${fact.scan.scanSeq}`];
    if (fact.type === 'conveyor.confirmed') return [`confirmed ${fact.confirmation.scanSeq}`];
    return [];
  });
}

test('a load that was scanned anew after a restart is not one of those that were lost by it', () => {
  expect(
    told(
      [scan(9, 'taken'), scan(10, 'waiting')],
      [confirmation(5, 9, 'asAnswered'), confirmation(6, 0, 'restarted')],
    ),
  ).toEqual(['scan 9', 'confirmed 9', 'confirmed 0', 'scan 10']);
});

test('without a restart scans are told before what became of them', () => {
  expect(
    told(
      [scan(9, 'taken'), scan(10, 'waiting')],
      [confirmation(5, 8, 'asAnswered'), confirmation(6, 9, 'asAnswered')],
    ),
  ).toEqual(['scan 9', 'scan 10', 'confirmed 8', 'confirmed 9']);
});

test('numbers of an era before say nothing to a PLC that has lost its memory', async () => {
  // What the core still holds of the time before: an answer for scan 1, and seven confirmations.
  const before = point({ confirmAck: 7, answers: [{ scanSeq: 1, exit: 3, handle: 5 }] });
  const { plc, clock, driver, told } = started({
    answer: () => output(before),
    prepare: (plc) => plc.show(1, { ...scans(0), ...confirmations(7) }),
  });
  await pass(clock, 700);
  plc.answersFrames.length = 0;
  plc.showLink({ bootId: 0x10003, counterEra: 0x10003 });
  plc.show(1, {
    ...scans(1),
    confirmHead: 1,
    confirmations: [
      { confirmSeq: 1, confirmScanSeq: 0, confirmHandle: 0, exitTaken: 0, outcome: 'restarted' },
    ],
  });
  await pass(clock, 700);
  const frames = () =>
    plc.answersFrames.filter((frame) => frame.pointNumber === 1 && frame.bootIdEcho === 0x10003);
  expect(frames()).not.toEqual([]);
  for (const { confirmAck, answer } of frames()) {
    expect(confirmAck).toBe(0);
    expect(answer.filter(({ answerScanSeq }) => answerScanSeq !== 0)).toEqual([]);
  }
  // The load that was scanned anew is not among those whose tracking was lost.
  expect(told().slice(-4)).toEqual(['1: confirmed 1', '1: scan 1', '1: running', '2: running']);
  driver.drive(output({ ...before, era: 0x10003, confirmAck: 1 }));
  await pass(clock, 100);
  expect(frames().at(-1)).toMatchObject({
    confirmAck: 1,
    answer: expect.arrayContaining([{ answerScanSeq: 1, answerExit: 3, answerHandle: 5 }]),
  });
});

describe('numbers that begin anew without a new era', () => {
  test.each([
    ['of scans', () => scans(2)],
    ['of confirmations', () => confirmations(3)],
    ['of confirmations that only the books have seen', () => confirmations(6)],
  ])('%s: said once, and nothing is sent until the PLC counts in another one', async (_, back) => {
    const wish = output(point({ confirmAck: 7 }));
    const { plc, clock, facts, told } = await claimed(wish, (plc) =>
      plc.show(1, { ...scans(8, 'taken'), ...confirmations(7) }),
    );
    plc.show(1, back());
    await pass(clock, 1_000);
    plc.written.length = 0;
    await pass(clock, 5_000);
    expect(told().slice(-1)).toEqual(['conveyor.misconfigured']);
    expect(facts.at(-1)).toMatchObject({ reason: expect.stringContaining('in counterEra 9') });
    expect(plc.written).toEqual([]);
    plc.showLink({ bootId: 0x10003, counterEra: 0x10003 });
    plc.show(1, { ...scans(1), ...confirmations(0) });
    await pass(clock, 1_000);
    expect(told().slice(-4)).toEqual(['connected', '1: scan 1', '1: running', '2: running']);
  });

  test('a PLC that forgets between two readings has begun another era, and is not blamed', async () => {
    const wish = output(point({ confirmAck: 7 }), point());
    const { plc, clock, told } = await claimed(wish, (plc) =>
      plc.show(1, { ...scans(8, 'taken'), ...confirmations(7) }),
    );
    const publish = plc.beforeRead;
    plc.beforeRead = (address) => {
      // The link has just been read with its era before.
      if (address !== 3100 && plc.status.counterEra === 9) {
        plc.showLink({ bootId: 0x10003, counterEra: 0x10003 });
        plc.show(1, { ...scans(1), ...confirmations(0) });
      }
      publish(address);
    };
    await pass(clock, 3_000);
    expect(told()).not.toContain('conveyor.misconfigured');
    expect(told().slice(-4)).toEqual(['restarted', '1: scan 1', '1: running', '2: running']);
  });
});
