import { readFileSync } from 'node:fs';
import { afterEach, expect, test } from 'vitest';
import { asrsCrane } from '../../devices/asrs-crane/index.ts';
import { conveyor } from '../../devices/conveyor/index.ts';
import { createPlant, type PlantOptions } from '../../simulators/plant.ts';
import { readSite } from '../../src/config/read-site.ts';
import { type LocationId, parseDeviceId } from '../../src/domain/ids.ts';
import { Topology } from '../../src/domain/topology.ts';
import type { ConveyorFact, ConveyorOutput } from '../../src/ports/conveyor.ts';
import type { CraneFact, CraneOutput } from '../../src/ports/crane.ts';
import { collector } from '../lib/collector.ts';
import { readConveyorInterface, readCraneInterface } from '../lib/interfaces.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

const site = readSite('demo.yaml', readFileSync('config/sites/demo.yaml', 'utf8'));
const topology = new Topology(site);
const [crane, line] = [readCraneInterface(), readConveyorInterface()];
const log = { debug() {}, info() {}, warn() {}, error() {} };
const random = { u32: () => 1 };
const claim = { epoch: 1, nonce: 77 };
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A simulated plant behind real sockets, and what is the same for every driver at it. */
async function plantAt(own: Partial<PlantOptions>) {
  const interfaces = { crane, conveyor: line };
  const plant = createPlant({ site, interfaces, clock, random, log, speed: 50, ...own });
  const where = await plant.start();
  endings.push(() => plant.stop());
  const at = (device: string, file: string) => {
    const { host = '', port = 0 } = where[device] ?? {};
    return { host, port, unit: 1, interface: file, deviceNumber: 1 };
  };
  const bugs: unknown[] = [];
  const common = { clock, random, log, onBug: (error: unknown) => bugs.push(error) };
  return { plant, at, bugs, common };
}

async function craneAt(own: Partial<PlantOptions>) {
  const { plant, at, bugs, common } = await plantAt(own);
  const facts = collector<CraneFact>();
  const driver = asrsCrane.open({
    ...{ ...common, id: parseDeviceId('crane-1'), file: crane, topology, report: facts.report },
    settings: at('crane-1', 'crane-block-v1'),
  });
  const output = (rest: Partial<CraneOutput> = {}): CraneOutput => ({
    ...{ claim, enable: true, eventAck: 0, seqHighest: 0, command: undefined, ...rest },
  });
  const snapshot = (because: string) =>
    facts.until((fact) => fact.type === 'crane.snapshot' && fact.because === because);
  driver.start();
  endings.push(() => driver.stop());
  return { plant, bugs, driver, facts, output, snapshot };
}

const places = { from: 'A01-L-001-01-1', to: 'A01-R-009-03-1' } as {
  readonly from: LocationId;
  readonly to: LocationId;
};
const tote = { lpn: 'T1', massKg: 9, heightMm: 200 };

test('over a real wire a mission is accepted, ends, is acknowledged, and the crane is held', async () => {
  const { plant, bugs, driver, facts, output, snapshot } = await craneAt({
    craneMemory: 'commissioned',
  });
  expect(plant.bring(tote, places.from)).toMatchObject({ done: true });
  await snapshot('connected');
  driver.drive(output({ enable: false }));
  await snapshot('claimed');
  const command = {
    seq: 1,
    command: 'transfer',
    lhd: 1,
    ...places,
    loadHandle: 5,
    massKg: 9,
  } as const;
  driver.drive(output({ seqHighest: 1, command }));
  const answer = await facts.until((fact) => fact.type === 'crane.answered');
  expect(answer).toMatchObject({ seq: 1, answer: 'accepted' });
  driver.drive(output({ seqHighest: 1 }));
  const ended = await facts.until(
    (fact) => fact.type === 'crane.event' && fact.event.type === 'ended',
  );
  expect(ended).toMatchObject({ event: { missionId: 1, result: 'done', place: places.to } });
  expect(plant.executionLog()).toHaveLength(1);
  const { eventSeq: eventAck = 0 } = ended.type === 'crane.event' ? ended.event : {};
  driver.drive(output({ seqHighest: 1, eventAck, enable: false }));
  expect(await snapshot('held')).toMatchObject({
    snapshot: { held: true, eventAcked: eventAck, lastMissionId: 1, lhds: [{ loaded: false }] },
  });
  expect(bugs).toEqual([]);
});

test('over a real wire a crane without memory is synchronized', async () => {
  const { driver, facts, output, snapshot } = await craneAt({ craneMemory: 'new' });
  expect(await snapshot('connected')).toMatchObject({ snapshot: { retentiveOk: false } });
  driver.drive(output({ enable: false }));
  await snapshot('claimed');
  const command = { seq: 1, command: 'resync', eventHead: 0 } as const;
  driver.drive(output({ enable: false, eventAck: 500, seqHighest: 1, command }));
  const changed = await facts.until(
    (fact) => fact.type === 'crane.changed' && fact.snapshot.retentiveOk,
  );
  expect(changed).toMatchObject({ snapshot: { eventHead: 500, seqAnswered: 1 } });
});

test('over a real wire a cut link is told once, and the crane comes back by itself', async () => {
  const { plant, facts, snapshot } = await craneAt({ craneMemory: 'commissioned' });
  await snapshot('connected');
  plant.fault('crane-1', 'linkCut', true);
  await facts.until((fact) => fact.type === 'crane.offline');
  plant.fault('crane-1', 'linkCut', false);
  await facts.until((fact) => fact.type === 'crane.snapshot', 1);
  expect(facts.all.map(({ type }) => type)).toEqual([
    ...['crane.snapshot', 'crane.offline', 'crane.snapshot'],
  ]);
});

test('over a real wire a scan is answered and its divert confirmed', async () => {
  const { plant, at, bugs, common } = await plantAt({});
  const facts = collector<ConveyorFact>();
  const driver = conveyor.open({
    ...{ ...common, id: parseDeviceId('conveyor-1'), file: line, report: facts.report },
    settings: at('conveyor-1', 'conveyor-point-v1'),
  });
  driver.start();
  endings.push(() => driver.stop());
  let era: number | undefined;
  const output = (scanSeq: number, confirmAck: number): ConveyorOutput => {
    const answers = scanSeq === 0 ? [] : [{ scanSeq, exit: 2, handle: 5 }];
    const points = new Map([[1, { era, answers, confirmAck, exitsClosed: [] }]]);
    return { claim, enable: true, points };
  };
  for (const because of ['connected', 'claimed']) {
    await facts.until((fact) => fact.type === 'conveyor.snapshot' && fact.because === because);
    driver.drive(output(0, 0));
  }
  expect(plant.feed(tote)).toMatchObject({ done: true });
  const scanned = await facts.until((fact) => fact.type === 'conveyor.scanned');
  expect(scanned).toMatchObject({ point: 1, scan: { scanSeq: 1, answerState: 'waiting' } });
  era = 'era' in scanned ? scanned.era : undefined;
  driver.drive(output(1, 0));
  const confirmed = await facts.until((fact) => fact.type === 'conveyor.confirmed');
  expect(confirmed).toMatchObject({
    point: 1,
    confirmation: { confirmSeq: 1, scanSeq: 1, handle: 5, outcome: 'asAnswered', exitTaken: 2 },
  });
  expect(bugs).toEqual([]);
});
