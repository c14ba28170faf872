import { expect, test } from 'vitest';
import {
  connectModbusRtu,
  type ModbusRtuOptions,
  noRtuTraffic,
} from '../../../devices/transport/modbus-rtu.ts';
import { withCrc } from '../../../devices/transport/modbus-rtu-frame.ts';
import {
  DeviceProtocolError,
  DeviceTimeoutError,
  DeviceUnavailableError,
} from '../../../src/domain/errors.ts';
import { FakeLink } from '../../lib/fake-link.ts';
import { pass } from '../../lib/fake-registers.ts';
import { ManualClock } from '../../lib/manual-clock.ts';

const { signal } = new AbortController();
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');
/** A reply with registers, as unit 1 sends it. */
const reply = (...words: number[]) => {
  const body = Buffer.alloc(3 + 2 * words.length);
  body.set([1, 3, 2 * words.length]);
  for (const [i, word] of words.entries()) body.writeUInt16BE(word, 3 + 2 * i);
  return withCrc(body);
};

const limits = { requestLimitMs: 500, quarantineMs: 300, silenceMs: 5 };

/** A connection whose first quarantine is over. */
async function connected(own: Partial<ModbusRtuOptions> = {}) {
  const clock = new ManualClock();
  const link = new FakeLink();
  const counters = noRtuTraffic();
  const rtu = connectModbusRtu({ link, unit: 1, clock, signal, counters, ...limits, ...own });
  await pass(clock, limits.quarantineMs);
  return { clock, link, rtu, counters };
}

/** With one read of two registers out. */
async function asked() {
  const run = await connected();
  const answer = run.rtu.readHolding(2000, 2, signal);
  answer.catch(() => {}); // each test looks at it when its time has come
  await pass(run.clock, 0);
  expect(run.link.sent).toHaveLength(1);
  return { ...run, answer };
}

test('a reply may come byte by byte', async () => {
  const { link, answer, counters } = await asked();
  link.hear(...[...reply(7, 0xffff)].map((byte) => Buffer.of(byte)));
  expect(await answer).toEqual([7, 0xffff]);
  expect(counters).toEqual({ ...noRtuTraffic(), requests: 1 });
});

test('requests go out one by one, and not before the line has been silent', async () => {
  const { link, rtu, clock } = await connected();
  const answers = [rtu.readHolding(1, 1, signal), rtu.readHolding(2, 1, signal)];
  await pass(clock, 0);
  expect(link.sent).toHaveLength(1);
  link.hear(reply(11));
  await pass(clock, 4, 1);
  expect(link.sent).toHaveLength(1);
  await pass(clock, 2, 1);
  expect(link.sent).toHaveLength(2);
  link.hear(reply(22));
  expect(await Promise.all(answers)).toEqual([[11], [22]]);
});

test('noise before a frame is dropped and counted, the frame is taken', async () => {
  const { link, answer, counters } = await asked();
  link.hear(hex('00 ff 01 03'), reply(7, 8));
  expect(await answer).toEqual([7, 8]);
  expect(counters).toMatchObject({ droppedBytes: 4, framingErrors: 0 });
});

test('the reply of a request that timed out answers nothing, however late it comes', async () => {
  const { link, rtu, answer, clock, counters } = await asked();
  await pass(clock, limits.requestLimitMs);
  await expect(answer).rejects.toThrow(DeviceTimeoutError);
  const next = rtu.readHolding(3000, 2, signal);
  await pass(clock, 100);
  link.hear(reply(0xdead, 0xdead));
  expect(link.sent).toHaveLength(1);
  await pass(clock, 200);
  expect(link.sent).toHaveLength(2);
  link.hear(reply(1, 2));
  expect(await next).toEqual([1, 2]);
  expect(counters).toMatchObject({ timeouts: 1, lateReplies: 1, droppedBytes: 9 });
});

