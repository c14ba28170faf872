import { describe, expect, test } from 'vitest';
import { Topology } from '../../src/domain/topology.ts';
import { at, demoSite, id } from '../lib/demo.ts';
import { FlowRig, ssccOf } from '../lib/flow-rig.ts';
import { loopSite } from '../lib/loop-site.ts';
import { NetworkRig } from '../lib/network-rig.ts';

// IN-01 > LOOP-A (A01) > LOOP-B (A02) > LOOP-C (PICK-01) > LOOP-D (PICK-02) > LOOP-A.
const crossSite = { ...loopSite, crossDock: true };
const tote = { loadUnitType: 'TOTE-600' };
const why = (rig: NetworkRig | FlowRig, subject: string) =>
  rig.flow.books.why(subject).map(({ text }) => text);
const isStored = (rig: NetworkRig, code: string) => /^A0[12]-[LR]-/.test(rig.placeOf(code) ?? '');
const order = (rig: NetworkRig, name: string) => rig.flow.books.order(name);
const neverOnCrane = (rig: NetworkRig, code: string) =>
  why(rig, code).every((text) => !text.includes('waits for crane'));

interface Wanted {
  readonly order?: string;
  readonly station?: string;
  readonly line?: object;
  readonly more?: object;
}

async function orders(rig: NetworkRig | FlowRig, wanted: Wanted = {}) {
  const { order: name = 'SO-1', station = 'PICK-01', line = {}, more = {} } = wanted;
  const lines = [{ sku: 'A', qty: 10, ...line }];
  const data = { order: name, kind: 'retrieval', station, lines, ...more };
  const reply = await rig.command('order.create', data);
  expect(['queued', 'active', 'held']).toContain((reply as { status?: string }).status);
}

async function brings(rig: NetworkRig, code: string, line: object = {}) {
  const lines = [{ sku: 'A', qty: 10, ...line }];
  await rig.command('loadUnit.announce', { loadUnits: [{ ...tote, lpn: code, lines }] });
  rig.outside.push(code);
}

async function site(options: ConstructorParameters<typeof NetworkRig>[0] = {}) {
  const rig = new NetworkRig({ site: crossSite, ...options });
  const skus = [
    { sku: 'A', unit: 'pcs' },
    { sku: 'B', unit: 'pcs' },
    { sku: 'F', unit: 'pcs', strategy: 'fefo', minRemainingDays: 10 },
  ];
  await rig.command('sku.put', { skus });
  return rig;
}

describe('a load unit that a waiting order is short of', () => {
  test('goes from the infeed to its station, past all cranes, and both are told why', async () => {
    const rig = await site();
    await orders(rig);
    expect(order(rig, 'SO-1')).toMatchObject({ reasons: [{ code: 'STOCK_SHORT' }] });
    await brings(rig, 'T-7');
    rig.run();
    expect([rig.gone, rig.asked, neverOnCrane(rig, 'T-7')]).toEqual([['T-7'], [], true]);
    expect(order(rig, 'SO-1')).toMatchObject({ status: 'completed', lines: [{ qtyDone: 10 }] });
    const text =
      'T-7 goes from IN-01 to PICK-01 for SO-1, not into a rack: no rack has the A that is still short.';
    expect([why(rig, 'T-7').includes(text), why(rig, 'SO-1').includes(text)]).toEqual([true, true]);
  });

  test('is stored first where the site file does not say so', async () => {
    const rig = await site({ site: loopSite });
    await orders(rig);
    await brings(rig, 'T-7');
    rig.run();
    expect([rig.gone, neverOnCrane(rig, 'T-7')]).toEqual([['T-7'], false]);
  });

  test('goes to the most urgent order, and the next one to the next order', async () => {
    const rig = await site();
    await orders(rig, { order: 'SO-1', station: 'PICK-01', more: { priority: 3 } });
    await orders(rig, { order: 'SO-2', station: 'PICK-02', more: { priority: 8 } });
    await brings(rig, 'T-7');
    await brings(rig, 'T-8');
    await brings(rig, 'T-9');
    rig.run();
    expect(order(rig, 'SO-2')).toMatchObject({ status: 'completed', loadUnits: ['T-7'] });
    expect(order(rig, 'SO-1')).toMatchObject({ status: 'completed', loadUnits: ['T-8'] });
    expect(isStored(rig, 'T-9')).toBe(true);
  });

  test('covers a part; the rest comes later, and nothing twice', async () => {
    const rig = await site();
    await orders(rig, { line: { qty: 15 } });
    for (const code of ['T-7', 'T-8', 'T-9']) await brings(rig, code);
    rig.until(() => order(rig, 'SO-1')?.status === 'active');
    expect(order(rig, 'SO-1')).toMatchObject({ loadUnits: ['T-7'], reasons: [{}] });
    rig.run();
    expect(order(rig, 'SO-1')).toMatchObject({ status: 'completed', loadUnits: ['T-7', 'T-8'] });
    expect([isStored(rig, 'T-9'), neverOnCrane(rig, 'T-8')]).toEqual([true, true]);
  });

  test('goes to where a pick order wants it, and is picked from there', async () => {
    const rig = await site({ finish: () => 'wait' });
    await orders(rig, { line: { qty: 3 }, more: { kind: 'pick' } });
    await brings(rig, 'T-7');
    rig.run();
    expect([rig.placeOf('T-7'), neverOnCrane(rig, 'T-7')]).toEqual(['PICK-01', true]);
    const machines = [...rig.flow.warehouse.tables.workflow.values()].map(({ machine }) => machine);
    expect(machines.toSorted()).toEqual(['pick@1', 'retrieval@1']);
  });

  test('goes as the one that an order names, with nothing of its goods said', async () => {
    const rig = await site();
    await brings(rig, 'T-7');
    await rig.orders('SO-1', 'PICK-02', 'T-7');
    rig.run();
    expect([rig.gone, neverOnCrane(rig, 'T-7')]).toEqual([['T-7'], true]);
  });
});

