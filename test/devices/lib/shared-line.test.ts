import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModbusDevice } from '../../../devices/lib/modbus-device.ts';
import { ModbusLines } from '../../../devices/lib/modbus-line.ts';
import { SharedLine } from '../../../devices/lib/shared-line.ts';
import type { ModbusLine } from '../../../devices/transport/modbus.ts';
import { connectModbusTcp, type ModbusConnection } from '../../../devices/transport/modbus-tcp.ts';
import { ModbusServer, type UnitFault } from '../../../simulators/lib/modbus-server.ts';
import { DeviceTimeoutError, DeviceUnavailableError } from '../../../src/domain/errors.ts';
import type { DeviceId } from '../../../src/domain/ids.ts';
import { seededRandom } from '../../../src/machine/random.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { readConveyorInterface } from '../../lib/interfaces.ts';
import { ManualClock } from '../../lib/manual-clock.ts';
import { silent as log } from '../../lib/silent-log.ts';
import { systemClock } from '../../lib/system-clock.ts';

const requestLimitMs = 500;
const { signal } = new AbortController();
const units = [1, 2, 3] as const;
type Unit = (typeof units)[number];

let faults: Partial<Record<Unit, UnitFault>>;
let exceptions: Partial<Record<Unit, number | undefined>>;
let images: Record<Unit, Uint16Array>;
let gateway: ModbusServer;
let port: number;
const places: ModbusLine[] = [];

beforeEach(async () => {
  faults = {};
  exceptions = {};
  const image = (unit: number) => new Uint16Array(65_536).map((_, at) => unit * 10_000 + at);
  images = { 1: image(1), 2: image(2), 3: image(3) };
  const bank = (unit: Unit) => ({
    image: images[unit],
    fault: () => faults[unit],
    exception: () => exceptions[unit],
  });
  gateway = new ModbusServer({ units: { 1: bank(1), 2: bank(2), 3: bank(3) } });
  port = await gateway.listen(0);
});
afterEach(async () => {
  for (const place of places.splice(0)) await place.close();
  await gateway.close();
});

const settingsOf = (unit: number) => ({ host: '127.0.0.1', port, unit, interface: 'any' });
async function joined(lines: ModbusLines, unit: Unit, limitMs = requestLimitMs) {
  const place = await lines.join(settingsOf(unit), { requestLimitMs: limitMs, signal });
  places.push(place);
  return place;
}
async function allJoined(clock: Clock, limitMs = requestLimitMs) {
  const lines = new ModbusLines(clock);
  const [one, two, three] = await Promise.all(units.map((unit) => joined(lines, unit, limitMs)));
  return { lines, one, two, three } as Record<'one' | 'two' | 'three', ModbusLine> & {
    lines: ModbusLines;
  };
}
const seen = (count: number) =>
  vi.waitFor(() => expect(gateway.counters.requests + gateway.counters.ignored).toBe(count), {
    interval: 1,
  });
/** Before a new connection is made. */
async function pauseEnds(clock: ManualClock): Promise<void> {
  await vi.waitFor(() => expect(clock.waitingMs).toContain(50), { interval: 1 });
  clock.advance(50);
}
const quietly = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => {}); // each test looks at it when its time has come
  return promise;
};

test('three devices behind one gateway share one connection, and each reads its own registers', async () => {
  const { one, two, three } = await allJoined(systemClock);
  const reads = [one, two, three].map((place) => place.readHolding(5, 2, signal));
  expect(await Promise.all(reads)).toEqual([
    [10_005, 10_006],
    [20_005, 20_006],
    [30_005, 30_006],
  ]);
  await two.writeHolding(7, [1, 2], signal);
  expect([...images[2].subarray(7, 9)]).toEqual([1, 2]);
  expect(gateway.counters).toMatchObject({ connections: 1, refused: 0, requests: 4 });
});

