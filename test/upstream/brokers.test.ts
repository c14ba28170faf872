import { expect, test } from 'vitest';
import { LimitError } from '../../src/domain/errors.ts';
import {
  ack,
  makeClient,
  makeCore,
  makeUpstream,
  said,
  startMosquitto,
  topics,
  until,
} from './rig.ts';

/** A broker, and an upstream connected to it. */
const brokers = {
  embedded: async (core = makeCore(), timing = {}) => {
    const made = makeUpstream(0, { embedded: true, timing }, core);
    await made.upstream.start();
    return { ...made, port: made.upstream.state().brokerPort ?? 0 };
  },
  mosquitto: async (core = makeCore(), timing = {}) => {
    const { port } = await startMosquitto();
    const made = makeUpstream(port, { timing }, core);
    await made.upstream.start();
    return { ...made, port };
  },
};

type Start = (typeof brokers)[keyof typeof brokers];
const over = test.each(Object.entries(brokers));

const cancel = (id: string) => said('order.cancel', id, { order: 'SO-1' });
const command = topics.command('wms');
const reply = topics.reply('wms');

async function startWithHost(start: Start, timing = {}) {
  const made = await start(makeCore(), timing);
  await until(() => expect(made.upstream.state().connected).toBe(true));
  const host = await makeClient(made.port, { username: 'wms', clientId: 'wms' });
  await host.subscribe(reply);
  await host.subscribe(topics.event('+'));
  return { ...made, host };
}

over('%s: a command sent twice has one effect and gets the same reply', async (_name, start) => {
  const { host, intake } = await startWithHost(start);
  await host.send(command, cancel('c1'));
  await host.send(command, cancel('c1'));
  await until(() => expect(host.on(reply)).toHaveLength(2));
  const [first, second] = host.on(reply).map(({ json }) => json);
  expect(first).toMatchObject({
    specversion: '1.0',
    source: '/dc1/edge-a',
    type: 'craneway.reply.v1',
    correlationid: 'c1',
    data: { command: 'order.cancel', result: 'accepted', duplicate: false },
  });
  expect(second.data).toEqual({ ...first.data, duplicate: true });
  expect(second.id).not.toBe(first.id);
  expect(intake.effects).toHaveLength(1);
});

over(
  '%s: what cannot be read is kept as dead letter and holds up nothing',
  async (_name, start) => {
    const { host, intake, upstream } = await startWithHost(start);
    await host.send(command, 'not JSON');
    await host.send(command, '{"id":"x-1","data":{}}');
    await host.send(command, said('order.teleport', 'x-2', {}));
    await host.send(command, said('order.cancel', 'x-3', {}, '/dc1/host/erp'));
    await host.send(topics.ack('wms'), said('ack', 'x-4', { ackThrough: 7 }));
    await host.send(command, cancel('c1'));
    await until(() => expect(host.on(reply)).toHaveLength(4));
    const answers = host.on(reply).map(({ json }) => [json.correlationid, json.data.error?.code]);
    expect(answers).toEqual([
      ['x-1', 'MALFORMED'],
      ['x-2', 'UNSUPPORTED'],
      ['x-3', 'FORBIDDEN'],
      ['c1', undefined],
    ]);
    expect(intake.effects).toHaveLength(1);
    expect(intake.acks).toEqual([]);
    expect(upstream.deadLetters().map(({ payload }) => payload.slice(0, 8))).toContain('not JSON');
    expect(upstream.state().deadLetters).toBe(4);
  },
);

over('%s: where too much waits already the host is told to come back', async (_name, start) => {
  const { host, intake } = await startWithHost(start);
  intake.failure = new LimitError('Too many causes wait');
  await host.send(command, cancel('c1'));
  await until(() => expect(host.on(reply)).toHaveLength(1));
  expect(host.on(reply)[0]?.json.data.error).toMatchObject({
    code: 'LIMIT_REACHED',
    retryable: true,
  });
  intake.failure = undefined;
  await host.send(command, cancel('c1'));
  await until(() => expect(host.on(reply)).toHaveLength(2));
  expect(host.on(reply)[1]?.json.data.result).toBe('accepted');
});

