import { expect, test } from 'vitest';
import { Metrics } from '../../src/api/metrics.ts';
import { Topology } from '../../src/domain/topology.ts';
import type { OutboxEvent } from '../../src/ports/outbox.ts';
import { fakeReader, fakeSite, noAdvice } from '../lib/api-site.ts';
import { demoSite } from '../lib/demo.ts';

/** The question that the reader was asked for `url`. */
async function asked(url: string) {
  const questions: unknown[] = [];
  const reader = fakeReader({
    orders: (query) => {
      questions.push(query);
      return { items: [] };
    },
    stock: (query) => {
      questions.push(query);
      return { items: [] };
    },
  });
  const { server } = await fakeSite({ reader });
  const reply = await server.inject({ url: `/api/v1${url}` });
  return { status: reply.statusCode, body: reply.json(), questions };
}

test('a list is asked for in the words of the contract, with its defaults', async () => {
  expect(await asked('/orders')).toMatchObject({ status: 200, questions: [{ limit: 100 }] });
  expect(await asked('/orders?status=queued&status=held&limit=7&after=c2')).toMatchObject({
    questions: [{ status: ['queued', 'held'], limit: 7, after: 'c2' }],
  });
  expect(await asked('/orders?status=queued')).toMatchObject({
    questions: [{ status: ['queued'] }],
  });
  expect(await asked('/stock?by=sku&sku=1234')).toMatchObject({
    questions: [{ by: 'sku', sku: '1234', limit: 100 }],
  });
});

test.each([
  '/orders?status=sleeping',
  '/orders?limit=0',
  '/orders?limit=501',
  '/orders?changedSince=yesterday',
  '/orders?colour=red',
  '/stock?by=color',
  '/events?after=-1',
  '/discrepancies?state=some',
])('a question that the contract does not know is refused: %s', async (url) => {
  const { status, body, questions } = await asked(url);
  expect([status, body.code]).toEqual([422, 'INVALID']);
  expect(questions).toEqual([]);
});

test('an order comes with its revision', async () => {
  const { server } = await fakeSite();
  const found = await server.inject({ url: '/api/v1/orders/SO-77' });
  expect(found.headers).toMatchObject({ etag: '"3"' });
  expect(found.json()).toMatchObject({ order: 'SO-77', revision: 3 });
});

