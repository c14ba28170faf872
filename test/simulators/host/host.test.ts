import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { createHost, type HostOptions } from '../../../simulators/host/host.ts';
import { systemClock } from '../../lib/system-clock.ts';
import { FakeLog, fakeRandom, wms } from '../../upstream/fakes.ts';
import { fastClock, makeUpstream, until } from '../../upstream/rig.ts';

async function startController() {
  const made = makeUpstream(0, { embedded: true });
  await made.upstream.start();
  return { ...made, port: made.upstream.state().brokerPort ?? 0 };
}

function makeHost(brokerPort: number, more: Partial<HostOptions> = {}) {
  const host = createHost({
    host: 'wms',
    site: 'dc1',
    controller: 'edge-a',
    brokerPort,
    clock: systemClock,
    random: fakeRandom(),
    log: new FakeLog(),
    ...more,
  });
  host.start();
  return host;
}
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

test('an event is booked once, in order, and acknowledged', async () => {
  const { port, outbox } = await startController();
  const host = makeHost(port);
  onTestFinished(() => host.stop());
  await until(() => expect(host.connected()).toBe(true));
  outbox.append(250);
  await until(() => expect(outbox.ackThrough(wms)).toBe(250));
  expect(host.received().map(({ sequence }) => sequence)).toEqual(upTo(250));
  expect(host.stock().get('T-17')).toBe('A-17');
});

test('events that were published before the host first came are asked for', async () => {
  const { port, outbox, upstream, intake } = await startController();
  outbox.append(30);
  await until(() => expect(upstream.state().sentThrough).toBe(30));
  const host = makeHost(port, { clock: fastClock(20) });
  onTestFinished(() => host.stop());
  await until(() => expect(outbox.ackThrough(wms)).toBe(30));
  expect(intake.effects.map(({ name }) => name)).toContain('event.resend');
  expect(host.received().map(({ sequence }) => sequence)).toEqual(upTo(30));
});

test('a gap holds back what comes behind it until it is closed', async () => {
  const { port, outbox, upstream } = await startController();
  outbox.append(3);
  await until(() => expect(upstream.state().sentThrough).toBe(3));
  const host = makeHost(port, { clock: fastClock(10) });
  onTestFinished(() => host.stop());
  await until(() => expect(host.connected()).toBe(true));
  outbox.append(2);
  await until(() => expect(host.ackThrough()).toBe(5));
  expect(host.received().map(({ sequence }) => sequence)).toEqual([1, 2, 3, 4, 5]);
});

test('a command without an answer is repeated, and counts once', async () => {
  const { port, intake } = await startController();
  let commit = () => {};
  intake.gate = new Promise((resolve) => {
    commit = resolve;
  });
  const host = makeHost(port, { clock: fastClock(50) });
  onTestFinished(() => host.stop());
  await until(() => expect(host.connected()).toBe(true));
  const reply = host.createOrder({
    order: 'SO-1',
    kind: 'retrieval',
    station: 'P-1',
    loadUnit: 'T',
  });
  await until(() => expect(intake.arrived).toBe(1));
  commit();
  expect(await reply).toMatchObject({ command: 'order.create', result: 'accepted' });
  expect(intake.effects).toHaveLength(1);
});

test('killed and started again it books nothing twice and still wants what it wanted', async () => {
  const { port, outbox, intake } = await startController();
  const dataFolder = mkdtempSync(join(tmpdir(), 'craneway-host-'));
  const first = makeHost(port, { dataFolder });
  await until(() => expect(first.connected()).toBe(true));
  outbox.append(5);
  await until(() => expect(first.ackThrough()).toBe(5));
  first.online(false);
  await until(() => expect(intake.states.at(-1)).toBe('offline'));
  // Given while it is away, so that only its memory can bring it across.
  const forgotten = first.cancel('SO-9');
  await first.stop();
  outbox.append(5);
  const second = makeHost(port, { dataFolder });
  onTestFinished(async () => {
    await second.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  });
  await until(() => expect(second.ackThrough()).toBe(10));
  expect(second.received().map(({ sequence }) => sequence)).toEqual(upTo(10));
  await until(() => expect(intake.effects.map(({ name }) => name)).toEqual(['order.cancel']));
  expect(forgotten).toBeInstanceOf(Promise);
});
