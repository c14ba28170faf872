import { describe, expect, test } from 'vitest';
import { announce, ssccOf, station } from '../lib/flow-rig.ts';
import {
  craneRuns,
  first,
  inducts,
  lhd,
  orderFor,
  outfeeds,
  pdOut,
  retrieves,
  second,
  stocked,
  stores,
  third,
} from '../lib/stories.ts';

test('a load unit comes to the station, is scanned and shipped, and every step is told in order', async () => {
  const rig = await stocked(['T-1']);
  const from = rig.ledger.lastSequence() + 1;
  const reply = await rig.command('order.create', orderFor('SO-1', 'T-1'));
  expect(reply).toMatchObject({ result: 'accepted', order: 'SO-1', status: 'queued', revision: 1 });
  retrieves(rig, 'T-1');
  expect(rig.unit('T-1').place).toBe(station);
  rig.read('scan-pick-1', 'CRANEWAY-SHIP');
  expect(rig.told().slice(from - 1)).toEqual([
    'SO-1 queued',
    'SO-1 active',
    `T-1 retrieved ${first} > PICK-01`,
    'SO-1 completed',
    'T-1 shipped PICK-01 > OUTSIDE',
  ]);
  expect(rig.unit('T-1')).toMatchObject({ place: 'OUTSIDE', status: 'gone', order: undefined });
  expect(rig.events().map(({ sequence }) => sequence)).toEqual(rig.events().map((_, i) => i + 1));
  expect([rig.asked, rig.rows('workflow')]).toEqual([[], []]);
});

test('what goes back is stored again by the infeed', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  retrieves(rig, 'T-1');
  rig.read('scan-pick-1', 'CRANEWAY-RETURN');
  expect(rig.unit('T-1')).toMatchObject({ place: station, status: 'present' });
  stores(rig, 'T-1');
  expect(rig.unit('T-1').place).toBe(first);
  expect(rig.told().slice(-3)).toEqual([
    'T-1 relocated PICK-01 > IN-01',
    'T-1 inducted',
    `T-1 putaway IN-01 > ${first}`,
  ]);
});

test('what was sent back and does not come to the infeed is asked for, until it comes', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  retrieves(rig, 'T-1');
  rig.read('scan-pick-1', 'CRANEWAY-RETURN');
  rig.advance(rig.topology.site.limits.conveyorLimitMs - 1);
  expect(rig.asked).toEqual([]);
  rig.advance(1);
  expect(rig.questions().map(({ code, text }) => [code, text])).toEqual([
    ['RETURN_LATE', expect.stringMatching(/^T-1 was to go back from PICK-01 and has not come/)],
  ]);
  stores(rig, 'T-1');
  expect([rig.asked, rig.unit('T-1').place]).toEqual([[], first]);
});

test('a quantity is served first expired first out, and no more than necessary', async () => {
  const rig = await stocked(
    ['T-1', 10, '1971-03-01'],
    ['T-2', 10, '1971-01-01'],
    ['T-3', 10, '1971-02-01'],
  );
  await rig.command('order.create', orderFor('SO-1', 15));
  expect(rig.order('SO-1')).toMatchObject({ status: 'active', loadUnits: ['T-2', 'T-3'] });
  retrieves(rig, 'T-2');
  retrieves(rig, 'T-3');
  expect(rig.order('SO-1')).toMatchObject({
    status: 'completed',
    lines: [{ qty: 15, qtyDone: 15, qtyShort: 0 }],
  });
});

describe('there is not enough', () => {
  test('it waits, says why, and goes on when more has come', async () => {
    const rig = await stocked(['T-1', 10]);
    await rig.command('order.create', orderFor('SO-1', 15));
    expect(rig.order('SO-1')).toMatchObject({
      status: 'active',
      reasons: [{ code: 'STOCK_SHORT', detail: '10 of 15 A can be reached' }],
    });
    await announce(rig, 'T-2', 10);
    retrieves(rig, 'T-1');
    stores(rig, 'T-2');
    retrieves(rig, 'T-2');
    expect(rig.order('SO-1')).toMatchObject({ status: 'completed', reasons: undefined });
  });

  test('with partial it ends with what there was', async () => {
    const rig = await stocked(['T-1', 10]);
    await rig.command('order.create', orderFor('SO-1', 15, { ifShort: 'partial' }));
    retrieves(rig, 'T-1');
    expect(rig.order('SO-1')).toMatchObject({
      status: 'completed',
      lines: [{ qtyDone: 10, qtyShort: 5 }],
    });
  });

  test('with reject nothing is taken in, not even for stock that has expired', async () => {
    const rig = await stocked(['T-1', 10, '1969-12-31']);
    const reply = await rig.command('order.create', orderFor('SO-1', 5, { ifShort: 'reject' }));
    expect(reply).toMatchObject({ result: 'refused', error: { code: 'STOCK_SHORT' } });
    expect(rig.order('SO-1')).toBeUndefined();
  });
});

test('one load unit serves one order at a time; the next one gets it when it is back', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  await rig.command('order.create', orderFor('SO-2', 'T-1'));
  expect(rig.order('SO-2')).toMatchObject({
    status: 'queued',
    reasons: [{ code: 'LOAD_UNIT_BUSY' }],
  });
  retrieves(rig, 'T-1');
  rig.read('scan-pick-1', 'CRANEWAY-RETURN');
  stores(rig, 'T-1');
  expect(rig.order('SO-2')).toMatchObject({ status: 'active' });
  retrieves(rig, 'T-1');
  expect(rig.order('SO-2')).toMatchObject({ status: 'completed' });
});