test('neither a dead device nor a slow one keeps a third from being read', async () => {
  faults[2] = { kind: 'silent' };
  faults[3] = { kind: 'late', ms: 60, clock: systemClock };
  const { lines, one, three } = await allJoined(systemClock);
  const ending = new AbortController();
  const answers = { healthy: 0, slow: 0, silences: 0 };
  const failures: unknown[] = [];
  const poll = async (place: ModbusLine, key: 'healthy' | 'slow') => {
    while (!ending.signal.aborted) {
      try {
        await place.readHolding(0, 1, signal);
        answers[key]++;
      } catch (error) {
        failures.push(error);
        return;
      }
    }
  };
  const dead = async () => {
    for (let asked = 0; asked < 3; asked++) {
      const place = await joined(lines, 2);
      await place.readHolding(0, 1, signal).catch(() => answers.silences++);
    }
    ending.abort();
  };
  await Promise.all([poll(one, 'healthy'), poll(three, 'slow'), dead()]);
  expect(failures).toEqual([]);
  expect(answers.silences).toBe(3);
  // By the time that it took, the slow one has had its share, and the healthy one far more turns.
  expect(answers.slow).toBeGreaterThan(1);
  expect(answers.healthy).toBeGreaterThan(5 * answers.slow);
});

test('when one device times out, reads of the others wait for the new connection; writes are refused unsent until the device has been read', async () => {
  faults[1] = { kind: 'silent' };
  const clock = new ManualClock();
  const { one, two, three } = await allJoined(clock);
  const dead = quietly(one.writeHolding(1, [1], signal));
  await seen(1);
  const read = quietly(two.readHolding(5, 1, signal));
  const write = quietly(three.writeHolding(9, [1], signal));
  clock.advance(requestLimitMs);
  await expect(dead).rejects.toThrow(DeviceTimeoutError);
  await expect(write).rejects.toThrow(DeviceUnavailableError);
  await pauseEnds(clock);
  expect(await read).toEqual([20_005]);
  expect(gateway.counters).toMatchObject({ connections: 2, requests: 1 });

  await expect(three.writeHolding(9, [2], signal)).rejects.toThrow('read first');
  await three.readHolding(9, 1, signal);
  await three.writeHolding(9, [3], signal);
  expect(images[3][9]).toBe(3);
  // Nothing was ever sent again by itself.
  expect(images[1][1]).toBe(10_001);
  expect(gateway.counters.requests).toBe(3);
});

test('a device that lost its line by its own fault has to connect again', async () => {
  faults[1] = { kind: 'silent' };
  const clock = new ManualClock();
  const { one, two } = await allJoined(clock);
  const dead = quietly(one.readHolding(1, 1, signal));
  await seen(1);
  clock.advance(requestLimitMs);
  await expect(dead).rejects.toThrow(DeviceTimeoutError);
  await pauseEnds(clock);
  expect(await two.readHolding(5, 1, signal)).toEqual([20_005]);
  await expect(one.readHolding(1, 1, signal)).rejects.toThrow('Connection has ended');
});

test.each([
  [10, 'The gateway has no path to the device'],
  [11, 'The gateway gets no answer from the device'],
])('exception %i says which side is down, and the connection stays', async (code, text) => {
  exceptions[2] = code;
  const { one, two } = await allJoined(systemClock);
  const refused = two.readHolding(0, 1, signal);
  await expect(refused).rejects.toMatchObject({ message: text, context: { exception: code } });
  expect(await one.readHolding(5, 1, signal)).toEqual([10_005]);
  expect(gateway.counters.connections).toBe(1);
});

test('a busy device is read again a little later, and written to again by nobody', async () => {
  exceptions[1] = 6;
  const clock = new ManualClock();
  const { one } = await allJoined(clock);
  const read = one.readHolding(5, 1, signal);
  await seen(1);
  await vi.waitFor(() => expect(clock.waitingMs).toEqual([50]), { interval: 1 });
  exceptions[1] = undefined;
  clock.advance(50);
  expect(await read).toEqual([10_005]);
  exceptions[1] = 6;
  await expect(one.writeHolding(5, [1], signal)).rejects.toMatchObject({
    message: 'The device is busy',
  });
  expect(gateway.counters.requests).toBe(3);
});

test('when no new connection can be made, every device behind it is told', async () => {
  faults[1] = { kind: 'silent' };
  const clock = new ManualClock();
  const { one, two, three } = await allJoined(clock);
  const dead = quietly(one.readHolding(0, 1, signal));
  await seen(1);
  const waiting = quietly(two.readHolding(0, 1, signal));
  await gateway.close();
  await expect(dead).rejects.toThrow(DeviceTimeoutError);
  await pauseEnds(clock);
  await expect(waiting).rejects.toThrow('Cannot connect');
  await expect(three.readHolding(0, 1, signal)).rejects.toThrow(DeviceUnavailableError);
  gateway = new ModbusServer({ units: {} }); // for the end of the test
  await gateway.listen(0);
});

