import { type Chance, draw } from '../../simulators/world/chance.ts';
import type { CraneRequest } from '../../src/domain/crane-command.ts';
import { craneTravelMs, type Position } from '../../src/domain/crane-kinematics.ts';
import { chooseDualCycle } from '../../src/domain/dual-cycle.ts';
import { type Candidate, retrievalBlock } from '../../src/domain/sequencing.ts';
import { type ScienceRack, scienceRack } from './science-rack.ts';
import { atMostPercent, atMostPoints, type ScienceRow } from './science-rows.ts';

/** A rack that is used for long: as much comes in as goes out, and a queue of retrievals always waits. */
const side = 64;
const queueLength = 20;
const source = 'steady state, physical floor';

interface Waiting {
  readonly cell: number;
  readonly sinceMs: number;
  readonly no: number;
  /** Where the run has due times. */
  readonly dueAtMs?: number | undefined;
}
/** The cell to store into, and which of the waiting to bring. */
type Rule = (store: Store, waiting: readonly Waiting[]) => readonly [cell: number, index: number];

class Store {
  readonly rack: ScienceRack = scienceRack(1, side);
  readonly positions: readonly Position[];
  readonly chance: Chance;
  readonly free: number[] = [];
  readonly stored: number[] = [];
  readonly #freeAt = new Map<number, number>();
  nowMs = 0;

  constructor(fill: number, seed: number) {
    this.chance = { state: seed };
    const cells = Array.from({ length: side * side }, (_, i) => i);
    this.positions = cells.map((i) => this.rack.at(1 + Math.floor(i / side), 1 + (i % side)));
    for (let i = cells.length - 1; i > 0; i--) {
      const other = draw(this.chance, i + 1);
      [cells[i], cells[other]] = [cells[other] as number, cells[i] as number];
    }
    const full = Math.round(cells.length * fill);
    this.stored.push(...cells.slice(0, full));
    for (const cell of cells.slice(full)) this.#freeAt.set(cell, this.free.push(cell) - 1);
  }

  at(cell: number): Position {
    return this.positions[cell] as Position;
  }

  travelMs = (from: Position, to: Position): number => this.rack.travelMs(from, to);

  /** Free cells, those next to a position first. */
  near(position: Position, count: number): number[] {
    const ways = this.free.map((cell) => this.travelMs(this.at(cell), position));
    const taken: number[] = [];
    while (taken.length < Math.min(count, this.free.length)) {
      const at = ways.indexOf(Math.min(...ways));
      ways[at] = Number.POSITIVE_INFINITY;
      taken.push(this.free[at] as number);
    }
    return taken;
  }

  /** One cycle; its time. */
  cycle(into: number, outOf: number): number {
    const slot = this.#freeAt.get(into);
    if (slot === undefined) throw new Error(`cell ${into} is not free`);
    this.#freeAt.delete(into);
    this.free[slot] = outOf;
    this.#freeAt.set(outOf, slot);
    const { station } = this.rack;
    const [to, from] = [this.at(into), this.at(outOf)];
    const took =
      this.travelMs(station, to) + this.travelMs(to, from) + this.travelMs(from, station);
    this.nowMs += took;
    return took;
  }
}

const firstComeAnywhere: Rule = (store) => [
  store.free[draw(store.chance, store.free.length)] as number,
  0,
];

const nearestNeighbor: Rule = (store, waiting) => {
  let best = { ms: Number.POSITIVE_INFINITY, cell: 0, index: 0 };
  for (const [index, { cell: retrieval }] of waiting.entries()) {
    for (const cell of store.free) {
      const ms = store.travelMs(store.at(cell), store.at(retrieval));
      if (ms < best.ms) best = { ms, cell, index };
    }
  }
  return [best.cell, best.index];
};

/** As many in time as can be: what is due first goes first, and the putaway next to it. */
const earliestDue: Rule = (store, waiting) => {
  const dueOf = ({ dueAtMs = Number.POSITIVE_INFINITY }: Waiting) => dueAtMs;
  const index = waiting.reduce(
    (best, one, i) => (dueOf(one) < dueOf(waiting[best] as Waiting) ? i : best),
    0,
  );
  const [cell] = store.near(store.at((waiting[index] as Waiting).cell), 1);
  return [cell as number, index];
};

