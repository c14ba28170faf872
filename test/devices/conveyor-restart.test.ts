import { expect, test } from 'vitest';
import type { PointBlock } from '../../devices/conveyor/fields.ts';
import { interpretPoint } from '../../devices/conveyor/interpret.ts';
import type { DeviceId } from '../../src/domain/ids.ts';

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
