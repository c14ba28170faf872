import { expect, test } from 'vitest';
import type { OrderId, WorkflowId } from '../../src/domain/ids.ts';
import { countMachine } from '../../src/workflows/count.machine.ts';
import type { CountEvent } from '../../src/workflows/count.setup.ts';
import { at, id, sku } from '../lib/demo.ts';
import { SimWorkflow } from '../lib/sim-workflow.ts';

const goods = { sku: sku('A'), stockStatus: 'available' } as const;
const found = { sku: sku('B'), stockStatus: 'available' } as const;

const begun = (tolerancePercent = 0) =>
  new SimWorkflow(countMachine, {
    ...{ parent: 'retrieval/CC-1/T-1/1' as WorkflowId, order: 'CC-1' as OrderId },
    ...{ loadUnit: id('T-1'), station: at('PICK-01'), tolerancePercent },
  }).send({ type: 'count.next', goods, booked: 100 });
const count = (qty: number, by = 'op-1'): CountEvent => ({ type: 'answer.counted', qty, by });
const booked = (run: SimWorkflow<typeof countMachine>) =>
  run.intents.flatMap(({ type, params }) =>
    type === 'bookCount' ? [(params as { counted: number }).counted] : [],
  );

test.each([
  ['as booked', 0, [100], [100]],
  ['a little less, within the tolerance', 2, [98], [98]],
  ['a little more, within the tolerance', 2, [102], [102]],
  ['off by more, and another one agrees', 2, [97, 97], [97]],
  ['off by more, and another one finds what is booked', 2, [97, 100], [100]],
  ['two who differ, and a third agrees with the first', 2, [97, 96, 97], [97]],
  ['two who differ, and a third agrees with the second', 2, [97, 96, 96], [96]],
])('%s: it is booked', (_, tolerance, given, expected) => {
  const run = begun(tolerance);
  given.forEach((qty, i) => {
    run.send(count(qty, `op-${i}`));
  });
  expect([run.state, booked(run)]).toEqual(['next', expected]);
});

test('a second count is never within the tolerance: it agrees with somebody, or with the books', () => {
  const run = begun(2).send(count(90), count(98));
  expect([run.state, booked(run)]).toEqual(['recount', []]);
});

test('who has counted is told, so that somebody else does it', () => {
  const run = begun().send(count(90, 'anna'), count(91, 'bert'));
  const asked = run.intents.flatMap(({ type, params }) =>
    type === 'askStep' ? [params.notBy] : [],
  );
  expect(asked).toEqual([[], ['anna'], ['anna', 'bert']]);
});

test('three who do not agree: nothing is booked, and a person is asked', () => {
  const run = begun().send(count(90), count(91), count(92));
  expect([run.isOver, booked(run), run.asked]).toEqual([true, [], ['COUNT_DISPUTED']]);
});

test('when all that the books know is counted, people look for more', () => {
  const run = begun().send(count(100), { type: 'count.none' });
  expect(run.state).toBe('more');
  run.send({ type: 'scan.found', goods: found, booked: 0 }, count(3), count(3));
  expect([run.state, booked(run)]).toEqual(['next', [100, 3]]);
  run.send({ type: 'count.none' }, { type: 'answer.nothing' });
  expect(run.state).toBe('sendBack');
});

test.each<[CountEvent, 'return' | 'ship']>([
  [{ type: 'scan.loadUnit', loadUnit: id('T-1') }, 'return'],
  [{ type: 'answer.return' }, 'return'],
  [{ type: 'answer.ship' }, 'ship'],
])('%j ends it, and the load unit is taken away', (event, how) => {
  const run = begun().send(count(100), { type: 'count.none' }, { type: 'answer.nothing' }, event);
  expect(run.isOver).toBe(true);
  const told = run.news().find(([type]) => type === 'tellParent')?.[1];
  expect(told).toMatchObject({ event: { type: 'station.finished', how } });
});

test('the books change while it is counted: it is counted anew', () => {
  expect(begun().send({ type: 'stock.changed' }).state).toBe('next');
  expect(begun().send(count(90), { type: 'stock.changed' }).state).toBe('next');
});

test.each<[string, CountEvent[]]>([
  ['before it is counted', []],
  ['before it is counted again', [count(90)]],
  ['before people have looked for more', [count(100), { type: 'count.none' }]],
])('canceled %s: it goes back', (_, events) => {
  expect(begun().send(...events, { type: 'order.cancel' }).state).toBe('sendBack');
});
