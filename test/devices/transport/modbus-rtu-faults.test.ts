import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import modbusSerial from 'modbus-serial';
import { SerialPort } from 'serialport';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { connectModbusRtu, noRtuTraffic } from '../../../devices/transport/modbus-rtu.ts';
import { withCrc } from '../../../devices/transport/modbus-rtu-frame.ts';
import { openSerial } from '../../../devices/transport/serial.ts';
import { mendBinding } from '../../../devices/transport/serial-binding.ts';
import { openPtyPair, type PtyPair } from '../../../simulators/barcode-scanner/pty.ts';
import { ModbusRtuServer } from '../../../simulators/lib/modbus-rtu-server.ts';
import { DeviceProtocolError, DeviceTimeoutError } from '../../../src/domain/errors.ts';
import { systemClock } from '../../lib/system-clock.ts';

// What a serial line can do to a Modbus master, each case on a pair of pseudo-terminals.

const { signal } = new AbortController();
let folder: string;
let line: PtyPair | undefined;
let slave: ModbusRtuServer;
let image: Uint16Array;
const cleanups: (() => unknown)[] = [];
const path = () => join(folder, 'plc');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'craneway-rtu-faults-'));
  line = await openPtyPair([path(), `${path()}.sim`], systemClock);
  expect(line, 'needs socat').toBeDefined();
  image = new Uint16Array(65_536).map((_, address) => address);
  slave = new ModbusRtuServer({ units: { 1: { image } }, path: `${path()}.sim` });
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
  await slave.close();
  await line?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function ours(requestLimitMs = 3000) {
  const link = await openSerial({
    ...{ path: path(), baudRate: 19_200, clock: systemClock, signal },
    ...{ connectLimitMs: 2000, writeLimitMs: 2000 },
  });
  const counters = noRtuTraffic();
  const rtu = connectModbusRtu({
    ...{ link, unit: 1, clock: systemClock, signal, counters },
    ...{ requestLimitMs, quarantineMs: 50 },
  });
  cleanups.push(() => rtu.close());
  return { rtu, counters };
}

const binding = mendBinding(SerialPort.binding);

/** The library as it is, but for the binding without which Node.js lets its bytes wait. */
async function bare(limitMs: number) {
  const client = new modbusSerial.default();
  await client.connectRTUBuffered(path(), { baudRate: 19_200, binding } as never);
  client.setID(1);
  client.setTimeout(limitMs);
  client.on('error', () => {});
  cleanups.push(() => new Promise<void>((resolve) => client.close(() => resolve())));
  return client;
}

/** Answers are held back; the test sends what it likes. */
function held(): Buffer[] {
  const frames: Buffer[] = [];
  slave.onAnswer = (frame) => frames.push(Buffer.from(frame));
  return frames;
}
const arrival = (frames: readonly Buffer[], count: number) =>
  vi.waitFor(() => expect(frames).toHaveLength(count), { interval: 1, timeout: 5000 });

test('late frame: the bare library takes it for the answer to the next request', async () => {
  const client = await bare(200);
  const answers = held();
  const lost = client.readHoldingRegisters(2000, 2);
  await expect(lost).rejects.toMatchObject({ name: 'TransactionTimedOutError' });
  client.setTimeout(5000);
  const next = client.readHoldingRegisters(3000, 2);
  await arrival(answers, 2);
  slave.raw(answers[0] as Buffer);
  expect((await next).data).toEqual([2000, 2001]);
});

test('late frame: ours drops and counts it, and the next request gets its own answer', async () => {
  const { rtu, counters } = await ours(300);
  const answers = held();
  const lost = rtu.readHolding(2000, 2, signal);
  await expect(lost).rejects.toThrow(DeviceTimeoutError);
  slave.onAnswer = undefined;
  const next = rtu.readHolding(3000, 2, signal);
  slave.raw(answers[0] as Buffer);
  expect(await next).toEqual([3000, 3001]);
  expect(counters).toMatchObject({ timeouts: 1, lateReplies: 1, droppedBytes: 9 });
});

