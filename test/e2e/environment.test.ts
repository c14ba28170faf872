import { execFileSync } from 'node:child_process';
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { tally } from '../../simulators/tally.ts';
import { pause } from '../../src/ports/clock.ts';
import { ControllerProcess } from '../lib/controller-process.ts';
import { type KillSite, removeSite, startKillSite } from '../lib/kill-site.ts';
import { readLedger } from '../lib/ledger-copy.ts';
import { systemClock as clock } from '../lib/system-clock.ts';
import { buildPreload } from '../power/preload.ts';
import { lossesAfterKill } from './kills.ts';
import { Observer } from './observer.ts';

// One life of a site whose controller, a process of its own, meets what a computer can do to it: each test
// goes on where the one before has ended, and the last one compares steel, cranes, host and ledger.
const limits = { timeout: 120_000 };
const observer = new Observer();
let site: KillSite;
let library: ReturnType<typeof buildPreload>;

beforeAll(async () => {
  library = buildPreload('harm.c');
  site = await startKillSite({
    ...{ seed: 11, speed: 20, harmLibrary: library.path, isFaultless: true },
    frame: (seen) => observer.frame(seen),
  });
  site.controller.spawn();
  await site.controller.runs();
  await site.workload.start();
  await works(3);
}, limits.timeout);
afterAll(async () => {
  await site.controller.stop();
  await site.stop();
  removeSite(site);
  library.remove();
});

/** Waits until `isSo`; no deadline but that of the test. */
async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    if (site.controller.hasGivenUp()) throw new Error(`It has ended by itself: ${lastLog()}`);
    await pause(clock, 10);
  }
}

const puts = () =>
  site.simulated.plant.executionLog().reduce((sum, { deposits }) => sum + deposits, 0);

/** Waits until the crane has put down so many more totes. */
async function works(totes = 1): Promise<void> {
  const before = puts();
  await until(() => puts() >= before + totes);
}

const lastLog = () => readFileSync(site.logFile, 'utf8').trimEnd().split('\n').slice(-5).join('\n');

/** It has stopped by itself, said why, and left behind all that it has told anybody. */
async function stopsBecause(why: RegExp): Promise<void> {
  expect((await site.controller.ends()).code).toBe(1);
  expect(lastLog()).toMatch(why);
  expect(lossesAfterKill(site, observer)).toEqual([]);
}

async function refusesToStart(why: RegExp): Promise<void> {
  site.controller.spawn();
  const { code, said } = await site.controller.ends();
  expect(said).toMatch(why);
  expect(code).toBe(3);
}

async function startsAndWorks(): Promise<void> {
  site.controller.spawn();
  await site.controller.runs();
  await works();
}

test(
  'a disk that is full stops it, lets no start pass, and is forgiven once there is room',
  limits,
  async () => {
    site.harm.fail('writing', 'ENOSPC');
    await stopsBecause(/full/);
    await refusesToStart(/cannot be written .*free space/);
    site.harm.fail('writing');
    await startsAndWorks();
  },
);

test(
  'a disk that answers a sync with an error stops it at once, and no start passes before it is mended',
  limits,
  async () => {
    site.harm.fail('syncing', 'EIO');
    await stopsBecause(/disk I\/O error/);
    await refusesToStart(/cannot be written .*look at the disk/);
    site.harm.fail('syncing');
    await startsAndWorks();
  },
);

test('a disk that may only be read lets no start pass', limits, async () => {
  expect(await site.controller.stop()).toBe(0);
  site.harm.fail('naming', 'EROFS');
  await refusesToStart(/cannot be written/);
  site.harm.fail('naming');
  await startsAndWorks();
});