test.each(['/orders/SO-1', '/load-units/T-1'])(
  '%s: what is not there is not found',
  async (url) => {
    const { server } = await fakeSite();
    const reply = await server.inject({ url: `/api/v1${url}` });
    expect(reply.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
  },
);

test.each([
  ['/orders', { items: [{ order: 'SO-77' }], next: 'c2' }],
  ['/status', { state: 'online' }],
  ['/devices', { items: [] }],
  ['/discrepancies?state=all', { items: [] }],
  ['/why/conveyor-1%2F2', { subject: 'conveyor-1/2', items: [{ text: 'conveyor-1/2 waits' }] }],
  ['/dead-letters', { items: [{ topic: 'x' }] }],
  ['/events', { items: [] }],
])('%s answers from what is committed', async (url, body) => {
  const { server } = await fakeSite({ deadLetters: () => [{ topic: 'x' }] });
  const reply = await server.inject({ url: `/api/v1${url}` });
  expect([reply.statusCode, reply.json()]).toEqual([200, expect.objectContaining({})]);
  expect(reply.json()).toMatchObject(body);
});

const event = (sequence: number): OutboxEvent => ({
  sequence,
  epoch: 1,
  name: 'order',
  atMs: 0,
  subject: 'order/SO-77',
  data: { revision: sequence },
});
const outbox = {
  firstSequence: () => 3,
  lastSequence: () => 6,
  read: (from: number, max: number) =>
    [3, 4, 5, 6]
      .filter((n) => n >= from)
      .slice(0, max)
      .map(event),
};

test('events are read page by page, as hosts get them, without a gap', async () => {
  const { server } = await fakeSite({ outbox });
  const page = async (query: string) =>
    (await server.inject({ url: `/api/v1/events?${query}` })).json();
  const first = await page('after=2&limit=3');
  expect(first).toMatchObject({ next: '5' });
  expect(first.items[0]).toMatchObject({
    id: '1-0000000000000003',
    source: '/dc1/edge-a',
    type: 'craneway.order.v1',
    data: { revision: 3 },
  });
  const last = await page(`after=${first.next}&limit=3`);
  expect(last.items.map(({ sequence }: { sequence: string }) => Number(sequence))).toEqual([6]);
  expect(last).not.toHaveProperty('next');
});

test('events that are no longer kept are a refusal, not a silent gap', async () => {
  const { server } = await fakeSite({ outbox });
  const reply = await server.inject({ url: '/api/v1/events?after=1' });
  expect(reply.json()).toMatchObject({ status: 404, detail: expect.stringContaining('after=2') });
});

test('ready means that every part is, and the reasons say which is not', async () => {
  const readiness = () => ({
    ledger: { ok: true, detail: 'open' },
    upstream: { ok: false, detail: 'no broker at 127.0.0.1:1883' },
  });
  const { server } = await fakeSite({ reader: fakeReader({ readiness }) });
  const get = async (url: string) => {
    const reply = await server.inject({ url });
    return { status: reply.statusCode, ...reply.json() };
  };
  expect(await get('/health/ready')).toMatchObject({
    status: 503,
    ready: false,
    reasons: ['upstream: no broker at 127.0.0.1:1883'],
  });
  expect(await get('/health/live')).toMatchObject({ status: 200 });
  expect(await get('/health/parts/ledger')).toMatchObject({ status: 200, ok: true });
  expect(await get('/health/parts/upstream')).toMatchObject({ status: 503, ok: false });
  expect(await get('/health/parts/toString')).toMatchObject({ status: 404 });
  const healthy = await fakeSite();
  expect((await healthy.server.inject({ url: '/health/ready' })).statusCode).toBe(200);
});

test('metrics are what is counted now; what is unknown is not told as zero', async () => {
  let scans = 2;
  const metrics = new Metrics(() => ({
    scansTotal: [{ labels: { device: 'scan-1', verdict: 'ok' }, value: scans }],
    ...(scans === 2 && { outboxEvents: 7 }),
  }));
  metrics.commitTook(0.0004);
  const { server } = await fakeSite({ metrics });
  const read = async () => (await server.inject({ url: '/metrics' })).body.split('\n');
  const first = await read();
  expect(first).toContain('craneway_scans_total{device="scan-1",verdict="ok"} 2');
  expect(first).toContain('craneway_outbox_events 7');
  expect(first).toContain('craneway_commit_duration_seconds_bucket{le="0.0005"} 1');
  scans = 3;
  const second = await read();
  expect(second).toContain('craneway_scans_total{device="scan-1",verdict="ok"} 3');
  expect(second.filter((line) => /^craneway_outbox_events /.test(line))).toEqual([]);
  const none = await fakeSite();
  expect((await none.server.inject({ url: '/metrics' })).statusCode).toBe(404);
});

test('advice on slotting is asked for with a limit', async () => {
  const limits: number[] = [];
  const reader = fakeReader({
    slotting: (limit) => {
      limits.push(limit);
      return noAdvice(limit);
    },
  });
  const { server } = await fakeSite({ reader });
  for (const query of ['', '?limit=7']) {
    const reply = await server.inject({ url: `/api/v1/slotting${query}` });
    expect(reply.json()).toEqual(noAdvice(0));
  }
  expect(limits).toEqual([100, 7]);
  expect((await server.inject({ url: '/api/v1/slotting?limit=501' })).statusCode).toBe(422);
});

test('places are told as hosts call them, and our codes beside them for people', async () => {
  const { hostCodes } = new Topology({
    ...demoSite,
    hostCodes: { names: { 'PICK-01': 'WS1' }, cells: 'R{side}{bay}/{level}' },
  });
  const order = { order: 'SO-77', host: 'wms', kind: 'retrieval', revision: 3 } as const;
  const line = { sku: 'A', qty: 1, reserved: 0, reachable: 1, stockStatus: 'available' } as const;
  const reader = fakeReader({
    order: () => ({ ...order, status: 'active', station: 'PICK-01' }),
    stock: () => ({ items: [{ ...line, location: 'A01-L-003-02-1' }, line], next: '2' }),
  });
  const { server } = await fakeSite({ reader, hostCodes });
  const get = async (url: string) => (await server.inject({ url: `/api/v1${url}` })).json();
  expect(await get('/orders/SO-77')).toMatchObject({
    ...{ station: 'WS1', places: { station: 'PICK-01' } },
  });
  expect(await get('/stock')).toEqual({
    items: [{ ...line, location: 'RL3/2', places: { location: 'A01-L-003-02-1' } }, line],
    next: '2',
  });
});
