import { afterEach, describe, expect, test } from 'vitest';
import { indicator } from '../../devices/indicator/index.ts';
import { messagesFor } from '../../devices/indicator/messages.ts';
import { MqttBroker } from '../../devices/transport/mqtt.ts';
import { SimLight } from '../../simulators/indicator/light.ts';
import { parseDeviceId } from '../../src/domain/ids.ts';
import { dark, type Indication } from '../../src/domain/indication.ts';
import type { IndicatorSettings } from '../../src/domain/mqtt-settings.ts';
import type { IndicatorFact } from '../../src/ports/indicator.ts';
import { collector } from '../lib/collector.ts';
import { startBroker } from '../lib/mqtt-broker.ts';
import { silent as log } from '../lib/silent-log.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { fastClock } from '../upstream/rig.ts';
import { indicatorVectors } from '../vectors/indicator.ts';

const device = parseDeviceId('light-a01');
const endings: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const lamps = { red: 'red', amber: 'amber', green: 'green', blue: 'blue', white: 'white' };
const settingsWith = (own: Partial<IndicatorSettings> = {}): IndicatorSettings => ({
  broker: undefined,
  show: { kind: 'json', topic: 'a01/show', lamps },
  words: { off: 'off', steady: 'on', blink: 'blink' },
  repeatEveryMs: 30_000,
  availability: { topic: 'a01/state', online: 'online', offline: 'offline' },
  ...own,
});
const fault: Indication = { ...dark, red: 'steady' };
const working: Indication = { ...dark, green: 'steady' };

/** The driver, over a connection of its own. `times`: how much faster its time runs. */
function driven(port: number, settings = settingsWith(), times = 1) {
  const facts = collector<IndicatorFact>();
  const bugs: unknown[] = [];
  const shared = {
    onBug: (error: unknown) => bugs.push(error),
    ...{ clock: fastClock(times), log, random: { u32: () => 0 } },
  };
  const address = () => ({ host: '127.0.0.1', port, username: undefined, password: undefined });
  const broker = new MqttBroker({ ...shared, address, clientId: 'drivers' });
  const light = indicator.open({ ...shared, id: device, settings, broker, report: facts.report });
  light.start();
  endings.push(async () => {
    await light.stop();
    await broker.stop();
    expect(bugs).toEqual([]);
  });
  const isOnline = (from = 0) => facts.until(({ type }) => type === 'indicator.online', from);
  const isOffline = (from = 0) => facts.until(({ type }) => type === 'indicator.offline', from);
  return { light, facts, isOnline, isOffline };
}

function simulated(port: number, settings = settingsWith()) {
  const shown = collector<string>();
  const light = new SimLight({
    ...{ device, settings, clock, log, broker: { host: '127.0.0.1', port } },
    onShown: (lit) =>
      shown.report(
        Object.entries(lit)
          .filter(([, mode]) => mode !== 'off')
          .map(([color, mode]) => `${color} ${mode}`)
          .join(', ') || 'dark',
      ),
  });
  light.start();
  endings.push(() => light.stop());
  return { light, shown, shows: (what: string, from = 0) => shown.until((s) => s === what, from) };
}

describe('what goes out for a level', () => {
  test.each(indicatorVectors)('$what', ({ shows, told, messages }) => {
    const out = messagesFor(shows, told).map(({ topic, payload }) => [topic, payload]);
    expect(out).toEqual(messages);
  });
});

test('a light shows what it is told, changes included, over a real broker', async () => {
  const { port } = await startBroker();
  const { light, isOnline } = driven(port);
  const { shows } = simulated(port);
  light.drive(working);
  await isOnline();
  await shows('green steady');
  light.drive({ ...dark, red: 'blink', blue: 'steady' });
  await shows('red blink, blue steady');
});

test('each lamp has a topic of its own where the site file says so', async () => {
  const { port } = await startBroker();
  const settings = settingsWith({
    show: { kind: 'topics', lamps: { red: 'l/red', amber: 'l/amber', green: 'l/green' } },
  });
  const { light } = driven(port, settings);
  const { shows } = simulated(port, settings);
  light.drive({ ...working, blue: 'steady' });
  await shows('amber steady, green steady');
});

