import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { bind } from '../../devices/lib/codec.ts';
import { ModbusLines } from '../../devices/lib/modbus-line.ts';
import { openPtyPair } from '../../simulators/barcode-scanner/pty.ts';
import type { ModbusSettings } from '../../src/domain/site.ts';
import { conveyorText, readConveyorInterface } from '../lib/interfaces.ts';
import { systemClock } from '../lib/system-clock.ts';

// Our client and codec against a server, an encoder and a decoder that share nothing with ours.

const python = '/usr/bin/python3';
const { signal } = new AbortController();

beforeAll(() => {
  const isThere = existsSync('/usr/lib/python3/dist-packages/pymodbus');
  if (!isThere)
    throw new Error('pymodbus is missing: apt-get install python3-pymodbus python3-serial-asyncio');
});

async function startServer(kind: 'tcp' | 'rtu', where: string) {
  const child = spawn(python, ['test/e2e/pymodbus_server.py', kind, where], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => String((await lines.next()).value);
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    child.kill('SIGKILL');
    await ended;
  });
  expect(await next()).toBe('ready');
  return {
    async decoded(address: number): Promise<Record<'highFirst' | 'lowFirst', number[]>> {
      child.stdin.write(`decode ${address}\n`);
      return JSON.parse(await next());
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Their server, and our line to it. */
async function started(kind: 'tcp' | 'rtu') {
  const any = { host: '127.0.0.1', port: 0, unit: 1, interface: 'any' };
  let settings: ModbusSettings;
  let where: string;
  if (kind === 'tcp') {
    const port = await freePort();
    [settings, where] = [{ ...any, port }, String(port)];
  } else {
    const folder = mkdtempSync(join(tmpdir(), 'craneway-pymodbus-'));
    const path = join(folder, 'plc');
    const pair = await openPtyPair([path, `${path}.far`], systemClock);
    expect(pair, 'needs socat').toBeDefined();
    onTestFinished(async () => {
      await pair?.close();
      rmSync(folder, { recursive: true, force: true });
    });
    const serial = { path, baudRate: 19_200, parity: 'none' as const };
    [settings, where] = [{ ...any, protocol: 'rtu', serial }, `${path}.far`];
  }
  const server = await startServer(kind, where);
  const line = await new ModbusLines(systemClock).join(settings, { requestLimitMs: 3000, signal });
  onTestFinished(() => line.close());
  return { server, line };
}

const values = { small: 'number', large: 'number', signed: 'number' } as const;
const field = (name: string, offset: number, type: string) =>
  `      - { name: ${name}, offset: ${offset}, type: ${type}, doc: A value. }\n`;
const block = (name: string, base: number, length: number, fields: string) =>
  `  - name: ${name}\n    base: ${base}\n    length: ${length}\n    writer: plc\n    read: fc03\n    fields:\n${fields}`;

/** An interface file with the registers of the server, in one of the two word orders. */
function blocksOf(wordOrder: 'highFirst' | 'lowFirst', base: number) {
  const fields = field('small', 0, 'u16') + field('large', 1, 'u32') + field('signed', 3, 'i32');
  const own =
    block('values', base, 5, fields) + block('texts', 600, 4, field('text', 0, 'ascii(8)'));
  const text = conveyorText
    .replace('wordOrder: highFirst', `wordOrder: ${wordOrder}`)
    .replace('\nblocks:\n', `\nblocks:\n${own}`);
  const file = readConveyorInterface(text);
  return { numbers: bind(file, 'values', values), texts: bind(file, 'texts', { text: 'text' }) };
}

const theirs = { small: 0xfedc, large: 0x01020304, signed: -123_456 };

test.each(['tcp', 'rtu'] as const)(
  'over %s we read every type as a foreign encoder wrote it, in both word orders',
  async (kind) => {
    const { line } = await started(kind);
    for (const [order, base] of [
      ['highFirst', 100],
      ['lowFirst', 105],
    ] as const) {
      const { numbers } = blocksOf(order, base);
      const words = await line.readHolding(numbers.base, numbers.length, signal);
      expect(numbers.decode(words)).toEqual(theirs);
    }
    const { texts } = blocksOf('highFirst', 100);
    expect(texts.decode(await line.readHolding(110, 4, signal))).toEqual({ text: 'AB-12' });
  },
);

test.each(['tcp', 'rtu'] as const)(
  'over %s a foreign decoder reads every type as we wrote it, in both word orders',
  async (kind) => {
    const { line, server } = await started(kind);
    const ours = { small: 0x1234, large: 0xfffe_dcba, signed: -2 };
    for (const order of ['highFirst', 'lowFirst'] as const) {
      await line.writeHolding(200, blocksOf(order, 200).numbers.encode(ours), signal);
      expect((await server.decoded(200))[order]).toEqual([0x1234, 0xfffe_dcba, -2]);
    }
  },
);

test.each(['tcp', 'rtu'] as const)(
  'over %s the limits of a request are theirs too, and a refusal is what they meant',
  async (kind) => {
    const { line } = await started(kind);
    const words = Array.from({ length: 123 }, (_, i) => 0xff00 + i);
    await line.writeHolding(250, words, signal);
    expect((await line.readHolding(250, 125, signal)).slice(0, 123)).toEqual(words);
    const outside = [
      () => line.readHolding(99, 1, signal),
      () => line.readHolding(399, 2, signal),
      () => line.writeHolding(399, [1, 2], signal),
    ];
    for (const ask of outside) {
      await expect(ask()).rejects.toMatchObject({ context: { exception: 2 } });
    }
    expect(await line.readHolding(399, 1, signal)).toEqual([0]);
  },
);
