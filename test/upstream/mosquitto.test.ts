import { expect, test } from 'vitest';
import { wms } from './fakes.ts';
import {
  ack,
  freePort,
  makeClient,
  makeCore,
  makeUpstream,
  said,
  startMosquitto,
  topics,
  until,
} from './rig.ts';

const event = topics.event('movement');

test('work goes on while the broker is away, and its events follow in order', async () => {
  const broker = await startMosquitto();
  const { upstream, outbox, log } = makeUpstream(broker.port);
  await upstream.start();
  outbox.append(3);
  await until(() => expect(upstream.state().sentThrough).toBe(3));
  await broker.kill();
  await until(() => expect(upstream.state().connected).toBe(false));
  outbox.append(40);
  await startMosquitto(broker.port);
  const host = await makeClient(broker.port, { username: 'wms' });
  await host.subscribe(event);
  await until(() => expect(upstream.state().sentThrough).toBe(43));
  await until(() => expect(host.on(event)).toHaveLength(40));
  expect(host.on(event).map(({ json }) => Number(json.sequence))).toEqual(
    Array.from({ length: 40 }, (_, index) => index + 4),
  );
  // One story, told once, however often it was tried meanwhile.
  expect(log.warnings).toEqual(['No connection to the broker; events wait on disk']);
});

test('a retained command is shown as retained, so that it is refused', async () => {
  const broker = await startMosquitto();
  const host = await makeClient(broker.port, { username: 'wms' });
  await host.subscribe(topics.reply('wms'));
  const cancel = said('order.cancel', 'c-kept', { order: 'SO-1' });
  await host.send(topics.command('wms'), cancel, true);
  const { upstream, intake } = makeUpstream(broker.port);
  await upstream.start();
  await until(() => expect(host.on(topics.reply('wms'))).toHaveLength(1));
  expect(host.heard[0]?.json.data.error.code).toBe('RETAINED');
  expect(intake.effects).toEqual([]);
});

test('before any event is sent, the retained marks are read', async () => {
  const broker = await startMosquitto();
  const host = await makeClient(broker.port, { username: 'wms' });
  await host.subscribe(topics.event('+'));
  await host.send(topics.ack('wms'), ack(4), true);
  const core = makeCore();
  core.outbox.append(6);
  const { upstream } = makeUpstream(broker.port, { timing: { acksWaitMs: 5000 } }, core);
  await upstream.start();
  await until(() => expect(host.on(event)).toHaveLength(2));
  expect(host.on(event).map(({ json }) => Number(json.sequence))).toEqual([5, 6]);
});

test('an alarm of an earlier run is taken back when its reason is gone', async () => {
  const broker = await startMosquitto();
  const screen = await makeClient(broker.port);
  const topic = topics.alarm('discrepancy-9');
  await screen.send(topic, said('alarm', 'a-1', {}, '/dc1/edge-a'), true);
  await screen.subscribe(topic);
  const { upstream } = makeUpstream(broker.port);
  await upstream.start();
  await until(() => expect(screen.on(topic).at(-1)?.text).toBe(''));
  expect(upstream.state().deadLetters).toBe(0);
});

test('a controller that vanishes is reported by its last will', async () => {
  const broker = await startMosquitto();
  const { upstream } = makeUpstream(broker.port);
  await upstream.start();
  await until(() => expect(upstream.state().connected).toBe(true));
  const screen = await makeClient(broker.port);
  await screen.subscribe(topics.status);
  await until(() => expect(screen.heard).toHaveLength(1));
  // Somebody else with our client id: the broker cuts us, and says so to all.
  const thief = await makeClient(broker.port, { clientId: 'craneway-dc1-edge-a' });
  await until(() =>
    expect(screen.heard.map(({ json }) => json.data)).toContainEqual({
      state: 'offline',
      boot: 7,
      since: '2026-11-22T06:00:02.000Z',
    }),
  );
  thief.client.end(true);
});

test('two controllers with one name are reported, not left to fight in silence', async () => {
  const broker = await startMosquitto();
  const one = makeUpstream(broker.port);
  const two = makeUpstream(broker.port);
  await one.upstream.start();
  await two.upstream.start();
  const told = () => [...one.log.errors, ...two.log.errors].join();
  await until(() => expect(told()).toContain('another client uses the id craneway-dc1-edge-a'));
});

test('no broker at all is told once and keeps nothing from starting and stopping', async () => {
  const { upstream, log, outbox } = makeUpstream(await freePort());
  outbox.marks.set(wms, 0);
  await upstream.start();
  await until(() => expect(upstream.state().detail).toContain('ECONNREFUSED'));
  await upstream.stop();
  expect(log.warnings).toHaveLength(1);
});
