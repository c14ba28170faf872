import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commandOf, eventBytes, parseEnvelope } from '../../src/contract/envelope.ts';
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
const deep = '['.repeat(100_000) + ']'.repeat(100_000);
const size = bytes(envelope).length;
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
  ['JSON 100,000 levels deep', Buffer.from(`{"data":${deep}}`), 'TOO_LARGE'],
  ['a payload of 256 KiB', Buffer.concat([bytes(envelope)], 256 * 1024).fill(32, size), 'ok'],
  ['an id of 64 characters', bytes({ ...envelope, id: 'x'.repeat(64) }), 'ok'],
  ['an id of one character', bytes({ ...envelope, id: 'x' }), 'ok'],
])('%s: %s', (_what, payload, code) => {
  expect(codeOf(payload)).toBe(code);
});

test('what is optional is read where it has its form, and else is not there', () => {
  const read = (own: object) => {
    const parsed = parseEnvelope(bytes({ ...envelope, ...own }));
    return parsed.ok && parsed.envelope;
  };
  const sequence = '0000000000000102';
  expect(read({ correlationid: 'c0', epoch: 3, sequence })).toMatchObject({
    ...{ correlationid: 'c0', epoch: 3, sequence },
  });
  for (const own of [
    { correlationid: 7, epoch: '3', sequence: 1_234_567_890_123_456 },
    { epoch: 0.5, sequence: '102' },
  ]) {
    const nothing = { correlationid: undefined, epoch: undefined, sequence: undefined };
    expect(read(own)).toMatchObject(nothing);
  }
});

test('a command is one that is known, in the version that is known', () => {
  const commandIn = (type: string) => {
    const parsed = parseEnvelope(bytes({ ...envelope, type }));
    return parsed.ok && commandOf(parsed.envelope);
  };
  expect(commandIn('craneway.order.cancel.v1')).toBe('order.cancel');
  expect(commandIn('craneway.order.cancel.v2')).toMatchObject({ code: 'UNSUPPORTED' });
  expect(commandIn('craneway.order.paint.v1')).toMatchObject({ code: 'UNSUPPORTED' });
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
  // The last days of February and the first of March, also where a century has no leap day.
  for (const year of [1972, 2000, 2024, 2026, 2100, 2400]) {
    for (const day of [27, 28, 29, 30]) {
      const atMs = calendar.UTC(year, 1, day);
      expect(timeText(atMs)).toBe(new calendar(atMs).toISOString());
      expect(parseTime(timeText(atMs))).toBe(atMs);
    }
  }
});

test('a time that no clock shows is none; a leap second is the first second after it', () => {
  expect(parseTime('2016-12-31T23:59:60Z')).toBe(calendar.UTC(2017, 0, 1));
  const days = ['2026-02-29T00:00:00Z', '2026-11-22', ''];
  const clocks = ['24:00:00', '12:60:00', '12:00:61'].map((clock) => `2026-11-22T${clock}Z`);
  for (const wrong of [...days, ...clocks]) expect(parseTime(wrong)).toBeUndefined();
});
