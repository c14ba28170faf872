import { createServer } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { barcodeScanner } from '../../devices/barcode-scanner/index.ts';
import { Traffic } from '../../devices/lib/traffic.ts';
import { connectModbusRtu } from '../../devices/transport/modbus-rtu.ts';
import { connectModbusTcp } from '../../devices/transport/modbus-tcp.ts';
import { zplPrinter } from '../../devices/zpl-printer/index.ts';
import { startScannerSimulator } from '../../simulators/barcode-scanner/server.ts';
import { ModbusServer } from '../../simulators/lib/modbus-server.ts';
import { startPrinterSimulator } from '../../simulators/zpl-printer/server.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/site.ts';
import type { Device, TrafficEntry } from '../../src/ports/device.ts';
import type { PrinterFact } from '../../src/ports/printer.ts';
import type { ScannerFact } from '../../src/ports/scanner.ts';
import { collector } from '../lib/collector.ts';
import { FakeLink } from '../lib/fake-link.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { rawServer } from '../lib/raw-tcp.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

const host = '127.0.0.1';
const { signal } = new AbortController();
const shared = {
  ...{ clock, random: { u32: () => 0 }, log: { debug() {}, info() {}, warn() {}, error() {} } },
  onBug: (error: unknown) => expect.unreachable(String(error)),
};
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const short = ({ direction, decoded, verdict }: TrafficEntry) =>
  `${direction} ${decoded ?? '-'} | ${verdict ?? '-'}`;
const linesOf = (device: Pick<Device, 'traffic'>) => device.traffic(0, 500).items.map(short);

async function scanner(own: Partial<ScannerSettings> = {}) {
  const settings = (port: number): ScannerSettings => ({
    connection: { kind: 'tcp', host, port },
    framing: { prefix: '\x02', suffixes: ['\x03'], lengthMax: 20, gapMs: 1_000, gap: 'discard' },
    ...{ noRead: ['NoRead'], trigger: '\x02T\x03', triggerOff: undefined, aim: false },
    ...{ gs: [], strip: { first: 0, last: 0 }, expect: [], repeatMs: 0 },
    ...own,
  });
  const simulator = await startScannerSimulator({
    settings: settings(0),
    onTrigger: () => simulator.read('TOTE-1'),
  });
  endings.push(() => simulator.close());
  const facts = collector<ScannerFact>();
  const driver = barcodeScanner.open({
    ...{ ...shared, id: parseDeviceId('scan-1'), startId: 'e1', report: facts.report },
    settings: settings(simulator.port ?? 0),
  });
  driver.start();
  endings.push(() => driver.stop());
  await facts.until(({ type }) => type === 'scanner.online');
  return { simulator, driver, facts };
}

test('a scanner shows what it was told, what it read, and what was thrown away and why', async () => {
  const { simulator, driver, facts } = await scanner();
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
  const { simulator, driver, facts } = await scanner();
  simulator.cut();
  await facts.until(({ type }) => type === 'scanner.online', 1);
  expect(driver.status().link).toMatchObject({ errors: 1, reconnects: 1 });
  expect(linesOf(driver)).toEqual([
    'link connected | ok',
    expect.stringMatching(/^link .* \| DEVICE_UNAVAILABLE$/),
    'link connected | ok',
  ]);
});

async function printer(port: number) {
  const facts = collector<PrinterFact>();
  const driver = zplPrinter.open({
    ...{ ...shared, id: parseDeviceId('printer-1'), report: facts.report },
    settings: {
      connection: { kind: 'tcp', host, port },
      ...{ answers: true, dotsPerMm: 8, statusEveryMs: 50, replyLimitMs: 100 },
      idleCloseMs: undefined,
    },
  });
  driver.start();
  endings.push(() => driver.stop());
  return { driver, facts };
}

test('a printer shows its labels, and its status in words', async () => {
  const fast = { ...clock, monotonicMs: () => clock.monotonicMs() * 10 };
  const simulator = await startPrinterSimulator({
    ...{ at: { host, port: 0 }, dotsPerMm: 8, clock: fast, onLabel() {} },
  });
  endings.push(() => simulator.close());
  const { driver, facts } = await printer(simulator.port);
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
  endings.push(() => server.close());
  const { driver, facts } = await printer((server.address() as { port: number }).port);
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
  endings.push(() => plc.close());
  const traffic = new Traffic(clock);
  const limits = { connectLimitMs: 1_000, requestLimitMs: 1_000, clock, signal };
  const line = await connectModbusTcp({ host, port, unit: 1, ...limits, traffic });
  endings.push(() => line.close());
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
  endings.push(() => raw.close());
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
