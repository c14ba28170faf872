import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ConveyorNetwork, type Edge, edgeKey, Routes } from '../../src/domain/conveyor-network.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import type { DecisionPoint, Site, Station } from '../../src/domain/site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { at, demoTopology } from '../lib/demo.ts';
import { loopSite, loopTopology } from '../lib/loop-site.ts';

const { network } = loopTopology;

/** The places of the cheapest way. */
function wayFrom(routes: Routes, from: LocationId, to: LocationId): string[] {
  const way: string[] = [from];
  for (let place = from; place !== to && way.length < 99; way.push(place)) {
    const [edge] = routes.to(to).exitsFrom(place);
    if (edge === undefined) return [...way, 'nowhere'];
    place = edge.to;
  }
  return way;
}

const closing = (...closed: string[]) =>
  new Routes(network, (edge) => !closed.includes(edgeKey(edge)));

describe('a way on the conveyors', () => {
  test.each([
    ['IN-01', 'A01-PD-IN', 'IN-01 LOOP-A A01-PD-IN'],
    ['IN-01', 'A02-PD-IN', 'IN-01 LOOP-A LOOP-B A02-PD-IN'],
    ['A01-PD-OUT', 'PICK-02', 'A01-PD-OUT LOOP-B LOOP-C LOOP-D PICK-02'],
    ['A02-PD-OUT', 'A01-PD-IN', 'A02-PD-OUT LOOP-C LOOP-D LOOP-A A01-PD-IN'],
    ['LOOP-B', 'REJECT-01', 'LOOP-B LOOP-C LOOP-D REJECT-01'],
  ])('from %s to %s leads through segments only', (from, to, way) => {
    expect(wayFrom(loopTopology.routes, at(from), at(to))).toEqual(way.split(' '));
  });

  test('costs what its steps cost: 1500 ms for each place where they lead, if nothing else is said', () => {
    const { routes } = loopTopology;
    expect(routes.to(at('A02-PD-IN')).costFrom(at('IN-01'))).toBe(9_000);
    expect(routes.to(at('A02-PD-IN')).costFrom(at('A02-PD-IN'))).toBe(0);
  });

  test('is none from where nothing leads there', () => {
    const { routes } = loopTopology;
    expect(routes.to(at('IN-01')).costFrom(at('LOOP-A'))).toBeUndefined();
    expect(routes.to(at('A01-PD-IN')).exitsFrom(at('A01-PD-IN'))).toEqual([]);
    expect(wayFrom(routes, at('PICK-01'), at('A01-PD-IN'))).toEqual(['PICK-01', 'nowhere']);
  });

  test('never leads through a place where people work or a crane takes over', () => {
    const through = { ...loopSite, stations: loopSite.stations.map(asWorkstation('LOOP-B')) };
    const { routes } = new Topology(through);
    expect(routes.to(at('A02-PD-IN')).costFrom(at('IN-01'))).toBeUndefined();
    expect(routes.to(at('LOOP-B')).costFrom(at('IN-01'))).toBe(6_000);
  });

  test('is another one, or none, while an exit is closed', () => {
    expect(wayFrom(closing('conveyor-1/2/1'), at('IN-01'), at('A01-PD-IN'))).toEqual([
      'IN-01',
      'nowhere',
    ]);
    const bypass = {
      ...point('conveyor-1', 2),
      exits: [...point('conveyor-1', 2).exits, shortcut],
    };
    const topology = new Topology({ ...loopSite, points: loopSite.points.map(insteadOf(bypass)) });
    const open = new Routes(topology.network);
    const closed = new Routes(topology.network, (edge) => edgeKey(edge) !== 'conveyor-1/2/3');
    expect(wayFrom(open, at('IN-01'), at('PICK-01'))).toEqual([
      'IN-01',
      'LOOP-A',
      'LOOP-C',
      'PICK-01',
    ]);
    expect(wayFrom(closed, at('IN-01'), at('PICK-01'))).toContain('LOOP-B');
  });
});

const shortcut = { exit: 3, to: at('LOOP-C'), isDefault: false, costMs: 1 };
const asWorkstation =
  (name: string) =>
  (station: Station): Station =>
    station.location === name ? { ...station, kind: 'workstation' } : station;
