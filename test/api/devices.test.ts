import { expect, test } from 'vitest';
import { Traffic } from '../../devices/lib/traffic.ts';
import type { ApiOptions } from '../../src/api/server.ts';
import { LimitError } from '../../src/domain/errors.ts';
import type { ProbeCheck, ProbeOptions } from '../../src/ports/device.ts';
import type { DeviceView } from '../../src/ports/reader.ts';
import { fakeReader, fakeSite } from '../lib/api-site.ts';
import { ManualClock } from '../lib/manual-clock.ts';

const view = { device: 'crane-1', kind: 'crane', mode: 'manual', state: 'ready' };

/** A site with one device, ten pieces of traffic, and this answer to a probe. */
async function site(probe?: (options: ProbeOptions) => Promise<readonly ProbeCheck[]>) {
  const traffic = new Traffic(new ManualClock());
  for (let i = 1; i <= 10; i++) traffic.sent(Buffer.from(String(i)));
  const driver = { traffic: traffic.page.bind(traffic), probe: probe ?? (async () => []) };
  const devices: ApiOptions['devices'] = new Map([['crane-1', driver]]);
  const reader = fakeReader({ devices: () => [view as unknown as DeviceView] });
  const { server } = await fakeSite({ devices, reader });
  const ask = async (url: string, payload?: object) =>
    server.inject({
      method: payload === undefined ? 'GET' : 'POST',
      url: `/api/v1/devices/${url}`,
      ...(payload !== undefined && { payload }),
    });
  return { ask };
}

test('one device is told by its code', async () => {
  const { ask } = await site();
  expect((await ask('crane-1')).json()).toEqual(view);
});

test('its traffic comes page by page, and nothing twice', async () => {
  const { ask } = await site();
  const first = (await ask('crane-1/traffic?limit=6')).json();
  expect(first).toMatchObject({ last: 10, lost: 0 });
  expect(first.items).toHaveLength(6);
  const second = (await ask(`crane-1/traffic?after=${first.items.at(-1).no}`)).json();
  expect(second.items.map(({ ascii }: { ascii: string }) => ascii)).toEqual(['7', '8', '9', '10']);
});

test('a probe is done with what was asked for, and is good only when all of it is', async () => {
  const asked: ProbeOptions[] = [];
  const checks: ProbeCheck[] = [
    { check: 'link', verdict: 'ok', detail: 'connected' },
    { check: 'trigger', verdict: 'unknown', detail: 'it is in auto' },
  ];
  const { ask } = await site(async (options) => {
    asked.push(options);
    return checks;
  });
  expect((await ask('crane-1/probe', { trigger: true })).json()).toEqual({
    ...{ device: 'crane-1', ok: false, checks },
  });
  checks.pop();
  expect((await ask('crane-1/probe', {})).json()).toMatchObject({ ok: true });
  expect(asked).toEqual([{ trigger: true }, { trigger: false }]);
});

test('a probe while another one runs is refused for now', async () => {
  const { ask } = await site(() => Promise.reject(new LimitError('A probe is under way')));
  const reply = await ask('crane-1/probe', {});
  expect(reply.json()).toMatchObject({ status: 429, code: 'LIMIT_REACHED' });
});

test.each([
  ['crane-9', undefined, 404, 'NOT_FOUND'],
  ['crane-9/traffic', undefined, 404, 'NOT_FOUND'],
  ['crane-9/probe', {}, 404, 'NOT_FOUND'],
  ['crane-1/traffic?after=-1', undefined, 422, 'INVALID'],
  ['crane-1/traffic?limit=501', undefined, 422, 'INVALID'],
  ['crane-1/probe', { trigger: 'yes' }, 422, 'INVALID'],
  ['crane-1/probe', { write: 1 }, 422, 'INVALID'],
])('%s %j is refused as %i %s', async (url, payload, status, code) => {
  const { ask } = await site();
  expect((await ask(url, payload)).json()).toMatchObject({ status, code });
});
