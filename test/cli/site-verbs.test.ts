import { afterEach, expect, test, vi } from 'vitest';
import { craneway, fakeHttp, type Told } from '../lib/cli.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

let close = async () => {};
afterEach(() => close());

/** A site with these answers by method and path; anything else is not found. */
async function site(answers: Readonly<Record<string, Told | undefined | 'silence'>>) {
  const missing = { status: 404, body: problem('NOT_FOUND', 'There is no such thing', 404) };
  const server = await fakeHttp(({ method, url }) => {
    const key = `${method} ${url.replace('/api/v1', '')}`;
    return key in answers ? answers[key] : missing;
  });
  close = server.close;
  return server;
}

const problem = (code: string, detail: string, status: number, more: object = {}) => ({
  type: `urn:craneway:error:${code}`,
  title: code,
  status,
  detail,
  code,
  retryable: false,
  ...more,
});

const order = {
  order: 'SO-77',
  host: 'wms',
  kind: 'retrieval',
  revision: 12,
  status: 'needsOperator',
  loadUnits: ['T-1', 'T-2'],
  station: 'PICK-01',
  reasons: [{ code: 'CHECK_FAILED', detail: 'no-read' }],
  lines: [{ sku: 'A-100', qty: 3, qtyDone: 1, qtyShort: 0 }],
};

test('orders are a table for people, and the answer itself for programs', async () => {
  const page = {
    items: [order, { ...order, order: 'SO-8', loadUnits: [], reasons: [] }],
    next: 'c2',
  };
  const { url, asked } = await site({
    'GET /orders?status=active&status=held&limit=2': { body: page },
  });
  const args = ['orders', 'ls', '--status', 'active', 'held', '--limit', '2'];
  const people = await craneway(args, { url });
  expect(people).toMatchObject({ code: 0, err: 'There is more: --after c2\n' });
  expect(people.out.split('\n').slice(0, 3)).toEqual([
    'ORDER  KIND       STATUS         REVISION  HOST  LOAD UNITS  STATION  LOCATION  REASON',
    'SO-77  retrieval  needsOperator        12  wms   T-1 T-2     PICK-01  -         CHECK_FAILED: no-read',
    'SO-8   retrieval  needsOperator        12  wms   -           PICK-01  -         -',
  ]);
  const programs = await craneway([...args, '--json'], { url });
  expect(JSON.parse(programs.out)).toEqual(page);
  expect(asked).toHaveLength(2);
});

test('a code from outside cannot steer the terminal', async () => {
  const stock = { sku: 'A\x1b[2J', qty: 1, reserved: 0, reachable: 1, stockStatus: 'available' };
  const { url } = await site({ 'GET /stock': { body: { items: [stock] } } });
  const { out } = await craneway(['stock', 'ls'], { url });
  expect(out).toContain('A?[2J');
  expect(out).not.toContain('\x1b');
});

test('how SKUs stand is one row each, and the next page is said', async () => {
  const book = {
    ...{ sku: 'A', abcClass: 'A', onHand: 20, reserved: 5, reachable: 15, demandPerDay: 4 },
    ...{ daysOfCover: 2.5, safetyStock: 3, reorderPoint: 31, qty: 50 },
    active: ['abcClass', 'cover', 'reorder'],
    calls: [{ station: 'PICK-01', active: true, callAt: '2026-03-01T12:00:00.000Z' }],
  };
  const { url, asked } = await site({
    'GET /signals?sku=A&limit=1': { body: { items: [book], next: 'A' } },
  });
  const { out, err } = await craneway(['stock', 'signals', '--sku', 'A', '--limit', '1'], { url });
  expect(asked).toHaveLength(1);
  expect(
    out
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/ {2,}/)),
  ).toEqual([
    ...[
      [
        'SKU',
        'CLASS',
        'ON HAND',
        'RESERVED',
        'REACHABLE',
        'PER DAY',
        'DAYS LEFT',
        'SAFETY STOCK',
        'REORDER POINT',
        'ORDER',
        'CALL',
        'ON',
      ],
    ],
    [
      'A',
      'A',
      '20',
      '5',
      '15',
      '4.0',
      '2.5',
      '3',
      '31',
      '50',
      'PICK-01 by 2026-03-01T12:00:00.000Z',
      'cover reorder justInTimeCall:PICK-01',
    ],
  ]);
  expect(err).toContain('--after A');
});

