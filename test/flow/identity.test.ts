import { expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import { announced } from '../lib/flow-rig.ts';
import { inducts } from '../lib/stories.ts';

test('what cannot be read never gets the code of the tote before, though that one could come again', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  const before = inducts(rig, 'T-1', { massG: 60_000 });
  rig.conveyor.leave(1, before);
  rig.settle();
  const next = inducts(rig, undefined);
  expect(rig.conveyor.answerTo(1, next)).toBe(2);
  expect(rig.unit('T-1').place).toBe('REJECT-01');
  expect(rig.unit('UNKNOWN-1').place).toBe('IN-01');
});

test('an arrival that is told twice in one group is one load at its point', async () => {
  const rig = await announced(['T-1']);
  const arrival = {
    ...{ device: 'conveyor-1' as DeviceId, type: 'conveyor.scanned' as const, point: 1, era: 500 },
    scan: {
      ...{ scanSeq: 1, read: 'arrivalOnly' as const, answerState: 'waiting' as const, code: '' },
      ...{ heightMm: 200, massG: 9_000 },
    },
  };
  rig.tell(arrival, arrival);
  const [{ body = '' } = {}] = rig.rows('decision_point');
  expect(JSON.parse(String(body)).open).toHaveLength(1);
});
