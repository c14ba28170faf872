import { moveEndsAtMs } from '../../simulators/asrs-crane/motion.ts';
import { type Chance, draw } from '../../simulators/world/chance.ts';
import type { CraneKinematics, Position } from '../../src/domain/crane-kinematics.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { positionIn } from '../../src/domain/topology.ts';

/**
 * The rack of the literature: a face of many small cells, a crane whose axes have one speed and need
 * no time to reach it, and the station in the lower left corner. Travel is in milliseconds, and T,
 * the longer of the two ways across, is `wholeMs`.
 */
export interface ScienceRack {
  readonly bays: number;
  readonly levels: number;
  readonly station: Position;
  readonly wholeMs: number;
  readonly crane: CraneKinematics;
  at(bay: number, level: number): Position;
  /** By the motion of the simulated crane. */
  travelMs(from: Position, to: Position): number;
}

const wholeMs = 40_000;
const speedMmPerS = 1_000;
const atOnce = Number.POSITIVE_INFINITY;

/** @param b  shape factor, over 0 to 1: how long the shorter way takes, as a part of the longer one */
export function scienceRack(b = 1, columns = 400): ScienceRack {
  const lengthMm = (wholeMs / 1000) * speedMmPerS;
  const travel = { speedMmPerS, accelMmPerS2: atOnce };
  const hoist = { speedMmPerS: speedMmPerS / b, accelMmPerS2: atOnce };
  const crane = { travel, hoist, transferMs: 0 };
  return { ...rackOf({ lengthMm, heightMm: lengthMm, columns, crane }), wholeMs };
}

/** @param columns  bays, and levels as well */
export function rackOf(face: {
  lengthMm: number;
  heightMm: number;
  columns: number;
  crane: CraneKinematics;
}): ScienceRack {
  const { lengthMm, heightMm, columns, crane } = face;
  const [bayWidthMm, levelHeightMm] = [lengthMm / columns, heightMm / columns];
  const aisle = { bayWidthMm, levelHeightMm } as Aisle;
  return {
    ...{ bays: columns, levels: columns, crane, wholeMs: 0 },
    // Craneway measures heights from the lowest beam, the corner of the face lies half a level below.
    station: { xMm: 0, yMm: -levelHeightMm / 2 },
    at: (bay, level) => positionIn(aisle, bay, level),
    travelMs: (from, to) => moveEndsAtMs({ from, to, startedAtMs: 0 }, crane),
  };
}

export const anyCell = (rack: ScienceRack, chance: Chance): Position =>
  rack.at(1 + draw(chance, rack.bays), 1 + draw(chance, rack.levels));
