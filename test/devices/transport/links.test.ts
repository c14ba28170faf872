import { closeSync, openSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import type { Link } from '../../../devices/transport/link.ts';
import { openSerial, type SerialOptions } from '../../../devices/transport/serial.ts';
import { connectTcp } from '../../../devices/transport/tcp.ts';
import {
  DeviceTimeoutError,
  DeviceUnavailableError,
  LimitError,
} from '../../../src/domain/errors.ts';
import { collector } from '../../lib/collector.ts';
import { systemClock as clock } from '../../lib/system-clock.ts';

const { signal } = new AbortController();
const limits = { clock, connectLimitMs: 500, writeLimitMs: 200, signal };
const bytes = Buffer.from('trigger');
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function listening() {
  const sockets = collector<Socket>();
  const server = createServer({ pauseOnConnect: true }, (socket) => {
    socket.on('error', () => {});
    endings.push(() => socket.destroy());
    sockets.report(socket);
  });
  await new Promise<void>((resolve) => {
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  endings.push(() => server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const connect = (own: { signal?: AbortSignal } = {}) =>
    connectTcp({ host: '127.0.0.1', port, ...limits, ...own });
  return { server, sockets, connect };
}

describe('a TCP link', () => {
  test('that the device ends says so once, and takes nothing more', async () => {
    const { sockets, connect } = await listening();
    const link = await connect();
    link.onData(() => {});
    const [socket] = await sockets.count(1);
    socket?.end();
    expect(await link.closed).toBeInstanceOf(DeviceUnavailableError);
    await expect(link.write(bytes, signal)).rejects.toThrow(DeviceUnavailableError);
    await link.close();
  });

  test('that we end lets out what was written, and is no fault', async () => {
    const { sockets, connect } = await listening();
    const link = await connect();
    link.onData(() => {});
    const [socket] = await sockets.count(1);
    const heard = new Promise((resolve) => socket?.once('data', resolve));
    await link.write(bytes, signal);
    const closing = link.close();
    await expect(link.write(bytes, signal)).rejects.toThrow(DeviceUnavailableError);
    socket?.resume();
    expect(await heard).toEqual(bytes);
    await closing;
    expect(await link.closed).toBeUndefined();
  });

  test('to a device that does not read leaves in doubt what was written, and ends', async () => {
    const { connect } = await listening();
    const link = await connect();
    const block = Buffer.alloc(1_000_000);
    const flood = async () => {
      for (let count = 0; count < 50; count += 1) await link.write(block, signal);
    };
    await expect(flood()).rejects.toThrow(DeviceTimeoutError);
    expect(await link.closed).toBeInstanceOf(Error);
    await expect(link.write(bytes, signal)).rejects.toThrow(DeviceUnavailableError);
  });

  test('takes no more than it can hold', async () => {
    const { connect } = await listening();
    const link = await connect();
    await expect(link.write(Buffer.alloc(2_000_000), signal)).rejects.toThrow(LimitError);
    await link.close();
  });

  test('is not there where nobody listens, or when connecting is stopped', async () => {
    const { server, connect } = await listening();
    await expect(connect({ signal: AbortSignal.abort() })).rejects.toThrow(DeviceUnavailableError);
    await new Promise((resolve) => server.close(resolve));
    await expect(connect()).rejects.toThrow(/ECONNREFUSED/);
  });
});

/** Hardware that does what a pseudo terminal cannot. */
function faultyPort(
  own: { read?: () => Promise<number>; close?: () => Promise<void> },
  posix: { fd: number; poller: object } | undefined = undefined,
) {
  const calls = { opened: 0, closed: 0 };
  const never = () => new Promise<never>(() => {});
  const open = Promise.withResolvers<void>();
  const port = {
    isOpen: true,
    openOptions: {},
    ...posix,
    read: async () => ({ bytesRead: await (own.read ?? never)() }),
    write: async () => {},
    flush: async () => {},
    close: async () => {
      calls.closed += 1;
      await own.close?.();
      port.isOpen = false;
    },
  };
  const asked: object[] = [];
  const binding = {
    list: async () => [],
    open: async (settings: object) => {
      asked.push(settings);
      await open.promise;
      calls.opened += 1;
      return port;
    },
  };
  const connect = (toSignal = signal, line: Partial<SerialOptions> = {}): Promise<Link> =>
    openSerial({
      ...{ path: '/dev/test', baudRate: 9600, ...limits, signal: toSignal, ...line },
      binding: binding as never,
    });
  return { connect, calls, asked, open: open.resolve };
}

describe('a serial link', () => {
  test('whose cable is pulled says so', async () => {
    const unplugged = Object.assign(new Error('Unplugged'), { disconnect: true });
    const { connect, open } = faultyPort({ read: () => Promise.reject(unplugged) });
    open();
    const link = await connect();
    link.onData(() => {});
    expect(await link.closed).toMatchObject({ message: expect.stringContaining('Unplugged') });
    await expect(link.write(bytes, signal)).rejects.toThrow(DeviceUnavailableError);
  });

  test('whose adapter is unplugged and reads nothing for ever ends instead of turning in circles', async () => {
    const file = openSync('/dev/null', 'r');
    endings.push(() => closeSync(file));
    const poller = { emit: () => true, once: () => poller };
    const { connect, open } = faultyPort({}, { fd: file, poller });
    open();
    const link = await connect();
    link.onData(() => {});
    expect(await link.closed).toMatchObject({ message: expect.stringContaining('Unplugged') });
  });

  test('that cannot be closed is given up after its deadline', async () => {
    const { connect, open, calls } = faultyPort({ close: () => new Promise(() => {}) });
    open();
    const link = await connect();
    await link.close();
    expect(await link.closed).toBeUndefined();
    expect(calls.closed).toBe(1);
  });

  test('that opens after it was given up is closed again', async () => {
    const closed = Promise.withResolvers<void>();
    const { connect, open, calls } = faultyPort({ close: async () => closed.resolve() });
    const stopping = new AbortController();
    const connecting = connect(stopping.signal);
    stopping.abort();
    await expect(connecting).rejects.toThrow(DeviceUnavailableError);
    open();
    await closed.promise;
    expect(calls).toEqual({ opened: 1, closed: 1 });
  });

  test('is opened with the bits and the flow control that the site file gives', async () => {
    const { connect, open, asked } = faultyPort({});
    open();
    await connect();
    const odd = { dataBits: 7, parity: 'even', stopBits: 2, flowControl: 'rtsCts' } as const;
    await connect(signal, odd);
    await connect(signal, { flowControl: 'xonXoff' });
    const plain = { dataBits: 8, parity: 'none', stopBits: 1, rtscts: false, xon: false };
    expect(asked).toMatchObject([
      { ...plain, xoff: false },
      { dataBits: 7, parity: 'even', stopBits: 2, rtscts: true, xon: false, xoff: false },
      { ...plain, xon: true, xoff: true },
    ]);
  });

  test('to a path that is not there is unavailable', async () => {
    const none = openSerial({ path: '/dev/craneway-none', baudRate: 9600, ...limits });
    await expect(none).rejects.toThrow(DeviceUnavailableError);
  });
});
