import fc from 'fast-check';
import { expect, test } from 'vitest';
import { axisTravelMs, craneTravelMs } from '../../src/domain/crane-kinematics.ts';
import { InvariantError } from '../../src/domain/errors.ts';

// 4 m/s and 0.5 m/s²: full speed is reached after 32 m.
const axis = { speedMmPerS: 4_000, accelMmPerS2: 500 };

test.each([
  ['no travel at all', 0, 0],
  ['a triangle, 2·√(8 m / 0.5 m/s²)', 8_000, 8_000],
  ['just reaching full speed, both formulas agree', 32_000, 16_000],
  ['cruising, 64 m / 4 m/s + 8 s', 64_000, 24_000],
])('%s takes as long as worked out by hand', (_, distanceMm, expectedMs) => {
  expect(axisTravelMs(distanceMm, axis)).toBeCloseTo(expectedMs, 6);
});

test.each([
  [-1, axis],
  [Number.NaN, axis],
  [1, { ...axis, speedMmPerS: 0 }],
  [1, { ...axis, accelMmPerS2: -1 }],
])('a travel of %s mm with %j is our bug', (distanceMm, limits) => {
  expect(() => axisTravelMs(distanceMm, limits)).toThrow(InvariantError);
});

const hoist = { speedMmPerS: 1_000, accelMmPerS2: 500 };
const crane = { travel: axis, hoist };
const position = fc.record({
  xMm: fc.integer({ min: -2_000, max: 100_000 }),
  yMm: fc.integer({ min: 0, max: 20_000 }),
});

test('the slower axis decides, and the way back takes as long as the way there', () => {
  fc.assert(
    fc.property(position, position, (a, b) => {
      const travelMs = axisTravelMs(Math.abs(a.xMm - b.xMm), axis);
      const hoistMs = axisTravelMs(Math.abs(a.yMm - b.yMm), hoist);
      expect(craneTravelMs(a, b, crane)).toBe(Math.max(travelMs, hoistMs));
      expect(craneTravelMs(b, a, crane)).toBe(craneTravelMs(a, b, crane));
    }),
  );
});

test('farther never takes less time', () => {
  const mm = fc.integer({ min: 0, max: 200_000 });
  fc.assert(
    fc.property(mm, mm, (a, b) => {
      const [near, far] = [Math.min(a, b), Math.max(a, b)];
      expect(axisTravelMs(far, axis)).toBeGreaterThanOrEqual(axisTravelMs(near, axis));
    }),
  );
});
