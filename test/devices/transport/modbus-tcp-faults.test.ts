import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import modbusSerial from 'modbus-serial';
import { afterEach, expect, onTestFinished, test } from 'vitest';
import { connectModbusTcp, type ModbusConnection } from '../../../devices/transport/modbus-tcp.ts';
import { ModbusServer, type RegisterBank } from '../../../simulators/lib/modbus-server.ts';
import {
  DeviceProtocolError,
  DeviceTimeoutError,
  DeviceUnavailableError,
} from '../../../src/domain/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import { ManualClock } from '../../lib/manual-clock.ts';
import { rawServer } from '../../lib/raw-tcp.ts';
import { systemClock } from '../../lib/system-clock.ts';

// What a wire can do to a Modbus client, each case on real sockets. Where the bare library goes wrong,
// the same case is shown with it first: a fault that it survived would prove nothing about ours.

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

/** The library as it is. @param limitMs  its timeout; undefined: as it comes, none */
async function bare(port: number, limitMs?: number) {
  const client = new modbusSerial.default();
  await client.connectTCP('127.0.0.1', { port });
  client.setID(1);
  if (limitMs !== undefined) client.setTimeout(limitMs);
  client.on('error', () => {});
  onTestFinished(() => void client.destroy(() => {}));
  return client;
}

async function silentServer() {
  const raw = await rawServer();
  onTestFinished(() => raw.close());
  return raw;
}

async function plcWith(bank: Partial<RegisterBank> = {}, connectionsMax = 2) {
  const image = new Uint16Array(65_536).map((_, address) => address);
  const plc = new ModbusServer({ units: { 1: { image, ...bank } }, connectionsMax });
  onTestFinished(() => plc.close());
  return { plc, image, port: await plc.listen(0) };
}

/** The reply to a read of one register: `value`. */
const replyTo = (request: Buffer, value: number) =>
  `${request.toString('hex', 0, 2)} 0000 0005 01 03 02 ${value.toString(16).padStart(4, '0')}`;

test('late reply after a timeout: the bare library gives it to another request', async () => {
  const raw = await silentServer();
  const client = await bare(raw.port, 100);
  const lost = client.readHoldingRegisters(9999, 1);
  const peer = await raw.peer();
  const first = await peer.frame();
  await expect(lost).rejects.toMatchObject({ name: 'TransactionTimedOutError' });
  client.setTimeout(10_000);
  for (let i = 0; i < 255; i++) {
    const answered = client.readHoldingRegisters(i, 1);
    peer.send(replyTo(await peer.frame(), i));
    await answered;
  }
  const victim = client.readHoldingRegisters(4242, 1);
  await peer.frame();
  peer.send(replyTo(first, 9999));
  expect((await victim).data).toEqual([9999]);
});

test('late reply after a timeout: ours is gone with its connection, and answers nothing', async () => {
  const raw = await silentServer();
  const clock = new ManualClock();
  const connection = await ours(raw.port, clock);
  const lost = connection.readHolding(9999, 1, signal);
  lost.catch(() => {});
  const peer = await raw.peer();
  const first = await peer.frame();
  clock.advance(requestLimitMs);
  await expect(lost).rejects.toThrow(DeviceTimeoutError);
  const next = await ours(raw.port, clock);
  const victim = next.readHolding(4242, 1, signal);
  const nextPeer = await raw.peer(1);
  const request = await nextPeer.frame();
  peer.send(replyTo(first, 9999));
  nextPeer.send(replyTo(request, 4242));
  expect(await victim).toEqual([4242]);
});

test('300 requests in flight: the bare library answers some with the registers of others', async () => {
  const { port } = await plcWith();
  const client = await bare(port, 1000);
  const reads = Array.from({ length: 300 }, (_, i) => client.readHoldingRegisters(i, 1));
  const outcomes = await Promise.allSettled(reads);
  const wrong = outcomes.filter(
    (outcome, i) => outcome.status === 'fulfilled' && outcome.value.data[0] !== i,
  );
  expect(wrong.length).toBeGreaterThan(0);
});

