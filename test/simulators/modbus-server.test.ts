import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import {
  ModbusServer,
  type ModbusServerOptions,
  type RegisterBank,
} from '../../simulators/lib/modbus-server.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { type RawPeer, rawClient } from '../lib/raw-tcp.ts';

let image: Uint16Array;
let server: ModbusServer;
let port: number;
let clients: RawPeer[];

beforeEach(async () => {
  image = new Uint16Array(65_536);
  clients = [];
  await serve({});
});
afterEach(async () => {
  for (const { socket } of clients) socket.destroy();
  await server.close();
});

async function serve(bank: Partial<RegisterBank>, options: Partial<ModbusServerOptions> = {}) {
  await server?.close();
  server = new ModbusServer({ units: { 1: { image, ...bank } }, ...options });
  port = await server.listen(0);
}

async function client() {
  const peer = await rawClient(port);
  clients.push(peer);
  return peer;
}

/** @param pdu  hex  @returns the answer's unit and PDU as hex */
async function ask(pdu: string, { unit = '01', peer = undefined as RawPeer | undefined } = {}) {
  const bytes = Buffer.from(unit + pdu.replaceAll(' ', ''), 'hex');
  const asking = peer ?? (await client());
  asking.send(`abcd 0000 ${bytes.length.toString(16).padStart(4, '0')} ${bytes.toString('hex')}`);
  const answer = await asking.frame();
  expect(answer.toString('hex', 0, 4)).toBe('abcd0000');
  return answer.toString('hex', 6);
}

test('a block is read as it stands in the image', async () => {
  image.set([0x0102, 0x0304], 2002);
  expect(await ask('03 07d2 0002')).toBe('01030401020304');
});

test('a write of several registers is in the image as one piece when it is told', async () => {
  const told: unknown[] = [];
  await serve({
    onWrite: (address, words) => told.push([address, ...image.subarray(address, address + words)]),
  });
  expect(await ask('10 03e8 0002 04 1234 5678')).toBe('011003e80002');
  expect(await ask('06 03e9 9999')).toBe('010603e99999');
  expect(told).toEqual([
    [1000, 0x1234, 0x5678],
    [1001, 0x9999],
  ]);
});

test('function 23 writes first, then reads', async () => {
  image[10] = 7;
  expect(await ask('17 000a 0002 000b 0001 02 0042')).toBe('01170400070042');
});

test('reads can be answered by a function instead of the image', async () => {
  await serve({ read: (address, words) => new Array(words).fill(address) });
  expect(await ask('03 0005 0002')).toBe('01030400050005');
});

test.each([
  ['a function that is not there', '04 0000 0001', '018401'],
  ['a read outside what exists', '03 0064 0003', '018302'],
  ['a read past the last address', '03 ffff 0002', '018302'],
  ['a write outside what may be written', '10 0000 0001 02 0000', '019002'],
  ['a single write there', '06 0000 0001', '018602'],
  ['nothing read', '03 0000 0000', '018303'],
  ['126 registers read', '03 0000 007e', '018303'],
  ['a read of the wrong length', '03 0000', '018303'],
  ['nothing written', '10 0065 0000 00', '019003'],
  ['a byte count that does not fit', '10 0065 0001 04 0000', '019003'],
  ['more values than it says', '10 0065 0001 02 0000 0000', '019003'],
  ['values missing', '10 0065 0002 04 0000', '019003'],
  ['a write without its values', '10 0065', '019003'],
  ['function 23 without its values', '17 0000', '019703'],
  ['function 23 reading what does not exist', '17 0066 0001 0065 0001 02 0001', '019702'],
])('%s is answered with an exception, and nothing is written', async (_, pdu, answer) => {
  const ranges = { readable: [{ base: 0, length: 102 }], writable: [{ base: 101, length: 2 }] };
  await serve(ranges);
  expect(await ask(pdu)).toBe(answer);
  expect(image.every((word) => word === 0)).toBe(true);
  expect(server.counters).toMatchObject({ requests: 1, exceptions: 1 });
});

test('another unit is answered as a gateway does whose device is not there', async () => {
  expect(await ask('03 0000 0001', { unit: '09' })).toBe('09830b');
});

test('requests in pieces, and several in one piece, are answered in order', async () => {
  image[1] = 0x0101;
  const peer = await client();
  peer.socket.write(Buffer.from('00010000', 'hex'));
  await ask('03 0000 0001'); // another connection: the first piece has arrived by now
  peer.send('0006 01 03 0001 0001 0002 0000 0006 01 03 0000 0001');
  expect((await peer.frame()).toString('hex')).toBe('0001000000050103020101');
  expect((await peer.frame()).toString('hex')).toBe('0002000000050103020000');
});

test.each(['0001 0001 0006 01', '0001 0000 0001 01', '0001 0000 00ff 01'])(
  'a header that Modbus TCP does not allow ends the connection (%s)',
  async (hex) => {
    const peer = await client();
    peer.send(hex);
    await peer.closing();
    expect(server.counters.framingErrors).toBe(1);
  },
);

test('the third connection is refused, the first two go on', async () => {
  const first = await client();
  const second = await client();
  await ask('03 0000 0001', { peer: second });
  const third = await client();
  await third.closing();
  expect(await ask('03 0000 0001', { peer: first })).toBe('0103020000');
  expect(server.counters).toMatchObject({ connections: 2, refused: 1 });
});

test('dropped connections make room for new ones', async () => {
  const peers = [await client(), await client()];
  for (const peer of peers) await ask('03 0000 0001', { peer });
  const closed = peers.map((peer) => peer.closing());
  server.drop();
  await Promise.all(closed);
  expect(await ask('03 0000 0001')).toBe('0103020000');
});

test('a mute server takes connections and requests, and never looks at them', async () => {
  const peer = await client();
  server.mute(true);
  peer.send('0001 0000 0009 01 10 0000 0001 02 0007');
  await vi.waitFor(() => expect(server.counters.ignored).toBe(1), { interval: 1 });
  server.mute(false);
  expect(await ask('03 0000 0001', { peer })).toBe('0103020000');
  expect(peer.waiting).toBe(0);
});

test('an answer that is lost leaves its write done', async () => {
  let written = () => {};
  const done = new Promise<void>((resolve) => {
    written = resolve;
  });
  await serve({ onWrite: () => written() });
  const peer = await client();
  server.mute(true, 'answers');
  peer.send('0001 0000 0009 01 10 0000 0001 02 0007');
  await done;
  server.mute(false);
  expect(await ask('03 0000 0001', { peer })).toBe('0103020007');
  expect(peer.waiting).toBe(0);
});

test('a PLC with a cycle does and answers a request only when its time has come', async () => {
  const clock = new ManualClock();
  let asked = () => {};
  const arrival = new Promise<void>((resolve) => {
    asked = resolve;
  });
  const after = clock.after.bind(clock);
  clock.after = (delayMs, call) => {
    asked();
    return after(delayMs, call);
  };
  await serve({}, { answerDelay: { ms: 10, clock } });
  const answer = ask('03 0000 0001');
  await arrival;
  image[0] = 5;
  expect(clock.waitingMs).toEqual([10]);
  clock.advance(10);
  expect(await answer).toBe('0103020005');
});
