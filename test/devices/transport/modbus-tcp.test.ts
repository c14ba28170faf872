import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { guardWrites, type Modbus } from '../../../devices/transport/modbus.ts';
import {
  connectModbusTcp,
  type ModbusConnection,
  type ModbusTcpOptions,
  noTraffic,
} from '../../../devices/transport/modbus-tcp.ts';
import { ModbusServer } from '../../../simulators/lib/modbus-server.ts';
import {
  DeviceProtocolError,
  DeviceTimeoutError,
  DeviceUnavailableError,
  InvariantError,
} from '../../../src/domain/errors.ts';
import { ManualClock } from '../../lib/manual-clock.ts';
import { rawServer } from '../../lib/raw-tcp.ts';

const requestLimitMs = 500;
const { signal } = new AbortController();
let clock: ManualClock;
let image: Uint16Array;
let plc: ModbusServer;
let plcPort: number;
let raw: Awaited<ReturnType<typeof rawServer>>;
const connections: ModbusConnection[] = [];

beforeEach(async () => {
  clock = new ManualClock();
  image = new Uint16Array(65_536).map((_, address) => address);
  plc = new ModbusServer({
    units: { 1: { image, writable: [{ base: 1000, length: 52 }] } },
  });
  plcPort = await plc.listen(0);
  raw = await rawServer();
});
afterEach(async () => {
  for (const connection of connections.splice(0)) connection.close();
  await Promise.all([plc.close(), raw.close()]);
});

async function connectTo(port: number, options: Partial<ModbusTcpOptions> = {}) {
  const connection = await connectModbusTcp({
    ...{ host: '127.0.0.1', port, unit: 1, connectLimitMs: 1_000, requestLimitMs },
    ...{ clock, signal, ...options },
  });
  connections.push(connection);
  return connection;
}

/** A connection to a server that says nothing, with one read (or write) sent to it. */
async function asked(what: 'read' | 'write' = 'read') {
  const connection = await connectTo(raw.port);
  const reply =
    what === 'read'
      ? connection.readHolding(2000, 2, signal)
      : connection.writeHolding(1000, [7, 8], signal);
  reply.catch(() => {}); // each test looks at it when its time has come
  const peer = await raw.peer();
  const request = await peer.frame();
  return { connection, reply, peer, id: request.toString('hex', 0, 2) };
}

test('blocks are read and written as they stand in the PLC', async () => {
  const connection = await connectTo(plcPort);
  expect(await connection.readHolding(2000, 125, signal)).toEqual([...image.subarray(2000, 2125)]);
  await connection.writeHolding(1000, [0, 1, 0xffff], signal);
  expect([...image.subarray(1000, 1004)]).toEqual([0, 1, 0xffff, 1003]);
  expect(connection.counters).toEqual({ ...noTraffic(), requests: 2 });
  expect(clock.waitingMs).toEqual([]);
});

test('requests made at once go out one by one, and each gets its own reply', async () => {
  const connection = await connectTo(raw.port);
  const replies = [10, 20, 30].map((address) => connection.readHolding(address, 1, signal));
  const peer = await raw.peer();
  for (const address of [10, 20, 30]) {
    const request = await peer.frame();
    expect(peer.waiting).toBe(0);
    expect(request.readUInt16BE(8)).toBe(address);
    peer.send(`${request.toString('hex', 0, 2)} 0000 0005 01 03 02 00${address}`);
  }
  expect(await Promise.all(replies)).toEqual([[0x10], [0x20], [0x30]]);
});

test('300 requests in a row have 300 ids, and none gets the reply of another', async () => {
  const connection = await connectTo(raw.port);
  const ids = new Set<number>();
  for (let i = 0; i < 300; i++) {
    const reply = connection.readHolding(i, 1, signal);
    const peer = await raw.peer();
    const request = await peer.frame();
    ids.add(request.readUInt16BE(0));
    const value = i.toString(16).padStart(4, '0');
    peer.send(`${request.toString('hex', 0, 2)} 0000 0005 01 03 02 ${value}`);
    expect(await reply).toEqual([i]);
  }
  expect(ids.size).toBe(300);
});

test('a reply may come in pieces of any size', async () => {
  const { reply, peer, id } = await asked();
  peer.socket.setNoDelay(true);
  for (const byte of Buffer.from(`${id}00000007010304000100ff`, 'hex')) {
    await new Promise<void>((resolve) => peer.socket.write(Buffer.of(byte), () => resolve()));
  }
  expect(await reply).toEqual([1, 0xff]);
});

