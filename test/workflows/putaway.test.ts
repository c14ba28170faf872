import { expect, test } from 'vitest';
import { type PutawayEvent, putawayMachine } from '../../src/workflows/putaway.machine.ts';
import { at, cell, id } from '../lib/demo.ts';
import { SimWorkflow } from '../lib/sim-workflow.ts';

const loadUnit = id('T-1');
const [pd, location] = [at('A01-PD-IN'), cell(4)];
const start = () =>
  new SimWorkflow(putawayMachine, { loadUnit, pd, location, conveyorLimitMs: 60_000 });
const chosen = (to = location): PutawayEvent => ({ type: 'location.chosen', location: to });
const carrying = () => start().send({ type: 'unit.atPd' }, chosen());
const full = (tried = location): PutawayEvent => ({ type: 'carry.binFull', tried });

test('nothing is carried before the conveyor has brought it', () => {
  const w = start();
  expect(w.types).toEqual([]);
  w.send({ type: 'unit.atPd' }, chosen());
  expect(w.intents.at(-1)).toEqual({
    type: 'startCarry',
    params: { loadUnit, from: pd, to: location },
  });
});

test('the cell is chosen when it stands before the crane: the best one then, not the one that was kept', () => {
  const w = start().send({ type: 'unit.atPd' });
  expect(w.intents).toEqual([
    { type: 'settleTask', params: { code: 'CONVEYOR_LATE' } },
    { type: 'chooseLocation', params: { loadUnit, except: [] } },
  ]);
  w.send(chosen(cell(2)));
  expect(w.intents.at(-1)).toMatchObject({ type: 'startCarry', params: { to: cell(2) } });
});

test('its cell was closed on the way and there is no other: it waits before the crane, and a person is told', () => {
  const w = start().send({ type: 'unit.atPd' }, { type: 'location.none' });
  expect([w.state, w.asked]).toEqual(['waitingAtPd', ['NO_LOCATION']]);
  w.advance(30_000).send(chosen(cell(5)));
  expect([w.state, w.asked]).toEqual([{ carrying: 'toLocation' }, []]);
});

test('stored: the reservation is freed and the hosts are told, once', () => {
  const w = carrying().send({ type: 'carry.done' });
  expect([w.state, w.isOver]).toEqual(['stored', true]);
  expect(w.types.slice(-3)).toEqual(['freeLocation', 'reportMovement', 'letGo']);
  expect(w.types.filter((type) => type === 'reportMovement')).toHaveLength(1);
});

test('a conveyor that is late is told to a person once, and the question goes when it arrives', () => {
  const w = start().advance(59_999);
  expect(w.asked).toEqual([]);
  expect(w.advance(10_000_000).asked).toEqual(['CONVEYOR_LATE']);
  expect(w.send({ type: 'unit.atPd' }).asked).toEqual([]);
});

test('a full bin: another location is chosen that is none of those tried, and the crane goes there', () => {
  const w = carrying().send(full());
  expect(w.intents.at(-1)).toEqual({
    type: 'chooseLocation',
    params: { loadUnit, except: [location] },
  });
  w.send({ type: 'location.chosen', location: cell(5) });
  expect(w.intents.at(-1)).toEqual({ type: 'redirectCarry', params: { to: cell(5) } });
  w.send(full(cell(5)));
  expect(w.intents.at(-1)?.params).toMatchObject({ except: [location, cell(5)] });
  w.send({ type: 'location.chosen', location: cell(6) }, { type: 'carry.done' });
  expect(w.state).toBe('stored');
});

test('without a free location it waits on the crane, says so, and looks again', () => {
  const w = carrying().send(full(), { type: 'location.none' });
  expect([w.state, w.asked]).toEqual([{ carrying: 'waiting' }, ['NO_LOCATION']]);
  w.advance(30_000);
  expect(w.types.filter((type) => type === 'chooseLocation')).toHaveLength(3);
  w.send({ type: 'location.chosen', location: cell(5) });
  expect([w.state, w.asked]).toEqual([{ carrying: 'redirected' }, []]);
});

test.each<[string, PutawayEvent]>([
  ['the crane was called back', { type: 'carry.canceled' }],
  ['a person has found it elsewhere', { type: 'carry.failed' }],
])('%s: it is for a person to settle, and there is a question to answer', (_, event) => {
  const w = carrying().send(event);
  expect([w.state, w.asked]).toEqual(['clarification', ['CLARIFY']]);
  expect(w.types).not.toContain('reportMovement');
  expect(w.types).toEqual(expect.arrayContaining(['freeLocation', 'letGo', 'sendToClarification']));
});

test('lost on the conveyor: likewise', () => {
  expect(start().send({ type: 'unit.lostTrack' }).asked).toEqual(['CLARIFY']);
});

test('not there when the crane came for it: its location is free again', () => {
  const w = carrying().send({ type: 'carry.missing' });
  expect([w.state, w.types.slice(-2)]).toEqual(['lost', ['freeLocation', 'letGo']]);
});

test('stored in another cell than was chosen first, it says so where a person has to look', () => {
  const w = carrying().send({ type: 'location.chosen', location: cell(9) });
  w.send({ type: 'carry.failed' });
  const asked = w.intents.find(({ type }) => type === 'raiseTask');
  expect(asked).toMatchObject({ params: { text: expect.stringContaining(cell(9)) } });
});
