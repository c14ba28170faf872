import { expect, test } from 'vitest';
import { contractError } from '../../src/contract/errors.ts';
import { InvariantError, LimitError } from '../../src/domain/errors.ts';
import { fakeSite } from '../lib/api-site.ts';

const key = { 'idempotency-key': 'c1' };
const body = { order: 'SO-77', kind: 'retrieval', loadUnit: 'T-1', station: 'PICK-01' };
type Method = 'POST' | 'PUT' | 'PATCH';

test.each([
  ['POST', '/announcements', 'loadUnit.announce', body, 200],
  ['PUT', '/skus', 'sku.put', body, 200],
  ['POST', '/orders', 'order.create', body, 202],
  ['PATCH', '/orders/SO-77', 'order.update', body, 200],
  ['POST', '/orders/SO-77/cancel', 'order.cancel', { order: 'SO-77' }, 202],
  ['PATCH', '/waves/W-1', 'order.update', { wave: 'W-1', hold: false }, 200],
  ['POST', '/waves/W-1/cancel', 'order.cancel', { wave: 'W-1' }, 202],
  ['POST', '/stock/adjustments', 'stock.adjust', body, 200],
  ['POST', '/stock/blocks', 'stock.block', body, 200],
  ['POST', '/labels', 'label.print', body, 202],
] as const)(
  '%s %s is the command %s of the people on site',
  async (method, url, name, data, status) => {
    const { server, commands } = await fakeSite();
    const payload = name === 'order.cancel' ? {} : data;
    const reply = await server.inject({ method, url: `/api/v1${url}`, headers: key, payload });
    expect(reply.statusCode).toBe(status);
    expect(reply.json()).toMatchObject({ command: name, result: 'accepted' });
    expect(commands).toMatchObject([{ host: 'local', id: 'c1', name, data, retained: false }]);
  },
);

const post = (url: string, payload: object | string, headers: object = key) => ({
  method: 'POST' as Method,
  url: `/api/v1${url}`,
  headers: { 'content-type': 'application/json', ...headers },
  payload,
});

test('data goes to the flow as it was sent: nothing is coerced, dropped or filled in', async () => {
  const { server, commands } = await fakeSite();
  const strange = { order: 7, priority: '5', color: null, deep: [{}] };
  await server.inject(post('/orders', strange));
  expect(commands[0]?.data).toStrictEqual(strange);
});

test('an accepted order says where it can be watched, and which revision this is', async () => {
  const { server } = await fakeSite({ reply: { order: 'a/b', revision: 1, status: 'queued' } });
  const reply = await server.inject(post('/orders', body));
  expect(reply.statusCode).toBe(202);
  expect(reply.headers).toMatchObject({ location: '/api/v1/orders/a%2Fb', etag: '"1"' });
  expect(reply.headers).not.toHaveProperty('idempotent-replayed');
  const watched = await server.inject({ url: String(reply.headers.location) });
  expect(watched.json()).toMatchObject({ order: 'a/b' });
});

test('a repeated request is told that it is one', async () => {
  const { server } = await fakeSite({ reply: { duplicate: true, order: 'SO-77' } });
  const reply = await server.inject(post('/orders', body));
  expect(reply.statusCode).toBe(202);
  expect(reply.headers).toMatchObject({ 'idempotent-replayed': 'true' });
});

test('without a key nothing is taken in', async () => {
  const { server, commands, acts } = await fakeSite();
  const writes = [
    post('/orders', body, {}),
    post('/announcements', body, {}),
    post('/scans', { station: 'PICK-01', code: 'x' }, {}),
    post('/devices/crane-1/release', '{}', {}),
  ];
  for (const write of writes) {
    const reply = await server.inject(write);
    expect([reply.statusCode, reply.json().code]).toEqual([428, 'PRECONDITION_REQUIRED']);
  }
  expect([...commands, ...acts]).toEqual([]);
});

