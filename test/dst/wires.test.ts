import { describe, expect, test } from 'vitest';
import { SimulatedBroker } from '../../simulators/dst/broker.ts';
import { chanceOf } from '../../simulators/dst/chance.ts';
import { SimulatedMqttClient } from '../../simulators/dst/mqtt-client.ts';
import type { FaultEvent, Schedule } from '../../simulators/dst/schedule.ts';
import { type DeviceChannel, StreamWire } from '../../simulators/dst/stream-wire.ts';
import { matches } from '../../simulators/dst/topic-filter.ts';
import { Kernel } from '../../simulators/virtual/kernel.ts';
import { runSchedule } from './run.ts';

const newKernel = () => new Kernel(0, { isDraining: true });

describe('a cable of bytes', () => {
  function cable() {
    const kernel = newKernel();
    const heard: number[] = [];
    const channels: DeviceChannel[] = [];
    const wire = new StreamWire({
      ...{ clock: kernel, random: chanceOf(1, 'cable') },
      accept: (channel) => {
        channels.push(channel);
        return (bytes) => channel.send(bytes);
      },
    });
    const end = wire.dial(1);
    end?.on('data', (bytes: Uint8Array) => heard.push(...bytes));
    return { kernel, wire, end, heard, channels };
  }

  test('brings every byte back in its order, in one piece, in two or one by one', async () => {
    const { kernel, wire, end, heard } = cable();
    const sent = Array.from({ length: 200 }, (_, i) => i);
    for (const byte of sent) {
      if (byte === 50) wire.illness.dribbles = 20;
      kernel.after(byte * 5, () => end?.write(Uint8Array.of(byte, byte, byte)));
    }
    await kernel.run(5_000);
    expect(heard).toEqual(sent.flatMap((byte) => [byte, byte, byte]));
    expect(wire.counts.dribbled).toBe(20);
  });

  test('that is half open loses bytes and says so to nobody; one that is cut says so and takes no call', async () => {
    const { kernel, wire, end, heard } = cable();
    const closed: string[] = [];
    end?.on('error', () => {});
    end?.on('close', () => closed.push('closed'));
    wire.set('halfOpen');
    end?.write(Uint8Array.of(1));
    await kernel.run(1_000);
    expect([heard, closed]).toEqual([[], []]);
    wire.set('cut');
    expect(closed).toEqual(['closed']);
    expect(wire.dial(2)).toBeUndefined();
    wire.set('whole');
    expect(wire.dial(2)).toBeDefined();
  });

  test('answers with a reset what is written after the device has left unheard', async () => {
    const { kernel, wire, end, channels } = cable();
    const told: string[] = [];
    end?.on('error', ({ message }: Error) => told.push(message));
    wire.set('halfOpen');
    channels[0]?.drop();
    await kernel.run(1_000);
    wire.set('whole');
    await kernel.run(2_000);
    expect(told).toEqual([]);
    end?.write(Uint8Array.of(1));
    await kernel.run(3_000);
    expect(told).toEqual(['ECONNRESET']);
  });
});

function broker() {
  const kernel = newKernel();
  const made = new SimulatedBroker({
    ...{ clock: kernel, random: chanceOf(1, 'broker'), seen: () => {} },
  });
  const around = {
    broker: made,
    within: (call: () => void) => call(),
    leaving: (call: () => void) => call(),
  };
  const client = (clientId: string, clean = false) =>
    new SimulatedMqttClient({ clientId, clean }, around);
  return { kernel, broker: made, client };
}

test.each([
  ['a/+/c', 'a/b/c', true],
  ['a/+/c', 'a/b/d', false],
  ['a/+', 'a/b/c', false],
  ['a/#', 'a/b/c', true],
  ['a/b', 'a/b', true],
])('a filter of %s takes %s: %s', (filter, topic, is) => {
  expect(matches(filter, topic)).toBe(is);
});

describe('a simulated broker', () => {
  test('sends again what was not acknowledged, over the next connection', async () => {
    const { kernel, broker: made, client } = broker();
    const heard: string[] = [];
    const first = client('a');
    first.handleMessage = () => {};
    first.subscribe(['t'], {}, () => {});
    await kernel.run(100);
    made.publish('t', Buffer.from('1'), false);
    await kernel.run(200);
    made.cut('a');
    made.publish('t', Buffer.from('2'), false);
    const second = client('a');
    second.handleMessage = ({ payload }, done) => {
      heard.push(String(payload));
      done();
    };
    await kernel.run(300);
    made.cut('a');
    client('a').handleMessage = () => heard.push('again');
    await kernel.run(400);
    expect(heard).toEqual(['1', '2']);
  });

  test('that is restarted without its memory knows neither who listens nor what was retained', async () => {
    const { kernel, broker: made, client } = broker();
    const heard: string[] = [];
    const listen = () => {
      const listener = client('a');
      listener.handleMessage = ({ payload }, done) => {
        heard.push(String(payload));
        done();
      };
      return listener;
    };
    made.publish('t', Buffer.from('retained'), true);
    listen().subscribe(['t'], {}, () => {});
    await kernel.run(100);
    made.restart(false);
    listen();
    made.publish('t', Buffer.from('unheard'), false);
    await kernel.run(200);
    expect(heard).toEqual(['retained']);
  });

  test('publishes the will of one who hangs up, and not of one who takes leave', async () => {
    const { kernel, broker: made } = broker();
    const will = { topic: 'w', payload: Buffer.from('gone'), qos: 1 as const, retain: true };
    const around = {
      broker: made,
      within: (f: () => void) => f(),
      leaving: (f: () => void) => f(),
    };
    const leaves = new SimulatedMqttClient({ clientId: 'a', will }, around);
    const hangsUp = new SimulatedMqttClient({ clientId: 'b', will }, around);
    await kernel.run(100);
    leaves.end(false);
    await kernel.run(200);
    expect(made.counts.wills).toBe(0);
    hangsUp.stream.destroy();
    expect(made.counts.wills).toBe(1);
  });
});

