import { expect, onTestFinished, test } from 'vitest';
import { MqttBroker, type MqttMessage } from '../../../devices/transport/mqtt.ts';
import { DeviceTimeoutError, DeviceUnavailableError } from '../../../src/domain/errors.ts';
import { collector } from '../../lib/collector.ts';
import { startBroker } from '../../lib/mqtt-broker.ts';
import { fastClock } from '../../upstream/rig.ts';
import { startScriptedBroker } from '../../upstream/scripted-broker.ts';

/** The limits of the wire, five times as fast. */
const clock = fastClock(5);
const { signal } = new AbortController();

function devicesAt(port: number, { password }: { password?: string } = {}) {
  const logged = collector<string>();
  const bugs: unknown[] = [];
  const write = (fields: object, message: string) =>
    logged.report(`${message} ${'reason' in fields ? fields.reason : ''}`.trim());
  const broker = new MqttBroker({
    address: () => ({ host: '127.0.0.1', port, username: 'edge-a', password }),
    clientId: 'craneway-dc1-edge-a-devices',
    onBug: (error) => bugs.push(error),
    ...{ clock, random: { u32: () => 0 } },
    log: { debug() {}, info: write, warn: write, error: write },
  });
  onTestFinished(async () => {
    await broker.stop();
    expect(bugs).toEqual([]);
  });
  const heard = collector<MqttMessage>();
  const open = (...topics: string[]) => broker.open(topics, heard.report, signal);
  const texts = () => heard.all.map(({ payload }) => payload.toString());
  return { broker, heard, texts, logged, open };
}

const isText = (text: string) => (message: MqttMessage) => message.payload.toString() === text;

test('all devices of a broker share one connection, and each hears its own topics', async () => {
  const server = await startBroker();
  const { broker, heard, open } = devicesAt(server.port);
  await open('line/scan-1');
  const other = collector<MqttMessage>();
  await broker.open(['line/scan-2'], other.report, signal);
  await server.publish('line/scan-1', 'ONE');
  await server.publish('line/scan-2', 'TWO');
  expect(await heard.until(isText('ONE'))).toMatchObject({ isRetained: false, isRepeated: false });
  await other.until(isText('TWO'));
  expect(heard.all).toHaveLength(1);
  expect(other.all).toHaveLength(1);
  expect(server.came).toEqual(['craneway-dc1-edge-a-devices']);
});

test('what is retained is marked as such, and what came while nobody was connected is lost', async () => {
  const server = await startBroker();
  await server.publish('line/scan-1', 'OLD', { retain: true });
  const { heard, open } = devicesAt(server.port);
  const channel = await open('line/scan-1');
  expect(await heard.until(isText('OLD'))).toMatchObject({ isRetained: true });
  server.cut();
  expect(await channel.closed).toBeInstanceOf(DeviceUnavailableError);
  await server.publish('line/scan-1', 'MISSED');
  await open('line/scan-1');
  await server.publish('line/scan-1', 'NEW');
  await heard.until(isText('NEW'));
  expect(heard.all.filter(isText('MISSED'))).toEqual([]);
});

test('what could not be published is not published after the next connect', async () => {
  const server = await startBroker();
  const { texts, heard, open } = devicesAt(server.port);
  const channel = await open('line/light');
  server.cut();
  await channel.closed;
  const late = channel.publish('line/light', 'LATE', { retain: true, signal });
  await expect(late).rejects.toThrow(DeviceUnavailableError);
  const next = await open('line/light');
  await next.publish('line/light', 'NOW', { retain: true, signal });
  await heard.until(isText('NOW'));
  expect(texts()).toEqual(['NOW']);
});

test('a publish that is not acknowledged in time is unknown, and ends the connection', async () => {
  const silent = await startScriptedBroker({ acknowledges: () => false });
  const { open } = devicesAt(silent.port);
  const channel = await open();
  const publish = channel.publish('dc1/event/x', '{"sequence":1}', { retain: false, signal });
  await expect(publish).rejects.toThrow(DeviceTimeoutError);
  await expect(channel.closed).resolves.toBeInstanceOf(DeviceTimeoutError);
  expect(silent.packets.filter(({ cmd }) => cmd === 'publish')).toHaveLength(1);
});

test('a device that stops in the middle of a publish takes no other device along', async () => {
  const silent = await startScriptedBroker({ acknowledges: () => false });
  const { open } = devicesAt(silent.port);
  const [one, other] = [await open(), await open()];
  const stopping = new AbortController();
  const publish = one.publish('dc1/event/x', '{}', { retain: false, signal: stopping.signal });
  stopping.abort();
  await expect(publish).rejects.toThrow(DeviceTimeoutError);
  await other.publish('dc1/other', 'x', { retain: false, signal });
  expect(silent.connections()).toBe(1);
});

test('a topic that is not granted is named, and the other devices go on', async () => {
  const server = await startBroker({ refuses: ['secret/topic'] });
  const { heard, open } = devicesAt(server.port);
  await open('line/scan-1');
  await expect(open('secret/topic')).rejects.toThrow('does not let us read secret/topic');
  await server.publish('line/scan-1', 'ONE');
  await heard.until(isText('ONE'));
  expect(server.came).toHaveLength(1);
});

test('a wrong password is said as the reason', async () => {
  const server = await startBroker({ password: 'right' });
  const { open } = devicesAt(server.port, { password: 'wrong' });
  await expect(open('line/scan-1')).rejects.toThrow(/Bad username or password|Not authorized/);
});

test('a broker that is away is told once, and once when it has been back for a while', async () => {
  const first = await startBroker();
  const { logged, open } = devicesAt(first.port);
  const channel = await open('line/scan-1');
  await first.stop();
  await channel.closed;
  await expect(open('line/scan-1')).rejects.toThrow('ECONNREFUSED');
  await startBroker({ port: first.port });
  await open('line/scan-1');
  await logged.until((line) => line === 'device online');
  expect(logged.all.map((line) => line.split(' ').slice(0, 2).join(' '))).toEqual([
    'device offline',
    'device online',
  ]);
});

test('a second client with our id is named as a possible reason', async () => {
  const closing = await startScriptedBroker({ closesAtOnce: true });
  const { open } = devicesAt(closing.port);
  const reasons: string[] = [];
  while (reasons.length < 6 && !reasons.some((text) => text.includes('another client uses'))) {
    const channel = await open().catch((error: Error) => reasons.push(error.message));
    if (typeof channel === 'object') reasons.push(String(await channel.closed));
  }
  expect(reasons.at(-1)).toContain('craneway-dc1-edge-a-devices');
});

test('a message of any length does not fill the memory: the connection is given up', async () => {
  const server = await startBroker();
  const { heard, open } = devicesAt(server.port);
  const channel = await open('line/scan-1');
  await server.publish('line/scan-1', Buffer.alloc(3_000_000, 'x'));
  expect(String(await channel.closed)).toContain('more than 1048576 bytes');
  expect(heard.all).toEqual([]);
});

test('nothing is heard after a channel is closed, and the topic is given back', async () => {
  const server = await startBroker();
  const { heard, open } = devicesAt(server.port);
  const channel = await open('line/scan-1');
  channel.close();
  expect(await channel.closed).toBeUndefined();
  await server.publish('line/scan-1', 'LATE');
  await open('line/scan-2');
  await server.publish('line/scan-2', 'LAST');
  await heard.until(isText('LAST'));
  expect(heard.all).toHaveLength(1);
});
