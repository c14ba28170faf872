import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CraneRequest } from '../../src/domain/crane-command.ts';
import type { DeviceId, WorkflowId } from '../../src/domain/ids.ts';
import {
  blockMax,
  type Candidate,
  chooseMission,
  retrievalBlock,
  type Turn,
  type WorkKind,
} from '../../src/domain/sequencing.ts';
import { cell, id } from '../lib/demo.ts';

const minuteMs = 60_000;
const missionMs = 30_000;

interface Wish extends Partial<CraneRequest> {
  readonly kind?: WorkKind;
}
/** From bay `no`; the way to bay n takes n seconds. */
const wish = (no: number, { kind = 'retrieve', ...more }: Wish = {}): Candidate => {
  const request = {
    workflow: `carry/${no}` as WorkflowId,
    crane: 'crane-1' as DeviceId,
    loadUnit: id(`T-${no}`),
    from: cell(no),
    to: cell(30),
    ...{ priority: 5, sinceMs: 0, no, ...more },
  };
  return { kind, request, emptyMs: Number(request.from.slice(6, 9)) * 1000 };
};
const turn = (nowMs: number, isAtStation = false): Turn => ({ nowMs, isAtStation, missionMs });
const choose = (nowMs: number, ...candidates: Candidate[]) => chooseAt(turn(nowMs), ...candidates);
const chooseAt = (now: Turn, ...candidates: Candidate[]) => {
  const { chosen, reasons } = chooseMission(candidates, now);
  return [chosen?.no, reasons[0]?.code];
};
const store = (no: number, more: Wish = {}) => wish(no, { kind: 'store', ...more });

test('nothing is chosen of nothing', () => {
  expect(choose(0)).toEqual([undefined, undefined]);
});

test('the nearest of those that are equally wanted goes first', () => {
  expect(choose(0, wish(7), wish(3), wish(9))).toEqual([3, 'NEAREST']);
});

test('a higher priority goes before a shorter way', () => {
  expect(choose(0, wish(3), wish(9, { priority: 9 }))).toEqual([9, 'NEAREST']);
});

test('of two with the same priority and way, the one that came first goes first', () => {
  const same = { from: cell(4) };
  expect(choose(0, wish(8, same), wish(2, same))).toEqual([2, 'NEAREST']);
});

test('what would be late if it were not begun now goes before any priority and any way', () => {
  const due = wish(9, { priority: 0, dueAtMs: minuteMs + missionMs });
  expect(choose(minuteMs, wish(1, { priority: 9 }), due)).toEqual([9, 'OVERDUE']);
  expect(choose(minuteMs - 1, wish(1, { priority: 9 }), due)).toEqual([1, 'NEAREST']);
});

test('what has waited five minutes longer than the queue takes goes before any priority and any way', () => {
  const limitMs = 5 * minuteMs + 2 * missionMs;
  const young = (nowMs: number) => wish(1, { priority: 9, sinceMs: nowMs });
  expect(choose(limitMs, young(limitMs), wish(9))).toEqual([9, 'OVERDUE']);
  expect(choose(limitMs - 1, young(limitMs - 1), wish(9))).toEqual([1, 'NEAREST']);
});

test('what would be late if all that waits came before it goes by its due time, and not by the way', () => {
  // Due for beginning after 40 s and after 59 s; the three of them take 90 s.
  const sooner = wish(9, { dueAtMs: 40_000 + missionMs });
  const later = wish(5, { dueAtMs: 59_000 + missionMs });
  expect(choose(0, wish(1), later, sooner)).toEqual([9, 'PRESSING']);
  // With time for all of them, ways decide.
  const relaxed = wish(9, { dueAtMs: 91_000 + missionMs });
  expect(choose(0, wish(1), wish(5), relaxed)).toEqual([1, 'NEAREST']);
});

test('a higher priority goes before what is pressing, until that is urgent', () => {
  const pressing = wish(9, { dueAtMs: 30_000 + missionMs });
  const wanted = wish(3, { priority: 7 });
  expect(choose(0, wanted, pressing)).toEqual([3, 'NEAREST']);
  expect(choose(30_000, wanted, pressing)).toEqual([9, 'OVERDUE']);
});

