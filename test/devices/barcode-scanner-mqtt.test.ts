import { afterEach, expect, test, vi } from 'vitest';
import { barcodeScanner } from '../../devices/barcode-scanner/index.ts';
import { readMessage } from '../../devices/barcode-scanner/mqtt-message.ts';
import { MqttBroker } from '../../devices/transport/mqtt.ts';
import { MqttScannerSimulator } from '../../simulators/barcode-scanner/mqtt.ts';
import { resolveScanner, type ScannerSettings } from '../../src/config/scanner-schema.ts';
import { deviceTopicsOf } from '../../src/domain/device-topics.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { MqttScannerConnection } from '../../src/domain/mqtt-settings.ts';
import type { ScannerFact } from '../../src/ports/scanner.ts';
import { collector } from '../lib/collector.ts';
import { startBroker } from '../lib/mqtt-broker.ts';
import { silent as log } from '../lib/silent-log.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { startScriptedBroker } from '../upstream/scripted-broker.ts';

const device = parseDeviceId('scan-1');
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const json = { format: 'json', code: 'data.code', aim: 'data.aim', id: 'seq' } as const;
const availability = { topic: 'line/scan-1/state', online: 'online', offline: 'offline' };

function settingsWith(own: Partial<MqttScannerConnection> = {}) {
  const base: MqttScannerConnection = {
    kind: 'mqtt',
    topic: 'line/scan-1/code',
    payload: { format: 'text' },
    payloadBytesMax: 100,
    triggerTopic: 'line/scan-1/trigger',
  };
  const connection = { ...base, ...own };
  const settings = resolveScanner({
    ...{ connection, framing: { lengthMax: 256, gapMs: 200, gap: 'discard' } },
    ...{ noRead: ['NoRead'], trigger: 'read!', aim: false, gs: [], expect: [], repeatMs: 0 },
    strip: { first: 0, last: 0 },
  } as ScannerSettings);
  return { settings, connection };
}

function connected(port: number, own: Partial<MqttScannerConnection> = {}) {
  const { settings, connection } = settingsWith(own);
  const facts = collector<ScannerFact>();
  const bugs: unknown[] = [];
  const shared = {
    ...{ clock, log, random: { u32: () => 0 } },
    onBug: (error: unknown) => bugs.push(error),
  };
  const address = () => ({ host: '127.0.0.1', port, username: undefined, password: undefined });
  const broker = new MqttBroker({ ...shared, address, clientId: 'drivers' });
  const scanner = barcodeScanner.open({
    ...{ ...shared, id: device, settings, startId: 'e7', broker, report: facts.report },
  });
  scanner.start();
  endings.push(async () => {
    await scanner.stop();
    await broker.stop();
    expect(bugs).toEqual([]);
  });
  const isOnline = (from = 0) => facts.until(({ type }) => type === 'scanner.online', from);
  const simulated = (onTrigger = () => {}) => {
    const simulator = new MqttScannerSimulator({
      ...{ device, settings, connection, onTrigger, clock, log },
    });
    simulator.join({ host: '127.0.0.1', port });
    endings.push(() => simulator.close());
    return simulator;
  };
  return { scanner, facts, isOnline, simulated };
}

/** Its first read that somebody hears shows that the simulator has found its broker. */
const isThere = (simulator: MqttScannerSimulator) =>
  vi.waitFor(() => expect(simulator.read('FIRST')).toBe(1), { timeout: 8_000, interval: 10 });

const codes = (facts: readonly ScannerFact[]) =>
  facts.flatMap((fact) => (fact.type === 'scanner.read' ? [fact.code] : []));

test.each([
  ['a text', { format: 'text' }, 'TOTE-1', { text: 'TOTE-1', aim: undefined, id: undefined }],
  [
    'all three at their paths',
    json,
    '{"seq":7,"data":{"code":"T-1","aim":"]C1"}}',
    { text: 'T-1', aim: ']C1', id: '7' },
  ],
  [
    'an item of a list',
    { format: 'json', code: 'codes.1.text' },
    '{"codes":[{},{"text":"T-2"}]}',
    { text: 'T-2', aim: undefined, id: undefined },
  ],
  [
    'digits that are a number',
    json,
    '{"data":{"code":4711}}',
    { text: '4711', aim: undefined, id: undefined },
  ],
  [
    'no AIM identifier where it is none',
    json,
    '{"data":{"code":"T-1","aim":"C1"}}',
    { text: 'T-1', aim: undefined, id: undefined },
  ],
  ['nothing of what is no JSON', json, 'TOTE-1', undefined],
  ['nothing where the path leads nowhere', json, '{"data":{}}', undefined],
  [
    'nothing of a number that JSON has rounded',
    json,
    '{"data":{"code":340123450000000000123}}',
    undefined,
  ],
  [
    'nothing of what every object inherits',
    { format: 'json', code: 'constructor.name' },
    '{}',
    undefined,
  ],
] as const)('out of a message it takes %s', (_, form, payload, expected) => {
  expect(readMessage(Buffer.from(payload), form)).toEqual(expected);
});

