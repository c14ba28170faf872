import { expect, test } from 'vitest';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { ModbusServer } from '../../simulators/lib/modbus-server.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import type { ProbeCheck } from '../../src/ports/device.ts';
import { craneFile, demoTopology } from '../lib/fake-crane.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { PlcUnderTest } from '../lib/plc-under-test.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { atEnd, wiredPrinter, wiredScanner } from '../lib/wired-devices.ts';

const noTrigger = { trigger: false };
const verdicts = (checks: readonly ProbeCheck[]) =>
  checks.map(({ check, verdict }) => `${check} ${verdict}`);

/** A crane's driver at a PLC on a real socket. */
async function crane({ deviceNumber = 1, lives = true } = {}) {
  const plc = new PlcUnderTest({ clock: lives ? clock : new ManualClock() });
  const server = new ModbusServer({ units: { 1: plc.bank } });
  const port = await server.listen(0);
  atEnd(() => server.close());
  const driver = asrsCrane.open({
    ...{ id: parseDeviceId('crane-1'), file: craneFile, topology: demoTopology, clock },
    settings: {
      ...{ host: '127.0.0.1', port, unit: 1, interface: 'crane-block-v1', deviceNumber },
    },
    ...{
      random: { u32: () => 0 },
      report() {},
      log: { debug() {}, info() {}, warn() {}, error() {} },
    },
    onBug: (error) => expect.unreachable(String(error)),
  });
  driver.start();
  atEnd(() => driver.stop());
  return { driver, server };
}

test('a right PLC is reached, is the one meant, and lives', async () => {
  const { driver } = await crane();
  const checks = await driver.probe(noTrigger);
  expect(verdicts(checks)).toEqual(['link ok', 'registers ok', 'life ok']);
  expect(checks[1]?.detail).toBe('map version 1.0, word order right, device number 1');
  expect(checks[2]?.detail).toMatch(/^moves: \d+ to \d+ in \d+ ms$/);
});

test('a wrong PLC is told by the register and the setting to change', async () => {
  const { driver } = await crane({ deviceNumber: 2 });
  const checks = await driver.probe(noTrigger);
  expect(verdicts(checks)).toEqual(['link ok', 'registers bad', 'life unknown']);
  expect(checks[1]?.detail).toContain('deviceNumber reads 1 instead of 2');
});

test('a PLC whose control task stands is found, though its server answers', async () => {
  const { driver } = await crane({ lives: false });
  const checks = await driver.probe(noTrigger);
  expect(verdicts(checks)).toEqual(['link ok', 'registers ok', 'life bad']);
  expect(checks[2]?.detail).toContain('does the control task run?');
});

test('a device that nobody reaches is tried at once, and the probe says why it fails', async () => {
  const { driver, server } = await crane();
  await driver.probe(noTrigger);
  await server.close();
  const checks = await driver.probe(noTrigger);
  expect(verdicts(checks)).toEqual(['link bad']);
  expect(checks[0]?.detail).toMatch(/connect|lost|reply/i);
});

test('a device that is off is not connected to by a probe', async () => {
  const { simulator, driver, facts } = await wiredScanner();
  driver.setMode('off');
  await facts.until(({ type }) => type === 'scanner.offline');
  const checks = await driver.probe(noTrigger);
  expect(checks).toEqual([
    { check: 'link', verdict: 'bad', detail: 'it is set to off: set it to observe' },
  ]);
  expect(simulator.read('LOST')).toBe(0);
});

test('a printer tells its faults to a probe', async () => {
  const { driver, simulator } = await wiredPrinter();
  expect(verdicts(await driver.probe(noTrigger))).toEqual(['link ok', 'status ok']);
  simulator.fault('headOpen', true);
  expect(await driver.probe(noTrigger)).toContainEqual(
    expect.objectContaining({ check: 'status', verdict: 'bad' }),
  );
});

test('a scanner is triggered by a probe in manual only, and what it read is told and moves nothing', async () => {
  const { driver, triggers } = await wiredScanner();
  expect(verdicts(await driver.probe(noTrigger))).toEqual(['link ok']);
  expect(await driver.probe({ trigger: true })).toContainEqual({
    check: 'trigger',
    verdict: 'unknown',
    detail: 'it is in auto: set it to manual, so that nobody acts on it',
  });
  expect(triggers()).toBe(0);
  driver.setMode('manual');
  expect(await driver.probe({ trigger: true })).toContainEqual(
    expect.objectContaining({ check: 'trigger', verdict: 'ok', detail: 'code TOTE-1' }),
  );
  expect(triggers()).toBe(1);
});

test('a second probe does not get in the way of the first one', async () => {
  const { driver } = await wiredPrinter();
  const first = driver.probe(noTrigger);
  await expect(driver.probe(noTrigger)).rejects.toMatchObject({ code: 'LIMIT_REACHED' });
  expect(verdicts(await first)).toEqual(['link ok', 'status ok']);
});
