import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { FlowRig } from '../lib/flow-rig.ts';
import { foldedByHost } from '../lib/host-fold.ts';
import { answer, pickOrder, scan, stockedWithArticles } from '../lib/station-run.ts';
import { craneRuns, outfeeds, stores } from '../lib/stories.ts';
import { wrongTakers } from '../lib/takers.ts';

/** What people, machines and the host do, in any order; what has no meaning then is refused. */
const acts = {
  order: (rig: FlowRig, qty: number, n: number) =>
    rig.command(
      'order.create',
      pickOrder(`PK-${n}`, qty, { ifShort: qty % 2 ? 'wait' : 'partial' }),
    ),
  count: (rig: FlowRig, qty: number, n: number) =>
    rig.command('order.create', {
      order: `CC-${n}`,
      kind: 'count',
      loadUnit: `T-${1 + (qty % 2)}`,
    }),
  cancel: (rig: FlowRig, qty: number) => rig.command('order.cancel', { order: `PK-${qty}` }),
  adjust: (rig: FlowRig, qty: number) => {
    const booked = rig.unit('T-1').lines.find(({ stockStatus }) => stockStatus === 'available');
    return rig.command('stock.adjust', {
      ...{ loadUnit: 'T-1', sku: 'A', expectedQty: booked?.qty ?? 0, qty, reason: 'test' },
    });
  },
  block: (rig: FlowRig, qty: number) =>
    rig.command('stock.block', {
      ...{ sku: 'A', stockStatus: qty % 2 ? 'available' : 'blocked', reason: 'test' },
    }),
  step: (rig: FlowRig, qty: number) => doStep(rig, qty),
  short: (rig: FlowRig, qty: number) =>
    answer(rig, 'short', { qty, reason: qty % 2 ? 'notThere' : 'damaged' }),
  wrong: (rig: FlowRig) => answer(rig, 'wrongArticle'),
  clarify: (rig: FlowRig) => answer(rig, 'clarify'),
  gone: (rig: FlowRig) => answer(rig, 'gone'),
  // Where totes stand up to the last place, what comes has to wait, which this floor cannot do.
  full: (rig: FlowRig, qty: number) =>
    rig.flow.warehouse.countAt('PICK-01' as never) < 2 && answer(rig, 'full', { qty }),
  floor: (rig: FlowRig) => floor(rig),
  restart: (rig: FlowRig) => rig.restart(),
} as const;

/** The right scan, or an answer, for whatever is asked for. */
async function doStep(rig: FlowRig, qty: number): Promise<unknown> {
  const step = rig.flow.books.station('PICK-01');
  const [expected] = step?.expects ?? [];
  const [choice] = step?.choices ?? [];
  if (step?.kind === 'clarifyScan') return scan(rig, `T-${1 + (qty % 2)}`);
  if (step?.kind === 'clarifyUnit') {
    const decided = step.choices[qty % step.choices.length]?.choice ?? '';
    return answer(rig, decided, { reason: 'damaged' });
  }
  if (expected?.scan === 'loadUnit') return scan(rig, expected.loadUnit ?? '');
  if (expected?.scan === 'target') return scan(rig, expected.loadUnit ?? `C-${step?.step}`);
  if (expected?.scan === 'article') return scan(rig, 'A');
  return choice && answer(rig, choice.choice, { qty, operator: `op-${qty}` });
}

/** Machines go on with whatever they can. */
function floor(rig: FlowRig): void {
  if (rig.crane.command !== undefined && 'to' in rig.crane.command) {
    craneRuns(rig);
    if (rig.flow.warehouse.countAt('A01-PD-OUT' as never) > 0) outfeeds(rig);
    return;
  }
  const [back] = rig.flow.warehouse
    .at('PICK-01' as never)
    .filter(({ loadUnit, workflow }) => loadUnit.startsWith('T-') && workflow === undefined);
  if (back !== undefined) stores(rig, back.loadUnit);
}

/** Mostly work goes on; sometimes somebody wants something else. */
const weights: Readonly<Record<keyof typeof acts, number>> = {
  ...{ floor: 8, step: 16, order: 3, count: 1, cancel: 1, adjust: 1, block: 1, short: 2 },
  ...{ wrong: 1, gone: 1, full: 1, clarify: 2, restart: 1 },
};
const names = Object.entries(weights) as [keyof typeof acts, number][];
const act = fc.record({
  name: fc.oneof(...names.map(([name, weight]) => ({ weight, arbitrary: fc.constant(name) }))),
  qty: fc.nat(9),
});

test('whatever people, host and machines do: no piece is lost or made, and the hosts can follow it', async () => {
  let [picks, clarified, shared] = [0, 0, 0];
  await fc.assert(
    fc.asyncProperty(fc.array(act, { minLength: 30, maxLength: 60 }), async (history) => {
      const rig = await stockedWithArticles(['T-1', 10], ['T-2', 6]);
      await acts.order(rig, 7, 0);
      for (const [n, { name, qty }] of history.entries()) {
        await acts[name](rig, qty, n + 1);
        expect([name, ...wrongTakers(rig.flow.warehouse)]).toEqual([name]);
      }
      expect(rig.fatal).toEqual([]);
      const folded = foldedByHost(rig.events());
      for (const { loadUnit, lines, status } of rig.flow.warehouse.tables.loadUnit.values()) {
        const qty = lines.reduce((sum, line) => sum + line.qty, 0);
        expect(
          lines.every((line) => line.qty > 0),
          loadUnit,
        ).toBe(true);
        if (status !== 'announced')
          expect([loadUnit, folded.get(loadUnit) ?? 0]).toEqual([loadUnit, qty]);
      }
      clarified += rig.flow.books.why('T-1').filter(({ text }) => text.includes('clarif')).length;
      shared += rig.flow.books
        .why('T-1')
        .filter(({ text }) => text.includes('in the same visit')).length;
      picks += rig.told().filter((line) => line.includes(' picked ')).length;
    }),
    { numRuns: 20, seed: 7 },
  );
  expect(picks).toBeGreaterThan(10);
  expect(clarified).toBeGreaterThan(0);
  expect(shared).toBeGreaterThan(10);
}, 60_000);
