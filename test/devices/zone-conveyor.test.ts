import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { zoneFields } from '../../devices/zone-conveyor/fields.ts';
import { zoneConveyor } from '../../devices/zone-conveyor/index.ts';
import { numbersOf, releaseOf } from '../../devices/zone-conveyor/interpret.ts';
import { ModbusServer, type RegisterBank } from '../../simulators/lib/modbus-server.ts';
import { ZoneModule } from '../../simulators/zone-conveyor/model.ts';
import { ZoneRegisters } from '../../simulators/zone-conveyor/server.ts';
import { readYaml } from '../../src/config/yaml-file.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { seededRandom } from '../../src/machine/random.ts';
import type { ConveyorFact, PointOutput } from '../../src/ports/conveyor.ts';
import { silent as log } from '../lib/silent-log.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

const path = 'config/interfaces/conveylinx-zone.yaml';
const fileOf = (text: string) =>
  readYaml(path, text, InterfaceFile, (file) => interfaceProblems(file, zoneFields));
const text = readFileSync(path, 'utf8');
const claim = { epoch: 7, nonce: 99 };

/** A module behind Modbus TCP, with two of its neighbors at the same gateway. */
async function plantOf() {
  const file = fileOf(text);
  const modules = [1, 2, 3].map(() => new ZoneModule());
  const registers = modules.map((module) => new ZoneRegisters(module, file));
  const hooks = { written: () => {} };
  const hooked = ({ bank }: ZoneRegisters): RegisterBank => ({
    ...bank,
    onWrite: (address, words) => {
      bank.onWrite?.(address, words);
      hooks.written();
    },
  });
  const units = Object.fromEntries(registers.map((own, i) => [i + 1, hooked(own)]));
  const server = new ModbusServer({ units, connectionsMax: 8 });
  const port = await server.listen(0);
  onTestFinished(() => server.close());
  const [module] = modules as [ZoneModule];
  return {
    ...{ module, modules, server, port, file, hooks },
    /** Something happens to the steel of a module. */
    moved(act: (module: ZoneModule) => void, index = 0): void {
      act(modules[index] as ZoneModule);
      for (const shown of registers) shown.show();
    },
  };
}
type PlantOfModules = Awaited<ReturnType<typeof plantOf>>;

/** A driver, and a core that remembers what it was told and answers when the test says so. */
function controller({ port, file }: Pick<PlantOfModules, 'port' | 'file'>, unit = 1) {
  const facts: ConveyorFact[] = [];
  const points = new Map<number, PointOutput>(
    [1, 2].map((point) => [point, { era: 1, answers: [], confirmAck: 0, exitsClosed: [] }]),
  );
  const device = zoneConveyor.open({
    ...{ id: `zones-${unit}` as DeviceId, file, clock, log, random: seededRandom(1) },
    settings: { host: '127.0.0.1', port, unit, interface: 'conveylinx-zone', deviceNumber: 1 },
    timing: { pollZoneMs: 5, requestLimitMs: 2000, repeatMs: 20 },
    onBug: (error) => {
      throw error;
    },
    report: (fact) => {
      facts.push(fact);
      if (fact.type === 'conveyor.snapshot') device.drive({ claim, enable: true, points });
    },
  });
  device.start();
  onTestFinished(() => device.stop());
  const drive = (point: number, output: Partial<PointOutput>) => {
    points.set(point, { ...(points.get(point) as PointOutput), ...output });
    device.drive({ claim, enable: true, points });
  };
  return {
    ...{ facts, device, drive },
    /** Scans and confirmations, as `s1` and `c1`, of one point. */
    told: (point: number) =>
      facts.flatMap((fact) => {
        if (fact.type === 'conveyor.scanned' && fact.point === point) {
          return [`s${fact.scan.scanSeq} ${fact.scan.answerState}`];
        }
        if (fact.type === 'conveyor.confirmed' && fact.point === point) {
          return [`c${fact.confirmation.confirmSeq}`];
        }
        if (fact.type !== 'conveyor.gap' || fact.point !== point) return [];
        return [`gap ${fact.from}-${fact.to}`];
      }),
    release: (point: number, scanSeq: number, handle = 4711) =>
      drive(point, { answers: [{ scanSeq, exit: 1, handle }] }),
  };
}
const until = (check: () => void) => vi.waitFor(check, { interval: 2, timeout: 10_000 });

