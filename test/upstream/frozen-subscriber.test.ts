import { once } from 'node:events';
import { connect } from 'node:net';
import { generate } from 'mqtt-packet';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startEmbeddedBroker } from '../../src/upstream/embedded-broker.ts';
import { systemClock } from '../lib/system-clock.ts';
import { FakeLog } from './fakes.ts';
import { makeClient, topics } from './rig.ts';

vi.setConfig({ testTimeout: 60_000 });

const password = 'only-we';
/** Together more than the buffers of a connection hold. */
const messages = 200;
const payload = Buffer.alloc(60_000, 'x').toString();

/** A host that subscribes and then does not read any more. */
async function frozen(port: number): Promise<void> {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => {});
  onTestFinished(() => {
    socket.destroy();
  });
  const connected = { cmd: 'connect', clientId: 'frozen', username: 'erp' } as const;
  socket.write(generate({ ...connected, protocolVersion: 4, protocolId: 'MQTT', keepalive: 0 }));
  await once(socket, 'data');
  const subscriptions = [{ topic: topics.event('+'), qos: 1 as const }];
  socket.write(generate({ cmd: 'subscribe', messageId: 1, subscriptions }));
  await once(socket, 'data');
  socket.pause();
}

test('a subscriber that stops reading holds the others up until it is cut, and takes nothing from them', async () => {
  const log = new FakeLog();
  const broker = await startEmbeddedBroker({
    ...{ site: 'dc1', controller: 'edge-a', host: '127.0.0.1', port: 0, hosts: ['wms', 'erp'] },
    ...{ controllerUser: 'edge-a', controllerPassword: password, controllerClientId: 'edge-a' },
    ...{ anonymous: false, clock: systemClock, log },
    ...{ driversClientId: 'edge-a-devices', devices: [] },
  });
  onTestFinished(() => broker.stop());
  const controller = await makeClient(broker.port, { username: 'edge-a', password });
  const healthy = await makeClient(broker.port, { username: 'wms', clientId: 'wms' });
  await healthy.subscribe(topics.event('+'));
  await frozen(broker.port);
  const text = JSON.stringify(payload);
  const sent = Array.from({ length: messages }, () =>
    controller.send(topics.event('movement'), text),
  );
  await vi.waitFor(() => expect(healthy.heard.length).toBe(messages), { timeout: 40_000 });
  await Promise.all(sent);
});
