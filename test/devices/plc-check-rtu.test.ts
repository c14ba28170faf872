import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isAccepted } from '../../devices/asrs-crane/acceptance/report.ts';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { dialModbus } from '../../devices/lib/modbus-line.ts';
import { openPtyPair, type PtyPair } from '../../simulators/barcode-scanner/pty.ts';
import { ModbusRtuServer } from '../../simulators/lib/modbus-rtu-server.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import type { CraneFact } from '../../src/ports/crane.ts';
import { collector } from '../lib/collector.ts';
import { craneFile, demoTopology } from '../lib/fake-crane.ts';
import { accept, PlcUnderTest } from '../lib/plc-under-test.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

let folder: string;
let line: PtyPair | undefined;
let server: ModbusRtuServer;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-plc-'));
  const ends = [join(folder, 'plc'), join(folder, 'plc.sim')] as const;
  line = await openPtyPair(ends, clock);
  expect(line, 'needs socat').toBeDefined();
  server = new ModbusRtuServer({ units: { 1: new PlcUnderTest().bank }, path: ends[1] });
});
afterEach(async () => {
  await server.close();
  await line?.close();
  rmSync(folder, { recursive: true, force: true });
});

const settings = () => ({
  ...{ host: '', port: 502, unit: 1, interface: 'crane-block-v1', protocol: 'rtu' as const },
  serial: { path: join(folder, 'plc'), baudRate: 115_200, parity: 'none' as const },
});

test('a right PLC passes over a serial line too', async () => {
  const connect = (signal: AbortSignal) =>
    dialModbus(settings(), { connectLimitMs: 1000, requestLimitMs: 500, clock, signal });
  const report = await accept({ connect });
  expect(report.results.flatMap(({ findings }) => findings)).toEqual([]);
  expect(isAccepted(report)).toBe(true);
}, 60_000);

test('the driver of a crane claims its PLC over a serial line', async () => {
  const facts = collector<CraneFact>();
  const crane = asrsCrane.open({
    ...{ id: 'crane-1' as DeviceId, file: craneFile, topology: demoTopology, clock },
    ...{ random: { u32: () => 0 }, onBug: (error) => expect.unreachable(String(error)) },
    settings: { ...settings(), deviceNumber: 1 },
    log: { debug() {}, info() {}, warn() {}, error() {} },
    report(fact) {
      facts.report(fact);
      if (fact.type !== 'crane.snapshot') return;
      const claim = { epoch: 7, nonce: 0xa1b2c3d4 };
      crane.drive({ claim, enable: true, eventAck: 0, seqHighest: 40, command: undefined });
    },
  });
  crane.start();
  try {
    const isClaimed = (fact: CraneFact) =>
      fact.type === 'crane.snapshot' && fact.because === 'claimed';
    expect(await facts.until(isClaimed)).toMatchObject({ snapshot: { claim: { epoch: 7 } } });
    expect(crane.status()).toMatchObject({ availability: 'online', link: { errors: 0 } });
  } finally {
    await crane.stop();
  }
});
