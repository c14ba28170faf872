import {
  type Axis,
  axisTravelMs,
  type CraneKinematics,
  craneTravelMs,
  type Position,
} from '../../src/domain/crane-kinematics.ts';

/** A move from rest to rest. */
export interface Move {
  readonly from: Position;
  readonly to: Position;
  /** Simulated time. */
  readonly startedAtMs: number;
}

/** Simulated time at which both axes stand. */
export const moveEndsAtMs = ({ from, to, startedAtMs }: Move, crane: CraneKinematics): number =>
  startedAtMs + craneTravelMs(from, to, crane);

/**
 * Where the crane is on its way. Each axis runs its own profile, so one may stand before the other.
 *
 * @param simMs  not before the start; after the end the crane stands at `to`
 */
export function positionDuring(move: Move, crane: CraneKinematics, simMs: number): Position {
  const elapsedMs = simMs - move.startedAtMs;
  const along = (from: number, to: number, axis: Axis) =>
    from + Math.sign(to - from) * axisTravelledMm(Math.abs(to - from), axis, elapsedMs);
  return {
    xMm: along(move.from.xMm, move.to.xMm, crane.travel),
    yMm: along(move.from.yMm, move.to.yMm, crane.hoist),
  };
}

/**
 * Way of one axis `elapsedMs` after it left, on the profile of `axisTravelMs`. With v = speed,
 * a = acceleration, d = distance, T = whole time, r = time to the peak = min(v/a, √(d/a)):
 *
 *     t < r     :  s = a·t²/2
 *     t > T − r :  s = d − a·(T − t)²/2
 *     else      :  s = a·r²/2 + a·r·(t − r)
 *
 * @returns millimeters, 0 to `distanceMm`, unrounded
 */
export function axisTravelledMm(distanceMm: number, axis: Axis, elapsedMs: number): number {
  const { speedMmPerS: v, accelMmPerS2: a } = axis;
  const wholeS = axisTravelMs(distanceMm, axis) / 1000;
  const t = elapsedMs / 1000;
  if (t >= wholeS) return distanceMm;
  const peakS = Math.min(v / a, Math.sqrt(distanceMm / a));
  if (t < peakS) return (a * t * t) / 2;
  if (t > wholeS - peakS) return distanceMm - (a * (wholeS - t) ** 2) / 2;
  return (a * peakS * peakS) / 2 + a * peakS * (t - peakS);
}
