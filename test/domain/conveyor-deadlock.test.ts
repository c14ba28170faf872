import { describe, expect, test } from 'vitest';
import type { Loop } from '../../src/domain/conveyor-loops.ts';
import { ConveyorNetwork, Routes } from '../../src/domain/conveyor-network.ts';
import type { Site } from '../../src/domain/site.ts';
import { at } from '../lib/demo.ts';

/** `A2>B`: segment A holds two load units and leads to B. Sources begin with S, destinations with D. */
function layout(...ways: string[]) {
  const capacities = new Map<string, number>();
  const exits = new Map<string, string[]>();
  for (const way of ways) {
    const [from = '', to = ''] = way.split('>');
    const [name, capacity] = [from.slice(0, 2), Number(from.slice(2) || 1)];
    capacities.set(name, Math.max(capacity, capacities.get(name) ?? 1));
    capacities.set(to, capacities.get(to) ?? 1);
    exits.set(name, [...(exits.get(name) ?? []), to]);
  }
  const kindOf = (name: string) => (/^[SD]/.test(name) ? 'workstation' : 'segment');
  const stations = [...capacities].map(([name, capacity]) => ({
    ...{ location: at(name), kind: kindOf(name), capacity },
  }));
  const points = [...exits].map(([from, to], i) => ({
    ...{ device: 'plc', point: i + 1, at: at(from), role: 'divert' },
    exits: to.map((name, j) => ({ exit: j + 1, to: at(name), isDefault: j === 0 })),
  }));
  const network = new ConveyorNetwork({ stations, points, aisles: [] } as unknown as Site);
  return { network, routes: new Routes(network), capacities };
}
type Layout = ReturnType<typeof layout>;

/** Load units that are not over yet, with where each is and goes: in one place, the one that came first is first. */
type State = readonly (readonly [place: string, goal: string, turned: boolean])[];

interface Rule {
  /** Added to what the rule allows on a loop. */
  readonly spare: number;
  /** Other destinations that a load unit may be given under way, once. */
  readonly turnsTo?: readonly string[];
  /** Added to what the rule allows on a loop that a load unit is turned to. */
  readonly spareForTurns?: number;
}

/**
 * All that can happen next, one thing at a time: the foremost load unit of a place goes on where there is room, it
 * begins its way only under the rule of admission, and what has come to its destination is taken away at any time.
 */
function following(site: Layout, state: State, rule: Rule): State[] {
  return state.flatMap(([place, goal, turned], i): State[] => {
    const others = state.toSpliced(i, 1);
    if (place === goal) return [others];
    const turns = turnsOf(site, state, rule, i);
    if (state.findIndex(([other]) => other === place) !== i) return turns;
    const next = site.routes.to(at(goal)).exitsFrom(at(place))[0]?.to ?? '';
    const there = state.filter(([other]) => other === next).length;
    if (there >= (site.capacities.get(next) ?? 1)) return turns;
    const isOutside = place.startsWith('S');
    if (isOutside && !mayGoTo(site, others, { place, goal }, rule.spare)) return turns;
    return [...turns, [...others, [next, goal, turned]]];
  });
}

/** It leaves the promises of its old way behind, and needs one for every loop that it was not to come to. */
function turnsOf(site: Layout, state: State, rule: Rule, i: number): State[] {
  const [place, old, turned] = state[i] ?? ['', '', true];
  if (turned || place.startsWith('S')) return [];
  const counted = site.routes.to(at(old)).loopsFrom(at(place));
  return (rule.turnsTo ?? []).flatMap((goal): State[] => {
    if (goal === old || site.routes.to(at(goal)).costFrom(at(place)) === undefined) return [];
    const others = state.toSpliced(i, 1);
    const spare = rule.spareForTurns ?? 0;
    if (!mayGoTo(site, others, { place, goal, counted }, spare)) return [];
    return [state.with(i, [place, goal, true])];
  });
}

function mayGoTo(
  { routes, capacities }: Layout,
  others: State,
  way: { readonly place: string; readonly goal: string; readonly counted?: readonly Loop[] },
  spare: number,
): boolean {
  const begun = others.filter(([place]) => !place.startsWith('S'));
  const bound = begun.filter(([, goal]) => goal === way.goal).length;
  if (bound >= (capacities.get(way.goal) ?? 1)) return false;
  const promised = (loop: Loop) =>
    begun.filter(
      ([place, goal]) => place !== goal && routes.to(at(goal)).loopsFrom(at(place)).includes(loop),
    ).length;
  const loops = routes.to(at(way.goal)).loopsFrom(at(way.place));
  const isNew = (loop: Loop) => way.counted?.includes(loop) !== true;
  return loops.filter(isNew).every((loop) => promised(loop) < loop.loadsMax + spare);
}