test('a load stops in the first zone, goes with its answer and its number, and is confirmed when it has left', async () => {
  const plant = await plantOf();
  const core = controller(plant);
  await until(() => expect(plant.module.zones[0].accumulate).toBe(true));
  plant.moved((module) => module.feed());
  await until(() => expect(core.told(1)).toEqual(['s1 waiting']));
  expect(plant.module.zones[0].load).toBe(0);
  core.release(1, 1, 70_000);
  await until(() => expect(core.told(1)).toEqual(['s1 waiting', 'c1']));
  await until(() => expect(core.told(2)).toEqual(['s1 waiting']));
  expect(plant.module.zones[1]).toMatchObject({ load: 70_000, accumulate: true });
  core.release(2, 1, 70_000);
  await until(() => expect(core.told(2)).toEqual(['s1 waiting', 'c1']));
  expect(plant.module.left).toEqual([70_000]);
});

test('the core is asked first, and nothing is written before it has answered', async () => {
  const plant = await plantOf();
  const facts: ConveyorFact[] = [];
  const device = zoneConveyor.open({
    ...{ id: 'zones-1' as DeviceId, file: plant.file, clock, log, random: seededRandom(1) },
    settings: { host: '127.0.0.1', port: plant.port, unit: 1, interface: 'any', deviceNumber: 1 },
    timing: { pollZoneMs: 5, requestLimitMs: 2000 },
    onBug: () => {},
    report: (fact) => facts.push(fact),
  });
  device.start();
  onTestFinished(() => device.stop());
  plant.moved((module) => module.feed());
  await until(() => expect(plant.server.counters.requests).toBeGreaterThan(5));
  expect(facts).toMatchObject([
    { type: 'conveyor.snapshot', because: 'connected', snapshot: { claim: { epoch: 0 } } },
  ]);
  expect(plant.module.zones[0]).toMatchObject({ accumulate: false, release: 0 });
});

test('a release whose answer was lost is written again with its own number, and releases one load', async () => {
  const plant = await plantOf();
  const core = controller(plant);
  await until(() => expect(plant.module.zones[1].accumulate).toBe(true));
  plant.moved((module) => module.feed());
  await until(() => expect(core.told(1)).toEqual(['s1 waiting']));
  const [zone] = plant.module.zones;
  // Done there, and its answer lost.
  plant.hooks.written = () => {
    if (zone.releaseEcho === 1) plant.server.mute(true, 'answers');
  };
  core.release(1, 1);
  await until(() => expect(zone.releaseEcho).toBe(1));
  plant.hooks.written = () => {};
  plant.server.drop();
  plant.server.mute(false);
  await until(() => expect(core.told(1)).toContain('c1'));
  plant.moved((module) => module.feed());
  await until(() => expect(core.told(1)).toContain('s2 waiting'));
  // The next load waits for its own answer, however often the last one was written.
  expect(plant.module.zones[0]).toMatchObject({ load: 0, isLeaving: false, releaseEcho: 1 });
});

test('a controller that starts again is told what waits, and releases it once', async () => {
  const plant = await plantOf();
  const first = controller(plant);
  await until(() => expect(plant.module.zones[0].accumulate).toBe(true));
  plant.moved((module) => module.feed());
  await until(() => expect(first.told(1)).toEqual(['s1 waiting']));
  plant.moved((module) => {
    module.isExitFree = false;
  });
  await first.device.stop();
  const second = controller(plant);
  await until(() => expect(second.told(1)).toEqual(['s1 waiting']));
  second.release(1, 1);
  await until(() => expect(second.told(1)).toEqual(['s1 waiting', 'c1']));
  await second.device.stop();
  // Its answer was committed, its departure was not stored: it is told again, and released no second time.
  const third = controller(plant);
  third.release(1, 1);
  await until(() => expect(third.told(1)).toEqual(['c1']));
  expect(plant.module.zones[0].releaseEcho).toBe(1);
});

