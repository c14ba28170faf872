import { beforeEach, expect, test, vi } from 'vitest';
import { supervise } from '../../../devices/lib/supervisor.ts';
import { DeviceUnavailableError, InvariantError } from '../../../src/domain/errors.ts';
import { ManualClock } from '../../lib/manual-clock.ts';

interface Wire {
  close(): void;
  readonly number: number;
  closed: boolean;
  /** Ends the serving; with an error, by throwing it. */
  end(error?: Error): void;
  prove(): void;
}

let clock: ManualClock;
let wires: Wire[];
let told: string[];
let logged: string[];
let connectError: Error | undefined;
let stopping: AbortController;
let running: Promise<void>;

beforeEach(() => {
  clock = new ManualClock();
  wires = [];
  told = [];
  logged = [];
  connectError = undefined;
  stopping = new AbortController();
});

/** @param chance  0 to 2³² - 1, the same at every draw */
function start(chance = 0xffff_ffff) {
  running = supervise<Wire>({
    device: 'SRM-1',
    async connect() {
      if (connectError !== undefined) throw connectError;
      expect(wires.every(({ closed }) => closed)).toBe(true);
      const wire: Wire = {
        number: wires.length,
        closed: false,
        close: () => {
          wire.closed = true;
        },
        end: () => {},
        prove: () => {},
      };
      return wire;
    },
    serve: (wire, signal, proved) =>
      new Promise((resolve, reject) => {
        wire.end = (error) => (error === undefined ? resolve() : reject(error));
        wire.prove = proved;
        wires.push(wire);
        signal.addEventListener('abort', () => resolve());
      }),
    onOnline: () => told.push('online'),
    onOffline: (reason) => told.push(`offline: ${reason.message}`),
    onBug: (error) => told.push(`bug: ${error}`),
    clock,
    random: { u32: () => chance },
    log: {
      debug: () => {},
      info: (_, message) => logged.push(message),
      warn: (_, message) => logged.push(message),
      error: (_, message) => logged.push(message),
    },
    signal: stopping.signal,
  });
}

const soon = { interval: 1, timeout: 1_000 };
/** The nth connection, waited for. */
const wire = (number: number) =>
  vi.waitFor(() => {
    const found = wires[number];
    if (found === undefined) throw new Error(`no connection ${number} yet`);
    return found;
  }, soon);
const waiting = () =>
  vi.waitFor(() => {
    expect(clock.waitingMs).toHaveLength(1);
    return clock.waitingMs[0] as number;
  }, soon);

test('each connection is a new one, and the old one is closed before', async () => {
  start();
  (await wire(0)).end(new DeviceUnavailableError('lost'));
  clock.advance(await waiting());
  const second = await wire(1);
  expect(wires[0]?.closed).toBe(true);
  expect(second.closed).toBe(false);
});

test('offline is said once and back once, however often it is tried', async () => {
  start();
  (await wire(0)).prove();
  wires[0]?.prove();
  connectError = new DeviceUnavailableError('refused');
  wires[0]?.end(new DeviceUnavailableError('lost'));
  for (let i = 0; i < 3; i++) clock.advance(await waiting());
  const lastMs = await waiting();
  connectError = undefined;
  clock.advance(lastMs);
  (await wire(1)).prove();
  expect(told).toEqual(['online', 'offline: lost', 'online']);
  expect(logged).toEqual(['device online', 'device offline', 'device online']);
});

test('a device that never answered is said to be offline, once', async () => {
  connectError = new DeviceUnavailableError('refused');
  start();
  clock.advance(await waiting());
  await waiting();
  expect(told).toEqual(['offline: refused']);
});

test('a connection that proves nothing does not count as back', async () => {
  start();
  for (let i = 0; i < 3; i++) {
    (await wire(i)).end();
    clock.advance(await waiting());
  }
  expect(told).toEqual(['offline: Connection ended']);
});

test.each([
  [0xffff_ffff, [250, 500, 1000, 2000, 4000, 5000, 5000]],
  [0, [125, 250, 500, 1000, 2000, 2500, 2500]],
])(
  'the wait doubles from 250 ms to 5 s, less up to half of it by chance (%s)',
  async (chance, expected) => {
    connectError = new DeviceUnavailableError('refused');
    start(chance);
    const waits: number[] = [];
    for (let i = 0; i < expected.length; i++) {
      const delayMs = await waiting();
      waits.push(delayMs);
      clock.advance(delayMs);
    }
    expect(waits).toEqual(expected);
  },
);

test('an answer of the device starts the wait anew', async () => {
  connectError = new DeviceUnavailableError('refused');
  start();
  for (let i = 0; i < 4; i++) clock.advance(await waiting());
  const lastMs = await waiting();
  connectError = undefined;
  clock.advance(lastMs);
  (await wire(0)).prove();
  wires[0]?.end();
  expect(await waiting()).toBe(250);
});

test('stopping ends it while it serves, with the connection closed and nothing said', async () => {
  start();
  (await wire(0)).prove();
  stopping.abort();
  await running;
  expect(wires[0]?.closed).toBe(true);
  expect(told).toEqual(['online']);
});

test('stopping ends it while it waits', async () => {
  connectError = new DeviceUnavailableError('refused');
  start();
  await waiting();
  stopping.abort();
  await running;
  expect(clock.waitingMs).toEqual([]);
});

test('our own bug is told as it is and ends it, with the connection closed', async () => {
  start();
  (await wire(0)).end(new InvariantError('two writers'));
  await running;
  expect(told).toEqual(['bug: InvariantError: two writers']);
  expect(wires[0]?.closed).toBe(true);
});
