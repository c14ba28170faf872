import { expect, test } from 'vitest';
import { arm, forceAnswer, forceEnd } from '../../simulators/asrs-crane/power.ts';
import { CraneSite } from '../lib/crane-site.ts';
import { cell } from '../lib/demo.ts';

// The crane looks into cells over a real socket: what it finds is compared with the books.
const [near, far] = [cell(1), cell(7)];
const check = (site: CraneSite, location = near) => site.operator({ act: 'check', location });
const ended = (site: CraneSite, mission: string) =>
  site.until(mission, () => site.missions.at(-1) === mission);

test.each([
  ['holds what the books say', [{ lpn: 'T-1', place: near }]],
  ['is empty as the books say', []],
])('a cell that %s is closed until the crane has looked, and open again', async (_, stored) => {
  const site = await CraneSite.open({ stored });
  await check(site);
  expect(site.locked).toEqual([near]);
  await ended(site, '1 check done done');
  expect([site.locked, site.asked]).toEqual([[], []]);
});

test('a cell that should hold a load unit and does not: it is missing, the cell stays closed', async () => {
  const site = await CraneSite.open({ stored: [{ lpn: 'T-1', place: near }] });
  site.model.people.takeAway(near, 'T1', 0);
  await check(site);
  await ended(site, '1 check done done');
  expect(site.unit('T-1')).toMatchObject({ place: 'MISSING', status: 'missing' });
  expect([site.locked, site.asked]).toEqual([[near], ['BIN_EMPTY']]);
  await site.resolve('BIN_EMPTY', 'found', near);
  expect([site.locked, site.unit('T-1').place]).toEqual([[], near]);
});

test('a cell that should be empty and is not: what is there gets a name, the cell stays closed', async () => {
  const site = await CraneSite.open();
  site.model.people.bring({ lpn: 'X', massKg: 1, heightMm: 100 }, near, 0);
  await check(site);
  await ended(site, '1 check done done');
  expect(site.flow.warehouse.at(near)).toMatchObject([{ loadUnit: 'UNKNOWN-1' }]);
  expect([site.locked, site.asked]).toEqual([[near], ['COUNT_DIFFERS']]);
});

test('a cell that an abort has closed is settled by a look of the crane', async () => {
  const site = await CraneSite.open();
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  await ended(site, '2 deposit done done');
  const [full = near] = site.locked;
  await site.resolve('BIN_FULL', 'check');
  await ended(site, '3 check done done');
  // The stranger found there is in the books already: they agree.
  expect([site.locked, site.asked]).toEqual([[], []]);
  expect(site.flow.warehouse.countAt(full as typeof near)).toBe(1);
});

test('a cell that cannot be looked into, with a stranger in it, opens when that one is taken out of it and the books', async () => {
  const site = await CraneSite.open();
  arm(site.crane, 'binFull', true);
  await site.putAway('T-1');
  await ended(site, '2 deposit done done');
  const [full] = site.flow.warehouse.at(site.locked[0] as typeof near);
  expect(full?.loadUnit).toBe('UNKNOWN-1');
  forceEnd(site.crane, { result: 'positioningFault', at: 'source' });
  await site.resolve('BIN_FULL', 'check');
  await ended(site, '3 check done positioningFault');
  // Opened as it is, the books would keep for ever what the person has carried away.
  await site.resolve('NOT_COUNTED', 'removed');
  expect([site.locked, site.unit('UNKNOWN-1')]).toMatchObject([[], { status: 'gone' }]);
});

test('it is asked again after a refusal that passes, and left closed after one that does not', async () => {
  const site = await CraneSite.open();
  await site.until('the crane is ready', () => site.crane.state.plc.enabled);
  forceAnswer(site.crane, 'pathConflict');
  await check(site);
  await ended(site, '2 check done done');
  expect(site.locked).toEqual([]);
  forceEnd(site.crane, { result: 'positioningFault', at: 'source' });
  await check(site, far);
  await ended(site, '3 check done positioningFault');
  expect(site.asked).toEqual(['CRANE_DOUBT', 'NOT_COUNTED']);
  expect(site.locked).toEqual([far]);
});

test('a cell that work depends on is not closed under it, and says why', async () => {
  const site = await CraneSite.open({ stored: [{ lpn: 'T-1', place: near }] });
  await site.order('T-1');
  expect(await check(site)).toMatchObject({ ok: false, code: 'CONFLICT' });
  expect(await check(site, far)).toMatchObject({ ok: true });
  const again = await check(site, far);
  expect(again).toMatchObject({ ok: false, reason: `${far} is being checked already` });
  const elsewhere = await check(site, 'PICK-01' as typeof near);
  expect(elsewhere).toMatchObject({ ok: false, code: 'NOT_FOUND' });
});
