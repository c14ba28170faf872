import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { barcodeScanner } from '../../devices/barcode-scanner/index.ts';
import { openPtyPair, type PtyPair } from '../../simulators/barcode-scanner/pty.ts';
import { startScannerSimulator } from '../../simulators/barcode-scanner/server.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { ScannerSettings } from '../../src/domain/site.ts';
import type { ScannerFact } from '../../src/ports/scanner.ts';
import { collector } from '../lib/collector.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

const device = parseDeviceId('scan-1');
const silent = { debug() {}, info() {}, warn() {}, error() {} };
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const settingsFor = (
  connection: ScannerSettings['connection'],
  own: Partial<ScannerSettings> = {},
): ScannerSettings => ({
  connection,
  framing: { prefix: '\x02', suffix: '\x03', lengthMax: 256, gapMs: 1_000 },
  noRead: ['NoRead'],
  trigger: '\x02sMN mTCgateon\x03',
  aim: true,
  ...own,
});
const tcp = (port: number) => ({ kind: 'tcp', host: '127.0.0.1', port }) as const;

function connected(settings: ScannerSettings, startId = 'e7') {
  const facts = collector<ScannerFact>();
  const bugs: unknown[] = [];
  const scanner = barcodeScanner.open({
    ...{ id: device, settings, startId, report: facts.report, clock, log: silent },
    random: { u32: () => 0 },
    onBug: (error) => bugs.push(error),
  });
  scanner.start();
  endings.push(async () => {
    await scanner.stop();
    expect(bugs).toEqual([]);
  });
  return { scanner, facts, isOnline: () => facts.until(({ type }) => type === 'scanner.online') };
}

async function simulated(own: Partial<ScannerSettings> = {}, onTrigger?: () => void) {
  const simulator = await startScannerSimulator({
    settings: settingsFor(tcp(0), own),
    triggerReply: 'sAN mTCgateon 1',
    ...(onTrigger && { onTrigger }),
  });
  endings.push(() => simulator.close());
  return { simulator, settings: settingsFor(tcp(simulator.port ?? 0), own) };
}

test('over TCP, reads and no-reads come with ids of their own', async () => {
  const { simulator, settings } = await simulated();
  expect(simulator.read('LOST')).toBe(0);
  const { facts, isOnline } = connected(settings);
  await isOnline();
  expect(simulator.read('00340123450000000000', ']C1')).toBe(1);
  simulator.noRead();
  simulator.read('TOTE-1');
  expect(await facts.count(4)).toEqual([
    { device, type: 'scanner.online' },
    { device, type: 'scanner.read', readId: 'e7-1', code: '00340123450000000000', aim: ']C1' },
    { device, type: 'scanner.noRead', readId: 'e7-2' },
    { device, type: 'scanner.read', readId: 'e7-3', code: 'TOTE-1', aim: ']C0' },
  ]);
});

test('a trigger makes it read, and the answer to the trigger is no code', async () => {
  const { simulator, settings } = await simulated({}, () => simulator.read('TOTE-1'));
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  scanner.trigger();
  expect(await facts.until(({ type }) => type === 'scanner.read')).toMatchObject({
    code: 'TOTE-1',
  });
  expect(scanner.status().counters).toMatchObject({ reads: 1, replies: 1, triggersLost: 0 });
});

test('offline is said once and online once, and half a code before is not joined to one after', async () => {
  const { simulator, settings } = await simulated();
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  simulator.read('TOTE-1');
  await facts.count(2);
  simulator.raw(Buffer.from('\x02TOTE'));
  simulator.cut();
  await facts.until(({ type }) => type === 'scanner.online', 2);
  simulator.raw(Buffer.from('-2\x03'));
  simulator.read('TOTE-3');
  await facts.until((fact) => 'code' in fact && fact.code === 'TOTE-3');
  expect(facts.all.map((fact) => ('code' in fact ? fact.code : fact.type))).toEqual([
    ...['scanner.online', 'TOTE-1', 'scanner.offline', 'scanner.online', 'TOTE-3'],
  ]);
  expect(scanner.status()).toMatchObject({ availability: 'online', counters: { connects: 2 } });
});