describe('it is stored', () => {
  test('when the rack has what comes before it', async () => {
    const rig = await site({ stored: { 'T-1': 'A01-L-001-01-1' } });
    rig.stuck.add('conveyor-1/4');
    await orders(rig);
    await brings(rig, 'T-7');
    rig.run();
    expect([rig.where('T-1'), isStored(rig, 'T-7')]).toEqual(['A01-PD-OUT', true]);
    rig.stuck.clear();
    expect(rig.run().gone).toEqual(['T-1']);
  });

  test.each<[string, Wanted, object]>([
    ['another SKU', {}, { sku: 'B' }],
    ['another lot', { line: { lot: 'L1' } }, { lot: 'L2' }],
    ['another status', {}, { stockStatus: 'blocked' }],
    ['an earlier day of expiry', { line: { expiry: '1970-03-01' } }, { expiry: '1970-02-01' }],
    [
      'fewer days left than its SKU asks for',
      { line: { sku: 'F' } },
      { sku: 'F', expiry: '1970-01-05' },
    ],
    ['an order that is held', { more: { hold: true } }, {}],
  ])('for %s', async (_, wanted, line) => {
    const rig = await site();
    await orders(rig, wanted);
    await brings(rig, 'T-7', line);
    rig.run();
    expect([rig.gone, isStored(rig, 'T-7'), rig.asked]).toEqual([[], true, []]);
  });

  test('when the station is locked, and why is told', async () => {
    const rig = await site();
    await orders(rig);
    await rig.operator({ act: 'lock', part: 'PICK-01', lock: 'in', reason: 'sprinkler' });
    await brings(rig, 'T-7');
    rig.run();
    expect(isStored(rig, 'T-7')).toBe(true);
    expect(why(rig, 'T-7')).toContain(
      'T-7 does not go from IN-01 to SO-1: PICK-01 is locked (in) by op-1: sprinkler.',
    );
  });

  test('when the station has no room, and why is told', async () => {
    const stored = { 'T-1': 'A01-L-001-01-1', 'T-2': 'A01-L-002-01-1' };
    const rig = await site({ stored, finish: () => 'wait' });
    await rig.orders('SO-1', 'PICK-01', 'T-1');
    await rig.orders('SO-2', 'PICK-01', 'T-2');
    rig.run();
    await orders(rig, { order: 'SO-3' });
    await brings(rig, 'T-7');
    rig.run();
    expect(isStored(rig, 'T-7')).toBe(true);
    expect(why(rig, 'SO-3')).toContain(
      'T-7 does not go from IN-01 to SO-3: PICK-01 has no room for it.',
    );
  });
});

