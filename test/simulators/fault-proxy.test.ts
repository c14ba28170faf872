import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { FaultProxy } from '../../simulators/lib/fault-proxy.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { RawPeer, rawClient, rawServer } from '../lib/raw-tcp.ts';

const request = '0001 0000 0002 0103';
const answer = '0001 0000 0004 01030000';
const hex = (bytes: Buffer) => bytes.toString('hex');
const flat = (text: string) => text.replaceAll(' ', '');

let device: Awaited<ReturnType<typeof rawServer>>;
let proxy: FaultProxy;
let clock: ManualClock;
let port: number;
const clients: RawPeer[] = [];

beforeEach(async () => {
  device = await rawServer();
  clock = new ManualClock();
  const target = { host: '127.0.0.1', port: device.port };
  proxy = new FaultProxy({ target, clock, random: seededRandom(1) });
  port = await proxy.listen(0);
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  await proxy.close();
  await device.close();
});

async function connected(index = 0) {
  const client = await rawClient(port);
  clients.push(client);
  return { client, peer: await device.peer(index) };
}

/** One request and its answer, so that both directions are known to work. */
async function exchange({ client, peer }: { client: RawPeer; peer: RawPeer }) {
  client.send(request);
  expect(hex(await peer.frame())).toBe(flat(request));
  peer.send(answer);
  expect(hex(await client.frame())).toBe(flat(answer));
}

test('without a fault bytes pass both ways, and the end of one side ends the other', async () => {
  const pair = await connected();
  await exchange(pair);
  pair.client.socket.end();
  await pair.peer.closing();
  await pair.client.closing();
});

test('a reset of the device reaches the controller as a reset', async () => {
  const { client, peer } = await connected();
  const failed = once(client.socket, 'error');
  peer.socket.resetAndDestroy();
  expect((await failed)[0]).toMatchObject({ code: 'ECONNRESET' });
});

test('a device that does not listen is a connection that ends at once', async () => {
  await device.close();
  const client = await rawClient(port);
  clients.push(client);
  await client.closing();
});

test('a cut link resets what is there, refuses what comes, and lets it in afterwards', async () => {
  const before = await connected();
  proxy.change({ isCut: true });
  await before.client.closing();
  await before.peer.closing();
  await new RawPeer(connect(port, '127.0.0.1')).closing();
  expect(proxy.counters.refused).toBe(1);
  proxy.change({ isCut: false });
  await exchange(await connected(1));
});

test('on a half-open line nothing passes and nobody is told; afterwards it is reset', async () => {
  const pair = await connected();
  proxy.change({ losesToDevice: true, losesToController: true });
  pair.client.send(request);
  pair.peer.send(answer);
  pair.peer.socket.end();
  await expect.poll(() => proxy.counters.lostBytes).toBe(18);
  expect(pair.client.socket.readableEnded).toBe(false);
  expect(pair.client.waiting + pair.peer.waiting).toBe(0);
  proxy.change({ losesToDevice: false, losesToController: false });
  await pair.client.closing();
  await exchange(await connected(1));
});

test('where only answers vanish, the request was done', async () => {
  const { client, peer } = await connected();
  proxy.change({ losesToController: true });
  client.send(request);
  expect(hex(await peer.frame())).toBe(flat(request));
  peer.send(answer);
  await expect.poll(() => proxy.counters.lostBytes).toBe(10);
  expect(client.waiting).toBe(0);
});

test('slow bytes come in their order, each when it is due', async () => {
  const { client, peer } = await connected();
  proxy.change({ delayMs: 100 });
  client.send(request);
  client.send(request.replace('0001', '0002'));
  await expect.poll(() => clock.waitingMs.length).toBe(1);
  clock.advance(99);
  expect(peer.waiting).toBe(0);
  proxy.change({ delayMs: 0 });
  client.send(request.replace('0001', '0003'));
  clock.advance(1);
  for (const id of ['0001', '0002', '0003']) expect(hex(await peer.frame()).slice(0, 4)).toBe(id);
});

test('answers in a trickle come byte by byte', async () => {
  const { client, peer } = await connected();
  proxy.change({ trickleMs: 10 });
  peer.send(answer);
  await expect.poll(() => clock.waitingMs.length).toBe(1);
  const seen: number[] = [];
  client.socket.on('data', (bytes) => seen.push(bytes.length));
  for (let count = 1; count <= 10; count++) {
    clock.advance(10);
    await expect.poll(() => seen.length).toBe(count);
  }
  expect(seen).toEqual(Array(10).fill(1));
});

test('noise has the length of the answer, and as often as it was asked for', async () => {
  const { client, peer } = await connected();
  proxy.change({ noisyChunks: 1 });
  const noise = once(client.socket, 'data');
  peer.send(answer);
  const [bytes] = (await noise) as [Buffer];
  expect(bytes.length).toBe(10);
  expect(hex(bytes)).not.toBe(flat(answer));
  const clean = once(client.socket, 'data');
  peer.send(answer);
  expect(hex(((await clean) as [Buffer])[0])).toBe(flat(answer));
});

test('a connection cut after some bytes has delivered those and no more, once', async () => {
  const { client, peer } = await connected();
  proxy.change({ cutAfterBytes: 12 });
  const got: Buffer[] = [];
  client.socket.on('data', (bytes) => got.push(bytes));
  peer.send(answer);
  await expect.poll(() => got.length).toBe(1);
  peer.send(answer);
  await client.closing();
  expect(Buffer.concat(got).length).toBe(12);
  expect(proxy.wire.cutAfterBytes).toBeUndefined();
  await exchange(await connected(1));
});

test('a device that takes nothing more closes the window; nothing is lost when it goes on', async () => {
  const { client, peer } = await connected();
  proxy.change({ isStalled: true });
  const bytes = Buffer.alloc(20_000_000, 7);
  let isOut = false;
  client.socket.write(bytes, () => {
    isOut = true;
  });
  await expect.poll(() => client.socket.writableNeedDrain).toBe(true);
  let arrived = 0;
  peer.socket.removeAllListeners('data');
  peer.socket.on('data', (chunk) => {
    arrived += chunk.length;
  });
  expect([isOut, arrived]).toEqual([false, 0]);
  proxy.change({ isStalled: false });
  await expect.poll(() => arrived, { timeout: 10_000 }).toBe(bytes.length);
});

test('a dead line does not collect connections without end', async () => {
  proxy.change({ losesToDevice: true, losesToController: true });
  const first = await rawClient(port);
  clients.push(first);
  for (let count = 0; count < 64; count++) clients.push(await rawClient(port));
  await first.closing();
});