test('loads that passed between two readings are told one by one, by the counts', async () => {
  const plant = await plantOf();
  const core = controller(plant);
  await until(() => expect(plant.module.zones[0].accumulate).toBe(true));
  plant.moved((module) => {
    for (let i = 0; i < 3; i++) {
      module.feed();
      module.takeOff(0);
    }
  });
  await until(() =>
    expect(core.told(1)).toEqual([
      ...['s1 defaulted', 'c1', 's2 defaulted', 'c2', 's3 defaulted', 'c3'],
    ]),
  );
});

test('a module that restarts without its memory is a gap, and its loads get numbers that were never used', async () => {
  const plant = await plantOf();
  const core = controller(plant);
  await until(() => expect(plant.module.zones[0].accumulate).toBe(true));
  for (const seq of [1, 2]) {
    plant.moved((module) => module.feed());
    await until(() => expect(core.told(1)).toContain(`s${seq} waiting`));
    core.release(1, seq);
    await until(() => expect(core.told(1)).toContain(`c${seq}`));
    core.drive(1, { confirmAck: seq });
    plant.moved((module) => module.takeOff(1));
  }
  plant.moved((module) => {
    module.feed();
    module.restart();
  });
  await until(() => expect(core.told(1)).toContain('gap 3-65536'));
  await until(() => expect(core.told(1)).toContain('s65537 waiting'));
});

test('numbers go on where the counts begin anew, and a zone that counts more than one load is a jam', () => {
  const numbers = (arrivedCount: number, departedCount: number, from: number) =>
    numbersOf({ arrivedCount, departedCount }, from);
  expect(numbers(0, 65_535, 65_535)).toMatchObject({ departed: 65_535, arrived: 65_536 });
  expect(numbers(1, 0, 65_535)).toMatchObject({ departed: 65_536, arrived: 65_537 });
  expect(numbers(9, 9, 131_081)).toMatchObject({ departed: 131_081, arrived: 131_081 });
  expect(numbers(12, 9, 9)).toMatchObject({ departed: 9, arrived: 9, mismatch: 3 });
  expect([1, 2, 65_535, 65_536, 131_070].map(releaseOf)).toEqual([1, 2, 65_535, 1, 65_535]);
});

test('several modules behind one gateway are driven over one connection, each its own loads', async () => {
  const plant = await plantOf();
  const cores = [1, 2, 3].map((unit) => controller(plant, unit));
  await until(() =>
    expect(plant.modules.map(({ zones }) => zones[0].accumulate)).toEqual([true, true, true]),
  );
  plant.moved((module) => module.feed(), 1);
  await until(() => expect(cores[1]?.told(1)).toEqual(['s1 waiting']));
  expect([cores[0]?.told(1), cores[2]?.told(1)]).toEqual([[], []]);
});

test('a base that is one register off is told once, with the register, and nothing is written', async () => {
  const plant = await plantOf();
  const core = controller({ ...plant, file: fileOf(text.replace('base: 1500', 'base: 1501')) });
  await until(() =>
    expect(core.facts).toContainEqual(
      expect.objectContaining({
        type: 'conveyor.misconfigured',
        reason: expect.stringContaining('register 1514 does not exist'),
      }),
    ),
  );
  expect(plant.module.zones[0].accumulate).toBe(false);
});

test('registers that the device forbids are never read, and a field over one is found in the file', async () => {
  const forbid = (base: number) =>
    text.replace(
      '\nblocks:',
      `\nforbidden:\n  - { base: ${base}, length: 1, doc: No. }\n\nblocks:`,
    );
  expect(() => fileOf(forbid(1508))).toThrow('upstreamLoadHandle needs registers 1508 to 1508');
  const plant = await plantOf();
  const core = controller({ ...plant, file: fileOf(forbid(1506)) });
  await until(() => expect(plant.module.zones[0].accumulate).toBe(true));
  plant.moved((module) => module.feed());
  await until(() => expect(core.told(1)).toEqual(['s1 waiting']));
});
