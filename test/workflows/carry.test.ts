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
  w.send({ type: 'mission.sent', seq: 8, lhd }, { type: 'mission.done', seq: 8, place: cell(9) });
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

test('a crane that has to reference its axes first is asked again like one that passes', () => {
  const w = sent().send({ type: 'mission.rejected', seq, next: 'home' }).advance(1_000);
  expect([w.state, requests(w).length]).toEqual(['queued', 2]);
});

test('a cell that the crane does not take it to: the parent names another one, from where it is', () => {
  const w = sent().send({ type: 'mission.rejected', seq, next: 'replan' });
  expect([w.state, told(w)]).toEqual([
    'stranded',
    [{ type: 'carry.unfit', tried: to, place: from }],
  ]);
  w.send({ type: 'carry.redirected', to: cell(9) });
  expect(requests(w).at(-1)).toEqual([from, cell(9)]);
});

test.each(['replan', 'doubt', 'hold'] as const)('a rejection with %s asks a person', (next) => {
  const w = sent({ canChoose: false })
    .send({ type: 'mission.rejected', seq, next })
    .advance(10_000_000);
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
    ['no code, but not where the load is', aborted('noRead', 'clarify', undefined)],
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
    const w = picked().send(aborted('noRead', 'clarify', undefined));
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
      ['requestCrane', 'dropRequest', 'tellParent', 'settleTask'],
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

  test.each<[AbortNext, LocationId | undefined]>([
    ['hold', lhd],
    ['clarify', undefined],
  ])(
    'while a person is asked (%s): it is called back from where that person says',
    (next, place) => {
      const w = picked().send(aborted('loadShifted', next, place), cancel);
      w.send({ type: 'operator.placed', place: lhd });
      expect([w.state, told(w)]).toEqual(['canceled', canceled(lhd)]);
    },
  );

  test('nobody asked for it: the crane was stopped in doubt, and it goes on from where it is', () => {
    const w = picked().send({ type: 'mission.canceled', seq, place: lhd });
    expect([w.state, requests(w).at(-1), told(w)]).toEqual(['queued', [lhd, to], []]);
  });
});

test('the crane may be sent to another cell than was asked for, before anything was tried: then it is done there', () => {
  const w = start();
  const mayChoose = () =>
    w.intents.flatMap((intent) =>
      intent.type === 'requestCrane' ? [intent.params.mayChoose] : [],
    );
  w.send({ type: 'mission.sent', seq, lhd, to: cell(9) });
  w.send({ type: 'mission.rejected', seq, next: 'wait' }).advance(1_000);
  expect([requests(w), mayChoose()]).toEqual([
    [
      [from, to],
      [from, cell(9)],
    ],
    [true, false],
  ]);
  w.send({ type: 'mission.sent', seq: 8, lhd }, { type: 'operator.placed', place: cell(9) });
  expect([w.state, told(w)]).toEqual(['done', [{ type: 'carry.done' }]]);
});

test('a station is the one that is wanted: the crane is sent to no other', () => {
  const [asked] = start({ canChoose: false }).intents;
  expect(asked).toMatchObject({ type: 'requestCrane', params: { mayChoose: false } });
});

test('what is only fetched goes on from the crane, by a mission of its own', () => {
  const w = picked().send({ type: 'mission.done', seq, place: lhd });
  expect([w.state, requests(w).at(-1), told(w)]).toEqual(['queued', [lhd, to], []]);
});
