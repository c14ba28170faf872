import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { freePort, makeClient, makeUpstream, said, topics, until } from './rig.ts';

async function start(simulated = true) {
  const made = makeUpstream(0, { embedded: true, simulated });
  await made.upstream.start();
  await until(() => expect(made.upstream.state().connected).toBe(true));
  return { ...made, port: made.upstream.state().brokerPort ?? 0 };
}
const payload = said('movement', 'x', {});

test.each([
  topics.event('movement'),
  topics.status,
  topics.device('crane-1'),
  topics.reply('wms'),
  topics.command('erp'),
  topics.ack('erp'),
  'craneway/1/dc1/other/command/wms',
  '$SYS/broker/load',
])('a host may not publish to %s', async (topic) => {
  const { port, upstream } = await start();
  const host = await makeClient(port, { username: 'wms' });
  host.client.publish(topic, payload, { qos: 1 });
  await until(() => expect(host.client.connected).toBe(false));
  expect(upstream.state().connected).toBe(true);
});

test.each([topics.reply('erp'), topics.command('+'), topics.ack('wms'), '$SYS/#'])(
  'a host may not subscribe to %s',
  async (filter) => {
    const { port } = await start();
    const host = await makeClient(port, { username: 'wms' });
    await expect(host.subscribe(filter)).rejects.toThrow('Unspecified error');
  },
);

test('a filter wider than what is granted brings what is granted only', async () => {
  const { port, outbox } = await start();
  const wide = await makeClient(port, { username: 'wms' });
  await wide.subscribe('#');
  const other = await makeClient(port);
  await other.send(topics.command('wms'), said('order.cancel', 'c1', { order: 'SO-1' }));
  outbox.append(1);
  await until(() => expect(wide.on(topics.reply('wms'))).toHaveLength(1));
  await until(() => expect(wide.on(topics.event('movement'))).toHaveLength(1));
  expect(wide.on(topics.command('wms'))).toEqual([]);
});

test('without simulated devices nobody is let in without a name', async () => {
  const { port } = await start(false);
  await expect(makeClient(port)).rejects.toThrow('Not authorized');
  await expect(makeClient(port, { username: 'stranger' })).rejects.toThrow('Not authorized');
  await makeClient(port, { username: 'wms' });
});

test("nobody takes the controller's place by its name or its client id", async () => {
  const { port, upstream } = await start();
  await expect(makeClient(port, { username: 'edge-a', password: 'guess' })).rejects.toThrow();
  await expect(makeClient(port, { clientId: 'craneway-dc1-edge-a' })).rejects.toThrow();
  expect(upstream.state().connected).toBe(true);
});

test('what a client that is away would get is kept, but not without end', async () => {
  const { port, outbox, upstream } = await start();
  const session = { username: 'wms', clientId: 'wms', clean: false };
  const host = await makeClient(port, session);
  await host.subscribe(topics.event('+'));
  await host.client.endAsync();
  outbox.append(1100);
  await until(() => expect(upstream.state().sentThrough).toBe(1100));
  const back = await makeClient(port, { ...session });
  outbox.append(1);
  const numbers = () => back.heard.map(({ json }) => Number(json.sequence));
  await until(() => expect(numbers()).toContain(1101));
  await until(() => expect(numbers()).toContain(1000));
  expect(numbers()).not.toContain(1001);
  expect(back.heard).toHaveLength(1001);
});

test('a port that is taken is named, with what to do', async () => {
  const port = await freePort();
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
  onTestFinished(() => {
    other.close();
  });
  const { upstream } = makeUpstream(port, { embedded: true });
  await expect(upstream.start()).rejects.toThrow(`Port ${port} on 127.0.0.1 is taken`);
});

test('the embedded broker is not to be reached from other machines', async () => {
  const { upstream } = makeUpstream(0, {
    site: {
      site: 'dc1',
      controller: 'edge-a',
      hosts: [],
      broker: {
        embedded: true,
        host: '0.0.0.0',
        port: 0,
        username: undefined,
        passwordEnv: undefined,
      },
    },
  });
  await expect(upstream.start()).rejects.toThrow('loopback only');
});
