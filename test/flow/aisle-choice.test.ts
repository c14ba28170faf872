import { expect, test } from 'vitest';
import { Topology } from '../../src/domain/topology.ts';
import { sku } from '../lib/demo.ts';
import { announce, FlowRig } from '../lib/flow-rig.ts';
import { siteOf } from '../lib/several-aisles.ts';
import { inducts, orderFor, retrieves, stocked } from '../lib/stories.ts';

const topology = new Topology(siteOf(3));

async function rigWith(...totes: string[]): Promise<FlowRig> {
  const rig = new FlowRig(topology);
  await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fefo' }] });
  for (const tote of totes) await announce(rig, tote);
  return rig;
}
const aisleOf = (rig: FlowRig, tote: string) =>
  rig.flow.warehouse.reservedFor(rig.unit(tote).loadUnit).map((cell) => cell.slice(0, 3));

/** Comes, is sent on, and leaves the identification point. @returns the exit */
function infeeds(rig: FlowRig, tote: string): number | undefined {
  const scanSeq = inducts(rig, tote);
  const exit = rig.conveyor.answerTo(1, scanSeq);
  if (exit !== undefined) rig.conveyor.leave(1, scanSeq);
  rig.settle();
  return exit;
}

test('totes of one SKU are shared out over the aisles, and each has room kept in the one it goes to', async () => {
  const names = ['T-1', 'T-2', 'T-3'];
  const rig = await rigWith(...names);
  expect(names.map((tote) => infeeds(rig, tote))).toEqual([1, 2, 3]);
  expect(names.flatMap((tote) => aisleOf(rig, tote))).toEqual(['A01', 'A02', 'A03']);
  const why = rig.flow.books
    .why('T-2')
    .map(({ text }) => text)
    .join('\n');
  expect(why).toContain('A02 costs the least of 3 aisles');
  expect(why).toContain('A01 costs');
});

test.each<[string, (rig: FlowRig) => void, string]>([
  ['offline', (rig) => rig.crane.offline(), 'it is offline: connection refused'],
  ['in manual', (rig) => rig.crane.change({ mode: 'manual' }), 'it is in mode manual'],
  ['faulted', (rig) => rig.crane.change({ faultLatched: true, faultCode: 7 }), 'it has fault 7'],
])('an aisle whose crane is %s gets nothing, and why is told', async (_, fails, because) => {
  const names = ['T-1', 'T-2', 'T-3', 'T-4'];
  const rig = await rigWith(...names);
  fails(rig);
  rig.settle();
  const exits = names.map((tote) => infeeds(rig, tote));
  expect(exits).not.toContain(1);
  expect(new Set(exits)).toEqual(new Set([2, 3]));
  const why = rig.flow.books
    .why('T-1')
    .map(({ text }) => text)
    .join('\n');
  expect(why).toContain(because);
});

test('while no crane works a tote waits at the identification point, and goes on with the first that does', async () => {
  const rig = await rigWith('T-1');
  for (const crane of rig.cranes) crane.offline();
  rig.settle();
  const scanSeq = inducts(rig, 'T-1');
  rig.advance(60_000);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBeUndefined();
  expect(rig.questions()).toEqual([]);
  const told = rig.flow.books.why('T-1').filter(({ text }) => text.includes('waits'));
  expect(told).toHaveLength(1);
  rig.cranes[1]?.connect((fact) => rig.flow.report(fact));
  rig.settle().advance(500);
  expect(rig.conveyor.answerTo(1, scanSeq)).toBe(2);
});

test('a full lane sends the next tote to another aisle', async () => {
  const names = Array.from({ length: 12 }, (_, i) => `T-${i + 1}`);
  const rig = await rigWith(...names);
  rig.cranes[2]?.offline();
  rig.settle();
  // Two lanes of four: what comes then waits, as nothing takes them away.
  const exits = names.map((tote) => infeeds(rig, tote));
  expect(exits.filter((exit) => exit === 1)).toHaveLength(4);
  expect(exits.filter((exit) => exit === 2)).toHaveLength(4);
  expect(exits.slice(8)).toEqual([undefined, undefined, undefined, undefined]);
});

test('what is retrieved teaches how often its SKU is wanted, and the host that puts the SKU again does not undo it', async () => {
  const rig = await stocked(['T-1'], ['T-2'], ['T-3']);
  const demand = () => rig.flow.warehouse.tables.sku.get(sku('A'))?.demand;
  expect(demand()).toBeUndefined();
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  retrieves(rig, 'T-1');
  rig.advance(3_600_000);
  await rig.command('order.create', orderFor('SO-2', 'T-2'));
  retrieves(rig, 'T-2');
  expect(demand()).toMatchObject({ intervals: 1, intervalMs: 3_600_000 });
  const before = demand();
  await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs', strategy: 'fifo' }] });
  expect(demand()).toEqual(before);
});
