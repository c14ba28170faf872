import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventBytes, parseEnvelope } from '../../src/contract/envelope.ts';
import { parseTime, timeText } from '../../src/contract/time.ts';

// biome-ignore lint/style/noRestrictedGlobals: the calendar that ours is compared with
const calendar = Date;
const envelope = {
  specversion: '1.0',
  id: 'c1',
  source: '/dc1/host/wms',
  type: 'craneway.order.cancel.v1',
  time: '2026-11-22T12:40:00.000Z',
  data: { order: 'SO-1' },
};
const bytes = (value: unknown) => Buffer.from(JSON.stringify(value));
const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
const codeOf = (payload: Uint8Array) => {
  const parsed = parseEnvelope(payload);
  return parsed.ok ? 'ok' : parsed.error.code;
};

test('an envelope is read', () => {
  expect(parseEnvelope(bytes({ ...envelope, expirytime: '2026-11-22T12:41:00Z' }))).toEqual({
    ok: true,
    envelope: {
      id: 'c1',
      source: '/dc1/host/wms',
      name: 'order.cancel',
      version: 1,
      correlationid: undefined,
      epoch: undefined,
      sequence: undefined,
      expiresAtMs: calendar.parse('2026-11-22T12:41:00Z'),
      data: { order: 'SO-1' },
    },
  });
});

test.each<[string, Uint8Array, string]>([
  ['what is not JSON', Buffer.from('{'), 'MALFORMED'],
  ['what is not UTF-8', Buffer.from([0x22, 0xff, 0x22]), 'MALFORMED'],
  ['a list', bytes([envelope]), 'MALFORMED'],
  ['an id of 65 characters', bytes({ ...envelope, id: 'x'.repeat(65) }), 'MALFORMED'],
  ['an expiry that is no time', bytes({ ...envelope, expirytime: 'soon' }), 'MALFORMED'],
  ['a foreign type', bytes({ ...envelope, type: 'com.example.order' }), 'UNSUPPORTED'],
  ['a payload of 256 KiB and one byte', Buffer.alloc(256 * 1024 + 1, 32), 'TOO_LARGE'],
  ['JSON 17 levels deep', bytes({ ...envelope, data: nested(16) }), 'TOO_LARGE'],
  ['JSON 16 levels deep', bytes({ ...envelope, data: nested(15) }), 'ok'],
  ['JSON that no stack would hold', Buffer.from('['.repeat(100_000)), 'MALFORMED'],
])('%s: %s', (_what, payload, code) => {
  expect(codeOf(payload)).toBe(code);
});

test('who sent something unreadable can still be answered when its id is readable', () => {
  expect(parseEnvelope(bytes({ ...envelope, specversion: '2.0' }))).toMatchObject({
    ok: false,
    id: 'c1',
    name: 'order.cancel',
  });
});

test('no bytes from outside make the reader throw', () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (payload) => codeOf(payload) !== 'ok'));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      parseEnvelope(bytes(value));
    }),
  );
});

test('an event is the same bytes every time, as hosts have stored them', () => {
  const row = {
    sequence: 102,
    epoch: 1,
    name: 'movement',
    atMs: calendar.parse('2026-11-22T12:41:07.113Z'),
    subject: 'loadUnit/T-1',
    data: { kind: 'retrieved', loadUnit: 'T-1' },
  };
  expect(eventBytes('dc1', 'edge-a', row).toString()).toBe(
    '{"specversion":"1.0","id":"1-0000000000000102","source":"/dc1/edge-a",' +
      '"type":"craneway.movement.v1","time":"2026-11-22T12:41:07.113Z",' +
      '"subject":"loadUnit/T-1","epoch":1,"sequence":"0000000000000102",' +
      '"data":{"kind":"retrieved","loadUnit":"T-1"}}',
  );
});

test('times are written and read as the calendar has them', () => {
  const years = { min: 0, max: calendar.UTC(9999, 11, 31, 23, 59, 59, 999) };
  fc.assert(
    fc.property(fc.integer(years), (atMs) => {
      expect(timeText(atMs)).toBe(new calendar(atMs).toISOString());
      expect(parseTime(timeText(atMs))).toBe(atMs);
    }),
  );
  expect(timeText(calendar.UTC(2024, 1, 29))).toBe('2024-02-29T00:00:00.000Z');
  for (const wrong of ['2026-02-29T00:00:00Z', '2026-11-22T24:00:00Z', '2026-11-22', '']) {
    expect(parseTime(wrong)).toBeUndefined();
  }
});
