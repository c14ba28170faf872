import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ModbusLines } from '../../../devices/lib/modbus-line.ts';
import { openPtyPair, type PtyPair } from '../../../simulators/barcode-scanner/pty.ts';
import { ModbusRtuServer } from '../../../simulators/lib/modbus-rtu-server.ts';
import type { UnitFault } from '../../../simulators/lib/modbus-server.ts';
import { DeviceTimeoutError } from '../../../src/domain/errors.ts';
import { systemClock } from '../../lib/system-clock.ts';

const { signal } = new AbortController();
let folder: string;
let line: PtyPair | undefined;
let slaves: ModbusRtuServer;
let faults: Record<number, UnitFault | undefined>;
let images: Record<number, Uint16Array>;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-drop-'));
  const path = join(folder, 'line');
  line = await openPtyPair([path, `${path}.sim`], systemClock);
  expect(line, 'needs socat').toBeDefined();
  faults = {};
  images = {};
  const bank = (unit: number) => {
    const image = new Uint16Array(65_536).map((_, at) => unit * 10_000 + at);
    images[unit] = image;
    return { image, fault: () => faults[unit] };
  };
  slaves = new ModbusRtuServer({
    units: { 1: bank(1), 2: bank(2), 3: bank(3) },
    path: `${path}.sim`,
  });
});
afterEach(async () => {
  await slaves.close();
  await line?.close();
  rmSync(folder, { recursive: true, force: true });
});

const settingsOf = (unit: number) => ({
  ...{ protocol: 'rtu' as const, host: '', port: 0, unit, interface: 'any' },
  serial: { path: join(folder, 'line'), baudRate: 115_200, parity: 'none' as const },
});
const joinAll = (requestLimitMs: number) => {
  const lines = new ModbusLines(systemClock);
  const join = (unit: number) => lines.join(settingsOf(unit), { requestLimitMs, signal });
  return Promise.all([join(1), join(2), join(3)]);
};

test('three devices on one serial line are read and written in turn, each its own registers', async () => {
  const places = await joinAll(1000);
  const reads = places.map((place) => place.readHolding(5, 2, signal));
  expect(await Promise.all(reads)).toEqual([
    [10_005, 10_006],
    [20_005, 20_006],
    [30_005, 30_006],
  ]);
  await places[1].writeHolding(7, [1, 2], signal);
  expect([...(images[2] as Uint16Array).subarray(7, 9)]).toEqual([1, 2]);
  expect(slaves.counters).toMatchObject({ requests: 4, crcErrors: 0, ignored: 0 });
  for (const place of places) await place.close();
});

test('on a serial line with a dead and a slow device a third one is read on', async () => {
  faults[2] = { kind: 'silent' };
  faults[3] = { kind: 'late', ms: 40, clock: systemClock };
  const [healthy, dead, slow] = await joinAll(300);
  const silent = dead.readHolding(0, 1, signal);
  silent.catch(() => {});
  let turnsOfSlow = 0;
  const slowly = async () => {
    for (; turnsOfSlow < 4; turnsOfSlow++) await slow.readHolding(0, 1, signal);
  };
  let turnsOfHealthy = 0;
  const quickly = async () => {
    while (turnsOfSlow < 4) {
      expect(await healthy.readHolding(5, 1, signal)).toEqual([10_005]);
      turnsOfHealthy++;
    }
  };
  await Promise.all([slowly(), quickly()]);
  await expect(silent).rejects.toThrow(DeviceTimeoutError);
  expect(turnsOfHealthy).toBeGreaterThan(turnsOfSlow);
  for (const place of [healthy, dead, slow]) await place.close();
});

test('the late answer of one device is never taken for the answer of another', async () => {
  const [one, two] = await joinAll(300);
  let held: Buffer | undefined;
  slaves.onAnswer = (frame) => {
    held = frame;
  };
  const lost = one.readHolding(5, 1, signal);
  lost.catch(() => {});
  await vi.waitFor(() => expect(held).toBeDefined(), { interval: 1 });
  const next = two.readHolding(5, 1, signal);
  await expect(lost).rejects.toThrow(DeviceTimeoutError);
  slaves.onAnswer = undefined;
  slaves.raw(held as Buffer);
  expect(await next).toEqual([20_005]);
  for (const place of [one, two]) await place.close();
});
