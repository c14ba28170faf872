import { beforeEach, expect, test } from 'vitest';
import { bytesKeptMax, entriesMax, Traffic } from '../../../devices/lib/traffic.ts';
import { DeviceProtocolError, DeviceUnavailableError } from '../../../src/domain/errors.ts';
import { ManualClock } from '../../lib/manual-clock.ts';

let clock: ManualClock;
let traffic: Traffic;

beforeEach(() => {
  clock = new ManualClock();
  traffic = new Traffic(clock);
});

const bytes = (text: string) => Buffer.from(text, 'latin1');
const all = () => traffic.page(0, entriesMax).items;

test('what goes over the wire is kept with its time, its bytes, its meaning and how it was judged', () => {
  clock.advance(1_000);
  traffic.sent(bytes('~HS'), () => 'status?');
  clock.advance(20);
  traffic.received(bytes('\x02ok\x03'));
  traffic.judge('ok', 'status: ready');
  expect(all()).toEqual([
    {
      ...{ no: 1, atMs: 1_000, direction: 'out', bytes: 3, hex: '7e4853', ascii: '~HS' },
      ...{ decoded: 'status?', verdict: 'ok' },
    },
    {
      ...{ no: 2, atMs: 1_020, direction: 'in', bytes: 4, hex: '026f6b03', ascii: '.ok.' },
      ...{ decoded: 'status: ready', verdict: 'ok' },
    },
  ]);
});

test('only what came in last is judged, and part of a frame is not judged at all', () => {
  traffic.received(bytes('half'));
  traffic.received(bytes(' a code\r'));
  traffic.judge('ok', 'code half a code');
  expect(all().map(({ verdict }) => verdict)).toEqual([undefined, 'ok']);
  expect(traffic.counters()).toMatchObject({ framesIn: 1, bytesIn: 12 });
});

test('several frames in one piece are told one after the other, and what is wrong with one is seen', () => {
  traffic.received(bytes('A\r\rB\r'));
  traffic.judge('ok', 'code A');
  traffic.judge('discarded: empty');
  traffic.judge('ok', 'code B');
  expect(all()[0]).toMatchObject({ decoded: 'code A; code B', verdict: 'discarded: empty' });
  expect(traffic.counters()).toMatchObject({ framesIn: 2, discarded: 1 });
});

test('a piece that holds very many frames keeps a short text', () => {
  traffic.received(bytes('A\r'.repeat(1_000)));
  for (let i = 0; i < 1_000; i++) traffic.judge('ok', 'code A');
  expect(all()[0]?.decoded?.length).toBeLessThan(250);
  expect(traffic.counters().framesIn).toBe(1_000);
});

test('the ring holds the newest entries, and says how many a reader has missed', () => {
  for (let i = 1; i <= entriesMax + 20; i++) traffic.sent(bytes(String(i)));
  const first = traffic.page(0, 10);
  expect(first).toMatchObject({ last: entriesMax + 20, lost: 20 });
  expect(first.items.map(({ no, ascii }) => [no, ascii])[0]).toEqual([21, '21']);
  expect(first.items).toHaveLength(10);
  const rest = traffic.page(30, entriesMax);
  expect(rest.items).toHaveLength(entriesMax - 10);
  expect(rest.lost).toBe(0);
  expect(traffic.page(entriesMax + 20, 10)).toEqual({ items: [], last: entriesMax + 20, lost: 0 });
});

test('a reader from before a restart sees that the numbers have begun anew', () => {
  traffic.sent(bytes('one'));
  expect(traffic.page(4_711, 10)).toEqual({ items: [], last: 1, lost: 0 });
});

test('a long piece keeps its beginning and its true length', () => {
  traffic.received(Buffer.alloc(5_000, 0x41));
  expect(all()[0]).toMatchObject({ bytes: 5_000, hex: '41'.repeat(bytesKeptMax) });
  expect(traffic.counters().bytesIn).toBe(5_000);
});

test('what is recorded does not change when its buffer is used again', () => {
  const buffer = bytes('first');
  traffic.sent(buffer);
  buffer.fill(0);
  expect(all()[0]?.ascii).toBe('first');
});

test('a slot that is used again says nothing of what was in it before', () => {
  for (let i = 0; i < entriesMax; i++) {
    traffic.received(bytes('a long old piece'));
    traffic.judge('late', 'old');
  }
  for (let i = 0; i < entriesMax; i++) traffic.received(bytes('new'));
  const seen = new Set(
    all().map(({ ascii, decoded, verdict }) => [ascii, decoded, verdict].join()),
  );
  expect([...seen]).toEqual(['new,,']);
});

test('round trips are unknown before the first answer, and then of the newest 200', () => {
  expect(traffic.counters().roundTripP50Ms).toBeUndefined();
  for (let i = 0; i < 500; i++) traffic.answeredIn(1_000);
  for (let ms = 1; ms <= 200; ms++) traffic.answeredIn(ms);
  expect(traffic.counters()).toMatchObject({ roundTripP50Ms: 100, roundTripP95Ms: 190 });
});

test('losses, reconnects and silences are counted and stand between the frames', () => {
  traffic.connected();
  traffic.timedOut('no reply within 300 ms');
  traffic.failed(new DeviceProtocolError('Reply does not fit its request'));
  traffic.connected();
  expect(traffic.counters()).toMatchObject({ errors: 1, timeouts: 1, reconnects: 1 });
  expect(all().map(({ direction, decoded, verdict }) => [direction, decoded, verdict])).toEqual([
    ['link', 'connected', 'ok'],
    ['link', 'no reply within 300 ms', 'timeout'],
    ['link', 'Reply does not fit its request', 'DEVICE_PROTOCOL'],
    ['link', 'connected', 'ok'],
  ]);
});

test('a night without a connection does not push out what was said before it', () => {
  traffic.sent(bytes('the last word'));
  for (let i = 0; i < 10_000; i++) {
    const cause = new Error('connect ECONNREFUSED 10.0.0.7:502');
    traffic.unreachable(new DeviceUnavailableError('Cannot connect', { cause }));
  }
  expect(all().map(({ ascii, decoded }) => ascii || decoded)).toEqual([
    'the last word',
    'Cannot connect: connect ECONNREFUSED 10.0.0.7:502',
  ]);
});

test('a write that is refused is counted, and stands there as not sent', () => {
  traffic.refused(bytes('trigger'), 'the device is in observe');
  expect(traffic.counters()).toMatchObject({ discarded: 1, framesOut: 0, bytesOut: 0 });
  expect(all()[0]).toMatchObject({
    direction: 'out',
    verdict: 'refused: the device is in observe',
  });
});
