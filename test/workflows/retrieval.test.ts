import { describe, expect, test } from 'vitest';
import type { DeviceId, LocationId, OrderId } from '../../src/domain/ids.ts';
import { retrievalMachine } from '../../src/workflows/retrieval.machine.ts';
import type { RetrievalEvent } from '../../src/workflows/retrieval.setup.ts';
import { at, cell, id } from '../lib/demo.ts';
import { SimWorkflow } from '../lib/sim-workflow.ts';

const [order, loadUnit, from] = ['SO-1' as OrderId, id('T-1'), cell(4)];
const [lhd, pd, station] = [at('A01-LHD'), at('A01-PD-OUT'), at('PICK-01')];
const start = () =>
  new SimWorkflow(retrievalMachine, {
    ...{ order, loadUnit, from, lhd, pd, station, conveyorLimitMs: 60_000 },
  });
const where = { device: 'conveyor-1' as DeviceId, point: 2, scanSeq: 9 };
const arrived = { type: 'point.arrived', ...where } as const;
const confirmed = (to: LocationId | undefined, outcome = 'asAnswered'): RetrievalEvent => ({
  type: 'point.confirmed',
  to,
  outcome,
});
const cancel = { type: 'order.cancel' } as const;
const canceledAt = (place: LocationId): RetrievalEvent => ({ type: 'carry.canceled', place });
const onConveyor = () => start().send({ type: 'carry.done' });
const atStation = () => onConveyor().send(arrived, confirmed(station));
const delivered = () => atStation().send({ type: 'station.confirmed' });
const gaveUp = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) => (intent.type === 'giveUp' ? [intent.params.because] : []));
const reported = (w: ReturnType<typeof start>) =>
  w.intents.flatMap((intent) => (intent.type === 'reportMovement' ? [intent.params.kind] : []));

test('crane, divert, station: every step waits for the word of who has done it', () => {
  const w = start();
  expect(w.news()).toEqual([['startCarry', { loadUnit, from, to: pd }]]);
  w.send({ type: 'carry.done' });
  expect(w.news()).toEqual([]);
  w.send(arrived);
  expect(w.news()).toEqual([['answerPoint', { ...where, to: station }]]);
  w.send(confirmed(station));
  expect([w.state, w.types]).toEqual(['atStation', ['settleTask']]);
  w.send({ type: 'station.confirmed' });
  expect([w.state, w.types.slice(1)]).toEqual(['delivered', ['reportMovement', 'deliver']]);
});

test('delivered counts once, however often it is scanned there', () => {
  const w = delivered().send({ type: 'station.confirmed' });
  expect([reported(w), w.wasExpected]).toEqual([['retrieved'], false]);
});

test('shipped leaves the books and is told', () => {
  const w = delivered().send({ type: 'station.finished', how: 'ship' });
  expect([w.isOver, reported(w)]).toEqual([true, ['retrieved', 'shipped']]);
  expect(w.intents).toContainEqual({ type: 'postMove', params: { loadUnit, to: 'OUTSIDE' } });
});

test('what goes back to storage is let go where it stands, and expected at the infeed', () => {
  const w = delivered().send({ type: 'station.finished', how: 'return' });
  expect([w.state, w.types.slice(-2), reported(w)]).toEqual([
    'returned',
    ['letGo', 'expectBack'],
    ['retrieved'],
  ]);
});

test('ship or return before it was scanned means nothing', () => {
  const w = atStation().send({ type: 'station.finished', how: 'ship' });
  expect([w.state, w.wasExpected, reported(w)]).toEqual(['atStation', false, []]);
});

test('a conveyor that is late is told to a person once', () => {
  const w = onConveyor().send(arrived).advance(10_000_000);
  expect(w.asked).toEqual(['CONVEYOR_LATE']);
  expect(w.send(confirmed(station)).asked).toEqual([]);
});

describe('it does not come', () => {
  test.each<[string, RetrievalEvent]>([
    ['no exit at all', confirmed(undefined, 'vanished')],
    ['a lost track', { type: 'unit.lostTrack' }],
  ])('%s: a person is asked where it is, and the order gets another one', (_, event) => {
    const w = onConveyor().send(arrived, event);
    expect([w.state, w.asked, gaveUp(w)]).toEqual(['lost', ['TRACKING_LOST'], ['clarification']]);
  });

  test('the default exit: a person is asked and the order gets another one', () => {
    const w = onConveyor().send(arrived, confirmed(at('REJECT-01'), 'late'));
    expect([w.state, w.asked, gaveUp(w)]).toEqual(['diverted', ['DIVERTED'], ['diverted']]);
  });

  test('missing in its cell', () => {
    const w = start().send({ type: 'carry.missing' });
    expect([w.state, gaveUp(w)]).toEqual(['missing', ['missing']]);
  });

  test('a person has found it elsewhere: there is a question to answer', () => {
    const w = start().send({ type: 'carry.failed' });
    expect([w.state, w.asked, gaveUp(w)]).toEqual([
      'clarification',
      ['CLARIFY'],
      ['clarification'],
    ]);
  });

  test('the P&D station is taken: a person is asked, and the crane tries again by itself', () => {
    const w = start().send({ type: 'carry.binFull', tried: pd });
    expect([w.state, w.asked]).toEqual([{ carrying: 'blocked' }, ['STATION_FULL']]);
    w.advance(30_000);
    expect([w.intents.at(-1), w.asked]).toEqual([
      { type: 'redirectCarry', params: { to: pd } },
      [],
    ]);
    w.send({ type: 'carry.binFull', tried: pd }).advance(30_000);
    expect(w.send({ type: 'carry.done' }).state).toEqual({ onConveyor: 'moving' });
  });
});

