import { type CraneKinematics, craneTravelMs, type Position } from './crane-kinematics.ts';

/** The face of a rack, and where a crane takes over and hands out. */
export interface RackFace {
  readonly lengthMm: number;
  readonly heightMm: number;
  /** The station; the lower left corner of the face is 0, 0. */
  readonly station: Position;
}

/** Mean times of one crane cycle, milliseconds, without load handling. */
export interface CycleTimes {
  /** Station, cell, station. */
  readonly singleMs: number;
  /** Station, cell, another cell, station. */
  readonly dualMs: number;
}

/**
 * Travel of one cycle by two reference points, P1 (L/5, 2H/3) and P2 (2L/3, H/5): what an
 * acceptance test on site measures instead of the mean over all cells.
 *
 *     single = t(station, P1) + t(station, P2)
 *     dual   = t(station, P1) + t(P1, P2) + t(P2, station)
 *
 * Source: FEM 9.851, performance data of S/R machines, cycle times.
 */
export function referenceCycles(
  { lengthMm, heightMm, station }: RackFace,
  crane: Pick<CraneKinematics, 'travel' | 'hoist'>,
): CycleTimes {
  const first = { xMm: lengthMm / 5, yMm: (2 * heightMm) / 3 };
  const second = { xMm: (2 * lengthMm) / 3, yMm: heightMm / 5 };
  const singleMs = craneTravelMs(station, first, crane) + craneTravelMs(second, station, crane);
  return { singleMs, dualMs: singleMs + craneTravelMs(first, second, crane) };
}
