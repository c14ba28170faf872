import { describe, expect, test } from 'vitest';
import { announced, type FlowRig, ssccOf } from '../lib/flow-rig.ts';
import { inducts, stocked } from '../lib/stories.ts';

const print = (rig: FlowRig, more: object = {}) =>
  rig.command('label.print', {
    ...{ label: 'LB-1', template: 'sscc-a6', printer: 'printer-1', loadUnit: 'T-1' },
    ...more,
  });
const labels = (rig: FlowRig) =>
  rig.events().flatMap(({ name, data }) => (name === 'label' ? [data] : []));

test('a label is printed once, with the number of its load unit, and its host is told', async () => {
  const rig = await stocked(['T-1']);
  expect(await print(rig)).toMatchObject({ result: 'accepted' });
  expect(rig.printed).toEqual([{ jobId: 'L-1', zpl: `^XA${ssccOf('T-1')}^XZ` }]);
  rig.printerSays('printed');
  expect(labels(rig)).toMatchObject([
    { label: 'LB-1', status: 'printed', proof: 'accepted', copy: 1, host: 'wms', loadUnit: 'T-1' },
  ]);
});

test('copies are labels of their own, one after the other', async () => {
  const rig = await stocked(['T-1']);
  await print(rig, { copies: 2 });
  expect(rig.printed).toHaveLength(1);
  rig.printerSays('printed');
  expect(rig.printed).toHaveLength(2);
  rig.printerSays('printed');
  expect(labels(rig)).toMatchObject([{ copy: 1 }, { copy: 2 }]);
});

describe('for a load unit that has no number yet', () => {
  async function unnumbered() {
    const rig = await announced();
    const loadUnits = [{ lpn: 'T-1', loadUnitType: 'TOTE-600' }];
    await rig.command('loadUnit.announce', { loadUnits });
    await print(rig);
    return rig;
  }
  const own = '340123450000000017';

  test('it has the number of its label from then on, and is known by it where that is scanned', async () => {
    const rig = await unnumbered();
    expect(rig.unit('T-1').sscc).toBeUndefined();
    rig.printerSays('printed');
    expect(rig.told()).toEqual(['T-1 announced', 'T-1 printed', 'T-1 identified']);
    inducts(rig, own);
    expect(rig.unit('T-1')).toMatchObject({ sscc: own, place: 'IN-01', status: 'present' });
    expect(rig.printed).toHaveLength(1);
  });

  test.each(['notTaken', 'unknown'] as const)('%s: it has none', async (verdict) => {
    const rig = await unnumbered();
    rig.printerSays(verdict);
    expect(rig.unit('T-1').sscc).toBeUndefined();
  });
});

test('what a host has had printed is kept on disk, and takes no memory', async () => {
  const rig = await stocked(['T-1']);
  await print(rig, { copies: 3 });
  await print(rig, { label: 'LB-2', loadUnit: undefined, template: 'address' });
  for (const verdict of ['printed', 'printed', 'printed', 'unknown'] as const) {
    rig.printerSays(verdict);
  }
  expect([rig.printed.length, [...rig.flow.warehouse.tables.label.values()]]).toEqual([4, []]);
  expect(rig.rows('label')).toHaveLength(4);
});

describe('once more', () => {
  test('the same label under a new id prints nothing, also after a restart', async () => {
    const rig = await stocked(['T-1']);
    await print(rig);
    rig.printerSays('printed');
    rig.restart();
    expect(await print(rig)).toMatchObject({ result: 'accepted', duplicate: true });
    expect(rig.printed).toHaveLength(1);
  });

  test('with a reason it is printed again, as a copy', async () => {
    const rig = await stocked(['T-1']);
    await print(rig);
    rig.printerSays('printed');
    expect(await print(rig, { reprint: 'label torn' })).toMatchObject({ result: 'accepted' });
    rig.printerSays('printed');
    expect(labels(rig).at(-1)).toMatchObject({ label: 'LB-1', copy: 2 });
    expect(rig.printed.map(({ jobId }) => jobId)).toEqual(['L-1', 'L-2']);
  });

  test('with other content it is a conflict, and the first stands', async () => {
    const rig = await stocked(['T-1']);
    await print(rig);
    const reply = await print(rig, { template: 'other' });
    expect(reply.error).toMatchObject({ code: 'CONFLICT' });
  });

  test('what was never printed cannot be printed once more', async () => {
    const rig = await stocked(['T-1']);
    expect((await print(rig, { reprint: 'lost' })).error).toMatchObject({ code: 'NOT_FOUND' });
  });
});

test('a printer that cannot print is said at once, and nothing is kept of it', async () => {
  const rig = await stocked(['T-1']);
  rig.tell({ device: 'printer-1' as never, type: 'printer.faulted', faults: ['paperOut'] });
  const reply = await print(rig);
  expect(reply.error).toMatchObject({ code: 'DEVICE_UNAVAILABLE', retryable: true });
  rig.tell({ device: 'printer-1' as never, type: 'printer.ready' });
  expect(await print(rig)).toMatchObject({ result: 'accepted', duplicate: false });
});

test.each([
  [{ printer: 'crane-1' }, '/printer'],
  [{ printer: undefined, station: 'PICK-01' }, '/station'],
  [{ loadUnit: 'X-1' }, '/loadUnit'],
])('%j is not known', async (more, path) => {
  const rig = await stocked(['T-1']);
  const reply = await print(rig, more);
  expect(reply.error).toMatchObject({ code: 'UNKNOWN_REFERENCE', errors: [{ path }] });
  expect(rig.printed).toEqual([]);
});
