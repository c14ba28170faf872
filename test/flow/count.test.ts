import { describe, expect, test } from 'vitest';
import type { FlowRig } from '../lib/flow-rig.ts';
import { answer, asked, gtin, linesOf, scans, stockedWithArticles } from '../lib/station-run.ts';
import { craneRuns, first, outfeeds, retrieves, second, stores } from '../lib/stories.ts';

const count = (rig: FlowRig, what: object) =>
  rig.command('order.create', { order: 'CC-1', kind: 'count', ...what });

/** A tote with 10 pieces of SKU A at the station, to be counted. */
async function atCount(more: object = {}): Promise<FlowRig> {
  const rig = await stockedWithArticles(['T-1', 10]);
  await count(rig, { location: first, ...more });
  retrieves(rig, 'T-1');
  return rig;
}
const counts = (rig: FlowRig, qty: number, operator = 'op-1') =>
  answer(rig, 'counted', { qty, operator });

test('what is counted as booked is told to the order, and the load unit goes back', async () => {
  const rig = await atCount();
  expect(asked(rig)).toBe('count T-1');
  await counts(rig, 10);
  expect(asked(rig)).toBe('countMore T-1');
  await answer(rig, 'nothing');
  await scans(rig, 'T-1');
  expect(rig.order('CC-1')).toMatchObject({
    ...{ status: 'completed', kind: 'count', location: first, station: 'PICK-01' },
    lines: [{ sku: 'A', qty: 10, qtyDone: 10, qtyShort: 0 }],
  });
  expect(rig.told().some((line) => line.includes('counted'))).toBe(false);
  stores(rig, 'T-1');
  expect(rig.unit('T-1').place).toBe(first);
});

test('a blind count says nothing of what is booked; one that is not blind does', async () => {
  const blind = await atCount();
  expect(JSON.stringify(blind.flow.books.station('PICK-01'))).not.toMatch(/\b10\b/);
  const open = await atCount({ blind: false });
  expect(open.flow.books.station('PICK-01')?.instruction).toContain('10 are booked');
});

test('canceled while the load unit is on its way: nobody counts it, and it goes back', async () => {
  const rig = await stockedWithArticles(['T-1', 10]);
  await count(rig, { location: first });
  craneRuns(rig);
  outfeeds(rig);
  await rig.command('order.cancel', { order: 'CC-1' });
  await scans(rig, 'T-1');
  expect(asked(rig)).toBe('sendBack T-1');
  await scans(rig, 'T-1');
  expect(rig.order('CC-1')?.status).toBe('canceled');
});

describe('it differs from the books', () => {
  test('somebody else counts; when both agree the books follow, and the hosts are told', async () => {
    const rig = await atCount();
    await counts(rig, 8, 'anna');
    expect([asked(rig), linesOf(rig, 'T-1')]).toEqual(['recount T-1', ['10 A available']]);
    expect(await counts(rig, 8, 'anna')).toMatchObject({
      ok: false,
      reason: expect.stringContaining('somebody else'),
    });
    expect(await counts(rig, 8, 'bert')).toMatchObject({ ok: true });
    expect(linesOf(rig, 'T-1')).toEqual(['8 A available']);
    const counted = rig.events().find(({ data }) => (data as { kind?: string }).kind === 'counted');
    expect(counted?.data).toMatchObject({
      ...{ loadUnit: 'T-1', from: 'PICK-01', to: 'ADJUSTMENT', order: 'CC-1', operator: 'bert' },
      lines: [{ sku: 'A', qty: 2 }],
    });
  });

  test('the second one finds what is booked: nothing changes', async () => {
    const rig = await atCount();
    await counts(rig, 8, 'anna');
    await counts(rig, 10, 'bert');
    expect([asked(rig), linesOf(rig, 'T-1')]).toEqual(['countMore T-1', ['10 A available']]);
  });

  test('whoever counted first goes on with the load unit once somebody else has counted it', async () => {
    const rig = await atCount();
    await counts(rig, 8, 'anna');
    await counts(rig, 8, 'bert');
    expect(await answer(rig, 'nothing', { operator: 'anna' })).toMatchObject({ ok: true });
    expect(await answer(rig, 'return', { operator: 'anna' })).toMatchObject({ ok: true });
    expect(rig.order('CC-1')?.status).toBe('completed');
  });

  test('three who do not agree: the books stay, and a person finds out why', async () => {
    const rig = await atCount();
    for (const [qty, who] of [
      [8, 'anna'],
      [7, 'bert'],
      [6, 'carl'],
    ] as const) {
      await counts(rig, qty, who);
    }
    expect(linesOf(rig, 'T-1')).toEqual(['10 A available']);
    expect(rig.unit('T-1').status).toBe('clarification');
    expect(rig.asked.toSorted()).toEqual(['COUNT_DISPUTED', 'ORDER_STUCK']);
    expect(rig.order('CC-1')?.status).toBe('needsOperator');
  });

  test('more than is booked is a gain', async () => {
    const rig = await atCount();
    await counts(rig, 12, 'anna');
    await counts(rig, 12, 'bert');
    expect(rig.told()).toContain('T-1 counted ADJUSTMENT > PICK-01');
    expect(linesOf(rig, 'T-1')).toEqual(['12 A available']);
  });
});

