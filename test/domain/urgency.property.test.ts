import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Order } from '../../src/domain/books.ts';
import { byUrgency, roundOver, takeTurns } from '../../src/domain/urgency.ts';
import { order } from '../lib/orders.ts';

const agingMs = 60 * 60_000;
const minute = 60_000;
const at = (no: number, acceptedAtMs: number, more: Partial<Order> = {}) =>
  order([], { no, acceptedAtMs, ...more });
const first = (orders: readonly Order[], nowMs: number) =>
  [...orders].sort(byUrgency({ nowMs, agingMs }))[0];

describe('which order goes first', () => {
  test.each<[string, Order, Order]>([
    ['the higher priority', at(2, 0, { priority: 6 }), at(1, 0, { priority: 5 })],
    ['of equal priority, what is due sooner', at(2, 0, { dueAtMs: 10 }), at(1, 0, { dueAtMs: 20 })],
    ['what is due, before what says no time', at(2, 0, { dueAtMs: 10 }), at(1, 0)],
    ['else what came first', at(1, 0), at(2, 0)],
    ['after an hour, as one priority higher', at(1, 0), at(2, agingMs - 1, { priority: 5 })],
    ['what an older version has accepted', order([], { no: 1, priority: 0 }), at(2, 20 * agingMs)],
  ])('%s', (_, winner, loser) => {
    const nowMs = 20 * agingMs;
    const soon = Math.max(winner.acceptedAtMs ?? nowMs, loser.acceptedAtMs ?? 0);
    expect(first([loser, winner], soon)).toBe(winner);
  });

  test('an order that may start late ages from then on', () => {
    const late = at(1, 0, { notBeforeMs: 5 * agingMs });
    expect(first([late, at(2, 5 * agingMs, { priority: 6 })], 5 * agingMs)?.no).toBe(2);
  });
});

test('no order starves, whatever more urgent ones come in without end', () => {
  const rival = fc.record({ priority: fc.nat(9), dueInMs: fc.option(fc.nat(agingMs)) });
  fc.assert(
    fc.property(fc.nat(9), fc.array(rival, { minLength: 1, maxLength: 5 }), (priority, rivals) => {
      const poor = at(1, 0, { priority });
      const waiting: Order[] = [poor];
      const boundMs = 9 * agingMs;
      // One order is served each minute, and one comes in.
      for (let nowMs = 0; nowMs <= boundMs + minute; nowMs += minute) {
        const no = waiting.length + nowMs;
        const { priority: high, dueInMs } = rivals[(nowMs / minute) % rivals.length] ?? {};
        const dueAtMs = dueInMs == null ? undefined : nowMs + dueInMs;
        waiting.push(at(no, nowMs, { priority: high ?? 9, dueAtMs }));
        const next = first(waiting, nowMs);
        if (next === poor) return;
        waiting.splice(waiting.indexOf(next as Order), 1);
      }
      expect.unreachable('it was not served within nine hours');
    }),
    { numRuns: 20 },
  );
});

describe('more orders wait than a pass looks at', () => {
  const waiting = (count: number) => Array.from({ length: count }, (_, i) => at(count - i, 0));

  test('every order is looked at within twice as many passes, the most urgent in each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 97 }), (count) => {
        const max = 10;
        const orders = waiting(count);
        const seen = new Set<Order>();
        let round = { afterNo: 3, left: count };
        let passes = 0;
        for (; round.left > 0; passes++) {
          const turn = takeTurns(orders, max, round);
          expect(turn.orders.length).toBeLessThanOrEqual(max);
          expect(turn.orders.slice(0, 5)).toEqual(orders.slice(0, 5));
          for (const each of turn.orders) seen.add(each);
          round = turn.round;
        }
        expect(seen.size).toBe(count);
        expect(passes).toBeLessThanOrEqual(Math.ceil((2 * count) / max));
      }),
    );
  });

  test('few orders are looked at in one pass', () => {
    const orders = waiting(10);
    expect(takeTurns(orders, 10, { afterNo: 0, left: 10 })).toEqual({ orders, round: roundOver });
  });
});
