import { expect, test } from 'vitest';
import { fakeSite } from '../lib/api-site.ts';

const headers = { 'idempotency-key': 'k1', 'craneway-operator': 'anna' };
const by = { operator: 'anna', key: 'k1' };

test.each([
  [
    '/scans',
    { station: 'PICK-01', code: 'T-1\x1d' },
    { act: 'scan', station: 'PICK-01', code: 'T-1\x1d' },
  ],
  [
    '/discrepancies/12/resolve',
    { resolution: 'foundAt', place: 'A01-L-001-01-1', loadUnit: 'T-1' },
    {
      act: 'resolve',
      discrepancy: 12,
      resolution: 'foundAt',
      place: 'A01-L-001-01-1',
      loadUnit: 'T-1',
    },
  ],
  [
    '/stations/PICK-01/finish',
    { loadUnit: 'T-1', how: 'return' },
    { act: 'finish', station: 'PICK-01', loadUnit: 'T-1', how: 'return' },
  ],
  ['/cells/A01-L-001-01-1/check', undefined, { act: 'check', location: 'A01-L-001-01-1' }],
  ['/devices/crane-1/release', undefined, { act: 'release', device: 'crane-1' }],
  ['/devices/crane-1/inspect', undefined, { act: 'inspect', device: 'crane-1' }],
  [
    '/locks',
    { part: 'A01-L-003..005', lock: 'out', reason: 'sprinkler' },
    { act: 'lock', part: 'A01-L-003..005', lock: 'out', reason: 'sprinkler' },
  ],
  [
    '/devices/crane-1/mode',
    { mode: 'observe' },
    { act: 'mode', device: 'crane-1', mode: 'observe' },
  ],
])('what a person does at %s is one act with its key', async (url, payload, act) => {
  const { server, acts } = await fakeSite();
  const reply = await server.inject({
    method: 'POST',
    url: `/api/v1${url}`,
    headers,
    ...(payload !== undefined && { payload }),
  });
  expect([reply.statusCode, reply.json()]).toEqual([200, { text: 'Done' }]);
  expect(acts).toEqual([{ ...by, ...act }]);
});

test('an exit is unlocked under its code, slashes and all', async () => {
  const { server, acts } = await fakeSite();
  const url = '/api/v1/locks/conveyor-1%2F3%2F2?reason=mended';
  const reply = await server.inject({ method: 'DELETE', url, headers });
  expect([reply.statusCode, reply.json()]).toEqual([200, { text: 'Done' }]);
  const part = 'conveyor-1/3/2';
  expect(acts).toEqual([{ ...by, act: 'lock', part, lock: 'none', reason: 'mended' }]);
});

test.each([
  ['NOT_FOUND', 404],
  ['CONFLICT', 409],
  ['INVALID', 422],
] as const)('an act that is refused as %s says what would allow it', async (code, status) => {
  const outcome = { ok: false, code, reason: 'Confirm the load unit first' } as const;
  const { server } = await fakeSite({ outcome });
  const reply = await server.inject({
    method: 'POST',
    url: '/api/v1/devices/crane-1/release',
    headers,
  });
  expect(reply.json()).toMatchObject({ status, code, detail: 'Confirm the load unit first' });
});

test.each([
  ['/scans', { station: 'PICK-01', code: 12 }, '/code'],
  ['/scans', { station: 'PICK-01', code: 'T-1', color: 'red' }, ''],
  ['/locks', { part: 'A01', lock: 'none', reason: 'x' }, '/lock'],
  ['/locks', { part: 'A01', lock: 'in', reason: '' }, '/reason'],
  ['/scans', { station: 'P'.repeat(25), code: 'T-1' }, '/station'],
  ['/stations/PICK-01/finish', { loadUnit: 'T-1', how: 'eat' }, '/how'],
  ['/devices/crane-1/mode', { mode: 'fast' }, '/mode'],
  ['/discrepancies/x/resolve', { resolution: 'foundAt' }, '/discrepancy'],
])('nothing is done for a request that breaks its schema: %s %j', async (url, payload, path) => {
  const { server, acts } = await fakeSite();
  const reply = await server.inject({ method: 'POST', url: `/api/v1${url}`, headers, payload });
  expect(reply.json()).toMatchObject({ status: 422, code: 'INVALID' });
  expect(reply.json().errors).toContainEqual(expect.objectContaining({ path }));
  expect(acts).toEqual([]);
});

test('who does not give a name acts as local; what is no name is refused', async () => {
  const { server, acts } = await fakeSite();
  const release = (more: object) =>
    server.inject({
      method: 'POST',
      url: '/api/v1/devices/crane-1/release',
      headers: { 'idempotency-key': 'k1', ...more },
    });
  await release({});
  expect((await release({ 'craneway-operator': 'Anna Müller' })).statusCode).toBe(422);
  expect(acts).toMatchObject([{ operator: 'local' }]);
});