test('two requests at once: the bare library gives one of them the answer of the other', async () => {
  const client = await bare(500);
  const outcomes = await Promise.allSettled([
    client.readHoldingRegisters(2000, 2),
    client.readHoldingRegisters(3000, 2),
  ]);
  const [first, second] = outcomes.map((outcome) =>
    outcome.status === 'fulfilled' ? outcome.value.data[0] : 'failed',
  );
  expect([first, second]).not.toEqual([2000, 3000]);
});

test('two requests at once: ours go out one after the other, each with its own answer', async () => {
  const { rtu } = await ours();
  const reads = [rtu.readHolding(2000, 2, signal), rtu.readHolding(3000, 2, signal)];
  expect(await Promise.all(reads)).toEqual([
    [2000, 2001],
    [3000, 3001],
  ]);
});

test('merged frames: two answers in one piece answer nothing, as nobody knows which is which', async () => {
  const { rtu, counters } = await ours();
  const answers = held();
  const read = rtu.readHolding(2000, 2, signal);
  read.catch(() => {});
  await arrival(answers, 1);
  const [answer] = answers as [Buffer];
  slave.raw(Buffer.concat([answer, answer]));
  await expect(read).rejects.toThrow(DeviceProtocolError);
  slave.onAnswer = undefined;
  expect(await rtu.readHolding(2000, 2, signal)).toEqual([2000, 2001]);
  expect(counters).toMatchObject({ framingErrors: 1 });
});

test('byte by byte: an answer may come in as many pieces as it has bytes', async () => {
  const { rtu, counters } = await ours();
  const answers = held();
  const read = rtu.readHolding(2000, 2, signal);
  await arrival(answers, 1);
  for (const byte of answers[0] as Buffer) slave.raw(Buffer.of(byte));
  expect(await read).toEqual([2000, 2001]);
  expect(counters).toMatchObject({ framingErrors: 0, droppedBytes: 0 });
});

test('noise before a frame is dropped and counted, the frame is taken', async () => {
  const { rtu, counters } = await ours();
  const answers = held();
  const read = rtu.readHolding(2000, 2, signal);
  await arrival(answers, 1);
  slave.raw(Buffer.concat([Buffer.from([0, 0xff, 0x55]), answers[0] as Buffer]));
  expect(await read).toEqual([2000, 2001]);
  expect(counters).toMatchObject({ framingErrors: 0, droppedBytes: 3 });
});

test('CRC error: the answer is refused, counted, and never half believed', async () => {
  const { rtu, counters } = await ours();
  const answers = held();
  const read = rtu.readHolding(2000, 2, signal);
  read.catch(() => {});
  await arrival(answers, 1);
  const spoilt = Buffer.from(answers[0] as Buffer);
  spoilt[4] = (spoilt[4] as number) ^ 0x10;
  slave.raw(spoilt);
  await expect(read).rejects.toThrow('CRC of the reply is wrong');
  slave.onAnswer = undefined;
  expect(await rtu.readHolding(2000, 2, signal)).toEqual([2000, 2001]);
  expect(counters).toMatchObject({ framingErrors: 1, timeouts: 0 });
});

test('echo: what an adapter hands back of our own request is dropped, the answer behind it is taken', async () => {
  const { rtu, counters } = await ours();
  const echo = (request: Buffer) => {
    slave.onAnswer = (frame, send) => send(Buffer.concat([withCrc(request), frame]));
  };
  // Read: its echo begins as an answer of four bytes would. Write: its echo begins as its own answer.
  echo(Buffer.from([1, 3, 4, 0, 0, 2]));
  expect(await rtu.readHolding(0x0400, 2, signal)).toEqual([0x0400, 0x0401]);
  echo(Buffer.from([1, 16, 3, 232, 0, 1, 2, 0x12, 0x34]));
  await rtu.writeHolding(1000, [0x1234], signal);
  expect(image[1000]).toBe(0x1234);
  expect(counters).toMatchObject({ requests: 2, framingErrors: 0, timeouts: 0, droppedBytes: 19 });
});

test('what is for everybody is answered by nobody: a broadcast times out and changes nothing here', async () => {
  const { rtu } = await ours(300);
  const toAll = rtu.of({ unit: 0, requestLimitMs: 300 }).writeHolding(1000, [1], signal);
  await expect(toAll).rejects.toThrow(DeviceTimeoutError);
  expect(await rtu.readHolding(2000, 1, signal)).toEqual([2000]);
});
