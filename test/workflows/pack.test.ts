import { describe, expect, test } from 'vitest';
import type { OrderId, Sscc } from '../../src/domain/ids.ts';
import { packMachine } from '../../src/workflows/pack.machine.ts';
import type { PackEvent, PackInput } from '../../src/workflows/pack.setup.ts';
import { at, id } from '../lib/demo.ts';
import { SimWorkflow } from '../lib/sim-workflow.ts';

const begun = (more: Partial<PackInput> = {}) =>
  new SimWorkflow(packMachine, {
    ...{ order: 'PC-1' as OrderId, station: at('PICK-01'), sources: [id('C-1'), id('C-2')] },
    ...{ target: undefined, wanted: undefined, mayKeep: false, hasPrinter: true },
    ...more,
  });
/** A tote of a pick, complete. */
const closing = (hasPrinter = true) =>
  begun({ sources: [], target: id('C-1'), mayKeep: true, hasPrinter });

const scan = (loadUnit: string): PackEvent => ({ type: 'scan.loadUnit', loadUnit: id(loadUnit) });
const target: PackEvent = { type: 'scan.target', loadUnit: id('B-1') };
const done: PackEvent = { type: 'answer.done' };
const sscc = '340123450000000017' as Sscc;
const queued: PackEvent = { type: 'label.queued', label: 'L-1', sscc };
const packed = (run: SimWorkflow<typeof packMachine>) =>
  run.intents.flatMap(({ type, params }) =>
    type === 'bookPack' ? [(params as { loadUnit: string }).loadUnit] : [],
  );

test('every source is scanned and packed once, in the order in which people bring them', () => {
  const run = begun();
  expect(run.state).toBe('scanSource');
  run.send(scan('C-2'));
  expect(run.state).toBe('scanTarget');
  run.send(target, done, scan('C-1'));
  expect(run.state).toBe('putAll');
  run.send(scan('B-1'));
  expect([packed(run), run.state]).toEqual([['C-2', 'C-1'], 'printing']);
});

test('one source may go as it is: nothing is packed', () => {
  const run = begun({ sources: [id('C-1')] }).send(scan('C-1'), { type: 'answer.same' });
  expect([packed(run), run.state]).toEqual([[], 'printing']);
});

test('without a printer it is handed over at once', () => {
  const run = begun({ sources: [id('C-1')], hasPrinter: false });
  run.send(scan('C-1'), { type: 'answer.same' });
  expect(run.state).toBe('handingOver');
});

describe('the label', () => {
  const printing = () => closing().send({ type: 'answer.close' }, queued);

  test('is printed, stuck on and scanned before anything is handed over', () => {
    const run = printing().send({ type: 'label.printed', proof: 'accepted' });
    expect(run.state).toBe('applying');
    run.send({ type: 'scan.label' });
    expect(run.state).toBe('handingOver');
    expect(run.news().find(([type]) => type === 'labelVerified')?.[1]).toEqual({
      ...{ label: 'L-1', loadUnit: 'C-1', sscc, proof: 'scanned' },
    });
  });

  test('unknown whether it came out: only its code can tell', () => {
    expect(printing().send({ type: 'label.unknown', why: 'the link was cut' }).state).toBe(
      'applying',
    );
  });

  test('torn: the same is printed once more', () => {
    const run = printing().send({ type: 'label.printed' }, { type: 'answer.again' });
    expect([run.state, run.types.filter((type) => type === 'printAtStation').length]).toEqual([
      'printing',
      2,
    ]);
  });

  test.each<[string, PackEvent, string]>([
    ['tried again', { type: 'answer.again' }, 'printing'],
    ['done without', { type: 'answer.noLabel' }, 'handingOver'],
  ])('not printed: a person says why it goes on, %s', (_, event, state) => {
    const run = printing().send({ type: 'label.notTaken', why: 'out of paper' });
    expect(run.state).toBe('noLabel');
    expect(run.send(event).state).toBe(state);
  });
});

describe('in the end', () => {
  test('it leaves, the hosts are told, and the order is packed', () => {
    const run = closing(false).send({ type: 'answer.close' }, { type: 'answer.ship' });
    expect(run.isOver).toBe(true);
    expect(run.types.slice(-5)).toEqual([
      'clearStep',
      'postMove',
      'reportMovement',
      'letGo',
      'endPack',
    ]);
  });

  test.each<[string, SimWorkflow<typeof packMachine>, PackEvent, boolean]>([
    ['the tote of a pick', closing(), { type: 'answer.keep' }, false],
    [
      'what is closed',
      closing(false).send({ type: 'answer.close' }),
      { type: 'answer.keep' },
      true,
    ],
  ])('%s may stay where it is', (_, run, event, isPacked) => {
    run.send(event);
    expect(run.isOver).toBe(true);
    expect(run.news().at(-1)).toEqual(['endPack', { order: 'PC-1', isPacked }]);
    expect(run.types).not.toContain('postMove');
  });
});

test.each<[string, PackEvent[]]>([
  ['before anything is scanned', []],
  ['before there is a carton', [scan('C-1')]],
  ['before it is packed', [scan('C-1'), target]],
])('canceled %s: everything stays as it is', (_, events) => {
  const run = begun().send(...events, { type: 'order.cancel' });
  expect([run.isOver, packed(run)]).toEqual([true, []]);
  expect(run.news().at(-1)).toEqual(['endPack', { order: 'PC-1', isPacked: false }]);
});

test('canceled when all is packed: too late, it goes on to its end', () => {
  const run = closing().send({ type: 'answer.close' }, { type: 'order.cancel' });
  expect([run.state, run.wasExpected]).toEqual(['printing', false]);
});
