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

/** Room for four at the station, so that only the crane is the limit. */
const wide = siteWith({
  lhd2,
  stations: (twin.aisles[0]?.stations ?? []).map((station) => ({ ...station, capacity: 4 })),
});
const roomy = {
  ...wide,
  stations: wide.stations.map((station) => ({ ...station, capacity: 4 })),
};

async function twoWait(site: CraneSite) {
  await site.order('T-0');
  site.freezeIn = 'carrying';
  await site.until('it carries T-0', () => site.crane.state.plc.phase === 'carrying');
  await site.order('T-8');
  await site.order('T-9');
  site.freezeIn = undefined;
}
const three = [1, 8, 9].map((bay, i) => ({
  lpn: ['T-0', 'T-8', 'T-9'][i] ?? '',
  place: cell(bay),
}));

test('two load units for the same station are fetched one after the other, and then both are brought', async () => {
  const site = await CraneSite.open({ site: roomy, stored: three });
  await twoWait(site);
  await site.until('both are brought', () =>
    ['T-8', 'T-9'].every((lpn) => site.unit(lpn).place === pdOut),
  );
  expect(site.missions).toEqual([
    '1 transfer done done',
    '2 pick done done',
    '3 pick done done',
    '4 deposit done done',
    '5 deposit done done',
  ]);
  const moves = site.db
    .prepare('SELECT load_unit, to_id FROM movement WHERE load_unit > ? ORDER BY no')
    .all('T-0');
  expect(moves.map((row) => `${row['load_unit']} ${row['to_id']}`).slice(-4)).toEqual([
    `T-8 ${lhd1}`,
    `T-9 ${lhd2}`,
    `T-8 ${pdOut}`,
    `T-9 ${pdOut}`,
  ]);
  expect(site.asked).toEqual([]);
});

test('two load units that wait at the station are taken in together, each into a cell of its own', async () => {
  const site = await CraneSite.open({ site: roomy, stored: three.slice(0, 1) });
  await site.order('T-0');
  site.freezeIn = 'carrying';
  await site.until('it carries T-0', () => site.crane.state.plc.phase === 'carrying');
  await site.putAway('T-1');
  await site.putAway('T-2');
  site.freezeIn = undefined;
  await site.until('both are stored', () => site.missions[4] === '5 deposit done done');
  expect(site.missions.map((mission) => mission.split(' ')[1])).toEqual([
    ...['transfer', 'pick', 'pick', 'deposit', 'deposit'],
  ]);
  const places = ['T-1', 'T-2'].map((lpn) => site.unit(lpn).place);
  expect(places.map((place) => site.model.world.at(place) === undefined)).toEqual([false, false]);
  expect(new Set(places).size).toBe(2);
  expect([...site.flow.warehouse.tables.reservation.values(), ...site.asked]).toEqual([]);
});

test('the second one is not there: the first one is brought, and a person is asked about the other', async () => {
  const site = await CraneSite.open({
    site: roomy,
    stored: three,
    prepare(model) {
      const there = model.world.at(cell(9));
      if (there !== undefined) model.world.move(there.id, 'OUTSIDE' as typeof lhd2, 0);
    },
  });
  await twoWait(site);
  await site.until('the first one is brought', () => site.unit('T-8').place === pdOut);
  expect(site.missions.slice(1)).toEqual([
    '2 pick done done',
    '3 pick done binEmpty',
    '4 deposit done done',
  ]);
  expect(site.asked).toContain('BIN_EMPTY');
});

test('a station with room for one gets one at a time', async () => {
  const site = await CraneSite.open({ site: twin, stored: three });
  await twoWait(site);
  await site.until('one is brought', () => site.missions[1] === '2 transfer done done');
  expect([site.unit('T-8').place, site.unit('T-9').place].toSorted()).toEqual([cell(9), pdOut]);
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
