import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { nodeHid } from '../../devices/transport/hid.ts';
import type { ScannerSettings } from '../../src/domain/scanner-settings.ts';
import { FakeHid, FakeHidScanner } from '../lib/fake-hid.ts';
import { codes, connected, settingsFor, simulated } from '../lib/scanner-run.ts';
import {
  descriptor62,
  descriptor64,
  descriptorOtherOrder,
  descriptorTriggerOfEight,
  report62,
  report64,
  scanOf60,
} from '../vectors/hid-pos.ts';

type Hid = ScannerSettings['connection'] & { readonly kind: 'hidPos' | 'hidKeyboard' };
const honeywell = { kind: 'hidPos', vendorId: 0x0c2e, productId: 0x0b61 } as const;
const hidSettings = (connection: Hid = honeywell, own: Partial<ScannerSettings> = {}) =>
  settingsFor(connection, { trigger: '\x16T\r', triggerOff: undefined, noRead: [], ...own });

function plugged(scanner = new FakeHidScanner(), settings = hidSettings()) {
  const hid = new FakeHid();
  hid.plugged = [scanner];
  return { hid, scanner, run: connected(settings, 'e7', { hid }) };
}

test('a HID scanner is read, with the symbology that it tells', async () => {
  const { scanner, run } = plugged();
  await run.isOnline();
  scanner.send(report64(']C1', '00340123450000000000'), ...scanOf60.reports);
  await run.facts.count(3);
  expect(run.facts.all.slice(1)).toMatchObject([
    { type: 'scanner.read', code: '00340123450000000000', aim: ']C1', readId: 'e7-1' },
    { type: 'scanner.read', code: scanOf60.code, aim: ']Q0', readId: 'e7-2' },
  ]);
  expect(run.scanner.status().counters).toMatchObject({ scans: 2, reads: 2 });
});

const zebraIds = { vendorId: 0x05e0, productId: 0x1300 };
/** A scanner of another maker, with this report descriptor and these texts in the site file. */
function another(descriptor: Uint8Array | undefined, own: Partial<ScannerSettings> = {}) {
  const scanner = new FakeHidScanner(zebraIds);
  scanner.ownDescriptor = descriptor;
  const settings = hidSettings(
    { kind: 'hidPos', ...zebraIds },
    { trigger: '1', triggerOff: '0', ...own },
  );
  return plugged(scanner, settings);
}

test('a scanner whose report descriptor offers it is made to read by that bit, and told to stop by it', async () => {
  const { scanner, run } = another(descriptorOtherOrder);
  await run.isOnline();
  run.scanner.trigger();
  await turn();
  expect(scanner.written).toEqual(['0401']);
  scanner.send(report62);
  await run.facts.count(2);
  expect([scanner.written, scanner.features]).toEqual([['0401', '0400'], []]);
  expect(run.scanner.status().counters).toMatchObject({ triggersLost: 0, reads: 1 });
});

test('of a report with more in it only the bit of the trigger is set', async () => {
  const { scanner, run } = another(descriptorTriggerOfEight);
  await run.isOnline();
  run.scanner.trigger();
  await turn();
  expect(scanner.written).toEqual(['0604']);
});

test.each([
  ['no trigger in its report descriptor', descriptor64, '1'],
  ['a text that its bit cannot say', descriptorOtherOrder, '\x16T\r'],
])('%s: nothing is written, and the trigger is counted as lost', async (_, descriptor, trigger) => {
  const { scanner, run } = another(descriptor, { trigger });
  await run.isOnline();
  run.scanner.trigger();
  await turn();
  expect(scanner.written).toEqual([]);
  expect(run.scanner.status().counters).toMatchObject({ triggersLost: 1 });
});

test('a Honeywell is switched to HID POS and takes triggers; other makers get neither', async () => {
  const { scanner, run } = plugged();
  await run.isOnline();
  run.scanner.trigger();
  expect(scanner.features).toEqual(['fe01']);
  expect(scanner.written).toEqual(['fd0316540d']);
  const zebra = new FakeHidScanner({ vendorId: 0x05e0, productId: 0x1300 });
  const other = plugged(
    zebra,
    hidSettings({ kind: 'hidPos', vendorId: 0x05e0, productId: 0x1300 }),
  );
  await other.run.isOnline();
  other.run.scanner.trigger();
  await turn();
  expect([zebra.features, zebra.written]).toEqual([[], []]);
  expect(other.run.scanner.status().counters).toMatchObject({ triggersLost: 1 });
});

