import { expect, test } from 'vitest';
import { cycleTimesOf } from '../../src/domain/fem-9851.ts';
import type { Aisle } from '../../src/domain/site.ts';
import { demoAisle } from '../lib/demo.ts';

const axis = (speedMmPerS: number) => ({ speedMmPerS, accelMmPerS2: 500 });

/** 100 m × 30 m, the pallet crane of the literature; both P&D stations at the corner. */
const palletAisle: Aisle = {
  ...demoAisle,
  ...{ bays: 100, bayWidthMm: 1_000, levels: 15, levelHeightMm: 2_000 },
  kinematics: { travel: axis(3_000), hoist: axis(1_000), transferMs: 0 },
  stations: demoAisle.stations.map((station) => ({ ...station, xMm: 0, yMm: 0 })),
};

// By hand: t(P1) = 22.00 s by the hoist, t(P2) = 28.22 s by the travel, t(P1, P2) = 21.56 s.
test('the reference points of FEM 9.851 give 50.2 s and 71.8 s for a pallet crane of 100 m × 30 m', () => {
  const { singleMs, dualMs } = cycleTimesOf(palletAisle);
  expect(singleMs / 1000).toBeCloseTo(50.22, 2);
  expect(dualMs / 1000).toBeCloseTo(71.78, 2);
});

test('each transfer adds its time: two in a single cycle, four in a dual one', () => {
  const kinematics = { ...palletAisle.kinematics, transferMs: 5_000 };
  const [without, with5s] = [palletAisle, { ...palletAisle, kinematics }].map(cycleTimesOf);
  expect((with5s?.singleMs ?? 0) - (without?.singleMs ?? 0)).toBe(10_000);
  expect((with5s?.dualMs ?? 0) - (without?.dualMs ?? 0)).toBe(20_000);
});

test('a crane of an aisle without P&D stations is reckoned from the corner of its rack', () => {
  const aisle = { ...palletAisle, stations: [] };
  expect(cycleTimesOf(aisle)).toEqual(cycleTimesOf(palletAisle));
});