test('a line that is lost while nothing is asked is lost to every device behind it', async () => {
  let dialed: ModbusConnection | undefined;
  const line = new SharedLine(async (ending) => {
    const where = { host: '127.0.0.1', port, unit: 0, signal: ending };
    const limits = { connectLimitMs: 2000, requestLimitMs, clock: systemClock };
    dialed = await connectModbusTcp({ ...where, ...limits });
    return dialed;
  }, systemClock);
  const [one, two] = await Promise.all(
    [1, 2].map((unit) => line.join({ unit, requestLimitMs }, signal)),
  );
  expect(await one?.readHolding(5, 1, signal)).toEqual([10_005]);
  gateway.drop();
  await dialed?.closed;
  for (const place of [one, two]) {
    await expect(place?.readHolding(0, 1, signal)).rejects.toThrow('Connection has ended');
  }
  expect(gateway.counters.connections).toBe(1);
});

test('a request that is given up leaves the line to the others', async () => {
  faults[1] = { kind: 'late', ms: 100, clock: systemClock };
  const { one, two } = await allJoined(systemClock);
  const quitting = new AbortController();
  const out = quietly(one.readHolding(0, 1, quitting.signal));
  const unsent = quietly(one.writeHolding(0, [1], quitting.signal));
  const other = two.readHolding(5, 1, signal);
  quitting.abort();
  await expect(out).rejects.toThrow(DeviceTimeoutError);
  await expect(unsent).rejects.toThrow('Given up before it was sent');
  expect(await other).toEqual([20_005]);
  expect(gateway.counters).toMatchObject({ connections: 1, requests: 2 });
});

test('the connection ends with the last device, and the next one makes a new one', async () => {
  const { lines, one, two, three } = await allJoined(systemClock);
  await Promise.all([one.close(), two.close()]);
  expect(await three.readHolding(5, 1, signal)).toEqual([30_005]);
  await three.close();
  const again = await joined(lines, 1);
  expect(await again.readHolding(5, 1, signal)).toEqual([10_005]);
  expect(gateway.counters).toMatchObject({ connections: 2 });
});

test('connecting can be given up while the line is dialed for others', async () => {
  const lines = new ModbusLines(new ManualClock());
  const quitting = new AbortController();
  const given = lines.join(settingsOf(1), { requestLimitMs, signal: quitting.signal });
  const kept = joined(lines, 2);
  quitting.abort();
  await expect(given).rejects.toThrow('Connecting was given up');
  expect(await (await kept).readHolding(5, 1, signal)).toEqual([20_005]);
});

test('a device whose neighbor times out reads again before it writes, and is never said to be offline', async () => {
  faults[1] = { kind: 'silent' };
  const clock = new ManualClock();
  const lines = new ModbusLines(clock);
  const told: string[] = [];
  const go: (() => void)[] = [];
  const device = new ModbusDevice(
    {
      ...{ id: 'conveyor-2' as DeviceId, file: readConveyorInterface(), lines, clock, log },
      ...{ settings: { ...settingsOf(2), deviceNumber: 1 }, random: seededRandom(1) },
      onBug: (error) => told.push(String(error)),
    },
    {
      ...{ kind: 'conveyor', headBlock: 'linkStatus', requestLimitMs, counters: () => ({}) },
      async serve(modbus, ending, proved) {
        await modbus.readHolding(0, 1, ending);
        proved();
        told.push('read');
        await new Promise<void>((resolve) => go.push(resolve));
        await modbus.writeHolding(3000, new Array(20).fill(7), ending);
        told.push('written');
        await new Promise<void>((resolve) => ending.addEventListener('abort', () => resolve()));
      },
      onOffline: (reason) => told.push(`offline: ${reason}`),
    },
  );
  device.start();
  await vi.waitFor(() => expect(told).toEqual(['read']), { interval: 1 });
  const neighbor = await joined(lines, 1);
  const dead = quietly(neighbor.readHolding(0, 1, signal));
  await seen(2);
  go[0]?.();
  clock.advance(requestLimitMs);
  await expect(dead).rejects.toThrow(DeviceTimeoutError);
  await pauseEnds(clock);
  await vi.waitFor(() => expect(told).toEqual(['read', 'read']), { interval: 1 });
  go[1]?.();
  await vi.waitFor(() => expect(told).toEqual(['read', 'read', 'written']), { interval: 1 });
  expect(device.status()).toMatchObject({ availability: 'online', link: { reconnects: 1 } });
  await device.stop();
});