test('what the books do not have there is scanned, counted twice and booked', async () => {
  const rig = await stockedWithArticles(['T-1', 10]);
  await rig.command('sku.put', { skus: [{ sku: 'B', unit: 'pcs', gtin: '4012345123456' }] });
  await count(rig, { loadUnit: 'T-1' });
  retrieves(rig, 'T-1');
  await counts(rig, 10);
  await scans(rig, '4012345123456');
  await counts(rig, 3, 'anna');
  await counts(rig, 3, 'bert');
  expect(linesOf(rig, 'T-1')).toEqual(['10 A available', '3 B available']);
  const again = await rig.operator({ act: 'scan', station: 'PICK-01' as never, code: gtin });
  expect(again).toMatchObject({ ok: false, reason: expect.stringContaining('counted already') });
});

test('all load units of an article are counted, one after the other', async () => {
  const rig = await stockedWithArticles(['T-1', 10], ['T-2', 5]);
  await count(rig, { sku: 'A' });
  for (const [name, qty] of [
    ['T-1', 10],
    ['T-2', 5],
  ] as const) {
    retrieves(rig, name);
    await counts(rig, qty);
    await answer(rig, 'nothing');
    await scans(rig, name);
  }
  expect(rig.order('CC-1')).toMatchObject({
    status: 'completed',
    lines: [{ qty: 10 }, { qty: 5 }],
  });
});

test('canceled at the station: nothing more is counted, and it goes back', async () => {
  const rig = await atCount();
  await rig.command('order.cancel', { order: 'CC-1' });
  expect(asked(rig)).toBe('sendBack T-1');
  await scans(rig, 'T-1');
  expect(rig.order('CC-1')?.status).toBe('canceled');
});

describe('one of its load units is not in its cell', () => {
  /** Of two load units that are to be counted, the first is not in its cell. */
  async function stuckCount() {
    const rig = await stockedWithArticles(['T-1', 10], ['T-2', 5]);
    await count(rig, { sku: 'A' });
    rig.crane.answer();
    rig.crane.end('binEmpty', undefined);
    return rig.settle();
  }

  test('found and counted, the order is complete: there is nothing to decide any more', async () => {
    const rig = await stuckCount();
    await rig.resolve('BIN_EMPTY', 'found', second);
    for (const [name, qty] of [
      ['T-2', 5],
      ['T-1', 10],
    ] as const) {
      retrieves(rig, name);
      await answer(rig, 'counted', { qty });
      await answer(rig, 'nothing');
      await scans(rig, name);
    }
    expect([rig.order('CC-1')?.status, rig.questions('ORDER_STUCK')]).toEqual(['completed', []]);
  });

  test('the order fails: nothing more is fetched for it, and it stays failed', async () => {
    const rig = await stuckCount();
    await rig.resolve('ORDER_STUCK', 'fail');
    expect(rig.crane.command).toMatchObject({ command: 'cancel' });
    rig.crane.answer('missionUnknown');
    rig.settle();
    expect([rig.order('CC-1')?.status, rig.questions('ORDER_STUCK')]).toEqual(['failed', []]);
    expect(rig.unit('T-2')).toMatchObject({ workflow: undefined, order: undefined });
  });

  test('the order fails while the next one stands at the station: that goes back uncounted', async () => {
    const rig = await stuckCount();
    craneRuns(rig);
    outfeeds(rig);
    await rig.resolve('ORDER_STUCK', 'fail');
    rig.read('scan-pick-1', 'T-2');
    expect(asked(rig)).toBe('sendBack T-2');
    await scans(rig, 'T-2');
    expect(
      rig
        .told()
        .filter((line) => line.startsWith('CC-1'))
        .at(-1),
    ).toBe('CC-1 failed');
  });
});

test.each([
  [{ location: second }, '/location', 'nothing is booked'],
  [{ location: 'A09-L-001-01-1' }, '/location', 'not a cell'],
  [{ sku: 'X' }, '/sku', 'not known'],
  [{ loadUnit: 'X-1' }, '/loadUnit', 'not known'],
  [{ loadUnit: 'T-1', station: 'IN-01' }, '/station', 'not a workstation'],
])('%j cannot be counted, and the host is told why', async (what, path, message) => {
  const rig = await stockedWithArticles(['T-1', 10]);
  const reply = await count(rig, what);
  expect(reply.error).toMatchObject({
    code: 'UNKNOWN_REFERENCE',
    errors: [{ path, message: expect.stringContaining(message) }],
  });
});