test('a trigger while it is offline is lost, and not sent when it is back', async () => {
  let triggers = 0;
  const first = await simulated({}, () => {
    triggers += 1;
  });
  const { scanner, facts, isOnline } = connected(first.settings);
  await isOnline();
  await first.simulator.close();
  await facts.until(({ type }) => type === 'scanner.offline');
  scanner.trigger();
  const second = await startScannerSimulator({
    settings: first.settings,
    onTrigger: () => {
      triggers += 1;
    },
  });
  endings.push(() => second.close());
  await facts.until(({ type }) => type === 'scanner.online', 2);
  second.read('TOTE-1');
  await facts.until(({ type }) => type === 'scanner.read');
  expect(triggers).toBe(0);
  expect(scanner.status().counters['triggersLost']).toBe(1);
});

test('a scanner that is not there is offline, with the reason', async () => {
  const { simulator, settings } = await simulated();
  await simulator.close();
  const { scanner, facts } = connected(settings);
  const fact = await facts.until(({ type }) => type === 'scanner.offline');
  expect(fact).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
  await scanner.stop();
  expect(scanner.status()).toMatchObject({ availability: 'offline', detail: 'stopped' });
});

test('nothing is told after stop', async () => {
  const { simulator, settings } = await simulated();
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  await scanner.stop();
  simulator.read('TOTE-1');
  expect(facts.all).toEqual([{ device, type: 'scanner.online' }]);
});

async function serialLine(): Promise<{ pair: PtyPair; ends: [string, string] }> {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-pty-'));
  endings.push(() => rmSync(folder, { recursive: true, force: true }));
  const ends: [string, string] = [join(folder, 'controller'), join(folder, 'scanner')];
  const pair = await openPtyPair(ends, clock);
  if (pair === undefined) throw new Error('This test needs socat: apt-get install socat');
  endings.push(() => pair.close());
  return { pair, ends };
}
const serial = (path: string) =>
  settingsFor(
    { kind: 'serial', path, baudRate: 9600 },
    {
      framing: { prefix: '', suffix: '\r', lengthMax: 256, gapMs: 1_000 },
      ...{ noRead: ['NR'], trigger: '\x16T\r' },
    },
  );

test('over a serial line, reads, no-reads and triggers work as over TCP', async () => {
  const { ends } = await serialLine();
  const settings = serial(ends[0]);
  const simulator = await startScannerSimulator({
    ...{ settings, linePath: ends[1] },
    onTrigger: () => simulator.noRead(),
  });
  endings.push(() => simulator.close());
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  simulator.read('TOTE-1');
  await facts.count(2);
  scanner.trigger();
  expect((await facts.count(3)).slice(1)).toEqual([
    { device, type: 'scanner.read', readId: 'e7-1', code: 'TOTE-1', aim: ']C0' },
    { device, type: 'scanner.noRead', readId: 'e7-2' },
  ]);
});

test('an unplugged serial scanner is offline, and works again when it is plugged in', async () => {
  const { pair, ends } = await serialLine();
  const settings = serial(ends[0]);
  const before = await startScannerSimulator({ settings, linePath: ends[1] });
  endings.push(() => before.close());
  const { facts, isOnline } = connected(settings);
  await isOnline();
  before.raw(Buffer.from(']C0HALF'));
  await pair.close();
  await facts.until(({ type }) => type === 'scanner.offline');
  const again = await openPtyPair(ends, clock);
  endings.push(() => again?.close());
  const after = await startScannerSimulator({ settings, linePath: ends[1] });
  endings.push(() => after.close());
  await facts.until(({ type }) => type === 'scanner.online', 2);
  after.read('TOTE-2');
  expect(await facts.until(({ type }) => type === 'scanner.read')).toMatchObject({
    code: 'TOTE-2',
    readId: 'e7-1',
  });
});
