import { craneTravelMs, type Position } from './crane-kinematics.ts';
import type { Aisle } from './site.ts';

/** How long the crane of an aisle takes for one cycle, by rule; milliseconds. */
export interface CycleTimes {
  /** One putaway or one retrieval, from the P&D station and back. */
  readonly singleMs: number;
  /** A putaway, then a retrieval. */
  readonly dualMs: number;
}

/**
 * Mean cycle times of a crane from two reference points of its rack of length L and height H:
 * P1 = (L/5, 2H/3) and P2 = (2L/3, H/5). With t = travel between rest and rest, x = one transfer, in and
 * out the P&D stations:
 *
 *     single = mean of 2·t(station, point) + 2·x, over both stations and both points
 *     dual   = t(in, P1) + t(P1, P2) + t(P2, out) + t(out, in) + 4·x
 *
 * Source: FEM 9.851, which knows one station; here each transfer takes place where it really does.
 */
export function cycleTimesOf(aisle: Aisle): CycleTimes {
  const { bays, levels, bayWidthMm, levelHeightMm, kinematics, stations } = aisle;
  const [length, height] = [bays * bayWidthMm, levels * levelHeightMm];
  const first: Position = { xMm: length / 5, yMm: (2 * height) / 3 };
  const second: Position = { xMm: (2 * length) / 3, yMm: height / 5 };
  const origin: Position = { xMm: 0, yMm: 0 };
  const inbound = stations.find(({ direction }) => direction === 'in') ?? origin;
  const outbound = stations.find(({ direction }) => direction === 'out') ?? origin;
  const travel = (from: Position, to: Position) => craneTravelMs(from, to, kinematics);
  const singles = [inbound, outbound].flatMap((station) => [
    2 * travel(station, first),
    2 * travel(station, second),
  ]);
  const dual =
    travel(inbound, first) +
    travel(first, second) +
    travel(second, outbound) +
    travel(outbound, inbound);
  return {
    singleMs: singles.reduce((sum, ms) => sum + ms, 0) / singles.length + 2 * kinematics.transferMs,
    dualMs: dual + 4 * kinematics.transferMs,
  };
}