/** A state that is not over and in which nothing can happen; undefined: there is none. */
function deadlockIn(site: Layout, start: State, rule: Rule): string | undefined {
  const seen = new Set<string>();
  const open: State[] = [start];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    const key = state.toSorted((a, b) => a[0].localeCompare(b[0])).join(' ');
    if (seen.has(key)) continue;
    seen.add(key);
    const next = following(site, state, rule);
    if (next.length === 0 && state.length > 0) return key;
    open.push(...next);
  }
  return undefined;
}

/** Every choice of destinations for load units at these sources. */
function* everyGoal(count: number, destinations: readonly string[]): Generator<string[]> {
  if (count === 0) return yield [];
  for (const rest of everyGoal(count - 1, destinations)) {
    for (const goal of destinations) yield [goal, ...rest];
  }
}

function deadlocks(
  site: Layout,
  sources: readonly string[],
  destinations: readonly string[],
  rule: Rule = { spare: 0 },
) {
  const found: string[] = [];
  for (const goals of everyGoal(sources.length, destinations)) {
    const reached = sources.every(
      (from, i) => site.routes.to(at(goals[i] ?? '')).costFrom(at(from)) !== undefined,
    );
    const start = sources.map((place, i) => [place, goals[i] ?? '', false] as const);
    const stuck = reached ? deadlockIn(site, start, rule) : undefined;
    if (stuck !== undefined) found.push(stuck);
  }
  return found;
}

const round = layout(
  'S1>L1',
  'S2>L2',
  'S3>L3',
  'L1>L2',
  'L2>L3',
  'L3>L1',
  'L1>D1',
  'L2>D2',
  'L3>D3',
);
const eight = layout(
  ...['S1>L1', 'S2>L2', 'S3>L3', 'L12>L2', 'L1>L3', 'L2>L1', 'L3>L1'],
  ...['L2>D1', 'L3>D2', 'L1>D3'],
);
const twoLoops = layout(
  ...['S1>L1', 'S2>M1', 'S3>L2', 'L1>L2', 'L2>L1', 'M1>M2', 'M2>M1'],
  ...['L2>C1', 'C1>M1', 'M2>C2', 'C2>L1', 'L1>D1', 'M1>D2', 'M2>D3'],
);
/** From the first loop a way leads to the second one, and none back. */
const oneAfterOther = layout(
  ...['S1>L1', 'S2>M1', 'L1>L2', 'L2>L1', 'L2>C1', 'C1>M1', 'M1>M2', 'M2>M1'],
  ...['L1>D1', 'M1>D2', 'M2>D3'],
);
const cases = [
  ['a round of three segments', round, ['S1', 'S2', 'S3', 'S1', 'S2'], ['D1', 'D2', 'D3']],
  ['two rounds with a common segment', eight, ['S1', 'S2', 'S3', 'S1', 'S2'], ['D1', 'D2', 'D3']],
  ['two loops that lead into each other', twoLoops, ['S1', 'S2', 'S3', 'S2'], ['D1', 'D2', 'D3']],
] as const;

const turning = [
  ['a round of three segments', round, ['S1', 'S2', 'S3', 'S1'], ['D1', 'D2', 'D3']],
  ['two loops that lead into each other', twoLoops, ['S1', 'S2', 'S3', 'S2'], ['D1', 'D2', 'D3']],
  ['a loop behind a loop', oneAfterOther, ['S1', 'S2', 'S1', 'S2'], ['D1', 'D2', 'D3']],
] as const;

describe('no load units wait for each other for ever, whatever comes first and wherever they go', () => {
  test.each(cases)('on %s', (_, site, sources, destinations) => {
    expect(deadlocks(site, sources, destinations)).toEqual([]);
  });

  test('and with one more on the round, they do', () => {
    const five = ['S1', 'S2', 'S3', 'S1', 'S2'];
    expect(deadlocks(round, five, ['D1', 'D2', 'D3'], { spare: 1 })).not.toEqual([]);
  });

  test.each(turning)(
    'nor when they get other destinations under way, on %s',
    (_, site, sources, turnsTo) => {
      expect(deadlocks(site, sources, turnsTo, { spare: 0, turnsTo })).toEqual([]);
    },
  );

  test('and turned without a place on the loop that they come to, they do', () => {
    const rule = { spare: 0, turnsTo: ['D1', 'D2', 'D3'], spareForTurns: 9 };
    expect(deadlocks(oneAfterOther, ['S1', 'S2', 'S1', 'S2'], rule.turnsTo, rule)).not.toEqual([]);
  });
});

test('a loop takes one load unit less than its shortest round holds', () => {
  const limits = (site: Layout) =>
    site.network.loops.map(({ segments, capacity, loadsMax }) => [
      segments.join(' '),
      capacity,
      loadsMax,
    ]);
  expect(limits(round)).toEqual([['L1 L2 L3', 3, 2]]);
  expect(limits(eight)).toEqual([['L1 L2 L3', 4, 2]]);
  expect(limits(layout('S1>L1', 'L1>L2', 'L2>D1'))).toEqual([]);
  expect(limits(layout('S1>L1', 'L1>L1', 'L1>D1'))).toEqual([['L1', 1, 0]]);
});
