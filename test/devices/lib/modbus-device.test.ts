import { expect, onTestFinished, test, vi } from 'vitest';
import { ModbusDevice } from '../../../devices/lib/modbus-device.ts';
import { ModbusServer } from '../../../simulators/lib/modbus-server.ts';
import { InvariantError } from '../../../src/domain/errors.ts';
import type { DeviceId } from '../../../src/domain/ids.ts';
import { seededRandom } from '../../../src/machine/random.ts';
import { readConveyorInterface } from '../../lib/interfaces.ts';
import { silent as log } from '../../lib/silent-log.ts';
import { systemClock as clock } from '../../lib/system-clock.ts';

/** A driver whose only wish is this write, on a real connection to a PLC that would take anything. */
async function wishing(address: number, words: number) {
  const image = new Uint16Array(65_536);
  const plc = new ModbusServer({ units: { 1: { image } } });
  const port = await plc.listen(0);
  const bugs: unknown[] = [];
  let written = false;
  const device = new ModbusDevice(
    {
      ...{ id: 'conveyor-1' as DeviceId, file: readConveyorInterface(), clock, log },
      settings: { host: '127.0.0.1', port, unit: 1, interface: 'any', deviceNumber: 1 },
      random: seededRandom(1),
      onBug: (error) => bugs.push(error),
    },
    {
      ...{
        kind: 'conveyor',
        headBlock: 'linkStatus',
        requestLimitMs: 2000,
        onOffline: () => {},
        counters: () => ({}),
      },
      async serve(modbus, signal) {
        await modbus.writeHolding(address, new Array(words).fill(7), signal);
        written = true;
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      },
    },
  );
  device.start();
  onTestFinished(async () => {
    await device.stop();
    await plc.close();
  });
  await vi.waitFor(() => expect(written || bugs.length > 0).toBe(true), { interval: 1 });
  return { bugs, plc, image };
}

test('a whole block that is ours to write reaches the PLC', async () => {
  const { bugs, plc, image } = await wishing(3000, 20);
  expect(bugs).toEqual([]);
  expect(plc.counters.requests).toBe(1);
  expect(image[3019]).toBe(7);
});

test.each([
  ['a block of the PLC', 3100, 88],
  ['part of a block', 3000, 19],
  ['the block beside a repetition', 3201, 34],
  ['a register that nobody knows', 9000, 1],
])('a write of %s stops the process, and no byte of it leaves it', async (_, address, words) => {
  const { bugs, plc, image } = await wishing(address, words);
  expect(bugs).toHaveLength(1);
  expect(bugs[0]).toBeInstanceOf(InvariantError);
  expect(String(bugs[0])).toContain(`a write to ${address} is not allowed`);
  expect(plc.counters.requests).toBe(0);
  expect(image.every((word) => word === 0)).toBe(true);
});