/** Each kind of the way to the hosts and of the lines to devices, one after the other. */
const kinds: readonly Omit<FaultEvent, 'atMs'>[] = [
  { kind: 'cutBeforeEnd', target: 'printer-1', args: { forMs: 8_000 } },
  { kind: 'cutAfterEnd', target: 'printer-1', args: { forMs: 20_000 } },
  { kind: 'broker.lostPubacks', target: 'site', args: { times: 4 } },
  { kind: 'line.dribbles', target: 'scan-in-1', args: { times: 4 } },
  { kind: 'broker.redelivers', target: 'site', args: { times: 5 } },
  { kind: 'host.doubles', target: 'site', args: { forMs: 6_000 } },
  { kind: 'line.cut', target: 'printer-1', args: { forMs: 4_000 } },
  { kind: 'broker.shuffles', target: 'site', args: { forMs: 6_000 } },
  { kind: 'broker.storm', target: 'site', args: { times: 4, betweenMs: 1_500 } },
  { kind: 'broker.takenOver', target: 'site', args: { isClean: 0 } },
  { kind: 'line.halfOpen', target: 'printer-1', args: { forMs: 5_000 } },
  { kind: 'host.rubbish', target: 'site', args: { kind: 0, isRetained: 1 } },
  { kind: 'host.rubbish', target: 'site', args: { kind: 4, isRetained: 0 } },
  { kind: 'broker.down', target: 'site', args: { forMs: 3_000, keepsAll: 0 } },
  { kind: 'host.rubbish', target: 'site', args: { kind: 6, isRetained: 0 } },
  { kind: 'headOpen', target: 'printer-1', args: { forMs: 3_000 } },
];

test('whatever happens at the broker, at hosts and on the lines to devices, nothing is lost or doubled', async () => {
  const events = kinds.map((kind, i) => ({ atMs: 5_000 + i * 4_000, ...kind }));
  const schedule: Schedule = { seed: 1, faultsMs: 75_000, manner: 'calm', swarm: {}, events };
  const { wrong, facts } = await runSchedule(schedule);
  expect(wrong).toEqual([]);
  const met = [
    ...[
      'a PUBACK was lost',
      'a message came again',
      'a message was overtaken',
      'a will was published',
    ],
    ...['a connection was taken over', 'the broker was away', 'the broker forgot all'],
    ...['what was owed came over the next connection', 'rubbish was put aside'],
    ...[
      'a line was refused',
      'a device spoke byte by byte',
      'a line was lost',
      'a label was unknown',
    ],
  ];
  expect(met.filter((fact) => !facts[fact])).toEqual([]);
}, 60_000);

test('whatever happens to the store, a process that it ends is started again, and nothing is lost or doubled', async () => {
  const store = (atMs: number, kind: string, args: FaultEvent['args']) => ({
    ...{ atMs, kind, target: 'site', args },
  });
  const events = [
    store(5_000, 'store.full', { forMs: 25_000, pages: 0 }),
    store(35_000, 'store.busy', { forMs: 3_000 }),
    store(42_000, 'store.busy', { forMs: 900 }),
    store(50_000, 'store.fails', { isAfter: 1 }),
  ];
  const schedule: Schedule = { seed: 2, faultsMs: 60_000, manner: 'calm', swarm: {}, events };
  const { wrong, facts } = await runSchedule(schedule);
  expect(wrong).toEqual([]);
  const met = [
    /SQLite was full/,
    /the ledger was locked/,
    /a commit of .* failed/,
    /a commit of .* unknown/,
  ];
  const told = Object.keys(facts).filter((fact) => facts[fact]);
  expect(met.filter((wanted) => !told.some((fact) => wanted.test(fact)))).toEqual([]);
}, 60_000);

test('two cranes that feed one workstation stay in step while one of them fails', async () => {
  const events: FaultEvent[] = [
    { atMs: 8_000, kind: 'wire.cut', target: 'crane-2', args: { forMs: 9_000 } },
    { atMs: 20_000, kind: 'scanner.stray', target: 'scan-in-1', args: { pick: 3 } },
    { atMs: 26_000, kind: 'scanner.stray', target: 'scan-pick-1', args: { pick: 2 } },
    {
      atMs: 30_000,
      kind: 'controller.crash',
      target: 'site',
      args: { downMs: 500, lingerMs: 300 },
    },
  ];
  const schedule: Schedule = { seed: 5, faultsMs: 60_000, manner: 'calm', swarm: {}, events };
  const { wrong, site } = await runSchedule(schedule);
  expect(wrong).toEqual([]);
  const rows = site.db.prepare('SELECT DISTINCT crane FROM mission ORDER BY crane').all();
  expect(rows.map(({ crane }) => crane)).toEqual(['crane-1', 'crane-2']);
}, 60_000);
