import type { Chance } from '../../simulators/world/chance.ts';
import { cycleTimesOf } from '../../src/domain/fem-9851.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { anyCell, rackOf, type ScienceRack, scienceRack } from './science-rack.ts';
import { type ScienceRow, withinPercent } from './science-rows.ts';

const source = 'Bozer & White 1984';

interface Means {
  readonly single: number;
  readonly between: number;
  readonly dual: number;
}

/** Mean times of a cycle with random cells, in milliseconds. */
function simulate(rack: ScienceRack, cycles: number, chance: Chance): Means {
  let [single, between, dual] = [0, 0, 0];
  for (let cycle = 0; cycle < cycles; cycle++) {
    const [first, second] = [anyCell(rack, chance), anyCell(rack, chance)];
    const [there, back] = [rack.travelMs(rack.station, first), rack.travelMs(second, rack.station)];
    const across = rack.travelMs(first, second);
    single += 2 * there;
    between += across;
    dual += there + across + back;
  }
  return { single: single / cycles, between: between / cycles, dual: dual / cycles };
}

/** Random storage at constant speed, for racks of four shapes, and a crane that has to accelerate. */
export function travelRows(isQuick: boolean, seed: number): ScienceRow[] {
  const cycles = isQuick ? 100_000 : 1_000_000;
  return [
    ...[0.25, 0.5, 0.75, 1].flatMap((b) => shapeRows(b, cycles, { state: seed })),
    ...accelerationRows(cycles, { state: seed }),
  ];
}

function shapeRows(b: number, cycles: number, chance: Chance): ScienceRow[] {
  const rack = scienceRack(b);
  const found = simulate(rack, cycles, chance);
  const row = (name: string, published: number, ours: number) =>
    withinPercent({
      ...{ source, parameter: `${name}/T, b = ${b}`, published },
      ...{ ours: ours / rack.wholeMs, bound: 0.5 },
    });
  return [
    row('E(SC)', 1 + b ** 2 / 3, found.single),
    row('E(TB)', 1 / 3 + b ** 2 / 6 - b ** 3 / 30, found.between),
    row('E(DC)', 4 / 3 + b ** 2 / 2 - b ** 3 / 30, found.dual),
  ];
}

/** A pallet crane in an aisle of 100 m by 30 m: what its acceleration costs, and two points that stand for all. */
function accelerationRows(cycles: number, chance: Chance): ScienceRow[] {
  const axis = (speedMmPerS: number) => ({ speedMmPerS, accelMmPerS2: 500 });
  const crane = { travel: axis(3_000), hoist: axis(1_000), transferMs: 0 };
  const face = { lengthMm: 100_000, heightMm: 30_000 };
  const found = simulate(rackOf({ ...face, columns: 400, crane }), cycles, chance);
  const [bayWidthMm, levelHeightMm] = [face.lengthMm / 100, face.heightMm / 30];
  const aisle = { bays: 100, levels: 30, bayWidthMm, levelHeightMm, stations: [] };
  const fem = cycleTimesOf({ ...aisle, kinematics: crane } as unknown as Aisle);
  const row = (by: string, name: string, published: number, oursMs: number) =>
    withinPercent({
      ...{ source: by, parameter: `${name}, 100 × 30 m, 3 and 1 m/s, 0.5 m/s², s` },
      ...{ published, ours: oursMs / 1000, bound: 0.5 },
    });
  return [
    row('exact integral', 'E(SC)', 51.1, found.single),
    row('exact integral', 'E(DC)', 70.3, found.dual),
    row('FEM 9.851', 'single', 50.2, fem.singleMs),
    row('FEM 9.851', 'dual', 71.8, fem.dualMs),
  ];
}
