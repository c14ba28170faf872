import { expect, test } from 'vitest';
import { arm } from '../../simulators/asrs-crane/power.ts';
import { CraneSite } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { siteWith } from '../lib/sim-site.ts';

// A crane with two load handling devices, over a real socket.
const [lhd1, lhd2] = [at('A01-LHD'), at('A01-LHD-2')];
const twin = siteWith({ lhd2 });
const pdOut = at('A01-PD-OUT');

/** T-1 stands on the first device and finds no other cell: all the rest is closed. */
async function stranded() {
  const site = await CraneSite.open({
    site: siteWith({ lhd2, bays: 1, levels: 1 }),
    stored: [{ lpn: 'T-2', place: at('A01-R-001-01-1') }],
  });
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  await site.until('it is stranded', () => site.asked.includes('NO_LOCATION'));
  expect(site.unit('T-1').place).toBe(lhd1);
  return site;
}

test('while a load unit stands on the first device, the second one brings another to its station', async () => {
  const site = await stranded();
  await site.order('T-2');
  await site.until('it is brought', () => site.missions[1] === '2 transfer done done');
  expect([site.unit('T-2').place, site.unit('T-1').place]).toEqual([pdOut, lhd1]);
  expect(site.where('T-1')).toBe(lhd1);
  const moves = site.db.prepare('SELECT to_id FROM movement WHERE load_unit = ?').all('T-2');
  expect(moves.map((row) => row['to_id'])).toContain(lhd2);
  const { plc } = site.crane.state;
  expect(plc.events.find(({ eventMissionId }) => eventMissionId === 2)).toMatchObject({
    ...{ eventType: 'picked', eventKind: 'lhd', eventBay: 2 },
  });
});

test('a load taken from the second device by hand stops the crane', async () => {
  const site = await CraneSite.open({ site: twin, stored: [{ lpn: 'T-1', place: cell(1) }] });
  await site.until('the crane is ready', () => site.crane.state.plc.enabled);
  site.model.people.bring({ massKg: 1, heightMm: 100 }, lhd2, 0);
  await site.until('a person is asked', () => site.asked.includes('CRANE_DOUBT'));
  expect(site.crane.state.plc.events).toMatchObject([
    { eventType: 'loadAdded', eventKind: 'lhd', eventBay: 2 },
  ]);
  const { snapshot } = site.equipment.crane(site.crane.setup.device);
  expect(snapshot?.lhds.map(({ loaded }) => loaded)).toEqual([false, true]);
});

test.each([
  ['a load that the books do not have', undefined],
  ['none where the books have one', { lpn: 'T-1', place: lhd2 }],
])('%s on the second device at the start: the crane waits for a person', async (_, stored) => {
  const site = await CraneSite.open({
    site: twin,
    stored: stored === undefined ? [] : [stored],
    prepare(model) {
      const there = model.world.at(lhd2);
      const plc = [...model.cranes.values()][0]?.state.plc;
      // It was there before the PLC began to watch: no event tells of it.
      if (plc !== undefined) plc.lhdLoads = there === undefined ? [0, 0xffff_ffff] : [0, 0];
      if (there === undefined) model.world.create(unnamed, 0);
      else model.world.move(there.id, 'OUTSIDE' as typeof lhd2, 0);
    },
  });
  await site.until('a person is asked', () => site.asked.includes('CRANE_DOUBT'));
  expect(site.flow.warehouse.craneBook(site.crane.setup.device).doubt?.code).toBe('LHD_DIFFERS');
  expect(site.crane.state.plc.enabled).toBe(false);
});

const unnamed = {
  ...{ lpn: undefined, label: undefined, massKg: 1, heightMm: 100, isForeign: false },
  spot: lhd2,
};

test('a controller with another number of devices than the site file says is not written to', async () => {
  const site = await CraneSite.open({ site: siteWith(), simulated: twin });
  await site.until('it is told', () => site.asked.includes('DEVICE_MISCONFIGURED'));
  expect(site.questions[0]?.text).toContain('lhdCount reads 2 instead of 1');
  expect(site.crane.state.plc.epochAccepted).toBe(0);
});
