import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { Kernel } from '../../simulators/virtual/kernel.ts';
import { startDemo, stopDemo } from '../../src/cli/demo-site.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { pause } from '../../src/ports/clock.ts';
import { startVirtualSite } from '../../src/virtual/virtual-site.ts';
import { type LoneSite, lineOf, liveOneByOne, movementsOf, wiredHost } from '../lib/one-by-one.ts';
import { silent } from '../lib/silent-log.ts';
import { busyDay } from '../lib/virtual-day.ts';

const speed = 100;
const hourMs = 3_600_000;
/** Far more than anything takes, so that a slow machine is not a failure. */
const limitMs = 60_000;
const lookEveryMs = 10;

const folder = mkdtempSync(join(tmpdir(), 'both-ways-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function onSockets(rounds: number): Promise<string[]> {
  const ports = { httpPort: 0, mqttPort: 0, controlPort: 0 };
  const fatal: unknown[] = [];
  const life = { fatal: (error: unknown) => fatal.push(error) };
  const demo = await startDemo({ speed, seed: 5, ...ports }, folder, silent, life);
  await demo.operators.stop();
  const { plant } = demo.simulated;
  const site: LoneSite = {
    warehouse: () => demo.craneway.flow.warehouse,
    intake: () => demo.craneway.flow,
    host: wiredHost(demo.host),
    feed: (tote) => plant.feed(tote).done,
    contentsOf: (location) => plant.stationContents(location),
    takeAway: (location, toteId) => plant.takeAway(location, toteId).done,
    putBack: (toteId) => plant.putBack(toteId).done,
    async until(what, holds) {
      const startedMs = clock.monotonicMs();
      while (!holds()) {
        if (fatal.length > 0) throw fatal[0];
        if (clock.monotonicMs() - startedMs > limitMs) throw new Error(`not in time: ${what}`);
        await pause(clock, lookEveryMs);
      }
    },
  };
  for (let round = 0; round < rounds; round++) await liveOneByOne(site, round);
  await stopDemo(demo);
  return movementsOf(join(folder, 'ledger.db'));
}

/** As many rounds as an hour takes. */
async function onVirtualTime(): Promise<{ movements: string[]; rounds: number }> {
  const kernel = new Kernel(0);
  const none = { ...busyDay, stock: { ...busyDay.stock, fillPercent: 0 } };
  const virtual = startVirtualSite({
    ...{ files: readSiteFiles('demo'), day: none, stock: [], kernel, log: silent },
    random: seededRandom(5),
  });
  const movements: string[] = [];
  virtual.store.onCommit = (commit) => void movements.push(...commit.movements.map(lineOf));
  const { plant, host } = virtual;
  // Nobody else is there: the story does what people do.
  plant.model.world.onMoved = () => {};
  const wms: LoneSite['host'] = {
    skus: async (skus) =>
      host.give('sku.put', {
        skus: skus.map((sku) => ({ sku, unit: 'PCE', strategy: 'fifo' })),
      }),
    announce: async (lpn, sku, sscc) =>
      host.give('loadUnit.announce', {
        loadUnits: [
          { lpn, loadUnitType: 'TOTE-600', lines: [{ sku, qty: 5 }], ...(sscc && { sscc }) },
        ],
      }),
    order: async (order, loadUnit) =>
      host.give('order.create', { order, kind: 'retrieval', station: 'PICK-01', loadUnit }),
  };
  const site: LoneSite = {
    warehouse: () => virtual.flow.warehouse,
    intake: () => ({
      command: (command) => virtual.flow.command(command),
      acknowledge: (id, ack) => virtual.flow.acknowledge(id, ack),
      hostChanged: (id, state) => virtual.flow.hostChanged(id, state),
      async operator(act) {
        const asked = virtual.flow.operator(act);
        kernel.watch(asked);
        await kernel.run(kernel.monotonicMs() + 100);
        return await asked;
      },
    }),
    host: wms,
    feed: (tote) => plant.feed(tote, 'IN-01' as never).done,
    contentsOf: (location) => plant.model.people.contentsOf(location),
    takeAway: (location, toteId) =>
      plant.handle((people, simMs) => people.takeAway(location, toteId, simMs)).done,
    putBack: (toteId) => plant.handle((people, simMs) => people.putBack(toteId, simMs)).done,
    async until(what, holds) {
      const untilMs = kernel.monotonicMs() + hourMs;
      // What was asked for has to be heard before its end can be seen.
      await kernel.run(kernel.monotonicMs() + 1_000);
      // To look may be to do something, which must not be done twice.
      let isMet = holds();
      const look = () => {
        isMet = holds();
        return isMet;
      };
      if (!isMet) await kernel.run(untilMs, look);
      if (!isMet) throw new Error(`not in time: ${what}`);
    },
  };
  const startMs = kernel.monotonicMs();
  let rounds = 0;
  while (kernel.monotonicMs() - startMs < hourMs) await liveOneByOne(site, rounds++);
  return { movements, rounds };
}

// One thing at a time: only then does the order of decisions not depend on how long a wire takes.
test('an hour has the same movements on sockets and on virtual time', {
  timeout: 600_000,
}, async () => {
  const { movements, rounds } = await onVirtualTime();
  expect(movements.length).toBeGreaterThan(50 * rounds);
  expect(movements).toContainEqual(expect.stringMatching(/^T-6 A01-PD-OUT > PICK-01 for SO-6$/));
  expect(await onSockets(rounds)).toEqual(movements);
});
