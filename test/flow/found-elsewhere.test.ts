import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { readSite } from '../../src/config/read-site.ts';
import { Topology } from '../../src/domain/topology.ts';
import { at } from '../lib/demo.ts';
import { announce, announced, FlowRig, station } from '../lib/flow-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  lhd,
  orderFor,
  outfeeds,
  pdOut,
  second,
  stocked,
  stores,
  toPd,
} from '../lib/stories.ts';

// The crane has ended its mission before a person says where its load is: whoever asked has ended, too.

const confirm = (rig: FlowRig, place: typeof first) =>
  rig.resolve('CRANE_DOUBT', 'confirmed', place);

/** On its way out when somebody touched the crane, which has told since that it put it down. */
async function toldSince() {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('RO-1', 5));
  rig.crane.answer();
  rig.crane.pick();
  rig.crane.happens('loadAdded');
  rig.settle();
  rig.crane.end('done', pdOut);
  rig.crane.change({});
  return rig.settle();
}

test('it is on the crane yet: it goes into storage, and nobody waits for it on the conveyors', async () => {
  const rig = await toldSince();
  rig.crane.change({ lhds: [{ loaded: true, handle: 1 }] });
  expect(await confirm(rig.settle(), lhd)).toMatchObject({ ok: true });
  expect(rig.crane.command).toMatchObject({ command: 'deposit', to: first });
  craneRuns(rig);
  // The order looks for another one, and this one is free again.
  expect(rig.told()).toContain('T-1 relocated A01-L-001-01-1 > A01-LHD');
  expect(rig.crane.command).toMatchObject({ command: 'transfer', from: first, to: pdOut });
  rig.advance(10_000_000);
  expect(rig.questions('CONVEYOR_LATE')).toEqual([]);
});

test('somebody has taken it out: its order is told, and nobody looks for it', async () => {
  const rig = await toldSince();
  expect(await confirm(rig, at('OUTSIDE'))).toMatchObject({ ok: true });
  expect(rig.unit('T-1')).toMatchObject({ status: 'gone', workflow: undefined });
  const left = ['T-1 shipped A01-L-001-01-1 > OUTSIDE', 'T-1 left'];
  expect(rig.told().filter((text) => left.includes(text))).toEqual(left);
  expect(rig.order('RO-1')).toMatchObject({ status: 'queued' });
  rig.advance(10_000_000);
  expect([rig.asked, rig.rows('workflow')]).toEqual([[], []]);
});

test('it is where the crane has put it: it goes on its way', async () => {
  const rig = await toldSince();
  expect(await confirm(rig, pdOut)).toMatchObject({ ok: true });
  outfeeds(rig);
  expect(rig.unit('T-1').place).toBe('PICK-01');
});

test('one that was to leave for good is not stored: people see to it where it is', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('RO-1', 5));
  rig.crane.answer();
  rig.crane.pick();
  rig.crane.end('contour', lhd);
  rig.settle().crane.answer();
  rig.crane.happens('loadAdded');
  rig.settle().crane.end('done', pdOut);
  rig.crane.change({});
  expect(rig.settle().unit('T-1').workflow).toMatch(/^eject/);
  expect(await confirm(rig, second)).toMatchObject({ ok: true });
  expect(rig.unit('T-1')).toMatchObject({ place: second, status: 'clarification' });
  rig.advance(10_000_000);
  expect(rig.asked).toEqual(['CLARIFY']);
});

test('what is identified at the infeed by now is not moved by an older question', async () => {
  const rig = await toldSince();
  outfeeds(rig);
  rig.read('scan-pick-1', 'T-1');
  await rig.operator({ act: 'finish', station, loadUnit: 'T-1', how: 'return' });
  inducts(rig, 'T-1');
  const { place } = rig.unit('T-1');
  expect(await confirm(rig, second)).toMatchObject({ ok: false, code: 'CONFLICT' });
  expect(await confirm(rig, place)).toMatchObject({ ok: true });
});

test('it waits in a cell to be fetched, and stands in another one: nothing is fetched from the first', async () => {
  const rig = await announced(['T-1']);
  toPd(rig, inducts(rig, 'T-1'));
  rig.crane.answer();
  rig.crane.pick();
  rig.crane.happens('loadAdded');
  rig.settle().crane.end('done', first);
  rig.crane.change({});
  await rig.settle().command('order.create', orderFor('RO-1', 5));
  expect(await confirm(rig, second)).toMatchObject({ ok: true });
  expect(rig.unit('T-1')).toMatchObject({ place: second, workflow: undefined });
  expect([rig.crane.command, rig.asked]).toEqual([undefined, ['CLARIFY']]);
});

describe('what is put onto the infeed by hand, and was on its way elsewhere', () => {
  test('out of its aisle: it is stored, and nobody waits for it where it was to come', async () => {
    const rig = await stocked(['T-1']);
    await rig.command('order.create', orderFor('RO-1', 5));
    rig.crane.answer();
    rig.crane.pick();
    rig.crane.end('contour', lhd);
    rig.settle();
    craneRuns(rig);
    expect(rig.unit('T-1')).toMatchObject({ place: pdOut, status: 'clarification' });
    await rig.command('order.cancel', { order: 'RO-1' });
    stores(rig, 'T-1');
    rig.advance(10_000_000);
    expect([rig.asked, rig.rows('workflow')]).toEqual([[], []]);
    expect(rig.unit('T-1')).toMatchObject({ place: first, status: 'present' });
  });

  test('before its crane, where another one stood: none is sent for it there, and its new cell stays its own', async () => {
    const text = readFileSync('config/sites/demo.yaml', 'utf8');
    const narrow = text.replace(/(A01-PD-IN, number: 1, direction: in, capacity:) 4/, '$1 1');
    const rig = new FlowRig(new Topology(readSite('narrow.yaml', narrow)));
    await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fefo' }] });
    for (const lpn of ['T-1', 'T-2']) await announce(rig, lpn);
    rig.crane.change({ mode: 'manual' });
    toPd(rig, inducts(rig, 'T-1'));
    const scanSeq = inducts(rig, 'T-2');
    rig.conveyor.confirm(1, { scanSeq, exitTaken: 1, outcome: 'late' });
    expect(rig.settle().questions('PLACE_CONFLICT')).toMatchObject([{ loadUnit: 'T-1' }]);
    inducts(rig, 'T-1');
    expect(rig.unit('T-1').status).toBe('present');
    expect(rig.questions().filter(({ loadUnit }) => loadUnit === 'T-1')).toEqual([]);
    expect([...rig.flow.warehouse.tables.request.values()]).toEqual([]);
  });
});

test('what stood before the crane in the turn of one that is read at the infeed is the next in its turn', async () => {
  const rig = await announced(['T-1'], ['T-2']);
  const before = inducts(rig, 'T-1');
  rig.settle().advance(10_000_000);
  await rig.resolve('CONVEYOR_LATE', 'notThere');
  rig.conveyor.leave(1, before);
  rig.settle();
  expect(rig.unit('T-1')).toMatchObject({ place: 'A01-PD-IN', workflow: undefined });
  toPd(rig, inducts(rig, 'T-2'));
  rig.conveyor.leave(1, inducts(rig, 'T-1'));
  rig.settle().advance(15_000);
  expect(rig.crane.command).toMatchObject({ loadHandle: rig.unit('T-2').handle });
  craneRuns(rig);
  rig.conveyor.arrive(3);
  craneRuns(rig.settle());
  expect([rig.unit('T-2').place, rig.unit('T-1').place, rig.asked]).toEqual([first, second, []]);
});