test('where all due times can be kept, they are, whatever the ways', () => {
  let tight = 0;
  fc.assert(
    fc.property(
      fc.array(fc.record({ slackMs: fc.nat(minuteMs), bay: fc.integer({ min: 1, max: 30 }) }), {
        minLength: 2,
        maxLength: 12,
      }),
      (wishes) => {
        // The n-th by due time is due when n missions are done, or later: by due time all are in time.
        const left = wishes.map(({ slackMs, bay }, i) =>
          wish(i, { from: cell(bay), dueAtMs: (i + 1) * missionMs + slackMs }),
        );
        for (let nowMs = 0; left.length > 0; nowMs += missionMs) {
          const { chosen } = chooseMission(left, turn(nowMs));
          const at = left.findIndex(({ request }) => request === chosen);
          const [served] = left.splice(at, 1);
          const { dueAtMs = 0, no } = served?.request ?? { no: -1 };
          expect(nowMs + missionMs, `${no}`).toBeLessThanOrEqual(dueAtMs);
          if (nowMs + 2 * missionMs > dueAtMs) tight++;
        }
      },
    ),
  );
  // Or it would prove nothing.
  expect(tight).toBeGreaterThan(50);
});

test('what has a due time may wait until then, however long that is', () => {
  const nowMs = 60 * minuteMs;
  const later = wish(9, { dueAtMs: 2 * nowMs });
  expect(choose(nowMs, wish(1, { sinceMs: nowMs }), later)).toEqual([1, 'NEAREST']);
});

test('a crane at its station stores first, and brings something out first when it is in the rack', () => {
  const both = [store(9), wish(1)] as const;
  expect(chooseAt(turn(0, true), ...both)).toEqual([9, 'NEAREST']);
  expect(chooseAt(turn(0, false), ...both)).toEqual([1, 'NEAREST']);
});

test('where only one kind waits, a crane does that wherever it is', () => {
  expect(chooseAt(turn(0, true), wish(1))).toEqual([1, 'NEAREST']);
  expect(chooseAt(turn(0, false), store(9))).toEqual([9, 'NEAREST']);
});

test('an urgent one at the other end lets one mission along that leads there, and no other', () => {
  const nowMs = 20 * minuteMs;
  const late = { sinceMs: nowMs - 5 * minuteMs - 4 * missionMs };
  const now = { sinceMs: nowMs };
  const inside = wish(2, { kind: 'within', ...now });
  expect(chooseAt(turn(nowMs, false), store(9, late), wish(3, now), inside)).toEqual([
    3,
    'NEAREST',
  ]);
  expect(chooseAt(turn(nowMs, false), store(9, late), inside)).toEqual([9, 'OVERDUE']);
  expect(chooseAt(turn(nowMs, true), wish(3, late), store(9, now))).toEqual([9, 'NEAREST']);
});

test('once it is late by two missions nothing is taken along, whatever the crane says of its position', () => {
  const nowMs = 60 * minuteMs;
  const now = { sinceMs: nowMs };
  expect(chooseAt(turn(nowMs, false), store(9), wish(3, now))).toEqual([9, 'OVERDUE']);
  expect(chooseAt(turn(nowMs, true), wish(3), store(9, now))).toEqual([3, 'OVERDUE']);
});

test('the reasons say what was chosen, and what else waits', () => {
  const why = (...candidates: Candidate[]) =>
    chooseMission(candidates, turn(0, true)).reasons[0]?.detail;
  expect(why(store(2), store(4), wish(3))).toBe(
    'T-2 has the shortest empty way (2.0 s) of 2 that wait; 1 to bring out follow on the way back',
  );
  expect(why(wish(3, { loadUnit: undefined, kind: 'within' }), wish(5))).toBe(
    'the check of A01-L-003-01-1 has the shortest empty way (3.0 s) of 2 that wait; 1 of other kinds wait',
  );
});

const arrival = fc.record({
  gapMs: fc.integer({ min: 0, max: 2 * minuteMs }),
  priority: fc.nat(9),
  bay: fc.integer({ min: 1, max: 30 }),
  dueInMs: fc.option(fc.integer({ min: -60 * minuteMs, max: 60 * minuteMs }), { nil: undefined }),
  kind: fc.constantFrom<WorkKind>('store', 'retrieve', 'within'),
});
type Arrival = typeof arrival extends fc.Arbitrary<infer T> ? T : never;

/** Runs a crane over random arrivals until all is done; who was served when, and how many waited then. */
function serveAll(arrivals: readonly Arrival[], isLost: boolean) {
  let cameMs = 0;
  const coming = arrivals.map(({ gapMs, priority, bay, dueInMs, kind }, no) => {
    cameMs += gapMs;
    const dueAtMs = dueInMs === undefined ? undefined : cameMs + dueInMs;
    return wish(no, { priority, kind, from: cell(bay), sinceMs: cameMs, dueAtMs });
  });
  const served: { readonly candidate: Candidate; readonly startMs: number }[] = [];
  let [nowMs, isAtStation] = [0, true];
  const left = new Set(coming);
  while (left.size > 0) {
    const waiting = [...left].filter(({ request }) => request.sinceMs <= nowMs);
    const { chosen } = chooseMission(waiting, {
      nowMs,
      isAtStation: isAtStation && !isLost,
      missionMs,
    });
    const candidate = waiting.find(({ request }) => request === chosen);
    if (candidate !== undefined) {
      left.delete(candidate);
      served.push({ candidate, startMs: nowMs });
      isAtStation = candidate.kind === 'retrieve';
    }
    nowMs += candidate === undefined ? minuteMs : missionMs;
  }
  return served;
}