test('an exception is typed, and the connection goes on', async () => {
  const connection = await connectTo(plcPort);
  const refused = connection.writeHolding(2000, [1], signal);
  await expect(refused).rejects.toThrow(DeviceProtocolError);
  await expect(refused).rejects.toMatchObject({ context: { exception: 2 } });
  expect(image[2000]).toBe(2000);
  expect(await connection.readHolding(5, 1, signal)).toEqual([5]);
  expect(connection.counters).toMatchObject({ exceptions: 1, framingErrors: 0 });
});

test('without a reply in time nothing is known, and the connection has ended', async () => {
  const counters = noTraffic();
  const connection = await connectTo(plcPort, { counters });
  plc.mute(true);
  const reply = connection.writeHolding(1000, [1], signal);
  await vi.waitFor(() => expect(plc.counters.ignored).toBe(1), { interval: 1 });
  clock.advance(requestLimitMs - 1);
  expect(counters.timeouts).toBe(0);
  clock.advance(1);
  await expect(reply).rejects.toThrow(DeviceTimeoutError);
  expect(await connection.closed).toBeInstanceOf(DeviceTimeoutError);
  expect(counters.timeouts).toBe(1);
  await expect(connection.readHolding(0, 1, signal)).rejects.toThrow(DeviceUnavailableError);
});

test('a reply that comes after its deadline answers nothing, on no connection', async () => {
  const { reply, peer, id } = await asked();
  clock.advance(requestLimitMs);
  await expect(reply).rejects.toThrow('No reply in time');
  peer.send(`${id} 0000 0007 01 03 04 dead dead`);
  await peer.closing(); // or a PLC with few places would run out of them
  const next = await connectTo(raw.port);
  const again = next.readHolding(2000, 2, signal);
  const nextPeer = await raw.peer(1);
  const request = await nextPeer.frame();
  nextPeer.send(`${request.toString('hex', 0, 2)} 0000 0007 01 03 04 0001 0002`);
  expect(await again).toEqual([1, 2]);
});

test('a reply with the id of another request is dropped and counted; the right one is taken', async () => {
  const { connection, reply, peer, id } = await asked();
  peer.send(`7777 0000 0007 01 03 04 dead dead ${id} 0000 0007 01 03 04 0001 0002`);
  expect(await reply).toEqual([1, 2]);
  expect(connection.counters).toMatchObject({ lateReplies: 1, framingErrors: 0 });
});

test('a reply that comes twice does not answer the next request', async () => {
  const { connection, reply, peer, id } = await asked();
  const answer = `${id} 0000 0007 01 03 04 0001 0002`;
  peer.send(`${answer} ${answer}`);
  await reply;
  const next = connection.readHolding(2000, 2, signal);
  const nextId = (await peer.frame()).toString('hex', 0, 2);
  peer.send(`${answer} ${nextId} 0000 0007 01 03 04 0003 0004`);
  expect(await next).toEqual([3, 4]);
  expect(connection.counters.lateReplies).toBe(2);
});

test.each([
  ['a length of 0', 'read', 'ID 0000 0000'],
  ['a length of 1', 'read', 'ID 0000 0001 01'],
  ['a length above 254', 'read', 'ID 0000 00ff 01 03'],
  ['another protocol', 'read', 'ID 0001 0007 01 03 04 0001 0002'],
  ['no Modbus at all', 'read', '48 54 54 50 2f 31 2e 31'],
  ['another unit', 'read', 'ID 0000 0007 02 03 04 0001 0002'],
  ['another function', 'read', 'ID 0000 0007 01 04 04 0001 0002'],
  ['an exception of another function', 'read', 'ID 0000 0003 01 90 02'],
  ['an exception of another unit', 'read', 'ID 0000 0003 02 83 02'],
  ['an exception that is too long', 'read', 'ID 0000 0004 01 83 02 00'],
  ['a function and nothing else', 'read', 'ID 0000 0002 01 03'],
  ['fewer registers than asked for', 'read', 'ID 0000 0005 01 03 02 0001'],
  ['more registers than asked for', 'read', 'ID 0000 0009 01 03 06 0001 0002 0003'],
  ['a byte count that is too small', 'read', 'ID 0000 0007 01 03 02 0001 0002'],
  ['a byte count that is too large', 'read', 'ID 0000 0007 01 03 06 0001 0002'],
  ['a byte count that is odd', 'read', 'ID 0000 0007 01 03 03 0001 0002'],
  ['the echo of another address', 'write', 'ID 0000 0006 01 10 03e9 0002'],
  ['the echo of another quantity', 'write', 'ID 0000 0006 01 10 03e8 0001'],
] as const)('%s in a reply ends the connection', async (_, what, bytes) => {
  const { connection, reply, peer, id } = await asked(what);
  const waiting = connection.readHolding(0, 1, signal);
  peer.send(bytes.replace('ID', id));
  await expect(reply).rejects.toThrow(DeviceProtocolError);
  await expect(reply).rejects.not.toMatchObject({ context: { exception: expect.anything() } });
  await expect(waiting).rejects.toThrow(DeviceUnavailableError);
  expect(await connection.closed).toBeInstanceOf(DeviceProtocolError);
  expect(connection.counters.framingErrors).toBe(1);
});

