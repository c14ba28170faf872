import { expect, test } from 'vitest';
import { openPtyPair } from '../../simulators/barcode-scanner/pty.ts';
import { startScannerSimulator } from '../../simulators/barcode-scanner/server.ts';
import { collector } from '../lib/collector.ts';
import {
  codes,
  connected,
  device,
  endings,
  serial,
  serialLine,
  settingsFor,
  simulated,
  tcp,
} from '../lib/scanner-run.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

test('over TCP, reads and no-reads come with ids of their own', async () => {
  const { simulator, settings } = await simulated();
  expect(simulator.read('LOST')).toBe(0);
  const { facts, isOnline } = connected(settings);
  await isOnline();
  expect(simulator.read('00340123450000000000', ']C1')).toBe(1);
  simulator.noRead();
  simulator.read('TOTE-1');
  expect(await facts.count(4)).toEqual([
    { device, type: 'scanner.online' },
    { device, type: 'scanner.read', readId: 'e7-1', code: '00340123450000000000', aim: ']C1' },
    { device, type: 'scanner.noRead', readId: 'e7-2' },
    { device, type: 'scanner.read', readId: 'e7-3', code: 'TOTE-1', aim: ']C0' },
  ]);
});

test('a trigger makes it read, and the answer to the trigger is no code', async () => {
  const { simulator, settings } = await simulated({}, () => simulator.read('TOTE-1'));
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  scanner.trigger();
  expect(await facts.until(({ type }) => type === 'scanner.read')).toMatchObject({
    code: 'TOTE-1',
  });
  expect(scanner.status().counters).toMatchObject({ reads: 1, replies: 1, triggersLost: 0 });
});

test('a scanner is told to stop when it has read, or when nothing stands there any more', async () => {
  const heard = collector<'on' | 'off'>();
  const simulator = await startScannerSimulator({
    settings: settingsFor(tcp(0)),
    onTrigger: () => heard.report('on'),
    onTriggerOff: () => heard.report('off'),
    triggerReply: 'sAN mTCgateon 1',
  });
  endings.push(() => simulator.close());
  const { scanner, facts, isOnline } = connected(settingsFor(tcp(simulator.port ?? 0)));
  await isOnline();
  scanner.release();
  scanner.trigger();
  await heard.count(1);
  simulator.read('TOTE-1');
  await heard.count(2);
  scanner.release();
  scanner.trigger();
  await heard.count(3);
  scanner.release();
  await heard.count(4);
  // Told to stop, it says that it has read nothing: nothing of the next load.
  simulator.noRead();
  simulator.read('TOTE-2');
  await facts.count(3);
  expect(heard.all).toEqual(['on', 'off', 'on', 'off']);
  expect(facts.all.map(({ type }) => type)).toEqual([
    ...['scanner.online', 'scanner.read', 'scanner.read'],
  ]);
});

test('a no-read that is the answer to a trigger is told', async () => {
  const { simulator, settings } = await simulated({}, () => simulator.noRead());
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  scanner.trigger();
  expect(await facts.until(({ type }) => type === 'scanner.noRead')).toBeDefined();
});

test('the same code within the time that is set is marked as a repeat, and told all the same', async () => {
  const { simulator, settings } = await simulated({ repeatMs: 5_000 });
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  simulator.read('TOTE-1');
  simulator.read('TOTE-1');
  simulator.read('TOTE-2');
  simulator.read('TOTE-1');
  await facts.count(5);
  expect(facts.all.slice(1).map((fact) => 'code' in fact && [fact.code, fact.repeat])).toEqual([
    ['TOTE-1', undefined],
    ['TOTE-1', true],
    ['TOTE-2', undefined],
    ['TOTE-1', undefined],
  ]);
  expect(scanner.status().counters).toMatchObject({ reads: 4, duplicates: 1, repeats: 1 });
});

test('the same code again is counted as a duplicate, also where nothing marks it as a repeat', async () => {
  const { simulator, settings } = await simulated({ repeatMs: 0 });
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  for (const code of ['TOTE-1', 'TOTE-1', 'TOTE-2']) simulator.read(code);
  await facts.count(4);
  expect(scanner.status().counters).toMatchObject({ reads: 3, duplicates: 1, repeats: 0 });
});

test('a code that is none of ours is thrown away and counted', async () => {
  const { simulator, settings } = await simulated({ expect: ['sscc', 'TOTE-[0-9]+'] });
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  simulator.read('4006381333931', ']E0');
  simulator.read('TOTE-1');
  await facts.count(2);
  expect(codes(facts)).toEqual(['TOTE-1']);
  expect(scanner.status().counters).toMatchObject({ notOurs: 1, reads: 1 });
});