describe('cancel', () => {
  test('before the crane has it: it stays where it is', () => {
    const w = start().send(cancel);
    expect(w.intents.at(-1)).toEqual({ type: 'cancelCarry', params: {} });
    w.send(canceledAt(from));
    expect([w.state, gaveUp(w), reported(w)]).toEqual(['canceled', ['canceled'], []]);
  });

  const restoring = () => start().send(cancel, canceledAt(lhd));

  test('on the crane: it goes back into a cell, and only then is it canceled', () => {
    const w = restoring();
    expect(w.intents.at(-1)).toMatchObject({ type: 'chooseLocation', params: { except: [] } });
    w.send({ type: 'location.chosen', location: cell(5) });
    expect(w.intents.at(-1)?.params).toEqual({ loadUnit, from: lhd, to: cell(5) });
    expect(gaveUp(w)).toEqual([]);
    w.send({ type: 'carry.done' });
    expect([w.state, gaveUp(w), reported(w)]).toEqual(['restored', ['canceled'], ['relocated']]);
    expect(w.types.indexOf('reportMovement')).toBeLessThan(w.types.indexOf('giveUp'));
  });

  test('on the way back the bin is full: another one, none of those tried', () => {
    const w = restoring().send({ type: 'location.chosen', location: cell(5) });
    w.send({ type: 'carry.binFull', tried: cell(5) });
    expect(w.intents.at(-1)?.params).toEqual({ loadUnit, except: [cell(5)] });
    w.send({ type: 'location.chosen', location: cell(6) });
    expect(w.intents.at(-1)).toEqual({ type: 'redirectCarry', params: { to: cell(6) } });
    expect(w.send({ type: 'carry.done' }).state).toBe('restored');
  });

  test('no cell is free: a person is told, and it looks again', () => {
    const w = restoring().send({ type: 'location.none' });
    expect(w.asked).toEqual(['NO_LOCATION']);
    expect(w.advance(30_000).types.at(-1)).toBe('chooseLocation');
    w.send({ type: 'location.chosen', location: cell(5) });
    w.send({ type: 'carry.binFull', tried: cell(5) }, { type: 'location.none' });
    expect(w.asked).toEqual(['NO_LOCATION']);
    expect(w.advance(30_000).types.at(-1)).toBe('chooseLocation');
  });

  test('no cell is free, and a person has found it elsewhere: it waits for none any more', () => {
    const w = restoring().send({ type: 'location.none' }, { type: 'unit.taken' });
    expect([w.state, w.asked, gaveUp(w)]).toEqual(['taken', [], ['missing']]);
  });

  test.each<[string, RetrievalEvent, string]>([
    ['lost', { type: 'carry.missing' }, 'missing'],
    ['found elsewhere', { type: 'carry.failed' }, 'clarification'],
  ])('%s on the way back', (_, event, state) => {
    const w = restoring().send({ type: 'location.chosen', location: cell(5) }, event);
    expect([w.state, gaveUp(w)]).toEqual([state, [state]]);
  });

  test.each<[string, () => ReturnType<typeof start>]>([
    ['past the crane', onConveyor],
    ['at the station', atStation],
    ['delivered', delivered],
  ])('%s: too late, it goes on', (_, made) => {
    const w = made();
    const { state } = w;
    w.send(cancel);
    expect([w.state, w.wasExpected, gaveUp(w)]).toEqual([state, false, []]);
  });
});

test('passed on to another order, it is that one that loses it or gets it', () => {
  const passedOn = { type: 'order.passedOn', order: 'SO-2' as OrderId } as const;
  const lost = start().send(passedOn, { type: 'carry.missing' });
  expect(lost.intents).toContainEqual({
    type: 'giveUp',
    params: { order: 'SO-2', loadUnit, because: 'missing' },
  });
  const got = atStation().send(passedOn, { type: 'station.confirmed' });
  expect(got.intents).toContainEqual({ type: 'deliver', params: { order: 'SO-2', loadUnit } });
});