test('a light that comes late or anew shows the level at once, and nothing older', async () => {
  const { port } = await startBroker();
  const { light, isOnline } = driven(port);
  const first = simulated(port);
  light.drive(working);
  light.drive(fault);
  await isOnline();
  await first.shows('red steady');
  await first.light.stop();
  light.drive(working);
  const second = simulated(port);
  await second.shows('green steady');
});

test('after a broker that has forgotten everything the level is told again by itself', async () => {
  const first = await startBroker();
  const { light, isOnline, isOffline } = driven(first.port);
  simulated(first.port);
  light.drive(fault);
  await isOnline();
  await first.stop();
  await isOffline();
  await startBroker({ port: first.port });
  const second = simulated(first.port);
  await second.shows('red steady');
  await isOnline(2);
});

test('the level is repeated every so often', async () => {
  const { port } = await startBroker();
  const { light, isOnline } = driven(port, settingsWith(), 100);
  const sim = simulated(port);
  light.drive(fault);
  await isOnline();
  await sim.shown.count(3);
  expect(new Set(sim.shown.all)).toEqual(new Set(['red steady']));
});

test('the same level again is not told again', async () => {
  const { port } = await startBroker();
  const { light, isOnline } = driven(port);
  const sim = simulated(port);
  for (let i = 0; i < 50; i++) light.drive(working);
  await isOnline();
  await sim.shows('green steady');
  light.drive({ ...working });
  light.drive(fault);
  await sim.shows('red steady');
  expect(light.status().counters['changes']).toBe(2);
});

test('nothing is shown before the core has said what', async () => {
  const { port } = await startBroker();
  const { light, isOnline } = driven(port);
  const sim = simulated(port);
  await isOnline();
  expect(light.status().counters['published']).toBe(0);
  light.drive(fault);
  await sim.shows('red steady');
  expect(sim.shown.all).toEqual(['red steady']);
});

test('a light whose last will was published is offline, once, and online once when it is back', async () => {
  const broker = await startBroker();
  const { light, facts, isOnline, isOffline } = driven(broker.port);
  const sim = simulated(broker.port);
  light.drive(working);
  await isOnline();
  await sim.light.stop();
  expect(await isOffline()).toMatchObject({ reason: 'a01/state says offline' });
  await broker.publish('a01/state', 'offline', { retain: true });
  simulated(broker.port);
  await isOnline(2);
  expect(facts.all.map(({ type }) => type)).toEqual([
    ...['indicator.online', 'indicator.offline', 'indicator.online'],
  ]);
});

test('a light that says neither of its two words is not believed to be there', async () => {
  const broker = await startBroker();
  const { light, facts } = driven(broker.port);
  await broker.publish('a01/state', 'hello', { retain: true });
  light.drive(working);
  const sim = simulated(broker.port, settingsWith({ availability: undefined }));
  await sim.shows('green steady');
  expect(light.status()).toMatchObject({
    availability: 'offline',
    detail: 'waits for a word on a01/state',
  });
  expect(light.status().counters['otherMessages']).toBe(1);
  expect(facts.all).toEqual([]);
});

test('a light that says nothing of itself is online while the broker takes its level', async () => {
  const broker = await startBroker();
  const { light, facts, isOnline, isOffline } = driven(
    broker.port,
    settingsWith({ availability: undefined }),
  );
  light.drive(working);
  await isOnline();
  await broker.stop();
  expect(await isOffline()).toMatchObject({ reason: expect.stringContaining('broker') });
  expect(facts.all).toHaveLength(2);
});

test('when the controller stops, the light goes dark and nothing is told afterwards', async () => {
  const { port } = await startBroker();
  const { light, isOnline } = driven(port);
  const sim = simulated(port);
  light.drive(working);
  await isOnline();
  await sim.shows('green steady');
  await light.stop();
  light.drive(fault);
  await sim.shows('dark');
  expect(sim.shown.all.at(-1)).toBe('dark');
  expect(light.status()).toMatchObject({ availability: 'offline', detail: 'stopped' });
});

test('its traffic says what was told and what it said', async () => {
  const { port } = await startBroker();
  const { light, isOnline } = driven(port);
  simulated(port);
  light.drive(working);
  await isOnline();
  const lines = light
    .traffic(0, 50)
    .items.map(({ direction, decoded }) => `${direction} ${decoded}`);
  expect(lines).toEqual(
    expect.arrayContaining(['out to a01/show', 'in a01/state indicator.online']),
  );
});
