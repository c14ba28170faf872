import { describe, expect, test } from 'vitest';
import { demandDaysMax, demandOf, noteDemand } from '../../../src/domain/signals/demand.ts';
import {
  daysOfCover,
  reorderPoint,
  safetyStock,
  zOf,
} from '../../../src/domain/signals/formulas.ts';
import {
  changedSignals,
  type SignalSettings,
  signalBook,
} from '../../../src/domain/signals/signals.ts';
import { sku } from '../../lib/demo.ts';

const settings: SignalSettings = {
  ...{ everyS: 60, windowDays: 30, leadTimeDays: 4, leadTimeDeviationDays: 0, serviceLevel: 0.95 },
  abc: { a: 0.8, b: 0.95, hysteresis: 0.02 },
};

describe('formulas', () => {
  // Source: tables of the standard normal distribution.
  test.each([
    [0.5, 0],
    [0.9, 1.2815516],
    [0.95, 1.6448536],
    [0.975, 1.959964],
    [0.99, 2.3263479],
    [0.999, 3.0902323],
    [0.9999, 3.7190165],
  ])('the quantile of %d is %d', (share, z) => {
    expect(zOf(share)).toBeCloseTo(z, 6);
  });

  test('safety stock against variation of demand: 1.645 · √(4 · 10²) = 32.9', () => {
    const demand = { mean: 40, deviation: 10 };
    expect(safetyStock(demand, { mean: 4, deviation: 0 }, 0.95)).toBe(33);
  });

  test('and of lead time: 1.645 · √(4 · 10² + 40² · 1²) = 73.6', () => {
    const demand = { mean: 40, deviation: 10 };
    expect(safetyStock(demand, { mean: 4, deviation: 1 }, 0.95)).toBe(74);
  });

  test('reorder point: 40 a day for 4 days, and 33', () => {
    expect(reorderPoint(40, 4, 33)).toBe(193);
  });

  test('without demand nobody can say for how long it lasts', () => {
    expect([daysOfCover(10, 4), daysOfCover(10, 0)]).toEqual([2.5, undefined]);
  });
});

describe('demand, day by day', () => {
  const note = (taken: readonly [day: number, qty: number][]) =>
    taken.reduce(
      (book: ReturnType<typeof noteDemand> | undefined, [day, qty]) =>
        noteDemand(book, { sku: sku('A'), day, qty }),
      undefined,
    );

  test('whole days count, today does not; days without demand do', () => {
    // 10, 0, 20 and today's 99: mean 10, deviation √((0² + 10² + 10²) / 3).
    const book = note([
      [100, 4],
      [100, 6],
      [102, 20],
      [103, 99],
    ]);
    const demand = demandOf(book, 103, 30);
    expect(demand).toMatchObject({ days: 3, times: 3, mean: 10 });
    expect(demand.deviation).toBeCloseTo(Math.sqrt(200 / 3), 9);
  });

  test('days after the last entry are days without demand', () => {
    expect(demandOf(note([[100, 30]]), 103, 30)).toMatchObject({ days: 3, mean: 10 });
  });

  test('only the window counts', () => {
    const book = note([
      [90, 500],
      [100, 8],
      [101, 4],
    ]);
    expect(demandOf(book, 102, 2)).toMatchObject({ days: 2, mean: 6, times: 2 });
  });

  test('before the first whole day nothing is known', () => {
    expect(demandOf(note([[100, 5]]), 100, 30)).toMatchObject({ days: 0, mean: 0 });
    expect(demandOf(undefined, 100, 30)).toMatchObject({ days: 0, mean: 0 });
  });

  test('what is kept has a limit, and a clock that was set back loses nothing', () => {
    const book = note([
      [1, 1],
      [1_000, 2],
      [900, 3],
    ]);
    expect(book?.qty).toHaveLength(demandDaysMax);
    expect(book).toMatchObject({ lastDay: 1_000 });
    expect(demandOf(book, 1_001, 1)).toMatchObject({ days: 1, mean: 5 });
  });
});

describe('how a SKU stands', () => {
  const demand = { days: 30, times: 60, mean: 40, deviation: 10 };
  const book = (reachable: number, more: { reserved?: number; targets?: object } = {}) =>
    signalBook(
      sku('A'),
      {
        stock: { onHand: 500, reserved: more.reserved ?? 0, reachable },
        ...{ demand, abcClass: 'A', targets: more.targets ?? {} },
      },
      settings,
    );

  test.each<[number, string[], number | undefined]>([
    [500, ['abcClass'], undefined],
    [194, ['abcClass'], undefined],
    [193, ['abcClass', 'reorder'], 160],
    [159, ['abcClass', 'cover', 'reorder'], 194],
    [32, ['abcClass', 'cover', 'belowSafetyStock', 'reorder'], 321],
  ])('%d can be had', (reachable, active, qty) => {
    expect(book(reachable)).toMatchObject({ safetyStock: 33, reorderPoint: 193, active });
    expect(book(reachable).qty).toBe(qty);
  });

  test('what is reserved is not there any more', () => {
    expect(book(200, { reserved: 40 })).toMatchObject({ daysOfCover: 4 });
    expect(book(200, { reserved: 41 }).active).toContain('cover');
  });

  test('what the host has put goes before what is reckoned', () => {
    const targets = { safetyStock: 5, reorderPoint: 300, orderQty: 77, leadTimeDays: 2 };
    const now = book(250, { targets });
    expect(now).toMatchObject({ safetyStock: 5, reorderPoint: 300, qty: 77 });
    expect(now.basis).toMatchObject({ leadTimeDays: 2, serviceLevel: 0.95, days: 30 });
  });

  test('without demand and without targets nothing is on, even with no stock', () => {
    const none = { days: 0, times: 0, mean: 0, deviation: 0 };
    const stock = { onHand: 0, reserved: 0, reachable: 0 };
    const now = signalBook(sku('A'), { stock, demand: none, targets: {}, abcClass: 'C' }, settings);
    expect(now).toMatchObject({ active: ['abcClass'], daysOfCover: undefined });
  });

  test('a change is told once: on, off, and another class', () => {
    const [much, little] = [book(500), book(100)];
    expect(changedSignals(undefined, much)).toEqual([{ signal: 'abcClass', active: true }]);
    expect(changedSignals(much, little)).toEqual([
      { signal: 'cover', active: true },
      { signal: 'reorder', active: true },
    ]);
    expect(changedSignals(little, book(101))).toEqual([]);
    expect(changedSignals(little, { ...much, abcClass: 'B' })).toEqual([
      { signal: 'abcClass', active: true },
      { signal: 'cover', active: false },
      { signal: 'reorder', active: false },
    ]);
  });
});