over('%s: events come in order, and once more on wish, byte for byte', async (_name, start) => {
  const { host, outbox } = await startWithHost(start);
  outbox.append(120);
  const event = topics.event('movement');
  await until(() => expect(host.on(event)).toHaveLength(120));
  const first = host.on(event).map(({ text }) => text);
  expect(first.map((text) => Number(JSON.parse(text).sequence))).toEqual(
    Array.from({ length: 120 }, (_, index) => index + 1),
  );
  const range = { from: '0000000000000011', to: '0000000000000090' };
  await host.send(command, said('event.resend', 'c9', range));
  await until(() => expect(host.on(reply)).toHaveLength(81));
  const [answer, ...again] = host.on(reply);
  expect(answer?.json).toMatchObject({ correlationid: 'c9', data: range });
  expect(again.map(({ text }) => text)).toEqual(first.slice(10, 90));
});

over(
  '%s: events are repeated for a host that is there and whose mark rests',
  async (_name, start) => {
    const { host, outbox } = await startWithHost(start, { markRestMs: 200 });
    const since = '2026-11-22T12:39:59.000Z';
    await host.send(topics.host('wms'), said('host', 'h1', { state: 'online', since }), true);
    outbox.append(5);
    await until(() => expect(host.on(topics.event('movement'))).toHaveLength(5));
    await host.send(topics.ack('wms'), ack(2), true);
    await until(() => expect(host.on(reply).length).toBeGreaterThanOrEqual(3));
    const repeated = host.on(reply).map(({ json }) => json.sequence);
    expect(repeated.slice(-3)).toEqual([
      '0000000000000003',
      '0000000000000004',
      '0000000000000005',
    ]);
  },
);

over(
  '%s: who looks sees the status, the devices and what is in doubt, also long after',
  async (_name, start) => {
    const { port, reader, upstream } = await startWithHost(start);
    reader.deviceViews = [device];
    reader.open = [discrepancy];
    const look = async () => {
      const screen = await makeClient(port);
      await screen.subscribe(topics.status);
      await screen.subscribe(`${topics.base}/state/#`);
      return screen;
    };
    const screen = await look();
    await until(() => expect(screen.on(topics.alarm('discrepancy-3'))).toHaveLength(1));
    const late = await look();
    await until(() => expect(late.heard).toHaveLength(3));
    expect(late.heard.every(({ retained }) => retained)).toBe(true);
    expect(late.on(topics.device('crane-1'))[0]?.json.data).toMatchObject({
      device: 'crane-1',
      state: 'held',
      fault: { code: 'VERDICT_UNKNOWN' },
    });
    reader.open = [];
    await until(() => expect(late.on(topics.alarm('discrepancy-3')).at(-1)?.text).toBe(''));
    await upstream.stop();
    await until(() => {
      const words = screen.on(topics.status).map(({ json }) => json.data.state);
      expect(words).toContain('stopped');
      expect(words).not.toContain('offline');
    });
  },
);

const noTraffic = {
  ...{ framesIn: 0, framesOut: 0, bytesIn: 0, bytesOut: 0, errors: 0, discarded: 0 },
  ...{ reconnects: 0, timeouts: 0, roundTripP50Ms: undefined, roundTripP95Ms: undefined },
};
const device = {
  device: 'crane-1' as never,
  kind: 'crane',
  availability: 'online',
  detail: '',
  sinceMs: 1_795_000_000_000,
  link: noTraffic,
  mode: 'auto',
  counters: {},
  state: 'doubt',
  reasons: [{ code: 'VERDICT_UNKNOWN', detail: 'Nobody knows whether it took the load unit' }],
} as const;

const discrepancy = {
  discrepancy: 3,
  code: 'BIN_FULL',
  text: 'A01-R-021-03-1 is occupied by something unknown',
  raisedAt: '2026-11-22T12:41:20.000Z',
  state: 'open',
  resolutions: [],
} as const;
