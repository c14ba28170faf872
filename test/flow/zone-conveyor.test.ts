import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { InterfaceFile } from '../../devices/lib/interface-file.ts';
import { interfaceProblems } from '../../devices/lib/interface-rules.ts';
import { zoneFields } from '../../devices/zone-conveyor/fields.ts';
import { zoneConveyor } from '../../devices/zone-conveyor/index.ts';
import { ModbusServer } from '../../simulators/lib/modbus-server.ts';
import { ZoneModule } from '../../simulators/zone-conveyor/model.ts';
import { ZoneRegisters } from '../../simulators/zone-conveyor/server.ts';
import { readYaml } from '../../src/config/yaml-file.ts';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { seededRandom } from '../../src/machine/random.ts';
import { demoSite } from '../lib/demo.ts';
import { ManualClock } from '../lib/manual-clock.ts';
import { silent as log } from '../lib/silent-log.ts';
import { systemClock } from '../lib/system-clock.ts';

const id = 'conveyor-1' as DeviceId;
const path = 'config/interfaces/conveylinx-zone.yaml';
const file = readYaml(path, readFileSync(path, 'utf8'), InterfaceFile, (value) =>
  interfaceProblems(value, zoneFields),
);
const divert = demoSite.points.filter(({ role }) => role === 'divert');
const points = divert.map((point) => ({ ...point, point: 1, exits: point.exits.slice(0, 1) }));
const topology = new Topology({ ...demoSite, points });

/** A controller on a ledger that outlives it, its zones behind real Modbus. */
function controllerOn(db: ReturnType<typeof openLedger>, port: number) {
  const clock = new ManualClock();
  const ledger = new Ledger(db, topology, { nonce: 5, nowMs: 0 });
  const fatal: unknown[] = [];
  const flow = new Flow({
    ...{ topology, store: ledger, clock, log, equipment: new Equipment() },
    ...{ slotting: new Slotting(topology), reactions: new Map(), drivers: () => [] },
    renderLabel: () => '',
    onFatal: (error) => fatal.push(error),
  });
  const zones = zoneConveyor.open({
    ...{ id, file, clock: systemClock, log, random: seededRandom(1) },
    settings: { host: '127.0.0.1', port, unit: 1, interface: 'conveylinx-zone', deviceNumber: 1 },
    timing: { pollZoneMs: 5, requestLimitMs: 2000, repeatMs: 20 },
    onBug: (error) => fatal.push(error),
    report: (fact) => flow.report(fact),
  });
  const none = new Map<DeviceId, never>();
  flow.start({
    cranes: none,
    conveyors: new Map([[id, zones]]),
    printers: none,
    scanners: none,
    indicators: none,
  });
  zones.start();
  const until = (check: () => void) =>
    vi.waitFor(
      () => {
        clock.advance(0);
        check();
      },
      { interval: 2, timeout: 10_000 },
    );
  const stop = async () => {
    await zones.stop();
    flow.stop();
  };
  onTestFinished(stop);
  return { clock, flow, zones, fatal, until, stop };
}

test('the flow claims a module of zones, answers for a load that nobody knows, and stores that it has left', async () => {
  expect(points).toHaveLength(1);
  const module = new ZoneModule();
  const registers = new ZoneRegisters(module, file);
  const server = new ModbusServer({ units: { 1: registers.bank } });
  const port = await server.listen(0);
  onTestFinished(() => server.close());
  const db = openLedger(':memory:');
  const first = controllerOn(db, port);
  await first.until(() => expect(module.zones[0].accumulate).toBe(true));
  module.feed();
  registers.show();
  await first.until(() => expect(first.zones.status().counters).toMatchObject({ arrivals: 1 }));
  expect(module.left).toEqual([]);
  // The crane that may have brought it is given time to say so; then it goes by the only exit there is.
  first.clock.advance(20_000);
  await first.until(() => expect(module.left).toHaveLength(1));
  await first.until(() => expect(first.zones.status().counters).toMatchObject({ departures: 1 }));
  const raised = first.flow.books.discrepancies('open').map(({ code }) => code);
  expect(raised).toContain('UNEXPECTED_LOAD');
  expect(first.fatal).toEqual([]);
  await first.stop();

  // A controller that starts again has it stored: nothing is told twice, the next load is the second one.
  const second = controllerOn(db, port);
  module.feed();
  registers.show();
  await second.until(() => expect(second.zones.status().counters).toMatchObject({ arrivals: 1 }));
  expect(second.zones.status().counters).toMatchObject({ departures: 0, gaps: 0 });
  second.clock.advance(20_000);
  await second.until(() => expect(module.left).toHaveLength(2));
  expect(module.zones[0].releaseEcho).toBe(2);
  expect(second.fatal).toEqual([]);
});
