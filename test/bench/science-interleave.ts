import type { Chance } from '../../simulators/world/chance.ts';
import type { CraneRequest } from '../../src/domain/crane-command.ts';
import type { Position } from '../../src/domain/crane-kinematics.ts';
import { type Candidate, chooseMission } from '../../src/domain/sequencing.ts';
import { anyCell, type ScienceRack, scienceRack } from './science-rack.ts';
import { type ScienceRow, share, withinPoints } from './science-rows.ts';

const source = 'Graves, Hausman & Schwarz 1977';

/**
 * Storage by classes: the radii of their regions as parts of T, and the demand curve 20/p. Saved
 * against single commands with random storage, percent of travel per job.
 */
const published = [
  { name: 'random', p: 20, radii: [1], single: 0, dual: 32.5, of5: 40.6, of10: 43.1 },
  {
    name: '20/60, 2 classes',
    p: 60,
    radii: [0.407, 1],
    single: 18.2,
    dual: 42.1,
    of5: 50.1,
    of10: 52.4,
  },
  {
    name: '20/60, 3 classes',
    p: 60,
    radii: [0.234, 0.574, 1],
    single: 22.5,
    dual: 44.3,
    of5: 52.3,
    of10: 54.6,
  },
  {
    name: '20/80, 3 classes',
    p: 80,
    radii: [0.134, 0.47, 1],
    single: 43.7,
    dual: 56.8,
    of5: 64.2,
    of10: 66.1,
  },
] as const;
type Policy = (typeof published)[number];

/** A cell of the class that the next load unit is of: which one follows from the demand. */
function cellsOf(rack: ScienceRack, { p, radii }: Policy, chance: Chance): () => Position {
  const s = Math.log(p / 100) / Math.log(0.2);
  const demandTo = radii.map((radius) => radius ** ((4 * s) / (s + 1)));
  return () => {
    const demand = share(chance);
    const at = demandTo.findIndex((upTo) => demand < upTo);
    const [inner, outer] = [radii[at - 1] ?? 0, radii[at] ?? 1];
    for (;;) {
      const cell = anyCell(rack, chance);
      const radius = rack.travelMs(rack.station, cell) / rack.wholeMs;
      if (radius >= inner && radius < outer) return cell;
    }
  };
}

interface Means {
  /** Travel per job, in units of T. */
  readonly travel: number;
  /** Retrievals that came while one waited, at most. */
  readonly longest: number;
}

/** After each putaway, one of so many retrievals that wait, as Craneway chooses. @param ages  whether time passes */
function interleave(
  rack: ScienceRack,
  next: () => Position,
  { queue, cycles, ages }: { queue: number; cycles: number; ages: boolean },
): Means {
  const at = new Map<CraneRequest, Position>();
  const waiting: CraneRequest[] = [];
  let [no, nowMs, spent, longest] = [0, 0, 0, 0];
  for (let cycle = -queue * 10; cycle < cycles; cycle++) {
    while (waiting.length < queue) {
      const request = { no: ++no, priority: 5, sinceMs: nowMs } as CraneRequest;
      waiting.push(request);
      at.set(request, next());
    }
    const cell = next();
    const candidates = waiting.map((request): Candidate => {
      const emptyMs = rack.travelMs(cell, at.get(request) as Position);
      return { request, kind: 'retrieve', emptyMs };
    });
    const turn = { nowMs, isAtStation: false, missionMs: rack.wholeMs };
    const { chosen } = chooseMission(candidates, turn);
    const there = chosen && at.get(chosen);
    if (chosen === undefined || there === undefined) throw new Error('nothing was chosen');
    waiting.splice(waiting.indexOf(chosen), 1);
    at.delete(chosen);
    const { station } = rack;
    const took =
      rack.travelMs(station, cell) + rack.travelMs(cell, there) + rack.travelMs(there, station);
    if (ages) nowMs += took;
    if (cycle < 0) continue;
    spent += took;
    longest = Math.max(longest, no - chosen.no);
  }
  return { travel: spent / cycles / 2 / rack.wholeMs, longest };
}

const savedBy = (travel: number): number => (1 - travel / (4 / 3)) * 100;

/** Single and dual commands, first come first served and by the nearest of several, for random storage and classes. */
export function interleavingRows(isQuick: boolean, seed: number): ScienceRow[] {
  const cycles = isQuick ? 10_000 : 100_000;
  const rack = scienceRack();
  return published.flatMap((policy) => {
    const chance = { state: seed };
    const next = cellsOf(rack, policy, chance);
    const row = (name: string, percent: number, travel: number, bound = 1.5) =>
      withinPoints({
        ...{ source, parameter: `saved, ${policy.name}, ${name}`, published: percent },
        ...{ ours: savedBy(travel), bound },
      });
    const dual = (queue: number, ages = false) => interleave(rack, next, { queue, cycles, ages });
    const [five, ten, aged] = [dual(5), dual(10), dual(10, true)];
    return [
      row('single', policy.single, singleTravel(rack, next, cycles)),
      row('dual', policy.dual, dual(1).travel),
      row(`dual, nearest of 5, longest wait ${five.longest}`, policy.of5, five.travel),
      row(`dual, nearest of 10, longest wait ${ten.longest}`, policy.of10, ten.travel),
      // What it costs that nobody starves.
      row(
        `the same with the bound on waiting, longest ${aged.longest}`,
        policy.of10,
        aged.travel,
        8,
      ),
    ];
  });
}

function singleTravel(rack: ScienceRack, next: () => Position, cycles: number): number {
  let spent = 0;
  for (let job = 0; job < cycles; job++) spent += 2 * rack.travelMs(rack.station, next());
  return spent / cycles / rack.wholeMs;
}