describe('on its way to the station', () => {
  async function onItsWay() {
    const rig = await site();
    await orders(rig);
    await brings(rig, 'T-7');
    rig.until(() => rig.where('T-7') === 'LOOP-B');
    return rig;
  }

  test('a cancel comes too late: it arrives, and the order is completed', async () => {
    const rig = await onItsWay();
    await rig.command('order.cancel', { order: 'SO-1' });
    expect(order(rig, 'SO-1')).toMatchObject({ status: 'canceling' });
    rig.run();
    expect([rig.gone, order(rig, 'SO-1')?.status, rig.asked]).toEqual([['T-7'], 'completed', []]);
  });

  test('it goes round while the station is locked, and arrives once that is unlocked', async () => {
    const rig = await onItsWay();
    const lock = { act: 'lock', part: 'PICK-01', reason: 'sprinkler' } as const;
    await rig.operator({ ...lock, lock: 'in' });
    rig.until(() => rig.where('T-7') === 'LOOP-A');
    await rig.operator({ ...lock, lock: 'none' });
    rig.run();
    expect([rig.gone, neverOnCrane(rig, 'T-7')]).toEqual([['T-7'], true]);
  });

  test('it waits at the infeed for room on the conveyors, and is not identified anew after manual mode', async () => {
    const rig = await site();
    for (const key of ['conveyor-1/2', 'conveyor-2/1']) rig.stuck.add(key);
    for (const code of ['T-5', 'T-6']) await brings(rig, code, { sku: 'B' });
    await orders(rig);
    await brings(rig, 'T-7');
    rig.until(() => why(rig, 'T-7').some((text) => text.startsWith('T-7 waits at IN-01')));
    for (const mode of ['manual', 'auto'] as const) {
      await rig.operator({ act: 'mode', device: 'conveyor-1' as never, mode });
    }
    rig.settle().clock.advance(10_000);
    rig.stuck.clear();
    rig.run();
    expect([rig.gone, rig.asked, order(rig, 'SO-1')?.status]).toEqual([['T-7'], [], 'completed']);
  });
});

describe('where an exit of the infeed leads to the station', () => {
  const points = demoSite.points.map((point) =>
    point.role === 'induct'
      ? { ...point, exits: [...point.exits, { exit: 3, to: at('PICK-01'), isDefault: false }] }
      : point,
  );
  const topology = new Topology({ ...demoSite, crossDock: true, points });

  /** The way of a tote from its arrival at the infeed, before anything has left. */
  async function answered() {
    const rig = new FlowRig(topology);
    await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs' }] });
    const lines = [{ sku: 'A', qty: 10 }];
    await rig.command('loadUnit.announce', {
      loadUnits: [{ ...tote, lpn: 'T-7', sscc: ssccOf('T-7'), lines }],
    });
    await orders(rig);
    const scanSeq = rig.conveyor.arrive(1);
    rig.settle().read('scan-in-1', `00${ssccOf('T-7')}`);
    expect(rig.conveyor.answerTo(1, scanSeq)).toBe(3);
    return { rig, scanSeq };
  }

  test.each([true, false])('hosts are told of it as of a retrieval, restarts %s', async (does) => {
    const { rig, scanSeq } = await answered();
    if (does) rig.restart();
    expect(rig.conveyor.answerTo(1, scanSeq)).toBe(3);
    rig.conveyor.leave(1, scanSeq);
    rig.settle();
    if (does) rig.restart();
    expect(rig.unit('T-7').place).toBe('PICK-01');
    rig.read('scan-pick-1', `00${ssccOf('T-7')}`);
    expect(rig.told()).toEqual(
      expect.arrayContaining(['T-7 received OUTSIDE > IN-01', 'T-7 retrieved IN-01 > PICK-01']),
    );
    rig.read('scan-pick-1', 'CRANEWAY-SHIP').advance(10_000_000);
    expect([rig.order('SO-1')?.status, rig.asked]).toEqual(['completed', []]);
    expect(rig.rows('workflow')).toEqual([]);
  });

  test('lost by the conveyor it is looked for, and the order waits again', async () => {
    const { rig, scanSeq } = await answered();
    rig.conveyor.confirm(1, { scanSeq, exitTaken: 0, outcome: 'vanished' });
    rig.settle();
    expect(rig.unit(id('T-7'))).toMatchObject({ status: 'clarification', order: undefined });
    expect([rig.asked, rig.rows('workflow')]).toEqual([['TRACKING_LOST'], []]);
    expect(rig.order('SO-1')).toMatchObject({
      status: 'queued',
      reasons: [{ code: 'STOCK_SHORT' }],
    });
  });
});
