import { describe, expect, test } from 'vitest';
import { Topology } from '../../src/domain/topology.ts';
import { at, demoSite } from '../lib/demo.ts';
import { announce, FlowRig } from '../lib/flow-rig.ts';
import { craneRuns, first, orderFor, retrieves, stores } from '../lib/stories.ts';

/** The host has its own names for the infeed, the station, the aisle and all cells. */
const topology = new Topology({
  ...demoSite,
  hostCodes: {
    names: { 'IN-01': 'goods in', 'PICK-01': 'WS1', A01: '7' },
    cells: '{aisle}/{level}{side:12}{bay:2}',
  },
});
const firstCell = '7/1101';

async function stocked(...totes: [string, number?][]): Promise<FlowRig> {
  const rig = new FlowRig(topology);
  await rig.command('sku.put', { skus: [{ sku: 'A', unit: 'pcs' }] });
  for (const [lpn, qty] of totes) {
    await announce(rig, lpn, qty);
    stores(rig, lpn);
  }
  return rig;
}
const local = { host: 'local' as never };
const places = (rig: FlowRig) =>
  rig.events().flatMap(({ data }) => {
    const { from, to, location, station } = data as Record<string, string | undefined>;
    return [from, to, location, station].filter((place) => place !== undefined);
  });

describe('what a host is told', () => {
  test('are its own codes, in movements, load units and orders, and never ours', async () => {
    const rig = await stocked(['T-1', 10]);
    expect(rig.told()).toContain('T-1 putaway goods in > 7/1101');
    const reply = await rig.command('order.create', orderFor('SO-1', 'T-1', { station: 'WS1' }));
    expect(reply).toMatchObject({ result: 'accepted', status: 'queued' });
    retrieves(rig, 'T-1');
    expect(rig.told().slice(-3)).toContain('T-1 retrieved 7/1101 > WS1');
    const told = new Set(places(rig));
    expect([...told].toSorted()).toEqual([firstCell, 'OUTSIDE', 'WS1', 'goods in']);
    // The books have our codes.
    expect(rig.order('SO-1')?.station).toBe('PICK-01');
    expect(rig.unit('T-1').place).toBe('PICK-01');
  });

  test('in answers to its questions, too', async () => {
    const rig = await stocked(['T-1', 10]);
    const stock = await rig.command('stock.query', { location: firstCell });
    expect(stock.stock).toMatchObject([{ loadUnit: 'T-1', location: firstCell }]);
    await rig.command('order.create', orderFor('SO-1', 'T-1', { station: 'WS1', wave: 'W' }));
    const orders = await rig.command('order.query', { order: 'SO-1' });
    expect(orders.orders).toMatchObject([{ order: 'SO-1', station: 'WS1' }]);
    const wave = await rig.command('order.cancel', { wave: 'W' });
    expect(wave.orders).toMatchObject([{ station: 'WS1' }]);
    const notice = { lpn: 'T-1', loadUnitType: 'TOTE-600' };
    const late = await rig.command('loadUnit.announce', { loadUnits: [notice] });
    expect(late.error).toMatchObject({ code: 'TOO_LATE', current: { location: firstCell } });
  });
});

describe('what a host says', () => {
  test('is understood in its codes: stations, cells to relocate to, and what it locks', async () => {
    const rig = await stocked(['T-1', 10]);
    const move = { order: 'RE-1', kind: 'relocation', loadUnit: 'T-1', location: '7/2230' };
    expect(await rig.command('order.create', move)).toMatchObject({ result: 'accepted' });
    expect(rig.crane.command).toMatchObject({ from: first, to: 'A01-R-030-02-1' });
    craneRuns(rig);
    const lock = { lock: 'in', reason: 'recall' };
    for (const location of ['7/1101', '7', 'A01-L-003..005']) {
      expect(await rig.command('stock.block', { location, ...lock })).toMatchObject({
        result: 'accepted',
      });
    }
    expect(rig.flow.books.locks()).toMatchObject([
      { part: 'A01', hostCode: '7' },
      { part: first, hostCode: firstCell },
      { part: 'A01-L-003..005' },
    ]);
  });
});

