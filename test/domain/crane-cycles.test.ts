import { expect, test } from 'vitest';
import { referenceCycles } from '../../src/domain/crane-cycles.ts';

const axis = (speedMmPerS: number) => ({ speedMmPerS, accelMmPerS2: 500 });
const crane = { travel: axis(3_000), hoist: axis(1_000) };

// By hand: P1 (20 m, 20 m) takes 20/3 + 6 = 12.7 s along and 20/1 + 2 = 22 s up; P2 (66.7 m, 6 m)
// takes 66.7/3 + 6 = 28.2 s along and 8 s up; between them 46.7/3 + 6 = 21.6 s along and 16 s down.
test('the two reference points of FEM 9.851 give the cycle times that are worked out by hand', () => {
  const face = { lengthMm: 100_000, heightMm: 30_000, station: { xMm: 0, yMm: 0 } };
  const { singleMs, dualMs } = referenceCycles(face, crane);
  expect(singleMs).toBeCloseTo(22_000 + 28_222.2, 0);
  expect(dualMs).toBeCloseTo(22_000 + 28_222.2 + 21_555.6, 0);
});

test('a station in the middle of the aisle is nearer to both points', () => {
  const face = { lengthMm: 100_000, heightMm: 30_000, station: { xMm: 40_000, yMm: 10_000 } };
  expect(referenceCycles(face, crane).singleMs).toBeLessThan(12_667 + 12_000 + 14_889 + 1);
});
