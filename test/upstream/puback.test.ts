import { expect, test } from 'vitest';
import { wms } from './fakes.ts';
import { ack, makeCore, makeUpstream, said, topics, until } from './rig.ts';
import { startScriptedBroker } from './scripted-broker.ts';

const cancel = said('order.cancel', 'c1', { order: 'SO-1' });

test('a command is acknowledged to the broker only after its commit', async () => {
  const broker = await startScriptedBroker();
  const { upstream, intake, outbox } = makeUpstream(broker.port);
  let commit = () => {};
  intake.gate = new Promise((resolve) => {
    commit = resolve;
  });
  await upstream.start();
  await until(() => expect(broker.packets.some(({ cmd }) => cmd === 'unsubscribe')).toBe(true));
  broker.deliver(topics.command('wms'), cancel, 77);
  await until(() => expect(intake.arrived).toBe(1));
  // An event overtakes it: a PUBACK that did not wait would have come out before.
  outbox.append(1);
  await until(() => expect(broker.events()).toEqual([1]));
  expect(broker.pubacks()).toEqual([]);
  commit();
  await until(() => expect(broker.pubacks()).toEqual([77]));
  await until(() =>
    expect(
      broker.packets.some((each) => each.cmd === 'publish' && each.topic === topics.reply('wms')),
    ).toBe(true),
  );
});

test('a command that could not be committed is not acknowledged and comes again', async () => {
  const broker = await startScriptedBroker();
  const { upstream, intake } = makeUpstream(broker.port);
  intake.failure = new Error('disk full');
  await upstream.start();
  await until(() => expect(upstream.state().connected).toBe(true));
  broker.deliver(topics.command('wms'), cancel, 78);
  await until(() => expect(broker.connections()).toBe(2));
  expect(broker.pubacks()).toEqual([]);
  intake.failure = undefined;
  await until(() => expect(upstream.state().connected).toBe(true));
  broker.deliver(topics.command('wms'), cancel, 78);
  await until(() => expect(broker.pubacks()).toEqual([78]));
  expect(intake.effects).toHaveLength(1);
});

test('events without a PUBACK are sent again over the next connection, in order', async () => {
  const broker = await startScriptedBroker({ acknowledges: (count) => count <= 3 || count > 10 });
  const { upstream, outbox } = makeUpstream(broker.port);
  outbox.append(10);
  await upstream.start();
  await until(() => expect(broker.events()).toHaveLength(10));
  await until(() => expect(upstream.state().sentThrough).toBe(3));
  broker.cut();
  await until(() => expect(upstream.state().sentThrough).toBe(10));
  expect(broker.events()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 4, 5, 6, 7, 8, 9, 10]);
});

test('an event is sent until it has its PUBACK, however often the connection is lost', async () => {
  const broker = await startScriptedBroker({ acknowledges: (count) => count > 3 });
  const { upstream, outbox } = makeUpstream(broker.port);
  outbox.append(1);
  await upstream.start();
  for (let times = 1; times <= 3; times++) {
    await until(() => expect(broker.events()).toHaveLength(times));
    broker.cut();
  }
  await until(() => expect(upstream.state().sentThrough).toBe(1));
  expect(broker.events()).toEqual([1, 1, 1, 1]);
});

test('events that are added in one turn leave once each', async () => {
  const broker = await startScriptedBroker();
  const { upstream, outbox } = makeUpstream(broker.port);
  outbox.append(1);
  await upstream.start();
  await until(() => expect(upstream.state().sentThrough).toBe(1));
  for (let i = 0; i < 9; i++) outbox.append(1);
  await until(() => expect(upstream.state().sentThrough).toBe(10));
  expect(broker.events()).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
});

test('no more than 100 events wait for their PUBACK', async () => {
  const broker = await startScriptedBroker({ acknowledges: () => false });
  const { upstream, outbox } = makeUpstream(broker.port, { timing: { publishLimitMs: 500 } });
  outbox.append(150);
  await upstream.start();
  await until(() => expect(broker.connections()).toBe(2));
  const first = broker.events().slice(0, broker.events().indexOf(1, 1));
  expect(first.at(-1) ?? broker.events().length).toBeLessThanOrEqual(100);
  expect(first).toEqual(first.toSorted((a, b) => a - b));
});