test('reads and no-reads come over a broker, with ids of their own', async () => {
  const broker = await startBroker();
  const { facts, isOnline, simulated } = connected(broker.port, { payload: json });
  await isOnline();
  const simulator = simulated();
  await isThere(simulator);
  simulator.noRead();
  simulator.read('00340123450000000000', ']C1');
  expect((await facts.count(4)).slice(1)).toEqual([
    { device, type: 'scanner.read', readId: 'e7-1', code: 'FIRST', aim: ']C0' },
    { device, type: 'scanner.noRead', readId: 'e7-2' },
    { device, type: 'scanner.read', readId: 'e7-3', code: '00340123450000000000', aim: ']C1' },
  ]);
});

test('a retained code is of any age: it is counted and no read', async () => {
  const broker = await startBroker();
  await broker.publish('line/scan-1/code', 'YESTERDAY', { retain: true });
  const { scanner, facts, isOnline } = connected(broker.port);
  await isOnline();
  await broker.publish('line/scan-1/code', 'NOW');
  await facts.until(({ type }) => type === 'scanner.read');
  expect(codes(facts.all)).toEqual(['NOW']);
  expect(scanner.status().counters['retained']).toBe(1);
});

test('a message that is too long, or not what the site file says, is counted and no read', async () => {
  const broker = await startBroker();
  const { scanner, facts, isOnline } = connected(broker.port, { payload: json });
  await isOnline();
  await broker.publish('line/scan-1/code', `{"data":{"code":"${'9'.repeat(100)}"}}`);
  await broker.publish('line/scan-1/code', 'no JSON');
  await broker.publish('line/scan-1/code', '{"data":{"code":"T-1"}}');
  await facts.until(({ type }) => type === 'scanner.read');
  expect(codes(facts.all)).toEqual(['T-1']);
  expect(scanner.status().counters).toMatchObject({ tooLong: 1, unreadable: 1 });
  expect(scanner.status().link.discarded).toBe(2);
});

test('the same message told twice is marked as a repeat; the same code read twice is not', async () => {
  const broker = await startBroker();
  const { facts, isOnline } = connected(broker.port, { payload: json });
  await isOnline();
  for (const seq of [1, 1, 2]) {
    await broker.publish('line/scan-1/code', `{"seq":${seq},"data":{"code":"T-1"}}`);
  }
  const reads = (await facts.count(4)).slice(1);
  expect(reads.map((fact) => 'repeat' in fact)).toEqual([false, true, false]);
});

test('a message that its broker marks as sent before is marked as a repeat', async () => {
  const scripted = await startScriptedBroker();
  const { facts, isOnline } = connected(scripted.port);
  await isOnline();
  scripted.deliver('line/scan-1/code', Buffer.from('T-1'), 11);
  scripted.deliver('line/scan-1/code', Buffer.from('T-1'), 11, { dup: true });
  const reads = (await facts.count(3)).slice(1);
  expect(reads.map((fact) => 'repeat' in fact)).toEqual([false, true]);
});

test('a trigger is published on its topic, not retained, and never later', async () => {
  const broker = await startBroker();
  const { scanner, facts, isOnline, simulated } = connected(broker.port);
  await isOnline();
  const simulator: MqttScannerSimulator = simulated(() => simulator.read('TRIGGERED'));
  await isThere(simulator);
  scanner.trigger();
  await facts.until((fact) => 'code' in fact && fact.code === 'TRIGGERED');
  await broker.stop();
  await facts.until(({ type }) => type === 'scanner.offline');
  scanner.trigger();
  expect(scanner.status().counters['triggersLost']).toBe(1);
});

test('a scanner whose last will was published is offline once, with the reason, and online once', async () => {
  const broker = await startBroker();
  const { facts, isOnline, simulated } = connected(broker.port, { availability });
  const first = simulated();
  await isOnline();
  await first.close();
  expect(await facts.until(({ type }) => type === 'scanner.offline')).toMatchObject({
    reason: 'line/scan-1/state says offline',
  });
  simulated();
  await isOnline(2);
  expect(facts.all.map(({ type }) => type)).toEqual([
    ...['scanner.online', 'scanner.offline', 'scanner.online'],
  ]);
});

test('a scanner that is to say that it is there, and has said nothing, is offline', async () => {
  const broker = await startBroker();
  const { facts } = connected(broker.port, { availability });
  expect(await facts.until(({ type }) => type === 'scanner.offline')).toMatchObject({
    reason: 'line/scan-1/state has said nothing',
  });
});

test('the embedded broker lets its topics pass, and no others', () => {
  const { settings } = settingsWith({ availability });
  expect(deviceTopicsOf({ devices: [{ device, type: 'barcode-scanner', settings }] })).toEqual([
    {
      device,
      toDevice: ['line/scan-1/trigger'],
      fromDevice: ['line/scan-1/code', 'line/scan-1/state'],
    },
  ]);
});
