import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { Traffic } from '../../devices/lib/traffic.ts';
import { connectModbusRtu } from '../../devices/transport/modbus-rtu.ts';
import { connectModbusTcp } from '../../devices/transport/modbus-tcp.ts';
import { ModbusServer } from '../../simulators/lib/modbus-server.ts';
import { FakeLink } from '../lib/fake-link.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { rawServer } from '../lib/raw-tcp.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import {
  atEnd,
  linesOf,
  printerAt,
  short,
  wiredPrinter,
  wiredScanner,
} from '../lib/wired-devices.ts';

const host = '127.0.0.1';
const { signal } = new AbortController();
test('a scanner shows what it was told, what it read, and what was thrown away and why', async () => {
  const { simulator, driver, facts } = await wiredScanner();
  driver.trigger();
  await facts.until(({ type }) => type === 'scanner.read');
  simulator.raw(Buffer.from('\x02much longer than twenty bytes\x03'));
  simulator.noRead();
  await facts.until(({ type }) => type === 'scanner.noRead');
  const lines = linesOf(driver);
  expect(lines.slice(0, 3)).toEqual([
    'link connected | ok',
    'out trigger | ok',
    'in code TOTE-1 | ok',
  ]);
  // Both came in one piece, or in two.
  expect(lines.slice(3).join()).toContain('discarded: tooLong');
  expect(lines.slice(3).join()).toContain('no-read');
  expect(driver.status().link).toMatchObject({
    ...{ framesIn: 2, framesOut: 1, bytesOut: 3, discarded: 1, errors: 0, reconnects: 0 },
    roundTripP50Ms: expect.any(Number),
  });
});

test('a scanner that was cut off shows the loss and the reconnect', async () => {
  const { simulator, driver, facts } = await wiredScanner();
  simulator.cut();
  await facts.until(({ type }) => type === 'scanner.online', 1);
  expect(driver.status().link).toMatchObject({ errors: 1, reconnects: 1 });
  expect(linesOf(driver)).toEqual([
    'link connected | ok',
    expect.stringMatching(/^link .* \| DEVICE_UNAVAILABLE$/),
    'link connected | ok',
  ]);
});

test('a printer shows its labels, and its status in words', async () => {
  const { driver, facts } = await wiredPrinter();
  driver.print({ jobId: 'L-1', zpl: '^XA^CI28^FO1,1^FDA^FS^XZ' });
  await facts.until(({ type }) => type === 'printer.printed');
  const lines = linesOf(driver);
  expect(lines.slice(0, 3)).toEqual([
    ...['link connected | ok', 'out status? | ok', 'in status: ready | ok'],
  ]);
  expect(lines.join()).toContain('out label ^XA');
  const { link } = driver.status();
  expect(link.framesIn).toBeGreaterThanOrEqual(3);
  expect(link.roundTripP95Ms).toBeGreaterThan(0);
});

test('a printer that does not answer, or not in its protocol, is seen to', async () => {
  const server = createServer((socket) => {
    let questions = 0;
    socket.on('error', () => {});
    socket.on('data', () => {
      questions += 1;
      if (questions === 2) socket.write('\x02nonsense\x03\x02more\x03\x02of it\x03');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  atEnd(() => server.close());
  const { driver, facts } = printerAt((server.address() as { port: number }).port);
  await facts.until(({ type }) => type === 'printer.offline');
  const lines = linesOf(driver);
  expect(lines).toContain('link no status within 100 ms | timeout');
  expect(lines).toContain('in - | discarded: Not a status telegram');
  expect(driver.status().link).toMatchObject({ timeouts: 1, errors: 1, discarded: 1 });
});

test('Modbus TCP requests and replies are told by function and registers', async () => {
  const image = new Uint16Array(65_536);
  const writable = [{ base: 1000, length: 52 }];
  const plc = new ModbusServer({ units: { 1: { image, writable } } });
  const port = await plc.listen(0);
  atEnd(() => plc.close());
  const traffic = new Traffic(clock);
  const limits = { connectLimitMs: 1_000, requestLimitMs: 1_000, clock, signal };
  const line = await connectModbusTcp({ host, port, unit: 1, ...limits, traffic });
  atEnd(() => line.close());
  await line.readHolding(2000, 125, signal);
  await line.writeHolding(1000, [1, 2, 3], signal);
  await expect(line.writeHolding(9, [1], signal)).rejects.toThrow();
  expect(traffic.page(0, 100).items.map(short)).toEqual([
    ...['out FC03 2000+125 | ok', 'in FC03: 125 words | ok'],
    ...['out FC16 1000+3 | ok', 'in FC16: 1000+3 written | ok'],
    ...['out FC16 9+1 | ok', 'in FC16: exception 2 | ok'],
  ]);
  expect(traffic.counters()).toMatchObject({ framesIn: 3, framesOut: 3, discarded: 0 });
});

test('late, foreign and missing Modbus TCP replies are told apart', async () => {
  const raw = await rawServer();
  atEnd(() => raw.close());
  const manual = new ManualClock();
  const traffic = new Traffic(manual);
  const line = await connectModbusTcp({
    ...{ host, port: raw.port, unit: 1, connectLimitMs: 1_000, requestLimitMs: 500 },
    ...{ clock: manual, signal, traffic },
  });
  const answer = line.readHolding(2000, 1, signal);
  answer.catch(() => {});
  const peer = await raw.peer();
  const id = (await peer.frame()).toString('hex', 0, 2);
  peer.send(`ffff00000005010302000a${id}0000000501030200ff`);
  await answer;
  const unanswered = line.readHolding(2000, 1, signal);
  unanswered.catch(() => {});
  await peer.frame();
  manual.advance(500);
  await expect(unanswered).rejects.toThrow('No reply in time');
  expect(traffic.page(0, 100).items.map(short)).toEqual([
    'out FC03 2000+1 | ok',
    ...['in FC03: 1 words | late', 'in FC03: 1 words | ok'],
    ...['out FC03 2000+1 | ok', 'link no reply within 500 ms | timeout'],
  ]);
  expect(traffic.counters()).toMatchObject({ framesIn: 1, discarded: 1, timeouts: 1 });
});

test('a damaged Modbus RTU reply is seen to have a wrong CRC, and one that comes late to be late', async () => {
  const manual = new ManualClock();
  const traffic = new Traffic(manual);
  const link = new FakeLink();
  const rtu = connectModbusRtu({
    ...{ link, unit: 1, requestLimitMs: 200, quarantineMs: 0, clock: manual, signal, traffic },
  });
  const answer = rtu.readHolding(2000, 1, signal);
  answer.catch(() => {});
  manual.advance(5);
  await expect.poll(() => link.sent.length).toBe(1);
  link.hear(Buffer.from('010302000a1234', 'hex'));
  await expect(answer).rejects.toThrow('CRC');
  link.hear(Buffer.from('010302000a3843', 'hex'));
  expect(traffic.page(0, 100).items.map(short)).toEqual([
    ...['out FC03 2000+1 | ok', 'in - | crc', 'in - | late'],
  ]);
  expect(traffic.counters()).toMatchObject({ framesIn: 0, framesOut: 1, discarded: 2 });
});
