import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LocationId, Sku } from '../../../src/domain/ids.ts';
import {
  type CallBook,
  type ConsumptionPoint,
  callBook,
  changedCalls,
  leadTimeMs,
} from '../../../src/domain/signals/calls.ts';

const minuteMs = 60_000;
const startMs = 1_000_000_000;
const line: ConsumptionPoint = {
  ...{ station: 'PICK-01' as LocationId, sku: 'A' as Sku, perHour: 60, qty: 20 },
  ...{ leadTimeS: 300, leadTimeDeviationS: 60, safetyTimeS: 120 },
};
const share = 0.95;

const look = (
  [booked, coming]: readonly [number, number],
  { nowMs, before, point = line }: { nowMs: number; before?: CallBook; point?: ConsumptionPoint },
) => callBook(point, { booked, coming }, { before, nowMs, lookMs: minuteMs, share });

test('the call is the lead time of 95 of 100 orders before the due time, which is the safety time before it runs out', () => {
  // 300 s + 1.6449 · 60 s; 30 pieces last half an hour.
  expect(leadTimeMs(line, share)).toBeCloseTo(398_692, -1);
  const { dueAtMs, callAtMs, active } = look([30, 0], { nowMs: startMs });
  expect(dueAtMs).toBe(startMs + 28 * minuteMs);
  expect(callAtMs).toBe(dueAtMs - leadTimeMs(line, share));
  expect(active).toBe(false);
});

test('what is used and not booked counts, and what is coming as well', () => {
  const first = look([30, 0], { nowMs: startMs });
  const later = look([30, 0], { nowMs: startMs + 10 * minuteMs, before: first });
  expect(later.dueAtMs).toBe(first.dueAtMs);
  const more = look([30, 6], { nowMs: startMs + 10 * minuteMs, before: later });
  expect(more.dueAtMs).toBe(first.dueAtMs + 6 * minuteMs);
});

test('an empty point uses what comes to it from now on, and not from when it went empty', () => {
  const empty = look([0, 0], { nowMs: startMs });
  const nowMs = startMs + 60 * minuteMs;
  expect(look([0, 6], { nowMs, before: empty }).dueAtMs).toBe(nowMs + 4 * minuteMs);
});

test('less that is booked than at the call does not end it; more does, and too little more calls again', () => {
  const open = look([5, 0], { nowMs: startMs });
  expect(open.active).toBe(true);
  const used = look([4, 0], { nowMs: startMs, before: open });
  expect(changedCalls([open], [used])).toEqual([]);
  const little = look([4, 1], { nowMs: startMs, before: used });
  expect(changedCalls([used], [little])).toEqual([little]);
  expect(little.active).toBe(true);
  const enough = look([4, 21], { nowMs: startMs, before: little });
  expect(changedCalls([little], [enough])).toMatchObject([{ active: false }]);
});

test('a booking that shows that less was used than was reckoned with does not take a call back', () => {
  const first = look([30, 0], { nowMs: startMs });
  const nowMs = startMs + 25 * minuteMs;
  const open = look([30, 0], { nowMs, before: first });
  expect(open.active).toBe(true);
  const corrected = look([29, 0], { nowMs, before: open });
  expect(corrected.callAtMs).toBeGreaterThan(nowMs + minuteMs);
  expect(changedCalls([open], [corrected])).toEqual([]);
});

const points = fc.record({
  perHour: fc.integer({ min: 1, max: 240 }),
  qty: fc.integer({ min: 1, max: 200 }),
  leadTimeS: fc.integer({ min: 0, max: 3600 }),
  leadTimeDeviationS: fc.integer({ min: 0, max: 600 }),
  safetyTimeS: fc.integer({ min: 0, max: 1800 }),
});

test('a call is told once, at the last look from which an order still comes in time', () => {
  fc.assert(
    fc.property(points, fc.integer({ min: 1, max: 500 }), (values, spare) => {
      const point = { ...line, ...values };
      const neededMs = leadTimeMs(point, share) + point.safetyTimeS * 1000;
      const booked = Math.ceil(((neededMs + minuteMs) * point.perHour) / 3_600_000) + spare;
      const told: number[] = [];
      let before = look([booked, 0], { nowMs: startMs, point });
      expect(before.active).toBe(false);
      const { callAtMs, dueAtMs } = before;
      for (let nowMs = startMs; nowMs < dueAtMs + 5 * minuteMs; nowMs += minuteMs) {
        const now = look([booked, 0], { nowMs, before, point });
        if (changedCalls([before], [now]).length > 0) told.push(nowMs);
        before = now;
      }
      const [atMs = Number.NaN] = told;
      expect(told).toHaveLength(1);
      expect(atMs).toBeLessThanOrEqual(callAtMs);
      expect(atMs).toBeGreaterThanOrEqual(callAtMs - minuteMs);
      expect(atMs + leadTimeMs(point, share)).toBeLessThanOrEqual(dueAtMs);
    }),
    { numRuns: 60 },
  );
});

test('whatever is booked and ordered, what is told folds to how it is, and no call is told twice for one need', () => {
  const amounts = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }));
  fc.assert(
    fc.property(points, fc.array(amounts, { maxLength: 60 }), (values, history) => {
      const point = { ...line, ...values };
      let isOn = false;
      let before: CallBook | undefined;
      for (const [i, seen] of history.entries()) {
        const now = look(seen, { nowMs: startMs + i * minuteMs, point, ...(before && { before }) });
        const wasOn = isOn;
        for (const { active } of changedCalls(before && [before], [now])) {
          isOn = active;
          // Twice on for one need would be a second order for it.
          if (active && wasOn) expect(seen[0] + seen[1]).toBeGreaterThan(before?.least ?? -1);
        }
        expect(isOn).toBe(now.active);
        before = now;
      }
    }),
    { numRuns: 100 },
  );
});
