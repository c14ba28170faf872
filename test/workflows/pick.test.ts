import { expect, test } from 'vitest';
import type { OrderId, WorkflowId } from '../../src/domain/ids.ts';
import { pickMachine } from '../../src/workflows/pick.machine.ts';
import type { PickEvent } from '../../src/workflows/pick.setup.ts';
import { at, id, sku } from '../lib/demo.ts';
import { SimWorkflow } from '../lib/sim-workflow.ts';

const goods = { sku: sku('A'), stockStatus: 'available' } as const;
const pick = { index: 0, goods, qty: 3 };
const next: PickEvent = { type: 'pick.next', pick, target: undefined, wanted: undefined };
const further: PickEvent = { type: 'pick.next', pick, target: id('C-1'), wanted: undefined };
const target: PickEvent = { type: 'scan.target', loadUnit: id('C-1') };

const begun = () =>
  new SimWorkflow(pickMachine, {
    parent: 'retrieval/PK-1/T-1/1' as WorkflowId,
    order: 'PK-1' as OrderId,
    loadUnit: id('T-1'),
    station: at('PICK-01'),
  });
/** The tote of the order is there, and the article is to be scanned. */
const ready = () => begun().send(next, target);
const booked = (run: SimWorkflow<typeof pickMachine>) =>
  run.intents.flatMap(({ type, params }) =>
    type === 'bookPick' ? [(params as { qty: number }).qty] : [],
  );

test('a tote, an article, the tote again: each scan asks for the next one, and the last one books', () => {
  const run = begun();
  expect([run.state, run.send(next).state]).toEqual(['next', 'scanTarget']);
  expect(run.send(target).state).toBe('scanArticle');
  expect(run.send({ type: 'scan.article' }).state).toBe('putInto');
  expect(booked(run)).toEqual([]);
  expect(run.send({ type: 'scan.loadUnit', loadUnit: id('C-1') }).state).toBe('next');
  expect(booked(run)).toEqual([3]);
});

test('an order that has its tote is not asked for one again', () => {
  expect(begun().send(further).state).toBe('scanArticle');
});

test('an article without a code is confirmed by a person, and so is the tote', () => {
  const run = ready().send({ type: 'answer.noCode' }, { type: 'answer.done' });
  expect([run.state, booked(run)]).toEqual(['next', [3]]);
});

test.each<[string, PickEvent[]]>([
  ['before the article is scanned', []],
  ['after it', [{ type: 'scan.article' }]],
])('short, %s: what was taken is booked, and what is left is counted', (_, before) => {
  const run = ready().send(...before, { type: 'answer.short', qty: 1, reason: 'notThere' });
  expect([run.state, booked(run)]).toEqual(['countRest', [1]]);
  run.send({ type: 'answer.counted', qty: 0 });
  expect(run.state).toBe('next');
  expect(run.news().find(([type]) => type === 'bookCount')?.[1]).toEqual({
    ...{ order: 'PK-1', loadUnit: 'T-1', goods, counted: 0 },
  });
});

test.each<[string, PickEvent[]]>([
  ['before the article is scanned', []],
  ['after it', [{ type: 'scan.article' }]],
])('damaged, %s: what is left is blocked and not counted', (_, before) => {
  const run = ready().send(...before, { type: 'answer.short', qty: 2, reason: 'damaged' });
  expect([run.state, booked(run), run.types.includes('blockGoods')]).toEqual(['next', [2], true]);
});

test.each<[string, PickEvent[]]>([
  ['before the article is scanned', []],
  ['after it', [{ type: 'scan.article' }]],
])('a wrong article, %s: the load unit is set aside, and the order gives it up', (_, before) => {
  const run = ready().send(...before, { type: 'answer.wrongArticle' });
  expect(run.isOver).toBe(true);
  expect(run.types.slice(-5)).toEqual([
    'clearStep',
    'giveUp',
    'tellParent',
    'sendToClarification',
    'raiseTask',
  ]);
  expect(booked(run)).toEqual([]);
});

test.each<[string, PickEvent, 'return' | 'ship']>([
  ['scanned once more', { type: 'scan.loadUnit', loadUnit: id('T-1') }, 'return'],
  ['said to go back', { type: 'answer.return' }, 'return'],
  ['empty and said to leave', { type: 'answer.ship' }, 'ship'],
])('with nothing more to take it is %s', (_, event, how) => {
  const run = begun().send({ type: 'pick.none' });
  expect(run.state).toBe('sendBack');
  run.send(event);
  const told = run.news().find(([type]) => type === 'tellParent')?.[1];
  expect(told).toMatchObject({ event: { type: 'station.finished', how } });
  expect(run.isOver).toBe(true);
});

test.each<[string, PickEvent[]]>([
  ['before there is a tote', [next]],
  ['before the article is scanned', [next, target]],
  ['with the article in hand', [next, target, { type: 'scan.article' }]],
])('canceled %s: nothing more is booked, and the load unit goes back', (_, events) => {
  const run = begun().send(...events, { type: 'order.cancel' });
  expect(run.news().at(-1)).toEqual(['choosePick', { order: 'PK-1', loadUnit: 'T-1' }]);
  expect([run.send({ type: 'pick.none' }).state, booked(run)]).toEqual(['sendBack', []]);
});

test.each<[string, PickEvent['type']]>([
  ['canceled', 'order.cancel'],
  ['the books change', 'stock.changed'],
])('%s while the rest is counted: the count is still wanted', (_, type) => {
  const run = ready().send({ type: 'answer.short', qty: 0, reason: 'notThere' });
  run.send({ type } as PickEvent);
  expect([run.state, run.wasExpected]).toEqual(['countRest', false]);
});

test.each<[string, PickEvent[]]>([
  ['before there is a tote', [next]],
  ['before the article is scanned', [next, target]],
  ['with the article in hand', [next, target, { type: 'scan.article' }]],
])('the books change %s: what to take is asked anew', (_, events) => {
  expect(begun().send(...events, { type: 'stock.changed' }).state).toBe('next');
});

test('every step that is asked for is cleared when it is left', () => {
  const run = ready().send(
    { type: 'scan.article' },
    { type: 'answer.done' },
    { type: 'pick.none' },
  );
  run.send({ type: 'answer.return' });
  const steps = run.types.filter((type) => type === 'askStep' || type === 'clearStep');
  expect(steps).toEqual(Array(4).fill(['askStep', 'clearStep']).flat());
});

test('the next order of the visit begins with a tote of its own, once the first one has all that it gets', () => {
  const run = ready().send({ type: 'answer.full' }, target, { type: 'scan.article' });
  run.send({ type: 'scan.loadUnit', loadUnit: id('C-1') }).news();
  run.send({ type: 'order.next', order: 'PK-2' as OrderId });
  expect(run.news()).toEqual([
    ['endPick', { order: 'PK-1', loadUnit: 'T-1' }],
    ['choosePick', { order: 'PK-2', loadUnit: 'T-1' }],
  ]);
  expect(run.send(next).state).toBe('scanTarget');
  run.send(target, { type: 'scan.article' }, { type: 'answer.done' });
  expect(run.news().find(([type]) => type === 'bookPick')?.[1]).toMatchObject({ order: 'PK-2' });
});
