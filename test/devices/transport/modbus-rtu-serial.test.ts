import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { connectModbusRtu, noRtuTraffic } from '../../../devices/transport/modbus-rtu.ts';
import { openSerial } from '../../../devices/transport/serial.ts';
import { openPtyPair, type PtyPair } from '../../../simulators/barcode-scanner/pty.ts';
import { ModbusRtuServer } from '../../../simulators/lib/modbus-rtu-server.ts';
import { DeviceTimeoutError } from '../../../src/domain/errors.ts';
import { systemClock } from '../../lib/system-clock.ts';

const { signal } = new AbortController();
let folder: string;
let line: PtyPair | undefined;
let server: ModbusRtuServer;
let image: Uint16Array;
const path = () => join(folder, 'plc');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-rtu-'));
  line = await openPtyPair([path(), `${path()}.sim`], systemClock);
  expect(line, 'needs socat').toBeDefined();
  image = new Uint16Array(65_536).map((_, address) => address);
  const writable = [{ base: 1000, length: 52 }];
  server = new ModbusRtuServer({ units: { 1: { image, writable } }, path: `${path()}.sim` });
});
afterEach(async () => {
  await server.close();
  await line?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function dial() {
  const link = await openSerial({
    ...{ path: path(), baudRate: 19_200, clock: systemClock, signal },
    ...{ connectLimitMs: 1000, writeLimitMs: 1000 },
  });
  const counters = noRtuTraffic();
  const rtu = connectModbusRtu({
    ...{ link, unit: 1, clock: systemClock, signal, counters },
    ...{ requestLimitMs: 300, quarantineMs: 50 },
  });
  return { rtu, counters };
}

test('blocks are read and written as they stand in the PLC', async () => {
  const { rtu, counters } = await dial();
  expect(await rtu.readHolding(2000, 125, signal)).toEqual([...image.subarray(2000, 2125)]);
  const words = Array.from({ length: 52 }, (_, i) => 0xff00 + i);
  await rtu.writeHolding(1000, words, signal);
  expect([...image.subarray(1000, 1052)]).toEqual(words);
  const refused = rtu.writeHolding(2000, [1], signal);
  await expect(refused).rejects.toMatchObject({ context: { exception: 2 } });
  expect(counters).toEqual({ ...noRtuTraffic(), requests: 3, exceptions: 1 });
  rtu.close();
  expect(await rtu.closed).toBeUndefined();
});

test('after a request without an answer the next one gets its own', async () => {
  const { rtu, counters } = await dial();
  const answers: Buffer[] = [];
  server.onAnswer = (frame) => answers.push(frame);
  const lost = rtu.readHolding(2000, 2, signal);
  await expect(lost).rejects.toThrow(DeviceTimeoutError);
  server.onAnswer = undefined;
  const next = rtu.readHolding(3000, 2, signal);
  server.raw(answers[0] as Buffer);
  expect(await next).toEqual([3000, 3001]);
  expect(counters).toMatchObject({ timeouts: 1, lateReplies: 1, droppedBytes: 9 });
  rtu.close();
});

test('the simulated slave understands a program that is not ours', async () => {
  image.set([4711, 4712], 2000);
  const port = ['-m', 'rtu', '-a', '1', '-b', '19200', '-P', 'none', '-0', '-1', '-t', '4'];
  const ask = promisify(execFile)('mbpoll', [...port, '-r', '2000', '-c', '2', path()]);
  const { stdout } = await ask;
  expect(stdout).toContain('[2000]: \t4711');
  expect(server.counters).toMatchObject({ requests: 1, crcErrors: 0 });
});
