import { join } from 'node:path';
import type { DeviceId } from '../../src/domain/ids.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { Flow } from '../../src/flow/flow.ts';
import { Ledger } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { machineClock as clock } from '../../src/machine/clock.ts';
import { pause } from '../../src/ports/clock.ts';
import type { ConveyorFact } from '../../src/ports/conveyor.ts';
import { benchSite } from './bench-site.ts';
import { announce, withFolder } from './controller.ts';
import { type Chapter, round } from './figures.ts';
import { watchProcess } from './machine.ts';
import { loadUnitName } from './plc-process.ts';

const points = 40;
const era = 1_700_000_000;
/** Facts that wait at a time: enough that the flow never waits for any, few enough to fit its queue. */
const aheadMax = 2_000;

/** The flow alone, given facts as fast as it takes them: no wire, every commit on the disk. */
export async function measureFloods(isQuick: boolean): Promise<Chapter> {
  const loads = isQuick ? 8_000 : 40_000;
  return await withFolder(async (folder) => {
    const { flow, ledger } = openFlow(folder);
    await announce({ flow }, 1, loads);
    await flood(flow, 1, loads / 10);
    const [commits, causes, movements] = [
      flow.counts.commits,
      flow.counts.causes,
      ledger.lastMovement(),
    ];
    const watch = watchProcess();
    const cpu = process.cpuUsage();
    const startMs = clock.monotonicMs();
    await flood(flow, loads / 10 + 1, loads - loads / 10);
    const seconds = (clock.monotonicMs() - startMs) / 1000;
    const { user, system } = process.cpuUsage(cpu);
    const figures = watch.stop('flooded');
    const moved = ledger.lastMovement() - movements;
    const committed = flow.counts.commits - commits;
    flow.stop();
    ledger.close();
    const figure = (name: string, unit: string, value: number, note?: string) => {
      return {
        name,
        unit,
        values: { value: round(value) },
        ...(note === undefined ? {} : { note }),
      };
    };
    return {
      title: 'The flow flooded with facts, without a wire',
      figures: [
        figure(
          'durable movements',
          'per s',
          moved / seconds,
          'two per load: to the point, and by its exit',
        ),
        figure('scans decided and confirmed', 'per s', moved / seconds / 2),
        figure(
          'processor time',
          'µs per scan decided and confirmed',
          (2 * (user + system)) / moved,
        ),
        figure('commits, one fsync each', 'per movement', committed / moved),
        figure('group', 'causes per commit', (flow.counts.causes - causes) / committed),
        ...figures,
      ],
    };
  });
}

function openFlow(folder: string) {
  const site = benchSite({
    conveyors: [20, 20].map((n) => ({ port: 0, points: n })),
    cranes: [],
    bays: 999,
  });
  const topology = new Topology(site);
  const ledger = new Ledger(openLedger(join(folder, 'ledger.db')), topology, {
    ...{ nonce: 1, nowMs: clock.nowMs() },
  });
  const flow = new Flow({
    ...{
      topology,
      store: ledger,
      equipment: new Equipment(),
      slotting: new Slotting(topology),
      clock,
    },
    ...{ reactions: new Map(), renderLabel: () => '', drivers: () => [] },
    log: { debug() {}, info() {}, warn() {}, error: console.error },
    onFatal: (error) => {
      console.error(error);
      process.exit(1);
    },
  });
  flow.start({
    cranes: new Map(),
    conveyors: new Map(),
    printers: new Map(),
    scanners: new Map(),
    indicators: new Map(),
  });
  return { flow, ledger };
}

/** Every load is scanned, and confirmed when the next one but a few comes. */
async function flood(flow: Flow, first: number, loads: number): Promise<void> {
  const before = flow.counts.causes;
  const facts = factsOf(first, loads);
  let reported = 0;
  while (flow.counts.causes - before < 2 * loads) {
    while (reported - (flow.counts.causes - before) < aheadMax) {
      const next = facts.next();
      if (next.done) break;
      flow.report(next.value);
      reported++;
    }
    await pause(clock, 0);
  }
}

function* factsOf(first: number, loads: number): Generator<ConveyorFact> {
  const lag = points;
  for (let i = 0; i < loads + lag; i++) {
    if (i < loads) yield scanned(first + i);
    if (i >= lag) yield confirmed(first + i - lag);
  }
}

/** Where load number `n` comes by, and as which one there. */
function placeOf(n: number) {
  const turn = (n - 1) % points;
  const device = `conveyor-${Math.floor(turn / 20) + 1}` as DeviceId;
  return { device, point: (turn % 20) + 1, era, seq: Math.floor((n - 1) / points) + 1 };
}

function scanned(n: number): ConveyorFact {
  const { seq: scanSeq, ...at } = placeOf(n);
  return {
    ...at,
    type: 'conveyor.scanned',
    scan: {
      ...{ scanSeq, read: 'good', answerState: 'waiting', code: loadUnitName(n) },
      ...{ heightMm: 300, massG: 5_000 },
    },
  };
}

function confirmed(n: number): ConveyorFact {
  const { seq, ...at } = placeOf(n);
  return {
    ...at,
    type: 'conveyor.confirmed',
    confirmation: { confirmSeq: seq, scanSeq: seq, handle: n, outcome: 'asAnswered', exitTaken: 1 },
  };
}
