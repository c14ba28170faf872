import { describe, expect, test } from 'vitest';
import type { LocationId } from '../../src/domain/ids.ts';
import type { AbortNext } from '../../src/domain/reactions.ts';
import type { CarryEvent } from '../../src/workflows/carry.setup.ts';
import {
  aborted,
  from,
  lhd,
  picked,
  requests,
  sent,
  seq,
  start,
  to,
  told,
} from '../lib/carry-run.ts';
import { cell } from '../lib/demo.ts';

/** Ends three missions in a row like this. */
const thrice = (
  result: string,
  more: Partial<Extract<CarryEvent, { type: 'mission.aborted' }>>,
) => {
  const w = start();
  for (let no = 1; no <= 3; no++) {
    w.send({ type: 'mission.sent', seq: no, lhd });
    w.send({ ...aborted(result, 'retry', from, 2, more), seq: no } as CarryEvent);
  }
  return w;
};

test('it is retried as often as the interface file says, and then brought out', () => {
  const w = thrice('noRead', { otherwise: 'clarify' });
  expect([requests(w).length, w.state]).toEqual([3, 'failed']);
  expect(told(w)).toEqual([{ type: 'carry.toReject', place: from, why: 'noRead' }]);
});

test('it is retried as often as the interface file says, and then the crane is stopped', () => {
  const w = thrice('stationTimeout', { otherwise: 'hold' });
  expect([requests(w).length, w.state]).toEqual([3, 'held']);
  const params = { loadUnit: 'T-1', to, why: 'stationTimeout' };
  expect(w.intents.at(-1)).toEqual({ type: 'stopCrane', params });
});

test('restarts of its controller are no tries', () => {
  const w = start();
  for (let no = 1; no <= 9; no++) {
    w.send({ type: 'mission.sent', seq: no, lhd });
    w.send({ ...aborted('restarted', 'replan', from), seq: no } as CarryEvent);
  }
  w.send({ type: 'mission.sent', seq: 10, lhd });
  w.send({ ...aborted('noRead', 'retry', from, 2), seq: 10 } as CarryEvent);
  expect(w.state).toBe('queued');
});

test.each<[string, AbortNext, LocationId]>([
  ['contour', 'rejectLane', from],
  ['overweight', 'rejectLane', lhd],
  ['noRead', 'clarify', lhd],
])('%s: the parent is told to bring it out, from where it is', (result, next, place) => {
  const w = picked().send(aborted(result, next, place));
  expect([w.state, w.asked]).toEqual(['failed', []]);
  expect(told(w)).toEqual([{ type: 'carry.toReject', place, why: result }]);
});

test('another load unit than meant was picked: nobody knows where the one that was meant is', () => {
  const w = picked().send(aborted('codeMismatch', 'clarify', lhd, 0, { isDisputed: true }));
  expect([w.state, told(w)]).toEqual(['failed', [{ type: 'carry.failed', place: undefined }]]);
});

test('a front load before its source: it waits for it to be dug out, and goes on', () => {
  const w = sent().send(aborted('frontBlocked', 'digOut', from));
  expect([w.state, told(w)]).toEqual(['paused', []]);
  expect(requests(w.advance(1_000)).at(-1)).toEqual([from, to]);
});

test('a front load before its destination: the parent names another one', () => {
  const w = picked().send(aborted('frontBlocked', 'digOut', lhd));
  expect([w.state, told(w)]).toEqual(['stranded', [{ type: 'carry.binFull', tried: to }]]);
});

describe('another destination', () => {
  const redirected = { type: 'carry.redirected', to: cell(9) } as const;

  test('before its turn: it is asked for anew', () => {
    expect(requests(start().send(redirected)).at(-1)).toEqual([from, cell(9)]);
  });

  test('on the way: the crane is told, and its word says where it ends', () => {
    const w = picked().send(redirected);
    expect(w.intents.at(-1)).toEqual({ type: 'redirectMission', params: { seq, to: cell(9) } });
    w.send({ type: 'mission.done', seq, place: to });
    expect(told(w)).toEqual([{ type: 'carry.done', place: to }]);
  });

  test('it was full before the crane had heard of the other one: the full one is named', () => {
    const w = picked().send(redirected, aborted('binFull', 'redirect', lhd));
    expect(told(w)).toEqual([{ type: 'carry.binFull', tried: to }]);
  });

  test('it never began: it goes to the other one', () => {
    const w = sent().send(redirected, { type: 'mission.notTaken', seq });
    expect(requests(w).at(-1)).toEqual([from, cell(9)]);
  });
});
