import { invariant } from './errors.ts';

/** Limits of one crane axis. */
export interface Axis {
  readonly speedMmPerS: number;
  readonly accelMmPerS2: number;
}

export interface CraneKinematics {
  readonly travel: Axis;
  readonly hoist: Axis;
  /** One pick or one deposit: forks out, lift or lower, forks back. */
  readonly transferMs: number;
}

/** A point of the rack face: x along the aisle from its P&D end, y up from the lowest beam. */
export interface Position {
  readonly xMm: number;
  readonly yMm: number;
}

/**
 * Time for one axis to travel from rest to rest.
 *
 * Accelerate, cruise, brake; if the distance is too short to reach cruising
 * speed, the profile is a triangle. With v = speed, a = acceleration, d = distance:
 *
 *     d ≥ v²/a :  t = d/v + v/a
 *     d < v²/a :  t = 2·√(d/a)
 *
 * @param distanceMm  millimeters, ≥ 0; the direction does not matter
 * @param axis        both limits > 0
 * @returns           milliseconds, ≥ 0, unrounded; 0 for no travel
 */
export function axisTravelMs(distanceMm: number, axis: Axis): number {
  const { speedMmPerS: v, accelMmPerS2: a } = axis;
  invariant(distanceMm >= 0, 'distanceMm must not be negative');
  invariant(v > 0, 'speedMmPerS must be positive');
  invariant(a > 0, 'accelMmPerS2 must be positive');

  const reachesCruise = distanceMm >= (v * v) / a;
  const seconds = reachesCruise ? distanceMm / v + v / a : 2 * Math.sqrt(distanceMm / a);
  return seconds * 1000;
}

/**
 * Time for the crane to move between two points of its aisle. Travel and hoist
 * move together, so the slower axis decides (Chebyshev travel):
 *
 *     t = max(t_travel, t_hoist)
 *
 * @returns milliseconds, ≥ 0, without load handling time
 */
export function craneTravelMs(
  from: Position,
  to: Position,
  crane: { readonly travel: Axis; readonly hoist: Axis },
): number {
  return Math.max(
    axisTravelMs(Math.abs(to.xMm - from.xMm), crane.travel),
    axisTravelMs(Math.abs(to.yMm - from.yMm), crane.hoist),
  );
}
