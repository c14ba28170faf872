import { expect, test } from 'vitest';
import { lookAtPlc } from '../../devices/start-bit-crane/look.ts';
import { DeviceTimeoutError } from '../../src/domain/errors.ts';
import { FakeRegisters } from '../lib/fake-registers.ts';
import { readStartBitInterface } from '../lib/interfaces.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

const [commandAt, statusAt] = [100, 200];
/** mode, flags, faultCode, travelMm, hoistMm */
const atRest = [4, 0, 0, 0, 1234, 0, 600];

async function looked(status: readonly number[], prepare = (_plc: FakeRegisters): void => {}) {
  const plc = new FakeRegisters();
  plc.set(statusAt, status);
  prepare(plc);
  const line = await plc.connect();
  const { signal } = new AbortController();
  const looks = await lookAtPlc({ line, file: readStartBitInterface(), clock, reads: 4, signal });
  expect(plc.written).toEqual([]);
  const defects = looks.flatMap(({ findings }) => findings.map(({ defect }) => defect));
  return { looks, defects };
}

test('a right crane at rest has no finding, and the position is told for comparing', async () => {
  const { looks, defects } = await looked(atRest);
  expect(defects).toEqual([]);
  expect(looks.flatMap(({ notes }) => notes).join()).toContain('travelMm 1234, hoistMm 600');
  expect(looks.filter(({ isLookedAt }) => !isLookedAt)).toHaveLength(6);
});

test.each([
  ['a mode that is not listed', [77], 'CODE_UNKNOWN'],
  ['busy with done', [4, 3], 'STATE_CONTRADICTS'],
  ['done with a fault code', [4, 2, 101], 'STATE_CONTRADICTS'],
])('it names %s', async (_, status, defect) => {
  expect((await looked(status)).defects).toEqual([defect]);
});

test('it names a start that stands while nothing is busy', async () => {
  const { defects } = await looked(atRest, (plc) => plc.set(commandAt, [1]));
  expect(defects).toEqual(['START_STANDING']);
});

test('it names a position that jumps while nothing is busy', async () => {
  const { defects } = await looked(atRest, (plc) => {
    plc.beforeRead = (at) => {
      if (at === statusAt) plc.set(statusAt + 3, [(plc.image[statusAt + 3] ?? 0) ^ 1]);
    };
  });
  expect(defects).toEqual(['POSITION_UNSTEADY']);
});

test('it names a wire on which nothing answers, and looks no further', async () => {
  const { looks, defects } = await looked(atRest, (plc) => {
    plc.readError = new DeviceTimeoutError('no answer');
  });
  expect(defects).toEqual(['WIRE']);
  expect(looks.filter(({ isLookedAt }) => isLookedAt)).toHaveLength(1);
});