test(
  'a disk that is nearly full gets no new order, and the work that was accepted goes on',
  limits,
  async () => {
    expect(await site.controller.stop()).toBe(0);
    site.harm.setFree(50 * 2 ** 20);
    await startsAndWorks();
    const ready = await fetch(`http://127.0.0.1:${site.httpPort}/health/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toContain('its disk has 50 MiB left: free space');
    const order = await fetch(`http://127.0.0.1:${site.httpPort}/api/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'idempotency-key': 'full-1' },
      body: JSON.stringify({
        order: 'SO-FULL',
        kind: 'retrieval',
        station: 'PICK-01',
        loadUnit: 'T-000001',
      }),
    });
    expect(order.status, await order.text()).toBe(503);
    site.harm.setFree(0);
  },
);

test('another process that holds the ledger for five seconds is waited for', limits, async () => {
  const other = new DatabaseSync(site.ledgerFile, { timeout: 5_000 });
  other.exec('BEGIN IMMEDIATE');
  await pause(clock, 5_000);
  other.exec('ROLLBACK');
  other.close();
  await works(2);
});

test(
  'a second controller on the same data names the one that has it, and harms nothing',
  limits,
  async () => {
    const { siteFile, dataFolder } = site;
    const second = new ControllerProcess({
      ...{
        siteFile,
        dataFolder,
        httpPort: 0,
        mqttPort: 0,
        logFile: join(site.folder, 'second.log'),
      },
    });
    second.spawn();
    const { code, said } = await second.ends();
    expect(said).toContain(`in use by another controller (process ${site.controller.pid})`);
    expect(code).toBe(3);
    await works();
  },
);

test(
  'a clock that is put forward by a year, and back to 1970, changes nothing but what is written beside things',
  limits,
  async () => {
    const questions = () => Object.keys(readLedger(site.ledgerFile, site.site).questions);
    expect(questions()).toEqual([]);
    site.harm.setClock(365 * 86_400_000);
    await works(2);
    site.harm.setClock(-clock.nowMs());
    await works(2);
    site.harm.setClock(0);
    await works(2);
    expect(questions()).toEqual([]);
  },
);

test(
  'without a file descriptor left the floor goes on, and pages come back with the first free one',
  limits,
  async () => {
    const { pid } = site.controller;
    const open = readdirSync(`/proc/${pid}/fd`).length;
    const limit = (most: number) =>
      execFileSync('prlimit', ['--pid', `${pid}`, `--nofile=${most}:`]);
    limit(open + 2);
    const clients: Socket[] = [];
    for (let i = 0; i < 20; i++) {
      const client = connect(site.httpPort, '127.0.0.1');
      client.on('error', () => {});
      clients.push(client);
    }
    await works(2);
    for (const client of clients) client.destroy();
    limit(1_024);
    const answer = await fetch(`http://127.0.0.1:${site.httpPort}/health/live`);
    expect(answer.status).toBe(200);
  },
);

test('a ledger that is not what was written is refused, with what to do', limits, async () => {
  expect(await site.controller.stop()).toBe(0);
  const dataFolder = join(site.folder, 'damaged');
  cpSync(site.dataFolder, dataFolder, { recursive: true });
  const file = join(dataFolder, 'ledger.db');
  // Pages that are not used any more may hold it, too.
  const text = readFileSync(file, 'latin1');
  writeFileSync(
    file,
    text.replaceAll('CREATE TABLE load_unit', 'CREATE TABLE xoad_unit'),
    'latin1',
  );
  const { siteFile, logFile } = site;
  const start = new ControllerProcess({ siteFile, dataFolder, logFile, httpPort: 0, mqttPort: 0 });
  start.spawn();
  const { code, said } = await start.ends().finally(() => start.kill());
  expect(said).toMatch(/LEDGER_DAMAGED.*\nMove the data folder aside/);
  expect(code).toBe(1);
  await startsAndWorks();
});

test('after all of it steel, cranes, host and ledger say the same', limits, async () => {
  site.workload.close();
  await until(() => {
    // No more goods come for what still waits for some.
    site.workload.giveUpWaiting();
    return site.restless() === '';
  });
  expect(await site.controller.stop()).toBe(0);
  const books = readLedger(site.ledgerFile, site.site);
  expect(tally(site.simulated.plant, site.host, books)).toMatchObject({ findings: [], ok: true });
});
