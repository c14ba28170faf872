import { expect, test, vi } from 'vitest';
import { DeviceLink } from '../../devices/lib/device-link.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import { claimed, output } from '../lib/crane-run.ts';
import { pass } from '../lib/fake-registers.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { wiredPrinter, wiredScanner } from '../lib/wired-devices.ts';

const soon = { interval: 2, timeout: 5_000 };
const job = (jobId: string) => ({ jobId, zpl: '^XA^CI28^FO1,1^FDA^FS^XZ' });

test('a scanner that is off has no connection, says so once, and comes back with auto', async () => {
  const { simulator, driver, facts } = await wiredScanner();
  driver.setMode('off');
  const gone = await facts.until(({ type }) => type === 'scanner.offline');
  expect(gone).toMatchObject({ reason: 'it is set to off' });
  await vi.waitFor(() => expect(simulator.read('LOST')).toBe(0), soon);
  expect(driver.status()).toMatchObject({ availability: 'offline', detail: 'it is set to off' });
  driver.setMode('off');
  driver.setMode('auto');
  await facts.until(({ type }) => type === 'scanner.online', 2);
  expect(simulator.read('TOTE-2')).toBe(1);
  expect(facts.all.filter(({ type }) => type === 'scanner.offline')).toHaveLength(2);
});

test('a scanner in observe or manual is read, and nobody but a person makes it read', async () => {
  const { simulator, driver, facts, triggers } = await wiredScanner();
  driver.setMode('observe');
  await facts.until(({ type }) => type === 'scanner.online', 1);
  driver.trigger();
  driver.setMode('manual');
  await facts.until(({ type }) => type === 'scanner.online', 3);
  driver.trigger();
  simulator.read('TOTE-2');
  await facts.until(({ type }) => type === 'scanner.read');
  expect(triggers()).toBe(0);
  expect(driver.status().counters['triggersLost']).toBe(2);
});

test('jobs of a printer in manual wait, and come out in auto', async () => {
  const { driver, facts, labels } = await wiredPrinter();
  driver.setMode('manual');
  driver.print(job('L-1'));
  await facts.until(({ type }) => type === 'printer.ready');
  const asked = driver.status().link.framesIn;
  await vi.waitFor(() => expect(driver.status().link.framesIn).toBeGreaterThan(asked + 2), soon);
  expect(labels.all).toEqual([]);
  expect(driver.status().counters['waiting']).toBe(1);
  driver.setMode('auto');
  await facts.until(({ type }) => type === 'printer.printed');
  expect(await labels.count(1)).toHaveLength(1);
});

test('a printer in observe is asked for its status and gets nothing else', async () => {
  const { driver, facts, labels } = await wiredPrinter();
  await facts.until(({ type }) => type === 'printer.ready');
  driver.setMode('observe');
  driver.print(job('L-1'));
  await facts.until(({ type }) => type === 'printer.ready', 2);
  const asked = driver.status().link.framesIn;
  await vi.waitFor(() => expect(driver.status().link.framesIn).toBeGreaterThan(asked + 2), soon);
  expect(labels.all).toEqual([]);
});

test('a crane in observe is read and gets not one frame, even from a core that asks for it', async () => {
  const { clock, plc, crane } = await claimed();
  crane.setMode('observe');
  await pass(clock, 50);
  const { length } = plc.frames;
  crane.drive(output());
  await pass(clock, 3_000);
  expect(plc.frames).toHaveLength(length);
  expect(plc.connections).toBeGreaterThan(1);
  expect(crane.status().link.discarded).toBeGreaterThan(0);
  expect(crane.traffic(0, 500).items.map(({ verdict }) => verdict)).toContain(
    'refused: the device is set to observe',
  );
  crane.setMode('auto');
  await pass(clock, 6_000);
  expect(plc.frames.length).toBeGreaterThan(length);
});

test('between manual and auto a crane keeps its connection', async () => {
  const { clock, plc, crane, types } = await claimed();
  crane.setMode('manual');
  crane.setMode('auto');
  await pass(clock, 400);
  expect([plc.connections, types()]).toEqual([1, []]);
});

test('a device that is off from the start is never connected to, and is told to be off', async () => {
  const clock = new ManualClock();
  const told: string[] = [];
  let connects = 0;
  const link = new DeviceLink<{ close(): void }>(
    {
      ...{ id: parseDeviceId('scan-1'), clock, random: { u32: () => 0 } },
      log: { debug() {}, info() {}, warn() {}, error() {} },
      onBug: (error) => told.push(`bug: ${error}`),
    },
    {
      ...{ kind: 'scanner', probe: async () => [], counters: () => ({}) },
      async connect() {
        connects += 1;
        return { close() {} };
      },
      serve: async (_, signal) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
      },
      onOffline: (reason) => told.push(reason),
    },
  );
  link.setMode('off');
  link.start();
  await pass(clock, 10_000);
  expect([connects, told]).toEqual([0, ['it is set to off']]);
  link.setMode('observe');
  await pass(clock, 10);
  expect([connects, told]).toEqual([1, ['it is set to off']]);
  await link.stop();
});