test.each([
  ['noise before a code', '\0\xff\x1d\n', '', { strayBytes: 4, frames: 2 }],
  ['10 kB without a suffix', 'A'.repeat(10_000), '', { strayBytes: 10_000, frames: 2 }],
  ['10 kB behind a prefix', `\x02${'A'.repeat(10_000)}`, '', { tooLong: 1, frames: 2 }],
  ['LF behind a suffix', '', '\n', { strayBytes: 1, frames: 2 }],
] as const)(
  '%s is thrown away and counted, and the codes are read',
  async (_, before, behind, counters) => {
    const { simulator, settings } = await simulated();
    const { scanner, facts, isOnline } = connected(settings);
    await isOnline();
    simulator.raw(Buffer.from(before, 'latin1'));
    simulator.read('TOTE-1');
    simulator.raw(Buffer.from(behind, 'latin1'));
    simulator.read('TOTE-2');
    await facts.count(3);
    expect(codes(facts)).toEqual(['TOTE-1', 'TOTE-2']);
    expect(scanner.status().counters).toMatchObject(counters);
  },
);

test('offline is said once and online once, and half a code before is not joined to one after', async () => {
  const { simulator, settings } = await simulated();
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  simulator.read('TOTE-1');
  await facts.count(2);
  simulator.raw(Buffer.from('\x02TOTE'));
  simulator.cut();
  await facts.until(({ type }) => type === 'scanner.online', 2);
  simulator.raw(Buffer.from('-2\x03'));
  simulator.read('TOTE-3');
  await facts.until((fact) => 'code' in fact && fact.code === 'TOTE-3');
  expect(facts.all.map((fact) => ('code' in fact ? fact.code : fact.type))).toEqual([
    ...['scanner.online', 'TOTE-1', 'scanner.offline', 'scanner.online', 'TOTE-3'],
  ]);
  expect(scanner.status()).toMatchObject({ availability: 'online', counters: { connects: 2 } });
});

test('a trigger while it is offline is lost, and not sent when it is back', async () => {
  let triggers = 0;
  const first = await simulated({}, () => {
    triggers += 1;
  });
  const { scanner, facts, isOnline } = connected(first.settings);
  await isOnline();
  await first.simulator.close();
  await facts.until(({ type }) => type === 'scanner.offline');
  scanner.trigger();
  const second = await startScannerSimulator({
    settings: first.settings,
    onTrigger: () => {
      triggers += 1;
    },
  });
  endings.push(() => second.close());
  await facts.until(({ type }) => type === 'scanner.online', 2);
  second.read('TOTE-1');
  await facts.until(({ type }) => type === 'scanner.read');
  expect(triggers).toBe(0);
  expect(scanner.status().counters['triggersLost']).toBe(1);
});

test('a scanner that is not there is offline, with the reason', async () => {
  const { simulator, settings } = await simulated();
  await simulator.close();
  const { scanner, facts } = connected(settings);
  const fact = await facts.until(({ type }) => type === 'scanner.offline');
  expect(fact).toMatchObject({ reason: expect.stringContaining('ECONNREFUSED') });
  await scanner.stop();
  expect(scanner.status()).toMatchObject({ availability: 'offline', detail: 'stopped' });
});

test('nothing is told after stop', async () => {
  const { simulator, settings } = await simulated();
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  await scanner.stop();
  simulator.read('TOTE-1');
  expect(facts.all).toEqual([{ device, type: 'scanner.online' }]);
});

test('over a serial line, reads, no-reads and triggers work as over TCP', async () => {
  const { ends } = await serialLine();
  const settings = serial(ends[0]);
  const simulator = await startScannerSimulator({
    ...{ settings, linePath: ends[1] },
    onTrigger: () => simulator.noRead(),
  });
  endings.push(() => simulator.close());
  const { scanner, facts, isOnline } = connected(settings);
  await isOnline();
  simulator.read('TOTE-1');
  await facts.count(2);
  scanner.trigger();
  expect((await facts.count(3)).slice(1)).toEqual([
    { device, type: 'scanner.read', readId: 'e7-1', code: 'TOTE-1', aim: ']C0' },
    { device, type: 'scanner.noRead', readId: 'e7-2' },
  ]);
});

test('an unplugged serial scanner is offline, and works again when it is plugged in', async () => {
  const { pair, ends } = await serialLine();
  const settings = serial(ends[0]);
  const before = await startScannerSimulator({ settings, linePath: ends[1] });
  endings.push(() => before.close());
  const { facts, isOnline } = connected(settings);
  await isOnline();
  before.raw(Buffer.from(']C0HALF'));
  await pair.close();
  await facts.until(({ type }) => type === 'scanner.offline');
  const again = await openPtyPair(ends, clock);
  endings.push(() => again?.close());
  const after = await startScannerSimulator({ settings, linePath: ends[1] });
  endings.push(() => after.close());
  await facts.until(({ type }) => type === 'scanner.online', 2);
  after.read('TOTE-2');
  expect(await facts.until(({ type }) => type === 'scanner.read')).toMatchObject({
    code: 'TOTE-2',
    readId: 'e7-1',
  });
});
