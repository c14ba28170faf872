import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect as connectTcp, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type IClientOptions, type MqttClient } from 'mqtt';
import { onTestFinished, vi } from 'vitest';
import { envelopeBytes } from '../../src/contract/envelope.ts';
import { topicsOf } from '../../src/contract/topics.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { Upstream, type UpstreamOptions } from '../../src/upstream/upstream.ts';
import { systemClock } from '../lib/system-clock.ts';
import { FakeIntake, FakeLog, FakeOutbox, FakeReader, fakeRandom, wms } from './fakes.ts';

export const topics = topicsOf('dc1', 'edge-a');
const timing = { dialFirstMs: 40, dialMaxMs: 200, acksWaitMs: 150, statusLookMs: 50 };

// Longer than the longest wait below, so that a failure names what was waited for.
vi.setConfig({ testTimeout: 20_000 });

/** Waits until `check` stops throwing, with a deadline. */
export const until = (check: () => void | Promise<void>) =>
  vi.waitFor(check, { timeout: 8000, interval: 10 });

/** The core as objects, and an upstream over it. */
export function makeUpstream(
  port: number,
  { embedded = false, ...more }: Partial<UpstreamOptions> & { embedded?: boolean } = {},
  core = makeCore(),
) {
  const upstream = new Upstream({
    site: {
      site: 'dc1',
      controller: 'edge-a',
      hosts: [{ host: wms, acknowledges: true }],
      broker: { embedded, host: '127.0.0.1', port, username: undefined, passwordEnv: undefined },
    },
    clock: systemClock,
    random: fakeRandom(),
    simulated: true,
    ...core,
    ...more,
    timing: { ...timing, ...more.timing },
  });
  onTestFinished(() => upstream.stop());
  return { upstream, ...core };
}

export function makeCore() {
  const outbox = new FakeOutbox();
  return {
    outbox,
    intake: new FakeIntake(outbox),
    reader: new FakeReader(outbox),
    log: new FakeLog(),
  };
}

export interface Heard {
  readonly topic: string;
  readonly text: string;
  readonly retained: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: what came over the wire, as a test wants to look at it.
  readonly json: any;
}

/** A client of mqtt.js that remembers all it hears. */
export async function makeClient(port: number, options: IClientOptions = {}) {
  const client: MqttClient = connect({
    host: '127.0.0.1',
    port,
    protocol: 'mqtt',
    protocolVersion: 4,
    reconnectPeriod: 0,
    ...options,
  });
  onTestFinished(() => {
    client.end(true);
  });
  const heard: Heard[] = [];
  client.on('message', (topic, payload, { retain }) => {
    const text = payload.toString();
    heard.push({ topic, text, retained: retain, json: text === '' ? undefined : JSON.parse(text) });
  });
  await new Promise<void>((resolve, reject) => {
    client.once('connect', () => resolve());
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed')));
  });
  client.on('error', () => {});
  return {
    client,
    heard,
    on: (topic: string) => heard.filter((each) => each.topic === topic),
    send: (topic: string, payload: Buffer | string, retain = false) =>
      client.publishAsync(topic, payload, { qos: 1, retain }),
    subscribe: (topic: string) => client.subscribeAsync(topic, { qos: 1 }),
  };
}

/** A message of the host, as bytes. */
export const said = (name: string, id: string, data: object, source = '/dc1/host/wms'): Buffer =>
  envelopeBytes({ id, source, name, atMs: 1_795_000_000_000, data });

export const ack = (through: number) =>
  said('ack', `ack-${through}`, {
    epoch: 1,
    ackThrough: String(through).padStart(16, '0'),
    hostEpoch: 1,
  });

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const mosquittoPath = '/usr/sbin/mosquitto';

/** Debian's Mosquitto, to be killed and started again on the same port. */
export async function startMosquitto(port?: number) {
  if (!existsSync(mosquittoPath)) {
    throw new Error(`${mosquittoPath} is missing: apt-get install mosquitto`);
  }
  const bound = port ?? (await freePort());
  const folder = mkdtempSync(join(tmpdir(), 'craneway-mosquitto-'));
  const config = join(folder, 'mosquitto.conf');
  writeFileSync(config, `listener ${bound} 127.0.0.1\nallow_anonymous true\npersistence false\n`);
  const process = spawn(mosquittoPath, ['-c', config], { stdio: 'ignore' });
  const kill = () => killed(process);
  onTestFinished(async () => {
    await kill();
    rmSync(folder, { recursive: true, force: true });
  });
  await until(() => listening(bound));
  return { port: bound, kill };
}

function killed(process: ChildProcess): Promise<void> {
  if (process.exitCode !== null || process.signalCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    process.once('exit', () => resolve());
    process.kill('SIGKILL');
  });
}

async function listening(port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const socket = connectTcp(port, '127.0.0.1', () => {
      socket.destroy();
      resolve();
    });
    socket.once('error', reject);
  });
}

/** Time that runs `times` faster, for waits that the contract fixes. */
export const fastClock = (times: number): Clock => ({
  nowMs: systemClock.nowMs,
  monotonicMs: () => systemClock.monotonicMs() * times,
  after: (delayMs, call) => systemClock.after(delayMs / times, call),
});
