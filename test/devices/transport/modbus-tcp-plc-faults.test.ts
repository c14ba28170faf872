import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { bind } from '../../../devices/lib/codec.ts';
import { connectModbusTcp, type ModbusConnection } from '../../../devices/transport/modbus-tcp.ts';
import { ModbusServer, type RegisterBank } from '../../../simulators/lib/modbus-server.ts';
import { DeviceTimeoutError, DeviceUnavailableError } from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { readConveyorInterface } from '../../lib/interfaces.ts';
import { ManualClock } from '../../lib/manual-clock.ts';
import { rawClient } from '../../lib/raw-tcp.ts';
import { systemClock } from '../../lib/system-clock.ts';

// What a PLC or a gateway can do to a Modbus client, each case on real sockets.

const { signal } = new AbortController();
const requestLimitMs = 500;
const connections: ModbusConnection[] = [];
afterEach(() => {
  for (const connection of connections.splice(0)) connection.close();
});

async function ours(port: number, clock: Clock = systemClock): Promise<ModbusConnection> {
  const connection = await connectModbusTcp({
    ...{ host: '127.0.0.1', port, unit: 1, connectLimitMs: 5000, requestLimitMs, clock, signal },
  });
  connections.push(connection);
  return connection;
}

async function plcWith(bank: Partial<RegisterBank> = {}, connectionsMax = 2) {
  const image = new Uint16Array(65_536).map((_, address) => address);
  const plc = new ModbusServer({ units: { 1: { image, ...bank } }, connectionsMax });
  onTestFinished(() => plc.close());
  return { plc, image, port: await plc.listen(0) };
}

test.each([
  [2, 'The device has no such register'],
  [6, 'The device is busy'],
  [11, 'The gateway gets no answer from the device'],
])('exception %i is told in words, and the connection goes on', async (code, message) => {
  let exception: number | undefined = code;
  const { port } = await plcWith({ exception: () => exception });
  const connection = await ours(port);
  const refused = connection.readHolding(1, 1, signal);
  await expect(refused).rejects.toMatchObject({ message, context: { exception: code } });
  exception = undefined;
  expect(await connection.readHolding(5, 1, signal)).toEqual([5]);
});

test('slow PLC: within its limit it is waited for, beyond it nothing is known', async () => {
  const clock = new ManualClock();
  const late = { kind: 'late' as const, ms: 400, clock };
  const { plc, port, image } = await plcWith({ fault: () => late });
  const connection = await ours(port, clock);
  const inTime = connection.readHolding(7, 1, signal);
  await vi.waitFor(() => expect(clock.waitingMs).toContain(400), { interval: 1 });
  clock.advance(400);
  expect(await inTime).toEqual([7]);
  late.ms = 600;
  const tooLate = connection.writeHolding(7, [1], signal);
  tooLate.catch(() => {});
  await vi.waitFor(() => expect(clock.waitingMs).toContain(600), { interval: 1 });
  clock.advance(500);
  await expect(tooLate).rejects.toThrow(DeviceTimeoutError);
  expect(plc.counters.requests).toBe(1);
  expect(image[7]).toBe(7);
});

test('PLC restart: the old connection tells that it is lost, the next one what the PLC says now', async () => {
  const { plc, port, image } = await plcWith();
  const before = await ours(port);
  expect(await before.readHolding(5, 1, signal)).toEqual([5]);
  image.fill(0);
  plc.drop();
  expect(await before.closed).toBeInstanceOf(DeviceUnavailableError);
  await expect(before.readHolding(5, 1, signal)).rejects.toThrow(DeviceUnavailableError);
  expect(await (await ours(port)).readHolding(5, 1, signal)).toEqual([0]);
});

test('9th connection: a PLC whose places are taken is unavailable, until one of them is free', async () => {
  const { plc, port } = await plcWith({}, 8);
  const others = await Promise.all(Array.from({ length: 8 }, () => rawClient(port)));
  await vi.waitFor(() => expect(plc.counters.connections).toBe(8), { interval: 1 });
  const ninth = await ours(port);
  await expect(ninth.readHolding(5, 1, signal)).rejects.toSatisfy(
    (error) => error instanceof DeviceTimeoutError || error instanceof DeviceUnavailableError,
  );
  expect(plc.counters.refused).toBe(1);
  const [gone] = others;
  gone?.socket.destroy();
  await vi.waitFor(
    async () => expect(await (await ours(port)).readHolding(5, 1, signal)).toEqual([5]),
    { timeout: 5000 },
  );
  for (const { socket } of others) socket.destroy();
});

test('command written, answer lost: unknown to us, done once there, and read back afterwards', async () => {
  const clock = new ManualClock();
  const { plc, port, image } = await plcWith();
  const connection = await ours(port, clock);
  plc.mute(true, 'answers');
  const written = connection.writeHolding(1000, [4711], signal);
  written.catch(() => {});
  await vi.waitFor(() => expect(plc.counters.requests).toBe(1), { interval: 1 });
  clock.advance(requestLimitMs);
  await expect(written).rejects.toThrow(DeviceTimeoutError);
  plc.mute(false);
  const next = await ours(port, clock);
  expect(await next.readHolding(1000, 1, signal)).toEqual([4711]);
  expect(image[1000]).toBe(4711);
  // The write and the read: nothing was sent again.
  expect(plc.counters.requests).toBe(2);
});

test('torn block: a client that ignores the guards believes what never was, ours drops it', async () => {
  const head = { guardA: 'number', life: 'number', bootId: 'number', guardB: 'number' } as const;
  const block = bind(readConveyorInterface(), 'linkStatus', head);
  const publication = (guard: number, life: number, bootId: number) =>
    block.encode({ guardA: guard, life, bootId, guardB: guard });
  const [older, newer] = [publication(7, 100, 1), publication(8, 101, 2)];
  // Copied upwards while the PLC publishes: the beginning is older than the end.
  const torn = older.map((word, i) => (i < 6 ? word : (newer[i] as number)));
  let shown = torn;
  const { port } = await plcWith({ read: () => shown });
  const connection = await ours(port);
  const words = await connection.readHolding(block.base, block.length, signal);
  // `life` of one start of the PLC with `bootId` of another.
  expect(block.decode(words)).toMatchObject({ life: 100, bootId: 2 });
  expect(block.isWhole(words)).toBe(false);
  shown = newer;
  const again = await connection.readHolding(block.base, block.length, signal);
  expect(block.isWhole(again)).toBe(true);
  expect(block.decode(again)).toMatchObject({ life: 101, bootId: 2 });
});