describe('what a host says otherwise', () => {
  test.each([
    [
      'order.create',
      orderFor('SO-1', 'T-1', { station: 'PICK-01' }),
      '/station',
      'hosts call it WS1',
    ],
    [
      'order.create',
      orderFor('SO-1', 'T-1', { station: 'WS2' }),
      '/station',
      'WS2 is not a workst',
    ],
    [
      'order.create',
      orderFor('SO-1', 'T-1', { station: 'goods in' }),
      '/station',
      'goods in is not',
    ],
    [
      'stock.block',
      { location: first, lock: 'in', reason: '' },
      '/location',
      'hosts call it 7/1101',
    ],
    [
      'stock.block',
      { location: '7/1131', lock: 'in', reason: '' },
      '/location',
      '7/1131 is not a pl',
    ],
    ['stock.query', { location: '7/1131' }, '/location', '7/1131 is not a place'],
    [
      'loadUnit.announce',
      { loadUnits: [{ lpn: 'T-2', loadUnitType: 'TOTE-600', station: 'IN-01' }] },
      '/loadUnits/0/station',
      'hosts call it goods in',
    ],
  ] as const)(
    '%s %j is refused where it names no place of its own, in its own words',
    async (name, data, path, message) => {
      const rig = await stocked(['T-1', 10]);
      const { error } = await rig.command(name, data);
      expect(error).toMatchObject({ code: 'UNKNOWN_REFERENCE', status: 422 });
      expect(error?.errors).toEqual([{ path, message: expect.stringContaining(message) }]);
    },
  );

  test('again is the same order, and no second one', async () => {
    const rig = await stocked(['T-1', 10]);
    const order = orderFor('SO-1', 'T-1', { station: 'WS1', hold: true });
    await rig.command('order.create', order);
    expect(await rig.command('order.create', order)).toMatchObject({ duplicate: true });
  });
});

describe('people may use either code', () => {
  test.each(['PICK-01', 'WS1'])('for a station: %s', async (station) => {
    const rig = await stocked(['T-1', 10]);
    await rig.command('order.create', orderFor('SO-1', 'T-1', { station }), local);
    expect(rig.order('SO-1')).toMatchObject({ status: 'active', station: 'PICK-01' });
    expect(rig.flow.books.station(station)).toMatchObject({ station: 'PICK-01', hostCode: 'WS1' });
    retrieves(rig, 'T-1');
    const done = { act: 'finish', station: at(station), loadUnit: 'T-1', how: 'ship' } as const;
    expect(await rig.operator(done)).toMatchObject({ ok: true });
  });

  test.each([first, firstCell])('for a cell: %s', async (cell) => {
    const rig = await stocked(['T-1', 10]);
    expect(
      await rig.operator({ act: 'lock', part: cell, lock: 'out', reason: 'wet' }),
    ).toMatchObject({ ok: true });
    const why = rig.flow.books.why(cell).map(({ text }) => text);
    expect(why[0]).toBe(`Hosts call ${first} ${firstCell}.`);
    expect(why[1]).toContain('is locked (out)');
    const query = { by: 'loadUnit', location: cell, limit: 9 } as const;
    expect(rig.flow.books.stock(query).items).toMatchObject([{ loadUnit: 'T-1' }]);
    expect(await rig.operator({ act: 'check', location: at(cell) })).toMatchObject({ ok: true });
  });

  test('for the place where something was found; hosts see the alarm at their own code', async () => {
    const rig = await stocked(['T-1', 10]);
    await rig.command('order.create', orderFor('SO-1', 'T-1', { station: 'WS1' }));
    rig.crane.answer();
    rig.settle();
    rig.crane.end('binEmpty', undefined);
    rig.settle();
    const [asked] = rig.flow.books.discrepancies('open');
    expect(asked).toMatchObject({ location: first, hostCode: firstCell });
  });
});
