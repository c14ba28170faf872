import { describe, expect, test } from 'vitest';
import type { LocationId, WorkflowId } from '../../src/domain/ids.ts';
import type { AbortNext } from '../../src/domain/reactions.ts';
import { type CarryEvent, carryMachine } from '../../src/workflows/carry.machine.ts';
import { at, cell, id } from '../lib/demo.ts';
import { SimWorkflow } from '../lib/sim-workflow.ts';

const [from, to, lhd] = [at('A01-PD-IN'), cell(4), at('A01-LHD')];
const seq = 7;
const start = () =>
  new SimWorkflow(carryMachine, {
    parent: 'putaway/1' as WorkflowId,
    loadUnit: id('T-1'),
    from,
    to,
    lhd,
    missionLimitMs: 120_000,
  });
const sent = () => start().send({ type: 'mission.sent', seq });
const picked = () => sent().send({ type: 'mission.picked', seq });
const aborted = (
  result: string,
  next: AbortNext,
  place: LocationId | undefined,
  retriesMax = 0,
): CarryEvent => ({ type: 'mission.aborted', seq, result, next, retriesMax, place });
/** What its parent was told. */
const told = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) => (intent.type === 'tellParent' ? [intent.params.event] : []));
const requests = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) =>
    intent.type === 'requestCrane' ? [[intent.params.from, intent.params.to]] : [],
  );

test('asks for the crane once, and tells its parent when the crane says it is done', () => {
  const w = picked().send({ type: 'mission.done', seq, place: to });
  expect(requests(w)).toEqual([[from, to]]);
  expect(told(w)).toEqual([{ type: 'carry.done', place: to }]);
  expect([w.state, w.isOver]).toEqual(['done', true]);
});

test('a mission of another number changes nothing', () => {
  const w = sent();
  const place = to;
  w.send({ type: 'mission.picked', seq: 6 }, { type: 'mission.done', seq: 6, place });
  w.send({ ...aborted('binFull', 'redirect', lhd), seq: 6 } as CarryEvent);
  w.send({ type: 'mission.rejected', seq: 6, next: 'doubt' });
  expect([w.state, w.wasExpected, told(w)]).toEqual(['underway', false, []]);
});

test('a full bin leaves the load unit on the crane until the parent names another one', () => {
  const w = picked().send(aborted('binFull', 'redirect', lhd));
  expect([w.state, told(w)]).toEqual(['stranded', [{ type: 'carry.binFull', tried: to }]]);
  w.send({ type: 'carry.redirected', to: cell(9) });
  expect(requests(w).at(-1)).toEqual([lhd, cell(9)]);
  w.send({ type: 'mission.sent', seq: 8 }, { type: 'mission.done', seq: 8, place: cell(9) });
  expect(w.state).toBe('done');
});

test('an empty bin ends it, and the parent is told that the load unit is missing', () => {
  const w = sent().send(aborted('binEmpty', 'reallocate', undefined));
  expect([w.state, told(w)]).toEqual(['failed', [{ type: 'carry.missing' }]]);
});

test('a rejection that passes is tried again after a second, as a new mission', () => {
  const w = sent().send({ type: 'mission.rejected', seq, next: 'wait' }).advance(999);
  expect([w.state, requests(w).length]).toEqual(['paused', 1]);
  expect([w.advance(1).state, requests(w).length]).toEqual(['queued', 2]);
});

test.each(['replan', 'doubt', 'hold'] as const)('a rejection with %s asks a person', (next) => {
  const w = sent().send({ type: 'mission.rejected', seq, next }).advance(10_000_000);
  expect([w.state, w.asked, requests(w).length]).toEqual(['needsOperator', ['PLACE_UNKNOWN'], 1]);
});

test('what never began begins again from where the load unit is', () => {
  expect(requests(sent().send({ type: 'mission.notTaken', seq }))).toEqual([
    [from, to],
    [from, to],
  ]);
});

test('after a restart of the controller it goes on from the crane', () => {
  const w = picked().send(aborted('restarted', 'replan', lhd));
  expect(requests(w).at(-1)).toEqual([lhd, to]);
});

test('it is retried as often as the interface file says, and then a person is asked', () => {
  const w = start();
  for (let no = 1; no <= 3; no++) {
    w.send({ type: 'mission.sent', seq: no });
    w.send({ ...aborted('noRead', 'retry', from, 2), seq: no } as CarryEvent);
  }
  expect([requests(w).length, w.state, w.asked]).toEqual([3, 'needsOperator', ['PLACE_UNKNOWN']]);
});

test('it is late once, and still believes the crane', () => {
  const w = sent().advance(119_999);
  expect(w.asked).toEqual([]);
  expect(w.advance(1).asked).toEqual(['MISSION_LATE']);
  expect(w.advance(10_000_000).asked).toEqual(['MISSION_LATE']);
  w.send({ type: 'mission.done', seq, place: to });
  expect([w.state, w.asked]).toEqual(['done', []]);
});