const device = {
  device: 'crane-1',
  kind: 'crane',
  mode: 'auto',
  availability: 'offline',
  detail: 'no answer',
  sinceMs: 0,
  link: { framesIn: 9, roundTripP50Ms: 1.5 },
  counters: { frames: 7 },
  state: 'doubt',
  reasons: [{ code: 'X', detail: 'look at it' }],
};

test('one screen tells how the site is', async () => {
  const status = {
    state: 'degraded',
    boot: 4,
    since: '2026-11-22T12:00:00.000Z',
    intake: 'open',
    outbox: { events: 9, share: 0.1 },
    hosts: [{ host: 'wms', online: false, ackThrough: '0000000000000007' }],
    reasons: [{ code: 'HOST', detail: 'wms is away' }],
  };
  const { url } = await site({
    'GET /status': { body: status },
    'GET /devices': { body: { items: [device] } },
    'GET /discrepancies': { body: { items: [] } },
  });
  const { code, out } = await craneway(['status'], { url });
  expect(code).toBe(0);
  for (const part of [
    'degraded since 2026-11-22T12:00:00.000Z, boot 4, intake open',
    '  HOST: wms is away',
    'outbox 9, discrepancies open 0',
    'wms   no      0000000000000007',
    'crane-1  crane  auto  offline       doubt  1970-01-01T00:00:00.000Z  no answer; look at it',
  ]) {
    expect(out).toContain(part);
  }
});

test('an open discrepancy is told with the ways to settle it', async () => {
  const items = [
    {
      discrepancy: 12,
      code: 'LOAD_UNIT_MISSING',
      text: 'The bin was empty',
      raisedAt: '2026-11-22T12:00:00.000Z',
      state: 'open',
      loadUnit: 'T-1',
      resolutions: [{ resolution: 'foundAt', text: 'Books it there', needs: ['place'] }],
    },
  ];
  const { url } = await site({ 'GET /discrepancies?state=open': { body: { items } } });
  const { out } = await craneway(['discrepancies', 'ls'], { url });
  expect(out).toMatch(/12 +LOAD_UNIT_MISSING +open .* T-1 +The bin was empty/);
  expect(out).toMatch(/12 +foundAt +--place +Books it there/);
});