test('a new connection hears the late reply of the one before and drops it', async () => {
  const clock = new ManualClock();
  const link = new FakeLink();
  const rtu = connectModbusRtu({ link, unit: 1, clock, signal, ...limits });
  const answer = rtu.readHolding(2000, 2, signal);
  await pass(clock, 100);
  link.hear(reply(0xdead, 0xdead));
  await pass(clock, 190);
  expect(link.sent).toHaveLength(0);
  await pass(clock, 10);
  link.hear(reply(1, 2));
  expect(await answer).toEqual([1, 2]);
});

test('two replies in one piece answer nothing: nobody knows which is which', async () => {
  const { link, rtu, answer, clock, counters } = await asked();
  link.hear(Buffer.concat([reply(0xdead, 0xdead), reply(1, 2)]));
  await expect(answer).rejects.toThrow('More than one reply');
  expect(counters).toMatchObject({ framingErrors: 1 });
  const next = rtu.readHolding(2000, 2, signal);
  await pass(clock, limits.quarantineMs);
  link.hear(reply(3, 4));
  expect(await next).toEqual([3, 4]);
});

test('a wrong CRC is an error of the device, and the line is quarantined', async () => {
  const { link, rtu, answer, clock, counters } = await asked();
  const bytes = reply(7, 8);
  bytes[4] = (bytes[4] ?? 0) ^ 1;
  link.hear(bytes);
  await expect(answer).rejects.toThrow(DeviceProtocolError);
  expect(counters).toMatchObject({ framingErrors: 1, timeouts: 0 });
  void rtu.readHolding(2000, 2, signal).catch(() => {});
  await pass(clock, limits.quarantineMs - 10);
  expect(link.sent).toHaveLength(1);
  await pass(clock, 10);
  expect(link.sent).toHaveLength(2);
  rtu.close();
});

test.each([
  ['another unit', withCrc(hex('02 03 04 0001 0002'))],
  ['another function', withCrc(hex('01 04 04 0001 0002'))],
  ['another length', reply(1)],
])('a reply of %s is none', async (_, bytes) => {
  const { link, answer, clock, counters } = await asked();
  link.hear(bytes);
  await pass(clock, limits.requestLimitMs);
  await expect(answer).rejects.toThrow('No reply in time');
  expect(counters.droppedBytes).toBe(bytes.length);
});

test('an exception is typed, and the line goes on at once', async () => {
  const { link, rtu, answer, clock } = await asked();
  link.hear(withCrc(hex('01 83 02')));
  await expect(answer).rejects.toMatchObject({ context: { exception: 2, unit: 1 } });
  const next = rtu.readHolding(5, 1, signal);
  await pass(clock, 10);
  link.hear(reply(9));
  expect(await next).toEqual([9]);
});

test('the echo of a write must name its own registers', async () => {
  const { link, rtu, clock } = await connected();
  const written = rtu.writeHolding(1000, [1, 2], signal);
  written.catch(() => {});
  await pass(clock, 0);
  link.hear(withCrc(hex('01 10 03e9 0002')));
  await pass(clock, 10);
  link.hear(withCrc(hex('01 10 03e8 0002')));
  await expect(written).resolves.toBeUndefined();
});

test('a line that is lost leaves the request that was out unknown, those behind it unsent', async () => {
  const { link, rtu, answer } = await asked();
  const waiting = rtu.writeHolding(1000, [1], signal);
  waiting.catch(() => {});
  link.hangUp(new DeviceUnavailableError('unplugged'));
  await expect(answer).rejects.toThrow(DeviceTimeoutError);
  await expect(waiting).rejects.toThrow(DeviceUnavailableError);
  expect(await rtu.closed).toBeInstanceOf(DeviceUnavailableError);
  await expect(rtu.readHolding(1, 1, signal)).rejects.toThrow(DeviceUnavailableError);
});

test('a request that is given up is unknown, and quarantines the line', async () => {
  const { link, rtu, clock } = await connected();
  const ending = new AbortController();
  const answer = rtu.readHolding(1, 1, ending.signal);
  answer.catch(() => {});
  await pass(clock, 0);
  ending.abort();
  await expect(answer).rejects.toThrow(DeviceTimeoutError);
  void rtu.readHolding(2, 1, signal).catch(() => {});
  await pass(clock, 290);
  expect(link.sent).toHaveLength(1);
  rtu.close();
});