test.each(['', 'x'.repeat(65), 'two words'])('a key that is none is refused: %j', async (id) => {
  const { server, commands } = await fakeSite();
  const reply = await server.inject(post('/orders', body, { 'idempotency-key': id }));
  expect(reply.json()).toMatchObject({ status: 422, code: 'INVALID' });
  expect(commands).toEqual([]);
});

test('a refusal has the status of its code and the whole problem', async () => {
  const error = contractError('INTAKE_PAUSED', 'The outbox is nearly full', { retryAfterS: 30 });
  const { server } = await fakeSite({ reply: { result: 'refused', error } });
  const reply = await server.inject(post('/orders', body));
  expect(reply.statusCode).toBe(503);
  expect(reply.headers['content-type']).toContain('application/problem+json');
  expect(reply.headers).toMatchObject({ 'retry-after': '30' });
  expect(reply.json()).toStrictEqual({ ...error });
});

test('the order of the path is the one that is meant', async () => {
  const { server, commands } = await fakeSite();
  const url = '/api/v1/orders/SO-77';
  const patch = (payload: object) => server.inject({ method: 'PATCH', url, headers: key, payload });
  expect((await patch({ order: 'SO-78', hold: true })).json()).toMatchObject({
    code: 'INVALID',
    errors: [{ path: '/order' }],
  });
  expect((await patch({ hold: true })).statusCode).toBe(200);
  expect((await patch([1])).statusCode).toBe(200);
  expect(commands.map(({ data }) => data)).toEqual([{ order: 'SO-77', hold: true }, [1]]);
});

test.each([
  ['{', 'application/json', 400, 'MALFORMED'],
  ['', 'application/json', 400, 'MALFORMED'],
  ['{"__proto__": {}}', 'application/json', 400, 'MALFORMED'],
  ['{}', 'text/plain', 400, 'MALFORMED'],
  [`"${'x'.repeat(256 * 1024)}"`, 'application/json', 413, 'TOO_LARGE'],
])('what cannot be read is refused before it is decided: %#', async (text, type, status, code) => {
  const { server, commands } = await fakeSite();
  const reply = await server.inject(post('/orders', text, { ...key, 'content-type': type }));
  expect(reply.json()).toMatchObject({ status, code });
  expect([reply.statusCode, commands]).toEqual([status, []]);
});

test('a limit may be tried again, under its own code', async () => {
  const { server } = await fakeSite({ fail: new LimitError('Too much waits') });
  const reply = await server.inject(post('/orders', body));
  expect(reply.json()).toMatchObject({ status: 429, code: 'LIMIT_REACHED', retryable: true });
});

test.each([
  new TypeError('secret'),
  new InvariantError('secret'),
  Object.assign(new Error('secret'), { statusCode: 500 }),
])('a bug of ours is logged, and tells the caller nothing of the inside: %s', async (fail) => {
  const { server, logged } = await fakeSite({ fail });
  const reply = await server.inject(post('/orders', body));
  expect(reply.json()).toMatchObject({ status: 500, code: 'INTERNAL' });
  expect(reply.body).not.toContain('secret');
  expect(logged).toMatchObject([{ err: fail }]);
});

test('a web page under a foreign name cannot speak for the people on site', async () => {
  const { server, commands } = await fakeSite({ hostNames: ['wcs.local'] });
  const from = (host: string) => server.inject(post('/orders', body, { ...key, host }));
  expect((await from('evil.example:8080')).json()).toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
  });
  expect(commands).toEqual([]);
  for (const host of ['localhost:8080', '127.0.0.1:8080', '[::1]:8080', 'wcs.local']) {
    expect((await from(host)).statusCode, host).toBe(202);
  }
});

test('a route that is none is a problem like any other', async () => {
  const { server } = await fakeSite();
  const reply = await server.inject({ url: '/api/v1/nothing' });
  expect(reply.json()).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});