test('a PUBACK does not finish an event: after a restart it is sent again until its host has it', async () => {
  const broker = await startScriptedBroker();
  const core = makeCore();
  core.outbox.append(5);
  const first = makeUpstream(broker.port, {}, core);
  await first.upstream.start();
  await until(() => expect(first.upstream.state().sentThrough).toBe(5));
  await first.upstream.stop();
  core.outbox.marks.set(wms, 2);
  const second = makeUpstream(broker.port, {}, core);
  await second.upstream.start();
  await until(() => expect(broker.events()).toEqual([1, 2, 3, 4, 5, 3, 4, 5]));
});

test('a broker that takes no more is given up after the deadline', async () => {
  const broker = await startScriptedBroker({ acknowledges: () => false });
  const { upstream, outbox, log } = makeUpstream(broker.port, { timing: { publishLimitMs: 100 } });
  outbox.append(1);
  await upstream.start();
  await until(() => expect(broker.connections()).toBeGreaterThan(1));
  expect(log.warnings).toContain('No connection to the broker; events wait on disk');
});

test('sessions that end at once are reported as what they are, and only once', async () => {
  const broker = await startScriptedBroker({ closesAtOnce: true });
  const { upstream, log } = makeUpstream(broker.port);
  await upstream.start();
  await until(() => expect(broker.connections()).toBeGreaterThan(5));
  // Each of these sessions is open for a moment, and says so.
  const blamed = 'another client uses the id craneway-dc1-edge-a';
  await until(() => expect(upstream.state().detail).toContain(blamed));
  expect(log.errors).toHaveLength(1);
});

test('nothing is sent while a host has events that the books do not have', async () => {
  const broker = await startScriptedBroker();
  const { upstream, outbox, intake } = makeUpstream(broker.port, { timing: { acksWaitMs: 2000 } });
  outbox.append(3);
  await upstream.start();
  await until(() => expect(broker.packets.some(({ cmd }) => cmd === 'subscribe')).toBe(true));
  broker.deliver(topics.ack('wms'), ack(9), 5);
  await until(() => expect(upstream.state().heldBecause).toContain('up to 9'));
  await until(() => expect(intake.acks).toHaveLength(1));
  // New events must not make it look as if nothing were missing.
  outbox.append(10);
  await until(() => expect(broker.packets.some(({ cmd }) => cmd === 'unsubscribe')).toBe(true));
  expect(broker.events()).toEqual([]);
  outbox.eventEpoch = 2;
  outbox.append(1);
  await until(() => expect(broker.events().length).toBe(14));
});

test('events wait until the mark of their host was read; commands do not', async () => {
  const broker = await startScriptedBroker();
  const { upstream, outbox, intake } = makeUpstream(broker.port, {
    timing: { acksWaitMs: 60_000 },
  });
  outbox.append(3);
  await upstream.start();
  await until(() => expect(broker.packets.some(({ cmd }) => cmd === 'subscribe')).toBe(true));
  broker.deliver(topics.command('wms'), cancel, 1);
  await until(() => expect(broker.pubacks()).toEqual([1]));
  expect(intake.effects).toHaveLength(1);
  expect(broker.events()).toEqual([]);
  broker.deliver(topics.ack('wms'), ack(2), 2);
  await until(() => expect(broker.events()).toEqual([3]));
});

test('more than 250 commands a second are turned away, to be sent again', async () => {
  const broker = await startScriptedBroker();
  const { upstream, intake } = makeUpstream(broker.port);
  await upstream.start();
  await until(() => expect(broker.packets.some(({ cmd }) => cmd === 'unsubscribe')).toBe(true));
  for (let id = 1; id <= 400; id += 1) {
    broker.deliver(topics.command('wms'), said('order.cancel', `c${id}`, { order: 'SO-1' }), id);
  }
  await until(() => expect(broker.pubacks()).toHaveLength(400));
  expect(intake.effects.length).toBeGreaterThanOrEqual(250);
  expect(intake.effects.length).toBeLessThan(400);
});