test('an order starts when its time has come, though nothing else happens', async () => {
  const rig = await stocked(['T-1']);
  const notBefore = '1970-01-01T01:00:00Z';
  await rig.command('order.create', orderFor('SO-1', 'T-1', { notBefore }));
  rig.advance(3_599_000);
  expect(rig.order('SO-1')?.status).toBe('queued');
  rig.advance(1_000);
  expect(rig.order('SO-1')?.status).toBe('active');
});

test('an order whose time came while the process was down starts with it', async () => {
  const rig = await stocked(['T-1']);
  const notBefore = '1970-01-01T01:00:00Z';
  await rig.command('order.create', orderFor('SO-1', 'T-1', { notBefore }));
  rig.kill();
  rig.advance(3_600_000);
  rig.restart();
  expect(rig.order('SO-1')?.status).toBe('active');
});

test('no more is sent to a station than has room there', async () => {
  const rig = await stocked(['T-1'], ['T-2'], ['T-3'], ['T-4']);
  for (const no of [1, 2, 3, 4]) {
    await rig.command('order.create', orderFor(`SO-${no}`, `T-${no}`));
  }
  for (const no of [1, 2, 3]) {
    craneRuns(rig);
    outfeeds(rig);
    expect(rig.flow.warehouse.countAt(station)).toBe(no);
  }
  expect(rig.crane.command).toBeUndefined();
  rig.read('scan-pick-1', 'T-2').read('scan-pick-1', 'CRANEWAY-SHIP');
  expect(rig.crane.command).toMatchObject({ command: 'transfer', to: pdOut });
});

test('the crane stores on its way to the next retrieval, and fetches the nearest', async () => {
  const rig = await stocked(['T-1'], ['T-2'], ['T-3']);
  await rig.command('order.create', orderFor('SO-3', 'T-3'));
  await rig.command('order.create', orderFor('SO-1', 'T-1', { priority: 9 }));
  await rig.command('order.create', orderFor('SO-2', 'T-2'));
  const froms = () => rig.crane.commands.slice(3).map((c) => 'from' in c && c.from);
  for (let i = 0; i < 3; i++) craneRuns(rig);
  expect(froms()).toEqual([third, first, second]);
});

test('a wrong tote at the station is said there, and delivers nothing', async () => {
  const rig = await stocked(['T-1'], ['T-2']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  outfeeds(rig);
  rig.read('scan-pick-1', 'T-2');
  expect(rig.questions()).toMatchObject([{ code: 'WRONG_AT_STATION', location: 'PICK-01' }]);
  expect(rig.order('SO-1')?.status).toBe('active');
  rig.read('scan-pick-1', `00${ssccOf('T-1')}`);
  expect([rig.asked, rig.order('SO-1')?.status]).toEqual([[], 'completed']);
});

test('a label of goods at the station is read out, and confirms no tote', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  outfeeds(rig);
  rig.read('scan-pick-1', 'https://id.gs1.org/01/09506000134352/10/L7?3103=001250');
  expect(rig.questions()[0]?.text).toContain(
    'its code tells of goods, not of a load unit: GTIN 09506000134352, BATCH/LOT L7, NET WEIGHT (kg) 1.250',
  );
  expect(rig.order('SO-1')?.status).toBe('active');
  rig.read('scan-pick-1', `https://wms.example.com/00/${ssccOf('T-1')}`);
  expect([rig.asked, rig.order('SO-1')?.status]).toEqual([[], 'completed']);
});

test('nothing is shipped that was not scanned', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  craneRuns(rig);
  outfeeds(rig);
  const act = { act: 'finish', station, loadUnit: 'T-1', how: 'ship' } as const;
  expect(await rig.operator(act)).toMatchObject({ ok: false, code: 'CONFLICT' });
  await rig.operator({ act: 'scan', station, code: 'T-1' });
  expect(await rig.operator(act)).toMatchObject({ ok: true });
  expect(rig.unit('T-1').place).toBe('OUTSIDE');
});

describe('the load unit does not come', () => {
  test('it left by the default exit: the order gets another one, and a person settles it', async () => {
    const rig = await stocked(['T-1'], ['T-2']);
    await rig.command('order.create', orderFor('SO-1', 10));
    craneRuns(rig);
    const scanSeq = rig.conveyor.arrive(2);
    rig.settle();
    rig.conveyor.confirm(2, { scanSeq, exitTaken: 2, outcome: 'late' });
    rig.settle();
    expect(rig.unit('T-1')).toMatchObject({ place: 'REJECT-01', status: 'clarification' });
    expect(rig.order('SO-1')).toMatchObject({ status: 'active', loadUnits: ['T-1', 'T-2'] });
    retrieves(rig, 'T-2');
    expect(rig.order('SO-1')?.status).toBe('completed');
    expect(rig.asked).toEqual(['DIVERTED']);
  });
});

test('the crane is never told to take what stands on it from elsewhere', async () => {
  const rig = await stocked(['T-1']);
  await rig.command('order.create', orderFor('SO-1', 'T-1'));
  rig.crane.answer();
  rig.crane.pick();
  rig.settle();
  inducts(rig, undefined);
  expect(rig.unit('T-1').place).toBe(lhd);
  expect(rig.crane.command).toBeUndefined();
});