const point = (device: string, number: number) =>
  loopSite.points.find((p) => p.device === device && p.point === number) as DecisionPoint;
const insteadOf = (other: DecisionPoint) => (known: DecisionPoint) =>
  known.device === other.device && known.point === other.point ? other : known;

describe('what a place leads to', () => {
  test('P&D stations of every aisle that it reaches, the nearest first', () => {
    const reached = (from: string) =>
      loopTopology
        .pdsReachedFrom(at(from))
        .map(({ aisle, station, costMs }) => [aisle.aisle, station.location, costMs]);
    expect(reached('IN-01')).toEqual([
      ['A01', 'A01-PD-IN', 6_000],
      ['A02', 'A02-PD-IN', 9_000],
    ]);
    expect(reached('A01-PD-OUT').map(([aisle]) => aisle)).toEqual(['A02', 'A01']);
    expect(reached('PICK-01')).toEqual([]);
    expect(demoTopology.pdsReachedFrom(at('IN-01')).map(({ station }) => station.number)).toEqual([
      1,
    ]);
  });

  test('the nearest reject lane', () => {
    expect(loopTopology.rejectLaneFrom(at('A02-PD-OUT'))).toBe('REJECT-01');
    expect(loopTopology.rejectLaneFrom(at('PICK-01'))).toBeUndefined();
  });

  test('of the P&D stations out of an aisle, the one with the shortest way to a station', () => {
    const [first] = loopSite.aisles;
    if (first === undefined) throw new Error('no aisle');
    const far = { ...first.stations[1], location: at('A01-PD-FAR'), number: 3 } as never;
    const aisle = { ...first, stations: [far, ...first.stations] };
    expect(loopTopology.pdOutTo(aisle, at('PICK-01'))).toBe('A01-PD-OUT');
    expect(loopTopology.pdOutTo(aisle, at('IN-01'))).toBe('A01-PD-FAR');
  });
});

/** Any graph of a few segments, each with one point of up to three exits. */
const anyNetwork = fc
  .array(fc.array(fc.tuple(fc.nat(7), fc.integer({ min: 1, max: 50 })), { maxLength: 3 }), {
    minLength: 8,
    maxLength: 8,
  })
  .map((exits) => {
    const name = (i: number) => at(`S${i}`);
    const stations = exits.map(
      (_, i): Station => ({ location: name(i), kind: 'segment', capacity: 1, scanner: undefined }),
    );
    const points = exits.map((ways, i) => ({
      ...{ device: 'plc', point: i + 1, at: name(i), role: 'divert' },
      exits: ways.map(([to, costMs], j) => ({
        exit: j + 1,
        to: name(to),
        costMs,
        isDefault: j === 0,
      })),
    }));
    return new ConveyorNetwork({ ...loopSite, aisles: [], stations, points } as unknown as Site);
  });

/** Costs by trying all ways of up to eight steps, over and over: Bellman and Ford. */
function costsByTrying(edges: readonly Edge[], to: LocationId): Map<string, number> {
  const costs = new Map<string, number>([[to, 0]]);
  for (let round = 0; round < 8; round++) {
    for (const edge of edges) {
      const via = (costs.get(edge.to) ?? Number.POSITIVE_INFINITY) + edge.costMs;
      if (via < (costs.get(edge.from) ?? Number.POSITIVE_INFINITY)) costs.set(edge.from, via);
    }
  }
  return costs;
}

test('in any network the way found is the cheapest over open exits, and each step comes nearer', () => {
  fc.assert(
    fc.property(anyNetwork, fc.nat(7), fc.func(fc.boolean()), (any, last, isShut) => {
      const to = at(`S${last}`);
      const isOpen = (edge: Edge) => !isShut(edgeKey(edge));
      const table = new Routes(any, isOpen).to(to);
      const costs = costsByTrying(any.edges.filter(isOpen), to);
      for (let i = 0; i < 8; i++) {
        const place = at(`S${i}`);
        const cost = table.costFrom(place);
        expect(cost).toBe(costs.get(place));
        const [step] = table.exitsFrom(place);
        if (place === to || cost === undefined) expect(step).toBeUndefined();
        else expect((step?.costMs ?? 0) + (costs.get(step?.to ?? '') ?? 0)).toBe(cost);
      }
    }),
  );
});