describe('nobody knows where it is', () => {
  test.each<[string, CarryEvent]>([
    ['done, but not where', { type: 'mission.done', seq, place: undefined }],
    ['canceled, but not where', { type: 'mission.canceled', seq, place: undefined }],
    ['full, but not where the load is', aborted('binFull', 'redirect', undefined)],
    ['restarted, but not where the load is', aborted('restarted', 'replan', undefined)],
    ['the code is another one', aborted('codeMismatch', 'clarify', from)],
    ['a front load in the way', aborted('frontBlocked', 'digOut', lhd)],
  ])('%s: a person is asked, nothing is sent', (_, event) => {
    const w = picked().send(event).advance(10_000_000);
    expect([w.state, w.asked, told(w)]).toEqual(['needsOperator', ['PLACE_UNKNOWN'], []]);
    expect(requests(w)).toHaveLength(1);
  });

  test.each(['hold', 'reenter'] as const)(
    '%s stops the crane, whose question is asked for it',
    (next) => {
      const w = picked()
        .send(aborted('loadLost', next, undefined))
        .advance(10_000_000);
      expect([w.state, w.asked, told(w), requests(w).length]).toEqual(['held', [], [], 1]);
      w.send({ type: 'operator.placed', place: lhd });
      expect([w.state, requests(w).at(-1)]).toEqual(['queued', [lhd, to]]);
    },
  );

  test.each<[string, LocationId, unknown, unknown]>([
    ['where it was to go', to, 'done', { type: 'carry.done' }],
    ['elsewhere', cell(20), 'failed', { type: 'carry.failed', place: cell(20) }],
  ])('the person says %s', (_, place, state, event) => {
    const w = picked().send(aborted('codeMismatch', 'clarify', undefined));
    w.send({ type: 'operator.placed', place });
    expect([w.state, w.asked, told(w)]).toEqual([state, [], [event]]);
  });

  test('the person says it is still on the crane: it goes on from there', () => {
    const w = picked().send(aborted('noRead', 'clarify', lhd));
    w.send({ type: 'operator.placed', place: lhd });
    expect([w.state, w.asked, requests(w).at(-1)]).toEqual(['queued', [], [lhd, to]]);
  });

  test('a mission in doubt is settled by a person while it is under way', () => {
    const w = picked().send({ type: 'operator.placed', place: to });
    expect([w.state, told(w)]).toEqual(['done', [{ type: 'carry.done' }]]);
  });

  test('a person moves it while it waits for the crane: it is fetched where it is now', () => {
    const w = start().send({ type: 'operator.placed', place: lhd });
    expect([w.state, requests(w).at(-1)]).toEqual(['queued', [lhd, to]]);
  });
});

describe('cancel', () => {
  const cancel = { type: 'carry.cancel' } as const;
  const canceled = (place: LocationId) => [{ type: 'carry.canceled', place }];

  test('before its turn: the request is dropped and nothing has moved', () => {
    const w = start().send(cancel);
    expect([w.state, told(w), w.types]).toEqual([
      'canceled',
      canceled(from),
      ['requestCrane', 'dropRequest', 'tellParent'],
    ]);
  });

  test('during: the crane is asked, and only its word counts', () => {
    const w = picked().send(cancel);
    expect([w.state, told(w)]).toEqual(['underway', []]);
    expect(w.intents.at(-1)).toEqual({ type: 'cancelMission', params: { seq } });
    w.send({ type: 'mission.canceled', seq, place: lhd });
    expect([w.state, told(w)]).toEqual(['canceled', canceled(lhd)]);
  });

  test('too late: it is done', () => {
    const w = picked().send(cancel, { type: 'mission.done', seq, place: to });
    expect(told(w)).toEqual([{ type: 'carry.done', place: to }]);
  });

  test.each<[string, CarryEvent, LocationId]>([
    ['it was refused', { type: 'mission.rejected', seq, next: 'wait' }, from],
    ['it never began', { type: 'mission.notTaken', seq }, from],
    ['the controller restarted', aborted('restarted', 'replan', lhd), lhd],
    ['the bin was full', aborted('binFull', 'redirect', lhd), lhd],
  ])('meanwhile %s: it does not begin anew', (_, event, place) => {
    const w = sent().send(cancel, event).advance(1_000);
    expect([w.state, told(w), requests(w).length]).toEqual(['canceled', canceled(place), 1]);
  });

  test.each<[string, CarryEvent, LocationId]>([
    ['while it pauses', { type: 'mission.rejected', seq, next: 'wait' }, from],
    ['while it stands on the crane before a full bin', aborted('binFull', 'redirect', lhd), lhd],
  ])('%s', (_, event, place) => {
    const w = sent().send(event, cancel);
    expect([w.state, told(w).at(-1)]).toEqual(['canceled', canceled(place)[0]]);
  });

  test.each(['hold', 'clarify'] as const)(
    'while a person is asked (%s): it is called back from where that person says',
    (next) => {
      const w = picked().send(aborted('loadShifted', next, lhd), cancel);
      w.send({ type: 'operator.placed', place: lhd });
      expect([w.state, told(w)]).toEqual(['canceled', canceled(lhd)]);
    },
  );

  test('nobody asked for it: the crane was stopped in doubt, and it goes on from where it is', () => {
    const w = picked().send({ type: 'mission.canceled', seq, place: lhd });
    expect([w.state, requests(w).at(-1), told(w)]).toEqual(['queued', [lhd, to], []]);
  });
});
