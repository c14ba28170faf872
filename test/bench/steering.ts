import type { DeviceId, LocationId, WorkflowId } from '../../src/domain/ids.ts';
import type { PointBook } from '../../src/domain/point-books.ts';
import type { DecisionPoint, Site } from '../../src/domain/site.ts';
import { Slotting } from '../../src/domain/slotting.ts';
import { Topology } from '../../src/domain/topology.ts';
import { Warehouse } from '../../src/domain/warehouse.ts';
import { Equipment } from '../../src/flow/equipment.ts';
import { steer } from '../../src/flow/steer.ts';
import { Work } from '../../src/flow/work.ts';
import { at, id, loadUnit } from '../lib/demo.ts';
import { loopSite } from '../lib/loop-site.ts';
import { type Figure, percentiles } from './figures.ts';

const zones = 60;
const pointsPerPlc = 30;
const warmUp = 5_000;
const rounds = 20_000;
const zone = (i: number): LocationId => at(`Z-${i % zones}`);
const station = (i: number): LocationId => at(`P-${i % zones}`);
const plcOf = (i: number) => `conveyor-${1 + Math.floor(i / pointsPerPlc)}` as DeviceId;

/** One round of 60 zones, with a station beside each of them. */
function roundSite(): Site {
  const numbers = Array.from({ length: zones }, (_, i) => i);
  const stations = numbers.flatMap((i) => [
    { location: zone(i), kind: 'segment' as const, capacity: 2, scanner: undefined },
    { location: station(i), kind: 'workstation' as const, capacity: 50, scanner: undefined },
  ]);
  const points = numbers.map((i): DecisionPoint => {
    const none = { scanner: undefined, printer: undefined, labelTemplate: undefined };
    return {
      ...{ device: plcOf(i), point: (i % pointsPerPlc) + 1, at: zone(i), role: 'divert', ...none },
      exits: [
        { exit: 1, to: station(i), isDefault: false },
        { exit: 2, to: zone(i + 1), isDefault: true },
      ],
    };
  });
  return { ...loopSite, stations, points };
}

/** At every zone a load unit that is to go half round. */
function busyRound() {
  const topology = new Topology(roundSite());
  const warehouse = new Warehouse(topology);
  const equipment = new Equipment();
  for (const i of [0, pointsPerPlc]) equipment.setConveyor(plcOf(i), { offline: undefined });
  for (const [i, { device, point }] of topology.site.points.entries()) {
    const transit = { to: station(i + zones / 2), isAdmitted: true, missed: 0 };
    warehouse.tables.loadUnit.load({ ...loadUnit(`T-${i}`, zone(i)), transit });
    const load = { scanSeq: 1, workflow: 'retrieval/1' as WorkflowId, loadUnit: id(`T-${i}`) };
    const book: PointBook = { device, point, scanStored: 1, confirmStored: 0, open: [load] };
    warehouse.tables.point.load(book);
  }
  const store = { epoch: 1, nonce: 1, lastMovement: () => 0, hasCause: () => false };
  const parts = { topology, equipment, store, slotting: new Slotting(topology) };
  const work = () => new Work(warehouse, parts as unknown as Work['parts'], 0);
  return { equipment, topology, work };
}

/** What the answer to one point costs, and the first one after something has opened or closed. */
export function steeringDecisions(): Figure[] {
  const { equipment, topology, work } = busyRound();
  const timeOf = (round: number): number => {
    const i = round % zones;
    const now = work();
    const startNs = process.hrtime.bigint();
    const exit = steer(now, topology.site.points[i] as DecisionPoint, 1, id(`T-${i}`));
    const tookUs = Number(process.hrtime.bigint() - startNs) / 1000;
    if (exit !== 2) throw new Error(`zone ${i} answered exit ${exit}`);
    now.commit();
    return tookUs;
  };
  const all = Array.from({ length: warmUp + rounds }, (_, round) => timeOf(round));
  const after = Array.from({ length: 200 }, (_, round) => {
    const exitsDown = [1 + (round % 2)].filter((exit) => exit === 1);
    const points = new Map([[1, { state: 'running' as const, faultCode: 0, exitsDown }]]);
    equipment.setConveyor(plcOf(0), { points });
    return timeOf(pointsPerPlc + (round % 20));
  });
  const name = `where to at a decision point, ${zones} zones on one loop`;
  return [
    { name, unit: 'µs', values: percentiles(all.slice(warmUp)) },
    { name: `${name}, an exit has just opened or closed`, unit: 'µs', values: percentiles(after) },
  ];
}
