import { expect, test } from 'vitest';
import { arm } from '../../simulators/asrs-crane/power.ts';
import type { LocationId } from '../../src/domain/ids.ts';
import { CraneSite, type Stored } from '../lib/crane-site.ts';
import { at, cell } from '../lib/demo.ts';
import { siteWith } from '../lib/sim-site.ts';

// One crane in its aisle, over a real socket. It is busy with T-0 while the rest comes to wait.
const [pdIn, pdOut] = [at('A01-PD-IN'), at('A01-PD-OUT')];
const first: Stored = { lpn: 'T-0', place: cell(1) };

async function busy(stored: readonly Stored[]): Promise<CraneSite> {
  const site = await CraneSite.open({ site: siteWith(), stored: [first, ...stored] });
  await site.order('T-0');
  site.freezeIn = 'carrying';
  await site.until('it carries T-0', () => site.crane.state.plc.phase === 'carrying');
  return site;
}

/** What the crane was sent to do: `T-1 A01-PD-IN > A01-L-009-01-1`. */
const missions = (site: CraneSite): readonly string[] =>
  site.db
    .prepare('SELECT body FROM mission ORDER BY seq')
    .all()
    .map(({ body }) => {
      const { loadUnit, command } = JSON.parse(String(body));
      return `${loadUnit} ${command.from} > ${command.to}`;
    });
const bayOf = (place: LocationId) => Number(place.slice(6, 9));

test('what is stored goes next to the retrieval that follows, into a cell that is reserved for it', async () => {
  const site = await busy([{ lpn: 'T-9', place: cell(9) }]);
  await site.order('T-9');
  await site.putAway('T-1');
  const before = site.flow.warehouse.reservedFor(site.unit('T-1').loadUnit);
  expect(before.map(bayOf)).toEqual([1]);
  site.freezeIn = undefined;
  await site.until('both are done', () => site.unit('T-9').place === pdOut);
  const { place } = site.unit('T-1');
  expect(Math.abs(bayOf(place) - 9)).toBeLessThanOrEqual(1);
  expect(missions(site)).toEqual([
    `T-0 ${cell(1)} > ${pdOut}`,
    `T-1 ${pdIn} > ${place}`,
    `T-9 ${cell(9)} > ${pdOut}`,
  ]);
  expect([site.where('T-1'), site.asked]).toEqual([place, []]);
  expect([...site.flow.warehouse.tables.reservation.values()]).toEqual([]);
  const why = site.flow.books.why('T-1').map(({ text }) => text);
  expect(why.join('\n')).toMatch(/T-1 is stored in .+ off the way to T-9 at A01-L-009-01-1/);
});

test('a cell that turned out to be full is not chosen for the way: the next one is, from the crane', async () => {
  const site = await busy([{ lpn: 'T-9', place: cell(9) }]);
  await site.order('T-9');
  await site.putAway('T-1');
  arm(site.crane, 'binFull', true);
  site.freezeIn = undefined;
  await site.until('both are done', () => site.unit('T-9').place === pdOut);
  const { place } = site.unit('T-1');
  expect(site.locked).toHaveLength(1);
  expect(site.locked).not.toContain(place);
  expect(site.where('T-1')).toBe(place);
});

test('while nothing is to be brought out, it stays with the cell that suits it best', async () => {
  const site = await busy([]);
  await site.putAway('T-1');
  site.freezeIn = undefined;
  await site.until('it is stored', () => site.unit('T-1').place.startsWith('A01-'));
  await site.until('it is in a cell', () => bayOf(site.unit('T-1').place) === 1);
});

test('what stands before a wanted load unit goes into the nearest lane where it keeps nobody from leaving', async () => {
  const lane = (bay: number, depth: number, side = 'L') => at(`A01-${side}-00${bay}-01-${depth}`);
  const site = await CraneSite.open({
    site: siteWith({ depths: 2 }),
    stored: [
      { lpn: 'T-R', place: lane(9, 2) },
      { lpn: 'T-F', place: lane(9, 1) },
      { lpn: 'T-W', place: lane(9, 2, 'R') },
    ],
  });
  // Wanted as well, and still in its cell: nothing is put before it.
  site.freezeIn = 'toSource';
  await site.order('T-W');
  await site.until('the crane is on its way', () => site.crane.state.plc.phase === 'toSource');
  await site.order('T-R');
  site.freezeIn = undefined;
  await site.until('both are brought', () =>
    ['T-R', 'T-W'].every((lpn) => site.unit(lpn).place === pdOut),
  );
  const { place } = site.unit('T-F');
  expect(Math.abs(bayOf(place) - 9)).toBeLessThanOrEqual(1);
  expect(place).not.toBe(lane(9, 1, 'R'));
  expect(site.where('T-F')).toBe(place);
});
