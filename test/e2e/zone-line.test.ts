import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSimulatedSite } from '../../simulators/site.ts';
import { plcFiles } from '../../src/cli/demo-site.ts';
import { readSiteFiles } from '../../src/cli/site-files.ts';
import type { HostId, LocationId, OrderId } from '../../src/domain/ids.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { machineRandom, seededRandom } from '../../src/machine/random.ts';
import { startCraneway } from '../../src/main.ts';
import { pause } from '../../src/ports/clock.ts';
import type { CommandName } from '../../src/ports/intake.ts';
import { silent as log } from '../lib/silent-log.ts';

const limitMs = 60_000;

/** The site file as it comes with the product, every device behind its real protocol. */
async function line() {
  const folder = mkdtempSync(join(tmpdir(), 'craneway-zones-'));
  const files = readSiteFiles('zone-line');
  const simulated = await startSimulatedSite({
    ...{ site: files.site, interfaces: plcFiles(files), clock, log, speed: 20, dataFolder: folder },
    random: seededRandom(1),
  });
  const { http, broker } = simulated.site;
  const fatal: unknown[] = [];
  const craneway = await startCraneway({
    ...{ ...files, clock, log, random: machineRandom, dataFolder: folder, simulated: true },
    site: { ...simulated.site, http: { ...http, port: 0 }, broker: { ...broker, port: 0 } },
    onFatal: (error) => fatal.push(error),
  });
  onTestFinished(async () => {
    await craneway.stop();
    await simulated.stop();
    rmSync(folder, { recursive: true });
  });
  let commands = 0;
  const command = async (name: CommandName, data: object) => {
    const reply = await craneway.flow.command({
      ...{ host: 'wms' as HostId, id: `c-${++commands}`, name, data },
      ...{ expiresAtMs: undefined, retained: false },
    });
    expect(reply.result).not.toBe('refused');
  };
  const until = async (what: string, holds: () => boolean) => {
    const startedMs = clock.monotonicMs();
    while (!holds()) {
      if (fatal.length > 0) throw fatal[0];
      if (clock.monotonicMs() - startedMs > limitMs) {
        const open = craneway.reader.discrepancies('open').map(({ text }) => text);
        throw new Error(`not in time: ${what}; ${open.join(' ')}`);
      }
      await pause(clock, 20);
    }
  };
  return { ...simulated, craneway, command, until, fatal };
}

test('a tote goes along a line of conveyor modules into the rack, and out to the people', async () => {
  const { plant, craneway, command, until, fatal } = await line();
  const placeOf = (lpn: string) =>
    plant.truth().totes.find(({ codes }) => codes.includes(lpn))?.location;
  const counters = (device: string) =>
    craneway.reader.devices().find((row) => row.device === device)?.counters;
  const lpns = ['T-1', 'T-2'];
  // A zone stops nothing before it was told to.
  for (const device of ['zones-1', 'zones-2']) {
    await until(`${device} was told to stop loads`, () => (counters(device)?.['writes'] ?? 0) > 0);
    // One request after the other: with the next reading the write has been answered.
    const reads = counters(device)?.['reads'] ?? 0;
    await until(`${device} has taken it`, () => (counters(device)?.['reads'] ?? 0) > reads + 1);
  }
  await command('loadUnit.announce', {
    loadUnits: lpns.map((lpn) => ({ lpn, loadUnitType: 'TOTE', lines: [] })),
  });
  for (const lpn of lpns) {
    await until(
      `${lpn} is on the infeed`,
      () => plant.feed({ lpn, massKg: 10, heightMm: 300 }).done,
    );
  }
  for (const lpn of lpns) {
    await until(`${lpn} is in the rack`, () => /^A01-[LR]-/.test(placeOf(lpn) ?? ''));
  }
  await command('order.create', {
    ...{ order: 'SO-1', kind: 'retrieval', station: 'OUT-01', loadUnit: 'T-1' },
  });
  await until('it is with the people', () => placeOf('T-1') === ('OUT-01' as LocationId));
  await until('the books have it there', () => {
    const unit = craneway.reader.loadUnit('T-1');
    return unit !== undefined && JSON.stringify(unit).includes('OUT-01');
  });
  expect(craneway.reader.order('SO-1' as OrderId)).toBeDefined();
  // Two totes over two zones to the crane, one over the zone behind it.
  expect(counters('zones-1')).toMatchObject({ arrivals: 4, departures: 4, gaps: 0 });
  expect(counters('zones-2')).toMatchObject({ arrivals: 1, departures: 1, gaps: 0 });
  expect(plant.truth().violations).toEqual([]);
  expect(craneway.reader.discrepancies('open')).toEqual([]);
  expect(fatal).toEqual([]);
}, 120_000);