test.each(['reset', 'end'])(
  'when the PLC closes (%s), the request that is out is in doubt at once, those behind it were not sent',
  async (how) => {
    const { connection, reply, peer } = await asked('write');
    const waiting = connection.writeHolding(1000, [9], signal);
    if (how === 'reset') peer.socket.resetAndDestroy();
    else peer.socket.end();
    await expect(reply).rejects.toThrow(DeviceTimeoutError);
    await expect(waiting).rejects.toThrow(DeviceUnavailableError);
    expect(await connection.closed).toBeInstanceOf(DeviceUnavailableError);
    expect(clock.waitingMs).toEqual([]);
  },
);

test('a request given up while it is out is in doubt; one given up before is not sent', async () => {
  const quitting = new AbortController();
  const connection = await connectTo(raw.port);
  const out = connection.writeHolding(1000, [1], signal);
  const never = connection.writeHolding(1000, [2], quitting.signal);
  const last = connection.writeHolding(1000, [3], quitting.signal);
  const peer = await raw.peer();
  const id = (await peer.frame()).toString('hex', 0, 2);
  quitting.abort();
  peer.send(`${id} 0000 0006 01 10 03e8 0001`);
  await out;
  for (const reply of [never, last]) await expect(reply).rejects.toThrow(DeviceUnavailableError);

  const quittingNow = new AbortController();
  const given = connection.writeHolding(1000, [4], quittingNow.signal);
  expect((await peer.frame()).readUInt16BE(13)).toBe(4);
  quittingNow.abort();
  await expect(given).rejects.toThrow(DeviceTimeoutError);
  expect(await connection.closed).toBeInstanceOf(DeviceTimeoutError);
});

test('more requests than may wait are refused unsent', async () => {
  const connection = await connectTo(raw.port);
  const replies = Array.from({ length: 34 }, () => connection.readHolding(0, 1, signal));
  for (const reply of replies) reply.catch(() => {});
  await expect(replies[33]).rejects.toThrow('Too many requests are waiting');
  connection.close();
  const outcomes = await Promise.allSettled(replies);
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(34);
});

test('closing it ourselves leaves no reason, and the request that is out in doubt', async () => {
  const { connection, reply } = await asked();
  connection.close();
  connection.close();
  await expect(reply).rejects.toThrow(DeviceTimeoutError);
  expect(await connection.closed).toBeUndefined();
});

test('the signal that it was opened with ends it', async () => {
  const stopping = new AbortController();
  const connection = await connectTo(plcPort, { signal: stopping.signal });
  stopping.abort();
  expect(await connection.closed).toBeUndefined();
});

test('a PLC that is not there, or not in time, or no longer wanted, is unavailable', async () => {
  const gone = await rawServer();
  await gone.close();
  const refused = connectTo(gone.port);
  await expect(refused).rejects.toThrow(DeviceUnavailableError);
  await expect(refused).rejects.toMatchObject({ context: { port: gone.port } });

  const slow = connectTo(plcPort);
  clock.advance(1_000);
  await expect(slow).rejects.toThrow('Connecting took too long');

  await expect(connectTo(plcPort, { signal: AbortSignal.abort() })).rejects.toThrow('given up');
  expect(clock.waitingMs).toEqual([]);
});

test('what does not fit a request is our own bug and is not sent', async () => {
  const connection = await connectTo(plcPort);
  for (const words of [[], new Array(124).fill(0), [65_536], [-1], [0.5]]) {
    await expect(connection.writeHolding(1000, words, signal)).rejects.toThrow(InvariantError);
  }
  for (const words of [0, 126]) {
    await expect(connection.readHolding(0, words, signal)).rejects.toThrow(InvariantError);
  }
  expect(connection.counters.requests).toBe(0);
});

test('a write that is not on the list stops the process instead of a crane', async () => {
  const sent: number[] = [];
  const modbus: Modbus = {
    readHolding: async (address, words) => [address, words],
    writeHolding: async (address) => void sent.push(address),
  };
  const guarded = guardWrites(modbus, (address, words) => address === 1000 && words === 2);
  await guarded.writeHolding(1000, [1, 2], signal);
  await expect(guarded.writeHolding(1000, [1], signal)).rejects.toThrow(InvariantError);
  await expect(guarded.writeHolding(1001, [1, 2], signal)).rejects.toThrow(InvariantError);
  expect(await guarded.readHolding(5, 3, signal)).toEqual([5, 3]);
  expect(sent).toEqual([1000]);
});