test('300 requests in flight: each of ours is answered with its own register or refused unsent', async () => {
  const { port, plc } = await plcWith();
  const connection = await ours(port);
  const outcomes = await Promise.allSettled(
    Array.from({ length: 300 }, (_, i) => connection.readHolding(i, 1, signal)),
  );
  const answered = outcomes.filter(({ status }) => status === 'fulfilled').length;
  expect(answered).toBe(plc.counters.requests);
  expect(answered).toBeGreaterThan(0);
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') expect(outcome.value).toEqual([i]);
    else expect(outcome.reason).toBeInstanceOf(DeviceUnavailableError);
  }
});

/** Ends a connection while a request waits for its reply. */
const endings = {
  RST: (socket: Socket) => void socket.resetAndDestroy(),
  FIN: (socket: Socket) => void socket.end(),
};

test.each(['RST', 'FIN'] as const)(
  '%s with a request pending: the bare library notices nothing before its timeout',
  async (how) => {
    const raw = await silentServer();
    const client = await bare(raw.port, 400);
    const pending = client.readHoldingRegisters(1, 1);
    const peer = await raw.peer();
    await peer.frame();
    endings[how](peer.socket);
    await expect(pending).rejects.toMatchObject({ name: 'TransactionTimedOutError' });
  },
);

test.each(['RST', 'FIN'] as const)(
  '%s with a request pending: ours is in doubt at once, though no time has passed',
  async (how) => {
    const raw = await silentServer();
    const connection = await ours(raw.port, new ManualClock());
    const pending = connection.readHolding(1, 1, signal);
    pending.catch(() => {});
    const peer = await raw.peer();
    await peer.frame();
    endings[how](peer.socket);
    await expect(pending).rejects.toThrow('Connection was lost before the reply');
    expect(await connection.closed).toBeInstanceOf(DeviceUnavailableError);
  },
);

/** A peer that never ends its half of a connection, as one whose machine has lost its power. */
async function halfOpen() {
  const sockets: Socket[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    socket.resume();
    sockets.push(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

test('half-open peer: the bare library stays open when it is closed', async () => {
  const port = await halfOpen();
  const client = await bare(port, 200);
  await expect(client.readHoldingRegisters(1, 1)).rejects.toMatchObject({
    name: 'TransactionTimedOutError',
  });
  let isClosed = false;
  client.close(() => {
    isClosed = true;
  });
  // A whole connection later to the same peer it is open still, and can do nothing any more.
  await bare(port);
  expect({ isClosed, isOpen: client.isOpen }).toEqual({ isClosed: false, isOpen: true });
  await expect(client.readHoldingRegisters(1, 1)).rejects.toThrow();
});

test('half-open peer: ours ends at its deadline, and closing it needs nobody else', async () => {
  const port = await halfOpen();
  const clock = new ManualClock();
  const connection = await ours(port, clock);
  const pending = connection.readHolding(1, 1, signal);
  pending.catch(() => {});
  clock.advance(requestLimitMs);
  await expect(pending).rejects.toThrow(DeviceTimeoutError);
  expect(await connection.closed).toBeInstanceOf(DeviceTimeoutError);
  const closing = await ours(port, clock);
  closing.close();
  expect(await closing.closed).toBeUndefined();
});

const noModbus = Buffer.from('HTTP/1.1').toString('hex');

test('garbage header: the bare library never finds a frame again', async () => {
  const raw = await silentServer();
  const client = await bare(raw.port, 200);
  const spoilt = client.readHoldingRegisters(1, 1);
  const peer = await raw.peer();
  await peer.frame();
  peer.send(noModbus);
  await expect(spoilt).rejects.toThrow();
  for (let i = 0; i < 3; i++) {
    const next = client.readHoldingRegisters(2, 1);
    peer.send(replyTo(await peer.frame(), 2));
    await expect(next).rejects.toThrow();
  }
});

test('garbage header: ours ends the connection, and the next one is right', async () => {
  const raw = await silentServer();
  const connection = await ours(raw.port);
  const spoilt = connection.readHolding(1, 1, signal);
  spoilt.catch(() => {});
  const peer = await raw.peer();
  await peer.frame();
  peer.send(noModbus);
  await expect(spoilt).rejects.toThrow(DeviceProtocolError);
  const next = await ours(raw.port);
  const read = next.readHolding(2, 1, signal);
  const nextPeer = await raw.peer(1);
  nextPeer.send(replyTo(await nextPeer.frame(), 2));
  expect(await read).toEqual([2]);
});
