import { afterEach, expect, test, vi } from 'vitest';
import { craneway, fakeHttp, type Told } from '../lib/cli.ts';

// Each test starts processes.
vi.setConfig({ testTimeout: 30_000 });

let close = async () => {};
afterEach(() => close());

async function site(answers: Readonly<Record<string, Told>>) {
  const server = await fakeHttp(
    ({ method, url }) => answers[`${method} ${url.replace('/api/v1/devices/', '')}`],
  );
  close = server.close;
  return server;
}

const entry = { no: 1, atMs: 0, direction: 'out', bytes: 3, hex: '7e4853', ascii: '~HS' };
const more = { decoded: 'status?', verdict: 'ok' };
const page = (items: object[], last = items.length, lost = 0) => ({ body: { items, last, lost } });

test('the wire is shown line by line, page after page', async () => {
  const second = { ...entry, ...more, no: 2, direction: 'in', decoded: 'a\u001b[2J', ascii: '.' };
  const { url } = await site({
    'GET printer-1/traffic?after=0&limit=500': page([{ ...entry, ...more }], 2),
    'GET printer-1/traffic?after=1&limit=500': page([second], 2),
  });
  const { code, out } = await craneway(['devices', 'tail', 'printer-1', '--once'], { url });
  const lines = out.trimEnd().split('\n');
  expect(code).toBe(0);
  expect(lines[0]).toMatch(/^\d\d:\d\d:\d\d\.000 {2}→ {2}status\? +ok +~HS$/);
  expect(lines[1]).toMatch(/^\d\d:\d\d:\d\d\.000 {2}← {2}a\?\[2J +ok +\.$/);
  expect(lines).toHaveLength(2);
});

test('for programs, each entry is a line of JSON as the site has told it; for people bytes may be hex', async () => {
  const { url } = await site({
    'GET printer-1/traffic?after=0&limit=500': page([{ ...entry, ...more }]),
  });
  const json = await craneway(['devices', 'tail', 'printer-1', '--once', '--json'], { url });
  expect(JSON.parse(json.out)).toEqual({ ...entry, ...more });
  const hex = await craneway(['devices', 'tail', 'printer-1', '--once', '--hex'], { url });
  expect(hex.out).toContain('7e 48 53');
});

const ok = { check: 'link', verdict: 'ok', detail: 'connected' };
const silent = { check: 'life', verdict: 'bad', detail: 'stands at 7' };
test.each([
  ['all is right', [ok], 0],
  ['something is not right', [ok, silent], 6],
  ['nobody is there', [{ ...ok, verdict: 'bad', detail: 'Cannot connect' }], 7],
])('a probe ends by what it found: %s', async (_, checks, exit) => {
  const isOk = checks.every(({ verdict }) => verdict === 'ok');
  const { url, asked } = await site({
    'POST crane-1/probe': { body: { device: 'crane-1', ok: isOk, checks } },
  });
  const { code, out } = await craneway(['devices', 'probe', 'crane-1', '--trigger'], { url });
  expect([code, asked[0]?.body]).toEqual([exit, { trigger: true }]);
  expect(out).toContain(checks.at(-1)?.detail);
});

test('a mode is set under the name of who sets it', async () => {
  const { url, asked } = await site({ 'POST crane-1/mode': { body: { text: 'It is off now.' } } });
  const { code, out } = await craneway(['devices', 'mode', 'crane-1', 'off'], { url });
  expect([code, out]).toEqual([0, 'It is off now.\n']);
  expect(asked[0]).toMatchObject({
    body: { mode: 'off' },
    headers: { 'craneway-operator': 'anna' },
  });
  expect((await craneway(['devices', 'mode', 'crane-1', 'fast'], { url })).code).toBe(2);
});
