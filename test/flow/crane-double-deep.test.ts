import { expect, test } from 'vitest';
import { CraneSite } from '../lib/crane-site.ts';
import { at } from '../lib/demo.ts';
import { siteWith } from '../lib/sim-site.ts';

// Two cells behind each other, over a real socket: depth 1 stands before depth 2.
const site2 = siteWith({ depths: 2 });
const [front, rear] = [at('A01-L-001-01-1'), at('A01-L-001-01-2')];
const [tf, tr] = [
  { lpn: 'T-F', place: front },
  { lpn: 'T-R', place: rear },
];
const ended = (site: CraneSite, mission: string) =>
  site.until(mission, () => site.missions.at(-1) === mission);

test('what stands behind another load unit is fetched after that one was moved away, as a booked relocation', async () => {
  const site = await CraneSite.open({ site: site2, stored: [tf, tr] });
  await site.order('T-R');
  await ended(site, '2 transfer done done');
  expect([site.unit('T-R').place, site.asked]).toEqual(['A01-PD-OUT', []]);
  const { place } = site.unit('T-F');
  expect(place).not.toBe(front);
  expect(site.where('T-F')).toBe(place);
  const moves = site.db.prepare('SELECT data FROM outbox WHERE name = ?').all('movement');
  expect(moves.map(({ data }) => JSON.parse(String(data)))).toMatchObject([
    { kind: 'relocated', loadUnit: 'T-F', from: front, to: place },
  ]);
});

test('a front load unit that the books do not have: the crane refuses, it gets a name, and a person looks', async () => {
  const site = await CraneSite.open({ site: site2, stored: [tr] });
  site.model.people.bring({ lpn: 'X', massKg: 1, heightMm: 100 }, front, 0);
  await site.order('T-R');
  await site.until('a person is asked', () => site.asked.length > 0);
  expect(site.missions).toEqual(['1 transfer done frontBlocked']);
  expect([site.asked, site.locked]).toEqual([['FRONT_BLOCKED'], [front]]);
  expect(site.flow.warehouse.at(front)).toMatchObject([{ loadUnit: 'UNKNOWN-1' }]);
  expect(site.unit('T-R').place).toBe(rear);
  const found = site.model.world.truth().totes.find(({ codes }) => codes.includes('X'));
  site.model.people.takeAway(front, found?.id ?? '', 0);
  await site.resolve('FRONT_BLOCKED', 'removed');
  await ended(site, '2 transfer done done');
  expect(site.unit('T-R').place).toBe('A01-PD-OUT');
});

test('what waits behind a cell that a person has left closed is asked about, until it can be fetched', async () => {
  const site = await CraneSite.open({ site: site2, stored: [tr] });
  site.model.people.bring({ lpn: 'X', massKg: 1, heightMm: 100 }, front, 0);
  await site.order('T-R');
  await site.until('a person is asked', () => site.asked.length > 0);
  await site.resolve('FRONT_BLOCKED', 'keptClosed');
  await site.until('a person is asked again', () => site.asked.length > 0);
  expect(site.questions).toMatchObject([{ code: 'REFUSED', loadUnit: 'T-R' }]);
  expect(site.questions[0]?.text).toContain(`${front} before it is closed`);
  const found = site.model.world.truth().totes.find(({ codes }) => codes.includes('X'));
  site.model.people.takeAway(front, found?.id ?? '', 0);
  await site.operator({ act: 'check', location: front });
  await ended(site, '3 transfer done done');
  expect([site.unit('T-R').place, site.asked]).toEqual(['A01-PD-OUT', ['BIN_EMPTY']]);
});

test('the rear cell is filled before the one at the aisle', async () => {
  const site = await CraneSite.open({ site: site2 });
  await site.putAway('T-1');
  await ended(site, '1 transfer done done');
  await site.putAway('T-2');
  await ended(site, '2 transfer done done');
  expect([site.unit('T-1').place, site.unit('T-2').place]).toEqual([rear, front]);
  expect([site.where('T-1'), site.where('T-2')]).toEqual([rear, front]);
});

test('a cell behind a load unit that no crane moves is not looked into: a person is told what stands there', async () => {
  const site = await CraneSite.open({ site: site2, stored: [tr] });
  site.model.people.bring({ lpn: 'X', massKg: 1, heightMm: 100 }, front, 0);
  await site.operator({ act: 'check', location: front });
  await ended(site, '1 check done done');
  await site.resolve('COUNT_DIFFERS', 'keptClosed');
  await site.operator({ act: 'check', location: rear });
  await site.until('a person is asked', () => site.asked.length > 0);
  expect([site.missions.length, site.asked]).toEqual([1, ['NOT_COUNTED']]);
  expect(site.questions[0]?.text).toBe(
    `${rear} stays closed: UNKNOWN-1 stands before it at ${front}, and no crane moves that one: take it out first.`,
  );
});