test.each([
  [['scan', 'T-1', '--station', 'PICK-01'], '/scans', { station: 'PICK-01', code: 'T-1' }],
  [
    ['finish', 'T-1', '-s', 'PICK-01', '--how', 'return'],
    '/stations/PICK-01/finish',
    { loadUnit: 'T-1', how: 'return' },
  ],
  [
    ['discrepancies', 'resolve', '12', '--as', 'foundAt', '--place', 'A01-L-001-01-1'],
    '/discrepancies/12/resolve',
    { resolution: 'foundAt', place: 'A01-L-001-01-1' },
  ],
  [['devices', 'release', 'crane-1'], '/devices/crane-1/release', undefined],
  [['devices', 'inspect', 'crane-1'], '/devices/crane-1/inspect', undefined],
])('%j is one act under a key of its own and the name of the person', async (args, path, body) => {
  const { url, asked } = await site({ [`POST ${path}`]: { body: { text: 'Done so' } } });
  expect(await craneway(args, { url })).toEqual({ code: 0, out: 'Done so\n', err: '' });
  await craneway([...args, '--key', 'k7'], { url });
  expect(asked.map((one) => one.body)).toEqual([body, body]);
  expect(asked[0]?.headers).toMatchObject({ 'craneway-operator': 'anna' });
  expect(asked[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  expect(asked[1]?.headers['idempotency-key']).toBe('k7');
});

test('an order is made of options, of a file, or of both', async () => {
  const body = { command: 'order.create', result: 'accepted', order: 'SO-1', status: 'queued' };
  const { url, asked } = await site({ 'POST /orders': { status: 202, body } });
  const options = ['--kind', 'retrieval', '--station', 'PICK-01', '--line', 'A-100=3', 'B=C=1'];
  const made = await craneway(['orders', 'create', ...options, '--key', 'k7'], { url });
  expect(made).toMatchObject({ code: 0, out: 'SO-1 queued\n' });
  const input = JSON.stringify({ order: 'SO-1', kind: 'count', blind: false });
  const args = ['orders', 'create', '--file', '-', '--location', 'A01-L-001-01-1', '--hold'];
  await craneway(args, { url, input });
  expect(asked.map((one) => one.body)).toEqual([
    {
      order: 'local-k7',
      kind: 'retrieval',
      station: 'PICK-01',
      lines: [
        { sku: 'A-100', qty: 3 },
        { sku: 'B=C', qty: 1 },
      ],
    },
    { order: 'SO-1', kind: 'count', blind: false, location: 'A01-L-001-01-1', hold: true },
  ]);
});

test('a repeated write says that it was one', async () => {
  const headers = { 'idempotent-replayed': 'true' };
  const body = { command: 'order.cancel', result: 'accepted', order: 'SO-1', status: 'canceling' };
  const { url, asked } = await site({ 'POST /orders/SO-1/cancel': { status: 202, headers, body } });
  const args = ['orders', 'cancel', 'SO-1', '--reason', 'wrong one'];
  const { out, err } = await craneway(args, { url });
  expect([out, err]).toEqual(['SO-1 canceling\n', expect.stringContaining('done before')]);
  expect(asked[0]?.body).toEqual({ reason: 'wrong one' });
});

test.each([
  ['NOT_FOUND', 404, 4],
  ['CONFLICT', 409, 5],
  ['FORBIDDEN', 403, 8],
  ['INVALID', 422, 2],
  ['INTAKE_PAUSED', 503, 1],
])('a refusal %s ends with its exit code, its reason and its code', async (code, status, exit) => {
  const errors = [{ path: '/place', message: 'is no place' }];
  const body = problem(code, 'Not like this', status, { errors });
  const { url } = await site({ 'POST /devices/crane-1/release': { status, body } });
  const ended = await craneway(['devices', 'release', 'crane-1'], { url });
  expect(ended).toMatchObject({ code: exit, out: '' });
  expect(ended.err).toContain(`Not like this\n  /place is no place [${code}]\n`);
});

test.each([
  [['orders', 'why', 'SO-1'], '/why/SO-1', { subject: 'SO-1', items: [] }],
  [['why', 'a/b'], '/why/a%2Fb', { subject: 'a/b', items: [] }],
])('%j: what nobody knows is not found', async (args, path, body) => {
  const { url } = await site({ [`GET ${path}`]: { body } });
  expect(await craneway(args, { url })).toMatchObject({ code: 4, out: '' });
});

test('a write without an answer is unknown, and is told how to repeat it', async () => {
  const { url, asked } = await site({ 'POST /devices/crane-1/release': undefined });
  const { code, err } = await craneway(['devices', 'release', 'crane-1'], { url });
  expect(code).toBe(9);
  expect(err).toContain(`Repeat it with --key ${asked[0]?.headers['idempotency-key']}`);
});

test('a question without an answer in time is unreachable, a write is unknown', async () => {
  const { url } = await site({ 'GET /devices': 'silence', 'POST /scans': 'silence' });
  const ask = (...args: string[]) => craneway([...args, '--timeout-s', '0.3'], { url });
  expect(await ask('devices', 'ls')).toMatchObject({ code: 7, out: '' });
  expect(await ask('scan', 'T-1', '-s', 'PICK-01')).toMatchObject({ code: 9, out: '' });
});

test('a site that is not running is unreachable, and nothing was sent', async () => {
  const { url } = await site({});
  await close();
  close = async () => {};
  for (const args of [['status'], ['devices', 'release', 'crane-1']]) {
    const { code, out, err } = await craneway(args, { url });
    expect([code, out]).toEqual([7, '']);
    expect(err).toBe(
      `No answer from ${url} (ECONNREFUSED)\nIs the site running? Name it with --url or CRANEWAY_URL.\n`,
    );
  }
});

test('something else that listens there is told apart from a site', async () => {
  const { url } = await site({ 'GET /devices': { status: 502, body: 'bad gateway' } });
  expect(await craneway(['devices', 'ls'], { url })).toMatchObject({
    code: 1,
    err: 'The server answered 502\n',
  });
});
