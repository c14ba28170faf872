import { expect, test } from 'vitest';
import { fakeReader, fakeSite } from '../lib/api-site.ts';

const headers = { 'idempotency-key': 'k1', 'craneway-operator': 'anna' };
const by = { operator: 'anna', key: 'k1' };
const view = {
  ...{ station: 'PICK-01', kind: 'wait', title: 'No work', instruction: 'Nothing is to be done.' },
  ...{ expects: [], choices: [], loadUnits: [], coming: 0 },
};
const reader = fakeReader({
  stations: () => [view],
  station: (station) => (station === 'PICK-01' ? view : undefined),
});

test('all stations and one station say what is to be done', async () => {
  const { server } = await fakeSite({ reader });
  const all = await server.inject('/api/v1/stations');
  const one = await server.inject('/api/v1/stations/PICK-01');
  expect([all.json(), one.json()]).toEqual([{ items: [view] }, view]);
  const none = await server.inject('/api/v1/stations/PICK-09');
  expect([none.statusCode, none.json().code]).toEqual([404, 'NOT_FOUND']);
});

test.each([
  ['scan', { code: 'T-1' }, { act: 'scan', station: 'PICK-01', code: 'T-1' }],
  [
    'answer',
    { step: 7, choice: 'short', qty: 2, reason: 'damaged' },
    { act: 'answer', station: 'PICK-01', step: 7, choice: 'short', qty: 2, reason: 'damaged' },
  ],
])('a %s at a station is one act with its key and its person', async (what, payload, act) => {
  const { server, acts } = await fakeSite({ reader });
  const url = `/api/v1/stations/PICK-01/${what}`;
  const reply = await server.inject({ method: 'POST', url, headers, payload });
  expect([reply.statusCode, acts]).toEqual([200, [{ ...by, ...act }]]);
});

test.each([
  ['scan', { code: '' }],
  ['scan', {}],
  ['answer', { choice: 'short', qty: -1 }],
  ['answer', { choice: 'short', qty: 1.5 }],
  ['answer', { qty: 1 }],
  ['answer', { choice: 'done', color: 'red' }],
])('%s with %j is refused and does nothing', async (what, payload) => {
  const { server, acts } = await fakeSite({ reader });
  const url = `/api/v1/stations/PICK-01/${what}`;
  const reply = await server.inject({ method: 'POST', url, headers, payload });
  expect([reply.statusCode, acts]).toEqual([422, []]);
});

test('without a key nothing is done: a repetition would count twice', async () => {
  const { server, acts } = await fakeSite({ reader });
  const url = '/api/v1/stations/PICK-01/scan';
  const reply = await server.inject({ method: 'POST', url, payload: { code: 'T-1' } });
  expect([reply.statusCode, acts]).toEqual([428, []]);
});
