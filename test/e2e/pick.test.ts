import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Demo, startDemo, stopDemo } from '../../src/cli/demo-site.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import type { StationView } from '../../src/ports/reader.ts';
import { silent } from '../lib/silent-log.ts';

// A pick order on the demo site: from the host's MQTT command over crane and conveyor on their real protocols to
// a person at the API, and back to the host as movements.
const limitMs = 60_000;
let folder: string;
let demo: Demo;
const fatal: unknown[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pick-'));
  const ports = { httpPort: 0, mqttPort: 0, controlPort: 0 };
  const life = { fatal: (error: unknown) => void fatal.push(error) };
  demo = await startDemo({ speed: 40, seed: 3, ...ports }, folder, silent, life);
});
afterEach(async () => {
  demo.workload.close();
  await stopDemo(demo);
  rmSync(folder, { recursive: true });
});

async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  const startedMs = clock.monotonicMs();
  while (!(await holds())) {
    if (clock.monotonicMs() - startedMs > limitMs) throw new Error(`not in time: ${what}`);
    await pause(clock, 50);
  }
}

const base = () => `http://127.0.0.1:${demo.craneway.http.port}/api/v1/stations/PICK-01`;
const look = async () => (await (await fetch(base())).json()) as StationView;
const headers = { 'content-type': 'application/json', 'craneway-operator': 'anna' };

/** Once for each step: the same try again has the same key. */
const say = (what: string, body: object, step: number) =>
  fetch(`${base()}/${what}`, {
    method: 'POST',
    headers: { ...headers, 'idempotency-key': `anna-${step}` },
    body: JSON.stringify(body),
  });

/** Does what the station asks for, as a person does who reads it. */
async function work(): Promise<void> {
  const { kind, step = 0, expects, target } = await look();
  const [expected] = expects;
  if (kind === 'scanTarget') await say('scan', { code: 'C-1' }, step);
  else if (kind === 'scanArticle') await say('scan', { code: expected?.sku }, step);
  else if (kind === 'putInto') await say('scan', { code: target }, step);
  else if (kind === 'closeTote') await say('answer', { step, choice: 'close' }, step);
  else if (kind === 'handOver') await say('answer', { step, choice: 'ship' }, step);
}

test('a pick order goes from the command of the host to the tote that has left, and the host has heard all of it', async () => {
  const { host, craneway } = demo;
  await demo.workload.start();
  const stored = () => host.received().filter(({ data }) => kindOf(data) === 'putaway').length;
  await until('four totes are stored', () => stored() >= 4);
  demo.workload.close();
  const [line] = craneway.reader
    .stock({ by: 'sku', limit: 10 })
    .items.filter(({ reachable }) => reachable > 0);
  const lines = [{ sku: line?.sku ?? '', qty: 1 }];
  const order = { order: 'PK-1', kind: 'pick', station: 'PICK-01', lines };
  await host.createOrder(order as never);
  await until('the tote has left', async () => {
    await work();
    return craneway.reader.loadUnit('C-1')?.status === 'gone';
  });
  await until('the host has heard it', () =>
    host.received().some(({ data }) => about(data, 'shipped', 'C-1')),
  );
  expect(host.orders().get('PK-1')).toMatchObject({ status: 'completed' });
  const told = host.received().map(({ data }) => data);
  const picked = told.find((data) => kindOf(data) === 'picked');
  expect(picked).toMatchObject({ toLoadUnit: 'C-1', operator: 'anna', order: 'PK-1', lines });
  expect(fatal).toEqual([]);
}, 180_000);

const kindOf = (data: object): unknown => (data as { kind?: unknown }).kind;
const about = (data: object, kind: string, loadUnit: string): boolean =>
  kindOf(data) === kind && (data as { loadUnit?: unknown }).loadUnit === loadUnit;
