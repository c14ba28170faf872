import { expect, test } from 'vitest';
import {
  atMostMs,
  atMostPercent,
  scienceTable,
  withinPercent,
  withinPoints,
} from './science-rows.ts';
import { travelRows } from './science-travel.ts';

const row = (published: number, ours: number, bound: number) => ({
  ...{ source: 'a', parameter: 'b', published, ours, bound },
});

test.each([
  [withinPercent(row(100, 100.4, 0.5)), true],
  [withinPercent(row(100, 100.6, 0.5)), false],
  [withinPercent(row(100, 99.4, 0.5)), false],
  [atMostPercent(row(100, 101, 1.5)), true],
  [atMostPercent(row(100, 90, 1.5)), true],
  [atMostPercent(row(100, 102, 1.5)), false],
  [withinPoints(row(30, 31.4, 1.5)), true],
  [withinPoints(row(30, 28.4, 1.5)), false],
  [atMostMs({ source: 'a', parameter: 'b', ours: 4, bound: 5 }), true],
  [atMostMs({ source: 'a', parameter: 'b', ours: 6, bound: 5 }), false],
  [withinPercent(row(100, Number.NaN, 0.5)), false],
  [withinPercent(row(0, 0, 0.5)), false],
])('a figure counts only within its bound, and what is no number never: %j', (judged, ok) => {
  expect(judged.ok).toBe(ok);
  expect(scienceTable([judged])).toContain(ok ? '\nok' : '\nNOT');
});

test('mean travel times of the simulated crane are those of Bozer and White, from one seed always the same', () => {
  const rows = travelRows(true, 7);
  expect(rows.filter(({ ok }) => !ok)).toEqual([]);
  expect(rows.map(({ parameter }) => parameter)).toContain('E(DC)/T, b = 0.25');
  expect(travelRows(true, 7)).toEqual(rows);
  expect(travelRows(true, 8)).not.toEqual(rows);
});
