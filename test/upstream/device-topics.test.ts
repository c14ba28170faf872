import { expect, onTestFinished, test } from 'vitest';
import { MqttBroker, type MqttMessage } from '../../devices/transport/mqtt.ts';
import type { DeviceTopics } from '../../src/domain/device-topics.ts';
import { deviceTopicsOf } from '../../src/domain/device-topics.ts';
import { collector } from '../lib/collector.ts';
import { demoSite } from '../lib/demo.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { FakeLog, fakeRandom } from './fakes.ts';
import { makeClient, makeUpstream, topics, until } from './rig.ts';

const deviceTopics: readonly DeviceTopics[] = [
  {
    device: 'light-1' as DeviceTopics['device'],
    toDevice: ['floor/light-1/show'],
    fromDevice: ['floor/light-1/state'],
  },
  {
    device: 'light-2' as DeviceTopics['device'],
    toDevice: ['floor/light-2/show'],
    fromDevice: [],
  },
];

async function start(simulated = false) {
  const made = makeUpstream(0, { embedded: true, simulated, deviceTopics });
  await made.upstream.start();
  await until(() => expect(made.upstream.state().connected).toBe(true));
  const port = made.upstream.state().brokerPort ?? 0;
  const drivers = (password = made.upstream.driversAddress().password) => {
    const broker = new MqttBroker({
      address: () => ({ ...made.upstream.driversAddress(), password }),
      clientId: made.upstream.driversAddress().clientId,
      onBug: (error) => expect(error).toBeUndefined(),
      ...{ clock, random: fakeRandom(), log: new FakeLog() },
    });
    onTestFinished(() => broker.stop());
    return broker;
  };
  return { ...made, port, drivers };
}
const { signal } = new AbortController();

test('a device and its driver reach each other at the embedded broker, without simulated devices too', async () => {
  const { port, drivers } = await start();
  const light = await makeClient(port, { username: 'light-1' });
  await light.subscribe('floor/light-1/show');
  const heard = collector<MqttMessage>();
  const channel = await drivers().open(['floor/light-1/state'], heard.report, signal);
  await channel.publish('floor/light-1/show', '{"red":"on"}', { retain: true, signal });
  await until(() => expect(light.heard.map(({ text }) => text)).toEqual(['{"red":"on"}']));
  await light.send('floor/light-1/state', 'online', true);
  await heard.until(({ payload }) => payload.toString() === 'online');
});

test.each([
  'floor/light-1/show',
  'floor/light-2/show',
  'floor/light-3/state',
  topics.command('wms'),
  topics.ack('wms'),
  topics.status,
  topics.event('movement'),
])('a device may not publish to %s', async (topic) => {
  const { port, upstream } = await start();
  const light = await makeClient(port, { username: 'light-1' });
  light.client.publish(topic, '{}', { qos: 1 });
  await until(() => expect(light.client.connected).toBe(false));
  expect(upstream.state().connected).toBe(true);
});

test.each(['floor/light-2/show', 'floor/light-1/state', topics.event('+'), topics.command('+')])(
  'a device may not read %s',
  async (filter) => {
    const { port } = await start();
    const light = await makeClient(port, { username: 'light-1' });
    await expect(light.subscribe(filter)).rejects.toThrow('Unspecified error');
  },
);

test.each([topics.command('wms'), 'floor/light-3/show', 'floor/light-1/state'])(
  'our drivers may not publish to %s, however wrong the site file is',
  async (topic) => {
    const { drivers } = await start();
    const channel = await drivers().open([], () => {}, signal);
    await expect(channel.publish(topic, '{}', { retain: false, signal })).rejects.toThrow();
  },
);

test("nobody takes the drivers' place by their client id", async () => {
  const { port } = await start(true);
  const clientId = 'craneway-dc1-edge-a-devices';
  const guess = { clientId, username: 'edge-a', password: 'guess' };
  await expect(makeClient(port, guess)).rejects.toThrow('Not authorized');
  await expect(makeClient(port, { clientId })).rejects.toThrow('Not authorized');
});

test('a host reads and writes no topic of a device', async () => {
  const { port } = await start();
  const host = await makeClient(port, { username: 'wms' });
  await expect(host.subscribe('floor/#')).rejects.toThrow('Unspecified error');
  host.client.publish('floor/light-1/state', 'offline', { qos: 1 });
  await until(() => expect(host.client.connected).toBe(false));
});

test('the topics that are granted are those of the site file, without devices at brokers of their own', () => {
  expect(deviceTopicsOf(demoSite)).toEqual([
    {
      device: 'light-a01',
      toDevice: ['floor/light-a01/show'],
      fromDevice: ['floor/light-a01/state'],
    },
  ]);
  const own = { host: '10.0.0.9', port: 1883, username: undefined, passwordEnv: undefined };
  const moved = demoSite.devices.map((entry) =>
    entry.type === 'indicator' ? { ...entry, settings: { ...entry.settings, broker: own } } : entry,
  );
  expect(deviceTopicsOf({ devices: moved })).toEqual([]);
});
