import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { DeviceId } from '../../src/domain/ids.ts';
import { commandsWith } from '../lib/shell.ts';
import { HostStore, startMosquittoSite, until } from './mosquitto-site.ts';

const lines = commandsWith('mosquitto_pub', readFileSync('README.md', 'utf8'));
const pickStation = 'PICK-01';

/** Types the lines of the README, and knows which ones are left. */
async function startHost() {
  const site = await startMosquittoSite();
  const typed = new Set<string>();
  const type = (line: string) => {
    typed.add(line);
    return site.shell.run(line);
  };
  /** @param word  stands in one line only, but for lines that the README has twice */
  const run = async (word: string) => {
    const [line, ...others] = new Set(lines.filter((text) => text.includes(word)));
    expect(others, `lines of the README with ${word}`).toEqual([]);
    expect(line, `a line of the README with ${word}`).toBeDefined();
    return type(line as string);
  };
  const untyped = () => lines.filter((line) => !typed.has(line));
  const isSetting = (line: string) => /^(cd |(broker|site|store)=)/.test(line);
  for (const line of lines.filter(isSetting)) await type(line);
  const store = new HostStore((await site.shell.run('echo $store')).trim());
  const status = async () => JSON.parse(await run('-C 1')).data;
  const listen = async () => {
    const before = store.of('status').length;
    await run('-i wms-shell');
    await run('session=$!');
    // Retained: it comes when the subscription stands.
    await until(() => expect(store.of('status').length).toBeGreaterThan(before));
  };
  await listen();
  return { ...site, store, run, untyped, status, listen };
}

type Host = Awaited<ReturnType<typeof startHost>>;

/** A tote comes in and is stored. */
async function bringIn({ run, store, simulated }: Host): Promise<void> {
  await run('-f host.json');
  // Retained, too: the controller has subscribed when it knows. A broker drops what nobody has subscribed to yet.
  await until(() => expect(store.of('status').at(-1)?.data.hosts[0].online).toBe(true));
  await run('sku.put.json');
  await run('loadUnit.announce.json');
  await store.replies(2);
  await until(() =>
    expect(simulated.plant.feed({ lpn: 'EX-TOTE-1', massKg: 12.5, heightMm: 300 }).done).toBe(true),
  );
  await store.has('movement', { kind: 'putaway', loadUnit: 'EX-TOTE-1' });
}

/** Somebody at the workstation scans what the order has brought, and lets it go. */
async function ship({ store, simulated, placeOf }: Host): Promise<void> {
  await until(async () => expect(await placeOf('EX-TOTE-1')).toBe(pickStation));
  const scanner = simulated.scanners.get('scan-pick-1' as DeviceId);
  scanner?.read('EX-TOTE-1', ']C0');
  scanner?.read('CRANEWAY-SHIP', ']C0');
  await store.has('movement', { kind: 'retrieved', loadUnit: 'EX-TOTE-1', order: 'EX-1' });
  await store.has('order', { order: 'EX-1', status: 'completed' });
  await store.has('movement', { kind: 'shipped', loadUnit: 'EX-TOTE-1' });
}

test('every line of the README works: a host needs no more than two small tools', {
  timeout: 90_000,
}, async () => {
  const host = await startHost();
  const { run, store, status, listen } = host;
  expect(await status()).toMatchObject({ state: expect.any(String), boot: 1 });
  await bringIn(host);

  await run('order.create.json');
  await ship(host);
  await run('order.create.json');
  await run('order.create-conflict.json');
  await run('order.create-id-reused.json');
  expect(await store.replies(6)).toMatchObject([
    { command: 'sku.put', result: 'accepted', duplicate: false },
    { command: 'loadUnit.announce', result: 'accepted' },
    { correlationid: 'example-3', result: 'accepted', duplicate: false, order: 'EX-1' },
    { correlationid: 'example-3', result: 'accepted', duplicate: true, order: 'EX-1' },
    { correlationid: 'example-4', result: 'refused', error: { code: 'CONFLICT' } },
    { correlationid: 'example-3', result: 'refused', error: { code: 'ID_REUSED' } },
  ]);

  // The host is away for a while: what it orders and what comes of it waits in the broker.
  await run('kill $session');
  await run('order.create-held.json');
  await run('order.cancel.json');
  await listen();
  expect((await store.replies(8)).slice(6)).toMatchObject([
    { order: 'EX-2', status: 'held' },
    { order: 'EX-2', status: 'canceled' },
  ]);
  await store.has('order', { order: 'EX-2', status: 'canceled' });

  const told = store.sequences();
  expect(told.length).toBeGreaterThan(8);
  expect(told, 'events without a gap').toEqual(told.map((_, i) => i + 1));
  await run('cat $store');
  await run('last=');
  await run('ack.json');
  await run('host-offline.json');
  const mark = { host: 'wms', online: false, ackThrough: String(told.length).padStart(16, '0') };
  await until(async () => expect((await status()).hosts).toEqual([mark]));
  await run('kill $session');
  expect(host.untyped(), 'lines of the README that this test does not know').toEqual([]);
});

test('a controller that is killed is reported offline, and goes on where it was', {
  timeout: 90_000,
}, async () => {
  const host = await startHost();
  const { run, store, status, controller } = host;
  await bringIn(host);
  await run('last=');
  await run('ack.json');
  await controller.kill();
  await until(async () => expect(await status()).toMatchObject({ state: 'offline', boot: 1 }));
  // Said while nobody listens: it waits in the broker, too.
  await run('order.create.json');
  controller.spawn();
  await controller.runs();
  await until(async () => expect(await status()).toMatchObject({ boot: 2 }));
  expect((await store.replies(3))[2]).toMatchObject({ order: 'EX-1', result: 'accepted' });
  await ship(host);
  const told = store.sequences();
  expect(told, 'events without a gap').toEqual(told.map((_, i) => i + 1));
  expect(await host.shell.run('mosquitto_sub $broker -C 1 -W 5 -t $site/ack/wms')).toContain(
    '"ackThrough"',
  );
});
