import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CraneRequest } from '../../src/domain/crane-command.ts';
import type { DeviceId, WorkflowId } from '../../src/domain/ids.ts';
import { chooseMission } from '../../src/domain/sequencing.ts';
import { cell, id } from '../lib/demo.ts';

const minuteMs = 60_000;
const request = (no: number, more: Partial<CraneRequest> = {}): CraneRequest => ({
  workflow: `carry/${no}` as WorkflowId,
  crane: 'crane-1' as DeviceId,
  loadUnit: id(`T-${no}`),
  from: cell(no),
  to: cell(30),
  priority: 5,
  sinceMs: 0,
  no,
  ...more,
});
/** The way to bay n takes n seconds. */
const emptyMs = ({ from }: CraneRequest) => Number(from.slice(6, 9)) * 1000;
const choose = (nowMs: number, ...requests: CraneRequest[]) => {
  const { chosen, reasons } = chooseMission(requests, nowMs, emptyMs);
  return [chosen?.no, reasons[0]?.code];
};

test('nothing is chosen of nothing', () => {
  expect(choose(0)).toEqual([undefined, undefined]);
});

test('the nearest of those that are equally wanted goes first', () => {
  expect(choose(0, request(7), request(3), request(9))).toEqual([3, 'NEAREST']);
});

test('a higher priority goes before a shorter way', () => {
  expect(choose(0, request(3), request(9, { priority: 9 }))).toEqual([9, 'NEAREST']);
});

test('of two with the same priority and way, the one that came first goes first', () => {
  const same = { from: cell(4) };
  expect(choose(0, request(8, same), request(2, same))).toEqual([2, 'NEAREST']);
});

test('what is overdue goes before any priority and any way', () => {
  const overdue = request(9, { priority: 0, dueAtMs: minuteMs });
  expect(choose(minuteMs, request(1, { priority: 9 }), overdue)).toEqual([9, 'OVERDUE']);
  expect(choose(minuteMs - 1, request(1, { priority: 9 }), overdue)).toEqual([1, 'NEAREST']);
});

test('what has waited for five minutes goes before any priority and any way', () => {
  const nowMs = 5 * minuteMs;
  const young = request(1, { priority: 9, sinceMs: nowMs });
  expect(choose(nowMs, young, request(9))).toEqual([9, 'OVERDUE']);
});

const arrival = fc.record({
  gapMs: fc.integer({ min: 0, max: 2 * minuteMs }),
  priority: fc.nat(9),
  bay: fc.integer({ min: 1, max: 30 }),
  dueInMs: fc.option(fc.integer({ min: -60 * minuteMs, max: 60 * minuteMs }), { nil: undefined }),
});

test('nobody starves: who waits is overtaken by none that comes five minutes later', () => {
  fc.assert(
    fc.property(arrival, fc.array(arrival, { minLength: 1, maxLength: 30 }), (first, others) => {
      let nowMs = 0;
      const waiting = [first, ...others].map(({ gapMs, priority, bay, dueInMs }, no) => {
        nowMs += gapMs;
        const dueAtMs = dueInMs === undefined ? undefined : nowMs + dueInMs;
        return request(no, { priority, from: cell(bay), sinceMs: nowMs, dueAtMs });
      });
      const since = (no: number) => waiting.find((row) => row.no === no)?.sinceMs ?? 0;
      const { chosen } = chooseMission(waiting, nowMs, emptyMs);
      expect(since(chosen?.no ?? -1) - since(0)).toBeLessThanOrEqual(5 * minuteMs);
    }),
  );
});