/** More comes than the crane can do, most of it without a due time: only then does anybody wait for long. */
const rush = fc.array(
  fc.record({
    ...{ gapMs: fc.integer({ min: 0, max: 40_000 }), priority: fc.nat(9) },
    bay: fc.integer({ min: 1, max: 30 }),
    dueInMs: fc.option(fc.integer({ min: 0, max: 30 * minuteMs }), { nil: undefined, freq: 2 }),
    kind: fc.constantFrom<WorkKind>('store', 'retrieve', 'within'),
  }),
  { minLength: 120, maxLength: 160 },
);

test('nobody starves: while it is due, or has waited for the stated time, every second mission is for what came before', () => {
  // Five minutes, and a block of missions.
  const boundMs = 5 * minuteMs + blockMax * missionMs;
  let [waitedLong, all] = [0, 0];
  fc.assert(
    fc.property(rush, fc.boolean(), (arrivals, isLost) => {
      const served = serveAll(arrivals, isLost);
      expect(served).toHaveLength(arrivals.length);
      for (const [i, { candidate, startMs }] of served.entries()) {
        const { sinceMs, dueAtMs = sinceMs + boundMs } = candidate.request;
        const dueMs = Math.max(sinceMs, dueAtMs);
        const meanwhile = served.slice(0, i).filter((other) => other.startMs > dueMs);
        const later = meanwhile.filter((other) => other.candidate.request.sinceMs > dueMs).length;
        // Where the crane does not say where it is, two are taken along for one.
        const perMission = isLost ? 2 : 1;
        expect(later).toBeLessThanOrEqual(perMission * (meanwhile.length - later) + 3);
        all++;
        if (startMs > dueMs) waitedLong++;
      }
    }),
    { numRuns: 60 },
  );
  // Or it would prove nothing.
  expect(waitedLong / all).toBeGreaterThan(0.2);
});

test('of one kind, a lower priority never goes before a higher one that waits, unless it is urgent', () => {
  fc.assert(
    fc.property(
      fc.array(arrival, { minLength: 1, maxLength: 20 }),
      fc.boolean(),
      (arrivals, at) => {
        const candidates = arrivals.map(({ priority, bay, kind }, no) =>
          wish(no, { priority, kind, from: cell(bay) }),
        );
        const { chosen } = chooseMission(candidates, turn(0, at));
        const { kind } = candidates.find(({ request }) => request === chosen) as Candidate;
        const highest = Math.max(
          ...candidates.filter((one) => one.kind === kind).map(({ request }) => request.priority),
        );
        if (kind === 'store') expect(chosen?.priority).toBe(highest);
        else expect(chosen?.priority).toBeGreaterThanOrEqual(highest);
      },
    ),
  );
});

test('a block for pairing has the retrievals of the highest priority, those due first first, and not too many', () => {
  const many = Array.from({ length: 30 }, (_, i) => wish(i + 1, { no: 30 - i }));
  const block = retrievalBlock([...many, store(1), wish(2, { kind: 'within' })], turn(0));
  expect(block.map(({ request }) => request.no)).toEqual(
    Array.from({ length: blockMax }, (_, i) => i + 1),
  );
  const due = wish(9, { priority: 7, dueAtMs: 5 * minuteMs });
  const other = wish(8, { priority: 7 });
  expect(retrievalBlock([wish(1), other, due], turn(0)).map(({ request }) => request.no)).toEqual([
    9, 8,
  ]);
  expect(retrievalBlock([store(1)], turn(0))).toEqual([]);
});

test('a pressing retrieval is paired alone; with time for all, it is one of many', () => {
  const block = (dueInMs: number) =>
    retrievalBlock([wish(1), wish(2, { dueAtMs: dueInMs + missionMs }), store(3)], turn(0)).map(
      ({ request }) => request.no,
    );
  expect(block(3 * missionMs)).toEqual([2]);
  expect(block(3 * missionMs + 1)).toEqual([2, 1]);
});

test('an urgent retrieval is paired alone: the putaway is stored next to it', () => {
  const late = wish(9, { priority: 0, dueAtMs: missionMs });
  const [only, ...others] = retrievalBlock(
    [wish(1), late, wish(3, { dueAtMs: missionMs + 1 })],
    turn(minuteMs),
  );
  expect([only?.request.no, others]).toEqual([9, []]);
});