test('unplugged between two reports of a scan, the half of it is never joined to what comes after', async () => {
  const { hid, scanner, run } = plugged();
  await run.isOnline();
  scanner.send(scanOf60.reports[0]);
  hid.plugged = [];
  scanner.unplug();
  scanner.unplug();
  await run.facts.until(({ type }) => type === 'scanner.offline');
  // Replugged it has another path, and this one another form of report.
  const again = new FakeHidScanner({ path: '/dev/hidraw7' });
  again.ownDescriptor = descriptor62;
  hid.plugged = [again];
  await run.facts.until(({ type }) => type === 'scanner.online', 2);
  scanner.send(scanOf60.reports[1]);
  again.send(report62);
  await run.facts.until((fact) => 'code' in fact);
  expect(codes(run.facts)).toEqual(['TOTE-1']);
  expect(run.facts.all.filter(({ type }) => type === 'scanner.offline')).toHaveLength(1);
  expect(run.scanner.status()).toMatchObject({ availability: 'online', counters: { cutOff: 1 } });
});

test.each([
  ['none is plugged in', [], 'HID device 0c2e:0b61: is not plugged in'],
  [
    'two of the same are',
    [new FakeHidScanner(), new FakeHidScanner({ path: '/dev/hidraw1' })],
    '2 of them are plugged in: add serialNumber',
  ],
  [
    'it is set to be a keyboard',
    [new FakeHidScanner({ usagePage: 1, usage: 6 })],
    'not as a bar code scanner (HID POS): scan its set-up code',
  ],
])('where %s, it is unavailable and the reason says what to do', async (_, scanners, reason) => {
  const hid = new FakeHid();
  hid.plugged = [...scanners];
  const { facts } = connected(hidSettings(), 'e7', { hid });
  expect(await facts.until(({ type }) => type === 'scanner.offline')).toMatchObject({
    reason: expect.stringContaining(reason),
  });
});

test('of two of the same the serial number chooses, and two interfaces of one device are one', async () => {
  const hid = new FakeHid();
  const wanted = new FakeHidScanner({ path: '/dev/hidraw1', serialNumber: 'B' });
  hid.plugged = [new FakeHidScanner({ serialNumber: 'A' }), wanted, wanted];
  const run = connected(hidSettings({ ...honeywell, serialNumber: 'B' }), 'e7', { hid });
  await run.isOnline();
  wanted.send(report64(']C0', 'TOTE-1'));
  await run.facts.count(2);
  expect(codes(run.facts)).toEqual(['TOTE-1']);
});

test('without libusb a HID scanner is unavailable with the fix, and a TCP scanner works beside it', async () => {
  const missing = Object.assign(
    new Error('libusb-1.0.so.0: cannot open shared object file: No such file or directory'),
    { code: 'ERR_DLOPEN_FAILED' },
  );
  const hid = nodeHid(() => Promise.reject(missing));
  const lame = connected(hidSettings(), 'e7', { hid });
  const { simulator, settings } = await simulated();
  const well = connected(settings);
  await well.isOnline();
  simulator.read('TOTE-1');
  await well.facts.count(2);
  expect(await lame.facts.until(({ type }) => type === 'scanner.offline')).toMatchObject({
    reason: expect.stringMatching(/libusb-1\.0\.so\.0.*apt-get install libusb-1\.0-0/),
  });
});

test('the library that is installed lists devices here, or says what it lacks', async () => {
  const outcome = await nodeHid()
    .list()
    .then((devices) => devices.every(({ path }) => path !== ''))
    .catch((error: Error) => error.message.includes('apt-get install libusb-1.0-0'));
  expect(outcome).toBe(true);
});

test('a scanner that does not close is left behind after its deadline', async () => {
  const { hid, scanner, run } = plugged();
  scanner.onClose = () => new Promise(() => {});
  await run.isOnline();
  hid.plugged = [];
  scanner.unplug();
  await run.facts.until(({ type }) => type === 'scanner.offline');
  expect(scanner.closes).toBe(1);
});

test('a keyboard wedge works, and the log says that it is experimental', async () => {
  const keyboard = new FakeHidScanner({ usagePage: 1, usage: 6 });
  const warnings: string[] = [];
  const hid = new FakeHid();
  hid.plugged = [keyboard];
  const connection = { ...honeywell, kind: 'hidKeyboard' } as const;
  const log = {
    debug() {},
    info() {},
    error() {},
    warn: (_: object, text: string) => void warnings.push(text),
  };
  const run = connected(hidSettings(connection), 'e7', { hid, log });
  await run.isOnline();
  keyboard.send(Uint8Array.of(0, 0, 4, 0, 0, 0, 0, 0), Uint8Array.of(0, 0, 0x28, 0, 0, 0, 0, 0));
  await run.facts.until((fact) => 'code' in fact);
  expect(codes(run.facts)).toEqual(['a']);
  expect(keyboard.features).toEqual([]);
  expect(warnings).toContainEqual(expect.stringContaining('experimental'));
});