/** What the flow does: Craneway's own rules, with the free cells that are next to each retrieval. */
const craneway: Rule = (store, waiting) => {
  const candidates = waiting.map((one, index): Candidate & { readonly index: number } => ({
    index,
    kind: 'retrieve',
    emptyMs: 0,
    request: { ...one, priority: 5 } as unknown as CraneRequest,
  }));
  const missionMs = store.rack.wholeMs;
  const turn = { nowMs: store.nowMs, isAtStation: true, missionMs };
  const block = retrievalBlock(candidates, turn) as typeof candidates;
  const retrievals = block.map(({ index }) => store.at((waiting[index] as Waiting).cell));
  const cells = [...new Set(retrievals.flatMap((position) => store.near(position, 2)))];
  const chosen = chooseDualCycle({
    start: store.rack.station,
    ...{ retrievals, cells: cells.map((cell) => store.at(cell)) },
    travelMs: (from, to) => craneTravelMs(from, to, store.rack.crane),
  });
  if (chosen === undefined) throw new Error('nothing to pair');
  return [cells[chosen.cell] as number, block[chosen.retrieval]?.index as number];
};

interface Run {
  readonly cycles: number;
  readonly seed: number;
  readonly isDue?: boolean;
}

/** Half to twice as long as the queue takes. */
const dueIn = ({ chance, rack }: Store): number => (10 + draw(chance, 30)) * (4 / 3) * rack.wholeMs;

/** @returns travel of a cycle beside going to the retrieval and back alone; the longest wait, in cycles; percent late */
function run(fill: number, rule: Rule, { cycles, seed, isDue = false }: Run) {
  const store = new Store(fill, seed);
  const waiting: Waiting[] = [];
  const wanted = new Set<number>();
  let [no, spent, floor, longest, late] = [0, 0, 0, 0, 0];
  for (let cycle = -cycles; cycle < cycles; cycle++) {
    while (waiting.length < queueLength) {
      const cell = store.stored[draw(store.chance, store.stored.length)] as number;
      if (wanted.has(cell)) continue;
      wanted.add(cell);
      const dueAtMs = isDue ? store.nowMs + dueIn(store) : undefined;
      waiting.push({ cell, sinceMs: store.nowMs, no: ++no, dueAtMs });
    }
    const [into, index] = rule(store, waiting);
    const [served] = waiting.splice(index, 1) as [Waiting];
    wanted.delete(served.cell);
    const took = store.cycle(into, served.cell);
    store.stored[store.stored.indexOf(served.cell)] = into;
    if (cycle < 0) continue;
    spent += took;
    floor += 2 * store.travelMs(store.rack.station, store.at(served.cell));
    longest = Math.max(longest, no - served.no);
    if (store.nowMs > (served.dueAtMs ?? store.nowMs)) late++;
  }
  return { ratio: spent / floor, longest, late: (late / cycles) * 100 };
}

/** Storing next to the coming retrieval, for long: travel above what the retrievals alone need, and how long they wait. */
export function steadyRows(isQuick: boolean, seed: number): ScienceRow[] {
  const cycles = isQuick ? 1_500 : 6_000;
  return [
    { fill: 0.9, goal: 1.03 },
    { fill: 0.98, goal: 1.06 },
  ].flatMap(({ fill, goal }) => {
    const found = {
      'first come, random cell': run(fill, firstComeAnywhere, { cycles, seed }),
      'nearest neighbor': run(fill, nearestNeighbor, { cycles: Math.min(cycles, 2_000), seed }),
      Craneway: run(fill, craneway, { cycles, seed }),
      'Craneway, with due times': run(fill, craneway, { cycles, seed, isDue: true }),
    };
    const inTime = run(fill, earliestDue, { cycles, seed, isDue: true });
    const rows = Object.entries(found).map(([name, { ratio, longest, late }]) => {
      const waits = name.includes('due')
        ? `${Math.round(late)} % late`
        : `longest wait ${longest} cycles`;
      const parameter = `${name}, ${fill * 100} % full, times the floor, ${waits}`;
      const [published, bound] =
        name === 'first come, random cell'
          ? [1.35, 2]
          : [goal, name.startsWith('Craneway') ? 0 : 3];
      return atMostPercent({ source, parameter, published, ours: ratio, bound });
    });
    const { late: ours } = found['Craneway, with due times'];
    const parameter = `percent late, ${fill * 100} % full, beside earliest due first`;
    return [...rows, atMostPoints({ source, parameter, published: inTime.late, ours, bound: 2 })];
  });
}
