import type { Chance } from '../../simulators/world/chance.ts';
import { assign } from '../../src/domain/assignment.ts';
import {
  type Block,
  betweenOf,
  chainsCost,
  costsOf,
  merge,
  nearestNeighbor,
  pairBlock,
} from '../../src/domain/pairing.ts';
import { exactCostMs } from './exact-pairing.ts';
import { anyCell, type ScienceRack, scienceRack } from './science-rack.ts';
import { atMostMs, atMostPercent, mean, type ScienceRow, withinPercent } from './science-rows.ts';

const source = 'Han et al. 1987, Lee & Schaefer 1996';

/** Mean travel per dual cycle, in units of T. */
const published = [
  {
    n: 10,
    m: 5,
    fcfs: 1.555,
    nearest: 1.481,
    // biome-ignore lint/suspicious/noApproximativeNumericConstant: a measured mean, near to log2 e by chance.
    shortest: 1.443,
    bound: 1.406,
    merged: 1.423,
    aboveBound: 1.2,
  },
  {
    n: 20,
    m: 5,
    fcfs: 1.594,
    nearest: 1.458,
    shortest: 1.435,
    bound: 1.398,
    merged: 1.418,
    aboveBound: 1.5,
  },
] as const;

/** The first in line stores where its own cycle is shortest. */
function firstCome({ cells, retrievals, ...block }: Block): number {
  const open = [...cells];
  return retrievals.reduce((sum, retrieval) => {
    const ways = open.map(
      (cell) => block.travelMs(block.start, cell) + block.travelMs(cell, retrieval),
    );
    const least = Math.min(...ways);
    open.splice(ways.indexOf(least), 1, retrieval);
    return sum + least;
  }, 0);
}

function randomBlock(rack: ScienceRack, n: number, m: number, chance: Chance): Block {
  return {
    start: rack.station,
    cells: Array.from({ length: m }, () => anyCell(rack, chance)),
    retrievals: Array.from({ length: n }, () => anyCell(rack, chance)),
    travelMs: rack.travelMs,
  };
}

/** What each rule needs for one block, in units of T for a cycle. */
function solve(rack: ScienceRack, block: Block) {
  const between = betweenOf(block);
  const costs = costsOf(block, between);
  const open = block.cells.length;
  const startNs = process.hrtime.bigint();
  const { costMs, boundMs } = pairBlock(block);
  const tookMs = Number(process.hrtime.bigint() - startNs) / 1e6;
  const backMs = block.retrievals.reduce((sum, r) => sum + rack.travelMs(r, rack.station), 0);
  const perCycle = (ms: number) => (ms + backMs) / block.retrievals.length / rack.wholeMs;
  return {
    tookMs,
    fcfs: perCycle(firstCome(block)),
    nearest: perCycle(chainsCost(costs, open, nearestNeighbor(between, open))),
    shortest: perCycle(chainsCost(costs, open, nearestNeighbor(costs, open))),
    merged: perCycle(chainsCost(costs, open, merge(costs, open, assign(costs).columns))),
    bound: perCycle(boundMs),
    ours: perCycle(costMs),
  };
}

/** Blocks of retrievals of which each may store into any free cell: Craneway's pairing beside the known rules. */
export function blockRows(isQuick: boolean, seed: number): ScienceRow[] {
  const instances = isQuick ? 200 : 2_000;
  const rack = scienceRack();
  return [
    ...published.flatMap((row) => tableRows(rack, row, instances, seed)),
    ...exactRows(rack, seed),
  ];
}

function tableRows(
  rack: ScienceRack,
  row: (typeof published)[number],
  instances: number,
  seed: number,
): ScienceRow[] {
  const { n, m } = row;
  const chance = { state: seed };
  const solved = Array.from({ length: instances }, () =>
    solve(rack, randomBlock(rack, n, m, chance)),
  );
  const means = (rule: keyof (typeof solved)[number]) => mean(solved.map((found) => found[rule]));
  const size = `n = ${n}, m = ${m}`;
  // A mean of a few hundred blocks is off by about half a percent.
  const known = (rule: 'fcfs' | 'nearest' | 'shortest' | 'bound' | 'merged', name: string) =>
    withinPercent({
      ...{ source, parameter: `${name}, ${size}`, published: row[rule] },
      ...{ ours: means(rule), bound: 1.5 },
    });
  const beside = (name: string, other: number, bound: number) =>
    atMostPercent({
      ...{ source, parameter: `pairing beside ${name}, ${size}`, published: other },
      ...{ ours: means('ours'), bound },
    });
  const took = solved.map(({ tookMs }) => tookMs).toSorted((a, b) => a - b);
  return [
    known('fcfs', 'first come, best cell'),
    known('nearest', 'nearest neighbor'),
    known('shortest', 'shortest leg'),
    known('bound', 'assignment bound'),
    known('merged', 'merged tour'),
    beside('the merged tour of the same blocks', means('merged'), 0),
    // As far above it as the merged tour is in the published table.
    beside('the bound of the same blocks', means('bound'), row.aboveBound),
    atMostMs({
      ...{ source: 'budget', parameter: `one pairing, median, ${size}` },
      ...{ ours: took[Math.floor(took.length / 2)] ?? Number.NaN, bound: 5 },
    }),
  ];
}

/** Small enough to try everything. */
function exactRows(rack: ScienceRack, seed: number): ScienceRow[] {
  const chance = { state: seed };
  const [n, m] = [5, 5];
  const blocks = Array.from({ length: 200 }, () => randomBlock(rack, n, m, chance));
  const perCycle = (costs: readonly number[]) => mean(costs) / n / rack.wholeMs;
  return [
    atMostPercent({
      ...{
        source: 'every order tried',
        parameter: `pairing beside the optimum, n = ${n}, m = ${m}`,
      },
      published: perCycle(blocks.map(exactCostMs)),
      ours: perCycle(blocks.map((block) => pairBlock(block).costMs)),
      bound: 0.5,
    }),
  ];
}
